"""Names that mean something to another product, and nothing here: an error by name, never an empty answer.

`products.tsv` lists them with the part of a query that they stand in, and what is to be done instead. What is answered
here after all is none of them: `text:query` and `bif:contains` are searches (`kg.sparql.texts`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from kg.errors import QueryError
from kg.sparql.language.query import read_unchecked
from kg.sparql.language.syntax import (
    Alternative,
    Graph,
    Inverse,
    Iri,
    Negated,
    Query,
    Repeated,
    Sequence,
    Service,
    Span,
    TriplePattern,
)
from kg.sparql.language.tokens import Kind as Is
from kg.sparql.language.tokens import Token
from kg.sparql.messages import may_be_foreign
from kg.sparql.messages.mistake import Edit, Kind, Mistake, insert, named
from kg.sparql.messages.prefixes import declaration, undeclared
from kg.sparql.messages.reading import Reading, read, resolved
from kg.sparql.texts.model import BIF, CONTAINS

_USUAL: Final[Mapping[str, str]] = MappingProxyType({
    BIF: f"{BIF}:", "apf": "http://jena.apache.org/ARQ/property#",
    "list": "http://jena.apache.org/ARQ/list#", "bds": "http://www.bigdata.com/rdf/search#",
    "bd": "http://www.bigdata.com/rdf#", "hint": "http://www.bigdata.com/queryHints#",
    "gas": "http://www.bigdata.com/rdf/gas#", "wikibase": "http://wikiba.se/ontology#",
    "mwapi": "https://www.mediawiki.org/ontology#API/", "luc": "http://www.ontotext.com/owlim/lucene#",
    "elastic": "http://www.ontotext.com/connectors/elasticsearch#", "solr": "http://www.ontotext.com/connectors/solr#",
    "omgeo": "http://www.ontotext.com/owlim/geo#", "rank": "http://www.ontotext.com/owlim/RDFRank#",
    "sesame": "http://www.openrdf.org/schema/sesame#", "onto": "http://www.ontotext.com/",
    "fts": "tag:stardog:api:search:", "stardog": "tag:stardog:api:",
    "fti": "http://franz.com/ns/allegrograph/2.2/textindex/", "search": "http://www.openrdf.org/contrib/lucenesail#",
    "ql": "http://qlever.cs.uni-freiburg.de/builtin-functions/",
})  # fmt: skip
"""The prefixes that those products declare by themselves."""


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """One name, or all names that begin alike."""

    iri: str
    is_beginning: bool
    role: str
    """The part of a query that it stands in: `predicate`, `service` or `graph`."""
    shown: str
    product: str
    advice: str
    """What to do instead: a key of `wording`."""

    def fits(self, iri: str, role: str) -> bool:
        """Whether an IRI in a part of a query is this name."""
        return role == self.role and (iri.startswith(self.iri) if self.is_beginning else iri == self.iri)


@cache
def names() -> tuple[Name, ...]:
    """All that are known, the longest first.

    >>> next(name for name in names() if name.fits("bif:xcontains", "predicate")).product
    'Virtuoso'
    """
    lines = files("kg.sparql.messages").joinpath("products.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    found = [
        Name(iri, match == "prefix", role, shown, product, advice) for iri, match, role, shown, product, advice in rows
    ]
    return tuple(sorted(found, key=lambda name: -len(name.iri)))


def known(iri: str, role: str) -> Name | None:
    """The product's name that an IRI is, in a part of a query."""
    return next((name for name in names() if name.fits(iri, role)), None)


def expanded(reading: Reading, name: str) -> str:
    """The IRI that a name of a query means, as far as its declarations tell, or those of the products."""
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    for word, declared, iri in zip(reading.tokens, reading.tokens[1:], reading.tokens[2:], strict=False):
        if word.is_word("PREFIX") and declared.text == f"{prefix}:":
            return iri.text[1:-1] + local
    return _USUAL.get(prefix, f"{prefix}:") + local


def mistake(name: Name, start: int, end: int, shown: str) -> Mistake:
    """That a query uses a name of another product."""
    told = named(name=shown, product=name.product)
    return Mistake(Kind.FOREIGN, "foreign", start, end, told, certain=True, hint=f"foreign-{name.advice}")


def foreign(text: str, base: str | None, has: Callable[[str], bool]) -> tuple[Mistake, ...]:
    """The names of other products in a query, escapes not resolved, that mean nothing here.

    :param has: whether the data use an IRI as a property or a graph, so that it means something after all
    """
    if not may_be_foreign(text):
        return ()
    reading = read(resolved(text).text, base)
    try:
        query = read_unchecked(reading.text, base)
    except QueryError:
        return ()  # the engine tells it
    found = []
    for iri, role in _used(query):
        name = known(iri.value, role)
        if name is not None and not has(iri.value):
            at = iri.at or Span(0, 0)
            found.append(mistake(name, at.start, at.end, reading.text[at.start : at.end]))
    return tuple(sorted(found, key=lambda one: one.start))


def _used(query: Query) -> Iterator[tuple[Iri, str]]:
    """The IRIs of a query that stand for a property or a graph; what a SERVICE clause holds is asked elsewhere."""
    yield from ((iri, "graph") for iri in (*query.default_graphs, *query.named_graphs))
    rest: list[object] = [query.body]
    while rest:
        node = rest.pop()
        if isinstance(node, tuple):
            rest += node
            continue
        if isinstance(node, TriplePattern):
            yield from ((iri, "predicate") for iri in _of_path(node.predicate))
        elif isinstance(node, Graph) and isinstance(node.name, Iri):
            yield node.name, "graph"
        if dataclasses.is_dataclass(node) and not isinstance(node, (type, Service)):
            rest += [getattr(node, field.name) for field in dataclasses.fields(node)]


def _of_path(path: object) -> Iterator[Iri]:
    match path:
        case Iri():
            yield path
        case Inverse(inner) | Repeated(path=inner):
            yield from _of_path(inner)
        case Sequence(parts) | Alternative(parts):
            for part in parts:
                yield from _of_path(part)
        case Negated(forwards, backwards):
            yield from (*forwards, *backwards)


def given(reading: Reading) -> tuple[Edit, ...]:
    """The declaration of the prefix that a search has without one (`kg.sparql.texts`), if a query has such a search."""
    uses = {token.text for token in reading.tokens if token.kind is Is.NAME and token.text.startswith(f"{BIF}:")}
    if uses != {CONTAINS} or BIF not in undeclared(reading):
        return ()
    return insert(0, declaration(BIF, _USUAL[BIF]) + " ")


def foreign_names(reading: Reading, _place: int) -> Iterator[Mistake]:
    """Names of other products under prefixes that these declare by themselves, and this query does not."""
    for prefix in undeclared(reading):
        space = _USUAL.get(prefix)
        if space is None:
            continue
        cure = insert(0, declaration(prefix, space) + " ")
        for token in reading.tokens:
            role = next((r for r in ("predicate", "service", "graph") if known(space + _local(token, prefix), r)), None)
            iri = space + _local(token, prefix)
            name = known(iri, role) if role and iri != space else None
            if name is not None:
                yield dataclasses.replace(mistake(name, token.start, token.end, token.text), cure=cure)
                break


def _local(token: Token, prefix: str) -> str:
    before, _, local = token.text.partition(":")
    return local if token.kind is Is.NAME and before == prefix else ""
