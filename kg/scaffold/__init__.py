"""A project to begin with, which builds as it stands: a document, claims, a table, a question, a shape of its own.

What was written is kept in the project (`RECORD`), so that a later scaffold can be merged with what became of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from kg.errors import UsageError
from kg.files import replaced
from kg.scaffold.languages import in_languages
from kg.scaffold.merging import Change, Kind, changes
from kg.scaffold.record import CLAIMS, RDF, RECORD, TABLE, Record, Start, read_record
from kg.terms import LANGUAGES

__all__ = [
    "CLAIMS",
    "RDF",
    "RECORD",
    "TABLE",
    "Change",
    "Kind",
    "Record",
    "Start",
    "carry",
    "changes",
    "current",
    "make",
    "read_record",
    "sample_table",
    "write",
]

_HIDDEN: Final = ("gitignore", "github")
"""What has a name with a dot in a project; with it, it would count for this package itself."""


def current(name: str, base: str, kind: str = CLAIMS, languages: Sequence[str] = LANGUAGES) -> Record:
    """What this installation makes a project of a kind of.

    :param base: where the IRIs of its data live; it ends in `/`
    :param languages: those in which everything of it must have a label
    """
    found = dict(_texts(files(__package__) / kind, PurePosixPath()))
    texts = {
        path: in_languages(path, text.replace("{{name}}", name).replace("{{base}}", base), languages)
        for path, text in sorted(found.items())
    }
    return Record(version("zellige"), name, base, texts, kind, tuple(languages))


def make(  # noqa: PLR0913 -- what a project is, and what is put beside it
    folder: Path,
    name: str,
    base: str,
    kind: str = CLAIMS,
    further: Mapping[str, bytes] = MappingProxyType({}),
    *,
    languages: Sequence[str] = LANGUAGES,
) -> tuple[str, ...]:
    """Write the files of a new project, which gives their names below the folder.

    :param further: what is written beside the files of this kind of project, by the names of the files
    :raises UsageError: if a file that is to be written is there already: nothing is written then
    :raises OSError: if the folder cannot be written
    """
    made = current(name, base, kind, languages)
    return write(folder, replace(made, files={k: v for k, v in made.files.items() if k not in further}), further)


def write(folder: Path, record: Record, further: Mapping[str, bytes] = MappingProxyType({})) -> tuple[str, ...]:
    """Write the files of a record, the record itself, and further ones, which no upgrade touches; see `make`."""
    told = {**record.files, RECORD: record.to_text()}
    found = {**{path: text.encode() for path, text in told.items()}, **further}
    if there := sorted(path for path in found if (folder / path).exists()):
        raise UsageError(f"{folder / there[0]} is there already", hint="name a new folder: nothing was written")
    for path, content in found.items():
        _put(folder / path, content)
    return tuple(sorted(found))


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


def sample_table() -> Traversable:
    """A small table for a project of tables to which nobody gave one."""
    return files(__package__) / "sample" / "trees.csv"


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
