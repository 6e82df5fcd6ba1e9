"""The searches of a query as inline data: a tree to a tree, whatever finds the texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from kg.errors import Problem, QueryError
from kg.sparql.language.syntax import (
    Call,
    Element,
    Filter,
    Graph,
    Group,
    InlineData,
    Iri,
    Literal,
    Membership,
    Query,
    Select,
    Service,
    Term,
    TriplePattern,
    Triples,
    Variable,
)
from kg.sparql.texts.model import CONTAINS, MOST, Match, Matches, Sought, Texts
from kg.sparql.texts.reading import Search, read, words_of

_LANGUAGE_STRING: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_DOUBLE: Final = "http://www.w3.org/2001/XMLSchema#double"
_MEMBERS: Final = 1_000
"""Texts that a condition is compared with, one after the other."""
_CHARACTERS: Final = 4_000_000
"""Of the texts that are written into a query."""
_UNINDEXED: Final = "run kg build, which adds an index to a release, or kg serve with --search"
_OWN: Final = MappingProxyType(
    {"thing": Variable("text_thing"), "literal": Variable("text_literal"), "property": Variable("text_link")}
)
"""What a search within GRAPH needs beside what it is asked for; a sub-select keeps it to itself."""
_Cell: TypeAlias = Iri | Literal | None
_Name: TypeAlias = Iri | Variable | None


def answered(query: Query, texts: Texts | None) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose searches are answered, and what the answer leaves out; the query itself where it has none.

    :raises QueryError: if a search is written as none can be, or there is nothing to search in
    """
    rewriting = _Rewriting(texts)
    done = rewriting.of(query, None)
    return done, tuple(dict.fromkeys(rewriting.warnings))


@dataclass(slots=True)
class _Rewriting:
    texts: Texts | None
    warnings: list[Problem] = field(default_factory=list)

    def of(self, value: Any, graph: _Name) -> Any:
        """A value of a tree with its searches answered, within GRAPH of a name; the value itself where it has none."""
        match value:
            case Service() | Triples() | InlineData():
                return value  # who is asked by SERVICE searches there
            case Graph():
                return _with(value, {"group": self.of(value.group, value.name)})
            case Group():
                return self._group(value, graph)
            case Call(function=Iri(value=name)) if name == CONTAINS:
                return self._condition(value, graph)
            case tuple():
                parts = tuple(self.of(part, graph) for part in value)
                return value if _same(parts, value) else parts
        return self._parted(value, graph) if is_dataclass(value) else value

    def _parted(self, value: Any, graph: _Name) -> Any:
        names = [one.name for one in fields(value) if one.name not in {"at", "template", "prefixes"}]
        return _with(value, {name: self.of(getattr(value, name), graph) for name in names})

    def _group(self, group: Group, graph: _Name) -> Group:
        elements: list[Element] = []
        first = 0  # where the basic graph pattern began: what is found is joined before it, for it must not be parted
        for element in group.elements:
            if not isinstance(element, Triples):
                elements.append(self.of(element, graph))
                first = first if isinstance(element, Filter) else len(elements)
                continue
            searches, left = read(element.patterns)
            for search in searches:
                elements.insert(first, self._data(search, graph))
                first += 1
            if left:
                elements.append(replace(element, patterns=left) if searches else element)
        return group if _same(elements, group.elements) else replace(group, elements=tuple(elements))

    def _data(self, search: Search, graph: _Name) -> Element:
        """What one search finds, as inline data; within GRAPH, joined with what that graph states."""
        name = graph.value if isinstance(graph, Iri) else None
        sought = Sought(search.words, search.limit, search.links, search.language, name)
        if graph is None:
            return self._inline(search.given, sought)
        stated = {place: term for place, term in search.given.items() if isinstance(term, Variable)}
        whole = {**_OWN, **stated}
        triple = TriplePattern(whole["thing"], whole["property"], whole["literal"])
        constants = [
            InlineData((whole[place],), ((term,),))
            for place, term in search.given.items()
            if isinstance(term, Iri | Literal) and place in whole
        ]
        inner = Group((self._inline(whole, sought), Triples((triple,)), *constants))
        # The engine knows the graph of a sub-select only if that gives it.
        shown = (*stated.values(), *((graph,) if isinstance(graph, Variable) else ()))
        return Group((Select(tuple(dict.fromkeys(shown)) or (whole["thing"],), inner),))

    def _inline(self, given: Mapping[str, Term], sought: Sought) -> InlineData:
        """As many rows as are wanted; a thing may have many texts, so as many are looked for as it takes."""
        asked = sought.limit
        while True:
            found = self._found(replace(sought, limit=asked))
            rows, nameless = _rows(given, found)
            if len(rows) >= sought.limit or not found.more or asked >= MOST:
                break
            asked = min(4 * max(asked, 1), MOST)
        if found.more and (sought.limit >= MOST or len(rows) < sought.limit):
            self._cut(len(found.found), sought)
        if nameless:
            message = f"{nameless:,} texts of blank nodes are left out of the search for {sought.words!r}"
            self._warn("text-blank", message, "inline data cannot name a blank node: ask ?literal bif:contains")
        columns = tuple(term for term in given.values() if isinstance(term, Variable))
        return InlineData(columns, tuple(rows)[: sought.limit])

    def _found(self, sought: Sought) -> Matches:
        if self.texts is None:
            raise QueryError("text:query and bif:contains find nothing here: no texts are indexed", hint=_UNINDEXED)
        for link in sought.links:
            if not self.texts.states(link):
                message = f"no text is stated by the property <{link}>, in which {sought.words!r} is looked for"
                self._warn("text-property", message, "leave the property out, or look how it is written")
        found = self.texts.find(sought)
        kept: list[Match] = []
        size = 0
        for match in found.found:
            size += len(match.text)
            if size > _CHARACTERS:
                self._cut(len(kept), sought)
                break
            kept.append(match)
        return Matches(tuple(kept), found.more)

    def _cut(self, number: int, sought: Sought) -> None:
        message = f"only the best {number:,} of the texts with {sought.words!r} are used"
        self._warn("text-cut", message, "look for more words, in one property, or set a limit")

    def _condition(self, call: Call, graph: _Name) -> Membership:
        """`bif:contains(?text, "words")`: whether the text is one of those that are found."""
        if len(call.arguments) != 2:  # noqa: PLR2004 -- a text and the words
            raise QueryError("bif:contains takes a text and the words", hint="as in bif:contains(?text, \"'rabat'\")")
        name = graph.value if isinstance(graph, Iri) else None
        sought = Sought(words_of(call.arguments[1]), _MEMBERS, graph=name)
        found = self._found(sought)
        if found.more:
            self._cut(len(found.found), sought)
        return Membership(call.arguments[0], tuple(dict.fromkeys(_literal(match) for match in found.found)))

    def _warn(self, code: str, message: str, hint: str) -> None:
        self.warnings.append(Problem(code, message, hint=hint))


def _with(value: Any, changes: Mapping[str, Any]) -> Any:
    """A value with other parts; the value itself where all are the same."""
    changed = {name: new for name, new in changes.items() if new is not getattr(value, name)}
    return replace(value, **changed) if changed else value


def _same(parts: list[Any] | tuple[Any, ...], others: tuple[Any, ...]) -> bool:
    return len(parts) == len(others) and all(one is other for one, other in zip(parts, others, strict=True))


def _rows(given: Mapping[str, Term], found: Matches) -> tuple[list[tuple[_Cell, ...]], int]:
    """The rows that matches give, the best first, and how many of them a blank node has, which no row can name.

    A row stands for each thing, or for each text where texts are asked for: with the best of its scores.
    """
    columns = {place: term for place, term in given.items() if isinstance(term, Variable)}
    constants = {place: term for place, term in given.items() if isinstance(term, Iri | Literal)}
    rows: dict[tuple[_Cell, ...], tuple[_Cell, ...]] = {}
    nameless = 0
    for match in found.found:
        if match.thing.startswith("_:") and "thing" in columns:
            nameless += 1
            continue
        for cells in _cells(match, of_graphs="graph" in given):
            if all(cells[place] == term for place, term in constants.items()):
                key = tuple(cells[place] for place in columns if place != "score")
                rows.setdefault(key, tuple(cells[place] for place in columns))
    return list(rows.values()), nameless


def _cells(match: Match, *, of_graphs: bool) -> Iterator[dict[str, _Cell]]:
    """A match by its places, once for each graph if these are asked for; the default graph has no name."""
    for graph in match.graphs if of_graphs else ("",):
        yield {
            "thing": Iri(match.thing),
            "score": Literal(f"{match.score:E}", _DOUBLE),
            "literal": _literal(match),
            "graph": Iri(graph) if graph else None,
            "property": Iri(match.link),
        }


def _literal(match: Match) -> Literal:
    return Literal(match.text, _LANGUAGE_STRING if match.language else _STRING, match.language or None)
