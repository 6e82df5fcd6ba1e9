"""How a search is written: the triple patterns of a group that make up one, read into a value.

Jena's arguments are lists, which the grammar of SPARQL writes out as `rdf:first` and `rdf:rest`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.errors import Position, QueryError
from kg.sparql.language.syntax import (
    Alternative,
    BlankNode,
    Inverse,
    Iri,
    Literal,
    Negated,
    PathLike,
    Repeated,
    Sequence,
    Span,
    Term,
    TriplePattern,
    TripleTerm,
    Variable,
)
from kg.sparql.language.tokens import Source
from kg.sparql.texts.model import CONTAINS, MOST, TEXT_QUERY

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIRST: Final = Iri(f"{_RDF}first")
_REST: Final = Iri(f"{_RDF}rest")
_NIL: Final = Iri(f"{_RDF}nil")
_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"
_PLACES: Final = ("thing", "score", "literal", "graph", "property")
"""What stands on the left of `text:query`, in this order (Apache Jena, Full Text Search)."""
_SEARCHES: Final = frozenset({TEXT_QUERY, CONTAINS})
_PASSED_OVER: Final = ("highlight:", "score:", "fields:")
_SHAPE: Final = 'as in (?thing ?score ?literal) text:query (rdfs:label "words" 10 "lang:fr")'


class TextSearchError(QueryError):
    """A search in texts is written as none can be."""

    code = "text-query"

    def __init__(self, message: str, *, hint: str, at: Span | None, position: Position | None = None) -> None:
        super().__init__(message, hint=hint, position=position)
        self.message, self.hint, self.at = message, hint, at

    def placed(self, source: Source, before: int = 0) -> TextSearchError:
        """The same, with line and column in the text as it was given: `before` characters were put in front of it."""
        if self.at is None:
            return self
        position = source.position(max(self.at.start - before, 0))
        return TextSearchError(self.message, hint=self.hint, at=self.at, position=position)


@dataclass(frozen=True, slots=True)
class Search:
    """One search as it is written."""

    given: dict[str, Term]
    """What is asked for, by its place: `thing`, `score`, `literal`, `graph`, `property`."""
    words: str
    links: tuple[str, ...] = ()
    limit: int = MOST
    language: str = ""


def read(patterns: tuple[TriplePattern, ...]) -> tuple[list[Search], tuple[TriplePattern, ...]]:
    """The searches of a basic graph pattern, and what is left of it.

    :raises TextSearchError: if one is written as none can be
    """
    for pattern in patterns:
        if not isinstance(pattern.predicate, Iri | Variable) and _holds(pattern.predicate):
            raise _wrong("a search in texts is no part of a path", _SHAPE, pattern.at)
    asked = [p for p in patterns if isinstance(p.predicate, Iri) and p.predicate.value in _SEARCHES]
    if not asked:
        return [], patterns
    lists = _Lists(patterns)
    searches = [_search(pattern, lists) for pattern in asked]
    left = tuple(p for p in patterns if p not in asked and not lists.took(p))
    used = Counter(node.label for p in left for node in (p.subject, p.object) if isinstance(node, BlankNode))
    for search in searches:
        for term in search.given.values():
            if isinstance(term, BlankNode) and used[term.label]:
                raise _wrong("what is found is named by a blank node", "name it by a variable", term.at)
    return searches, left


def _holds(path: PathLike) -> bool:
    """Whether a search stands in a path."""
    match path:
        case Iri():
            return path.value in _SEARCHES
        case Inverse() | Repeated():
            return _holds(path.path)
        case Sequence() | Alternative():
            return any(map(_holds, path.parts))
        case Negated():
            return any(map(_holds, (*path.forwards, *path.backwards)))
    raise ValueError(path)


def _search(pattern: TriplePattern, lists: _Lists) -> Search:
    is_jena = pattern.predicate == Iri(TEXT_QUERY)
    if not is_jena:
        return Search({"literal": pattern.subject}, words_of(pattern.object))
    outputs = lists.items(pattern.subject) or [pattern.subject]
    if len(outputs) > len(_PLACES):
        raise _wrong(f"{len(outputs)} terms stand before text:query, where {len(_PLACES)} may", _SHAPE, pattern.at)
    given = dict(zip(_PLACES, outputs, strict=False))
    names = [term.name for term in outputs if isinstance(term, Variable)]
    if len(set(names)) < len(names):
        raise _wrong("one variable stands twice before text:query", "give each place a variable of its own", pattern.at)
    return _with_arguments(given, lists.items(pattern.object) or [pattern.object], pattern.at)


def _with_arguments(given: dict[str, Term], arguments: Iterable[Term], at: Span | None) -> Search:
    """Properties, then the words, then a limit and options."""
    links: list[str] = []
    words: str | None = None
    limit, language = MOST, ""
    for argument in arguments:
        match argument:
            case Iri() if words is None:
                links.append(argument.value)
            case Literal() if argument.datatype == _INTEGER and words is not None:
                limit = _limit(argument)
            case Literal() if argument.datatype == _INTEGER:
                raise _wrong("a number stands before the words of text:query", _SHAPE, at)
            case Literal() if words is None:
                words, language = argument.lexical, argument.language or language
            case Literal() if argument.lexical.startswith("lang:"):
                language = argument.lexical.removeprefix("lang:").strip()
            case Literal() if argument.lexical.startswith(_PASSED_OVER):
                message = f"{argument.lexical.partition(':')[0]}: is an option of Jena that is not known here"
                raise _wrong(message, "leave it out", argument.at or at)
            case _:
                raise _wrong("text:query takes properties, words, a limit and lang:", _SHAPE, at)
    if words is None:
        raise _wrong("text:query has no words to look for", f"write them as a string, {_SHAPE}", at)
    return Search(given, words, tuple(links), limit, language)


def _limit(argument: Literal) -> int:
    number = int(argument.lexical)
    # A limit below 0 is none to Jena.
    return MOST if number < 0 else min(number, MOST)


def words_of(term: object) -> str:
    """The words that Virtuoso's `bif:contains` looks for.

    :raises TextSearchError: if they are no string
    """
    if isinstance(term, Literal):
        return term.lexical
    at = term.at if isinstance(term, Variable | Iri | BlankNode | TripleTerm) else None
    raise _wrong("bif:contains has no words to look for", "write them as a string: ?text bif:contains \"'rabat'\"", at)


def _wrong(message: str, hint: str, at: Span | None) -> TextSearchError:
    return TextSearchError(message, hint=hint, at=at)


class _Lists:
    """The lists among the patterns of a group, by the blank node that each begins with."""

    def __init__(self, patterns: Iterable[TriplePattern]) -> None:
        self._by_node: dict[str, dict[Iri, TriplePattern]] = {}
        for pattern in patterns:
            if isinstance(pattern.subject, BlankNode) and pattern.predicate in {_FIRST, _REST}:
                assert isinstance(pattern.predicate, Iri)
                self._by_node.setdefault(pattern.subject.label, {})[pattern.predicate] = pattern
        self._taken: list[TriplePattern] = []

    def items(self, node: Term) -> list[Term]:
        """The items of a list; none if the node begins no list."""
        items: list[Term] = []
        while isinstance(node, BlankNode) and set(known := self._by_node.pop(node.label, {})) == {_FIRST, _REST}:
            items.append(known[_FIRST].object)
            node = known[_REST].object
            self._taken += known.values()
        return items if node == _NIL or items else []

    def took(self, pattern: TriplePattern) -> bool:
        """Whether a pattern belongs to a list that was read."""
        return any(pattern is taken for taken in self._taken)
