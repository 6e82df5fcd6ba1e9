"""The algebra of a query (SPARQL 1.1, 18.2) as text, for people: one operator a line, its operands below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.sparql.language.spelling import Spelling, path, term
from kg.sparql.language.syntax import (
    Ask,
    Bind,
    Construct,
    Describe,
    Duplicates,
    Element,
    Expression,
    Filter,
    Graph,
    Group,
    InlineData,
    Iri,
    Minus,
    Modifiers,
    Named,
    Optional,
    Query,
    Select,
    Service,
    TriplePattern,
    Triples,
    Union,
    Variable,
)
from kg.sparql.repair.tree.binding import is_grouped

_ROWS: Final = 20
"""So many rows of inline data are shown."""


@dataclass(frozen=True, slots=True)
class Node:
    """An operator, what belongs to it, and its operands."""

    head: str
    parts: tuple[Node, ...] = ()

    def lines(self, depth: int = 0) -> Iterable[str]:
        """The node in brackets, each operand on lines of its own."""
        gap = "  " * depth
        if not self.parts:
            yield f"{gap}({self.head})"
            return
        yield f"{gap}({self.head}"
        below = [line for part in self.parts for line in part.lines(depth + 1)]
        yield from below[:-1]
        yield f"{below[-1]})"


_UNIT: Final = Node("unit")
"""One solution that binds nothing."""


def algebra(query: Query) -> str:
    """The algebra of a query.

    >>> from kg.sparql.language import parse
    >>> print(algebra(parse("SELECT ?s { ?s ?p ?o OPTIONAL { ?o ?q ?z FILTER(?z > 1) } } LIMIT 5")))
    (slice limit=5
      (project ?s
        (leftjoin ?z > 1
          (bgp
            (triple ?s ?p ?o))
          (bgp
            (triple ?o ?q ?z)))))
    """
    return "\n".join(_whole(query).lines())


def _whole(query: Query) -> Node:
    body = query.body
    dataset = [f"from {term(iri)}" for iri in query.default_graphs]
    dataset += [f"named {term(iri)}" for iri in query.named_graphs]
    match body:
        case Select():
            made = _select(body)
        case Ask():
            made = Node("ask", (_solutions(body.where, body.modifiers, body.values),))
        case Construct():
            template = Node("template", tuple(map(_triple, body.template)))
            made = Node("construct", (template, _solutions(body.where, body.modifiers, body.values)))
        case Describe():
            named = "*" if body.resources is None else " ".join(map(term, body.resources))
            where = Group(()) if body.where is None else body.where
            made = Node(f"describe {named}", (_solutions(where, body.modifiers, body.values),))
        case _:
            raise ValueError(body)
    return Node(f"dataset {' '.join(dataset)}", (made,)) if dataset else made


# --- solutions (18.2.4 and 18.2.5)


def _select(select: Select) -> Node:
    modifiers = select.modifiers
    made = _grouped(select)
    if select.values is not None:
        made = _joined(made, _table(select.values))
    for each in select.projection or ():
        if isinstance(each, Named):
            made = Node(f"extend {_named(each)}", (made,))
    made = _ordered(made, modifiers)
    if select.projection is not None:
        names = " ".join(term(each.variable if isinstance(each, Named) else each) for each in select.projection)
        made = Node(f"project {names}", (made,))
    if select.duplicates is not Duplicates.KEPT:
        made = Node(select.duplicates.value.lower(), (made,))
    return _sliced(made, modifiers)


def _solutions(where: Group, modifiers: Modifiers, values: InlineData | None) -> Node:
    return _select(Select(None, where, Duplicates.KEPT, modifiers, values))


def _grouped(select: Select) -> Node:
    made = _group(select.where)
    modifiers = select.modifiers
    if is_grouped(select):
        keys = " ".join(_named(key) if isinstance(key, Named) else f"({_spelt(key)})" for key in modifiers.group)
        made = Node(f"group {keys}".rstrip(), (made,))
    for condition in modifiers.having:
        made = Node(f"filter {_spelt(condition)}", (made,))
    return made


def _ordered(made: Node, modifiers: Modifiers) -> Node:
    if not modifiers.order:
        return made
    keys = [f"({'desc' if key.descending else 'asc'} {_spelt(key.expression)})" for key in modifiers.order]
    return Node(f"order {' '.join(keys)}", (made,))


def _sliced(made: Node, modifiers: Modifiers) -> Node:
    said = [f"offset={modifiers.offset}"] if modifiers.offset is not None else []
    said += [f"limit={modifiers.limit}"] if modifiers.limit is not None else []
    return Node(f"slice {' '.join(said)}", (made,)) if said else made


# --- patterns (18.2.2)


def _group(group: Group) -> Node:
    conditions = [element.condition for element in group.elements if isinstance(element, Filter)]
    made = _UNIT
    pending: list[TriplePattern] = []
    for element in group.elements:
        if isinstance(element, Triples):
            pending += element.patterns
        elif not isinstance(element, Filter):
            made = _with(_joined(made, _patterns(pending)), element)
            pending = []
    made = _joined(made, _patterns(pending))
    return Node(f"filter {' && '.join(map(_spelt, conditions))}", (made,)) if conditions else made


def _patterns(patterns: Iterable[TriplePattern]) -> Node:
    """Triples in one basic graph pattern, and each path by itself."""
    plain, made = [], _UNIT
    for pattern in patterns:
        if isinstance(pattern.predicate, (Iri, Variable)):
            plain.append(_triple(pattern))
        else:
            made = _joined(made, _triple(pattern))
    return _joined(Node("bgp", tuple(plain)), made) if plain else made


def _triple(pattern: TriplePattern) -> Node:
    kind = "triple" if isinstance(pattern.predicate, (Iri, Variable)) else "path"
    return Node(f"{kind} {term(pattern.subject)} {path(pattern.predicate)} {term(pattern.object)}")


def _with(made: Node, element: Element) -> Node:
    match element:
        case Optional(group):
            conditions = [each.condition for each in group.elements if isinstance(each, Filter)]
            inner = _group(Group(tuple(each for each in group.elements if not isinstance(each, Filter))))
            return Node(f"leftjoin {' && '.join(map(_spelt, conditions))}".rstrip(), (made, inner))
        case Minus(group):
            return Node("minus", (made, _group(group)))
        case Bind(expression, variable):
            return Node(f"extend {_named(Named(expression, variable))}", (made,))
    return _joined(made, _operand(element))


def _operand(element: Element) -> Node:
    match element:
        case InlineData():
            return _table(element)
        case Graph(name, group):
            return Node(f"graph {term(name)}", (_group(group),))
        case Service(name, silent, group):
            return Node(f"service {'silent ' if silent else ''}{term(name)}", (_group(group),))
        case Union(branches):
            return Node("union", tuple(map(_group, branches)))
        case Group():
            return _group(element)
        case Select():
            return _select(element)
    raise ValueError(element)


def _joined(left: Node, right: Node) -> Node:
    if left is _UNIT or right is _UNIT:
        return right if left is _UNIT else left
    same = left.parts if left.head == "join" else (left,)
    return Node("join", (*same, right))


def _table(data: InlineData) -> Node:
    rows = [Node(" ".join("undef" if cell is None else term(cell) for cell in row)) for row in data.rows[:_ROWS]]
    more = len(data.rows) - len(rows)
    rest = [Node(f"and {more} rows more")] if more else []
    return Node(f"table {' '.join(map(term, data.variables))}".rstrip(), (*rows, *rest))


# --- expressions


def _named(value: Named) -> str:
    return f"({term(value.variable)} {_spelt(value.expression)})"


def _spelt(expression: Expression) -> str:
    return Spelling(_nested).expression(expression)


def _nested(group: Group) -> str:
    """The pattern of an EXISTS, in one line."""
    return "{" + " ".join(" ".join(line.split()) for line in _group(group).lines()) + "}"
