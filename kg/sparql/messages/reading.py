"""A query that may be wrong, as tokens all the same: what begins none is set apart, and the rest is read on."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from kg.errors import QueryError
from kg.sparql.language.tokens import Kind, Source, Token, resolve_escapes, tokenize

MOST_STRAYS: Final = 40
"""Characters that begin no token; after so many the rest of the text is not looked at."""
ENDING: Final = Token(Kind.MARK, "", 1 << 60, 1 << 60)
"""Stands for the end of the text, and for what lies before its beginning."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of a text whose escapes are resolved, without comments, and the characters that begin none."""

    text: str
    tokens: tuple[Token, ...]
    strays: tuple[int, ...]
    base: str | None = None
    """What relative IRIs are resolved against where the query declares no BASE."""

    def index(self, offset: int) -> int:
        """The number of the first token that does not end before an offset."""
        return bisect_left(self.tokens, offset + 1, key=lambda token: token.end)

    def token(self, index: int) -> Token:
        """A token by its number; `ENDING` beyond the last one and before the first."""
        return self.tokens[index] if 0 <= index < len(self.tokens) else ENDING

    def shown(self, token: Token) -> str:
        """A token as it is shown in a sentence: the beginning of a long one."""
        return shortened(token.text)


_SHOWN: Final = 60
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


def shortened(text: str) -> str:
    """The beginning of a text that is too long for a sentence, in one line.

    >>> shortened("a" * 100)[-3:]
    'aa…'
    """
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…"


def read(text: str, base: str | None = None) -> Reading:
    """The tokens of a text whose escapes are resolved, whatever else is in it.

    >>> [token.text for token in read("a “b” c").tokens], read("a “b” c").strays
    (['a', 'b', 'c'], (2, 4))
    """
    tokens: list[Token] = []
    strays: list[int] = []
    place = 0
    while place < len(text) and len(strays) < MOST_STRAYS:
        done = _read_on(text, place, tokens)
        if done is None:
            break
        strays.append(done)
        place = done + 1
    return Reading(text, tuple(token for token in tokens if token.kind is not Kind.COMMENT), tuple(strays), base)


def _read_on(text: str, place: int, tokens: list[Token]) -> int | None:
    """Gather tokens from an offset on; the offset of the character that begins none, if one stops it."""
    rest = text[place:]
    try:
        tokens.extend(Token(t.kind, t.text, t.start + place, t.end + place) for t in tokenize(rest))
    except QueryError as error:
        at = error.problems[0].position
        assert at is not None, "what is no token has its place"
        return place + offset_of(rest, at.line, at.column or 1)
    return None


def offset_of(text: str, line: int, column: int) -> int:
    r"""The offset of a line and a column, both from 1.

    >>> offset_of("a\r\nbc", 2, 2)
    4
    """
    starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
    return min(starts[min(line, len(starts)) - 1] + column - 1, len(text))


def resolved(original: str) -> Source:
    """A query with its codepoint escapes resolved; as it is, if one of them is none.

    >>> resolved("\\\\u0041SK").text, resolved("\\\\uD800").text
    ('ASK', '\\\\uD800')
    """
    try:
        return resolve_escapes(original)
    except QueryError:
        return Source(original, original)
