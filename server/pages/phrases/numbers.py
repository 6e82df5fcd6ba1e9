"""Numbers in the language of a page: digits, separators and large powers as CLDR has them, nothing rounded.

The digits are Latin ones in every language, as they are written in Morocco.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.numbers import format_decimal
from babel.units import format_unit

LOCALES: Final[Mapping[str, str]] = MappingProxyType({"ar": "ar_MA", "fr": "fr_MA"})
"""The CLDR locale of a language of the pages, where it is not that of the language itself."""
_POWERS: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType({"fr": (9, 6)})
"""Powers of ten that are named by a word, the greatest first, where that is not each of `_WORDS`: in French "billion"
would be taken for a thousand million by many."""
_WORDS: Final = (12, 9, 6)
_SIZES: Final = ("byte", "kilobyte", "megabyte", "gigabyte")
_ZEROS: Final = re.compile("0+")
_LONGEST: Final = 60
"""Characters of a number that is put into words; a longer one stands as it is."""
_DIGITS: Final = 24
"""Digits of such a number, before and after the point: they are counted in the 28 of a decimal context."""
_PLACES: Final = 3
"""Digits after the point beside the word of a power; with more, the number is written out."""


@dataclass(frozen=True, slots=True)
class Said:
    """A number in words."""

    text: str
    category: str
    """Its plural category (CLDR): `one`, `two`, `few`, `many`, `other`."""
    is_power: bool
    """Whether it ends in the word of a power of ten: "10.8 billion"."""


@lru_cache(64)
def locale_of(language: str) -> Locale:
    """The locale of a language of the pages.

    :raises babel.core.UnknownLocaleError: if CLDR has none
    """
    return Locale.parse(LOCALES.get(language, language).replace("-", "_"))


def number_of(text: str) -> Decimal | None:
    """The number that a literal writes; None for what is none, has no end, or is too long to be read.

    >>> number_of("10.80"), number_of("1E3"), number_of("INF"), number_of("ten")
    (Decimal('10.80'), Decimal('1E+3'), None, None)
    """
    if len(text) > _LONGEST:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    return number if max(number.adjusted() + 1, 1) + max(-exponent, 0) <= _DIGITS else None


@lru_cache(4096)
def digits(number: Decimal, language: str, *, grouped: bool = True) -> str:
    """A number in digits, all of them.

    >>> digits(Decimal("10800.25"), "en"), digits(Decimal("10800.25"), "ar"), digits(Decimal(2030), "en", grouped=False)
    ('10,800.25', '10.800,25', '2030')

    A negative one has the sign of its language: in Arabic and Hebrew a mark of direction keeps it before the digits.

    >>> digits(Decimal("-6.5"), "fr"), digits(Decimal("-6.5"), "ar")
    ('-6,5', '\\u200e-6,5')
    """
    locale = locale_of(language)
    # Babel takes the sign from the pattern, where CLDR has a place for the one of the language.
    sign = locale.number_symbols["latn"]["minusSign"] if number < 0 else ""
    return sign + format_decimal(number.copy_abs(), locale=locale, decimal_quantization=False, group_separator=grouped)


@lru_cache(4096)
def say(number: Decimal, language: str) -> Said:
    """A number as a text has it: a large one by the word of its power of ten, where that takes nothing away.

    >>> say(Decimal(10_800_000_000), "en").text, say(Decimal(1_234_567), "en").text
    ('10.8 billion', '1,234,567')
    >>> say(Decimal(4_800_000_000_000), "en").text, say(Decimal(4_800_000_000_000), "fr").text.replace(chr(0xA0), " ")
    ('4.8 trillion', '4\\u202f800 milliards')

    Its plural category is that of the digits that are shown: "1.00" is shown as 1, and is one. To the cache, too,
    numbers that are equal are one number.

    >>> say(Decimal("1.00"), "en")
    Said(text='1', category='one', is_power=False)
    """
    locale = locale_of(language)
    for power in _POWERS.get(language, _WORDS):
        if abs(number) >= 10**power:
            scaled = number.scaleb(-power).normalize()
            exponent = scaled.as_tuple().exponent
            if not isinstance(exponent, int) or -exponent > _PLACES:
                break
            category = locale.plural_form(abs(scaled))
            pattern = _pattern(locale, category, power)
            if not pattern:
                continue
            return Said(_ZEROS.sub(digits(scaled, language), pattern, count=1), category, is_power=True)
    return Said(digits(number, language), locale.plural_form(abs(number).normalize()), is_power=False)


def _pattern(locale: Locale, category: str, power: int) -> str:
    """How CLDR writes a number of a power of ten; empty where it counts by other powers, as Hindi and Japanese do.

    The number of zeros tells how many digits stand before the word; one is what we have scaled to.
    """
    patterns = locale.compact_decimal_formats["long"]
    found = patterns.get(category, patterns["other"]).get(str(10**power))
    pattern = "" if found is None else found.pattern.partition(";")[0].replace("'", "")
    return pattern if pattern.count("0") == 1 else ""


def size_in_words(size: int, language: str) -> str:
    """A number of bytes, by the largest unit of which there is one, to a tenth.

    >>> size_in_words(205_379, "en"), size_in_words(205_379, "fr"), size_in_words(999, "en")
    ('205.4 kB', '205,4\\u202fko', '999 byte')
    """
    power = next((place for place in (3, 2, 1) if size >= 1000**place), 0)
    number = round(size / 1000**power, 1 if power else 0)
    return format_unit(number, f"digital-{_SIZES[power]}", "short", locale=locale_of(language))
