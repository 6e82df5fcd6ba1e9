"""What becomes of ill-formed shapes: all of them told and no verdict, or the sound ones alone, and what was left out.

A shape that is ill-formed is left out whole. One that asks by `sh:property` for such a shape goes on without it: every
result that it still gives is a true one. One that asks for it in another way (`sh:node`, `sh:not`, a list of shapes, a
qualified value shape) cannot be judged, and is left out as well; so is one that something which accepts more now than
it should would make refuse what it should accept.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.errors import Problem, ShapesError
from kg.shacl.graph.terms import Term
from kg.shacl.graph.xsd import RDF
from kg.shacl.shapes.model import SH, Closed, ClosedByTypes, LeftOut, Property, Shape, ShapeId, Shapes, negated, parts
from kg.shacl.shapes.recursion import UndefinedRecursion, circles
from kg.shacl.shapes.references import shape_id
from kg.shacl.shapes.statements import Statements
from kg.terms import compress

Fault = tuple[Term, Problem]
"""Something ill-formed, and the node that it is about."""
_LEADING: Final = (RDF + "first", RDF + "rest", "http://www.w3.org/2002/07/owl#imports")


def whole(statements: Statements, found: Mapping[ShapeId, Shape], told: Sequence[Fault]) -> Shapes:
    """All shapes.

    :raises ShapesError: with everything that was told, or if shapes call themselves through a negation
    """
    if told:
        raise ShapesError(problems=sorted({problem for _, problem in told}, key=_order))
    try:
        return Shapes(MappingProxyType(dict(found)), circles(found), version=statements.version)
    except UndefinedRecursion as fault:
        raise ShapesError(problems=[_placed(statements, fault)]) from None


def sound(statements: Statements, found: Mapping[ShapeId, Shape], told: Sequence[Fault]) -> Shapes:
    """The shapes that can be judged by, and what was left out."""
    reasons: dict[ShapeId | None, list[Problem]] = {}
    callers = _callers(statements) if told else {}
    for node, problem in told:
        owners: list[ShapeId | None] = [*_owners(statements, node, found, callers)]
        for owner in owners or [None]:
            reasons.setdefault(owner, []).append(problem)
    for fault in _undefined(found, reasons):
        for name in fault.circle:
            reasons.setdefault(name, []).append(_placed(statements, fault))
    spreading = _Spreading(statements, found, {name for name in reasons if name is not None})
    spreading.run()
    left: dict[ShapeId | None, tuple[Problem, ...]] = {
        name: tuple(sorted(set(why), key=_order)) for name, why in reasons.items()
    }
    left.update(spreading.also)
    parted = [LeftOut(name, why, is_in_part=True) for name, why in spreading.weakened.items() if name not in left]
    kept = {name: _without(shape, spreading.gone) for name, shape in found.items() if name not in spreading.gone}
    left_out = sorted([*(LeftOut(name, why) for name, why in left.items()), *parted], key=_place)
    return Shapes(MappingProxyType(kept), circles(kept), tuple(left_out), statements.version)


def _order(problem: Problem) -> tuple[str, int, str]:
    position = problem.position
    return (position.path if position else "", position.line if position else 0, problem.message)


def _place(left: LeftOut) -> tuple[bool, tuple[str, int, str], str]:
    return left.is_in_part, _order(left.problems[0]), left.shape or ""


def _placed(statements: Statements, fault: UndefinedRecursion) -> Problem:
    problem, node = fault.problems[0], _node(fault.shape)
    position, file = statements.where(node), statements.file_of(node)
    text = problem.message if position or not file else f"{file}: {problem.message}"
    return dataclasses.replace(problem, message=text, position=position)


def _node(name: ShapeId) -> Term:
    return ox.BlankNode(name[2:]) if name.startswith("_:") else ox.NamedNode(name)


def _callers(statements: Statements) -> dict[Term, list[Term]]:
    """Of each node the ones that lead to it in the words of SHACL or by a list."""
    found: dict[Term, list[Term]] = {}
    for node in statements:
        for predicate, values in statements.of(node).items():
            if predicate.startswith(SH) or predicate in _LEADING:
                for value in values:
                    found.setdefault(value, []).append(node)
    return found


def _owners(
    statements: Statements, node: Term, found: Mapping[ShapeId, Shape], callers: Mapping[Term, list[Term]]
) -> set[ShapeId]:
    """The shapes that something ill-formed belongs to: itself, or those that lead to it or use a component of it."""
    owners: set[ShapeId] = set()
    waiting, seen = [node], {node}
    while waiting:
        reached = waiting.pop()
        if shape_id(reached) in found:
            owners.add(shape_id(reached))
            continue
        new = {*callers.get(reached, ()), *_users(statements, reached)} - seen
        seen |= new
        waiting += new
    return owners


def _users(statements: Statements, component: Term) -> Iterator[Term]:
    """The nodes that use the parameters of a component."""
    for parameter in statements.values(component, SH + "parameter"):
        for path in statements.values(parameter, SH + "path"):
            if isinstance(path, ox.NamedNode):
                yield from (node for node, _ in statements.having(path.value))


def _undefined(found: Mapping[ShapeId, Shape], gone: Iterable[ShapeId | None]) -> Iterator[UndefinedRecursion]:
    kept = {name: shape for name, shape in found.items() if name not in set(gone)}
    while True:
        try:
            circles(kept)
        except UndefinedRecursion as fault:
            yield fault
            kept = {name: shape for name, shape in kept.items() if name not in fault.circle}
        else:
            return


class _Spreading:
    """What follows for the others when shapes are left out."""

    def __init__(self, statements: Statements, found: Mapping[ShapeId, Shape], gone: set[ShapeId]) -> None:
        self._said, self._found, self.gone = statements, found, gone
        self.also: dict[ShapeId, tuple[Problem, ...]] = {}
        self.weakened: dict[ShapeId, tuple[Problem, ...]] = {}

    def run(self) -> None:
        """Go on until nothing follows any more."""
        is_settled = False
        while not is_settled:
            before = len(self.gone), len(self.weakened)
            for name, shape in self._found.items():
                if name not in self.gone:
                    self._judge(name, shape)
            is_settled = before == (len(self.gone), len(self.weakened))

    def _judge(self, name: ShapeId, shape: Shape) -> None:
        if selecting := (self.gone | self.weakened.keys()).intersection(shape.targets.where):
            self._leave_out(name, min(selecting), "which was left out, whole or in part, and selects its targets")
            return
        for constraint in shape.constraints:
            called = self.gone.intersection(parts(constraint))
            if called and not isinstance(constraint, Property):
                self._leave_out(name, min(called), "which was left out")
            elif called and self._is_closed_over(shape, min(called)):
                self._leave_out(name, min(called), "which was left out, and it is closed over its properties")
            elif partly := self.weakened.keys() & set(negated(constraint)):
                self._leave_out(name, min(partly), "of which a part was left out, and refuses what conforms to it")
            elif called or not self.weakened.keys().isdisjoint(parts(constraint)):
                named = min(called or self.weakened.keys() & set(parts(constraint)))
                said = "which was left out: the rest of it acts" if called else "of which a part was left out"
                self.weakened.setdefault(name, (self._problem(name, named, said),))

    def _is_closed_over(self, shape: Shape, called: ShapeId) -> bool:
        paths = self._said.values(_node(called), SH + "path")
        is_known = len(paths) == 1 and isinstance(paths[0], ox.NamedNode)
        return not is_known and any(isinstance(constraint, Closed | ClosedByTypes) for constraint in shape.constraints)

    def _leave_out(self, name: ShapeId, called: ShapeId, why: str) -> None:
        self.gone.add(name)
        self.also[name] = (self._problem(name, called, why),)

    def _problem(self, name: ShapeId, called: ShapeId, why: str) -> Problem:
        node, other = _node(name), _node(called)
        position, there = self._said.where(node), self._said.where(other)
        shown = compress(other.value) if isinstance(other, ox.NamedNode) else "a shape without IRI"
        place = f" ({there})" if there and isinstance(other, ox.BlankNode) else ""
        return Problem(ShapesError.code, f"it refers to {shown}{place}, {why}", position)


def _without(shape: Shape, gone: set[ShapeId]) -> Shape:
    kept = tuple(c for c in shape.constraints if not (isinstance(c, Property) and c.shape in gone))
    return shape if len(kept) == len(shape.constraints) else dataclasses.replace(shape, constraints=kept)
