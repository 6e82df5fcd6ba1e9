"""The IRIs that a query names, by its tokens: for those who ask before it is read, or whether it can be read or not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.sparql.language.iris import resolve
from kg.sparql.language.tokens import Kind, Token

_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Prologue:
    """What a query declares before its form (SPARQL 1.1 Query, section 4.1.1)."""

    prefixes: Mapping[str, str]
    """As resolved."""
    base: str
    end: int
    """How many tokens it has."""

    def iri(self, token: Token) -> str | None:
        """The IRI that a token behind the prologue names; None for any other token, and for an undeclared prefix."""
        if token.kind is Kind.IRI:
            return resolve(token.text[1:-1], self.base)
        prefix, _, local = token.text.partition(":")
        if token.kind is not Kind.NAME or prefix not in self.prefixes:
            return None
        return self.prefixes[prefix] + _ESCAPED.sub(r"\1", local)


def prologue_of(tokens: Sequence[Token], base: str) -> Prologue:
    """The prologue of a query, given as tokens without comments, as far as it can be read.

    >>> from kg.sparql.language.tokens import tokenize
    >>> tokens = [*tokenize("BASE <http://e/a> PREFIX v: <v#> ASK { v:s a <b> }")]
    >>> found = prologue_of(tokens, "")
    >>> [found.iri(token) for token in tokens[found.end :]]
    [None, None, 'http://e/v#s', None, 'http://e/b', None]
    """
    prefixes: dict[str, str] = {}
    place = 0
    while place < len(tokens):
        word, rest = tokens[place], tokens[place + 1 : place + 3]
        if word.is_word("BASE") and rest and rest[0].kind is Kind.IRI:
            base = resolve(rest[0].text[1:-1], base)
        elif word.is_word("PREFIX") and len(rest) > 1 and rest[1].kind is Kind.IRI:
            prefixes[rest[0].text[:-1]] = resolve(rest[1].text[1:-1], base)
        elif not word.is_word("VERSION"):
            break
        place += 3 if word.is_word("PREFIX") else 2
    return Prologue(prefixes, base, min(place, len(tokens)))
