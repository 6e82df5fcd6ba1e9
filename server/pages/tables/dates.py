"""The years, months and days of dates as they are written (EDTF, ISO 8601-2, and the dates of XSD), to be counted.

Of an interval each end has its own. What a date leaves open it has not: `2026` has no month, `202X` no year. Nothing
is converted: a time has the day that its own text states, whatever its zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal

from kg.terms import expand
from server.lookup import Term
from server.pages.querying.drawn.columns import NUMBERS

_YEAR: Final = "[0-9]{4}"
_MONTH: Final = f"{_YEAR}-(0[1-9]|1[0-2])"
_DAY: Final = f"{_MONTH}-(0[1-9]|[12][0-9]|3[01])"
_FORMS: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {"year": (_YEAR, 4), "month": (_MONTH, 7), "day": (_DAY, 10)}
)
"""How each begins a date, and with how many characters."""
PARTS: Final = tuple(_FORMS)
_DATED: Final = "^[-0-9TZ:+.~?%X]+(/[-0-9TZ:+.~?%X]*)?$"
"""A date or an interval: at its end, or at both."""
_ENDS: Final = "($|[^0-9])"
_IS_DATED: Final = re.compile(_DATED, re.ASCII)
_BEGINS: Final = MappingProxyType({part: re.compile(f"({form}){_ENDS}") for part, (form, _) in _FORMS.items()})
_WHOLE: Final = re.compile(f"{_YEAR}|{_MONTH}|{_DAY}")
_EDTF: Final = expand("edtf:EDTF")


def is_part(words: str) -> bool:
    """Whether words are a year, a month or a day.

    >>> is_part("2026-05"), is_part("2026-13"), is_part("26")
    (True, False, False)
    """
    return _WHOLE.fullmatch(words) is not None


def parts_of(term: Term, part: str) -> frozenset[str]:
    """The years, months or days of a value: none of what is no date.

    >>> sorted(parts_of(Term("literal", "2024-12/2026-01-31"), "month")), parts_of(Term("literal", "2026"), "day")
    (['2024-12', '2026-01'], frozenset())
    """
    if term.kind != "literal" or term.datatype in NUMBERS or not _IS_DATED.fullmatch(term.value):
        return frozenset()
    found = (_BEGINS[part].match(end) for end in term.value.split("/"))
    return frozenset(it[1] for it in found if it)


def parts_in(terms: Iterable[Term]) -> tuple[str, ...]:
    """Which parts some values have, so that they can be counted by them.

    >>> parts_in([Term("literal", "2026-05"), Term("literal", "a text")])
    ('year', 'month')
    """
    values = tuple(terms)
    return tuple(part for part in PARTS if any(parts_of(it, part) for it in values))


def within(name: str, part: str) -> str:
    """The condition that a value in the variable `name` has this year, month or day."""
    is_there = Literal(f"(^|/){part}{_ENDS}")
    return f"{_is_dated(name)} && REGEX(STR(?{name}), {is_there})"


def bound(name: str, part: str) -> str:
    """A pattern that binds each year, month or day of the values in the variable `name`, which it takes the place of.

    The values themselves are in `{name}d`.
    """
    form, length = _FORMS[part]
    value, end, text = f"?{name}d", f"?{name}e", f"?{name}t"
    ends = f'IF({end} = 1, REPLACE(STR({value}), "/.*$", ""), STRAFTER(STR({value}), "/"))'
    return (
        f"FILTER({_is_dated(name + 'd')}) VALUES {end} {{ 1 2 }} BIND({ends} AS {text})"
        f" FILTER(REGEX({text}, {Literal(f'^{form}{_ENDS}')})) BIND(SUBSTR({text}, 1, {length}) AS ?{name})"
    )


def dated(part: str) -> Term:
    """A year, month or day as a value, which pages say in words."""
    return Term("literal", part, datatype=_EDTF)


def _is_dated(name: str) -> str:
    return f"isLiteral(?{name}) && !isNumeric(?{name}) && REGEX(STR(?{name}), {Literal(_DATED)})"
