"""What `kg dev` itself says on pages: from the catalogues of the pages, in the languages that those come in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

from babel import Locale

_ROOM: Final = "dev"


def language_of(path: str, accepted: str | None) -> str:
    """The language of a page that nobody but `kg dev` answers, found as the pages find theirs."""
    from server.pages.language import choose

    (asked,) = parse_qs(urlsplit(path).query).get("lang", [None])[:1]
    return choose(asked, accepted)


def said_in(language: str) -> Mapping[str, str]:
    """What is said in a language, by key; in English where the catalogues have none for it.

    >>> said_in("fr")["building"], said_in("sw")["building"]
    ('construction en cours', 'building')
    """
    from server.pages.language import DEFAULT, shipped

    found = shipped()
    return found.get(language, found[DEFAULT]).rooms[_ROOM]


def direction_of(language: str) -> str:
    """Which way it is written: `rtl` or `ltr` (Unicode CLDR)."""
    return "rtl" if Locale.parse(language, sep="-").character_order == "right-to-left" else "ltr"
