"""What a text is encoded in that is not UTF-8, as far as its bytes tell."""

from __future__ import annotations

import codecs
import unicodedata
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_PAGES: Final = (("windows-1256", "ARABIC"), ("windows-1252", "LATIN"))
_ENOUGH: Final = 4
"""Bytes of letters that tell Arabic: fewer may be anything."""
_SEEN: Final = 65536
"""Bytes that are looked at."""


def page_of(content: bytes) -> str | None:
    """The code page by which what is no ASCII are letters, nearly all of them; if there is one.

    >>> page_of("Rémunération".encode("cp1252")), page_of("سد الوادي".encode("cp1256")), page_of(bytes([0, 0x81]))
    ('windows-1252', 'windows-1256', None)
    """
    high = bytes(byte for byte in content if byte > 0x7F)  # noqa: PLR2004 -- the end of ASCII
    if not high or b"\0" in content:
        return None
    for page, script in _PAGES:
        letters = [c for c in high.decode(page, "replace") if c.isalpha() or c == "\ufffd"]
        if letters and sum(unicodedata.name(c, "").startswith(script) for c in letters) * 10 >= len(letters) * 9:
            return page
    return None


def encoding_of(content: bytes) -> str | None:
    """The likely encoding of a text that is not UTF-8, as iconv names it; None if nothing speaks for one.

    >>> encoding_of("السد".encode("cp1256")), encoding_of("été".encode("cp1252")), encoding_of(b"one \\xff")
    ('WINDOWS-1256', 'WINDOWS-1252', None)
    >>> encoding_of("été".encode("utf-16")), encoding_of("one".encode("utf-16-be"))
    ('UTF-16', 'UTF-16BE')
    """
    head = content[:_SEEN]
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:  # a letter of ASCII, a blank or a line end has an empty byte beside it
        odd, even = head[1::2].count(0), head[0::2].count(0)
        return "UTF-16LE" if odd > even else "UTF-16BE"
    page = page_of(head)
    letters = sum(byte > 0x7F for byte in head)  # noqa: PLR2004 -- the end of ASCII
    return None if page is None or (page == "windows-1256" and letters < _ENOUGH) else page.upper()


def as_utf8(content: bytes, what: str, file: str = "FILE") -> str:
    """What to do about a text that is not UTF-8; `what` is what to call it.

    >>> as_utf8("السد".encode("cp1256"), "the text", "dam.txt")
    'save the text as UTF-8; it reads as WINDOWS-1256: iconv -f WINDOWS-1256 -t UTF-8 dam.txt > NEW'
    >>> as_utf8(b"\\xff", "the text")
    'save the text as UTF-8'
    """
    name = encoding_of(content)
    told = "" if name is None else f"; it reads as {name}: iconv -f {name} -t UTF-8 {file} > NEW"
    return f"save {what} as UTF-8{told}"
