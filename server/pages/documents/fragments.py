"""The address of words on somebody else's page: a text fragment (WICG, Text Fragments, section 3)."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

_LONG: Final = 12
"""Words of a quote that are looked for whole."""
_END: Final = 5
"""Words at either end by which a longer one is found."""
_WORD: Final = 100
"""Characters of a word that a browser may find."""
_DIRECTIVE: Final = ":~:"


def at_words(address: str, words: str, before: str = "", after: str = "") -> str:
    """The address of a page with the words that a browser is to show and mark there; they are found once at most.

    Of a long quote the browser gets its beginning and its end, between which it marks all. `before` and `after` are
    what stands around the words, where that is known. A page that has not (or no longer) these words is opened at its
    top; nothing else can go wrong. An address that is none of the web comes back empty.

    >>> at_words("https://example.org/a?p=1", "a test, twenty-one & more")
    'https://example.org/a?p=1#:~:text=a%20test%2C%20twenty%2Done%20%26%20more'
    >>> at_words("https://example.org/#top", "1 2 3 4 5 6 7 8 9 10 11 12 13")
    'https://example.org/#top:~:text=1%202%203%204%205,9%2010%2011%2012%2013'
    >>> at_words("https://example.org/", "words", "some", "follow")
    'https://example.org/#:~:text=some-,words,-follow'
    """
    if not address.startswith(("https://", "http://")):
        return ""
    parts = words.split()
    if not parts:
        return address
    place = address.partition(_DIRECTIVE)[0]
    ends = [parts] if len(parts) <= _LONG else [parts[:_END], parts[-_END:]]
    if max(map(len, parts)) > _WORD:
        return address  # no browser finds what is no word
    found = ",".join(_encoded(" ".join(end)) for end in ends)
    first = f"{_encoded(before)}-," if before.strip() else ""
    last = f",-{_encoded(after)}" if after.strip() else ""
    return f"{place}{'' if '#' in place else '#'}{_DIRECTIVE}text={first}{found}{last}"


def _encoded(text: str) -> str:
    """Percent-encoded, the hyphen too: it tells what stands before and after (Text Fragments, section 3.3)."""
    return quote(" ".join(text.split()), safe="").replace("-", "%2D")
