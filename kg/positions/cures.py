"""How a value is to be written that people write otherwise, as an error says it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_BETWEEN: Final = re.compile(r"(?<=\d)[\s_'’٬](?=\d\d\d(?!\d))", re.ASCII)
"""What stands between thousands, and is no point in any language."""
_TRUE: Final = frozenset(("yes", "on", "y", "oui", "vrai", "نعم", "true"))
_FALSE: Final = frozenset(("no", "off", "n", "non", "faux", "لا", "false"))
_MERGE: Final = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_SHORTER: Final[Mapping[str, str]] = MappingProxyType(
    {"ara": "ar", "deu": "de", "eng": "en", "fra": "fr", "fre": "fr", "ger": "de", "ita": "it", "por": "pt",
     "spa": "es", "swa": "sw"}
)  # fmt: skip
"""Codes of three letters of languages whose tag has two (RFC 5646, section 2.2.1)."""


def number(text: str) -> str:
    """How a text is written that should be a number.

    >>> number("٤٠"), number("40,5"), number("40 000"), number("007"), number("about forty")
    ('write 40', 'write 40.5', 'write 40000', 'write 7', 'write it in digits, as 40 or 2.5')
    >>> number("40,000")
    'write 40000 or 40.0, as it is meant'
    """
    western = "".join(str(unicodedata.decimal(sign, sign)) for sign in text.strip()).replace("−", "-")
    plain = re.sub(r"^(-?)0+(?=\d)", r"\1", _BETWEEN.sub("", western)).replace("٫", ".")
    if re.fullmatch(r"-?\d{1,3},\d{3}", plain, re.ASCII):
        whole, _, rest = plain.partition(",")
        return f"write {whole}{rest} or {whole}.{rest.rstrip('0') or '0'}, as it is meant"
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3}){2,}", plain, re.ASCII):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain
    return f"write {plain}" if _NUMBER.fullmatch(plain) else "write it in digits, as 40 or 2.5"


def truth(text: str) -> str:
    """How a text is written that should be true or false.

    >>> truth("Yes"), truth("no"), truth("perhaps")
    ('write true', 'write false', 'write true or false')
    """
    word = text.casefold()
    return f"write {'true' if word in _TRUE else 'false' if word in _FALSE else 'true or false'}"


def separated(text: str) -> str | None:
    """What is to be done about a name that is several names with a sign between them which parts none in YAML."""
    sign = next((sign for sign in "،;؛、" if sign in text), None)
    return None if sign is None else f"'{sign}' parts no names: put a comma and a blank between them"


def language(tag: str) -> str | None:
    """The shorter tag of a language, if it has one.

    >>> language("eng"), language("en"), language("fra-CA")
    ('en', None, 'fr-CA')
    """
    first, dash, rest = tag.partition("-")
    return f"{_SHORTER[first]}{dash}{rest}" if first in _SHORTER else None


def line(text: str) -> str | None:
    """What is to be done about a line that is no YAML, where a sign of it tells.

    >>> line("<<<<<<< HEAD"), line("  modality：planned")
    ('a merge left its marks: keep one of both, and take the marks away', "write a colon and a blank in place of '：'")
    """
    if text.startswith(_MERGE):
        return "a merge left its marks: keep one of both, and take the marks away"
    if text[: len(text) - len(text.lstrip())].count("\t"):
        return "indent with blanks, not with tabs"
    sign = next((sign for sign in "：﹕∶" if sign in text), None)
    return None if sign is None else f"write a colon and a blank in place of '{sign}'"


def swapped(texts: Mapping[str, str]) -> tuple[str, str] | None:
    """Two languages of which each has the letters of the other: one that is written in Arabic, one that is not.

    >>> swapped({"ar": "A quay", "en": "رصيف"}), swapped({"ar": "JAZARI ROOT", "en": "JAZARI ROOT"})
    (('ar', 'en'), None)
    """
    if not _is_latin(texts.get("ar", "")):
        return None
    other = next((tag for tag in texts if tag in {"fr", "en"} and _scripts(texts[tag]) == {"ARABIC"}), None)
    return None if other is None else ("ar", other)


def _is_latin(text: str) -> bool:
    """Whether all letters are Latin, and there are some; mostly the first one tells."""
    found = (unicodedata.name(sign, "").startswith("LATIN ") for sign in text if sign.isalpha())
    return next(found, False) and all(found)


def _scripts(text: str) -> set[str]:
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in text if sign.isalpha()}
