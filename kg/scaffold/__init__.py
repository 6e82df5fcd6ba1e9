"""A project to begin with, which builds as it stands: a document, claims, a table, a question, a shape of its own.

What was written is kept in the project (`RECORD`), so that a later scaffold can be merged with what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Final

from kg.errors import UsageError
from kg.files import replaced
from kg.scaffold.merging import Change, Kind, changes
from kg.scaffold.record import RECORD, Record, read_record

__all__ = ["RECORD", "Change", "Kind", "Record", "carry", "changes", "current", "make", "read_record", "write"]

_FILES: Final = "project"
_HIDDEN: Final = ("gitignore", "github")
"""What has a name with a dot in a project; with it, it would count for this package itself."""


def current(name: str, base: str) -> Record:
    """What this installation makes a project of.

    :param base: where the IRIs of its data live; it ends in `/`
    """
    found = dict(_texts(files(__package__) / _FILES, PurePosixPath()))
    texts = {path: text.replace("{{name}}", name).replace("{{base}}", base) for path, text in sorted(found.items())}
    return Record(version("zellige"), name, base, texts)


def make(folder: Path, name: str, base: str) -> tuple[str, ...]:
    """Write the files of a new project, which gives their names below the folder.

    :raises UsageError: if a file that is to be written is there already: nothing is written then
    :raises OSError: if the folder cannot be written
    """
    return write(folder, current(name, base))


def write(folder: Path, record: Record) -> tuple[str, ...]:
    """Write the files of a record and the record itself; see `make`."""
    texts: Mapping[str, str] = {**record.files, RECORD: record.to_text()}
    if there := sorted(path for path in texts if (folder / path).exists()):
        raise UsageError(f"{folder / there[0]} is there already", hint="name a new folder: nothing was written")
    for path, text in texts.items():
        _put(folder / path, text.encode())
    return tuple(sorted(texts))


def carry(folder: Path, record: Record, found: tuple[Change, ...]) -> None:
    """Write changes into a project, and then the record of the scaffold that they come from.

    :raises OSError: if the folder cannot be written; what was written is no harm to another try
    """
    for change in found:
        if change.content is not None:
            _put(folder / change.path, change.content)
        elif change.kind is Kind.REMOVED:
            (folder / change.path).unlink()
    _put(folder / RECORD, record.to_text().encode())


def _put(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with replaced(target) as file:
        file.write(content)


def _texts(place: Traversable, path: PurePosixPath) -> Iterator[tuple[str, str]]:
    for entry in place.iterdir():
        at = path / (f".{entry.name}" if entry.name in _HIDDEN else entry.name)
        if entry.is_dir():
            yield from _texts(entry, at)
        else:
            yield str(at), entry.read_bytes().decode()
