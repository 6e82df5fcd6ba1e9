"""How much alike two names are, from 0 to 100, and why: each way of being alike is a feature of its own."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.folding import acronym_of_folded, fold, key_of_folded

IDENTICAL: Final = 100.0
"""The same text."""
FOLDED: Final = 99.0
"""The same but for case, accents, vowel marks, forms of a letter, digits of another script and signs."""
BARE: Final = 98.0
"""The same but for Arabic articles too."""
REORDERED: Final = 95.0
"""The same words in another order."""
ACRONYM: Final = 85.0
"""One is made of the initials of the other."""
FUZZY: Final = 90.0
"""The score of names that share all trigrams; it shrinks with the share."""
_LEVELS: Final = MappingProxyType(
    {"identical": IDENTICAL, "folded": FOLDED, "bare": BARE, "reordered": REORDERED, "acronym": ACRONYM}
)


def trigrams(folded: str) -> frozenset[str]:
    """Every run of three characters of a folded name; a space stands before it and behind it.

    >>> sorted(trigrams("rabat"))
    [' ra', 'aba', 'at ', 'bat', 'rab']
    """
    padded = f" {folded} "
    return frozenset([padded[at : at + 3] for at in range(len(padded) - 2)])


def bag(folded: str) -> str:
    """The words of a folded name in alphabetical order: equal for names that differ in the order of words.

    >>> bag("root jazari")
    'jazari root'
    """
    return " ".join(sorted(folded.split(" ")))


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name with everything that comparing it needs."""

    text: str
    folded: str
    key: str
    initials: str | None
    """None where a name has too few words, so that names without initials are never taken for initials."""

    @classmethod
    def of(cls, text: str) -> Spelling:
        """Prepare a name."""
        trimmed = " ".join(unicodedata.normalize("NFC", text).split())
        folded = fold(text)
        return cls(trimmed, folded, key_of_folded(folded), acronym_of_folded(folded) or None)


@dataclass(frozen=True, slots=True)
class Similarity:
    """How two names are alike. `trigrams` is the weighted share of common trigrams, 0 to 1; the rest is yes or no."""

    score: float
    identical: bool
    folded: bool
    bare: bool
    reordered: bool
    acronym: bool
    trigrams: float


def dice(ours: str, theirs: str, weigh: Callable[[Iterable[str]], float]) -> float:
    """Dice's coefficient over the weights of trigrams: twice what two keys have in common, by the sum of both.

    >>> round(dice("rabat", "rabta", lambda grams: len(list(grams))), 2)
    0.4
    """
    here, there = trigrams(ours), trigrams(theirs)
    total = weigh(here) + weigh(there)
    return min(2 * weigh(here & there) / total, 1.0) if total else 0.0


def compare(asked: Spelling, known: Spelling, weigh: Callable[[Iterable[str]], float]) -> Similarity:
    """Compare two names; `weigh` gives the weight of a set of trigrams, in which rare ones count more.

    >>> compare(Spelling.of("المختبر"), Spelling.of("مختبر"), lambda grams: len(list(grams))).score
    98.0
    """
    share = dice(asked.key, known.key, weigh)
    bare = asked.key == known.key
    ways = {
        "identical": asked.text == known.text,
        "folded": asked.folded == known.folded,
        "bare": bare,
        "reordered": not bare and bag(asked.key) == bag(known.key),
        "acronym": asked.key.replace(" ", "") == known.initials or known.key == asked.initials,
    }
    level = max((_LEVELS[way] for way, holds in ways.items() if holds), default=0.0)
    return Similarity(max(level, FUZZY * share), trigrams=share, **ways)


def weight_of(occurrences: int, names: int) -> float:
    """The weight of a trigram that stands in `occurrences` of so many names: the rarer, the heavier.

    >>> weight_of(1, 1000) > weight_of(500, 1000) > 0
    True
    """
    return math.log1p(names / occurrences)
