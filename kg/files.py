"""Files that appear whole, and folders in which one process works at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

LOCK: Final = ".lock"
"""The file of a folder that whoever works in it holds."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Work alone in a folder: others wait.

    :raises OSError: if the lock cannot be taken
    """
    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sync(path: Path) -> None:
    """Bring a file, or the entries of a folder, to the disk.

    :raises OSError: if the system cannot
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Replacements:
    """Files that are written aside one after the other; see `replaced_together`."""

    def __init__(self) -> None:
        self._made: list[tuple[Path, Path]] = []

    @contextmanager
    def file(self, path: Path) -> Iterator[IO[bytes]]:
        """One of them, to be written.

        :raises OSError: if it cannot be
        """
        aside = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
        self._made.append((aside, path))
        with aside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def settle(self) -> None:
        """Give them their names.

        :raises OSError: if one cannot have it
        """
        for aside, path in self._made:
            aside.replace(path)

    def discard(self) -> None:
        """Leave none that has no name."""
        for aside, _ in self._made:
            aside.unlink(missing_ok=True)


@contextmanager
def replaced_together() -> Iterator[Replacements]:
    """Files that take their names when all of them are whole, however many: one is open at a time.

    :raises OSError: if one cannot be written
    """
    made = Replacements()
    try:
        yield made
        made.settle()
    finally:
        made.discard()


def _opened(aside: Path, path: Path) -> IO[bytes]:
    """The file that stands in for another one; an error names that."""
    try:
        return aside.open("wb")
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


@contextmanager
def replaced(path: Path) -> Iterator[IO[bytes]]:
    """A file that is written aside and renamed, so that a failure leaves what was there, and never half of a file.

    :raises OSError: if it cannot be written
    """
    aside = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        with _opened(aside, path) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
