"""Which files of a project are others than they were, told by looking again.

A look at some hundred files takes a millisecond, and works on every disk; what tells of changes by itself differs from
system to system, and is silent on disks of other machines.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from kg.config import FILE_NAME, Config, Paths, read_config
from kg.errors import ConfigError

_OWN: Final = ("releases", "quotes")
"""What builds write themselves."""
Look = Mapping[str, tuple[int, int, int]]
"""For each file when it was written, its size, and which file it is."""


def look(root: Path) -> Look:
    """The files of a project that a build reads, as they are now."""
    found: dict[str, tuple[int, int, int]] = {}
    for path in _files(root):
        try:
            status = path.stat()
        except OSError:
            continue  # it has just gone
        found[str(path)] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return found


def _files(root: Path) -> Iterator[Path]:
    yield root / FILE_NAME
    for place in sorted(_places(root)):
        if place.is_dir():
            for folder, folders, names in os.walk(place):
                folders[:] = [name for name in folders if not name.startswith(".")]
                yield from (Path(folder, name) for name in names if not name.startswith("."))
        else:
            yield place


def _places(root: Path) -> set[Path]:
    """The files and folders that the settings name; the usual ones where the settings cannot be read."""
    try:
        config = read_config(root)
    except ConfigError:
        config = Config(root, project=None)  # type: ignore[arg-type]  # only its paths are asked for
    named = {field.name: str(getattr(config.paths, field.name)) for field in fields(Paths)}
    return {root / path for name, path in named.items() if path and name not in _OWN}


def changed(root: Path, before: Look, wait: Callable[[], bool]) -> Look | None:
    """Wait until files are others than `before`, and then until they stay as they are; how they are then.

    :param wait: waits a moment, and tells whether to go on; without it this gives None
    """
    last = before
    while wait():
        now = look(root)
        if now == last != before:
            return now
        last = now
    return None
