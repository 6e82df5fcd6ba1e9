"""The SPARQL of what a page of a table shows: its rows, filters and order, to be changed on the page of queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kg.terms import PREFIXES, compress
from server.lookup import iri_ref
from server.pages.addresses import local_name
from server.pages.rows import ROWS
from server.pages.tables.asking import Asked
from server.pages.tables.columns import Column
from server.pages.tables.facets import Facet, Rows, counts_of, rows_of

_UNNAMED: Final = re.compile(r"\W+")
_NUMBERED: Final = " ; csvw:rownum ?number"
_OURS: Final = re.compile(r"[vc]\d+b?[sihlgp]?")
"""The variables of filters."""
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>"\s]*>|\b[a-z][a-z0-9]*:(?=[A-Za-z])')
_LOCAL: Final = re.compile(r"[a-z][a-z0-9]*:[A-Za-z][A-Za-z0-9_]*")


def query_of(base: str, table: str, asked: Asked, columns: Sequence[Column]) -> str:
    """A query that gives the rows of a page, a column of the page in each of its own.

    A cell of several values gives several rows, and a row without a value stays. The rows are chosen in a group of
    their own: a condition beside the optional parts of a group is met last, by every cell of every row (SPARQL 1.1,
    section 18.2.2.9), which took sixty times as long for a table of fifty rows.
    """
    graph = iri_ref(f"{base}graph/claims")
    named = dict(zip(columns, _names(columns), strict=True))
    falls = f"DESC(?{named[asked.sort]}) " if asked.descending and asked.sort else ""
    order = falls or (f"?{named[asked.sort]} " if asked.sort else "")
    body = (
        f"SELECT DISTINCT ?row ?claim {' '.join(f'?{name}' for name in named.values())} WHERE {{\n"
        f"  {{ {rows_of(table, asked.only, graph, _NUMBERED)}"
        + (f"\n  FILTER(?number = {asked.row - 1})" if asked.row else "")
        + " }\n"
        + "".join(f"  {line}\n" for line in _cells(named, graph))
        + f"}}\nORDER BY {order}?number\nLIMIT {ROWS}\nOFFSET {asked.page * ROWS}\n"
    )
    return prefixed(body)


def counts(base: str, rows: Rows, asked: Asked, facet: Facet) -> str:
    """A query that counts all values of a column, of the rows that meet the filters."""
    return prefixed(counts_of(base, rows, asked.only, facet.counting))


def _cells(named: Mapping[Column, str], graph: str) -> Iterator[str]:
    """The patterns of the columns; those of one value without a name of its own, as of an amount, stand together."""
    inner: dict[str, list[str]] = {}
    for column, name in named.items():
        link = iri_ref(column.path[-1])
        if column.of_claims:
            yield f"OPTIONAL {{ GRAPH {graph} {{ ?claim {link} ?{name} }} }}"
        elif len(column.path) == 1:
            yield f"OPTIONAL {{ GRAPH ?claim {{ [] {link} ?{name} }} }}"
        else:
            inner.setdefault(column.path[0], []).append(f"OPTIONAL {{ ?it {link} ?{name} }}")
    for number, (first, further) in enumerate(inner.items()):
        parts = " ".join(further).replace("?it ", f"?node{number} ")
        yield f"OPTIONAL {{ GRAPH ?claim {{ [] {iri_ref(first)} ?node{number} . {parts} }} }}"


def prefixed(text: str) -> str:
    """A query with prefixes in place of IRIs, as far as a name may be written so, and their declarations.

    >>> print(prefixed('ASK { ?x <http://purl.org/dc/terms/title> "<http://purl.org/dc/terms/title>" }'))
    PREFIX dct: <http://purl.org/dc/terms/>
    ASK { ?x dct:title "<http://purl.org/dc/terms/title>" }
    """
    used: set[str] = set()

    def shorter(found: re.Match[str]) -> str:
        token = found[0]
        if token[0] == "<":
            short = compress(token[1:-1])
            token = short if _LOCAL.fullmatch(short) else token
        if token[0] not in '<"' and (name := token.partition(":")[0]) in PREFIXES:
            used.add(name)
        return token

    body = _TOKEN.sub(shorter, text)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in sorted(used)) + body


def _names(columns: Iterable[Column]) -> Iterator[str]:
    """Variables that say what they hold, each another one.

    >>> list(_names([Column(("http://e.org/unit",)), Column(("http://e.org/q", "http://e.org/unit"))]))
    ['unit', 'q_unit']
    """
    taken = {"row", "claim", "number"}
    for column in columns:
        name = "_".join(_UNNAMED.sub("_", local_name(iri)) for iri in column.path).strip("_") or "value"
        name = f"_{name}" if name[0].isdigit() else name
        while name in taken or _OURS.fullmatch(name) or name.startswith("node"):
            name = f"_{name}"
        taken.add(name)
        yield name
