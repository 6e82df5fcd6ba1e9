"""What the head of a page tells beside its title: what it is about, where it is, and in which languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from kg.terms import LANGUAGES
from server.pages.addresses import SAFE, query_string
from server.pages.citing.formats import STYLES
from server.pages.citing.reference import Reference

_PART: Final = frozenset({"iri", "class", "page", "facts", "of", "row"})
"""The parameters that name another page; the others only show the same one in another way."""


@dataclass(frozen=True, slots=True)
class Place:
    """The address of a page, and those of the same page in other languages (RFC 6596; HTML, section 4.6.7.1)."""

    canonical: str
    languages: tuple[tuple[str, str], ...]
    """The language tag and the address; `x-default` is the one in the reader's language."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the page of a thing tells in its head, and how it is cited."""

    description: str
    markup: str
    """In schema.org; a block of data, which no policy of scripts is about."""
    reference: Reference

    @property
    def styles(self) -> tuple[tuple[str, str], ...]:
        """The name and the title of each format of bibliographies."""
        return tuple((style.name, style.title) for style in STYLES)


def place_of(root: str, path: str, given: Iterable[tuple[str, str]], spoken: str | None) -> Place:
    """Where a page is; `spoken` is the language that its address names.

    >>> place_of("https://e.org/", "/id/a", [("show", "all"), ("lang", "fr")], "fr").canonical
    'https://e.org/id/a?lang=fr'
    >>> place_of("https://e.org/", "/id/a", [("facts", "1")], None).languages[-1]
    ('x-default', 'https://e.org/id/a?facts=1')
    """
    address = root.removesuffix("/") + quote(path, safe=SAFE)
    kept = [(name, value) for name, value in given if name in _PART]

    def at(language: str | None) -> str:
        asked = [*kept, *([("lang", language)] if language else [])]
        return f"{address}?{query_string(asked)}" if asked else address

    return Place(at(spoken), (*((tag, at(tag)) for tag in LANGUAGES), ("x-default", at(None))))
