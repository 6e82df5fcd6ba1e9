"""An amount as one phrase: how exact, how much, of what; between which bounds, out of how many, in which words.

Nothing is added to what is said: dollars stay dollars, and an amount without a number is told by the words of its
source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from kg.terms import SCHEME
from server.lookup import Label
from server.pages.language import words
from server.pages.phrases.names import Name
from server.pages.phrases.numbers import number_of
from server.pages.phrases.units import Unit, is_countable, measure


@dataclass(frozen=True, slots=True)
class Amount:
    """The parts of an amount; where claims differ, each number that is said."""

    numbers: tuple[str, ...] = ()
    """As their literals are written; likewise the bounds."""
    lower: str = ""
    upper: str = ""
    unit: Unit | None = None
    exactness: str = ""
    """The IRI of a concept."""
    reserve: Label | None = None
    """The label of that concept."""
    out_of: str = ""
    worded: tuple[Label, ...] = ()
    claims: tuple[str, ...] = ()
    """The other claims that say some of it."""


def phrase_of(amount: Amount, language: str) -> Name | None:
    """An amount in the language of a page; None if neither a number nor words are known of it.

    >>> dollars = Amount(("10800000000",), unit=Unit("", "en", "dollar"), exactness=SCHEME + "exactness/about")
    >>> phrase_of(dollars, "en").text, phrase_of(dollars, "en").mark
    ('about 10.8 billion dollars', '≈')
    >>> phrase_of(Amount(("12000",), unit=Unit("palm", "en"), exactness=SCHEME + "exactness/about"), "en").text
    'palm: about 12,000'
    >>> phrase_of(Amount(worded=(Label("لمبلغ", "ar"),)), "en")
    Name(text='لمبلغ', language='ar', notes=(), worded=(), mark='', claims=())
    """
    said, kind = words(language, "amounts"), amount.exactness.removeprefix(SCHEME + "exactness/")
    unit, amount = amount.unit, amount if is_countable(amount.unit, language) else replace(amount, unit=None)
    numbers = said["or"].join(_measured(number, amount, language) for number in amount.numbers)
    text = numbers or _bounds(amount, language)
    if not text:
        if not amount.worded:
            return None
        first, *rest = amount.worded
        return Name(first.text, first.language, worded=tuple(rest), claims=amount.claims)
    if numbers and kind in _MARKS:
        text = said[kind].format(amount=text)
    if amount.out_of:
        text = said["out-of"].format(amount=text, total=_measured(amount.out_of, Amount(), language))
    if unit is not None and amount.unit is None:
        text = said["unit-first"].format(unit=unit.text, amount=text)
    notes = _notes(amount, language, kind, bounded=bool(numbers))
    return Name(text, language, notes, amount.worded, _MARKS.get(kind, ""), amount.claims)


def _notes(amount: Amount, language: str, kind: str, *, bounded: bool) -> tuple[Label, ...]:
    """What the phrase does not say by itself: the bounds beside a number, and a reserve that has no words here."""
    found = [Label(_bounds(amount, language), language)] if bounded and (amount.lower or amount.upper) else []
    if amount.reserve is not None and kind not in _MARKS:
        found.append(amount.reserve)
    return tuple(found)


def _measured(text: str, amount: Amount, language: str) -> str:
    """A number with its unit; what is no number stays as it is written."""
    number, unit = number_of(text), amount.unit
    if number is not None:
        return measure(number, unit, language)
    return f"{text} {unit.text}" if unit else text


def _bounds(amount: Amount, language: str) -> str:
    lower, upper = (_measured(bound, amount, language) if bound else "" for bound in (amount.lower, amount.upper))
    key = "between" if lower and upper else "lower" if lower else "upper" if upper else ""
    return words(language, "amounts")[key].format(lower=lower, upper=upper) if key else ""


_MARKS: Final[Mapping[str, str]] = MappingProxyType({"about": "≈", "at-least": "≥", "at-most": "≤", "exact": "="})
