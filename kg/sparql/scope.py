"""Which variables a query brings up, in the order in which it does (SPARQL 1.1 Query, section 18.2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from kg.errors import QueryError
from kg.sparql.language.tokens import Kind, Token, tokenize

_KEYWORDS: Final = (
    "SELECT", "DISTINCT", "REDUCED", "FROM", "WHERE", "GRAPH", "OPTIONAL", "UNION", "MINUS", "FILTER", "NOT", "EXISTS",
    "BIND", "VALUES", "SERVICE", "LATERAL", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET",
)  # fmt: skip
_WITH_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://", re.ASCII)
_TERMS: Final = ("A", "TRUE", "FALSE")
_DEPTH: Final = 60
_END: Final = Token(Kind.MARK, "", -1, -1)


def star_of(text: str) -> tuple[Token, tuple[str, ...]] | None:
    """The `*` after the outermost SELECT, and the columns that it stands for.

    None if there is none, if it stands for none, or if the query cannot be read with certainty.

    >>> star_of("SELECT * { ?z ^(<p>|<q>)* ?a OPTIONAL { ?z ?y ?x } FILTER(?w) }")[1]
    ('z', 'a', 'y', 'x')
    """
    try:
        star, names = _Scan(token for token in tokenize(text) if token.kind is not Kind.COMMENT).query()
    except (QueryError, _Doubt):
        return None
    return (star, names) if star is not None and names else None


class _Doubt(Exception):
    """The query is none, or may be read in another way."""


class _Scan:
    """Goes through the tokens of a query once."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._tokens = [*tokens, _END]
        self._place = self._depth = 0
        for token in self._tokens:
            _check(token)

    # --- tokens

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _take(self) -> Token:
        token = self._tokens[self._place]
        if token is _END:
            raise _Doubt
        self._place += 1
        return token

    def _took_word(self, *words: str) -> bool:
        is_there = self._next.is_word(*words)
        self._place += is_there
        return is_there

    def _took_mark(self, mark: str) -> bool:
        is_there = self._next.is_mark(mark)
        self._place += is_there
        return is_there

    def _expect(self, mark: str) -> None:
        if not self._took_mark(mark):
            raise _Doubt

    def _skip(self, opening: str, closing: str) -> None:
        """Pass over what stands in brackets."""
        self._expect(opening)
        depth = 1
        while depth:
            token = self._take()
            depth += token.is_mark(opening) - token.is_mark(closing)

    # --- what binds

    def query(self) -> tuple[Token | None, tuple[str, ...]]:
        """The star of the outermost SELECT, if it has one, and the columns."""
        while self._next.is_word("BASE", "PREFIX", "VERSION"):
            self._place += 3 if self._next.is_word("PREFIX") else 2
            if self._place >= len(self._tokens):
                raise _Doubt
        if not self._took_word("SELECT"):
            return None, ()
        names: dict[str, None] = {}
        star = self._select(names)
        if self._next is not _END:
            raise _Doubt
        return star, tuple(names)

    def _select(self, names: dict[str, None]) -> Token | None:
        """What follows SELECT, up to the end of the query or of the group that it stands in."""
        self._took_word("DISTINCT", "REDUCED")
        star = self._take() if self._next.is_mark("*") else None
        if star is None:
            self._head(names)
        while self._took_word("FROM"):
            self._took_word("NAMED")
            self._take()
        self._took_word("WHERE")
        inner = names if star is not None else {}
        self._group(inner)
        self._tail(is_star=star is not None)
        if self._took_word("VALUES"):
            self._values(inner)
        return star

    def _head(self, names: dict[str, None]) -> None:
        while not self._next.is_word("FROM", "WHERE") and not self._next.is_mark("{"):
            if self._next.kind is Kind.VARIABLE:
                names[self._take().text[1:]] = None
            else:
                self._named(names)

    def _named(self, names: dict[str, None]) -> None:
        """`( expression AS ?variable )`."""
        self._skip("(", ")")
        word, variable = self._tokens[self._place - 3 : self._place - 1]
        if not word.is_word("AS") or variable.kind is not Kind.VARIABLE:
            raise _Doubt
        names[variable.text[1:]] = None

    def _tail(self, *, is_star: bool) -> None:
        """The modifiers of the solutions; those that group leave no room for a star."""
        while self._next is not _END and not self._next.is_word("VALUES") and not self._next.is_mark("}"):
            if is_star and self._next.is_word("GROUP", "HAVING"):
                raise _Doubt
            if self._next.is_mark("{"):
                self._skip("{", "}")
            else:
                self._take()

    def _values(self, names: dict[str, None]) -> None:
        self._took_mark("(")
        while self._next.kind is Kind.VARIABLE:
            names[self._take().text[1:]] = None
        self._took_mark(")")
        self._skip("{", "}")

    def _group(self, names: dict[str, None]) -> None:
        self._expect("{")
        self._depth += 1
        if self._depth > _DEPTH:
            raise _Doubt
        if self._took_word("SELECT"):
            self._select(names)
            self._expect("}")
        else:
            while not self._took_mark("}"):
                self._element(names)
        self._depth -= 1

    def _element(self, names: dict[str, None]) -> None:
        token = self._next
        if token.is_mark("{") and not self._tokens[self._place + 1].is_mark("|"):
            self._group(names)
            while self._took_word("UNION"):
                self._group(names)
        elif token.kind is Kind.WORD and not token.is_word(*_TERMS):
            self._take()
            self._begun_by(token.text.upper(), names)
        else:
            self._triples(names)

    def _begun_by(self, word: str, names: dict[str, None]) -> None:
        match word:
            case "FILTER":
                self._constraint()
            case "BIND":
                self._named(names)
            case "MINUS":
                self._skip("{", "}")
            case "OPTIONAL":
                self._group(names)
            case "GRAPH" | "SERVICE":
                if word == "SERVICE":
                    self._took_word("SILENT")
                name = self._take()
                if name.kind is Kind.VARIABLE:
                    names[name.text[1:]] = None
                self._group(names)
            case "VALUES":
                self._values(names)
            case _:
                raise _Doubt

    def _constraint(self) -> None:
        if self._took_word("NOT") or self._next.is_word("EXISTS"):
            self._take()
            self._skip("{", "}")
            return
        if not self._next.is_mark("("):
            self._take()
        self._skip("(", ")")

    def _triples(self, names: dict[str, None]) -> None:
        """Terms and paths, up to what is none; an annotation, `{| |}`, is made of them as well."""
        while not self._next.is_mark("}"):
            token = self._next
            following = self._tokens[self._place + 1] if token is not _END else _END
            if token.kind is Kind.WORD and not token.is_word(*_TERMS):
                return
            if token.is_mark("{"):
                if not following.is_mark("|"):
                    return
                self._place += 2
            elif token.is_mark("|") and following.is_mark("}"):
                self._place += 2
            else:
                if token.kind is Kind.VARIABLE:
                    names[token.text[1:]] = None
                self._take()


def _check(token: Token) -> None:
    """The engine's own reader cuts some spellings in another way: `1<?x&&?y>2`, `FILTER:f(?x)`."""
    if token.kind is Kind.IRI:
        if ("?" in token.text or "$" in token.text) and not _WITH_SCHEME.match(token.text):
            raise _Doubt
    elif token.kind is Kind.NAME and token.text.partition(":")[0].upper().startswith(_KEYWORDS):
        raise _Doubt
