"""The folder in which a build lays what it has no memory for, and which is gone afterwards, whatever happens."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kg.files import LOCK, locked

PREFIX: Final = ".runs-"
"""What the names of such folders begin with."""


class Workshop:
    """A folder beside the releases that is made when it is first asked for, and removed at the end.

    As long as its process lives, it holds the folder's lock. What a killed build left is removed by the next one: a
    folder whose lock is free belongs to nobody.
    """

    def __init__(self, releases: Path) -> None:
        self._releases = releases
        self._path: Path | None = None
        self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def folder(self) -> Path:
        """The folder.

        :raises OSError: if it cannot be made
        """
        if self._path is None:
            self._releases.mkdir(parents=True, exist_ok=True)
            # Nobody clears between the making of the folder and its lock.
            with locked(self._releases):
                clear(self._releases)
                path = self._releases / f"{PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
                path.mkdir()
                self._path = path
                self._descriptor = _held(path)
        return self._path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._path is None:
            return
        shutil.rmtree(self._path, ignore_errors=True)
        if self._descriptor >= 0:
            os.close(self._descriptor)


def clear(releases: Path) -> None:
    """Remove the folders of builds that were killed; whoever calls holds the lock of the releases.

    :raises OSError: if the folder of releases cannot be read
    """
    for path in releases.glob(f"{PREFIX}*"):
        try:
            descriptor = _held(path)
        except OSError:
            continue
        try:
            shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(descriptor)


def _held(path: Path) -> int:
    """The lock of a folder, if nobody has it.

    :raises OSError: if somebody does
    """
    descriptor = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
