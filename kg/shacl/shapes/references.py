"""What shapes say of one another: names of which nothing is said, and shapes that no target leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from kg.errors import Problem, ShapesError, nearest
from kg.shacl.graph.terms import Term
from kg.shacl.shapes.model import SH, ShapeId, Shapes, parts
from kg.shacl.shapes.statements import Malformed, Statements
from kg.terms import compress

_SINGLE: Final = (
    "node", "not", "qualifiedValueShape", "targetWhere", "someValue", "memberShape", "reifierShape", "nodeByExpression",
)  # fmt: skip
_LISTED: Final = ("and", "or", "xone")


def shape_id(node: Term) -> ShapeId:
    """The IRI of a node, or `_:` and its label."""
    return node.value if isinstance(node, ox.NamedNode) else str(node)


def shown(node: Term) -> str:
    """A node as a person is told of it."""
    return compress(node.value) if isinstance(node, ox.NamedNode) else "a node without IRI"


def shown_id(name: ShapeId) -> str:
    """The name of a shape as a person is told of it."""
    return "without IRI" if name.startswith("_:") else compress(name)


def similar(node: Term, known: Iterable[Term]) -> str | None:
    """A hint naming the node nearest to an IRI among those of its namespace.

    >>> similar(ox.NamedNode("urn:e/Nmae"), [ox.NamedNode("urn:e/Name"), ox.NamedNode("urn:other/Nmae")])
    "did you mean 'Name'?"
    """
    if not isinstance(node, ox.NamedNode):
        return None
    space, local = _cut(node.value)
    beside = (_cut(other.value) for other in known if isinstance(other, ox.NamedNode) and other != node)
    return nearest(local, [name for its, name in beside if its == space])


def _cut(iri: str) -> tuple[str, str]:
    at = max(map(iri.rfind, "#/:")) + 1
    return iri[:at], iri[at:]


def dangling(statements: Statements) -> tuple[Problem, ...]:
    """Shapes that others call and of which nothing is said.

    They are well-formed, and every node fits them (SHACL, section 2.1); a misspelt name is one of them.
    """
    return tuple(
        Problem(
            ShapesError.code,
            f"sh:{local} names {shown(called)}, of which nothing is said: it accepts everything",
            statements.where(node, SH + local, value),
            hint=similar(called, statements),
        )
        for local, node, value, called in _calls(statements)
        if isinstance(called, ox.NamedNode) and not statements.of(called)
    )


def _calls(statements: Statements) -> Iterator[tuple[str, Term, Term, Term]]:
    """The name of the property, its subject, its value, and a shape that is called by it."""
    for local in _SINGLE:
        for node, value in statements.having(SH + local):
            yield local, node, value, value
    for local in _LISTED:
        for node, value in statements.having(SH + local):
            try:
                yield from ((local, node, value, member) for member in statements.members(value))
            except Malformed:
                continue  # refused where the shape is read


def idle(shapes: Shapes) -> frozenset[ShapeId]:
    """Shapes that no target leads to, and that are not switched off: they cannot check anything."""
    waiting = [name for name, shape in shapes.by_id.items() if shape.targets]
    waiting += [name for shape in shapes.by_id.values() for name in shape.targets.where if name in shapes.by_id]
    reached = set(waiting)
    while waiting:
        for constraint in shapes.by_id[waiting.pop()].constraints:
            new = {name for name in parts(constraint) if name in shapes.by_id} - reached
            reached |= new
            waiting += new
    return frozenset(name for name, shape in shapes.by_id.items() if name not in reached and not shape.is_deactivated)
