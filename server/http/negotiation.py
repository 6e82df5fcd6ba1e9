"""Which of several media types or content codings a client wants (RFC 9110, sections 12.5.1 and 12.5.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from server.engine.coding import CODINGS

_NAME: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE: Final = re.compile(rf"\s*({_NAME})/({_NAME})\s*((?:;[^;]*)*)")
_QUALITY: Final = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header."""

    main: str
    sub: str
    quality: float

    @property
    def specificity(self) -> int:
        """0 for any type, 1 for any subtype, 2 for one type."""
        return (self.main != "*") + (self.sub != "*")

    def matches(self, media_type: str) -> bool:
        main, _, sub = media_type.partition("/")
        return self.main in {"*", main} and self.sub in {"*", sub}


def parse_accept(header: str) -> tuple[MediaRange, ...]:
    """The media ranges of an Accept header; an element that is none is passed over.

    Parameters other than `q` are not weighed: no format here has a variant that they could name.

    >>> [(r.main, r.sub, r.quality) for r in parse_accept("text/turtle;q=0.5, */*;q=0.1, nonsense")]
    [('text', 'turtle', 0.5), ('*', '*', 0.1)]
    """
    ranges = []
    for element in header.split(","):
        match = _RANGE.fullmatch(element.rstrip())
        if match is None:
            continue
        quality = _quality(match[3])
        if quality is not None:
            ranges.append(MediaRange(match[1].lower(), match[2].lower(), quality))
    return tuple(ranges)


def _quality(parameters: str) -> float | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            return float(value) if _QUALITY.fullmatch(value := value.strip()) else None
    return 1.0


def choose(header: str | None, offers: Sequence[str]) -> str | None:
    """The offered media type that the client likes best, or None if it accepts none of them.

    The most specific range decides the quality of an offer. Among equals the one that was asked for more
    specifically wins, then the one offered first. No header, or an empty one, accepts everything.

    >>> choose("text/*;q=0.3, text/turtle;q=0.7, */*;q=0.1", ["application/ld+json", "text/csv", "text/turtle"])
    'text/turtle'
    >>> choose("text/html", ["text/turtle"]) is None
    True
    """
    if header is None or not header.strip():
        return offers[0]
    ranges = parse_accept(header)
    best: tuple[float, int] = (0.0, 0)
    chosen = None
    for offer in offers:
        rank = _rank(offer, ranges)
        if rank > best and rank[0] > 0:
            best, chosen = rank, offer
    return chosen


def _rank(offer: str, ranges: Iterable[MediaRange]) -> tuple[float, int]:
    fitting = [r for r in ranges if r.matches(offer)]
    closest = max((r.specificity for r in fitting), default=0)
    quality = max((r.quality for r in fitting if r.specificity == closest), default=0.0)
    return quality, closest


def codings(header: str) -> tuple[str, ...]:
    """The content codings of an Accept-Encoding header that we can make (RFC 9110, section 12.5.3).

    >>> codings("gzip, deflate, br;q=0"), codings("")
    (('gzip',), ())
    """
    accepted = set()
    for part in header.lower().split(","):
        name, _, parameter = part.partition(";")
        weight = parameter.replace(" ", "")
        if not (weight.startswith("q=") and weight[2:].strip("0.") == ""):
            accepted.add(name.strip())
    return tuple(name for name in CODINGS if name in accepted)
