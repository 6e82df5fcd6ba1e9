"""SPARQL 1.1 as a sequence of tokens, every one with its place (SPARQL 1.1 Query, sections 19.2 to 19.8).

The work is linear in the length of the text: every loop is possessive, and a run of characters that turned out to
hold no prefixed name is not scanned for one again.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from typing import Final, NamedTuple

from kg.errors import Position, Problem, QueryError

PATH: Final = "query"
"""The name that stands for a file in the position of a query's problem."""


class Kind(Enum):
    """What a token is."""

    COMMENT = "comment"
    IRI = "iri"
    STRING = "string"
    NAME = "prefixed name"
    BLANK = "blank node"
    VARIABLE = "variable"
    LANGUAGE = "language tag"
    NUMBER = "number"
    WORD = "word"
    MARK = "punctuation"


class Token(NamedTuple):
    """One token of a text: `text[start:end]`, offsets in characters. A query has hundreds, and a tuple is soon made."""

    kind: Kind
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether this is one of the keywords, given in capitals, in whatever case it is written.

        >>> next(tokenize("Ask {}")).is_word("ASK")
        True
        """
        return self.kind is Kind.WORD and self.text.upper() in words

    def is_mark(self, mark: str) -> bool:
        """Whether this is the punctuation `mark`."""
        return self.kind is Kind.MARK and self.text == mark


@dataclass(frozen=True, slots=True)
class Source:
    """A query after its codepoint escapes are resolved, and the way back to the text as it was written."""

    original: str
    text: str
    cuts: tuple[tuple[int, int], ...] = ()
    """For each escape resolved: the offset after it in `text`, and the offset after it in `original`."""

    def position(self, offset: int) -> Position:
        """The line and column, both from 1, at which the character `text[offset]` was written.

        >>> place = resolve_escapes("ASK {\\n \\\\u0053ERVICE").position(7)
        >>> place.line, place.column
        (2, 2)
        """
        found = bisect_right(self.cuts, (offset, len(self.original))) - 1
        after, written = self.cuts[found] if found >= 0 else (0, 0)
        text, place = self.original, written + offset - after
        # Counted, not split: of a text of a million characters, lists of its lines are slow.
        ends = text.count("\n", 0, place) + text.count("\r", 0, place) - text.count("\r\n", 0, place)
        begin = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
        return Position(PATH, ends + 1, place - begin + 1)


_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_ESCAPE: Final = re.compile(r"\\\\|\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SURROGATES: Final = range(0xD800, 0xE000)
_KEPT: Final = frozenset("\"'\\\n\r")


def resolve_escapes(query: str) -> Source:
    r"""Replace codepoint escapes by their characters (SPARQL 1.1 Query, section 19.2), once and not again.

    An escape for a quote, a backslash or a line end stays as it is: the section allows an escape only where the
    character itself may stand, so such a one can never open or close a string.

    :raises QueryError: if an escape names no Unicode scalar value

    >>> resolve_escapes(r"\u0041SK {}").text
    'ASK {}'
    >>> resolve_escapes(r'"\u0022"').text
    '"\\u0022"'
    """
    pieces: list[str] = []
    cuts: list[tuple[int, int]] = []
    done = length = 0
    for match in _ESCAPE.finditer(query):
        digits = match[1] or match[2]
        if digits is None:
            continue
        number = int(digits, 16)
        if number > sys.maxunicode or number in _SURROGATES:
            place = Source(query, query).position(match.start())
            raise QueryError(f"{match[0]} is no Unicode character", position=place)
        if chr(number) in _KEPT:
            continue
        pieces += (query[done : match.start()], chr(number))
        length += match.start() - done + 1
        done = match.end()
        cuts.append((length, done))
    return Source(query, "".join((*pieces, query[done:])), tuple(cuts))


_SPACE: Final = " \t\r\n"
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_INNER: Final = r"\\[tbnrf\"'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_STRINGS: Final = (
    rf"'''(?:'{{0,2}}(?:[^'\\]|{_INNER}))*+'''",
    rf'"""(?:"{{0,2}}(?:[^"\\]|{_INNER}))*+"""',
    rf"'(?!'')(?:[^'\\\n\r]|{_INNER})*+'",
    rf'"(?!"")(?:[^"\\\n\r]|{_INNER})*+"',
)
# The character classes of section 19.8; written out, because \w of Python is another set.
_ASCII: Final = "A-Za-z"
_BASE: Final = (
    _ASCII + "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS: Final = "\u00b7\u0300-\u036f\u203f-\u2040"


class _Patterns(NamedTuple):
    """What takes texts apart."""

    token: re.Pattern[str]
    run: re.Pattern[str]
    letter: re.Pattern[str]
    after_colon: re.Pattern[str]


@cache
def _patterns(base: str, marks: str) -> _Patterns:
    """The patterns of texts whose letters are those of `base`.

    Unicode's letters take as long to compile as many queries to read, and most queries have none but those of ASCII.
    """
    letter = base + "_"
    character = rf"{letter}0-9{marks}\-"
    local = rf"(?:[{letter}:0-9]|{_PLX})(?:\.*+(?:[{character}:]|{_PLX}))*+"
    kinds = (
        r"(?P<COMMENT>#[^\r\n]*+)",
        r"(?P<IRI><[^<>\"{}|^`\\\x00-\x20]*+>)",
        r"(?P<STRING>" + "|".join(_STRINGS) + ")",
        rf"(?P<VARIABLE>[?$][{letter}0-9][{letter}0-9{marks}]*+)",
        rf"(?P<NAME>:(?:{local})?+)",
        rf"(?P<BLANK>_:[{letter}0-9](?:\.*+[{character}])*+)",
        r"(?P<LANGUAGE>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--(?:ltr|rtl)(?![A-Za-z]))?+)",
        r"(?P<NUMBER>(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)[eE][+\-]?[0-9]++|[0-9]*+\.[0-9]++|[0-9]++)",
        rf"(?P<WORD>[{letter}][{letter}0-9{marks}]*+)",
        # In `<<iri>` the first sign is the operator.
        r"(?P<MARK>\^\^|&&|\|\||!=|<=|>=|<(?=<[^<>\"{}|^`\\\x00-\x20]*+>)|<<|>>|[{}()\[\];,.|/^*+!=<>\-?~])",
    )
    forms = (rf"[{_SPACE}]*+(?:" + "|".join(kinds) + ")", rf"[{character}.]*+", rf"[{base}]", rf":(?:{local})?+")
    return _Patterns(*map(re.compile, forms))


def tokens_of(source: Source, start: int = 0, *, operator: bool = False) -> Iterator[Token]:
    """The tokens of a source, as `tokenize`; what is none is told at the place at which it was written.

    :raises QueryError: as `tokenize`
    """
    try:
        yield from tokenize(source.text, start, operator=operator)
    except QueryError as error:
        raise QueryError(problems=[_moved(problem, source) for problem in error.problems]) from None


def _moved(problem: Problem, source: Source) -> Problem:
    at = problem.position
    assert at is not None, "what is no token has its place"
    assert at.column is not None, "what is no token has its place"
    starts = [0, *(match.end() for match in _LINE_END.finditer(source.text))]
    return replace(problem, position=source.position(starts[at.line - 1] + at.column - 1))


def tokenize(text: str, start: int = 0, *, operator: bool = False) -> Iterator[Token]:
    """The tokens of a text whose escapes are resolved, from an offset on; white space is what lies between them.

    With `operator`, the first is the operator `<`, also where an IRI begins.

    :raises QueryError: if a character or an unfinished string can begin no token

    >>> [token.text for token in tokenize("SELECT * { ?s a <http://x/#y> } # end")]
    ['SELECT', '*', '{', '?s', 'a', '<http://x/#y>', '}', '# end']
    """
    place, no_name_before = start, start
    if operator:
        place += 2 if text.startswith("<=", start) else 1
        yield Token(Kind.MARK, text[start:place], start, place)
    end = len(text.rstrip(_SPACE))
    patterns, kinds = _patterns(_ASCII, "") if text.isascii() else _patterns(_BASE, _MARKS), Kind.__members__
    match_token = patterns.token.match
    while place < end:
        match = match_token(text, place)
        if match is None:
            raise _unreadable(text, place)
        kind = kinds[match.lastgroup or "MARK"]
        begin, place = match.span(match.lastgroup or 0)
        if kind is Kind.WORD and begin >= no_name_before and patterns.letter.match(text, begin):
            run = patterns.run.match(text, begin)
            after = run.end() if run else place
            if text[after : after + 1] == ":" and text[after - 1] != ".":
                name = patterns.after_colon.match(text, after)
                kind, place = Kind.NAME, name.end() if name else after + 1
            else:
                no_name_before = after
        yield Token(kind, text[begin:place], begin, place)


def _unreadable(text: str, place: int) -> QueryError:
    place += len(text[place:]) - len(text[place:].lstrip(_SPACE))
    where = Source(text, text).position(place)
    if text[place] in "\"'":
        return QueryError("a string that does not end, or holds an escape that SPARQL does not know", position=where)
    return QueryError(f"the character {text[place]!r} cannot stand here", position=where)
