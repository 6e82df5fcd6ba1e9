"""A folder of parts: one file for each triples map, made again only when what decides about it has changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from kg.errors import StorageError
from kg.files import locked, replaced

INDEX: Final = "parts.json"
SUFFIX: Final = ".part.nq"
Figures = Mapping[str, int]
"""What became of a part, by name: rows and the like."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A part as it lies in the folder."""

    path: Path
    figures: Figures
    was_made: bool
    """Whether it was made now, and not found whole."""


class PartFolder:
    """Takes part after part; see `part_folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known = _read_index(folder / INDEX)
        self._taken: dict[str, dict[str, Any]] = {}

    def take(self, name: str, key: str, files: Collection[Path], write: Callable[[IO[bytes]], Figures]) -> Kept:
        """The part of a name: as it lies there, if it was made of the same and is whole; else made by `write`.

        :param key: what decides about the part beside the bytes of `files`
        :raises StorageError: if it cannot be written, or a file changes meanwhile
        """
        path = self._folder / file_name(name)
        made_of = {file: digest(file) for file in files}
        key = hashlib.sha256("\n".join((key, *made_of.values())).encode()).hexdigest()
        entry = self._known.get(name)
        if entry is not None and entry.get("key") == key and _digest(path) == entry.get("sha256"):
            self._taken[name] = entry
            return Kept(path, entry["figures"], was_made=False)
        with _storage_errors(path), replaced(path) as file:
            figures = write(file)
            for source, known in made_of.items():
                if digest(source) != known:
                    raise StorageError(f"{source} changed while it was read", hint="run it again")
        self._taken[name] = {"key": key, "sha256": _digest(path), "figures": dict(figures)}
        return Kept(path, figures, was_made=True)

    def keep(self) -> None:
        """Let every part stay, taken or not."""
        self._taken = {**self._known, **self._taken}

    def settle(self, *, is_whole: bool) -> None:
        """Write down what is there; when every part was taken, remove those that nobody asked for.

        :raises StorageError: if the folder cannot be written
        """
        entries = self._taken if is_whole else {**self._known, **self._taken}
        text = json.dumps(entries, sort_keys=True, indent=1, ensure_ascii=False) + "\n"
        with _storage_errors(self._folder):
            if entries != self._known or not (self._folder / INDEX).exists():
                with replaced(self._folder / INDEX) as file:
                    file.write(text.encode())
            if is_whole:
                wanted = {file_name(name) for name in entries}
                # Beside parts that went, what a killed run left of files it wrote aside.
                for path in (*self._folder.glob(f"*{SUFFIX}"), *self._folder.glob(f".*{SUFFIX}.????????")):
                    if path.name not in wanted:
                        path.unlink(missing_ok=True)


@contextmanager
def part_folder(folder: Path) -> Iterator[PartFolder]:
    """Work with the parts in a folder, which is made if absent; one process at a time does, others wait.

    At the end, parts that were not taken are removed; after a failure, all stay.

    :raises StorageError: if the folder cannot be written
    """
    with _storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = locked(folder)
        lock.__enter__()
    try:
        parts, is_whole = PartFolder(folder), False
        try:
            yield parts
            is_whole = True
        finally:
            parts.settle(is_whole=is_whole)
    finally:
        lock.__exit__(None, None, None)


def file_name(name: str) -> str:
    """The name of the file of a part: readable, and another one for every name.

    >>> file_name("http://mapping.invalid/#city")
    'city-3d70de88.part.nq'
    """
    short = re.sub(r"[^A-Za-z0-9.-]+", "-", re.split(r"[/#]", name.rstrip("/#"))[-1]).strip("-.")[:60]
    return f"{short or 'map'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}{SUFFIX}"


def _read_index(path: Path) -> dict[str, dict[str, Any]]:
    """What was written down; nothing, if that is damaged: then everything is made again."""
    try:
        entries = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(entries, dict) or not all(_is_entry(entry) for entry in entries.values()):
        return {}
    return entries


def _is_entry(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("figures"), dict)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    :raises StorageError: if the system cannot read it
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StorageError(f"cannot read {path}: {error.strerror}") from None


def _digest(path: Path) -> str | None:
    """The SHA-256 of a file, or none if it cannot be read."""
    try:
        return digest(path)
    except StorageError:
        return None


@contextmanager
def _storage_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "look at the disk and the rights, and try again"
        raise StorageError(f"cannot write {path}: {error.strerror or error}", hint=hint) from None
