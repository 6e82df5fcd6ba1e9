"""Names as people write them, brought to one form for comparison: Arabic and Latin letters, digits, articles.

The form is for comparing only and is never shown. It forgets what writers of Arabic, French and English leave out or
write in several ways; two names that differ in anything else stay different.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_ARTICLE: Final = "ال"
_SHORTEST_STEM: Final = 3
"""Letters that must remain when the article is cut off: `الله` and `الى` keep theirs."""

SPELLINGS: Final[Mapping[int, str]] = MappingProxyType(
    str.maketrans(
        {
            "\u0640": "",  # tatweel lengthens a line, not a word
            "\u0621": "",  # hamza on the line; on a letter it is a mark that decomposition splits off
            "\u0671": "ا",  # alef wasla
            "ة": "ه",
            "ى": "ي",
            "\u06cc": "ي",  # Farsi yeh, which many keyboards send
            "\u06a9": "ك",  # keheh
            "\u06c1": "ه",
            "\u06be": "ه",
            # Letters that Moroccan names add to the Arabic alphabet, by the letter that stands in for each.
            "\u06ad": "ك",
            "\u06af": "ك",
            "\u06a4": "ف",
            "\u06a8": "ق",
            "\u067e": "ب",
            "\u0686": "ج",
            "œ": "oe",
            "æ": "ae",
            "ø": "o",
            "ł": "l",
            "đ": "d",
            "ı": "i",
        }
    )
)
"""Letters, decomposed and case-folded, that stand for one another: each by the spelling that is compared."""
_SMALL_WORDS: Final = frozenset(
    ("a", "and", "au", "aux", "d", "dans", "de", "des", "du", "en", "et", "for", "in", "l", "la", "le", "les", "of",
     "on", "pour", "sur", "the", "to", "un", "une")
)  # fmt: skip
_ROMAN: Final = re.compile(r"(?=[ivx])(x{0,3})(ix|iv|v?i{0,3})")
_SHORTEST_ACRONYM: Final = 3
_ARABIC: Final = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")


def fold(text: str) -> str:
    """The words of a text in one spelling, each followed by a single space, except the last.

    Compatibility decomposition (Unicode Standard Annex #15, NFKD) and case folding; combining marks go, and with
    them accents, Arabic vowels and the hamza of a carrier; alef, yeh, kaf and ta marbuta get one form each; digits of
    every script become 0 to 9; anything else than letters and digits separates words. A text without any letter or
    digit is kept as it is, for it could not be found otherwise. Folding twice changes nothing.

    >>> fold("  Université  Mohammed-VI, l'École ")
    'universite mohammed vi l ecole'
    >>> fold("الإدارةُ ٢٠٣٠") == fold("الادارة 2030")
    True
    """
    # Case folding may compose anew what decomposition took apart, so it stands between two decompositions.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    words = "".join(map(_spelled, plain)).split()
    return " ".join(words) or " ".join(plain.translate(SPELLINGS).split()) or " ".join(plain.split())


@lru_cache(maxsize=4096)
def _spelled(character: str) -> str:
    """What one character of a decomposed text becomes; a space where it separates words."""
    category = unicodedata.category(character)
    if ord(character) in SPELLINGS:
        return SPELLINGS[ord(character)]
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] in "LN":
        return character
    return "" if category == "Cf" or category[0] == "M" else " "


def without_article(word: str) -> str:
    """A folded word without the Arabic article, as long as three letters remain.

    It is cut off as often as it is found: a word that begins like the article cannot be told from one that has it.

    >>> without_article("المختبر"), without_article("الله"), without_article("laboratory")
    ('مختبر', 'الله', 'laboratory')
    """
    while word.startswith(_ARTICLE) and len(word) >= len(_ARTICLE) + _SHORTEST_STEM:
        word = word[len(_ARTICLE) :]
    return word


def key(text: str) -> str:
    """The folded text, every word without the Arabic article: what names are compared by.

    A text that is folded already may be given too, since folding twice changes nothing.

    >>> key("المختبر المشترك") == key("مختبر مشترك")
    True
    """
    return key_of_folded(fold(text))


def key_of_folded(folded: str) -> str:
    """The same for a text that is folded already.

    >>> key_of_folded("المختبر المشترك")
    'مختبر مشترك'
    """
    if _ARTICLE not in folded:
        return folded
    return " ".join(map(without_article, folded.split(" ")))


def acronym(text: str) -> str:
    """The initials of a name in Latin letters, small words left out and Roman numerals as digits; empty below three.

    >>> acronym("Université Mohammed VI Polytechnique")
    'um6p'
    >>> acronym("Ministère de la Transition numérique et de la Réforme de l'administration")
    'mtnra'
    >>> acronym("Mistral AI"), acronym("وزارة الانتقال الرقمي")
    ('', '')
    """
    return acronym_of_folded(fold(text))


def acronym_of_folded(folded: str) -> str:
    """The same for a text that is folded already.

    >>> acronym_of_folded("organisation mondiale de la sante")
    'oms'
    """
    words = [word for word in folded.split(" ") if word not in _SMALL_WORDS]
    if len(words) < _SHORTEST_ACRONYM or _ARABIC.search(folded):
        return ""
    return "".join(_roman(word) or (word if word.isdecimal() else word[:1]) for word in words)


def _roman(word: str) -> str:
    found = _ROMAN.fullmatch(word)
    if found is None or len(word) == 1:
        return ""
    units = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix").index(found[2])
    return str(10 * len(found[1]) + units)


def is_arabic(text: str) -> bool:
    """Whether a text has letters of the Arabic script, and at least as many as of all others.

    >>> is_arabic("مختبر Mistral"), is_arabic("Mistral AI"), is_arabic("2030")
    (False, False, False)
    >>> is_arabic("المختبر المشترك مع Mistral")
    True
    """
    letters = sum(map(str.isalpha, text))
    arabic = sum(map(str.isalpha, _ARABIC.findall(text)))
    return bool(arabic) and 2 * arabic >= letters
