"""The values of the columns of an answer with the numbers of their rows, and the rows that have some of them.

All rows of the answer are counted, by what they hold: a column here is a variable. Filters and counts are those of
tables, see `server.pages.tables`; an answer is at hand, so that no further query is asked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.terms import expand
from server.lookup import Term, term_of
from server.pages.querying.arranging import Table
from server.pages.tables.asking import MOST_FILTERS, AskedWrongly, counting_of
from server.pages.tables.columns import Column
from server.pages.tables.dates import PARTS, dated, parts_of
from server.pages.tables.facets import MOST, SHOWN, Counted, Counting, Facet, only_last
from server.pages.tables.filters import Filter, read_filter
from server.pages.tables.operators import Untestable, value_of

MOST_COUNTED: Final = 100_000
"""Rows of an answer that a page counts; of more of them a query itself counts."""
NARROWING: Final = ("is", "during", "empty")
"""The tests that counts lead to."""
LONGEST_NAME: Final = 100
"""Characters of the name of a column."""
LONGEST_WAY: Final = 500
"""Characters of a value that a page leads by: each stands in the page once more."""
WITHOUT: Final = "without"
"""The parameter that takes another one away, `NAME=VALUE`: buttons of a form can only add."""
_ROOM: Final = 2 * SHOWN
"""Values of all columns that are counted."""
_PLAIN: Final = frozenset(map(expand, ("xsd:string", "rdf:langString", "rdf:dirLangString")))
_LIMIT: Final = re.compile(r"\bLIMIT\s+([0-9]+)\b", re.IGNORECASE | re.ASCII)

_Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The rows of an answer that meet filters, in its order, and what they hold."""

    table: Table
    facets: tuple[Facet, ...] = ()
    unknown: tuple[str, ...] = ()
    """The columns that were asked for and that the answer has not."""
    is_counted: bool = True
    """Whether all this was done: not for more than `MOST_COUNTED` rows."""


NOT_NARROWED: Final = Narrowed(Table((), (), dict))
"""No rows at all."""


def read_facets(pairs: Iterable[tuple[str, str]]) -> tuple[Counting, ...]:
    """What a request counts.

    :raises AskedWrongly: if it is too much, or no part of dates

    >>> [it.parameter for it in read_facets([("facet.year", "when"), ("facet", "who"), ("without", "facet=who")])]
    [('facet.year', 'when')]
    """
    found = []
    for name, key in _given(pairs):
        kind, _, part = name.partition(".")
        if kind == "facet":
            found.append(counting_of(_column(key), part))
    counted = only_last(found)
    if len(counted) > MOST:
        raise AskedWrongly("wrong_many", filters=MOST_FILTERS, columns=MOST)
    return counted


def read_held(pairs: Iterable[tuple[str, str]]) -> tuple[Filter, ...]:
    """The filters that rows are to meet.

    :raises AskedWrongly: if they are too many, or none that a count leads to
    """
    found = []
    for name, words in _given(pairs):
        test, _, key = name.partition(".")
        if test in NARROWING and key:
            if len(words) > LONGEST_WAY:
                raise AskedWrongly("wrong_long", most=LONGEST_WAY)
            try:
                found.append(read_filter(_column(key), test, words))
            except Untestable as error:
                raise AskedWrongly(error.key, error.words) from None
    if len(found) > MOST_FILTERS:
        raise AskedWrongly("wrong_many", filters=MOST_FILTERS, columns=MOST)
    return tuple(dict.fromkeys(found))


def _given(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    pairs = tuple(pairs)
    without = {(_unnumbered(it[0]), it[2]) for name, value in pairs if name == WITHOUT for it in [value.partition("=")]}
    return [(name, value) for name, value in pairs if value.strip() and (_unnumbered(name), value) not in without]


def _unnumbered(name: str) -> str:
    """The name of a parameter that counts, from whichever value on."""
    first, _, last = name.rpartition(".")
    return first if first.startswith("facet") and last.isdecimal() else name


def _column(name: str) -> Column:
    name = name.strip().removeprefix("?")
    if not name or len(name) > LONGEST_NAME:
        raise AskedWrongly("wrong_column", name)
    return Column((name,))


def narrow(table: Table, held: Sequence[Filter]) -> Narrowed:
    """The rows of an answer that meet all filters; a column that it has not filters nothing."""
    unknown = _unknown(table, (it.column for it in held))
    if not held:
        return Narrowed(table)
    if len(table.raw) > MOST_COUNTED:
        return Narrowed(table, unknown=unknown, is_counted=False)
    found = table
    for one in held:
        name = one.column.key
        if name not in unknown:
            passes, (keys, terms) = _test(one), found.cells(name)
            passed = {key for key, term in terms.items() if passes(term)}
            found = found.with_rows([row for row, key in zip(found.raw, keys, strict=True) if key in passed])
    return Narrowed(found, unknown=unknown)


def count(narrowed: Narrowed, asked: Sequence[Counting]) -> Narrowed:
    """The same with the values of columns counted."""
    table = narrowed.table
    unknown = tuple(dict.fromkeys((*narrowed.unknown, *_unknown(table, (it.column for it in asked)))))
    if len(table.raw) > MOST_COUNTED:
        return replace(narrowed, unknown=unknown, is_counted=narrowed.is_counted and not asked)
    known = [it for it in asked if it.column.key not in unknown]
    most = min(SHOWN, _ROOM // max(1, len(known)))
    facets = tuple(_counted(it, *table.cells(it.column.key), most) for it in known)
    return replace(narrowed, facets=facets, unknown=unknown)


def ends_at_limit(query: str, rows: int) -> bool:
    """Whether an answer has as many rows as a LIMIT of its query lets through: there may be others.

    >>> ends_at_limit("SELECT * { ?s ?p ?o } limit 20", 20), ends_at_limit("SELECT * { ?s ?p ?o } LIMIT 20", 19)
    (True, False)
    """
    return any(int(it[:18]) == rows for it in _LIMIT.findall(query))


def _unknown(table: Table, columns: Iterable[Column]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(it.key for it in columns if it.key not in table.columns))


def _test(one: Filter) -> Callable[[Term | None], bool]:
    match one.test:
        case "is":
            value = value_of(one.words)
            wanted = None if value is None else _key(term_of(value))
            return lambda term: term is not None and _key(term) == wanted
        case "during":
            part = PARTS[one.words.count("-")]
            return lambda term: term is not None and one.words in parts_of(term, part)
        case "empty":
            return lambda term: term is None
    raise ValueError(one.test)


def _key(term: Term) -> _Key:
    """What tells a term from others: JSON leaves out what no datatype but the usual one would be."""
    return term.kind, term.value, term.language, "" if term.datatype in _PLAIN else term.datatype, term.direction


def _counted(counting: Counting, keys: Iterable[Hashable], terms: Mapping[Hashable, Term | None], most: int) -> Facet:
    rows: defaultdict[Term, int] = defaultdict(int)
    without = 0
    for key, number in Counter(keys).items():
        found = _of(counting.part, terms[key])
        without += 0 if found else number
        for it in found:
            rows[it] += number
    start = counting.start if counting.start < len(rows) else 0
    last = start + most
    first = nsmallest(last, rows.items(), key=lambda it: (-it[1], it[0].value, it[0].language, it[0].datatype))[start:]
    values = tuple(Counted(term, number, term.value if counting.part else written(term)) for term, number in first)
    return Facet(counting.at(start), values, len(rows) > last, len(rows) - start - len(values), without)


def _of(part: str, term: Term | None) -> Sequence[Term]:
    """What a row with this value is counted for."""
    if term is None or not part:
        return () if term is None else (term,)
    return tuple(map(dated, sorted(parts_of(term, part))))


def written(term: Term) -> str:
    """A value as a filter names it: as N-Triples write it; empty for what these cannot name, and for what is long.

    >>> written(Term("literal", "سنة", "ar")), written(Term("blank", "b0")), written(Term("iri", "no IRI"))
    ('"سنة"@ar', '', '')
    """
    match term.kind:
        case "iri":
            text = f"<{term.value}>"
        case "literal" if term.language:
            text = str(Literal(term.value, language=term.language))
        case "literal" if term.datatype:
            text = str(Literal(term.value, datatype=NamedNode(term.datatype)))
        case "literal":
            text = str(Literal(term.value))
        case "blank" | "triple":
            return ""
        case _:
            raise ValueError(term.kind)
    value = value_of(text) if len(text) <= LONGEST_WAY else None
    return text if value is not None and _key(term_of(value)) == _key(term) else ""
