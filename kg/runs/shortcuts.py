"""Shortcuts on a claim: its words, its things, and who printed it where and when, one step away from it.

They are derived from what is known of claims, and stand in the same graph; nobody writes them. `zel:about` names the
subjects of the claim's own graph; `zel:quote`, `zel:quoteStart` and `zel:quoteEnd` are what the selectors of its
evidence say; `zel:publisher`, `zel:address` and `zel:published` are the publisher, the address and the date of the
document in which it is stated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from kg.rdf.rows import Property, subject_at
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
    """Takes lines of what is known of claims, and hands the shortcuts that follow from them to `write`.

    >>> made = []
    >>> shortcuts = Shortcuts("https://w3id.org/zellige/", made.append)
    >>> shortcuts(b"<urn:s> <urn:p> <urn:o> <https://w3id.org/zellige/claim/C1> .\\n")
    >>> made[0].split()[:3:2]
    [b'<https://w3id.org/zellige/claim/C1>', b'<urn:s>']
    """

    def __init__(self, base: str, write: Callable[[bytes], object]) -> None:
        self._write, mint = write, Minter(base)
        self._metadata = f"<{mint.graph('claims')}>".encode()
        claim = mint.claim("").encode()
        self._graph = re.compile(rb" (<" + re.escape(claim) + rb"[^>\n]*+>) \.\n")
        self._selector = re.compile(rb"<(" + re.escape(claim) + rb"[^>#\n]*+)#(?:quote|position)-[0-9]++>")
        self._of_selectors = [(_property(old), _named(new)) for old, new in OF_SELECTORS]
        self._of_documents = [(_property(old), _named(new)) for old, new in OF_DOCUMENTS]
        self._stated_in = _property("zel:statedIn")
        self._claims: dict[bytes, list[bytes]] = {}
        """The claims that are stated in each document."""
        self._printed: dict[bytes, list[tuple[bytes, bytes]]] = {}
        """The shortcuts that each document gives to its claims."""

    def __call__(self, block: bytes) -> None:
        """Take some whole lines."""
        about = dict.fromkeys((found[1], subject_at(block, found.start())) for found in self._graph.finditer(block))
        made = [self._line(claim, _ABOUT, thing) for claim, thing in about]
        for of, link in self._of_selectors:
            for node, value in self._known(of, block):
                selector = self._selector.fullmatch(node)
                if selector is not None:
                    made.append(self._line(b"<" + selector[1] + b">", link, value))
        for claim, document in self._known(self._stated_in, block):
            self._claims.setdefault(document, []).append(claim)
        for of, link in self._of_documents:
            for document, value in self._known(of, block):
                self._printed.setdefault(document, []).append((link, value))
        if made:
            self._write(b"".join(made))

    def close(self) -> None:
        """Hand on what follows from claims and documents together, once all lines have come."""
        for document, claims in self._claims.items():
            for link, value in self._printed.get(document, ()):
                self._write(b"".join([self._line(claim, link, value) for claim in claims]))
        self._claims, self._printed = {}, {}

    def _known(self, of: Property, block: bytes) -> Iterator[tuple[bytes, bytes]]:
        """The subjects and values of a property, in the graph of what is known of claims."""
        return ((row[0], row[2]) for row in of.rows(block) if row[3] == self._metadata)

    def _line(self, claim: bytes, link: bytes, value: bytes) -> bytes:
        return b"%s %s %s %s .\n" % (claim, link, value, self._metadata)


def _named(name: str) -> bytes:
    return f"<{expand(name)}>".encode()


def _property(name: str) -> Property:
    return Property(_named(name))
