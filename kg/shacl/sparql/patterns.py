"""Queries of shapes as property paths: what a query looks at, from the nodes that are bound before it runs.

A query whose triple patterns hang together, each by a variable that one before it binds, looks only at what such paths
lead to: statements elsewhere in the graph, with the same predicates, cannot change its answer for a node. So a changed
statement is followed backwards to the nodes whose answers may differ, and these are asked on a store that holds their
surroundings alone. Read is the plain form: triples, filters, and `EXISTS` with triples and filters in it. Of every
other query nothing is said here, and it is asked again for all nodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kg.shacl.graph.xsd import RDF
from kg.shacl.paths import Inverse, Path, Predicate, Repeat, Several
from kg.shacl.shapes.model import Query
from kg.shacl.shapes.sparql.queries import THIS
from kg.sparql.language.tokens import Kind, Token, tokenize

Link = tuple[str, Path]
"""A variable that is bound before, and a path from it that the query walks."""
_Chain = tuple[str, tuple[Path, ...]]
_Triple = tuple[str, Path, str]
"""The ends are names of variables, or empty for what is constant."""
_ELSEWHERE: Final = (
    "UNION", "OPTIONAL", "SELECT", "GRAPH", "BIND", "MINUS", "VALUES", "SERVICE", "LIMIT", "OFFSET", "HAVING",
)  # fmt: skip
_CHANGING: Final = ("NOW", "RAND", "UUID", "STRUUID")
_ENDS: Final = (Kind.IRI, Kind.NAME, Kind.STRING, Kind.NUMBER)


class _OtherFormError(Exception):
    """Not of the plain form."""


@lru_cache(maxsize=1024)
def links(query: Query, bound: frozenset[str]) -> tuple[Link, ...] | None:
    """The paths that a query walks from the variables bound before; None if that is not known.

    Joins of a store are by value, so that `1` and `01` meet where the terms differ: a path that goes on backwards from
    an object, which may be a literal, is none that is known.
    """
    try:
        return tuple(_links(query, bound))
    except _OtherFormError:
        return None


@lru_cache(maxsize=1024)
def is_changing(query: Query) -> bool:
    """Whether a query may answer otherwise though nothing has changed: it asks for the time, or for chance."""
    return any(token.is_word(*_CHANGING) for token in _tokens(query))


@lru_cache(maxsize=1024)
def predicates(query: Query) -> frozenset[str] | None:
    """The IRIs that a query mentions, its predicates among them; None if it may look at any statement.

    A path of no length leads from a node to itself if the node is in the graph, whatever is said of it there: it looks
    at any statement, unless another one that the query names leads to the node.
    """
    if query.predicates is None:
        return None
    tokens = _tokens(query)
    start = next((place for place, token in enumerate(tokens) if token.is_mark("{")), 0)
    may_stay = any(token.is_mark("*") or token.is_mark("?") for token in tokens[start:])
    return None if may_stay and links(query, frozenset({THIS})) is None else query.predicates


def _tokens(query: Query) -> list[Token]:
    text = "".join(piece if isinstance(piece, str) else f"?{piece.name}" for piece in query.pieces)
    return [token for token in tokenize(text) if token.kind is not Kind.COMMENT]


def _links(query: Query, bound: frozenset[str]) -> Iterator[Link]:
    tokens = _tokens(query)
    start = next((place for place, token in enumerate(tokens) if token.is_mark("{")), None)
    if start is None or query.predicates is None or any(token.is_word("BASE") for token in tokens[:start]):
        raise _OtherFormError
    prefixes = {a.text: b.text[1:-1] for a, b in pairwise(tokens[:start]) if b.kind is Kind.IRI}
    reader = _Group(tokens, start + 1, prefixes)
    reader.read()
    if any(token.is_mark("{") or token.is_word(*_ELSEWHERE, "EXISTS") for token in tokens[reader.place :]):
        raise _OtherFormError
    for first, steps in reader.chains({name: (name, ()) for name in bound}):
        yield first, steps[0] if len(steps) == 1 else Several(steps, "/")


class _Group:
    """A group of triples and filters, and the groups of `EXISTS` in it; `place` is behind what was read."""

    def __init__(self, tokens: Sequence[Token], place: int, prefixes: dict[str, str]) -> None:
        self.tokens, self.place, self._prefixes = tokens, place, prefixes
        self._triples: list[_Triple] = []
        self._inner: list[_Group] = []

    # --- reading

    def read(self) -> None:
        while not self._takes("}"):
            token = self._next()
            if token.is_word("FILTER"):
                self._filter()
            elif token.is_word(*_ELSEWHERE) or token.is_mark("{"):
                raise _OtherFormError
            elif not token.is_mark("."):
                self.place -= 1
                self._statements()

    def _next(self) -> Token:
        if self.place >= len(self.tokens):
            raise _OtherFormError
        self.place += 1
        return self.tokens[self.place - 1]

    def _takes(self, *marks: str) -> str | None:
        """The punctuation that stands here, if it is one of these: then it is passed."""
        if self.place < len(self.tokens) and self.tokens[self.place].kind is Kind.MARK:
            found = self.tokens[self.place].text
            if found in marks:
                self.place += 1
                return found
        return None

    def _filter(self) -> None:
        """`EXISTS` and its group, or an expression in parentheses, perhaps after the name of a function."""
        while not self._takes("("):
            token = self._next()
            if token.is_word("EXISTS"):
                self._exists()
                return
            if token.kind not in {Kind.IRI, Kind.NAME, Kind.WORD} or token.is_word(*_ELSEWHERE):
                raise _OtherFormError
        depth = 1
        while depth:
            token = self._next()
            depth += token.is_mark("(") - token.is_mark(")")
            if token.is_word("EXISTS"):
                self._exists()
            elif token.is_mark("{") or token.is_mark("}"):
                raise _OtherFormError

    def _exists(self) -> None:
        if not self._takes("{"):
            raise _OtherFormError
        inner = _Group(self.tokens, self.place, self._prefixes)
        inner.read()
        self._inner.append(inner)
        self.place = inner.place

    def _statements(self) -> None:
        subject = self._end()
        while True:
            path = self._path()
            self._triples.append((subject, path, self._end()))
            while self._takes(","):
                self._triples.append((subject, path, self._end()))
            if not self._takes(";"):
                return
            while self._takes(";"):
                pass
            if self.place < len(self.tokens) and self.tokens[self.place].text in {".", "}"}:
                return

    def _end(self) -> str:
        """The name of a variable or a blank node, or nothing for a term."""
        while self._takes("-", "+"):
            pass
        token = self._next()
        if token.kind is Kind.VARIABLE:
            return token.text[1:]
        if token.kind is Kind.BLANK:
            return token.text
        if not (token.kind in _ENDS or token.is_word("TRUE", "FALSE")):
            raise _OtherFormError
        if self._takes("^^"):
            self._next()
        elif self.place < len(self.tokens) and self.tokens[self.place].kind is Kind.LANGUAGE:
            self.place += 1
        return ""

    # --- paths (SPARQL 1.1 Query, section 9.1)

    def _path(self) -> Path:
        choices = [self._sequence()]
        while self._takes("|"):
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else Several(tuple(choices), "|")

    def _sequence(self) -> Path:
        steps = [self._step()]
        while self._takes("/"):
            steps.append(self._step())
        return steps[0] if len(steps) == 1 else Several(tuple(steps), "/")

    def _step(self) -> Path:
        is_turned = self._takes("^")
        token = self._next()
        if token.is_mark("("):
            path = self._path()
            if not self._takes(")"):
                raise _OtherFormError
        else:
            path = Predicate(self._iri(token))
        if sign := self._takes("*", "+", "?"):
            path = Repeat(path, sign)
        return Inverse(path) if is_turned else path

    def _iri(self, token: Token) -> str:
        if token.kind is Kind.IRI:
            return token.text[1:-1]
        if token.is_word("A") and token.text == "a":
            return RDF + "type"
        if token.kind is Kind.NAME:
            prefix, _, local = token.text.partition(":")
            return self._prefixes[f"{prefix}:"] + local.replace("\\", "")
        raise _OtherFormError

    # --- linking

    def chains(self, known: dict[str, _Chain]) -> Iterator[_Chain]:
        """The steps from a bound variable over each triple, as far as all of them hang together."""
        waiting = list(self._triples)
        while waiting:
            triple = next((t for t in waiting if t[0] in known), None)
            is_forward = triple is not None
            if triple is None:
                triple = next((t for t in waiting if t[2] in known), None)
            if triple is None:
                raise _OtherFormError
            waiting.remove(triple)
            subject, path, value = triple
            first, steps = known[subject if is_forward else value]
            step = path if is_forward else Inverse(path)
            # A path of no length asks whether its start is in the store at all.
            if (_goes_back(step) and (steps or not _is_simple(step))) or (not steps and _may_stay(step)):
                raise _OtherFormError
            chain = (first, (*steps, step))
            if other := (value if is_forward else subject):
                known.setdefault(other, chain)
            yield chain
        for inner in self._inner:
            yield from inner.chains(dict(known))


def _goes_back(path: Path) -> bool:
    match path:
        case Predicate():
            return False
        case Inverse():
            return True
        case Repeat():
            return _goes_back(path.path)
        case Several():
            return any(map(_goes_back, path.paths))
    raise TypeError(f"not a path: {path!r}")


def _may_stay(path: Path) -> bool:
    """Whether a path may lead from a node to itself without a step."""
    match path:
        case Predicate():
            return False
        case Inverse():
            return _may_stay(path.path)
        case Repeat():
            return path.sign in {"*", "?"} or _may_stay(path.path)
        case Several(sign="/"):
            return all(map(_may_stay, path.paths))
        case Several():
            return any(map(_may_stay, path.paths))
    raise TypeError(f"not a path: {path!r}")


def _is_simple(path: Path) -> bool:
    """Whether a path begins backwards, if at all, and has one step or a choice of such."""
    match path:
        case Predicate() | Inverse(path=Predicate()):
            return True
        case Several(sign="|"):
            return all(map(_is_simple, path.paths))
    return False
