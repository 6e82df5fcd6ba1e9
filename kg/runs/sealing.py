"""Whether a store, or what lies beside it, says what it said when it was made: its files are sealed by hashes."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.files import replaced
from kg.rml.run.distinct import Sorter
from kg.store import dump

SEAL: Final = "sealed.json"
"""In a folder: what files it had, and the hash of what they were made of."""
_IDLE: Final = ("LOCK", "LOG", SEAL)
"""What the names of files begin with that say nothing."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What is noted in a folder when it has been filled; one without a seal has an empty one."""

    path: Path
    graph: str = ""
    """The SHA-256 of what it was made of: of a store, of the lines that it was loaded from."""
    builder: str = ""
    """The program that made them."""
    warnings: tuple[str, ...] = ()
    """What their proof gave to tell."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by path, of every file that decides what the store says."""

    @classmethod
    def of(cls, path: Path) -> Seal:
        """The seal in a folder."""
        try:
            found = json.loads((path / SEAL).read_bytes())
            return cls(path, found["graph"], found["builder"], tuple(found["warnings"]), found["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return cls(path)

    def write(self, linked: Path | None = None) -> None:
        """Seal the folder as it lies there, without the files that are links to those of a `linked` one.

        :raises OSError: if that cannot be done
        """
        known = {"builder": self.builder, "graph": self.graph, "warnings": self.warnings}
        text = json.dumps({**known, "files": _files(self.path, linked)}, sort_keys=True, indent=1, ensure_ascii=False)
        with replaced(self.path / SEAL) as file:
            file.write(f"{text}\n".encode())

    def holds(self, graph: str, linked: Path | None = None) -> bool:
        """Whether the folder has the very files that it had when it was made of this.

        If not, a store may say the same nevertheless: `store_digest` tells.
        """
        try:
            return bool(self.files) and self.graph == graph and self.files == _files(self.path, linked)
        except OSError:
            return False


def _files(path: Path, linked: Path | None) -> dict[str, str]:
    found = sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith(_IDLE))
    return {
        file.relative_to(path).as_posix(): digest_of(file)
        for file in found
        if linked is None or not _is_same(file, linked / file.name)
    }


def _is_same(file: Path, other: Path) -> bool:
    """Whether two names are those of one file."""
    return other.exists() and file.samefile(other)


def made(folder: Path, graph: str, program: str, make: Callable[[], object], linked: Path | None = None) -> bool:
    """Have a folder made, unless it is there as this program makes it of this; gives whether it was made.

    :param graph: the SHA-256 of what it is made of
    :param linked: another folder, known to be whole, some of whose files it may have as links
    :raises OSError: if the disk is full, read-only or not permitted
    """
    seal = Seal.of(folder)
    if seal.builder == program and seal.holds(graph, linked):
        return False
    make()
    Seal(folder, graph, program).write(linked)
    return True


def store_digest(path: Path) -> str:
    """The SHA-256 of the sorted statements of a store, each of them read.

    :raises ReleaseError: if it does not open or is damaged
    :raises OSError: if the disk is full
    """
    total = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="kg-verify-") as folder:
        sorter = Sorter(Path(folder))
        for block in dump(path):
            sorter.write(block)
        for lines in sorter.blocks():
            total.update(b"".join(lines))
    return total.hexdigest()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    :raises OSError: if it cannot be read
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
