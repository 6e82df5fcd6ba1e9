"""A query as the operators that it means (SPARQL 1.1 Query, section 18.2), in values that can be compared and written.

Expressions stay those of the syntax, but that an aggregate outside of its operator is the variable of its result.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from kg.sparql.language.syntax import (
    Aggregate,
    Ask,
    Bind,
    Construct,
    Describe,
    Element,
    Exists,
    Expression,
    Filter,
    Graph,
    Group,
    InlineData,
    Inverse,
    Iri,
    Minus,
    Modifiers,
    Named,
    Optional,
    OrderCondition,
    PathLike,
    Query,
    Select,
    Service,
    Term,
    TriplePattern,
    Triples,
    Union,
    Variable,
)
from kg.sparql.language.syntax import Duplicates as Kept
from kg.sparql.language.syntax import Sequence as Steps
from kg.sparql.language.walking import expressions, rebuilt


@dataclass(frozen=True, slots=True)
class BasicPattern:
    """`BGP`: triple patterns that are matched together; none at all is the pattern with one empty solution."""

    patterns: tuple[TriplePattern, ...] = ()


@dataclass(frozen=True, slots=True)
class PathPattern:
    """`Path`: two terms, and a path between them that is no row of triples."""

    subject: Term
    path: PathLike
    object: Term


@dataclass(frozen=True, slots=True)
class Join:
    """`Join`."""

    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class LeftJoin:
    """`LeftJoin`; no condition is `true`."""

    left: Pattern
    right: Pattern
    conditions: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Filtered:
    """`Filter`, by all of the conditions."""

    conditions: tuple[Expression, ...]
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class United:
    """`Union`, of two or more."""

    branches: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Subtracted:
    """`Minus`."""

    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class Extended:
    """`Extend`: a variable that an expression gives a value."""

    pattern: Pattern
    variable: Variable
    expression: Expression


@dataclass(frozen=True, slots=True)
class InGraph:
    """`Graph`."""

    name: Iri | Variable
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class AtService:
    """`Service` (SPARQL 1.1 Federated Query)."""

    name: Iri | Variable
    silent: bool
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Table:
    """Inline data."""

    data: InlineData


@dataclass(frozen=True, slots=True)
class Grouped:
    """`Group` and `AggregateJoin`: keys, and the aggregates with the variables of their results."""

    keys: tuple[Expression | Named, ...]
    aggregates: tuple[tuple[Variable, Aggregate], ...]
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Ordered:
    """`OrderBy`."""

    conditions: tuple[OrderCondition, ...]
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Projected:
    """`Project`."""

    variables: tuple[Variable, ...]
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Distinct:
    """`Distinct`."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Reduced:
    """`Reduced`."""

    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Sliced:
    """`Slice`: how many solutions are passed over, and how many are kept."""

    start: int
    length: int | None
    pattern: Pattern


Pattern: TypeAlias = (
    "BasicPattern | PathPattern | Join | LeftJoin | Filtered | United | Subtracted | Extended | InGraph | AtService"
    " | Table | Grouped | Ordered | Projected | Distinct | Reduced | Sliced"
)

UNIT = BasicPattern()
"""The pattern that has one solution, which binds nothing."""


def translate(query: Query) -> Pattern:
    """The operators of a query; what its form makes of their solutions, its body says.

    >>> from kg.sparql.language import parse
    >>> [one.name for one in translate(parse("SELECT * { ?s ?p ?o OPTIONAL { ?o ?q ?x FILTER(?x) } }")).conditions]
    ['x']
    """
    body = query.body
    translation = Translation()
    match body:
        case Select():
            return translation.select(body)
        case Ask() | Construct() | Describe():
            where = UNIT if body.where is None else translation.group(body.where)
            whole, results = translation.grouped(where, body.modifiers, body.values, ())
            return _sliced(_ordered(whole, body.modifiers.order, results), body.modifiers)
    raise ValueError(f"no query: {body!r}")


class Translation:
    """Translates the parts of one query; the variables that it makes are none that a query can name."""

    def __init__(self) -> None:
        self._steps = 0

    # --- patterns (18.2.2)

    def group(self, group: Group) -> Pattern:
        """A group: its elements in order, and then its filters (18.2.2.6)."""
        conditions: list[Expression] = []
        whole: Pattern = UNIT
        pending: list[TriplePattern] = []
        for element in group.elements:
            if isinstance(element, Filter):
                conditions.append(element.condition)
            elif isinstance(element, Triples):
                pending += element.patterns
            else:
                whole = self._element(self._triples(whole, pending), element)
                pending = []
        whole = self._triples(whole, pending)
        return Filtered(tuple(conditions), whole) if conditions else whole

    def _triples(self, whole: Pattern, patterns: Iterable[TriplePattern]) -> Pattern:
        """Triple patterns that stand together, with their paths (18.2.2.3 to 18.2.2.5)."""
        pending: list[TriplePattern] = []
        for pattern in patterns:
            for part in self._path(pattern.subject, pattern.predicate, pattern.object):
                if isinstance(part, TriplePattern):
                    pending.append(part)
                    continue
                if pending:
                    whole = _joined(whole, BasicPattern(tuple(pending)))
                pending = []
                whole = _joined(whole, part)
        return _joined(whole, BasicPattern(tuple(pending))) if pending else whole

    def _path(self, subject: Term, path: PathLike | Variable, object_: Term) -> Sequence[TriplePattern | PathPattern]:
        match path:
            case Iri() | Variable():
                return [TriplePattern(subject, path, object_)]
            case Inverse():
                return self._path(object_, path.path, subject)
            case Steps():
                found: list[TriplePattern | PathPattern] = []
                for number, part in enumerate(path.parts, 1):
                    after = object_ if number == len(path.parts) else self._step()
                    found += self._path(subject, part, after)
                    subject = after
                return found
        return [PathPattern(subject, path, object_)]

    def _step(self) -> Variable:
        self._steps += 1
        return Variable(f".step{self._steps}")

    def _element(self, whole: Pattern, element: Element) -> Pattern:
        match element:
            case Optional():
                inner = self.group(element.group)
                if isinstance(inner, Filtered):
                    return LeftJoin(whole, inner.pattern, inner.conditions)
                return LeftJoin(whole, inner)
            case Minus():
                return Subtracted(whole, self.group(element.group))
            case Bind():
                return Extended(whole, element.variable, element.expression)
        return _joined(whole, self._joining(element))

    def _joining(self, element: Element) -> Pattern:
        match element:
            case InlineData():
                return Table(element)
            case Graph():
                return InGraph(element.name, self.group(element.group))
            case Service():
                return AtService(element.name, element.silent, self.group(element.group))
            case Union():
                return United(tuple(self.group(branch) for branch in element.branches))
            case Group():
                return self.group(element)
            case Select():
                return self.select(element)
        raise ValueError(f"no element of a group: {element!r}")

    # --- groups, aggregates and modifiers (18.2.4 and 18.2.5)

    def select(self, select: Select) -> Pattern:
        """A SELECT, with its modifiers in the order in which they act."""
        modifiers = select.modifiers
        made = [one for one in select.projection or () if isinstance(one, Named)]
        whole, results = self.grouped(self.group(select.where), modifiers, select.values, made)
        for one in made:
            whole = Extended(whole, one.variable, _without_aggregates(one.expression, results))
        whole = _ordered(whole, modifiers.order, results)
        if select.projection is not None:
            names = [one.variable if isinstance(one, Named) else one for one in select.projection]
            whole = Projected(tuple(names), whole)
        match select.duplicates:
            case Kept.DISTINCT:
                whole = Distinct(whole)
            case Kept.REDUCED:
                whole = Reduced(whole)
        return _sliced(whole, modifiers)

    def grouped(
        self, whole: Pattern, modifiers: Modifiers, values: InlineData | None, made: Iterable[Named]
    ) -> tuple[Pattern, dict[Aggregate, Variable]]:
        """Groups with their aggregates, HAVING and VALUES; the variables of the aggregates' results."""
        results: dict[Aggregate, Variable] = {}
        asked = [*modifiers.having, *(one.expression for one in made), *(one.expression for one in modifiers.order)]
        for expression in asked:
            for one in expressions(expression):
                if isinstance(one, Aggregate):
                    results.setdefault(one, Variable(f".{len(results)}"))
        if modifiers.group or results:
            whole = Grouped(modifiers.group, tuple((name, one) for one, name in results.items()), whole)
        if modifiers.having:
            whole = Filtered(tuple(_without_aggregates(one, results) for one in modifiers.having), whole)
        return (whole if values is None else _joined(whole, Table(values))), results


def _joined(left: Pattern, right: Pattern) -> Pattern:
    """A join; with the unit it is the other pattern (18.2.2.8)."""
    if left == UNIT:
        return right
    return left if right == UNIT else Join(left, right)


def _ordered(whole: Pattern, order: Iterable[OrderCondition], results: dict[Aggregate, Variable]) -> Pattern:
    conditions = tuple(replace(one, expression=_without_aggregates(one.expression, results)) for one in order)
    return Ordered(conditions, whole) if conditions else whole


def _sliced(whole: Pattern, modifiers: Modifiers) -> Pattern:
    if modifiers.limit is None and modifiers.offset is None:
        return whole
    return Sliced(modifiers.offset or 0, modifiers.limit, whole)


def _without_aggregates(expression: Expression, results: dict[Aggregate, Variable]) -> Expression:
    def change(one: Any) -> Any:
        if isinstance(one, Aggregate):
            return results.get(one, one)
        return one if isinstance(one, Exists) else rebuilt(one, change)

    return cast("Expression", change(expression))
