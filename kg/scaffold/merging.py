"""A later scaffold, the one that made a project, and what became of that: what is to be changed.

Files of which people changed other places than the scaffold did are merged line by line, by `git merge-file`.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from kg.errors import OperationError
from kg.scaffold.record import Record

_EXAMPLES: Final = ("data/", "shapes/", "texts/", "vocabulary/")
"""Where the files lie that a new project has to show how it is done. They hang together: once one of them is changed or
gone, they are that project's own, and no other one comes to them."""
_MARK: Final = b"<<<<<<< "
_LABELS: Final = ("this project", "the scaffold before", "the scaffold now")
_MOST: Final = 127
"""The highest exit status of `git merge-file` that counts conflicts."""


class Kind(Enum):
    """What becomes of a file."""

    ADDED = "added"
    UPDATED = "updated"
    MERGED = "merged"
    REMOVED = "removed"
    CONFLICT = "conflict"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file."""

    path: str
    kind: Kind
    content: bytes | None = None
    """What is written, if anything is."""
    why: str = ""
    """Why it is kept as it is."""

    @property
    def conflicts(self) -> tuple[int, ...]:
        """The lines at which conflicts begin."""
        lines = (self.content or b"").splitlines() if self.kind is Kind.CONFLICT else ()
        return tuple(number for number, line in enumerate(lines, 1) if line.startswith(_MARK))


def changes(folder: Path, before: Record, now: Record) -> tuple[Change, ...]:
    """What the scaffold of `now` changes in a project that was made by that of `before`.

    :raises OperationError: if files must be merged and there is no git
    :raises OSError: if a file cannot be read
    """
    is_own = any(
        _read(folder / path) != text.encode() for path, text in before.files.items() if path.startswith(_EXAMPLES)
    )
    found = []
    for path in sorted({*before.files, *now.files}):
        old, new = (None if text is None else text.encode() for text in (before.files.get(path), now.files.get(path)))
        mine = _read(folder / path)
        if new in {old, mine}:
            continue
        if is_own and path.startswith(_EXAMPLES):
            found.append(Change(path, Kind.KEPT, why="an example, and the examples are changed here"))
        else:
            found.append(_change(path, old, mine, new))
    return tuple(found)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _change(path: str, old: bytes | None, mine: bytes | None, new: bytes | None) -> Change:
    """What becomes of a file that the scaffold changed, and that is not yet what it should be."""
    if old is None:
        if mine is None:
            return Change(path, Kind.ADDED, new)
        return Change(path, Kind.KEPT, why="the scaffold has a new file of this name")
    if new is None:
        if mine == old:
            return Change(path, Kind.REMOVED)
        return Change(path, Kind.KEPT, why="changed here, and no longer in the scaffold")
    if mine is None:
        return Change(path, Kind.KEPT, why="removed here, and changed in the scaffold")
    return Change(path, Kind.UPDATED, new) if mine == old else _merged(path, old, mine, new)


def _merged(path: str, old: bytes, mine: bytes, new: bytes) -> Change:
    """Both changes in one file, with marks where they meet; its line ends stay what they are."""
    is_crlf = mine.count(b"\r\n") == mine.count(b"\n") > 0
    if is_crlf:
        mine = mine.replace(b"\r\n", b"\n")
    count, content = _merge_file(mine, old, new)
    if is_crlf:
        content = content.replace(b"\n", b"\r\n")
    return Change(path, Kind.CONFLICT if count else Kind.MERGED, content)


def _merge_file(mine: bytes, old: bytes, new: bytes) -> tuple[int, bytes]:
    with tempfile.TemporaryDirectory(prefix="zellige-") as folder:
        paths = [Path(folder, name) for name in ("mine", "old", "new")]
        for path, content in zip(paths, (mine, old, new), strict=True):
            path.write_bytes(content)
        try:
            done = subprocess.run([*_command(), *map(str, paths)], capture_output=True, check=False)  # noqa: S603 -- git
        except FileNotFoundError:
            raise OperationError(
                "there is no git, which merges files", hint="install git; nothing was written"
            ) from None
    if not 0 <= done.returncode <= _MOST:
        raise OperationError(f"git cannot merge: {done.stderr.decode(errors='replace').strip()}")
    return done.returncode, done.stdout


def _command() -> Iterator[str]:
    yield from ("git", "-c", "merge.conflictStyle=merge", "merge-file", "--stdout")
    for label in _LABELS:
        yield from ("-L", label)
