"""What stands between two statements, and is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.sparql.language.tokens import Kind as Is
from kg.sparql.language.tokens import Token
from kg.sparql.messages.mistake import Edit, Kind, Mistake, insert, named
from kg.sparql.messages.reading import ENDING, Reading

_TERMS: Final = frozenset({Is.IRI, Is.STRING, Is.NAME, Is.BLANK, Is.VARIABLE, Is.NUMBER})
_SEPARATORS: Final = ((".", "dot"), (";", "semicolon"), (",", "comma"), ("=", "operator"))
_PATHS: Final = (("/", "path"), ("|", "path"))
_PROPERTIES: Final = frozenset({Is.IRI, Is.NAME})


def separators(reading: Reading, place: int) -> Iterator[Mistake]:
    """A dot, a semicolon or a comma between two terms of which the second begins something new, or a sign of a path."""
    number = reading.index(place)
    token, before = reading.token(number), reading.token(number - 1)
    if before is ENDING or token is ENDING or not _ends(before) or not _begins(token):
        return
    if reading.token(number + 1).is_mark("{") or (before.is_mark(">>") and token.is_mark("<<")):
        return  # a word or a property is missing, and nobody can tell which
    if before.kind is Is.STRING and before.end == token.start and token.kind in _PROPERTIES:
        told = named(cure=f"{reading.shown(before)}^^{reading.shown(token)}")
        yield Mistake(Kind.SEPARATOR, "separator-type", before.end, before.end, told, insert(before.end, "^^"))
    earlier = reading.token(number - 2)
    if token.kind in _TERMS and before.kind in _PROPERTIES and _ends_path(earlier):
        for sign, name in _PATHS:
            yield _missing(reading, sign, name, (earlier, token), before.start)
    is_path = token.kind in _PROPERTIES or token.is_mark("^") or token.is_mark("(")
    paths = _PATHS if is_path and _ends_path(before) else ()
    for sign, name in (*_SEPARATORS, *paths):
        yield _missing(reading, sign, name, (before, token), before.end)


def _missing(reading: Reading, sign: str, name: str, between: tuple[Token, Token], end: int) -> Mistake:
    before, after = between
    told = named(sign=name if name == "operator" else sign, after=reading.shown(before), before=reading.shown(after))
    edits = insert(before.end, f" {sign} ")
    return Mistake(Kind.SEPARATOR, f"separator-{name}", before.end, end, told, edits)


def _ends_path(token: Token) -> bool:
    return token.kind in _PROPERTIES or token.is_mark(")")


def trailing(reading: Reading, place: int) -> Iterator[Mistake]:
    """A semicolon after the end of a query."""
    token = reading.token(reading.index(place))
    if token.is_mark(";") and token is reading.tokens[-1]:
        edits = (Edit(token.start, token.end, ""),)
        yield Mistake(Kind.SIGN_UNKNOWN, "semicolon-last", token.start, token.end, named(sign=";"), edits)


def _ends(token: Token) -> bool:
    ends = any(map(token.is_mark, (")", "]", ">>"))) or token.is_word("TRUE", "FALSE")
    return ends or token.kind in _TERMS or token.kind is Is.LANGUAGE


def _begins(token: Token) -> bool:
    begins = any(map(token.is_mark, ("(", "[", "<<", "^"))) or token.is_word("TRUE", "FALSE", "A")
    return begins or token.kind in _TERMS
