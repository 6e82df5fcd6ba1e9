"""Functions of numbers as people write them: digits of any script, separators, words for large numbers, units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from kg.errors import nearest
from kg.folding import fold
from kg.rml.mapping.functions import Refused

_LONGEST: Final = 100
"""Characters of a number with its words."""
_DIGITS: Final = str.maketrans(
    {chr(start + digit): str(digit) for start in (0x660, 0x6F0, 0xFF10) for digit in range(10)}
    | {"\u066a": "%", "\u2212": "-", "\u066b": "\u066b", "\ufe63": "-", "\uff0d": "-", "\uff0b": "+"}
    | dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"))
)
_ONLY_DIGITS: Final = str.maketrans(
    {chr(start + digit): str(digit) for start in (0x660, 0x6F0, 0xFF10) for digit in range(10)}
)
_BLANKS: Final = " \u00a0\u202f\u2009\u2007"


@dataclass(frozen=True, slots=True)
class _Marks:
    """What a language writes into numbers."""

    decimal: str
    group: str
    is_doubtful: bool = False
    """Whether one group mark alone may be meant as a decimal mark: many write `1.234` and think of English."""


_LOCALES: Final[Mapping[str, _Marks]] = MappingProxyType(
    {
        "en": _Marks(".", ","),
        "fr": _Marks(",", ".", is_doubtful=True),
        "de": _Marks(",", "."),
        "es": _Marks(",", "."),
        "it": _Marks(",", "."),
        "pt": _Marks(",", "."),
        "ar": _Marks("\u066b", "\u066c"),
        "ar-MA": _Marks(",", ".", is_doubtful=True),
        "ar-DZ": _Marks(",", ".", is_doubtful=True),
        "ar-TN": _Marks(",", ".", is_doubtful=True),
    }
)
"""Decimal mark and mark of groups, beside blanks, by language. The Maghreb writes as French does; everywhere the marks
of Arabic (U+066B, U+066C) are understood, too."""
_SCALES: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType(
    {
        "en": {"thousand": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12},
        "fr": {"mille": 3, "millier": 3, "k": 3, "million": 6, "m": 6, "mn": 6, "milliard": 9, "md": 9, "mds": 9,
               "mrd": 9, "billion": 12},
        "ar": {"الف": 3, "الاف": 3, "مليون": 6, "ملايين": 6, "مليار": 9, "مليارات": 9, "بليون": 9, "تريليون": 12},
    }
)  # fmt: skip
"""Powers of ten by their words, folded: a billion is another number in French than in English."""
_UNITS: Final[Mapping[str, tuple[str, Decimal]]] = MappingProxyType(
    {
        name: (dimension, Decimal(size))
        for dimension, sizes in {
            "length": {"mm": "0.001", "cm": "0.01", "m": "1", "km": "1000"},
            "area": {"m2": "1", "m²": "1", "ha": "10000", "km2": "1000000", "km²": "1000000"},
            "volume": {"l": "0.001", "hl": "0.1", "m3": "1", "m³": "1", "hm3": "1000000", "Mm3": "1000000",
                       "km3": "1000000000"},
            "mass": {"g": "0.001", "kg": "1", "q": "100", "t": "1000", "kt": "1000000", "Mt": "1000000000"},
            "power": {"W": "1", "kW": "1000", "MW": "1000000", "GW": "1000000000"},
            "energy": {"Wh": "1", "kWh": "1000", "MWh": "1000000", "GWh": "1000000000", "TWh": "1000000000000"},
            "data": {"o": "1", "B": "1", "ko": "1000", "kB": "1000", "Mo": "1000000", "MB": "1000000",
                     "Go": "1000000000", "GB": "1000000000", "To": "1000000000000", "TB": "1000000000000"},
            "time": {"s": "1", "min": "60", "h": "3600", "j": "86400", "d": "86400"},
        }.items()
        for name, size in sizes.items()
    }
)  # fmt: skip


def to_digits(text: str) -> str:
    """The text with Arabic-Indic and Persian digits as 0 to 9."""
    return text if text.isascii() else text.translate(_ONLY_DIGITS)


def to_number(text: str, locale: str = "en") -> Decimal:
    """A number as people of a language write it: digits of any script, its decimal mark, blanks or marks in groups."""
    number, rest = _split_off(text, locale)
    if rest == "%":
        return number / 100
    if rest:
        raise _no_number(text, locale)
    return number


def to_integer(text: str, locale: str = "en") -> int:
    """A whole number as people of a language write it."""
    number = to_number(text, locale)
    if number != number.to_integral_value():
        raise Refused(f"{text!r} is no whole number", "use toNumber, or round", text)
    return int(number)


def to_quantity(text: str, locale: str = "en") -> Decimal:
    """A number with its words: `3,5 milliards de dirhams` (fr) and `٣ مليار` (ar) become 3500000000 and 3000000000."""
    number, rest = _split_off(text, locale)
    return number.scaleb(_scaled(rest, locale)[0])


def unit_of(text: str, locale: str = "en") -> str | None:
    """What stands behind a number and its words: `MW` of `12,5 MW`, `dirhams` of `3,5 milliards de dirhams`."""
    return _scaled(_split_off(text, locale)[1], locale)[1] or None


def convert(number: Decimal, source: str, target: str) -> Decimal:
    """A number of one unit in another: `convert(12.5, "MW", "kW")` is 12500."""
    for unit in (source, target):
        if unit not in _UNITS:
            raise Refused(
                f"the unit '{unit}' is not known", nearest(unit, _UNITS) or "known: " + ", ".join(_UNITS), unit
            )
    if _UNITS[source][0] != _UNITS[target][0]:
        raise Refused(f"'{source}' is of {_UNITS[source][0]}, '{target}' of {_UNITS[target][0]}")
    return _bounded(number * _UNITS[source][1] / _UNITS[target][1])


def add(number: Decimal, other: Decimal) -> Decimal:
    """The sum of two numbers."""
    return _bounded(number + other)


def multiply(number: Decimal, other: Decimal) -> Decimal:
    """The product of two numbers."""
    return _bounded(number * other)


def divide(number: Decimal, other: Decimal) -> Decimal:
    """One number by another."""
    if not other:
        raise Refused("nothing is divided by zero")
    return _bounded(number / other)


def _bounded(number: Decimal) -> Decimal:
    if number and abs(number.adjusted()) > _LONGEST:
        raise Refused(f"the number has more than {_LONGEST} digits")
    return number


def absolute(number: Decimal) -> Decimal:
    """A number without its sign."""
    return number.copy_abs()


def round_half_up(number: Decimal, digits: int = 0) -> Decimal:
    """A number with so many digits behind the point; a half goes away from zero."""
    if not -20 <= digits <= 20:  # noqa: PLR2004 -- told in the message
        raise Refused("digits are -20 to 20")
    return number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def floor(number: Decimal) -> int:
    """The next whole number below."""
    return int(number.to_integral_value(ROUND_FLOOR))


def ceil(number: Decimal) -> int:
    """The next whole number above."""
    return int(number.to_integral_value(ROUND_CEILING))


def _split_off(text: str, locale: str) -> tuple[Decimal, str]:
    """The number at the beginning of a text, and what stands behind it."""
    if len(text) > _LONGEST:
        raise Refused(f"a number has at most {_LONGEST} characters", None, text)
    return _split_off_before(text, locale)


@lru_cache(4096)
def _split_off_before(text: str, locale: str) -> tuple[Decimal, str]:
    plain = text.translate(_DIGITS).strip().strip(_BLANKS)
    found = _shape(locale).match(plain)
    if found is None:
        raise _no_number(text, locale)
    marks = _marks(locale)
    if marks.is_doubtful and found["whole"].count(marks.group) == 1 and found["part"] is None:
        plain, broken = (found["whole"].replace(marks.group, mark) for mark in ("", marks.decimal))
        raise Refused(f"{text[:60]!r} could be {plain} or {broken}", "name the locale en or de, or mend the cell", text)
    whole = "".join(sign for sign in found["whole"] if sign.isdigit())
    return Decimal(f"{found['sign'] or ''}{whole or '0'}.{found['part'] or '0'}").normalize(), plain[
        found.end() :
    ].strip(_BLANKS)


def _marks(locale: str) -> _Marks:
    marks = _LOCALES.get(locale) or _LOCALES.get(locale.partition("-")[0])
    if marks is None:
        hint = nearest(locale, _LOCALES) or f"known: {', '.join(_LOCALES)}"
        raise Refused(f"numbers of '{locale}' are not known", hint)
    return marks


@lru_cache(32)
def _shape(locale: str) -> re.Pattern[str]:
    marks = _marks(locale)
    group = f"[{re.escape(marks.group)}\u066c{_BLANKS}'\u2019]"
    decimal = f"[{re.escape(marks.decimal)}\u066b]" if marks.decimal != "\u066b" else "[\u066b.,]"
    whole = rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+(?![0-9])|[0-9]+"
    return re.compile(rf"(?P<sign>[+-]?)(?:(?P<whole>{whole})(?:{decimal}(?P<part>[0-9]+))?)(?![0-9.,\u066b\u066c])")


def _scaled(rest: str, locale: str) -> tuple[int, str]:
    """The power of ten that words behind a number name, and what stands behind them."""
    language = locale.partition("-")[0]
    scales, power = _SCALES.get(language, {}), 0
    words = rest.split()
    while words:
        word = fold(words[0])
        found = scales.get(word, scales.get(word.removesuffix("s")) if language != "ar" else None)
        # A single letter is a unit unless something stands behind it: `3 m` are metres.
        if found is None or (len(word) == 1 and len(words) == 1):
            break
        power += found
        words = words[1:]
    if power and words and fold(words[0]) in {"de", "d", "of"}:
        words = words[1:]
    rest = " ".join(words)
    return power, rest[2:] if power and rest[:2].lower() in {"d'", "d\u2019"} else rest


def _no_number(text: str, locale: str) -> Refused:
    marks = _marks(locale)
    example = f"1{marks.group}234{marks.decimal}5"
    return Refused(f"{text[:60]!r} is no number of '{locale}'", f"written {example} there; name another locale", text)


def check(given: Mapping[str, Any]) -> None:
    """Numbers of a language, and units, are known.

    :raises Refused: if that is not so
    """
    if "locale" in given:
        _shape(given["locale"])
    if {"source", "target"} <= given.keys():
        convert(Decimal(1), given["source"], given["target"])
