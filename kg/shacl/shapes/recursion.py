"""Shapes that call themselves by way of others: found, and refused where what they mean depends on who is asked first.

SHACL leaves recursion undefined (section 3.4.3). Where no shape of a circle is negated, there is one greatest answer: a
node conforms unless there is a reason why it does not. Through a negation there may be none, or several.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kg.errors import ShapesError
from kg.shacl.shapes.model import Shape, ShapeId, UniqueValues, negated, parts


class UndefinedRecursion(ShapesError):
    """Shapes whose meaning depends on who is asked first; `shape` is one of its `circle`."""

    def __init__(self, shape: ShapeId, back: ShapeId, circle: frozenset[ShapeId]) -> None:
        super().__init__(
            f"the shape {shape} calls itself by way of {back} through a negation or an upper limit",
            hint="what such shapes mean is undefined (SHACL, section 3.4.3)",
        )
        self.shape, self.circle = shape, circle


def circles(shapes: Mapping[ShapeId, Shape]) -> Mapping[ShapeId, frozenset[ShapeId]]:
    """Each shape that calls itself, with all that call it and that it calls.

    :raises UndefinedRecursion: if a circle passes a negation
    """
    calls = {
        name: {*_selected(shape), *(part for constraint in shape.constraints for part in parts(constraint))}
        for name, shape in shapes.items()
    }
    found: dict[ShapeId, frozenset[ShapeId]] = {}
    for component in _components(calls):
        if len(component) > 1 or next(iter(component)) in calls.get(next(iter(component)), ()):
            found.update(dict.fromkeys(component, frozenset(component)))
    for name, circle in found.items():
        for called in (_selected(shapes[name]), *map(negated, shapes[name].constraints)):
            if back := circle.intersection(called):
                raise UndefinedRecursion(name, min(back), circle)
    return MappingProxyType(found)


def _selected(shape: Shape) -> tuple[ShapeId, ...]:
    """The shapes that select the targets of a shape, where its constraints ask which these are."""
    return shape.targets.where if any(isinstance(one, UniqueValues) for one in shape.constraints) else ()


def _components(calls: Mapping[ShapeId, set[ShapeId]]) -> list[set[ShapeId]]:
    """Strongly connected components (Tarjan, 1972), without recursion: shapes may be nested deep."""
    index: dict[ShapeId, int] = {}
    low: dict[ShapeId, int] = {}
    stack: list[ShapeId] = []
    on_stack: set[ShapeId] = set()
    found: list[set[ShapeId]] = []
    for root in calls:
        if root in index:
            continue
        work = [(root, iter(sorted(calls[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            for after in following:
                if after not in index:
                    index[after] = low[after] = len(index)
                    stack.append(after)
                    on_stack.add(after)
                    work.append((after, iter(sorted(calls.get(after, ())))))
                    break
                if after in on_stack:
                    low[node] = min(low[node], index[after])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component: set[ShapeId] = set()
                    while node not in component:
                        component.add(stack.pop())
                    on_stack -= component
                    found.append(component)
    return found
