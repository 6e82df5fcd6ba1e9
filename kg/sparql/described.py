"""Which queries ask about the dataset: they are answered over the data with its description in the default graph.

The facts of a release stay what they are for every other query, whatever it counts. A query asks about the dataset
if it names a term of the description that the data do not use (`described/terms.json` of the release has them), and
leaves the choice of graphs to the endpoint.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from kg.errors import QueryError
from kg.sparql.language.tokens import Kind, Token, tokenize

_TERMS: Final = "terms.json"
_STORE: Final = ("described", "store")
"""Where a release has its data with their description, beside its store."""
_BASE: Final = re.compile(r"\bbase\s*(?:#[^\n]*\n\s*)*<", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\(.)")


def described_store(store: Path) -> Path:
    """The store that says what this one says and the description too; it need not be there."""
    return store.parent.joinpath(*_STORE)


@dataclass(frozen=True, slots=True)
class Described:
    """The terms that lead to the description of a release; none where it has no description beside its store."""

    terms: frozenset[str] = frozenset()
    namespaces: tuple[str, ...] = ()
    """What their IRIs begin with: a query that has none of these in its text names none of them."""

    @classmethod
    def beside(cls, store: Path) -> Described:
        """What lies beside a store."""
        try:
            terms = frozenset(map(str, json.loads(described_store(store).with_name(_TERMS).read_bytes())))
        except (OSError, ValueError, TypeError):
            return cls()
        return cls(terms, tuple(sorted({term[: max(term.rfind("#"), term.rfind("/")) + 1] for term in terms})))

    def is_named_in(self, text: str, base: str = "") -> bool:
        """Whether a query, whose escapes are resolved, names one of the terms; `base` is what it is resolved against.

        >>> known = Described(frozenset({"http://e.org/v#class"}), ("http://e.org/v#",))
        >>> asked = "PREFIX v: <http://e.org/v#> SELECT * { ?part v:class ?class }"
        >>> known.is_named_in(asked), known.is_named_in(asked.replace("v:class", "a"))
        (True, False)
        """
        if not self.terms:
            return False
        if not any(namespace in text for namespace in self.namespaces) and not _is_parted(text):
            return False
        try:
            return any(iri in self.terms for iri in _named(tokenize(text), base))
        except QueryError:
            return False  # the engine will say what is wrong with it


def _is_parted(text: str) -> bool:
    """Whether a query may name an IRI that stands nowhere in its text: by an escape, without a scheme, or by a base.

    >>> [_is_parted(text) for text in ("ASK { ?s a <//e.org/a> }", "Base <http://e.org/> ASK {}", "ASK { ?base a 1 }")]
    [True, True, False]
    """
    return "\\" in text or "<//" in text or ("base" in text.lower() and _BASE.search(text) is not None)


def _resolved(iri: str, base: str) -> str:
    """An IRI, against a base where it is relative; a fragment stays, also an empty one.

    >>> _resolved("v#", "http://e.org/a"), _resolved("urn:a#", "http://e.org/a")
    ('http://e.org/v#', 'urn:a#')
    """
    return iri if ":" in iri.partition("/")[0] else urljoin(base, iri) + ("#" if iri.endswith("#") else "")


def _named(tokens: Iterator[Token], base: str) -> Iterator[str]:
    """The IRIs that a query names, those of its prologue left out."""
    prefixes: dict[str, str] = {}
    declared: str | None = None
    for token in tokens:
        if token.is_word("PREFIX", "BASE"):
            declared = ""
        elif token.kind is Kind.NAME and declared is not None:
            declared = token.text
        elif token.kind is Kind.IRI:
            iri = _resolved(token.text[1:-1], base)
            if declared is None:
                yield iri
            elif declared:
                prefixes[declared[:-1]] = iri
            else:
                base = iri
            declared = None
        elif token.kind is Kind.NAME:
            prefix, _, local = token.text.partition(":")
            yield prefixes.get(prefix, "") + _ESCAPED.sub(r"\1", local)
