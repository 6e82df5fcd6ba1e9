"""Queries asked of a store in memory, as every door asks them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pyoxigraph import QueryBoolean, RdfFormat, Store

from kg.errors import Problem
from kg.sparql.repair import Repaired
from kg.sparql.repair.asking import Manner, Noting, asked_of, settled

PREFIXES = "PREFIX : <http://e/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"
_SHORT = re.compile(r"\^\^<http://www\.w3\.org/2001/XMLSchema#(\w+)>")


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows of an answer, each a mapping of what it binds, and how the query was rewritten."""

    columns: tuple[str, ...]
    rows: Counter[frozenset[tuple[str, str]]]
    repaired: Repaired
    notes: tuple[Problem, ...] = ()
    """Which values were errors."""

    @property
    def rules(self) -> list[str]:
        return [rule.name for rule in self.repaired.rules]

    @property
    def warnings(self) -> list[str]:
        return [warning.code for warning in self.repaired.warnings]

    @property
    def cells(self) -> list[tuple[str, ...]]:
        """The rows in some order, a cell without a value as the empty string."""
        found = [dict(row) for row in self.rows.elements()]
        return sorted(tuple(row.get(name, "") for name in self.columns) for row in found)


def spelt(term: Any) -> str:
    return _SHORT.sub(r"^\1", str(term)).replace("<http://e/", "<")


def _store(trig: str) -> Store:
    store = Store()
    store.load(f"@prefix : <http://e/> .\n{trig}".encode(), format=RdfFormat.TRIG)
    return store


def _asked(store: Store, query: str, without: tuple[str, ...] = ()) -> Asked:
    def attempt(noting: Noting) -> tuple[tuple[str, ...], list[frozenset[tuple[str, str]]], Repaired]:
        found, done = asked_of(store, PREFIXES + query, Manner(without), noting)
        if isinstance(found, QueryBoolean):
            return ("",), [frozenset((("", str(bool(found)).lower()),))], done
        columns = tuple(variable.value for variable in found.variables)
        bound = [[(name, row[name]) for name in columns if row[name] is not None] for row in found]
        return columns, [frozenset((name, spelt(term)) for name, term in row) for row in bound], done

    (columns, rows, done), noting = settled(attempt)
    return Asked(columns, Counter(rows), done, noting.problems())


@pytest.fixture
def ask() -> Callable[..., Asked]:
    def ask(query: str, data: str = "", without: tuple[str, ...] = ()) -> Asked:
        return _asked(_store(data), query, without)

    return ask


@pytest.fixture
def asked() -> Callable[..., Asked]:
    return _asked


@pytest.fixture
def store_of() -> Callable[[str], Store]:
    return _store
