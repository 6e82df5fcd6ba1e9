"""The difference of two files of sorted lines, in blocks: neither of them is held in memory."""

from __future__ import annotations

import gzip
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 22
"""Bytes read at once."""
_LINES: Final = 20_000
Block = list[bytes]
"""Sorted lines without line ends."""


class TooDifferentError(ValueError):
    """There is more to tell than is worth telling, or the lines are not sorted."""


def blocks_of(lines: Iterable[str]) -> Iterator[Block]:
    """Lines in blocks."""
    waiting = iter(lines)
    while block := [line.encode() for line in islice(waiting, _LINES)]:
        yield block


def digest(lines: Iterable[str]) -> str:
    """The SHA-256, in hexadecimal, of the file that holds these lines (as `kg.store.digest` has it)."""
    total = hashlib.sha256()
    for block in blocks_of(lines):
        total.update(b"\n".join(block) + b"\n")
    return total.hexdigest()


class PackedLines:
    """The lines of a compressed file, in blocks; `digest` is that of all that was read."""

    def __init__(self, path: Path) -> None:
        self._path, self._total = path, hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._total.hexdigest()

    def __iter__(self) -> Iterator[Block]:
        rest = b""
        with gzip.open(self._path, "rb") as file:
            while content := file.read(_BLOCK):
                self._total.update(content)
                *block, rest = (rest + content).split(b"\n")
                if block:
                    yield block
        if rest:
            yield [rest]


def difference(before: Iterable[Block], after: Iterable[Block], most: int) -> tuple[Block, Block]:
    """The lines that only the first has, and those that only the second has.

    :raises TooDifferentError: if there are more than `most` of them, or a block is not sorted

    >>> difference([[b"a", b"b"], [b"d"]], [[b"b"], [b"c", b"d"]], 9)
    ([b'a'], [b'c'])
    """
    one, two = _sorted(before), _sorted(after)
    ours, theirs = next(one, []), next(two, [])
    removed: Block = []
    added: Block = []
    while ours or theirs:
        if ours and theirs:
            end = min(ours[-1], theirs[-1])
            here, there = bisect_right(ours, end), bisect_right(theirs, end)
        else:
            here, there = len(ours), len(theirs)
        _compare(ours[:here], theirs[:there], removed, added)
        if len(removed) + len(added) > most:
            raise TooDifferentError
        ours, theirs = ours[here:] or next(one, []), theirs[there:] or next(two, [])
    return removed, added


def _compare(ours: Block, theirs: Block, removed: Block, added: Block) -> None:
    if ours != theirs:
        left, right = set(ours), set(theirs)
        removed += [line for line in ours if line not in right]
        added += [line for line in theirs if line not in left]


def _sorted(blocks: Iterable[Block]) -> Iterator[Block]:
    last = b""
    for block in blocks:
        if block[0] < last or block != sorted(block):
            raise TooDifferentError
        last = block[-1]
        yield block
