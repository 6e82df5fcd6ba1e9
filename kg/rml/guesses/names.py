"""Local names of Turtle made of what people call columns, in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_NAME_CHARACTERS: Final = (
    (0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D),
    (0x37F, 0x1FFF), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
"""Letters and digits of local names in Turtle (section 6.5, PN_CHARS_BASE and digits)."""
_ACCENTED: Final = ("LATIN", "GREEK", "CYRILLIC")
_KEY: Final = re.compile(
    r"(?:.*[\W_])?(?:id|code|key|identifier|identifiant|qid|iso\d?|(?:ال)?(?:رمز|معرف))", re.IGNORECASE
)


def is_key_by_name(name: str) -> bool:
    """Whether a column is called as keys are.

    >>> is_key_by_name("region_id"), is_key_by_name("الرمز"), is_key_by_name("idea")
    (True, True, False)
    """
    return _KEY.fullmatch(name) is not None


def words(text: str, separator: str) -> str:
    """A local name of Turtle made of the words of a text, in any script.

    Accents are taken from letters of scripts that have them beside their letters; a hamza is part of its letter.

    >>> words("Unit price (MAD)", ""), words("سنة التأسيس", ""), words("Taux d'accès", "-")
    ('unitPriceMad', 'سنة_التأسيس', 'taux-d-acces')
    """
    kept = "".join(_kept(c) for c in unicodedata.normalize("NFKC", text))
    found = kept.split()
    if separator:
        return separator.join(word.lower() for word in found)
    if len(found) == 1 and not found[0].isupper():
        return found[0]
    return "".join(_joined(index, word) for index, word in enumerate(found))


def _kept(character: str) -> str:
    if unicodedata.category(character) == "Mn":
        return ""
    if unicodedata.name(character, "").startswith(_ACCENTED):
        plain = "".join(c for c in unicodedata.normalize("NFKD", character) if unicodedata.category(c) != "Mn")
        return "".join(c if _is_name_character(c) else " " for c in unicodedata.normalize("NFC", plain))
    return character if _is_name_character(character) else " "


def _joined(index: int, word: str) -> str:
    """A word as part of a name: a capital marks where it starts, a low line where its script has no capitals."""
    if index == 0:
        return word.lower()
    return word[:1].upper() + word[1:].lower() if word.lower() != word.upper() else f"_{word}"


def _is_name_character(character: str) -> bool:
    return character.isalnum() and any(low <= ord(character) <= high for low, high in _NAME_CHARACTERS)


def joined(names: Sequence[str]) -> str:
    """One local name of the names that lead to something, as `words` makes one of each.

    >>> joined(["ville", "code"]), joined(["contactPoint", "e-mail"]), joined(["المدينة", "الرمز"]), joined(["°", "x"])
    ('villeCode', 'contactPointEMail', 'المدينة_الرمز', 'x')
    """
    made = [word for word in (words(name, "") for name in names) if word]
    return "".join(made[:1] + [_behind(word) for word in made[1:]])


def _behind(word: str) -> str:
    return word[:1].upper() + word[1:] if word[:1].lower() != word[:1].upper() else f"_{word}"
