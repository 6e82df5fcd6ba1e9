"""The figures of data that no build has counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kg.description import Counts
from kg.description.beside import asking, write_default_graph
from kg.description.measuring import measure
from kg.rdf.rows import ROW
from kg.runs.figures import Figures


def counts_of(store: Path, base: str, quads: int) -> Counts:
    """The figures of the default graph of a store that holds so many `quads` in all.

    Its lines are counted as those of a build are; what such lines do not know, namely triple terms, is asked of the
    engine, which takes five times as long.

    :raises OSError: if the store does not open or cannot be read
    """
    figures = Figures(base, hash)
    is_known = True

    def take(block: bytes) -> None:
        nonlocal is_known
        rows = ROW.findall(block)
        is_known = is_known and len(rows) == block.count(b"\n")
        figures.take(rows)

    write_default_graph(store, take)
    return replace(figures.counts(), quads=quads) if is_known else measure(asking(store), quads)
