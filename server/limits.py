"""The limits that a client meets, as the service description tells them: how much, of what, and what happens then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from server.pages.language import spoken
from server.settings import Settings

HEAD_BYTES: Final = 1 << 17
"""Size of the request line and the headers of one request; a URL of 66 kB is in use among clients."""

_SECOND: Final = "SEC"
_BYTE: Final = "AD"
_ONE: Final = "C62"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit; what it is called and what happens at it stands in the room `limits` of the catalogues."""

    name: str
    """What it is called here; the settings, the parameters or the codes of errors have this word too."""
    value: float
    unit: str
    """Its code in UN/CEFACT Recommendation 20."""

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """What it is called and what happens at it, in each language that says so: tag, label, effect."""
        for tag, tongue in spoken().items():
            if f"limits.{self.name}" in tongue.own:
                yield tag, tongue.rooms["limits"][self.name], tongue.rooms["limits"][f"{self.name}-then"]


def limits_of(settings: Settings, *, fronted: bool) -> tuple[Limit, ...]:
    """The limits that hold with these settings; `fronted` if the front stands before the pages.

    >>> from pathlib import Path
    >>> [limit.value for limit in limits_of(Settings(Path("releases")), fronted=False)][:2]
    [10.0, 1073741824]
    """
    values = (*_everywhere(settings), *(_in_front(settings) if fronted else ()))
    return tuple(Limit(name, value, unit) for name, value, unit in values)


def _everywhere(settings: Settings) -> Iterator[tuple[str, float, str]]:
    yield "deadline", settings.deadline, _SECOND
    yield "memory", settings.memory_bytes, _BYTE
    yield "answer", settings.answer_bytes, _BYTE
    yield "queue", settings.queue, _ONE
    yield "body", settings.body_bytes, _BYTE


def _in_front(settings: Settings) -> Iterator[tuple[str, float, str]]:
    yield "head", HEAD_BYTES, _BYTE
    if settings.client_seconds:
        yield "quota", settings.client_seconds, _SECOND
    if settings.federation.endpoints:
        yield "service-time", settings.federation.seconds, _SECOND
        yield "service-requests", settings.federation.requests, _ONE
