"""Samples of measured servers, their medians and ratios, and Markdown tables of them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Sample:
    """One block of requests to one server."""

    server: str
    query: str
    mode: str
    round: int
    requests: int
    cpu: float
    """CPU seconds of the server's whole tree for the block."""
    wall: float
    bad: int = 0

    @property
    def cost(self) -> float:
        """CPU seconds for one request."""
        return self.cpu / self.requests

    @property
    def rate(self) -> float:
        """Requests in a second."""
        return self.requests / self.wall


@dataclass(frozen=True, slots=True)
class Figures:
    """All samples of one run."""

    samples: tuple[Sample, ...]

    def of(self, server: str, query: str, mode: str) -> tuple[Sample, ...]:
        """The samples of one server and query, a round after the other."""
        return tuple(s for s in self.samples if (s.server, s.query, s.mode) == (server, query, mode))

    def cost(self, server: str, query: str, mode: str) -> float | None:
        """The median of the CPU seconds for one request."""
        return median(sample.cost for sample in self.of(server, query, mode))

    def rate(self, server: str, query: str, mode: str) -> float | None:
        """The median of the requests in a second."""
        return median(sample.rate for sample in self.of(server, query, mode))

    def factor(self, server: str, native: str, query: str, mode: str) -> float | None:
        """The median, over rounds, of the CPU for one request as a multiple of what `native` takes."""
        base = {sample.round: sample.cost for sample in self.of(native, query, mode)}
        return median(s.cost / base[s.round] for s in self.of(server, query, mode) if base.get(s.round))


def median(values: Iterable[float]) -> float | None:
    """The median; None of nothing.

    >>> median([3.0, 1.0, 2.0]), median([])
    (2.0, None)
    """
    given = list(values)
    return statistics.median(given) if given else None


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; all columns but the first are aligned to the right.

    >>> print(table(["a", "b"], [["x", "1"]]))
    | a | b |
    |---|---:|
    | x | 1 |
    """
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)]]
    text = [f"| {' | '.join(lines[0])} |", f"|{'|'.join(lines[1])}|"]
    return "\n".join([*text, *(f"| {' | '.join(row)} |" for row in rows)])


def milliseconds(seconds: float) -> str:
    """Seconds as milliseconds, with three significant digits.

    >>> milliseconds(0.0000912), milliseconds(0.00479), milliseconds(1.0104)
    ('0.0912', '4.79', '1,010')
    """
    value = seconds * 1000
    return f"{float(f'{value:.3g}'):,.0f}" if value >= _WHOLE else f"{value:#.3g}"
