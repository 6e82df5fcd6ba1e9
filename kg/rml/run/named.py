"""Lines whose files follow from their rows: sorted by file on disk, so that one file at a time is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Final

from kg.rml.compile.naming import SEPARATOR
from kg.rml.compile.writer import Channel
from kg.rml.mapping.model import Target
from kg.rml.run.distinct import Sorter
from kg.rml.targets.places import NamedPlaces

_SEPARATOR: Final = SEPARATOR.encode()


def has_names(channel: Channel) -> bool:
    """Whether lines of a channel have names of files before them."""
    return any(target.expression is not None for target in channel.targets)


class NamedLines:
    """Takes lines with the names of their files before them, and gives them back file by file.

    The lines of a file stay in the order in which they were made.
    """

    def __init__(self, places: NamedPlaces, folder: Callable[[], Path]) -> None:
        self._places, self._folder = places, folder
        self._sorters: dict[Target, Sorter] = {}
        self._count = 0

    def take(self, channel: Channel, block: bytes) -> tuple[bytes, bytes]:
        """Take lines of a channel.

        :returns: the lines alone, and those of them that go to no file at all
        """
        targets = [target for target in channel.targets if target.expression is not None]
        is_elsewhere = len(targets) < len(channel.targets)
        taken: dict[Target, list[bytes]] = {target: [] for target in targets}
        lines, rest = [], []
        for one in block.splitlines(keepends=True):
            *names, line = one.split(b"\t", len(targets))
            lines.append(line)
            self._count += 1
            for target, listed in zip(targets, names, strict=True):
                if listed:
                    taken[target] += [b"%s\t%012x\t%s" % (n, self._count, line) for n in listed.split(_SEPARATOR)]
            if not any(names) and not is_elsewhere:
                rest.append(line)
        for target, some in taken.items():
            if some:
                self._sorters.setdefault(target, Sorter(self._folder)).write(b"".join(some))
        return b"".join(lines), b"".join(rest)

    def files(self, spool: Path) -> Iterator[tuple[Target, Path, int]]:
        """Each file, as a target of its own, where it goes, and how many lines it has; they are in `spool` meanwhile.

        :raises DataError: if a file may not be written
        """
        for target, sorter in self._sorters.items():
            lines = (line.split(b"\t", 2) for block in sorter.blocks() for line in block)
            for name, group in groupby(lines, lambda parts: parts[0]):
                one = replace(target, name=name.decode(), expression=None)
                path, count = self._places.take(one), 0
                with spool.open("wb") as file:
                    for _, _, line in group:
                        file.write(line)
                        count += 1
                yield one, path, count
