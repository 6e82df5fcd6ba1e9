"""The table of all statements beside a release, so that a server has it to give: made before the release is current.

It follows from the statements and has no part in the id of a release. Whoever makes a release current makes it anew
where it is absent or another program made it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from kg.export.parquet import write_parquet
from kg.export.statements import COLUMNS, Cells, cells_of, joined
from kg.export.tables import rows_to
from kg.export.texts import add_texts
from kg.files import replaced
from kg.paths import program_digest
from kg.release import Complete, Release
from kg.runs.sealing import made as sealed

FOLDER: Final = "download"
"""What the folder of a release calls that of the tables."""
CSV: Final = "statements.csv"
PARQUET: Final = "statements.parquet"


def completing(most: int, texts: Mapping[str, Path], tell: Callable[[str], None]) -> Complete:
    """What adds to a release the tables that `make_downloads` makes, and the texts that may be given away, by hash."""

    def complete(made: Release) -> None:
        make_downloads(made, most, tell)
        add_texts(made.path, texts)

    return complete


def make_downloads(release: Release, most: int, tell: Callable[[str], None]) -> None:
    """Make the tables of a release, unless they are there as this program makes them.

    Of a release that has more than `most` claims and statements of files of RDF together, none are made.

    :param tell: hears what is not made, and why
    :raises OSError: if the disk is full, read-only or not permitted
    :raises ReleaseError: if the release cannot be read
    """
    counts = release.manifest["counts"]
    # A file of RDF may be one claim and hold as many statements as all others.
    claims = counts["claims"] + counts.get("rdf_statements", 0)
    if claims > most:
        if most:
            tell(f"no table of all statements beside the release: {claims} claims are more than [limits] table_claims")
        return
    folder, graph, program = release.path / FOLDER, release.manifest["files"]["graph.nq"]["sha256"], program_digest()
    sealed(folder, graph, program, partial(_make, release, folder))


def _make(release: Release, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    with replaced(folder / CSV) as table, rows_to(table, COLUMNS) as writer:
        rows = _passed(cells_of(release)(), writer)
        if find_spec("duckdb") is None:
            deque(rows, maxlen=0)
            return
        with replaced(folder / PARQUET) as file:
            write_parquet(rows, file)


def _passed(rows: Iterable[Cells], writer: csv.DictWriter[str]) -> Iterator[Cells]:
    """The rows, each written as it passes: to look them up takes longer than to write them."""
    for row in rows:
        writer.writerow(joined(row))
        yield row
