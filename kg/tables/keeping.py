"""Parts of tables that are kept between builds, and what decides whether one is still true."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from kg.errors import DataError, Problem
from kg.rml.run.engine import plan_key
from kg.rml.run.folder import Kept, PartFolder

VERSION: Final = "1"
"""Of everything here that makes lines beside the mapper: raised whenever the same table makes others."""
Write = Callable[[IO[bytes], list[Problem]], Mapping[str, int]]
"""Writes a part; what is wrong with its rows goes to the list."""


class _Faulty(Exception):
    """A part with faults, which is not kept."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Takes parts from a folder, or has them made; tells what it has made."""

    folder: PartFolder
    tell: Callable[[str], None]

    def take(
        self, name: str, decided_by: Sequence[object], files: Collection[Path], write: Write, problems: list[Problem]
    ) -> Kept | None:
        """A part that follows from some values and the bytes of some files; none, if its rows have faults.

        :raises StorageError: if it cannot be written, or a file changes meanwhile
        """

        def watched(output: IO[bytes]) -> Mapping[str, int]:
            self.tell(f"mapping {name}")
            found: list[Problem] = []
            try:
                figures = write(output, found)
            except DataError as error:
                found.extend(error.problems)
            problems.extend(found)
            if found:
                raise _Faulty
            return figures

        try:
            return self.folder.take(name, plan_key((VERSION, *decided_by)), files, watched)
        except _Faulty:
            return None
