"""Whether a store says what it said when it had been loaded: its files are sealed with their hashes."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Final

from kg.rml.run.distinct import Sorter
from kg.store import dump_to

SEAL: Final = "sealed.json"
"""In the folder of a store: what files it had, and the hash of the graph that it was loaded from."""
_IDLE: Final = ("LOCK", "LOG", SEAL)
"""What the names of files begin with that say nothing."""


def seal(path: Path, graph: str) -> None:
    """Note the files of a store that was just loaded from the lines that have this SHA-256.

    :raises OSError: if that cannot be done
    """
    text = json.dumps({"files": _files(path), "graph": graph}, sort_keys=True, indent=1) + "\n"
    (path / SEAL).write_text(text, encoding="utf-8")


def is_sealed(path: Path, graph: str) -> bool:
    """Whether a store has the very files that it had when it was loaded from these lines.

    If not, it may say the same nevertheless: `store_digest` tells.
    """
    try:
        return bool(json.loads((path / SEAL).read_bytes()) == {"files": _files(path), "graph": graph})
    except (OSError, ValueError):
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
        dump_to(path, sorter)  # type: ignore[arg-type]
        for lines in sorter.blocks():
            total.update(b"".join(lines))
    return total.hexdigest()


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    :raises OSError: if it cannot be read
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
