"""The graphs that a query itself names: its FROM clauses, and views in place of a graph's name.

They are read by tokens, not out of the tree: a query that only the engine can read names its graphs too, and would be
answered over others. Nor does what takes a view away move anything in the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import Problem, QueryError
from kg.sparql.dataset.views import View, view_of
from kg.sparql.language.naming import prologue_of
from kg.sparql.language.tokens import Kind, Source, Token, resolve_escapes, tokenize

_BESIDE: Final = ("UNION", "OPTIONAL")
"""Words that may stand beside a view in place of a graph: they match nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """What a query says of its dataset (SPARQL 1.1 Query, section 13.2)."""

    text: str
    """The query, in which a view is no longer named as a graph; every place in it is where it was."""
    default: tuple[str, ...] = ()
    """The IRIs of FROM."""
    named: tuple[str, ...] = ()
    """Those of FROM NAMED."""
    view: View | None = None
    """The view that is named in place of a graph, as in `GRAPH <urn:x-arq:UnionGraph> { ... }`."""


def clauses_of(query: str, base: str) -> Clauses | None:
    """Read what a query says of its dataset; None where it says nothing of it.

    :raises QueryError: if a view is named as a graph in a way that nothing can answer

    >>> clauses_of("SELECT * FROM <view/stated> { ?s ?p ?o }", "http://e/").default
    ('http://e/view/stated',)
    >>> clauses_of("ASK { GRAPH <urn:x-arq:UnionGraph> { ?s ?p ?o } }", "http://e/").text
    'ASK {                              { ?s ?p ?o } }'
    >>> clauses_of("ASK {}", "http://e/") is None
    True
    """
    source = resolve_escapes(query)
    try:
        tokens = [token for token in tokenize(source.text) if token.kind is not Kind.COMMENT]
    except QueryError:
        return None  # no query: whoever evaluates it says where
    reader = _Reader(source, tokens, base)
    default, named = reader.of_from()
    text, view = reader.of_graphs()
    return Clauses(text, default, named, view) if default or named or view else None


class _Reader:
    def __init__(self, source: Source, tokens: Sequence[Token], base: str) -> None:
        self._source, self._tokens, self._home = source, tokens, base
        self._prologue = prologue_of(tokens, base)

    def iri(self, place: int) -> str | None:
        """The IRI that a token names; None for any other token."""
        return self._prologue.iri(self._tokens[place]) if place < len(self._tokens) else None

    def of_from(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The IRIs of FROM and of FROM NAMED, which stand outside of all brackets."""
        default: list[str] = []
        named: list[str] = []
        for place in self._outside():
            if self._tokens[place].is_word("FROM"):
                is_named = place + 1 < len(self._tokens) and self._tokens[place + 1].is_word("NAMED")
                found = self.iri(place + 2 if is_named else place + 1)
                if found is not None:
                    (named if is_named else default).append(found)
        return tuple(default), tuple(named)

    def _outside(self) -> Iterator[int]:
        depth = 0
        for place, token in enumerate(self._tokens):
            if token.is_mark("{") or token.is_mark("("):
                depth += 1
            elif token.is_mark("}") or token.is_mark(")"):
                depth -= 1
            elif depth == 0:
                yield place

    def of_graphs(self) -> tuple[str, View | None]:
        """The text without views that stand in place of a graph, and the one that does."""
        places = [
            place
            for place, token in enumerate(self._tokens)
            if token.is_word("GRAPH")
            and (iri := self.iri(place + 1)) is not None
            and view_of(iri, self._home) is not None
        ]
        if not places:
            return self._source.text, None
        views = {view_of(self.iri(place + 1) or "", self._home) for place in places}
        if len(views) > 1 or not self._stands_alone(places):
            message = "a view stands in place of a graph beside patterns of the default graph, or beside another view"
            hint = "ask for the view by FROM, or by view= of the request, and take GRAPH away"
            at = self._source.position(self._tokens[places[0]].start)
            raise QueryError(problems=[Problem("view", message, at, hint=hint)])
        pieces: list[str] = []
        text, done = self._source.text, 0
        for place in places:
            start, end = self._tokens[place].start, self._tokens[place + 1].end
            pieces += (text[done:start], " " * (end - start))
            done = end
        return "".join((*pieces, text[done:])), views.pop()

    def _stands_alone(self, places: Sequence[int]) -> bool:
        """Whether nothing is matched outside of the groups that follow the names of views."""
        inside: set[int] = set()
        end = -1
        for place in places:
            if place > end:  # else it stands within the group of the one before
                end = self._end(place + 2)
                inside.update(range(place, end + 1))
        body = self._body()
        beside = [token for spot, token in enumerate(self._tokens) if spot in body and spot not in inside]
        return all(token.is_mark("{") or token.is_mark("}") or token.is_word(*_BESIDE) for token in beside)

    def _body(self) -> range:
        """The places of the query's own pattern, its brackets included."""
        begin = next((n for n in self._outside() if self._tokens[n].is_word("WHERE")), None)
        if begin is None:
            begin = next((n for n, token in enumerate(self._tokens) if token.is_mark("{")), 0) - 1
        return range(begin + 1, self._end(begin + 1) + 1)

    def _end(self, place: int) -> int:
        """Where the group ends that begins at a place."""
        depth = 0
        for spot in range(place, len(self._tokens)):
            depth += self._tokens[spot].is_mark("{") - self._tokens[spot].is_mark("}")
            if depth <= 0:
                return spot
        return len(self._tokens) - 1
