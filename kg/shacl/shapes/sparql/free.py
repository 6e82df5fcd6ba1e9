"""Which queries give the same rows for all focus nodes at once as for one after the other.

A query with a variable bound before it runs (SHACL, appendix A on pre-binding) is another one than the query that
leaves it open: a filter in an inner group does not see what the outer one binds, a limit counts other rows, a path of
no length begins anywhere. So only the plain form is run once for all: a group that begins with a triple of `$this`, and
has beside triples and filters nothing but `EXISTS` with one triple in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.sparql.language.tokens import Kind, Token

_OTHER_ROWS: Final = ("UNION", "SELECT", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "GRAPH", "OPTIONAL", "BIND")
_TERMS: Final = (Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.BLANK, Kind.STRING, Kind.NUMBER, Kind.LANGUAGE)
_TRIPLE: Final = 3


def is_free(tokens: Sequence[Token]) -> bool:
    """Whether a query may be run with `$this` open.

    >>> from kg.sparql.language.tokens import tokenize
    >>> [is_free(list(tokenize(text))) for text in (
    ...     "SELECT $this ?v WHERE { $this <p> ?v FILTER NOT EXISTS { $this <q> ?w } }",
    ...     "SELECT $this WHERE { { FILTER ($this = <a>) } }",
    ...     "SELECT $this (COUNT(?v) AS ?n) WHERE { $this <p> ?v }",
    ...     "SELECT $this ?v WHERE { $this <p>* ?v }",
    ... )]
    [True, False, False, False]
    """
    start = next((place for place, token in enumerate(tokens) if token.is_mark("{")), len(tokens))
    head, body = tokens[:start], tokens[start + 1 :]
    if any(token.is_mark("(") for token in head) or len(body) <= _TRIPLE or body[0].text[1:] != "this":
        return False
    if body[0].kind is not Kind.VARIABLE or not _is_predicate(body[1]):
        return False
    return _is_plain(body)


def _is_predicate(token: Token) -> bool:
    return token.kind in {Kind.IRI, Kind.NAME} or token.is_word("A") or token.text in {"(", "^", "$PATH"}


def _is_plain(body: Sequence[Token]) -> bool:
    depth, opened = 1, 0
    for place, token in enumerate(body):
        if token.is_word(*_OTHER_ROWS) or token.text in {"*", "?"}:
            return False
        if token.is_mark("{"):
            if depth > 1 or not body[place - 1].is_word("EXISTS"):
                return False
            depth, opened = 2, place
        elif token.is_mark("}"):
            if depth > 1 and not _is_one_triple(body[opened + 1 : place]):
                return False
            depth -= 1
        elif depth == 0:
            return False
    return True


def _is_one_triple(tokens: Sequence[Token]) -> bool:
    """More than one triple within `EXISTS` is also what Oxigraph evaluates again and again."""
    said = [token for token in tokens if not token.is_mark(".")]
    return len(said) == _TRIPLE and all(token.kind in _TERMS or token.is_word("A") for token in said)
