"""What many pages of one release have in common: where a link to a thing leads, its short name, the whole of the link.

A release never changes and a page has some hundred links, most of which stood on a page before it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from server.lookup import Label, Term
from server.pages.addresses import address_of, name_of
from server.pages.rows import page_of
from server.pages.showing import exact
from server.releases import Memory, Release

LINKS: Final = "zellige-links"
_MOST: Final = 5_000
"""Links, addresses and short names of one language that are kept, some 500 bytes each."""
_LINES: Final = 1_000
"""Lines of tables of one language that are kept, some 3 kB each."""
_LONGEST: Final = 300
"""Characters of an IRI whose link is kept."""


def _is_short(node: str) -> bool:
    return len(node) <= _LONGEST


@dataclass(frozen=True)
class Links:
    """Where the links of one page lead: in the language that was asked for, where one was."""

    served: Release
    spoken: str | None
    _addresses: Memory[str, Markup] = field(default_factory=lambda: Memory(_MOST, _is_short))
    _names: Memory[str, str] = field(default_factory=lambda: Memory(_MOST, _is_short))
    made: Memory[tuple[str, Label | None], Markup] = field(
        default_factory=lambda: Memory(_MOST, lambda key: _is_short(key[0]))
    )
    """The links as markup, by what they lead to and its name; likewise those of cells of tables."""
    named: Memory[tuple[str, Label | None], Markup] = field(
        default_factory=lambda: Memory(_MOST, lambda key: _is_short(key[0]))
    )

    literals: Memory[Term, Markup] = field(default_factory=lambda: Memory(_MOST, lambda term: _is_short(term.value)))
    """Literals as markup."""
    grid_lines: Memory[tuple[str, tuple[tuple[str, str], ...], int], Markup] = field(
        default_factory=lambda: Memory(_LINES)
    )
    """The cells of a line of a table, by the columns, the claims that were made of it, and its rows."""

    def page(self, path: str) -> str:
        """An address of ours."""
        if self.spoken is None:
            return path
        place, mark, fragment = path.partition("#")
        return f"{place}{'&' if '?' in place else '?'}lang={self.spoken}{mark}{fragment}"

    def href(self, node: str) -> Markup:
        """Where a link to a thing leads; a row is on one page of its table."""
        return self._addresses.of(node, exact(self._href))

    def _href(self, node: str) -> str:
        path = address_of(self.served, node)
        if not path.startswith("/"):
            return path
        place, mark, fragment = path.partition("#")
        page = page_of(fragment) if place.startswith("/table/") else 0
        return self.page(f"{place}?page={page}{mark}{fragment}" if page else path)

    def short(self, node: str) -> str:
        """What a page shows for a node without a label."""
        return self._names.of(node, lambda it: name_of(self.served, it))


class LinksKept:
    """The links of the release that is served, by the language of the page and that of its links."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._release: Release | None = None
        self._kept: dict[tuple[str, str | None], Links] = {}

    def of(self, release: Release, language: str, spoken: str | None) -> Links:
        """Those of a page in `language`, whose links are in `spoken`."""
        with self._lock:
            if release is not self._release:
                self._release, self._kept = release, {}
            found = self._kept.get((language, spoken))
            if found is None:
                found = self._kept[language, spoken] = Links(release, spoken)
            return found
