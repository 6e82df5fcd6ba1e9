"""The code page of a text that is no UTF-8, by the letters that it would have."""

from __future__ import annotations

import unicodedata
from typing import Final

_PAGES: Final = (("windows-1256", "ARABIC"), ("windows-1252", "LATIN"))


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
