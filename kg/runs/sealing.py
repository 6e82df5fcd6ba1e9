"""Whether a store says what it said when it had been loaded: its files are sealed with their hashes."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.files import replaced
from kg.rml.run.distinct import Sorter
from kg.store import dump

SEAL: Final = "sealed.json"
"""In the folder of a store: what files it had, and the hash of the graph that it was loaded from."""
_IDLE: Final = ("LOCK", "LOG", SEAL)
"""What the names of files begin with that say nothing."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What is noted in a store when it has been loaded; a store without a seal has an empty one."""

    path: Path
    graph: str = ""
    """The SHA-256 of the lines that it was loaded from."""
    builder: str = ""
    """The program that made them."""
    warnings: tuple[str, ...] = ()
    """What their proof gave to tell."""
    files: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by name, of every file that decides what the store says."""

    @classmethod
    def of(cls, path: Path) -> Seal:
        """The seal in the folder of a store."""
        try:
            found = json.loads((path / SEAL).read_bytes())
            return cls(path, found["graph"], found["builder"], tuple(found["warnings"]), found["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return cls(path)

    def write(self) -> None:
        """Seal the store as it lies there.

        :raises OSError: if that cannot be done
        """
        known = {"builder": self.builder, "graph": self.graph, "warnings": self.warnings}
        text = json.dumps({**known, "files": _files(self.path)}, sort_keys=True, indent=1, ensure_ascii=False)
        with replaced(self.path / SEAL) as file:
            file.write(f"{text}\n".encode())

    def holds(self, graph: str) -> bool:
        """Whether the store has the very files that it had when it was loaded from these lines.

        If not, it may say the same nevertheless: `store_digest` tells.
        """
        try:
            return bool(self.files) and self.graph == graph and self.files == _files(self.path)
        except OSError:
            return False


def _files(path: Path) -> dict[str, str]:
    names = sorted(file.name for file in path.iterdir() if not file.name.startswith(_IDLE))
    return {name: digest_of(path / name) for name in names}


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
