"""How far a query can be read, and what may stand where it cannot be read on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.errors import QueryError
from kg.sparql.language.query import read_unchecked
from kg.sparql.language.scoping import check
from kg.sparql.language.tokens import Source
from kg.sparql.messages.brackets import left_open
from kg.sparql.messages.mistake import Kind, Mistake, named
from kg.sparql.messages.prefixes import relative_iris
from kg.sparql.messages.reading import Reading, offset_of, read
from kg.sparql.messages.variables import mistakes_of

_PROBES: Final = (
    ("end", ""), ("AS", "AS"), ("variable", "?x"), ("iri", "<urn:x>"), ("text", '"x"'), ("number", "1"),
    ("function", "STR("),
    ("(", "("), (")", ")"), ("{", "{"), ("}", "}"), ("[", "["), ("]", "]"), (".", "."), (";", ";"), (",", ","),
    ("*", "*"), ("operator", "="), ("BY", "BY"), ("DISTINCT", "DISTINCT"), ("WHERE", "WHERE"),
    ("SELECT", "SELECT"), ("ASK", "ASK"), ("CONSTRUCT", "CONSTRUCT"), ("DESCRIBE", "DESCRIBE"), ("PREFIX", "PREFIX"),
    ("FILTER", "FILTER"), ("OPTIONAL", "OPTIONAL"), ("UNION", "UNION"), ("BIND", "BIND"), ("VALUES", "VALUES"),
    ("EXISTS", "EXISTS"), ("GROUP", "GROUP"), ("ORDER", "ORDER"), ("LIMIT", "LIMIT"),
)  # fmt: skip
"""What is tried in a place, with a word for each: enough to say what may stand there."""
_SIMPLE: Final = ("variable", "iri", "text", "number", "function", "(")
_MOST: Final = 7
"""Kinds of words that a sentence lists."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a text was read."""

    place: int
    """Where it cannot be read on, or where the first mistake of its variables stands; the length for neither."""
    is_read: bool
    """Whether it could be read to its end."""
    mistakes: tuple[Mistake, ...] = ()
    """What is wrong with its variables."""
    strays: int = 0
    """How many characters begin no token: as long as there is one, nothing is read at all."""
    left_open: int = 0
    """How many brackets are opened and not closed."""

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong, as far as this can tell."""
        return self.is_read and not self.mistakes


def judge(reading: Reading) -> Verdict:
    """Read a query, and look at what it does with its variables.

    >>> judge(read("SELECT * { ?s ?p ?o ")).place, judge(read("ASK {}")).is_right
    (20, True)
    """
    text = reading.text
    try:
        query = read_unchecked(text, reading.base)
    except QueryError as error:
        return Verdict(_place(text, error), is_read=False, strays=len(reading.strays), left_open=left_open(reading))
    mistakes = (*mistakes_of(query, reading), *relative_iris(reading, len(text)))
    if not mistakes:
        try:
            check(query, Source(text, text))
        except QueryError as error:
            mistakes = (_of_rule(reading, error),)
    return Verdict(mistakes[0].start if mistakes else len(text), is_read=True, mistakes=mistakes)


def _of_rule(reading: Reading, error: QueryError) -> Mistake:
    """A rule of scope that nothing here has other words for."""
    problem = error.problems[0]
    place = _place(reading.text, error)
    token = reading.token(reading.index(place))
    told = named(token=reading.shown(token), reason=problem.message)
    return Mistake(Kind.RULE, "rule", place, max(place, min(token.end, len(reading.text))), told, certain=True)


def _place(text: str, error: QueryError) -> int:
    at = error.problems[0].position
    return offset_of(text, at.line, at.column or 1) if at else 0


def expected(reading: Reading, place: int) -> tuple[str, ...]:
    """What may stand in a place that the query cannot be read beyond, by the names of `wording`, or as it is written.

    Each is tried, and taken if the text up to it can be read beyond its beginning.

    >>> expected(read("SELECT ?x { ?x ?p }"), 18)
    ('variable', 'iri', 'text', 'number', '(', '[')
    """
    start = reading.text[:place]
    found = []
    for name, probe in _PROBES:
        tried = read(f"{start} {probe}", reading.base)
        verdict = judge(tried)
        if verdict.is_read or (probe and verdict.place > place + 1):
            found.append(name)
    return _summed(found)


def _summed(found: list[str]) -> tuple[str, ...]:
    """A long list made short: an expression for all that begins one."""
    if all(name in found for name in _SIMPLE):
        found = ["expression", *(name for name in found if name not in _SIMPLE and name not in {"[", "{", "EXISTS"})]
    elif "function" in found:
        found.remove("function")
    if "operator" in found:  # `<` and `*` are two of them
        found = [name for name in found if name not in {"iri", "*"}]
    return tuple(found[:_MOST])
