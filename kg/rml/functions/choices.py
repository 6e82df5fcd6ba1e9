"""Functions that choose and decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, Final

from kg.errors import nearest
from kg.folding import fold
from kg.rdf.grammar import XSD, is_iri, is_lexical, lexical
from kg.rml.mapping.functions import Refused

_WORDS: Final[Mapping[str, bool]] = MappingProxyType(
    dict.fromkeys(("true", "yes", "y", "1", "oui", "o", "vrai", "نعم", "صحيح", "ايجابي"), True)
    | dict.fromkeys(("false", "no", "n", "0", "non", "faux", "لا", "خطا", "كلا", "سلبي"), False)
)


def if_(test: bool | None, then: object, otherwise: object = None) -> object:  # noqa: FBT001 -- the test of a mapping
    """One value if the test holds, else, and if there is nothing to test, another one, or none."""
    return then if test else otherwise


def true_condition(test: bool, value: object) -> object:  # noqa: FBT001 -- the test of a mapping
    """The value if the test holds, else none."""
    return value if test else None


def decide(text: str, expected: str, result: object) -> object:
    """The result if the text is the one that is expected, else none."""
    return result if text == expected else None


def is_null(value: object) -> bool:
    """Whether there is no value, or an empty one."""
    return value is None or value == ""


def is_not_null(value: object) -> bool:
    """Whether there is a value, and not an empty one."""
    return not is_null(value)


def coalesce(value: object, other: object, third: object = None, fourth: object = None) -> object:
    """The first of its values that there is, and that is not empty."""
    for one in (value, other, third, fourth):
        if not is_null(one):
            return one
    return None


def equal(text: str, other: str) -> bool:
    """Whether two texts are the same."""
    return text == other


def not_equal(text: str, other: str) -> bool:
    """Whether two texts differ."""
    return text != other


def greater(value: str, other: str) -> bool:
    """Whether a number or a date (2024-12-25) is greater than another one."""
    return _compared(value, other) > 0


def less(value: str, other: str) -> bool:
    """Whether a number or a date (2024-12-25) is less than another one."""
    return _compared(value, other) < 0


def greater_or_equal(value: str, other: str) -> bool:
    """Whether a number or a date is greater than another one, or the same."""
    return _compared(value, other) >= 0


def less_or_equal(value: str, other: str) -> bool:
    """Whether a number or a date is less than another one, or the same."""
    return _compared(value, other) <= 0


def _compared(value: str, other: str) -> int:
    try:
        one, two = Decimal(value), Decimal(other)
    except InvalidOperation:
        if is_lexical(value, XSD + "date") and is_lexical(other, XSD + "date"):
            return (value > other) - (value < other)
        wrong = other if is_lexical(value, XSD + "decimal") or is_lexical(value, XSD + "date") else value
        raise Refused(f"{wrong[:60]!r} is not compared", "compare numbers, or dates as 2024-12-25", wrong) from None
    if not (one.is_finite() and two.is_finite()):
        raise Refused("only finite numbers are compared")
    return (one > two) - (one < two)


def in_list(text: str, values: Sequence[str]) -> bool:
    """Whether the text is one of several values."""
    return text in values


def both(test: bool, other: bool, third: bool = True, fourth: bool = True) -> bool:  # noqa: FBT001, FBT002 -- tests of a mapping
    """Whether all of two to four tests hold."""
    return test and other and third and fourth


def either(test: bool, other: bool, third: bool = False, fourth: bool = False) -> bool:  # noqa: FBT001, FBT002 -- tests of a mapping
    """Whether one of two to four tests holds, or more."""
    return test or other or third or fourth


def negate(test: bool) -> bool:  # noqa: FBT001 -- a test of a mapping
    """Whether the test does not hold."""
    return not test


def valid(text: str, datatype: str) -> bool:
    """Whether the text is a value of a datatype of XML Schema (`date`, `integer`, ...), or an `IRI`."""
    if datatype == "IRI":
        return is_iri(text)
    name = XSD + datatype.removeprefix(XSD).removeprefix("xsd:")
    if lexical(name) is None:
        raise Refused(f"the datatype '{datatype}' is not known", 'for example "date", "integer", "IRI"')
    return is_lexical(text, name)


def to_boolean(text: str) -> bool:
    """A word that says yes or no in Arabic, French or English: `oui`, `non`, `نعم`, `لا`, `vrai`, `no`, `1`."""
    found = _WORDS.get(text) if text in _WORDS else _WORDS.get(fold(text[:40]))
    if found is None:
        raise Refused(f"{text[:60]!r} says neither yes nor no", nearest(text[:40], _WORDS) or "oui, non, نعم, لا", text)
    return found


def check(given: Mapping[str, Any]) -> None:
    """A datatype is known.

    :raises Refused: if it is not
    """
    if "datatype" in given:
        valid("", given["datatype"])
