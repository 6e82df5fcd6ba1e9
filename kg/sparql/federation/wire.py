"""What is sent to an endpoint: the body of a SERVICE clause as a query of its own, with bindings as inline data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import QueryRefused
from kg.sparql.federation.structure import (
    NONE,
    Bind,
    Group,
    Minus,
    Names,
    Optional,
    Service,
    Span,
    Tree,
    bound_by_element,
)
from kg.sparql.language.iris import resolve
from kg.sparql.language.tokens import Kind, Token
from kg.sparql.solutions import Row, values_block

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


@dataclass(frozen=True, slots=True)
class Prologue:
    """The prefixes and the base of a query, every IRI absolute where it can be."""

    prefixes: Mapping[str, str]
    base: str | None

    def resolve(self, iri: str) -> str:
        """An absolute IRI (RFC 3986, section 5).

        :raises QueryRefused: if it is relative and there is no hierarchical base

        >>> Prologue({}, "http://e/a/b").resolve("../c")
        'http://e/c'
        """
        if _SCHEME.match(iri):
            return iri
        base = _SCHEME.match(self.base or "")
        if self.base is None or base is None or not self.base.startswith("//", base.end()):
            raise QueryRefused(f"the relative IRI <{iri}> has no base", hint="write the IRI in full")
        return resolve(iri, self.base)

    def namespace(self, prefix: str) -> str:
        """What a prefix stands for.

        :raises QueryRefused: if that is relative, and there was no base where it was declared
        """
        found = self.prefixes[prefix]
        if not _SCHEME.match(found):
            raise QueryRefused(f"the prefix {prefix}: stands for the relative IRI <{found}>, which has no base")
        return found


def prologue_of(tree: Tree, base: str | None) -> Prologue:
    """The prologue of a query; `base` is what its relative IRIs are resolved against where it declares none."""
    return Prologue(dict(tree.prefixes), base if tree.base is None else tree.base)


@dataclass(frozen=True, slots=True)
class Questions:
    """Writes the queries of one clause."""

    tree: Tree
    prologue: Prologue
    service: Service
    variables: tuple[str, ...]
    """What is asked for."""
    filters: tuple[Span, ...] = ()
    """Filters from beside the clause that are sent with it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables of the answer; where none is needed, one that only counts the rows."""
        return self.variables or (self._counter(),)

    def bound(self, names: Sequence[str], rows: Sequence[Row]) -> str:
        """The body, joined with these bindings.

        The inline data stand before the body in the same group where that means the same, for every endpoint can use
        them there; else the body is a group beside them.
        """
        data = values_block(names, rows)
        body = self._body()
        flat = frozenset(names) <= certain_at_once(self.service.body)
        return self._query(f"{data} {body}" if flat else f"{data} {{ {body} }}")

    def unbound(self, limit: int) -> str:
        """The body by itself, up to `limit` rows."""
        body = self._body()
        return f"{self._query(f'{{ {body} }}' if self.service.body.select else body)} LIMIT {limit}"

    def _query(self, where: str) -> str:
        prefixes = "".join(
            f"PREFIX {name}: <{self.prologue.namespace(name)}> " for name in sorted(self._used_prefixes())
        )
        head = " ".join(f"?{name}" for name in self.variables) or f"(1 AS ?{self._counter()})"
        filters = "".join(f" {self._text(span)}" for span in self.filters)
        return f"{prefixes}SELECT {head} WHERE {{ {where}{filters} }}"

    def _tokens(self) -> tuple[Token, ...]:
        span = self.service.body.span
        return self.tree.tokens[span.start + 1 : span.end - 1]

    def _used_prefixes(self) -> set[str]:
        return {token.text.partition(":")[0] for token in self._tokens() if token.kind is Kind.NAME}

    def _counter(self) -> str:
        used = {token.text[1:] for token in self._tokens() if token.kind is Kind.VARIABLE}
        return next(name for name in _counters() if name not in used)

    def _body(self) -> str:
        span = self.service.body.span
        return self._text(Span(span.start + 1, span.end - 1))

    def _text(self, span: Span) -> str:
        pieces: list[str] = []
        end: int | None = None
        for token in self.tree.tokens[span.start : span.end]:
            if end is not None and token.start > end:
                pieces.append(" ")
            text = token.text
            pieces.append(f"<{self.prologue.resolve(text[1:-1])}>" if token.kind is Kind.IRI else text)
            end = token.end
        return "".join(pieces)


def _counters() -> Iterator[str]:
    name = "row"
    while True:
        yield name
        name += "_"


def certain_at_once(group: Group) -> Names:
    """The variables that are certain before anything in the group whose place counts."""
    if group.select is not None:
        return NONE
    certain = NONE
    for element in group.elements:
        if isinstance(element, Optional | Minus | Bind):
            break
        certain |= bound_by_element(element, {}).certain
    return certain
