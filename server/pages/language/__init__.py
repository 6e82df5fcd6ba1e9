"""The language of a page, and what the pages say in it.

The words stand in catalogues of gettext, see `docs/words.md`. They are read once, into plain mappings: a page asks
for some hundred of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

from kg.terms import LANGUAGES
from server.direction import direction_of
from server.pages.language.tongues import DEFAULT, Forms, Tongue, Tongues, shipped, with_those_of

__all__ = [
    "DEFAULT",
    "Forms",
    "Tongue",
    "Tongues",
    "choose",
    "counted",
    "language_of",
    "names",
    "order",
    "shipped",
    "speak",
    "spoken",
    "with_those_of",
    "words",
]

_SPOKEN: Final[ContextVar[Tongues | None]] = ContextVar("tongues", default=None)
"""The languages of the site that this request is answered by; None speaks those of the program."""


def spoken() -> Tongues:
    """The languages that pages are made in here, by their tags."""
    return _SPOKEN.get() or shipped()


def speak(site: Tongues | None) -> None:
    """Make pages in the languages of a site from here on, in this context; None makes them in those of the program."""
    _SPOKEN.set(site)


def names() -> Mapping[str, str]:
    """Each language of the pages by its own name.

    >>> dict(names())
    {'ar': 'العربية', 'fr': 'Français', 'en': 'English'}
    """
    return {tag: tongue.name for tag, tongue in spoken().items()}


def choose(asked: str | None, accept_language: str | None) -> str:
    """The language of a page: the one asked for, else the best that the browser accepts, else English.

    A range that is longer than a language of ours means it too (RFC 4647, section 3.4).

    >>> choose("ar", "fr"), choose(None, "de, fr-MA;q=0.8, en;q=0.3"), choose("xx", None)
    ('ar', 'fr', 'en')
    """
    known = spoken()
    if asked is not None and asked in known:
        return asked
    by_lower = {tag.lower(): tag for tag in known}
    best, chosen = 0.0, DEFAULT
    for element in (accept_language or "").split(","):
        tag, _, parameter = element.partition(";")
        language = _found(tag.strip().lower(), by_lower)
        quality = _quality(parameter)
        if language is not None and quality > best:
            best, chosen = quality, language
    return chosen


def _found(asked: str, known: Mapping[str, str]) -> str | None:
    while asked and asked not in known:
        asked = asked.rpartition("-")[0]
    return known.get(asked)


def _quality(parameter: str) -> float:
    name, _, value = parameter.partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def order(language: str) -> tuple[str, ...]:
    """The languages in which a label is looked for on a page of `language`, the best first.

    Those come first that are written in the same direction: who reads French can spell an English name, and may not
    read an Arabic one at all.

    >>> order("fr"), order("en"), order("ar")
    (('fr', 'en', 'ar'), ('en', 'fr', 'ar'), ('ar', 'fr', 'en'))
    >>> order("sw"), order("ur")
    (('sw', 'en', 'fr', 'ar'), ('ur', 'ar', 'en', 'fr'))
    """
    others = LANGUAGES if language in LANGUAGES else (DEFAULT, *LANGUAGES)
    near = sorted(others, key=lambda other: direction_of(other) != direction_of(language))
    return tuple(dict.fromkeys((language, *near)))


def words(language: str, room: str = "pages") -> Mapping[str, str]:
    """What a room of the pages says in one language, by key; in English what the language has no words for.

    :raises KeyError: if pages are not made in `language`, or there is no such room

    >>> words("fr")["home"], words("ar", "query")["share"]
    ('Accueil', 'رابط هذا الاستعلام')
    """
    return spoken()[language].rooms[room]


def counted(language: str, context: str, number: int, /, **given: str) -> str:
    """What counts something, in the form that goes with the number; `given` fills its places.

    :raises KeyError: if pages are not made in `language`, or there is no such message

    >>> counted("en", "pages.table_of", 1, number="1"), counted("ar", "pages.table_of", 2, number="2")
    ('1 row', 'سطران')
    """
    return spoken()[language].counted[context].of(number).format(**given)


def language_of(language: str, context: str) -> str:
    """The language in which a message is said on a page of `language`: English where it has no words of its own.

    >>> language_of("fr", "pages.home")
    'fr'
    """
    return language if context in spoken()[language].own else DEFAULT
