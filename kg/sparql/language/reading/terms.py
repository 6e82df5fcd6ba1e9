"""Terms out of the tokens of a query (SPARQL 1.1 Query, section 4.1; SPARQL 1.2 for triple terms and directions)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from kg.errors import QueryError, nearest
from kg.sparql.language.iris import resolve
from kg.sparql.language.reading.cursor import Cursor
from kg.sparql.language.syntax import BlankNode, Iri, Literal, Span, Term, TripleTerm, Variable
from kg.sparql.language.tokens import Kind, Source, Token
from kg.sparql.language.vocabulary import (
    BOOLEAN,
    DECIMAL,
    DIR_LANG_STRING,
    DOUBLE,
    INTEGER,
    LANG_STRING,
    NIL,
    STRING,
    TYPE,
)

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LOCAL_ESCAPE: Final = re.compile(r"\\(.)")
_LONG: Final = 6
"""Characters of the quotes around a long string."""
_TERMS: Final = (Kind.VARIABLE, Kind.IRI, Kind.NAME, Kind.BLANK, Kind.STRING, Kind.NUMBER)


class Terms(Cursor):
    """Reads one term after another."""

    def __init__(self, source: Source, base: str | None, tokens: Iterable[Token] | None = None) -> None:
        super().__init__(source, tokens)
        self.base = base
        self.prefixes: dict[str, str] = {}
        self._made = 0
        self._labels = {token.text[2:] for token in self._rest if token.kind is Kind.BLANK}

    # --- IRIs

    def at_iri(self) -> bool:
        """Whether an IRI comes next, in full or as a prefixed name."""
        return self.next.kind in (Kind.IRI, Kind.NAME)

    def iri(self) -> Iri:
        """`iri` (rule 136).

        :raises QueryError: also if a prefix is not declared
        """
        if not self.at_iri():
            raise self.wrong("an IRI is expected")
        token = self.take()
        at = Span(token.start, token.end)
        if token.kind is Kind.IRI:
            return Iri(resolve(token.text[1:-1], self.base), at)
        prefix, _, local = token.text.partition(":")
        start = self.prefixes.get(prefix)
        if start is None:
            raise self._undeclared(prefix, token)
        if "\\" in local:
            local = _LOCAL_ESCAPE.sub(r"\1", local)
        return Iri(start + local, at)

    def _undeclared(self, prefix: str, token: Token) -> QueryError:
        hint = nearest(prefix, self.prefixes) if prefix else None
        message = f"the prefix {prefix}: is not declared"
        return self.wrong(message, at=token.start, found=False, hint=hint or f"declare it: PREFIX {prefix}: <...>")

    def verb(self) -> Iri | Variable:
        """`VarOrIri` or `a` (rules 78 and 106)."""
        if self.next.kind is Kind.VARIABLE:
            return self.variable()
        return self.property()

    def property(self) -> Iri:
        """An IRI or `a`, in small."""
        if self.key == "A" and self.next.text == "a":
            token = self.take()
            return Iri(TYPE, Span(token.start, token.end))
        if not self.at_iri():
            raise self.wrong("a property is expected")
        return self.iri()

    def variable_or_iri(self) -> Iri | Variable:
        """`VarOrIri` (rule 107)."""
        if self.next.kind is Kind.VARIABLE:
            return self.variable()
        if not self.at_iri():
            raise self.wrong("a variable or an IRI is expected")
        return self.iri()

    # --- blank nodes

    def fresh(self, start: int) -> BlankNode:
        """A blank node whose label stands nowhere in the query."""
        while (label := f"b{self._made}") in self._labels:
            self._made += 1
        self._made += 1
        return BlankNode(label, Span(start, self.done))

    # --- literals

    def literal(self) -> Literal:
        """`RDFLiteral`, `NumericLiteral` or `BooleanLiteral` (rules 129, 130 and 134)."""
        if self.next.kind is Kind.STRING:
            return self._string_literal()
        if self.key in {"TRUE", "FALSE"}:
            token = self.take()
            return Literal(token.text.lower(), BOOLEAN, at=Span(token.start, token.end))
        return self.number()

    def at_number(self) -> bool:
        """Whether a number comes next, a sign before it touching it."""
        if self.key in {"+", "-"}:
            following = self._rest[-2]
            return following.kind is Kind.NUMBER and following.start == self.next.end
        return self.next.kind is Kind.NUMBER

    def number(self) -> Literal:
        """A number, perhaps with a sign that touches it."""
        if not self.at_number():
            raise self.wrong("a term is expected")
        start = self.next.start
        sign = self.take().text if self.key else ""
        digits = self.take().text
        datatype = DOUBLE if "e" in digits or "E" in digits else DECIMAL if "." in digits else INTEGER
        return Literal(sign + digits, datatype, at=self.span(start))

    def string(self) -> str:
        """`String` (rule 135): its text."""
        if self.next.kind is not Kind.STRING:
            raise self.wrong("a string is expected")
        text = self.take().text
        long = len(text) >= _LONG and text[:3] in {'"""', "'''"}
        text = text[3:-3] if long else text[1:-1]
        return _ESCAPE.sub(_character, text) if "\\" in text else text

    def _string_literal(self) -> Literal:
        start = self.next.start
        text = self.string()
        if self.next.kind is Kind.LANGUAGE:
            language, _, direction = self.take().text[1:].partition("--")
            datatype = DIR_LANG_STRING if direction else LANG_STRING
            return Literal(text, datatype, language, direction or None, self.span(start))
        if self.took("^^"):
            return Literal(text, self.iri().value, at=self.span(start))
        return Literal(text, STRING, at=self.span(start))

    # --- terms

    def at_term(self) -> bool:
        """Whether a term comes next that needs no triple of its own: no `[ ]`, collection or reified triple."""
        return self.next.kind in _TERMS or self.key in {"TRUE", "FALSE"} or self.at_number() or self.at_triple_term()

    def at_triple_term(self) -> bool:
        """Whether `<<(` comes next, in one piece."""
        return self.key == "<<" and self.second("(")

    def term(self) -> Term:
        """`VarOrTerm` (rule 106 and those of SPARQL 1.2), but for `[ ]` and `( )`."""
        kind = self.next.kind
        if kind is Kind.VARIABLE:
            return self.variable()
        if kind is Kind.IRI or kind is Kind.NAME:
            return self.iri()
        if kind is Kind.BLANK:
            token = self.take()
            return BlankNode(token.text[2:], Span(token.start, token.end))
        if self.at_triple_term():
            return self.triple_term()
        return self.literal()

    def triple_term(self, *, variables: bool = True, blank: bool = True) -> TripleTerm:
        """`<<( subject verb object )>>` (SPARQL 1.2), in a pattern, an expression or inline data."""
        start = self.take().start
        self.expect("(")
        self.enter()
        subject = self._subject(variables=variables, blank=blank)
        verb = self.verb() if variables else self.property()
        found = self._inner(variables=variables, blank=blank)
        if not self.second(">>"):
            raise self.wrong(")>> is expected")
        self.expect(")")
        self.expect(">>")
        self.leave()
        return TripleTerm(subject, verb, found, self.span(start))

    def _subject(self, *, variables: bool, blank: bool) -> Term:
        """In a pattern whatever is a term, in an expression a variable or an IRI, in inline data an IRI."""
        if blank:
            return self._inner(variables=variables, blank=blank)
        return self.variable_or_iri() if variables else self.iri()

    def _inner(self, *, variables: bool, blank: bool) -> Term:
        if self.key == "[" and blank:
            return self.anonymous()
        kind = self.next.kind
        if (kind is Kind.VARIABLE and not variables) or (kind is Kind.BLANK and not blank):
            raise self.wrong("a triple term at this place cannot hold this", found=False)
        if self.at_triple_term():
            return self.triple_term(variables=variables, blank=blank)
        return self.term()

    def anonymous(self) -> BlankNode:
        """`[]`."""
        start = self.take().start
        self.expect("]")
        return self.fresh(start)

    def nil(self) -> Iri:
        """`()`, the empty collection."""
        start = self.take().start
        self.expect(")")
        return Iri(NIL, self.span(start))


def _character(match: re.Match[str]) -> str:
    # Whatever else is written by its number is a character already.
    digits = match[1] or match[2]
    return chr(int(digits, 16)) if digits else _LETTERS.get(match[3], match[3])
