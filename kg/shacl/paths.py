"""SHACL property paths (SHACL, section 2.3.1) as values, written as SPARQL and as Turtle.

A report keeps a path as text. A plain predicate is its IRI; any other path is written as SPARQL writes it
(`^<urn:p>/<urn:q>*`), so an IRI never looks like a path.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

POSTFIX: Final = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
_TOKEN: Final = re.compile(r"<[^<>]*>|[()^/|*+?]")
DEPTH: Final = 32
"""How deep a path may be nested, and how many steps it may have."""


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
            return f"[ sh:{POSTFIX[path.sign]} {path_turtle(path.path, iri)} ]"
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
        while self._next(*POSTFIX):
            path = Repeat(path, self.tokens.pop(0))
        return path
