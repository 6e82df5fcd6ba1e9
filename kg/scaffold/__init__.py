"""A project to begin with, which builds as it stands: a document, claims, a table, a question, a shape of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from kg.errors import UsageError
from kg.files import replaced

CLAIMS: Final = "project"
"""The kind of project that begins with a text and claims; its files are in the folder of this name."""
RDF: Final = "rdf"
"""That of files of RDF, which whoever makes it adds."""
_HIDDEN: Final = ("gitignore", "github")
"""What has a name with a dot in a project; with it, it would count for this package itself."""


def make(
    folder: Path, name: str, base: str, kind: str = CLAIMS, further: Mapping[str, bytes] = MappingProxyType({})
) -> tuple[str, ...]:
    """Write the files of a new project, which gives their names below the folder.

    :param base: where the IRIs of its data live; it ends in `/`
    :param further: what is written beside the files of this kind of project, by the names of the files
    :raises UsageError: if a file that is to be written is there already: nothing is written then
    :raises OSError: if the folder cannot be written
    """
    texts = dict(_texts(files(__package__) / kind, PurePosixPath()))
    made = {path: text.replace("{{name}}", name).replace("{{base}}", base).encode() for path, text in texts.items()}
    found = {**made, **further}
    if there := sorted(path for path in found if (folder / path).exists()):
        raise UsageError(f"{folder / there[0]} is there already", hint="name a new folder: nothing was written")
    for path, content in found.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with replaced(target) as file:
            file.write(content)
    return tuple(sorted(found))


def _texts(place: Traversable, path: PurePosixPath) -> Iterator[tuple[str, str]]:
    for entry in place.iterdir():
        at = path / (f".{entry.name}" if entry.name in _HIDDEN else entry.name)
        if entry.is_dir():
            yield from _texts(entry, at)
        else:
            yield str(at), entry.read_bytes().decode()
