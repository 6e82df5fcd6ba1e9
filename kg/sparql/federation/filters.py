"""Filters beside a SERVICE clause that its endpoint may apply as well, so that what they drop does not travel.

They stay where they are, so nothing depends on the endpoint; but it must not drop what they would keep. Hence only
filters on the language tag and on the plain text of variables that the clause is certain to bind: there is no value
space in them, on whose comparisons engines differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from kg.sparql.federation.structure import (
    Bind,
    Filter,
    Graph,
    Group,
    Minus,
    Names,
    Optional,
    Service,
    Span,
    Tree,
    Union,
    bound,
)
from kg.sparql.language.tokens import Kind, Token

_WORDS: Final = ("LANG", "LANGMATCHES", "STR", "STRSTARTS", "STRENDS", "CONTAINS", "IN", "NOT")
_MARKS: Final = frozenset({"(", ")", ",", "=", "!=", "&&", "||", "!"})


def filters_beside(tree: Tree, service: Service) -> tuple[Span, ...]:
    """The filters of the group that a clause stands in which its endpoint may apply."""
    certain = bound(service.body, {}).certain
    group = next((group for group in _groups(tree) if service in group.elements), None)
    elements = group.elements if group is not None else ()
    return tuple(
        element.span for element in elements if isinstance(element, Filter) and _may_travel(tree, element, certain)
    )


def _may_travel(tree: Tree, element: Filter, certain: Names) -> bool:
    condition = element.expression
    if not condition.variables or not condition.variables <= certain or condition.exists:
        return False
    tokens = tree.tokens[condition.span.start : condition.span.end]
    for place, token in enumerate(tokens):
        if token.kind is Kind.VARIABLE:
            if not _is_taken_apart(tokens[max(place - 2, 0) : place + 2]):
                return False
        elif token.kind is Kind.MARK:
            if token.text not in _MARKS:
                return False
        elif token.kind is not Kind.STRING and not token.is_word(*_WORDS):
            return False
    return True


def _is_taken_apart(tokens: Sequence[Token]) -> bool:
    """Whether these are `LANG(?x)` or `STR(?x)`."""
    shape = [token.kind if token.kind is Kind.VARIABLE else token.text.upper() for token in tokens]
    return shape in (["LANG", "(", Kind.VARIABLE, ")"], ["STR", "(", Kind.VARIABLE, ")"])


def _groups(tree: Tree) -> Iterator[Group]:
    """All groups of a query that are evaluated here."""
    waiting = [tree.root.where, *(group for expression in tree.root.expressions for group in expression.exists)]
    while waiting:
        group = waiting.pop()
        yield group
        if group.select is not None:
            waiting.append(group.select.where)
            waiting += [inner for expression in group.select.expressions for inner in expression.exists]
        for element in group.elements:
            if isinstance(element, Optional | Minus | Graph):
                waiting.append(element.group)
            elif isinstance(element, Union):
                waiting += element.branches
            elif isinstance(element, Filter | Bind):
                waiting += element.expression.exists
