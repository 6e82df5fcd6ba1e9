"""The order of texts as readers of a language expect it (Unicode Technical Standard 35, part 5), by ICU."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*+")
_LONGEST: Final = 64


class CollationUnknown(ValueError):
    """There is no such order: the language is unknown, or ICU is not installed."""


def sort_key(language: str) -> Callable[[str], str]:
    """What texts are sorted by in a language, given by its tag (BCP 47): a string in the order of code points.

    :raises CollationUnknown: if there is no order for the language

    >>> of = sort_key("fr")
    >>> sorted(["zèbre", "étage", "Eau", "cote", "côté"], key=of)
    ['cote', 'côté', 'Eau', 'étage', 'zèbre']
    """
    try:
        import icu
    except ImportError:
        raise CollationUnknown("texts are sorted by code points only: install zellige[collation]") from None
    if len(language) > _LONGEST or _TAG.fullmatch(language) is None:
        raise CollationUnknown(f"{language!r} is no language tag")
    locale = icu.Locale.forLanguageTag(language)
    # What ICU does not know it sorts as it sorts what has no language, without a word.
    if locale.getLanguage() not in {icu.Locale(name).getLanguage() for name in icu.Collator.getAvailableLocales()}:
        raise CollationUnknown(f"no order of texts is known for the language {language!r}")
    collator = icu.Collator.createInstance(locale)

    def key(text: str) -> str:
        found: bytes = collator.getSortKey(text)
        return found.decode("latin-1")

    return key
