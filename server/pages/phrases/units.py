"""A number with its unit: the unit in the form that goes with the number, in the language of the page.

The words of our own units stand in the catalogues, in the room `units`. A project gives the forms of its own beside its
label, by the plural categories of CLDR, as alternative labels in a private use of the language (BCP 47, section 2.2.7):
`skos:altLabel "palmiers"@fr-x-other`. A unit without any is named before the number: that is never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal

from kg.terms import SCHEME, expand
from server.lookup import Label
from server.pages.language import Forms, Tongue, spoken
from server.pages.phrases.numbers import Said, digits, locale_of, say
from server.releases import Release

_UNITS: Final = SCHEME + "unit/"
_ALTERNATIVE: Final = expand("skos:altLabel")
_SYMBOL: Final = expand("skos:notation")
_NUMBER: Final = "{number}"
_FRENCH_VOWELS: Final = frozenset("aàâeéèêëiîïoôuùûühœ")
_TRIED: Final = range(102)
"""Numbers among which one of each plural category is looked for; Arabic has its last at 100."""


@dataclass(frozen=True, slots=True)
class Unit(Label):
    """What an amount is an amount of."""

    name: str = ""
    """The last part of its IRI, if it is a unit of the scheme."""
    forms: tuple[tuple[str, str], ...] = field(default=())
    """What its project calls so many of it, by plural category: `("other", "palmiers")`."""
    symbol: str = ""

    def pattern(self, category: str, language: str) -> str | None:
        """How a number of this category is written with it; None if nobody has said.

        >>> Unit("jobs", "en", "jobs").pattern("one", "en"), Unit("palm", "en").pattern("one", "en")
        ('{number} job', None)
        """
        tongue, context = spoken()[language], f"units.{self.name}"
        if context in tongue.own:
            counted = tongue.counted[context]
            return counted.texts[_form(tongue, counted, category)]
        forms = dict(self.forms)
        words = forms.get(category) or forms.get("other") or self.symbol
        return f"{_NUMBER} {words}" if words else None


def unit_of(release: Release, iri: str, label: Label, language: str) -> Unit:
    """A unit of a release, with the label that it has on a page of `language`."""
    name = iri.removeprefix(_UNITS) if iri.startswith(_UNITS) else ""
    forms: dict[str, str] = {}
    for quad in sorted(release.engine.values(iri, _ALTERNATIVE), key=str):
        if isinstance(quad.object, Literal):
            tag, private, category = (quad.object.language or "").partition("-x-")
            if private and tag == language.lower():
                forms.setdefault(category, quad.object.value)
    symbols = (quad.object.value for quad in release.engine.values(iri, _SYMBOL) if isinstance(quad.object, Literal))
    return Unit(label.text, label.language, name, tuple(forms.items()), min(symbols, default=""))


def is_countable(unit: Unit | None, language: str) -> bool:
    """Whether it is known how a number of it is said."""
    return unit is None or unit.pattern("other", language) is not None


def measure(number: Decimal, unit: Unit | None, language: str) -> str:
    """A number with its unit; of one that is not countable the number alone.

    >>> measure(Decimal(10_800_000_000), Unit("", "", "dollar"), "en"), measure(Decimal(1), Unit("", "", "jobs"), "en")
    ('10.8 billion dollars', '1 job')
    >>> measure(Decimal(2_000_000), Unit("", "", "euro"), "fr").replace(chr(0xA0), " ")
    "2 millions d'euros"
    >>> measure(Decimal(87), Unit("", "", "rank"), "en"), measure(Decimal(12), Unit("", "", "points"), "ar")
    ('rank 87', '12 نقطة')
    >>> palm = Unit("palmier", "fr", forms=(("one", "palmier"), ("other", "palmiers")))
    >>> measure(Decimal(12_000), palm, "fr").replace(chr(0x202F), " "), measure(Decimal(3), Unit("litre", "fr"), "fr")
    ('12 000 palmiers', '3')
    """
    said = say(number, language)
    pattern = None if unit is None else unit.pattern("other" if said.is_power else said.category, language)
    if pattern is None:
        return said.text
    if not pattern.startswith(_NUMBER):
        return pattern.replace(_NUMBER, digits(number, language))
    return pattern.replace(f"{_NUMBER} ", _before(said, pattern, language), 1)


def _before(said: Said, pattern: str, language: str) -> str:
    """A number as it stands before a unit: French puts a word between a million and what there is a million of."""
    if not said.is_power or language != "fr":
        return f"{said.text} "
    first = pattern.removeprefix(f"{_NUMBER} ")[:1].lower()
    return f"{said.text} d'" if first in _FRENCH_VOWELS else f"{said.text} de "


def _form(tongue: Tongue, counted: Forms, category: str) -> int:
    """Which form of a catalogue goes with a plural category of CLDR: that of a number that is of it."""
    known = _forms(tongue.tag, counted.form_of)
    return min(known.get(category, known["other"]), len(counted.texts) - 1)


@lru_cache(64)
def _forms(language: str, form_of: Callable[[int], int]) -> Mapping[str, int]:
    """The forms by category; what only fractions are of has the last form of the whole numbers."""
    plural = locale_of(language).plural_form
    found = {plural(number): form_of(number) for number in reversed(_TRIED)}
    found.setdefault("other", max(found.values()))
    return MappingProxyType(found)
