"""What stands between two statements, and is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.sparql.messages.mistake import Edit, Kind, Mistake, insert, named
from kg.sparql.messages.reading import ENDING, Reading
from kg.sparql.tokens import Kind as Is
from kg.sparql.tokens import Token

_TERMS: Final = frozenset({Is.IRI, Is.STRING, Is.NAME, Is.BLANK, Is.VARIABLE, Is.NUMBER})
_SEPARATORS: Final = ((".", "dot"), (";", "semicolon"), (",", "comma"))


def separators(reading: Reading, place: int) -> Iterator[Mistake]:
    """A dot, a semicolon or a comma between two terms of which the second begins something new."""
    number = reading.index(place)
    token, before = reading.token(number), reading.token(number - 1)
    if before is ENDING or token is ENDING or not _ends(before) or not _begins(token):
        return
    for sign, name in _SEPARATORS:
        told = named(sign=sign, after=reading.shown(before), before=reading.shown(token))
        edits = insert(before.end, f" {sign}")
        yield Mistake(Kind.SEPARATOR, f"separator-{name}", before.end, before.end, told, edits)


def trailing(reading: Reading, place: int) -> Iterator[Mistake]:
    """A semicolon after the end of a query."""
    token = reading.token(reading.index(place))
    if token.is_mark(";") and token is reading.tokens[-1]:
        edits = (Edit(token.start, token.end, ""),)
        yield Mistake(Kind.SIGN_UNKNOWN, "semicolon-last", token.start, token.end, named(sign=";"), edits)


def _ends(token: Token) -> bool:
    ends = token.is_mark(")") or token.is_mark("]") or token.is_word("TRUE", "FALSE")
    return ends or token.kind in _TERMS or token.kind is Is.LANGUAGE


def _begins(token: Token) -> bool:
    begins = token.is_mark("(") or token.is_mark("[") or token.is_mark("<<") or token.is_word("TRUE", "FALSE", "A")
    return begins or token.kind in _TERMS or token.is_mark("^")
