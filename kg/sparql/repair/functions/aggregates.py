"""Aggregates over values of which some may stand for none (SPARQL 1.1, 18.5.1); see `names` for what each gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from kg.sparql.repair.functions import names, numbers, order
from kg.sparql.repair.functions.numbers import Type
from kg.sparql.repair.functions.values import Term, literal, number

_NIL: Final = NamedNode(names.NIL)


class Extreme:
    """MIN, or MAX if `greatest`; the first of several that are equal."""

    def __init__(self, *, greatest: bool) -> None:
        self._greatest = greatest
        self._found: Term | None = None
        self._key = ""

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if term == _NIL:
            return
        key = order.key(term)
        if self._found is None or (key > self._key if self._greatest else key < self._key):
            self._found, self._key = term, key

    def finish(self) -> Term | None:
        """The value that was found."""
        return self._found


class Sample:
    """SAMPLE: the first value."""

    def __init__(self) -> None:
        self._found: Term | None = None

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if self._found is None and term != _NIL:
            self._found = term

    def finish(self) -> Term | None:
        """The value that was found."""
        return self._found


class Total:
    """SUM, and AVG if `average`: exact while all values are, and no longer."""

    def __init__(self, *, average: bool) -> None:
        self._average = average
        self._exact, self._binary = Fraction(0), 0.0
        self._type = Type.INTEGER
        self._count = 0
        self._failed = False

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if self._failed or term == _NIL:
            return
        found = number(term)
        if found is None:
            self._failed = True
            return
        self._count += 1
        self._type, one, other = numbers.promoted(numbers.Number(self._type, self._sum), found)
        total = one + other
        if isinstance(total, float):
            self._binary = total
        else:
            self._exact = total

    @property
    def _sum(self) -> Fraction | float:
        return self._exact if self._type < Type.FLOAT else self._binary

    def finish(self) -> Term | None:
        """The sum, or the average; 0 of nothing."""
        if self._failed:
            return None
        if not self._average or not self._count:
            return literal(self._sum, self._type)
        return literal(self._sum / self._count, max(self._type, Type.DECIMAL))


class Joined:
    """GROUP_CONCAT."""

    def __init__(self, separator: str) -> None:
        self._separator = separator
        self._texts: list[str] = []
        self._failed = False

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if isinstance(term, Literal):
            self._texts.append(term.value)
        elif not isinstance(term, NamedNode):
            self._failed = True
        elif term != _NIL:
            self._texts.append(term.value)

    def finish(self) -> Term | None:
        """The texts, one after the other."""
        return None if self._failed else Literal(self._separator.join(self._texts))


Aggregate: TypeAlias = Extreme | Sample | Total | Joined


class Distinct:
    """An aggregate of the terms that are different ones."""

    def __init__(self, inner: Total | Joined) -> None:
        self._inner = inner
        self._seen: set[Term] = set()

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if term not in self._seen:
            self._seen.add(term)
            self._inner.accumulate(term)

    def finish(self) -> Term | None:
        """What the aggregate gives."""
        return self._inner.finish()


def maker(name: str) -> Callable[[], Aggregate | Distinct] | None:
    """What makes the aggregate of a reserved name for one group; None if the name is none of an aggregate."""
    if name.startswith((names.GROUP_CONCAT, names.GROUP_CONCAT_DISTINCT)):
        separator = names.parameter(name)
        if name.startswith(names.GROUP_CONCAT):
            return lambda: Joined(separator)
        return lambda: Distinct(Joined(separator))
    return _MAKERS.get(name)


_MAKERS: Final[Mapping[str, Callable[[], Aggregate | Distinct]]] = MappingProxyType(
    {
        names.MINIMUM: lambda: Extreme(greatest=False),
        names.MAXIMUM: lambda: Extreme(greatest=True),
        names.SAMPLE: Sample,
        names.SUM: lambda: Total(average=False),
        names.SUM_DISTINCT: lambda: Distinct(Total(average=False)),
        names.AVERAGE: lambda: Total(average=True),
        names.AVERAGE_DISTINCT: lambda: Distinct(Total(average=True)),
    }
)
