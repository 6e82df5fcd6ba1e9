"""What a triples map needs beside its own rows: references, indexes of joins, tables to look up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.rml.compile.columns import Shape
from kg.rml.compile.shapes import shapes_of
from kg.rml.mapping.functions import Kind
from kg.rml.mapping.model import (
    Call,
    Expression,
    Plan,
    Reference,
    RefObjectMap,
    TermMap,
    TriplesMap,
    expressions_of,
    references_of,
)


@dataclass(frozen=True, slots=True)
class JoinKey:
    """What an index is made of: the subjects of a triples map, by the values of some expressions."""

    parent: str
    expressions: tuple[Expression, ...]

    @property
    def can_fail(self) -> bool:
        """Whether functions make a part of it."""
        return has_calls(self.expressions)


def join_key(link: RefObjectMap) -> JoinKey:
    """The index that a link looks into."""
    return JoinKey(link.parent, tuple(join.parent for join in link.joins))


def follows(plan: Plan, key: JoinKey) -> bool:
    """Whether the subject of a parent follows from what is compared: it is made of that one value, and nothing else."""
    parent = plan.map_named(key.parent)
    if isinstance(parent.subject.expression, Call) or parent.subject.gather or parent.conditions:
        return False
    wanted = {reference.text for reference in references_of(parent.subject.expression)}
    match key.expressions:
        case (Reference(text),):
            return wanted == {text} and shapes_of(parent.source, (text,))[text] is not Shape.MANY
        case _:
            return False


def joins_of(triples_map: TriplesMap) -> tuple[RefObjectMap, ...]:
    """The links of a triples map that have conditions."""
    return tuple(made for made in triples_map.links() if made.joins)


def references_in(plan: Plan, triples_map: TriplesMap) -> tuple[str, ...]:
    """The references that the lines of a triples map need, in the order of the mapping."""
    return _unique(map_expressions(plan, triples_map))


def references_for(plan: Plan, key: JoinKey) -> tuple[str, ...]:
    """The references that an index needs."""
    parent = plan.map_named(key.parent)
    return _unique((*key.expressions, *subject_expressions(plan, parent)))


def _unique(expressions: Iterable[Expression | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reference.text for e in expressions for reference in references_of(e)))


def _of_term(plan: Plan, made: TermMap | RefObjectMap) -> list[Expression | None]:
    """The expressions that a term is made of, and the names of its targets."""
    names = expressions_of(made.targets)
    if isinstance(made, RefObjectMap):
        keys = [join.child for join in made.joins] or subject_expressions(plan, plan.map_named(made.parent))
        return [*made.conditions, *keys, *names]
    inner = [more for more in (made.language, made.datatype) if more is not None]
    members = () if made.gather is None else made.gather.members
    return [made.expression, *names, *made.conditions, *(e for m in (*inner, *members) for e in _of_term(plan, m))]


def subject_expressions(plan: Plan, triples_map: TriplesMap) -> list[Expression | None]:
    """What the subject of a triples map is made of, and what must hold for it."""
    return [*_of_term(plan, triples_map.subject), *triples_map.conditions]


def has_calls(expressions: Iterable[Expression | None]) -> bool:
    """Whether one of some expressions is a function."""
    return any(isinstance(expression, Call) for expression in expressions)


def map_expressions(plan: Plan, triples_map: TriplesMap) -> list[Expression | None]:
    """Everything that a triples map is made of, those that others make included."""
    terms: list[TermMap | RefObjectMap] = [*triples_map.graphs]
    keys = subject_expressions(plan, triples_map)
    for pair in triples_map.pairs:
        terms += [*pair.predicates, *pair.graphs]
        keys += pair.conditions
        for made in pair.objects:
            if isinstance(made, TermMap):
                terms.append(made)
            else:
                keys += _of_term(plan, made)
    return [*keys, *(e for made in terms for e in _of_term(plan, made))]


def looked_up(plan: Plan, triples_map: TriplesMap) -> Iterator[Path]:
    """The files that functions look values up in."""
    calls = [expression for expression in map_expressions(plan, triples_map) if isinstance(expression, Call)]
    while calls:
        call = calls.pop()
        calls += [inner for inner in call.inner() if isinstance(inner, Call)]
        for parameter, argument in zip(call.function.parameters, call.arguments, strict=True):
            if parameter.kind is Kind.TABLE and argument.value is not None:
                yield argument.value.path


def number_of(plan: Plan, name: str) -> int:
    """The place of a triples map in the plan."""
    return [triples_map.name for triples_map in plan.maps].index(name)
