"""On which page of its table a row is shown: so many rows on a page, by their places in the file."""

from __future__ import annotations

import re
from typing import Final

ROWS: Final = 50
"""Rows on a page."""
LAST_PAGE: Final = 10_000_000
"""The largest number of a page of rows; pages count from 0."""
_PLACE: Final = re.compile(r"(?:row|item)=([1-9][0-9]{0,15})")


def page_of(fragment: str) -> int:
    """The page of its table on which a row is shown, by the fragment of its IRI; 0 for what is no row.

    The numbers of the rows decide, not how many there are: an address tells the page without a look at the table.

    >>> page_of("row=6"), page_of("row=50"), page_of("row=51"), page_of("run")
    (0, 0, 1, 0)
    """
    found = _PLACE.fullmatch(fragment)
    return (int(found[1]) - 1) // ROWS if found else 0
