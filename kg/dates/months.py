"""The names of the months of the Gregorian calendar, in French, English and Arabic of the Maghreb and the Mashriq."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from kg.folding import fold

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "en": "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sep sept,"
        "october oct,november nov,december dec",
        "fr": "janvier janv jan,février févr fév,mars,avril avr,mai,juin,juillet juil,août,septembre sept sep,"
        "octobre oct,novembre nov,décembre déc",
        "ar": "يناير ينّاير جانفي كانون_الثاني,فبراير فيفري شباط,مارس آذار اذار,أبريل إبريل أفريل نيسان,"
        "ماي مايو أيار نوار,"
        "يونيو يونيه جوان حزيران,يوليوز يوليو يوليه جويلية تموز,غشت أغسطس أوت آب,شتنبر سبتمبر أيلول,"
        "أكتوبر تشرين_الأول,نونبر نوفمبر تشرين_الثاني,دجنبر ديسمبر كانون_الأول",
    }
)
"""By language, the names of each month, those of the Maghreb and of the Mashriq together: none names two months."""


@lru_cache(len(NAMES) + 1)
def months(language: str = "") -> Mapping[str, int]:
    """The number of each month by its folded names in a language, or in all of them.

    >>> months()[fold("Février")], months("ar")[fold("يوليوز")], "juin" in months("en")
    (2, 7, False)
    """
    lists = [NAMES[language]] if language else list(NAMES.values())
    return MappingProxyType(
        {
            fold(name.replace("_", " ")): number
            for names in lists
            for number, of_one in enumerate(names.split(","), 1)
            for name in of_one.split()
        }
    )
