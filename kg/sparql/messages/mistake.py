"""A mistake in a query: what it is, where, by which words it is told, and the edits that would cure it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from kg.sparql.messages.reading import Reading


class Kind(Enum):
    """The mistakes that people make, by the name that a program knows them by."""

    PREFIX_UNDECLARED = "prefix-undeclared"
    PREFIX_DECLARATION = "prefix-declaration"
    EXPRESSION_BARE = "expression-without-brackets"
    WORD_UNKNOWN = "word-unknown"
    WORD_MISSING = "word-missing"
    SIGN_UNKNOWN = "sign-unknown"
    VARIABLE_BOUND_TWICE = "variable-bound-twice"
    BRACKET = "bracket"
    SEPARATOR = "separator-missing"
    QUOTE_CURLY = "quote-curly"
    CHARACTER = "character"
    STRING_OPEN = "string-open"
    UNGROUPED = "variable-ungrouped"
    STAR_GROUPED = "star-with-group-by"
    IRI_RELATIVE = "iri-relative"
    IRI_BARE = "iri-without-angle-brackets"
    FUNCTION = "function-unknown"
    FOREIGN = "foreign-name"
    RULE = "rule"
    UNREADABLE = "unreadable"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """`text` in the place of the characters `start` to `end`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake; offsets are those of a text whose codepoint escapes are resolved."""

    kind: Kind
    words: str
    """By which words it is told: a key of `wording`."""
    start: int
    end: int
    named: tuple[tuple[str, str], ...] = ()
    """What stands in the places of the words, such as the name of a variable."""
    cure: tuple[Edit, ...] = ()
    """What would cure it, in order; empty if nobody can tell."""
    certain: bool = False
    """Whether it is a mistake whatever else there is; others count only if their cure is proved."""
    hint: str | None = None
    """By which words the cure is told, if not by those that go with `words`."""


Detector: TypeAlias = "Callable[[Reading, int], Iterable[Mistake]]"
"""Finds mistakes of one kind in a query that cannot be read beyond an offset; the likeliest first."""


def named(**values: str) -> tuple[tuple[str, str], ...]:
    """What stands in the places of the words.

    >>> named(word="WHER")
    (('word', 'WHER'),)
    """
    return tuple(values.items())


def cured(text: str, edits: Iterable[Edit]) -> str:
    """A text after edits, which do not overlap.

    >>> cured("a c", (Edit(1, 1, " b"), Edit(2, 3, "d")))
    'a b d'
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits):
        pieces += (text[done : edit.start], edit.text)
        done = edit.end
    return "".join((*pieces, text[done:]))


def before(offset: int, edits: Iterable[Edit]) -> int:
    """Where the character of an edited text stood before the edits; what they wrote stood where they begin.

    >>> before(4, (Edit(1, 1, " b"), Edit(2, 3, "d")))
    2
    >>> before(2, (Edit(1, 1, " b"),))
    1
    """
    shift = 0
    for edit in sorted(edits):
        start = edit.start + shift
        if offset < start:
            break
        if offset < start + len(edit.text):
            return edit.start
        shift += len(edit.text) - (edit.end - edit.start)
    return offset - shift


def insert(place: int, text: str) -> tuple[Edit, ...]:
    """The edit that writes something between two characters."""
    return (Edit(place, place, text),)
