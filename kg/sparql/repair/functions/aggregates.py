"""Aggregates over values of which some may stand for none (SPARQL 1.1, 18.5.1); see `names` for what each gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from kg.sparql.repair.functions import names, numbers, order
from kg.sparql.repair.functions.notes import Tell, spelt
from kg.sparql.repair.functions.numbers import Type
from kg.sparql.repair.functions.values import Term, literal, number

_NIL: Final = NamedNode(names.NIL)
_ERROR: Final = NamedNode(names.ERROR)
_INTEGER: Final = numbers.XSD + "integer"
_DECIMAL: Final = numbers.XSD + "decimal"
_DOUBLE: Final = numbers.XSD + "double"
_NO_VALUE: Final = "its operand is an error in a solution"


def _is_plain(text: str) -> bool:
    """Whether a text is a row of digits, with a minus or none."""
    digits = text.removeprefix("-")
    return digits.isdigit() and digits.isascii() and len(digits) < numbers.LONGEST


class Extreme:
    """MIN, or MAX if `greatest`; the first of several that are equal."""

    def __init__(self, tell: Tell, *, greatest: bool) -> None:
        self._tell, self._greatest = tell, greatest
        self._found: Term | None = None
        self._key = ""
        self._number: int | None = None
        """The value of what was found, while all are integers."""
        self._failed = False

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if (self._number is not None or self._found is None) and type(term) is Literal:
            text = term.value
            # Few columns are of anything else, and the key of each costs more than this.
            if _is_plain(text) and term.datatype.value == _INTEGER:
                number = int(text)
                if self._number is None or (number > self._number if self._greatest else number < self._number):
                    self._found, self._number = term, number
                return
        self._by_key(term)

    def _by_key(self, term: Term) -> None:
        if term == _NIL:
            return
        if term == _ERROR:
            if not self._failed:
                self._tell(_NO_VALUE)
            self._failed = True
            return
        if self._number is not None and self._found is not None:
            self._key, self._number = order.key(self._found), None
        key = order.key(term)
        if self._found is None or (key > self._key if self._greatest else key < self._key):
            self._found, self._key = term, key

    def finish(self) -> Term | None:
        """The value that was found."""
        return None if self._failed else self._found


class Sample:
    """SAMPLE: the first value."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._found: Term | None = None
        self._failed = False

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if term == _ERROR and not self._failed:
            self._failed = True
            self._tell(_NO_VALUE)
        elif self._found is None and term != _NIL:
            self._found = term

    def finish(self) -> Term | None:
        """The value that was found."""
        return None if self._failed else self._found


class Total:
    """SUM, and AVG if `average`: exact while all values are, and no longer."""

    def __init__(self, tell: Tell, *, average: bool) -> None:
        self._tell, self._average = tell, average
        self._whole, self._binary = 0, 0.0
        self._parts: dict[int, int] = {}
        """Sums of decimals by the number of their digits after the point, in units of the last one."""
        self._type = Type.INTEGER
        self._count = 0
        self._failed = False
        self._rest: Fraction | float = Fraction(0)
        """What was added otherwise."""

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if self._failed:
            return
        if type(term) is Literal and self._type < Type.FLOAT:
            text, datatype = term.value, term.datatype.value
            if datatype == _INTEGER and _is_plain(text):
                self._whole += int(text)
                self._count += 1
                return
            if datatype == _DECIMAL and self._decimal(text):
                return
        elif type(term) is Literal and self._type is Type.DOUBLE and term.datatype.value == _DOUBLE:
            found = numbers.double(term.value)
            if found is not None:
                self._binary += found
                self._count += 1
                return
        self._any(term)

    def _decimal(self, text: str) -> bool:
        whole, _, fraction = text.partition(".")
        if not _is_plain(f"{whole}{fraction}"):
            return False
        self._parts[len(fraction)] = self._parts.get(len(fraction), 0) + int(f"{whole}{fraction}")
        self._type = Type.DECIMAL
        self._count += 1
        return True

    def _any(self, term: Term) -> None:
        if term == _NIL:
            return
        found = number(term)
        if found is None:
            self._failed = True
            self._tell(_NO_VALUE if term == _ERROR else f"{spelt(term)} is no number")
            return
        self._count += 1
        self._type, one, other = numbers.promoted(numbers.Number(self._type, self._sum), found)
        total = one + other
        if isinstance(total, float):
            self._binary = total
        else:
            self._whole, self._parts = 0, {}
            self._rest = total

    @property
    def _sum(self) -> Fraction | float:
        if self._type >= Type.FLOAT:
            return self._binary
        parts = (Fraction(total, 10**places) for places, total in self._parts.items())
        return sum(parts, Fraction(self._whole) + self._rest)

    def finish(self) -> Term | None:
        """The sum, or the average; 0 of nothing."""
        if self._failed:
            return None
        if not self._average or not self._count:
            return literal(self._sum, self._type)
        return literal(self._sum / self._count, max(self._type, Type.DECIMAL))


class Joined:
    """GROUP_CONCAT."""

    def __init__(self, tell: Tell, separator: str) -> None:
        self._tell, self._separator = tell, separator
        self._texts: list[str] = []
        self._failed = False

    def accumulate(self, term: Term) -> None:
        """Take a value."""
        if isinstance(term, Literal):
            self._texts.append(term.value)
        elif isinstance(term, NamedNode) and term != _ERROR:
            if term != _NIL:
                self._texts.append(term.value)
        elif not self._failed:
            self._failed = True
            self._tell(_NO_VALUE if term == _ERROR else "a blank node or triple term has no text")

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


Maker: TypeAlias = "Callable[[Tell], Aggregate | Distinct]"


def maker(name: str) -> Maker | None:
    """What makes the aggregate of a reserved name for one group; None if the name is none of an aggregate."""
    if name.startswith((names.GROUP_CONCAT, names.GROUP_CONCAT_DISTINCT)):
        separator = names.parameter(name)
        if name.startswith(names.GROUP_CONCAT):
            return lambda tell: Joined(tell, separator)
        return lambda tell: Distinct(Joined(tell, separator))
    return _MAKERS.get(name)


_MAKERS: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        names.MINIMUM: lambda tell: Extreme(tell, greatest=False),
        names.MAXIMUM: lambda tell: Extreme(tell, greatest=True),
        names.SAMPLE: Sample,
        names.SUM: lambda tell: Total(tell, average=False),
        names.SUM_DISTINCT: lambda tell: Distinct(Total(tell, average=False)),
        names.AVERAGE: lambda tell: Total(tell, average=True),
        names.AVERAGE_DISTINCT: lambda tell: Distinct(Total(tell, average=True)),
    }
)
