"""A small line plot as SVG, for the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

_WIDTH: Final = 800
_HEIGHT: Final = 320
_LEFT: Final = 64
_RIGHT: Final = 16
_TOP: Final = 40
_BOTTOM: Final = 44
_COLOURS: Final = ("#0b6e6e", "#b5482a", "#3b4a8f")
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a plot."""

    name: str
    points: Sequence[tuple[float, float]]


def ticks(largest: float, at_most: int = 8) -> list[float]:
    """Round numbers from 0 up to the first that is not below `largest`.

    >>> ticks(37)
    [0, 5, 10, 15, 20, 25, 30, 35, 40]
    """
    step, power = 1.0, 1.0
    while True:
        for digit in _STEPS:
            step = digit * power
            if largest / step <= at_most:
                count = -int(-largest // step)
                return [step * number if step % 1 else int(step) * number for number in range(count + 1)]
        power *= 10


def draw(title: str, across: str, up: str, lines: Sequence[Line], marks: Sequence[float] = ()) -> str:
    """The plot as an SVG document; `marks` are dotted upright lines."""
    points = [point for line in lines for point in line.points]
    widest = max((x for x, _ in points), default=1.0) or 1.0
    columns = [column for column in ticks(widest) if column <= widest]
    rows = ticks(max((y for _, y in points), default=1.0))
    wide, high = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def x_of(value: float) -> str:
        return f"{_LEFT + value / widest * wide:.1f}"

    def y_of(value: float) -> str:
        return f"{_TOP + high - value / (rows[-1] or 1) * high:.1f}"

    bottom = _TOP + high
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} font-family="sans-serif" font-size="12">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="18" font-size="14" font-weight="bold">{escape(title)}</text>',
        f'<text x="{_LEFT + wide / 2:.0f}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(across)}</text>',
        f'<text transform="translate(14 {_TOP + high / 2:.0f}) rotate(-90)" text-anchor="middle">{escape(up)}</text>',
        *(f'<path d="M{_LEFT} {y_of(row)}H{_LEFT + wide}" stroke="#ddd"/>' for row in rows),
        *(f'<text x="{_LEFT - 6}" y="{y_of(row)}" dy="4" text-anchor="end">{row:g}</text>' for row in rows),
        *(f'<text x="{x_of(x)}" y="{bottom + 16}" text-anchor="middle">{x:g}</text>' for x in columns),
        *(f'<path d="M{x_of(x)} {_TOP}V{bottom}" stroke="#999" stroke-dasharray="2 3"/>' for x in marks),
    ]
    for number, line in enumerate(lines):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{x_of(x)},{y_of(y)}" for x, y in line.points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{_LEFT + 200 * number}" y="34" fill="{colour}">{escape(line.name)}</text>')
    return "\n".join([*parts, "</svg>", ""])
