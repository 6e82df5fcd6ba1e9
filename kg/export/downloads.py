"""The table of all statements beside a release, so that a server has it to give: made before the release is current.

It follows from the statements and has no part in the id of a release. Whoever makes a release current makes it anew
where it is absent or another program made it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Final

from kg.export.parquet import write_parquet
from kg.export.statements import cells_of, statements
from kg.files import replaced
from kg.paths import program_digest
from kg.release import Release
from kg.runs.sealing import Seal

FOLDER: Final = "download"
"""What the folder of a release calls that of the tables."""
CSV: Final = "statements.csv"
PARQUET: Final = "statements.parquet"


def make_downloads(release: Release, most: int, tell: Callable[[str], None]) -> None:
    """Make the tables of a release of up to `most` claims, unless they are there as this program makes them.

    :param tell: hears what is not made, and why
    :raises OSError: if the disk is full, read-only or not permitted
    :raises ReleaseError: if the release cannot be read
    """
    claims = release.manifest["counts"]["claims"]
    if claims > most:
        if most:
            tell(f"no table of all statements beside the release: {claims} claims are more than [limits] table_claims")
        return
    folder, graph, program = release.path / FOLDER, release.manifest["files"]["graph.nq"]["sha256"], program_digest()
    seal = Seal.of(folder)
    if seal.builder == program and seal.holds(graph):
        return
    folder.mkdir(exist_ok=True)
    with replaced(folder / CSV) as file:
        statements(release).write(file)
    if find_spec("duckdb") is not None:
        with replaced(folder / PARQUET) as file:
            write_parquet(cells_of(release)(), file)
    Seal(folder, graph, program).write()
