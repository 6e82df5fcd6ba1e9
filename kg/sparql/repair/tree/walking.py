"""Going through a tree, and making another of it: the same for every kind of node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from kg.sparql.language.syntax import BlankNode, Exists, Group, Select, Span, Variable

_Node = TypeVar("_Node")
_NO_NODE: Final = (str, int, Span)


def _parts(node: object) -> Iterator[tuple[str, Any]]:
    """The fields of a node that may hold nodes."""
    for name in getattr(node, "__dataclass_fields__", ()):
        value = getattr(node, name)
        if name != "at" and value is not None and not isinstance(value, _NO_NODE):
            yield name, value


def children(node: object) -> Iterator[object]:
    """The nodes right below one, in the order of the text."""
    for _, value in _parts(node):
        yield from _flat(value)


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, tuple):
        for each in value:
            yield from _flat(each)
    elif hasattr(value, "__dataclass_fields__"):
        yield value


def walk(node: object) -> Iterator[object]:
    """A node, and all below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)


def rebuilt(node: _Node, change: Callable[[Any], Any]) -> _Node:
    """A node whose children are what `change` makes of them; the node itself if that is nothing else.

    >>> from kg.sparql.language.syntax import Unary
    >>> rebuilt(Unary("!", Variable("x")), lambda child: Variable("y"))
    Unary(operator='!', operand=Variable(name='y', at=None), at=None)
    """
    changed = {}
    for name, value in _parts(node):
        made = _mapped(value, change)
        if made is not value:
            changed[name] = made
    return replace(cast("Any", node), **changed) if changed else node


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, tuple):
        made = []
        for each in value:  # not a generator: it would be a call more for each level of a tree
            made.append(_mapped(each, change))  # noqa: PERF401
        return value if all(new is old for new, old in zip(made, value, strict=True)) else tuple(made)
    return change(value) if hasattr(value, "__dataclass_fields__") else value


def renamed(node: _Node, names: dict[str, Variable]) -> _Node:
    """A node in which every variable that is named in `names` has become another.

    >>> renamed(Variable("a"), {"a": Variable("b")}).name
    'b'
    """

    def change(each: Any) -> Any:
        if isinstance(each, Variable):
            return names.get(each.name, each)
        return rebuilt(each, change)

    return cast("_Node", change(node))


def relabelled(node: _Node, label: Callable[[], str]) -> _Node:
    """A copy whose blank nodes are others, with labels that `label` gives: no two basic graph patterns share one."""
    labels: dict[str, str] = {}

    def change(each: Any) -> Any:
        if isinstance(each, BlankNode):
            if each.label not in labels:
                labels[each.label] = label()
            return BlankNode(labels[each.label])
        return rebuilt(each, change)

    return cast("_Node", change(node))


def names_in(node: object) -> frozenset[str]:
    """The names of all variables of a node and below it."""
    return frozenset(each.name for each in walk(node) if isinstance(each, Variable))


def expression_parts(expression: object) -> Iterator[object]:
    """A node of an expression and all below it, but for the patterns of EXISTS."""
    yield expression
    if not isinstance(expression, Exists):
        for child in children(expression):
            yield from expression_parts(child)


def expression_names(expression: object) -> frozenset[str]:
    """The names of the variables of an expression, those of its EXISTS patterns not among them."""
    return frozenset(each.name for each in expression_parts(expression) if isinstance(each, Variable))


def selects_mapped(node: _Node, change: Callable[[Select], Select]) -> _Node:
    """A node in which each SELECT is what `change` makes of it, those within it having been changed before."""

    def step(each: Any) -> Any:
        made = rebuilt(each, step)
        return change(made) if isinstance(made, Select) else made

    return cast("_Node", step(node))


def groups_mapped(node: _Node, change: Callable[[Group], Group]) -> _Node:
    """A node in which each group is what `change` makes of it, those within it having been changed before."""

    def step(each: Any) -> Any:
        made = rebuilt(each, step)
        return change(made) if isinstance(made, Group) else made

    return cast("_Node", step(node))
