"""What a thing is called on a page: a label, and beside it what tells it from others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from server.lookup import Label


@dataclass(frozen=True, slots=True)
class Name(Label):
    """A name or a phrase, with what stands beside it."""

    has_more: ClassVar[bool] = True
    notes: tuple[Label, ...] = ()
    """In brackets: the identifier of a claim, the publisher and the date of a document."""
    worded: tuple[Label, ...] = ()
    """The words of the source that an amount is given in."""
    mark: str = ""
    """How exact an amount is, as a sign."""
    claims: tuple[str, ...] = ()
    """The other claims that say a part of an amount."""


_LONGEST: Final = 160
"""Characters of a text that a name is made of."""


def shortened(text: str) -> str:
    """A text as a name: cut between words where it is too long for one.

    >>> shortened("a " * 100)[-6:], shortened("short")
    ('a a a…', 'short')
    """
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rpartition(' ')[0] or text[:_LONGEST]}…"
