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

from kg.errors import QueryError

_TERMS: Final = "terms.json"
_STORE: Final = ("described", "store")
"""Where a release has its data with their description, beside its store."""
_BASE: Final = re.compile(r"\bbase\s*(?:#[^\n]*\n\s*)*<", re.IGNORECASE)


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
            return any(iri in self.terms for iri in _named(text, base))
        except QueryError:
            return False  # the engine will say what is wrong with it


def _is_parted(text: str) -> bool:
    """Whether a query may name an IRI that stands nowhere in its text: by an escape, without a scheme, or by a base.

    >>> [_is_parted(text) for text in ("ASK { ?s a <//e.org/a> }", "Base <http://e.org/> ASK {}", "ASK { ?base a 1 }")]
    [True, True, False]
    """
    return "\\" in text or "<//" in text or ("base" in text.lower() and _BASE.search(text) is not None)


def _named(text: str, base: str) -> Iterator[str | None]:
    """The IRIs that a query names, those of its prologue left out."""
    # Workers only open the store: what reads tokens would take them longer to load than all else that they do for it.
    from kg.sparql.language.naming import prologue_of
    from kg.sparql.language.tokens import Kind, tokenize

    tokens = [token for token in tokenize(text) if token.kind is not Kind.COMMENT]
    prologue = prologue_of(tokens, base)
    return map(prologue.iri, tokens[prologue.end :])
