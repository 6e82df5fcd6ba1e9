"""Terms of every kind, drawn at random, and an order of them that shares nothing with the keys of the engine's side.

An order is given by values that Python compares: exact fractions, instants, lists of code points.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final

import pyoxigraph as ox

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_LETTERS: Final = "aAbBzZ é\u00e9\u0301ûأابيـ中\uffee\U0001f600\U0010fffd\u0000\u0001\u007f~'\\"
_EDGES: Final = (0, 1, -1, 9, 10, 2**53 - 1, 2**53, 2**53 + 1, 2**53 + 2, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1,
                 2**64, 10**19, -(10**19), 10**40, -(10**40), 10**200)  # fmt: skip
Draw = Callable[[random.Random], ox.NamedNode | ox.BlankNode | ox.Literal]


def typed(text: str, name: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + name))


def _integer(draw: random.Random) -> ox.Literal:
    value = draw.choice((draw.choice(_EDGES) + draw.randint(-2, 2), draw.randint(-50, 50)))
    name = draw.choice(("integer", "integer", "integer", "long", "nonNegativeInteger", "unsignedByte"))
    return typed(str(value), name)


def _decimal(draw: random.Random) -> ox.Literal:
    whole = draw.choice((draw.randint(-20, 20), draw.choice(_EDGES)))
    return typed(f"{whole}.{draw.randint(0, 10 ** draw.choice((1, 3, 18, 30)))}", "decimal")


def _binary(draw: random.Random) -> ox.Literal:
    value = draw.choice((float(draw.randint(-20, 20)), draw.uniform(-20, 20), float(draw.choice(_EDGES[:-1])),
                         2.0**53 + 2 * draw.randint(-2, 2), draw.uniform(-1, 1) * 10.0 ** draw.randint(-300, 300),
                         float("inf"), float("-inf"), float("nan"), -0.0))  # fmt: skip
    return typed(repr(value).replace("inf", "INF").replace("nan", "NaN"), draw.choice(("double", "float")))


def _text(draw: random.Random, most: int = 4) -> str:
    return "".join(draw.choice(_LETTERS) for _ in range(draw.randint(0, most)))


def _spoken(draw: random.Random) -> ox.Literal:
    return ox.Literal(_text(draw, 2), language=draw.choice(("en", "fr", "ar", "ar-ma")))


def _instant(draw: random.Random) -> ox.Literal:
    zone = draw.choice(("", "Z", "+14:00", "-14:00", "+05:30", "-00:30", "+01:00"))
    second = draw.choice(("00", "59", "30.5", "30.25", "00.123456"))
    day = f"{draw.choice((1, 1999, 2000, 2020, 9998)):04d}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
    return typed(f"{day}T{draw.randint(0, 23):02d}:{draw.choice((0, 30)):02d}:{second}{zone}", "dateTime")


def _date(draw: random.Random) -> ox.Literal:
    year, month = f"{draw.choice((1999, 2000, 2020, 2021)):04d}", f"{draw.randint(1, 12):02d}"
    name = draw.choice(("date", "gYear", "gYearMonth"))
    text = {"date": f"{year}-{month}-{draw.randint(1, 28):02d}", "gYear": year, "gYearMonth": f"{year}-{month}"}[name]
    return typed(text + draw.choice(("", "", "Z", "+05:00")), name)


def _other(draw: random.Random) -> ox.Literal:
    wrong = (("abc", "integer"), ("1e5", "decimal"), ("TRUE", "boolean"), ("2020-02-30", "date"), ("300.5", "byte"),
             ("x", "dateTime"), ("", "double"), ("\u0661", "integer"), ("1_0", "integer"))  # fmt: skip
    if draw.random() < 0.5:
        return typed(*draw.choice(wrong))
    return ox.Literal(_text(draw), datatype=ox.NamedNode(draw.choice(("urn:t:a", "urn:t:b", XSD + "anyURI"))))


KINDS: Final[Mapping[str, Draw]] = MappingProxyType(
    {
        "iri": lambda draw: ox.NamedNode(f"urn:{draw.choice('abé中')}{draw.randint(0, 30)}"),
        "integer": _integer,
        "decimal": _decimal,
        "binary": _binary,
        "text": lambda draw: ox.Literal(_text(draw)),
        "number-like": lambda draw: ox.Literal(str(draw.randint(0, 200))),
        "spoken": _spoken,
        "boolean": lambda draw: typed(draw.choice(("true", "false")), "boolean"),
        "instant": _instant,
        "date": _date,
        "other": _other,
    }
)


def mixture(draw: random.Random, count: int) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
    """So many terms of a few kinds."""
    kinds = draw.sample(sorted(KINDS), draw.randint(1, 5))
    return [KINDS[draw.choice(kinds)](draw) for _ in range(count)]


# --- the order

_PLACES: Final = ("number", "line of time", "boolean", "text", "other")
_BOUNDS: Final = MappingProxyType({"long": 2**63, "unsignedByte": 256, "byte": 128})


def rank(term: Any) -> tuple[Any, ...]:
    """What Python compares in place of a term; None is an unbound value."""
    match term:
        case None:
            return (0,)
        case ox.BlankNode():
            return (1,)
        case ox.NamedNode():
            return (2, [*map(ord, term.value)])
        case ox.Literal():
            kind, value = _rank(term.value, term.datatype.value, term.language)
            return (3, _PLACES.index(kind), value)
    raise ValueError(term)


def _rank(text: str, datatype: str, language: str | None) -> tuple[str, Any]:
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    if language or name == "string":
        return "text", ([*map(ord, text)], language or "")
    ranked = {"double": _double, "float": _double, "decimal": _decimal_value, "boolean": _truth}.get(name)
    for maker in (ranked,) if ranked else (_instant_of, _integer_value):
        found = maker(text, name)
        if found is not None:
            return found
    return "other", ([*map(ord, datatype)], [*map(ord, text)])


def _double(text: str, name: str) -> tuple[str, Any] | None:
    if not text:
        return None
    if text == "NaN":
        return "number", (0, 0)
    if text.endswith("INF"):
        return "number", (1 if text[0] == "-" else 3, 0)
    value = float(text)
    if name == "float":
        value = struct.unpack("<f", struct.pack("<f", value))[0]
    return "number", (2, Fraction(value))


def _decimal_value(text: str, name: str) -> tuple[str, Any] | None:
    del name
    return None if "e" in text else ("number", (2, Fraction(text)))


def _integer_value(text: str, name: str) -> tuple[str, Any] | None:
    if name not in {"integer", "long", "nonNegativeInteger", "unsignedByte", "byte"}:
        return None
    if not all(letter in "0123456789-" for letter in text):
        return None
    value, bound = int(text), _BOUNDS.get(name)
    least = {"long": -(2**63), "nonNegativeInteger": 0, "unsignedByte": 0}.get(name)
    if (bound is not None and value >= bound) or (least is not None and value < least):
        return None
    return "number", (2, Fraction(value))


def _truth(text: str, name: str) -> tuple[str, Any] | None:
    del name
    return ("boolean", text == "true") if text in {"true", "false"} else None


def _instant_of(text: str, name: str) -> tuple[str, Any] | None:
    forms = {"gYear": ("-01-01T00:00:00", 0), "gYearMonth": ("-01T00:00:00", 1), "date": ("T00:00:00", 2),
             "dateTime": ("", 3)}  # fmt: skip
    if name not in forms or text in {"x", "2020-02-30"}:
        return None
    zone = UTC
    bare = text.removesuffix("Z")
    if bare[-6:-5] in {"+", "-"} and bare[-3] == ":" and (name == "dateTime" or ":" in bare):
        sign = -1 if bare[-6] == "-" else 1
        zone = timezone(sign * timedelta(hours=int(bare[-5:-3]), minutes=int(bare[-2:])))
        bare = bare[:-6]
    added, fineness = forms[name]
    whole, _, fraction = (bare + added).partition(".")
    # Python's years end at 9999, and an offset may lead past the first day of all.
    instant = datetime.fromisoformat(whole) - datetime(1, 1, 1) - (zone.utcoffset(None) or timedelta())  # noqa: DTZ001
    seconds = Fraction(instant.days * 86_400 + instant.seconds) + Fraction(f"0.{fraction or 0}")
    return "line of time", (seconds, fineness)
