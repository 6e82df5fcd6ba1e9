"""Characters that no token begins with: quotation marks of text processors, signs of other keyboards, open strings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from kg.sparql.language.tokens import Kind as Is
from kg.sparql.messages.mistake import Edit, Kind, Mistake, named
from kg.sparql.messages.reading import Reading, shortened

_DOUBLE: Final = "“”„‟«»″＂"
_SINGLE: Final = "‘’‚‛‹›′＇`´"
QUOTES: Final[Mapping[str, str]] = MappingProxyType({**dict.fromkeys(_DOUBLE, '"'), **dict.fromkeys(_SINGLE, "'")})
"""Quotation marks of people, and those of SPARQL that are meant."""
SIGNS: Final[Mapping[str, str]] = MappingProxyType({
    "؟": "?", "？": "?", "،": ",", "，": ",", "؛": ";", "；": ";", "：": ":", "（": "(", "）": ")", "｛": "{",
    "｝": "}", "［": "[", "］": "]", "\u2013": "-", "\u2014": "-", "\u2212": "-", "×": "*", "÷": "/", "≠": "!=",
    "≤": "<=", "≥": ">=", "＝": "=", "＜": "<", "＞": ">", "．": ".", "。": ".", "\u00a0": " ", "\u202f": " ",
    "\u2009": " ", "\u3000": " ", "\u2028": " ", "\u2029": " ", "\ufeff": "", "\u200b": "", "\u200e": "",
    "\u200f": "", "\u061c": "", "\u202a": "", "\u202b": "", "\u202c": "", "\u202d": "", "\u202e": "", "\u2066": "",
    "\u2067": "", "\u2068": "", "\u2069": "", "\u200c": "", "\u200d": "", "\u00ad": "",
    "\u000b": " ", "\u000c": " ", "…": "...",
})  # fmt: skip
"""Signs of other keyboards, and those that cannot be seen, with what is meant."""
_JOINERS: Final = frozenset("\u200c\u200d")
"""What words of Persian, Hindi and others are written with; in a word of SPARQL it is not seen, and a slip."""
_NAMES: Final = frozenset({Is.WORD, Is.VARIABLE, Is.NAME})
_LINE: Final = re.compile(r"[^\r\n]*")


def strays(reading: Reading, _place: int) -> Iterator[Mistake]:
    """Every character that begins no token; the quotation marks of one text are one mistake."""
    done = -1
    for place in reading.strays:
        if place <= done:
            continue
        sign = reading.text[place]
        if sign in QUOTES:
            found = _quoted(reading, place)
            done = found.end - 1
            yield found
        elif sign in "\"'":
            yield _open_string(reading, place)
        else:
            yield _stray(sign, place)


def signs_in_words(reading: Reading, _place: int) -> Iterator[Mistake]:
    """Signs of other keyboards that count as letters, so that they became a part of a word or a name."""
    for token in reading.tokens:
        if token.kind in _NAMES and not token.text.isascii():
            belong = _JOINERS if any(not (sign.isascii() or sign in SIGNS) for sign in token.text) else frozenset()
            for place, sign in enumerate(token.text, token.start):
                if sign in SIGNS and sign not in belong:
                    yield replace(_stray(sign, place), certain=token.kind is Is.WORD)


def _quoted(reading: Reading, place: int) -> Mistake:
    """A text in curly quotes, up to the mark of the same kind that closes it, in its line."""
    mark = QUOTES[reading.text[place]]
    found = _LINE.match(reading.text, place + 1)
    line = found[0] if found else ""
    length = next((i for i, sign in enumerate(line) if QUOTES.get(sign) == mark or sign == mark), None)
    if length is None or _is_closing(reading.text, place):
        told = named(sign=reading.text[place], cure=mark)
        edits = (Edit(place, place + 1, mark),)
        return Mistake(Kind.QUOTE_CURLY, "quote-curly", place, place + 1, told, edits, certain=True)
    end = place + length + 2
    meant = f"{mark}{line[:length]}{mark}"
    both = (Edit(place, place + 1, mark), Edit(end - 1, end, mark))
    told = named(sign=reading.text[place], cure=shortened(meant))
    return Mistake(Kind.QUOTE_CURLY, "quote-curly", place, end, told, both, certain=True)


def _is_closing(text: str, place: int) -> bool:
    """Whether a curly mark closes a text that a straight one has opened, so that nothing may be read behind it."""
    return text[place] in "”’»" and text[:place].count(QUOTES[text[place]]) % 2 == 1


def _open_string(reading: Reading, place: int) -> Mistake:
    sign = reading.text[place]
    line = _LINE.match(reading.text, place + 1)
    length = next((i for i, other in enumerate(line[0] if line else "") if QUOTES.get(other) == sign), None)
    if length is not None:
        end = place + length + 1
        told = named(sign=reading.text[end], cure=sign)
        edits = (Edit(end, end + 1, sign),)
        return Mistake(Kind.QUOTE_CURLY, "quote-curly", end, end + 1, told, edits, certain=True)
    escape = _bad_escape(reading.text, place)
    if escape is not None:
        start, shown = escape
        told = named(sign=shown, cure="\\\\")
        edits = (Edit(start, start + 1, "\\\\"),)
        return Mistake(Kind.STRING_OPEN, "string-escape", start, start + len(shown), told, edits)
    return Mistake(Kind.STRING_OPEN, "string-open", place, place + 1, named(sign=sign, cure=sign * 3), certain=True)


_ESCAPES: Final = re.compile(r"\\(?![tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}).?")


def _bad_escape(text: str, place: int) -> tuple[int, str] | None:
    """The first escape of a string that SPARQL does not know, if it closes in its line."""
    line = _LINE.match(text, place + 1)
    assert line is not None, "it matches everywhere"
    closing = line[0].find(text[place])
    if closing < 0:
        return None
    found = _ESCAPES.search(text, place + 1, place + 1 + closing)
    return None if found is None else (found.start(), found[0])


def _stray(sign: str, place: int) -> Mistake:
    name = f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()
    if sign not in SIGNS:
        told = named(sign=sign if sign.isprintable() else name, name=name)
        return Mistake(Kind.CHARACTER, "character", place, place + 1, told, certain=True)
    meant = SIGNS[sign]
    visible = sign.isprintable() and not sign.isspace() and unicodedata.category(sign) != "Cf"
    words = "character-meant" if visible else "character-unseen"
    told = named(sign=sign if visible else name, name=name, cure=meant)
    return Mistake(Kind.CHARACTER, words, place, place + 1, told, (Edit(place, place + 1, meant),), certain=True)
