"""Forms of a word that no stemmer brings together, by the patterns in which a language makes them.

Arabic makes most plurals within the word: what is given here are the singulars that a plural of one of these patterns
may have, as they are spelt; those that are no words find nothing. Patterns that are nouns of action too, or verbs, are
left out (`دخول`, `رجال`), and `أفعال` counts only as it is written: `إصلاح` is no plural of `صلح`. French makes the
other gender, and English a Greek plural, in ways that Snowball leaves alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

_C: Final = "[^اأإآوىيةهءئؤ]"
"""A letter of Arabic that is no vowel, carries no hamza, and is no pronoun at the end of a word."""
_R: Final = "[^اأإآىةءئؤ]"
"""The like, with و and ي, which may be of the root."""
_PATTERNS: Final[tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]] = tuple(
    (re.compile(pattern), singulars)
    for pattern, singulars in (
        # as in مراكز, of مركز, and مدارس, of مدرسة
        (f"({_R})({_R})ا({_R})({_C})", (r"\1\2\3\4", r"\1\2\3\4ه")),
        # as in جوانب, of جانب, and قواعد, of قاعدة
        (f"({_R})وا({_R})({_C})", (r"\1ا\2\3", r"\1ا\2\3ه")),
        # as in نتائج, of نتيجة, and رسائل, of رسالة, and جوائز, of جائزة
        (f"({_R})({_R})ائ({_C})", (r"\1\2ي\3ه", r"\1\2ا\3ه")),
        (f"({_R})وائ({_C})", (r"\1اي\2ه", r"\1اي\2")),
        # as in مشاريع, of مشروع, and تقارير, of تقرير, and قوانين, of قانون
        (f"({_R})({_R})ا({_R})ي({_C})", (r"\1\2\3و\4", r"\1\2\3ي\4", r"\1\2\3ا\4")),
        (f"({_R})وا({_R})ي({_C})", (r"\1ا\2و\3", r"\1ا\2ي\3")),
        # as in خبراء, of خبير, and علماء, of عالم
        (f"({_R})({_R})({_R})اء", (r"\1\2ي\3", r"\1ا\2\3")),
        (f"({_C})ؤ({_C})اء", (r"\1يي\2",)),
        # as in أهداف, of هدف, and أفكار, of فكرة
        (f"أ({_R})({_R})ا({_C})", (r"\1\2\3", r"\1\2\3ه")),
        # as in أنظمة, of نظام
        (f"أ({_R})({_R})({_C})ة", (r"\1\2ا\3",)),
    )
)
_PLURAL: Final = re.compile("....*[ao]is")
_ENDINGS: Final[Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]] = MappingProxyType(
    {
        "fr": (
            (re.compile("(?<=t)rices?$"), "eur"),  # directrice: directeur
            (re.compile("euses?$"), "eur"),  # chercheuse: chercheur
            (re.compile("(?<=..i)ques?$"), "c"),  # publique: public
            (re.compile("(?<=..)ifs?$"), "ive"),  # actif: active
        ),
        "en": ((re.compile("(?<=...s)is$"), "es"),),  # analysis: analyses
    }
)


def singulars(written: str) -> Iterator[str]:
    """The singulars that an Arabic word may have, if it is a plural made within the word; their letters are folded.

    `written` has neither marks nor clitics, and its hamzas as they were written.

    >>> list(singulars("مشاريع"))
    ['مشروع', 'مشريع', 'مشراع']
    >>> list(singulars("أهداف"))[0], list(singulars("إصلاح")), list(singulars("زراعي"))
    ('هدف', [], [])
    """
    for pattern, made in _PATTERNS:
        found = pattern.fullmatch(written)
        if found is not None:
            yield from map(found.expand, made)


def without_s(written: str) -> Iterator[str]:
    """The singular of a French word as in `emplois`: the stemmer keeps an s behind an i, for `français` has one too.

    >>> list(without_s("emplois")), list(without_s("paris"))
    (['emploi'], [])
    """
    if _PLURAL.fullmatch(written):
        yield written[:-1]


def others(written: str, language: str) -> Iterator[str]:
    """Other forms of a French or English word in small letters, for their stems.

    >>> list(others("directrices", "fr")), list(others("analysis", "en")), list(others("paris", "fr"))
    (['directeur'], ['analyses'], [])
    """
    for ending, instead in _ENDINGS.get(language, ()):
        if ending.search(written):
            yield ending.sub(instead, written)
