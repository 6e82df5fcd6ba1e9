"""Numbers of any length: what a literal says, its place among all numbers, and arithmetic (SPARQL 1.1, 17.3).

The engine has integers of 64 bits and decimals of 128; what is longer is no number to it. Here an integer or a decimal
is exact whatever its length, up to what one answer should cost.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from math import isfinite, isnan
from types import MappingProxyType
from typing import Final

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
LONGEST: Final = 4_000
"""Digits of a number that is calculated with; Python takes no more from a text, for the time that it costs."""


class Type(IntEnum):
    """The numeric types, each promoted to the next one (XPath 2.0, B.1)."""

    INTEGER = 0
    DECIMAL = 1
    FLOAT = 2
    DOUBLE = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A number; `value` is a float for the two binary types, which alone have NaN and infinities."""

    type: Type
    value: Fraction | float


_INTEGER: Final = re.compile(r"[+-]?+[0-9]++")
_DECIMAL: Final = re.compile(r"[+-]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)")
_BINARY: Final = re.compile(r"[+-]?+(?:(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+|INF)|NaN")
_BOUNDS: Final[Mapping[str, tuple[int | None, int | None]]] = MappingProxyType(
    {
        "integer": (None, None),
        "nonNegativeInteger": (0, None),
        "positiveInteger": (1, None),
        "nonPositiveInteger": (None, 0),
        "negativeInteger": (None, -1),
        "long": (-(1 << 63), (1 << 63) - 1),
        "int": (-(1 << 31), (1 << 31) - 1),
        "short": (-(1 << 15), (1 << 15) - 1),
        "byte": (-(1 << 7), (1 << 7) - 1),
        "unsignedLong": (0, (1 << 64) - 1),
        "unsignedInt": (0, (1 << 32) - 1),
        "unsignedShort": (0, (1 << 16) - 1),
        "unsignedByte": (0, (1 << 8) - 1),
    }
)
_OTHERS: Final = MappingProxyType({"decimal": Type.DECIMAL, "float": Type.FLOAT, "double": Type.DOUBLE})
TYPES: Final[Mapping[str, Type]] = MappingProxyType(
    {XSD + name: Type.INTEGER for name in _BOUNDS} | {XSD + name: found for name, found in _OTHERS.items()}
)
"""The datatypes of numbers (SPARQL 1.1, 17.1), by their IRIs."""
DATATYPES: Final = tuple(XSD + kind.name.lower() for kind in Type)
"""The datatype of a result, by its type."""


def well_formed(text: str, datatype: str) -> bool:
    """Whether a literal of a datatype among `TYPES` is in its lexical space and within its bounds.

    >>> well_formed("300", XSD + "short"), well_formed("300", XSD + "byte"), well_formed("1e0", XSD + "decimal")
    (True, False, False)
    """
    kind = TYPES[datatype]
    if kind is Type.DECIMAL:
        return _DECIMAL.fullmatch(text) is not None
    if kind is not Type.INTEGER:
        return _BINARY.fullmatch(text) is not None
    if _INTEGER.fullmatch(text) is None:
        return False
    low, high = _BOUNDS[datatype.removeprefix(XSD)]
    key = _exact(text)
    return (low is None or _exact(str(low)) <= key) and (high is None or key <= _exact(str(high)))


def read(text: str, datatype: str) -> Number | None:
    """The number that a literal stands for; None if it is none, or too long to calculate with.

    >>> read("99999999999999999999", XSD + "integer")
    Number(type=<Type.INTEGER: 0>, value=Fraction(99999999999999999999, 1))
    >>> read("abc", XSD + "integer")
    """
    kind = TYPES.get(datatype)
    if kind is None or not well_formed(text, datatype):
        return None
    if kind >= Type.FLOAT:
        value = float(text)
        return Number(kind, _single(value) if kind is Type.FLOAT else value)
    return Number(kind, Fraction(text)) if len(text) <= LONGEST else None


def double(text: str) -> float | None:
    """The number that a literal of xsd:double stands for; None if it is none.

    >>> double("1.5e3"), double("1,5")
    (1500.0, None)
    """
    return float(text) if _BINARY.fullmatch(text) is not None else None


def _single(value: float) -> float:
    """The nearest of the 32 bits of xsd:float."""
    try:
        found: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return found


# --- the place among all numbers

_NAN, _LEAST, _NEGATIVE, _ZERO, _POSITIVE, _GREATEST = "012345"
_MIRROR: Final = str.maketrans("0123456789", "9876543210")
_AFTER_DIGITS: Final = "~"
_FEW: Final = 0x1000
_MIDDLE: Final = 0x4000
_FAR: Final = 5_000_000_000


def place(text: str, datatype: str) -> str | None:
    """A string for a literal of a datatype among `TYPES`: in the order of code points if and only if the values are.

    Values are compared exactly, so the double next to 2^53 has integers around it. NaN, which no operator gives an
    order, stands before all others, as fn:sort has it. None if the literal is ill-typed.

    >>> of = lambda text, name: place(text, XSD + name)
    >>> of("9", "integer") < of("9007199254740992", "double") < of("9007199254740993", "integer") < of("INF", "float")
    True
    >>> of("1.0", "decimal") == of("1", "double"), of("x", "integer")
    (True, None)
    """
    if datatype == _PLAIN and text.isdigit() and text.isascii() and text[0] != "0" and len(text) < _SHORT:
        return _STARTS[len(text)] + text.rstrip("0")
    if datatype == _DOUBLE:
        return _binary(float(text)) if _BINARY.fullmatch(text) is not None else None
    if not well_formed(text, datatype):
        return None
    return _binary(_single(float(text))) if TYPES[datatype] is Type.FLOAT else _exact(text)


def place_of(value: int) -> str:
    """The place of an integer of at most `LONGEST` digits."""
    return _exact(str(value))


def _binary(value: float) -> str:
    if not isfinite(value):
        return _NAN if isnan(value) else _GREATEST if value > 0 else _LEAST
    numerator, denominator = value.as_integer_ratio()
    halvings = denominator.bit_length() - 1
    if not halvings or halvings >= len(_FIVES):
        return _exact(format(Decimal(value), "f"))
    # n / 2^k is n * 5^k / 10^k, whose last digit is no zero.
    digits = str(abs(numerator) * _FIVES[halvings])
    return _placed(digits, len(digits) - halvings, negative=value < 0)


def _exact(text: str) -> str:
    """The place of a decimal number by its digits: those after the sign, and where the point stands among them."""
    negative = text[0] == "-"
    whole, _, fraction = text.lstrip("+-").partition(".")
    whole = whole.lstrip("0")
    if whole:
        point, digits = len(whole), (whole + fraction).rstrip("0")
    else:
        first = fraction.lstrip("0")
        point, digits = len(first) - len(fraction), first.rstrip("0")
    return _placed(digits, point, negative=negative) if digits else _ZERO


def _placed(digits: str, point: int, *, negative: bool) -> str:
    """The place of 0.d1d2d3... times ten to the power of `point`; neither the first digit is zero nor the last."""
    if negative:
        return _NEGATIVE + _point(-point) + digits.translate(_MIRROR) + _AFTER_DIGITS
    return _POSITIVE + _point(point) + digits


def _point(point: int) -> str:
    if -_FEW < point < _FEW:
        return chr(_MIDDLE + point)
    far = _MIDDLE + (_FEW if point > 0 else -_FEW)
    return f"{chr(far)}{point + _FAR:010d}"


_PLAIN: Final = XSD + "integer"
_DOUBLE: Final = XSD + "double"
_FIVES: Final = tuple(5**power for power in range(128))
_SHORT: Final = 32
_STARTS: Final = tuple(_POSITIVE + _point(length) for length in range(_SHORT))
"""What the places of positive integers begin with, by their number of digits: most numbers are of this kind."""


# --- comparisons and arithmetic


def promoted(left: Number, right: Number) -> tuple[Type, Fraction | float, Fraction | float]:
    """Two numbers as values of the higher of their types (XPath 2.0, B.1), and that type."""
    kind = max(left.type, right.type)
    if kind < Type.FLOAT:
        return kind, left.value, right.value
    return kind, _as(left.value, kind), _as(right.value, kind)


def _as(value: Fraction | float, kind: Type) -> float:
    try:
        found = float(value)
    except OverflowError:
        found = float("inf") if value > 0 else float("-inf")
    return _single(found) if kind is Type.FLOAT else found


def binary(value: Fraction, kind: Type) -> float:
    """The nearest number of a binary type, or an infinity."""
    return _as(value, kind)


def result(value: Fraction | float, kind: Type) -> tuple[str, str] | None:
    """The lexical form and datatype of a result; None if it is longer than is calculated with.

    A quotient without an end has 18 digits after the point, as the engine's decimals do.

    >>> result(Fraction(10**20), Type.INTEGER)
    ('100000000000000000000', 'http://www.w3.org/2001/XMLSchema#integer')
    >>> result(Fraction(1, 3), Type.DECIMAL)[0], result(Fraction(-5, 2), Type.DECIMAL)[0], result(0.5, Type.DOUBLE)[0]
    ('0.333333333333333333', '-2.5', '0.5')
    """
    if isinstance(value, float):
        return _float_text(_single(value) if kind is Type.FLOAT else value), DATATYPES[kind]
    try:
        text = str(value.numerator) if value.denominator == 1 else _decimal_text(value)
    except ValueError:  # more digits than Python writes
        return None
    return text, DATATYPES[kind]


def _float_text(value: float) -> str:
    if isnan(value):
        return "NaN"
    return repr(value).replace("inf", "INF")


_DIGITS: Final = 18


def _decimal_text(value: Fraction) -> str:
    places = _places(value.denominator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and text != "0" else text


def _places(denominator: int) -> int:
    """Digits after the point: all of them if they have an end."""
    rest, found = denominator, [0, 0]
    for at, prime in enumerate((2, 5)):
        while rest % prime == 0 and found[at] < LONGEST:
            rest //= prime
            found[at] += 1
    return max(found) if rest == 1 else _DIGITS
