"""Numbers as readers write them in filters: with a comma or a point, with groups of digits, in digits of any script.

An address means the same on the pages of every language, so what two languages would read otherwise is no number: of
`10,800`, which is ten thousand eight hundred in English and ten and eight tenths in French, both are told.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

NUMBER: Final = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
"""A number as SPARQL takes it."""
_BLANKS: Final = re.compile("(?<=[0-9])[ \u00a0\u2009\u202f'\u2019\u066c](?=[0-9]{3}(?![0-9]))")
"""Between groups of three digits, as French, Swiss and Arabic put them; a comma or a point may be one too."""
_GROUPED: Final = re.compile(r"-?[0-9]{1,3}(?:([,.])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[,.][0-9]{1,30})?")
_DECIMAL: Final = re.compile(r"-?[0-9]{1,30},[0-9]{1,30}")
_MINUS: Final = "\u2212"
_DIRECTIONS: Final = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")
"""Marks that nobody sees, and that come along when a negative number is copied from an Arabic page."""


def latin(words: str) -> str:
    """A text with the digits of any script as those of ASCII.

    >>> latin("٢٠٢٦-٠٥")
    '2026-05'
    """
    return "".join(str(unicodedata.decimal(it)) if it.isdecimal() else it for it in words)


def readings(words: str) -> tuple[str, ...]:
    """The numbers that a text may mean, as SPARQL writes them: one, none, or two that languages differ in.

    >>> readings("41,31"), readings("٤١٫٣١"), readings("1 234 567,5"), readings("1,234,567"), readings("many")
    (('41.31',), ('41.31',), ('1234567.5',), ('1234567',), ())
    >>> readings("10,800"), readings("10.800"), readings("0,125")
    (('10800', '10.800'), ('10.800',), ('0.125',))
    """
    bare = _DIRECTIONS.sub("", words).strip().replace(_MINUS, "-")
    text = _BLANKS.sub("", latin(bare).replace("\u066b", ","))
    if NUMBER.fullmatch(text):  # what programs write
        return (text,)
    found = [text.replace(",", ".")] if _DECIMAL.fullmatch(text) else []
    grouped = _GROUPED.fullmatch(text)
    # Nobody groups digits behind a nought, and an Arabic comma of decimals is nothing else.
    if grouped is not None and not text.lstrip("-").startswith("0") and "\u066b" not in words:
        found.insert(0, text.replace(grouped[1], "").replace(",", "."))
    return tuple(found)
