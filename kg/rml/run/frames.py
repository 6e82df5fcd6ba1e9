"""Lines of several channels in one stream: so they pass through one process or many as those of one channel do."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Final

from kg.rml.compile.writer import Channel, Program
from kg.rml.run.execution import Tally

_HEAD: Final = struct.Struct("<IQ")
"""The number of a channel, and how many bytes of it follow."""
_BLOCK: Final = 1 << 20


def channels_of(programs: Sequence[Program]) -> Mapping[Channel, int]:
    """The channels of some programs, numbered in their order."""
    found = dict.fromkeys(channel for program in programs for channel in program.channels)
    return {channel: number for number, channel in enumerate(found)}


def count_lines(content: bytes) -> int:
    """How many lines there are; taking the line ends out is twice as fast as counting them."""
    return len(content) - len(content.replace(b"\n", b""))


def framed(channels: Mapping[Channel, int], parts: Sequence[tuple[Channel, bytes]], tally: Tally) -> bytes:
    """The lines of a batch, each channel's with its number before them; lines that are entries do not count yet."""
    made = []
    for channel, content in parts:
        if content:
            made += [_HEAD.pack(channels[channel], len(content)), content]
            tally.lines += 0 if channel.are_entries else count_lines(content)
    return b"".join(made)


def frames(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The number of a channel and some of its bytes, in turn; lines may be cut."""
    while head := file.read(_HEAD.size):
        number, left = _HEAD.unpack(head)
        while left:
            content = file.read(min(left, _BLOCK))
            left -= len(content)
            yield number, content
