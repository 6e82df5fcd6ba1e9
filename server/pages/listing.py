"""The classes of a release with the number of their things, as the home page has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.lookup import Label, select
from server.pages.phrases.naming import name_all
from server.pages.survey import Survey
from server.releases import Release

COUNTS: Final = "zellige-counts"
_PATIENCE: Final = 5.0
"""How long the classes are counted, in seconds."""

ClassCount = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ClassesView:
    """The classes with the number of their things, the largest first; `rows` is None where nobody could count them."""

    rows: tuple[ClassCount, ...] | None
    labels: Mapping[str, Label]


class Counts(Survey[tuple[ClassCount, ...]]):
    """The classes with the number of their things, counted as a stranger's query is answered, within limits."""

    def __init__(self) -> None:
        super().__init__("the number of things of each class")


def _count(release: Release) -> tuple[ClassCount, ...]:
    """Things are those of the default graph, of the editors' register, and of claims: rows of tables are claims too."""
    names = ("claims", "ontology", "stated", "other")
    registers = ", ".join(f"<{release.minter.graph(name)}>" for name in names)
    # Where there are views, the default graph has classes of the vocabulary too, and nothing of its own.
    default = "" if release.has_views else "{ ?s a ?it } UNION "
    rows = select(
        release.strangers,
        f"SELECT ?it (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {default}"
        f" {{ GRAPH ?g {{ ?s a ?it }} FILTER(?g NOT IN ({registers})) }} FILTER(isIRI(?it)) }} GROUP BY ?it",
        timeout=_PATIENCE,
    )
    counted = ((row["it"].value, int(row["n"].value)) for row in rows)
    return tuple(sorted(counted, key=lambda row: (-row[1], row[0])))


def read_classes(release: Release, language: str, counts: Counts) -> ClassesView:
    """The classes for the home page."""
    rows = counts.of(release, lambda: _count(release))
    shown = (iri for iri, _ in rows or ())
    return ClassesView(rows, name_all(release, shown, language))
