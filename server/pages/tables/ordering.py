"""The rows of a table that fit what is asked, in its order: found once for many pages, for a release never changes."""

from __future__ import annotations

import re
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from kg.sparql.guard import Form, Query
from server.engine import Dataset
from server.http.results import TSV
from server.lookup import rank, term_of
from server.pages.addresses import name_of
from server.pages.language import order
from server.pages.querying.arranging import MOST_NAMED, text_order
from server.pages.tables.asking import Asked
from server.pages.tables.facets import PROLOGUE, Facets, rows_of
from server.pages.tables.filters import values_of
from server.releases import Release

ORDERS: Final = "orders"
"""Where the application keeps its `Orders`."""
_PATIENCE: Final = 8.0
"""How long rows are looked for, in seconds."""
_KEPT: Final = 2_000_000
"""Rows of all orders that are kept, eight bytes each."""
_PLACE: Final = re.compile(r"#(row|item)=([1-9][0-9]{0,15})$")

_Value = NamedNode | BlankNode | Literal | Triple
_Key = tuple[float, str]


@dataclass(frozen=True, slots=True)
class Order:
    """Rows in an order."""

    places: array[int]
    """Their numbers in the file; those of items are below zero."""
    by_names: bool = True
    """Whether things were sorted by their names: of very many, nobody looks those up."""

    def rows(self, table: str, first: int, most: int) -> list[str]:
        """The IRIs of so many rows from a place in the order on."""
        return [_iri(table, place) for place in self.places[first : first + most]]


class Orders:
    """Finds orders, and keeps those that were asked for last; safe to be called by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._release: Release | None = None
        self._kept: OrderedDict[tuple[object, ...], Order] = OrderedDict()
        self.facets = Facets()

    def of(self, release: Release, table: str, asked: Asked, language: str) -> Order:
        """The rows that fit the filters, in the order asked for; without one, in that of the file.

        The whole table is read by an engine process and within its limits, as for a stranger's query.

        :raises DeadlineExceeded: if it takes longer than some seconds
        :raises KgError: if the engine fails otherwise
        :raises ValueError: if a column is no IRI
        """
        key = (table, asked.only, asked.sort, asked.descending, language)
        with self._lock:
            if release is not self._release:
                self._release = release
                self._kept.clear()
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        found = _found(release, table, asked, language)
        with self._lock:
            if release is self._release:
                self._kept[key] = found
                while len(self._kept) > 1 and sum(len(one.places) for one in self._kept.values()) > _KEPT:
                    self._kept.popitem(last=False)
        return found


def _found(release: Release, table: str, asked: Asked, language: str) -> Order:
    values = _read(release, table, asked)
    if asked.sort is None:
        return Order(array("q", sorted(values, key=abs)))
    things = {value.value for found in values.values() for value in found if isinstance(value, NamedNode)}
    names = _names(release, things, language)
    keys = _Keys(language, names or {}, lambda iri: name_of(release, iri))
    return Order(_sorted(values, keys, descending=asked.descending), names is not None)


def _read(release: Release, table: str, asked: Asked) -> Mapping[int, list[_Value]]:
    """The rows that fit, by their places, with their values in the column to sort by."""
    graph = f"<{release.base}graph/claims>"
    column = "" if asked.sort is None else f"OPTIONAL {{ {values_of(asked.sort, 'k', graph)} }}"
    query = f"""{PROLOGUE}SELECT {"?row ?k" if column else "?row"} WHERE {{
      {{ {rows_of(table, asked.only, graph)} }}
      {column} }}"""
    # Neither sorted nor grouped there: plain rows are what the engine is fastest at.
    answer = release.strangers.evaluate(Query(Form.SELECT, query), Dataset(), TSV.media_type, timeout=_PATIENCE)
    solutions = parse_query_results(answer, format=QueryResultsFormat.TSV)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(solutions)
    found: dict[int, list[_Value]] = {}
    for solution in solutions:
        place = _place(solution[0])
        if place is not None:
            listed = found.setdefault(place, [])
            if column and (value := solution[1]) is not None:
                listed.append(value)
    return found


def _place(row: object) -> int | None:
    match = _PLACE.search(row.value) if isinstance(row, NamedNode) else None
    if match is None:
        return None
    return int(match[2]) if match[1] == "row" else -int(match[2])


def _iri(table: str, place: int) -> str:
    return f"{table}#row={place}" if place > 0 else f"{table}#item={-place}"


def _names(release: Release, things: Iterable[str], language: str) -> Mapping[str, str] | None:
    """The names of things; None if there are too many to look for."""
    iris = tuple(things)
    if len(iris) > MOST_NAMED:
        return None
    labels = ((iri, release.label(iri, order(language))) for iri in iris)
    return {iri: label.text for iri, label in labels if label is not None}


class _Keys:
    """What values are sorted by: numbers by themselves, texts and names in the order of a language."""

    def __init__(self, language: str, names: Mapping[str, str], otherwise: Callable[[str], str]) -> None:
        self._language, self._names, self._otherwise = language, names, otherwise
        self._texts = text_order(language)

    def number(self, value: _Value) -> float | None:
        """That of a number; None for anything else."""
        if not isinstance(value, Literal) or value.language is not None:
            return None
        _, is_text, number, *_ = rank(term_of(value))
        return None if is_text else number

    def texts(self, values: Iterable[_Value]) -> list[str]:
        """Those of texts and things; where some are in the language of the page, of these alone."""
        spoken: list[str] = []
        others: list[str] = []
        for value in values:
            if isinstance(value, Literal):
                (spoken if value.language == self._language else others).append(value.value)
            elif isinstance(value, NamedNode):
                others.append(self._names.get(value.value) or self._otherwise(value.value))
        return [self._texts(text) for text in spoken or others]


def _sorted(values: Mapping[int, list[_Value]], keys: _Keys, *, descending: bool) -> array[int]:
    """Numbers before texts, rows without a value last, whichever way round; equal ones as they stand in the file."""
    chosen = max if descending else min
    numbers: list[tuple[float, int]] = []
    texts: list[tuple[str, int]] = []
    without: list[int] = []
    for place in sorted(values, key=abs):
        found = [number for value in values[place] if (number := keys.number(value)) is not None]
        if found:
            numbers.append((chosen(found), place))
        elif words := keys.texts(values[place]):
            texts.append((chosen(words), place))
        else:
            without.append(place)
    numbers.sort(key=lambda one: one[0], reverse=descending)
    texts.sort(key=lambda one: one[0], reverse=descending)
    return array("q", (*(place for _, place in numbers), *(place for _, place in texts), *without))
