"""SHACL property paths (SHACL, section 2.3.1) as values: read from a graph, written as SPARQL and as Turtle.

A report keeps a path as text. A plain predicate is its IRI; any other path is written as SPARQL writes it
(`^<urn:p>/<urn:q>*`), so an IRI never looks like a path.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from kg.errors import ShapesError

_POSTFIX: Final = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
_TOKEN: Final = re.compile(r"<[^<>]*>|[()^/|*+?]")
_DEPTH: Final = 32


@dataclass(frozen=True, slots=True)
class Predicate:
    """One property."""

    iri: str


@dataclass(frozen=True, slots=True)
class Inverse:
    """A path walked from object to subject."""

    path: Path


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path walked `*`, `+` or `?` times."""

    path: Path
    sign: str


@dataclass(frozen=True, slots=True)
class Several:
    """Paths walked one after the other (`/`) or one of them (`|`)."""

    paths: tuple[Path, ...]
    sign: str


Path = Predicate | Inverse | Repeat | Several


def read_path(graph: Graph, node: Node, depth: int = 0) -> Path:
    """The path that `node` describes in `graph`.

    :raises ShapesError: if it is no well-formed path
    """
    if depth > _DEPTH:
        raise ShapesError("a property path is nested too deep, or contains itself")
    if isinstance(node, URIRef) and node != RDF.nil:
        return Predicate(str(node))
    if (node, RDF.first, None) in graph:
        return Several(_steps(graph, node, depth), "/")
    for sign, name in _POSTFIX.items():
        for inner in graph.objects(node, SH[name]):
            return Repeat(read_path(graph, inner, depth + 1), sign)
    for inner in graph.objects(node, SH.inversePath):
        return Inverse(read_path(graph, inner, depth + 1))
    for choices in graph.objects(node, SH.alternativePath):
        return Several(_steps(graph, choices, depth), "|")
    raise ShapesError(f"not a property path: {'a blank node' if isinstance(node, BNode) else node.n3()}")


def _steps(graph: Graph, node: Node, depth: int) -> tuple[Path, ...]:
    steps: list[Path] = []
    while node != RDF.nil:
        first, rest = graph.value(node, RDF.first), graph.value(node, RDF.rest)
        if first is None or rest is None or len(steps) > _DEPTH:
            raise ShapesError("not a property path: a list that does not end")
        steps.append(read_path(graph, first, depth + 1))
        node = rest
    return tuple(steps)


def path_text(path: Path) -> str:
    """The path as a report keeps it.

    >>> path_text(Several((Inverse(Predicate("urn:p")), Predicate("urn:q")), "/"))
    '^<urn:p>/<urn:q>'
    """
    return path.iri if isinstance(path, Predicate) else _sparql(path)


def _sparql(path: Path) -> str:
    match path:
        case Predicate():
            return f"<{path.iri}>"
        case Inverse():
            return f"^{_primary(path.path)}"
        case Repeat():
            return f"{_primary(path.path)}{path.sign}"
        case Several():
            return path.sign.join(_primary(step) if isinstance(step, Several) else _sparql(step) for step in path.paths)
    raise TypeError(f"not a path: {path!r}")


def _primary(path: Path) -> str:
    return _sparql(path) if isinstance(path, Predicate) else f"({_sparql(path)})"


def path_turtle(path: Path, iri: Callable[[str], str] = "<{}>".format) -> str:
    """The path as SHACL writes it in Turtle; `iri` writes one IRI.

    >>> path_turtle(parse_path("^<urn:p>/<urn:q>*"))
    '( [ sh:inversePath <urn:p> ] [ sh:zeroOrMorePath <urn:q> ] )'
    """
    match path:
        case Predicate():
            return iri(path.iri)
        case Inverse():
            return f"[ sh:inversePath {path_turtle(path.path, iri)} ]"
        case Repeat():
            return f"[ sh:{_POSTFIX[path.sign]} {path_turtle(path.path, iri)} ]"
        case Several():
            steps = f"( {' '.join(path_turtle(step, iri) for step in path.paths)} )"
            return steps if path.sign == "/" else f"[ sh:alternativePath {steps} ]"
    raise TypeError(f"not a path: {path!r}")


def parse_path(text: str) -> Path:
    """The path that `path_text` wrote.

    :raises ValueError: if `text` is no such path

    >>> parse_path("urn:p")
    Predicate(iri='urn:p')
    """
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text:
        return Predicate(text)
    reader = _Reader(tokens)
    path = reader.choice()
    if reader.tokens:
        raise ValueError(f"not a property path: {text!r}")
    return path


class _Reader:
    """A path grammar of four levels (SPARQL 1.1 Query, section 9.1), without negated sets."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def _next(self, *wanted: str) -> bool:
        return bool(self.tokens) and self.tokens[0] in wanted

    def choice(self) -> Path:
        return self._several("|", lambda: self._several("/", self._step))

    def _several(self, sign: str, inner: Callable[[], Path]) -> Path:
        paths = [inner()]
        while self._next(sign):
            self.tokens.pop(0)
            paths.append(inner())
        return paths[0] if len(paths) == 1 else Several(tuple(paths), sign)

    def _step(self) -> Path:
        if self._next("^"):
            self.tokens.pop(0)
            return Inverse(self._step())
        if not self.tokens:
            raise ValueError("a property path ends too early")
        first = self.tokens.pop(0)
        if first == "(":
            path = self.choice()
            if not self._next(")"):
                raise ValueError("a property path lacks a closing bracket")
            self.tokens.pop(0)
        elif first.startswith("<"):
            path = Predicate(first[1:-1])
        else:
            raise ValueError(f"a property path cannot have {first!r} here")
        while self._next(*_POSTFIX):
            path = Repeat(path, self.tokens.pop(0))
        return path
