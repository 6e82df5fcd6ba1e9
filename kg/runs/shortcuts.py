"""Shortcuts on a claim: its words, its things, and who printed it where and when, one step away from it.

They are derived from what is known of claims, and stand in the same graph; nobody writes them. `zel:about` names the
subjects of the claim's own graph; `zel:quote`, `zel:quoteStart` and `zel:quoteEnd` are what the selectors of its
evidence say; `zel:publisher`, `zel:address` and `zel:published` are the publisher, the address and the date of the
document in which it is stated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from kg.rdf.rows import Row
from kg.terms import ZEL, Minter, expand

OF_SELECTORS: Final = (("oa:exact", "zel:quote"), ("oa:start", "zel:quoteStart"), ("oa:end", "zel:quoteEnd"))
"""Properties of selectors, and the shortcuts that say the same of their claim."""
OF_DOCUMENTS: Final = (
    ("dct:publisher", "zel:publisher"),
    ("schema:url", "zel:address"),
    ("dct:issued", "zel:published"),
)
"""Likewise of documents."""
_ABOUT: Final = f"<{ZEL}about>".encode()


class Shortcuts:
    """Takes rows of what is known of claims, and hands the shortcuts that follow from them to `write`.

    >>> made = []
    >>> shortcuts = Shortcuts("https://w3id.org/zellige/", made.append)
    >>> shortcuts([(b"<urn:s>", b"<urn:p>", b"<urn:o>", b"<https://w3id.org/zellige/claim/C1>")])
    >>> made[0].split()[:3:2]
    [b'<https://w3id.org/zellige/claim/C1>', b'<urn:s>']
    """

    def __init__(self, base: str, write: Callable[[bytes], object]) -> None:
        self._write, mint = write, Minter(base)
        self._metadata = f"<{mint.graph('claims')}>".encode()
        claim = mint.claim("").encode()
        self._claim = b"<" + claim
        self._selector = re.compile(rb"<(" + re.escape(claim) + rb"[^>#\n]*+)#(?:quote|position)-[0-9]++>")
        self._of_selectors = {_named(old): _named(new) for old, new in OF_SELECTORS}
        self._of_documents = {_named(old): _named(new) for old, new in OF_DOCUMENTS}
        self._stated_in = _named("zel:statedIn")
        self._known = frozenset((*self._of_selectors, *self._of_documents, self._stated_in))
        self._claims: dict[bytes, list[bytes]] = {}
        """The claims that are stated in each document."""
        self._printed: dict[bytes, list[tuple[bytes, bytes]]] = {}
        """The shortcuts that each document gives to its claims."""

    def __call__(self, rows: Sequence[Row]) -> None:
        """Take some rows."""
        beginning, metadata, known = self._claim, self._metadata, self._known
        about = dict.fromkeys([(row[3], row[0]) for row in rows if row[3].startswith(beginning)])
        made = [self._line(claim, _ABOUT, thing) for claim, thing in about]
        for subject, predicate, value, _ in [row for row in rows if row[1] in known and row[3] == metadata]:
            if predicate == self._stated_in:
                self._claims.setdefault(value, []).append(subject)
            elif predicate in self._of_documents:
                self._printed.setdefault(subject, []).append((self._of_documents[predicate], value))
            elif (selector := self._selector.fullmatch(subject)) is not None:
                made.append(self._line(b"<" + selector[1] + b">", self._of_selectors[predicate], value))
        if made:
            self._write(b"".join(made))

    def close(self) -> None:
        """Hand on what follows from claims and documents together, once all lines have come."""
        for document, claims in self._claims.items():
            for link, value in self._printed.get(document, ()):
                self._write(b"".join([self._line(claim, link, value) for claim in claims]))
        self._claims, self._printed = {}, {}

    def _line(self, claim: bytes, link: bytes, value: bytes) -> bytes:
        return b"%s %s %s %s .\n" % (claim, link, value, self._metadata)


def _named(name: str) -> bytes:
    return f"<{expand(name)}>".encode()
