"""A number with its unit: the unit by its label, in the form that goes with the number."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

from server.pages.phrases.numbers import digits, say

_FORMS: Final = Path(__file__).with_name("units.toml")
_FRENCH_VOWELS: Final = frozenset("aàâeéèêëiîïoôuùûühœ")


def measure(number: Decimal, unit: str, language: str) -> str:
    """A number with its unit, whose label in `language` is `unit`; empty for a number without one.

    >>> measure(Decimal(10_800_000_000), "dollar", "en"), measure(Decimal(1), "jobs", "en")
    ('10.8 billion dollars', '1 job')
    >>> measure(Decimal(240_000), "emplois", "fr"), measure(Decimal(2_000_000), "euro", "fr").replace(chr(0xA0), " ")
    ('240\\u202f000 emplois', "2 millions d'euros")
    >>> measure(Decimal(87), "rank", "en"), measure(Decimal(12), "نقاط", "ar"), measure(Decimal(3), "litre", "en")
    ('rank 87', '12 نقطة', '3 litre')
    """
    forms = _forms().get(language, {}).get(unit, {})
    if "before" in forms:
        return f"{forms['before']} {digits(number, language)}"
    said = say(number, language)
    if not unit:
        return said.text
    category = "other" if said.is_power else said.category
    form = forms.get(category, forms.get("other", unit))
    if said.is_power and language == "fr":
        return f"{said.text} {_of(form)}"
    return f"{said.text} {form}"


def _of(form: str) -> str:
    """What French puts between a million and what there is a million of."""
    return f"d'{form}" if form[0].lower() in _FRENCH_VOWELS else f"de {form}"


@lru_cache(1)
def _forms() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    with _FORMS.open("rb") as file:
        return tomllib.load(file)
