"""The land of the earth, roughly, for the ground of a map: Natural Earth at 1 : 110 million, without borders."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final

Point = tuple[float, float]
_FILE: Final = Path(__file__).with_name("land.json")
_WHOLE, _HALF = 360.0, 180.0
_PARTS: Final = 100
"""The file counts hundredths of a degree."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of the earth, in degrees; `east` may lie beyond 180, where it goes over that meridian."""

    west: float
    south: float
    east: float
    north: float


@cache
def _rings() -> tuple[tuple[tuple[Point, ...], Frame], ...]:
    """The outlines of the land, each with what it stands in."""
    found = []
    for given in json.loads(_FILE.read_text(encoding="utf-8"))["rings"]:
        across, down = ([value / _PARTS for value in accumulate(given[part::2])] for part in (0, 1))
        _unwind(across, down)
        found.append((tuple(zip(across, down, strict=True)), Frame(min(across), min(down), max(across), max(down))))
    return tuple(found)


def _unwind(across: list[float], down: list[float]) -> None:
    """Let an outline that goes over the meridian of 180 degrees go on there; one around the pole ends at the pole."""
    turns = 0.0
    for place, (before, here) in enumerate(pairwise(list(across)), start=1):
        turns += _WHOLE * ((before - here > _HALF) - (here - before > _HALF))
        across[place] += turns
    if abs(across[-1] - across[0]) > _HALF:
        across += [across[-1], across[0]]
        down += [-90.0, -90.0]


def land(frame: Frame) -> Iterator[tuple[Point, ...]]:
    """The outlines of what land stands in a part of the earth, cut off at its edges.

    >>> any(True for _ in land(Frame(-30.0, 30.0, -20.0, 35.0)))
    False
    >>> sum(1 for _ in land(Frame(-10.0, 30.0, 0.0, 35.0)))
    1
    """
    for ring, within in _rings():
        for shift in (-_WHOLE, 0.0, _WHOLE):
            if _meet(within, frame, shift):
                shifted = tuple((x + shift, y) for x, y in ring) if shift else ring
                if cut := _cut(shifted, frame):
                    yield cut


def _meet(one: Frame, other: Frame, shift: float) -> bool:
    across = one.west + shift < other.east and other.west < one.east + shift
    return across and one.south < other.north and other.south < one.north


def _cut(ring: Sequence[Point], frame: Frame) -> tuple[Point, ...]:
    """What of a ring stands in a frame: cut at each edge in turn (Sutherland and Hodgman, 1974)."""
    edges: tuple[tuple[int, float, int], ...] = (
        (0, frame.west, 1), (0, frame.east, -1), (1, frame.south, 1), (1, frame.north, -1),
    )  # fmt: skip
    for axis, edge, side in edges:
        ring = tuple(_cut_once(ring, axis, lambda point, a=axis, e=edge, s=side: s * (point[a] - e), edge))  # type: ignore[misc]
    return tuple(ring)


def _cut_once(ring: Sequence[Point], axis: int, within: Callable[[Point], float], edge: float) -> Iterator[Point]:
    if not ring:
        return
    for before, point in pairwise((ring[-1], *ring)):
        was, now = within(before), within(point)
        if (was >= 0) != (now >= 0):
            part = was / (was - now)
            other = before[1 - axis] + part * (point[1 - axis] - before[1 - axis])
            yield (edge, other) if axis == 0 else (other, edge)
        if now >= 0:
            yield point
