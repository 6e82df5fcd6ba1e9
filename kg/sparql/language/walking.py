"""Ways through a tree and to another one: by the kinds of its nodes in expressions, by their fields everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar, cast

from kg.sparql.language.syntax import (
    Aggregate,
    Binary,
    BlankNode,
    BuiltIn,
    Call,
    Exists,
    Expression,
    Group,
    Iri,
    Literal,
    Membership,
    PathLike,
    Select,
    Term,
    TriplePattern,
    TripleTerm,
    Unary,
    Variable,
)

_Node = TypeVar("_Node")

# --- expressions


def operands(expression: Expression) -> tuple[Expression, ...]:
    """What an expression is evaluated from; the group of EXISTS is none of it."""
    match expression:
        case Variable() | Iri() | Literal() | Exists() | TripleTerm():
            return ()
        case Unary():
            return (expression.operand,)
        case Binary():
            return (expression.left, expression.right)
        case Membership():
            return (expression.operand, *expression.members)
        case BuiltIn() | Call():
            return expression.arguments
        case Aggregate():
            return () if expression.operand is None else (expression.operand,)
    raise ValueError(f"no expression: {expression!r}")


def expressions(whole: Expression) -> Iterator[Expression]:
    """An expression and all that it is made of, from left to right, the outer before the inner."""
    waiting = [whole]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += reversed(operands(one))


def variables_of_term(term: Term | PathLike) -> Iterator[Variable]:
    """The variables of a term, in a triple term from left to right; a path has none."""
    match term:
        case Variable():
            yield term
        case TripleTerm():
            for part in (term.subject, term.predicate, term.object):
                yield from variables_of_term(part)


def variables_of_pattern(pattern: TriplePattern) -> Iterator[Variable]:
    """The variables of a triple pattern, from left to right."""
    for part in (pattern.subject, pattern.predicate, pattern.object):
        yield from variables_of_term(part)


def expression_names(whole: Expression) -> frozenset[str]:
    """The names of the variables of an expression, those of aggregates included, those of EXISTS not."""
    parts = (one for one in expressions(whole) if isinstance(one, Variable | TripleTerm))
    return frozenset(variable.name for part in parts for variable in variables_of_term(part))


def has_aggregate(values: Iterable[Expression]) -> bool:
    """Whether any of the expressions holds an aggregate, outside of its EXISTS patterns."""
    return any(isinstance(one, Aggregate) for value in values for one in expressions(value))


# --- nodes of every kind


def _parts(node: object) -> Iterator[tuple[str, Any]]:
    """The fields of a node that may hold nodes."""
    for name in getattr(node, "__dataclass_fields__", ()):
        value = getattr(node, name)
        if name != "at" and (isinstance(value, tuple) or hasattr(value, "__dataclass_fields__")):
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


def height(tree: object) -> int:
    """How many nodes of a tree stand in one another at most; it may be higher than a function can call itself."""
    highest = 0
    waiting = [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        highest = max(highest, level)
        waiting += ((child, level + 1) for child in children(node))
    return highest


def rebuilt(node: _Node, change: Callable[[Any], Any]) -> _Node:
    """A node whose children are what `change` makes of them; the node itself if that is nothing else.

    >>> from kg.sparql.language.syntax import Unary
    >>> rebuilt(Unary("!", Variable("x")), lambda child: Variable("y"))
    Unary(operator='!', operand=Variable(name='y', at=None), at=None)
    """
    changed = {}
    for name, value in _parts(node):
        # A node needs no call but that of `change`: what goes through a tree calls itself for each level.
        made = _each_mapped(value, change) if isinstance(value, tuple) else change(value)
        if made is not value:
            changed[name] = made
    return replace(cast("Any", node), **changed) if changed else node


def _each_mapped(values: tuple[Any, ...], change: Callable[[Any], Any]) -> tuple[Any, ...]:
    made: list[Any] = []
    for each in values:
        if isinstance(each, tuple):
            made.append(_each_mapped(each, change))
        else:
            made.append(change(each) if hasattr(each, "__dataclass_fields__") else each)
    return values if all(new is old for new, old in zip(made, values, strict=True)) else tuple(made)


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
