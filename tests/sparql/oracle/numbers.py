"""Numbers by XPath: integers without limit, decimals, floats and doubles, and how one becomes another."""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from enum import IntEnum
from fractions import Fraction

from sparql.oracle.terms import XSD, Literal, Wrong

EXACT = Context(prec=400)
"""Room enough that nothing is rounded but a quotient."""


class Kind(IntEnum):
    """The types of numbers, each of which can be promoted to those after it (XPath 2.0, B.1)."""

    INTEGER = 0
    DECIMAL = 1
    FLOAT = 2
    DOUBLE = 3


TYPES = {Kind.INTEGER: "integer", Kind.DECIMAL: "decimal", Kind.FLOAT: "float", Kind.DOUBLE: "double"}
KINDS = {XSD + name: kind for kind, name in TYPES.items()}
BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "long": (-(2**63), 2**63 - 1), "int": (-(2**31), 2**31 - 1), "short": (-(2**15), 2**15 - 1), "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1), "unsignedInt": (0, 2**32 - 1), "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255), "nonNegativeInteger": (0, None), "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0), "negativeInteger": (None, -1),
}  # fmt: skip
"""The types derived from integer (XML Schema Part 2), and their least and greatest value."""
LEXICAL = {
    Kind.INTEGER: r"[+-]?[0-9]+",
    Kind.DECIMAL: r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    Kind.FLOAT: r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
    Kind.DOUBLE: r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN",
}


@dataclass(frozen=True)
class Number:
    """A value with the type that it is computed in."""

    kind: Kind
    value: int | Decimal | float


def number_of(term: object) -> Number | None:
    """The number that a literal means; None for anything else, and for an ill-typed literal."""
    if not isinstance(term, Literal):
        return None
    name = term.datatype.removeprefix(XSD)
    kind = Kind.INTEGER if name in BOUNDS and term.datatype != name else KINDS.get(term.datatype)
    found = None if kind is None else parse(term.lexical, kind)
    if found is not None and name in BOUNDS:
        low, high = BOUNDS[name]
        if (low is not None and found.value < low) or (high is not None and found.value > high):
            return None
    return found


def is_numeric_type(datatype: str) -> bool:
    return datatype in KINDS or datatype.removeprefix(XSD) in BOUNDS


def parse(text: str, kind: Kind) -> Number | None:
    """What a text means in a type; None if it is none of the type's lexical forms."""
    if not re.fullmatch(LEXICAL[kind], text):
        return None
    match kind:
        case Kind.INTEGER:
            return Number(kind, int(text))
        case Kind.DECIMAL:
            return Number(kind, Decimal(text))
        case Kind.FLOAT:
            return Number(kind, single(real(text)))
    return Number(kind, real(text))


def real(text: str) -> float:
    return float(text.replace("INF", "inf"))


def single(value: float) -> float:
    """The nearest value of single precision."""
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def promote(number: Number, kind: Kind) -> Number:
    """The same number in a type further up (XPath 2.0, B.1)."""
    if kind == number.kind:
        return number
    match kind:
        case Kind.DECIMAL:
            return Number(kind, Decimal(number.value))
        case Kind.FLOAT:
            return Number(kind, single(as_float(number.value)))
        case Kind.DOUBLE:
            return Number(kind, as_float(number.value))
    raise AssertionError(kind)


def as_float(value: Decimal | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def together(left: Number, right: Number) -> tuple[Kind, Number, Number]:
    kind = max(left.kind, right.kind)
    return kind, promote(left, kind), promote(right, kind)


def calculate(operator: str, left: Number, right: Number) -> Number:
    """`+`, `-`, `*` or `/` (section 17.3; XPath and XQuery Functions, section 6.2).

    :raises Wrong: for a division of integers or decimals by zero
    """
    kind, a, b = together(left, right)
    if operator == "/":
        return divide(kind, a, b)
    if kind == Kind.DECIMAL:
        exact = {"+": EXACT.add, "-": EXACT.subtract, "*": EXACT.multiply}[operator]
        return Number(kind, exact(a.value, b.value))  # type: ignore[arg-type]
    plain: Callable[..., int | float] = {
        "+": lambda x, y: x + y,
        "-": lambda x, y: x - y,
        "*": lambda x, y: x * y,
    }[operator]
    value = plain(a.value, b.value)
    return Number(kind, single(value) if kind == Kind.FLOAT else value)


def divide(kind: Kind, a: Number, b: Number) -> Number:
    if kind in {Kind.INTEGER, Kind.DECIMAL}:
        if b.value == 0:
            raise Wrong("division by zero")
        quotient = Context(prec=60).divide(Decimal(a.value), Decimal(b.value))
        return Number(Kind.DECIMAL, quotient)
    x, y = float(a.value), float(b.value)
    if y == 0:
        sign = math.copysign(1, x) * math.copysign(1, y)
        value = math.nan if x == 0 or math.isnan(x) else math.copysign(math.inf, sign)
    else:
        value = x / y
    return Number(kind, single(value) if kind == Kind.FLOAT else value)


def compare(left: Number, right: Number) -> int | None:
    """Below, equal or above: -1, 0 or 1; None if one of the two is not a number (NaN)."""
    _, a, b = together(left, right)
    if a.value != a.value or b.value != b.value:  # NaN
        return None
    return (a.value > b.value) - (a.value < b.value)


def rounded(name: str, number: Number) -> Number:
    """ABS, CEIL, FLOOR and ROUND (section 17.4.4), each in the type that it was given."""
    value = number.value
    if name == "ABS":
        return Number(number.kind, abs(value))
    if isinstance(value, int) or (isinstance(value, float) and not math.isfinite(value)):
        return number
    if isinstance(value, float):
        # `floor(x + 0.5)` would round what is added; half goes towards positive infinity.
        exact = Fraction(value)
        whole = {"CEIL": math.ceil, "FLOOR": math.floor, "ROUND": lambda x: math.floor(x + Fraction(1, 2))}[name](exact)
        return Number(number.kind, math.copysign(float(whole), value) if whole == 0 else float(whole))
    if name == "ROUND":
        return Number(number.kind, EXACT.add(value, Decimal("0.5")).to_integral_value(ROUND_FLOOR))
    return Number(number.kind, value.to_integral_value(ROUND_CEILING if name == "CEIL" else ROUND_FLOOR))


def literal_of(number: Number) -> Literal:
    return Literal(text_of(number), XSD + TYPES[number.kind])


def text_of(number: Number) -> str:
    """A number as text (XPath and XQuery Functions, section 17.1.2)."""
    value = number.value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        shorter = plain.rstrip("0").rstrip(".") if "." in plain else plain
        return "0" if shorter in {"-0", "", "-"} else shorter
    return real_text(value, number.kind)


def real_text(value: float, kind: Kind) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else "0"
    short = shortest(value, kind)
    if 1e-6 <= abs(value) < 1e6:
        return text_of(Number(Kind.DECIMAL, Decimal(short)))
    sign, digits, exponent = Decimal(short).normalize().as_tuple()
    assert isinstance(exponent, int)
    head, rest = str(digits[0]), "".join(map(str, digits[1:])) or "0"
    return f"{'-' if sign else ''}{head}.{rest}E{exponent + len(digits) - 1}"


def shortest(value: float, kind: Kind) -> str:
    """The fewest digits that still mean this value and no other."""
    if kind == Kind.DOUBLE:
        return repr(value)
    return next(text for digits in range(1, 18) if single(float(text := f"{value:.{digits}g}")) == value)
