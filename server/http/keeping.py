"""Which answers may be kept."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = ("now", "rand", "uuid", "bnode", "service")
_CHANGING: Final = re.compile(rf"(?:{'|'.join(_WORDS)})\b")


def keeps(text: str) -> bool:
    """Whether the answer to a query is the same each time, as far as its words tell.

    >>> keeps("SELECT * { ?s ?p ?o }"), keeps("SELECT (now() AS ?t) {}")
    (True, False)
    """
    folded = text.casefold()
    return not any(word in folded for word in _WORDS) or _CHANGING.search(folded) is None
