"""Which queries give the same rows for all focus nodes at once as for one after the other.

A query with a variable bound before it runs (SHACL, appendix A on pre-binding) is another one than the query that
leaves it open: a filter in an inner group does not see what the outer one binds, a limit counts other rows, a path of
no length begins anywhere. So only the plain form is run once for all: a group that begins with a triple of `$this`, and
has beside triples and filters nothing but `EXISTS` with one triple in it. Its rows may be put into groups where `$this`
tells these apart: then the groups of a node are the same among those of all as by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kg.sparql.language.tokens import Kind, Token

_OTHER_ROWS: Final = ("UNION", "SELECT", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "GRAPH", "OPTIONAL", "BIND")
_ANY_ORDER: Final = ("SAMPLE", "GROUP_CONCAT")
"""Aggregates whose value is another one if the rows of a group come in another order."""
_TERMS: Final = (Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.BLANK, Kind.STRING, Kind.NUMBER, Kind.LANGUAGE)
_TRIPLE: Final = 3


def is_free(tokens: Sequence[Token]) -> bool:
    """Whether a query may be run with `$this` open.

    >>> from kg.sparql.language.tokens import tokenize
    >>> [is_free(list(tokenize(text))) for text in (
    ...     "SELECT $this ?v WHERE { $this <p> ?v FILTER NOT EXISTS { $this <q> ?w } }",
    ...     "SELECT $this WHERE { { FILTER ($this = <a>) } }",
    ...     "SELECT $this (COUNT(?v) AS ?n) WHERE { $this <p> ?v }",
    ...     "SELECT $this (COUNT(?v) AS ?n) WHERE { $this <p> ?v } GROUP BY $this HAVING (COUNT(?v) > 1)",
    ...     "SELECT $this ?v WHERE { $this <p>* ?v }",
    ... )]
    [True, False, False, True, False]
    """
    start = next((place for place, token in enumerate(tokens) if token.is_mark("{")), len(tokens))
    head, (body, after) = tokens[:start], _parted(tokens[start + 1 :])
    if len(body) < _TRIPLE or not _is_this(body[0]) or not _is_predicate(body[1]) or not _is_plain(body):
        return False
    return _is_by_this(head, after) if after else not any(token.is_mark("(") for token in head)


def _parted(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """What stands in a group that is open, and what after it."""
    depth = 1
    for place, token in enumerate(tokens):
        depth += token.is_mark("{") - token.is_mark("}")
        if depth == 0:
            return tokens[:place], tokens[place + 1 :]
    return tokens, ()


def _is_this(token: Token) -> bool:
    return token.kind is Kind.VARIABLE and token.text[1:] == "this"


def _is_predicate(token: Token) -> bool:
    return token.kind in {Kind.IRI, Kind.NAME} or token.is_word("A") or token.text in {"(", "^", "$PATH"}


def _is_by_this(head: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether rows are put into groups by variables, `$this` among them, and nothing else is done with them."""
    end = next((place for place, token in enumerate(after) if token.is_word("HAVING")), len(after))
    by, having = after[:end], after[end + 1 :]
    if len(by) < _TRIPLE or not by[0].is_word("GROUP") or any(token.is_word(*_ANY_ORDER) for token in head):
        return False
    if any(token.kind is not Kind.VARIABLE for token in by[2:]) or not any(map(_is_this, by[2:])):
        return False
    return not any(token.is_mark("{") or token.is_word(*_OTHER_ROWS, *_ANY_ORDER) for token in having)


def _is_plain(body: Sequence[Token]) -> bool:
    opened = None
    for place, token in enumerate(body):
        if token.is_word(*_OTHER_ROWS) or token.text in {"*", "?"}:
            return False
        if token.is_mark("{"):
            if opened is not None or not body[place - 1].is_word("EXISTS"):
                return False
            opened = place
        elif token.is_mark("}"):
            if opened is None or not _is_one_triple(body[opened + 1 : place]):
                return False
            opened = None
    return True


def _is_one_triple(tokens: Sequence[Token]) -> bool:
    """More than one triple within `EXISTS` is also what Oxigraph evaluates again and again."""
    said = [token for token in tokens if not token.is_mark(".")]
    return len(said) == _TRIPLE and all(token.kind in _TERMS or token.is_word("A") for token in said)
