"""Terms as integers: each term of a data graph, in its N-Triples form, has one number.

The form is the canonical one that Oxigraph writes (N-Triples, section 4): `xsd:string` is not written out, language
tags are in lower case, and characters are escaped only where they must be. So two spellings of a term are one number.
Terms of RDF 1.2 have forms too: `<<( <urn:s> <urn:p> "o" )>>` and `"text"@ar--rtl`; who may meet them is for others to
say (`kg.shacl.engine`).
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.shacl.graph.xsd import DIR_LANG_STRING, LANG_STRING, STRING, Parts, Value, value_of

Term = NamedNode | BlankNode | Literal | Triple
_TRIPLE: Final = b"<<("
_DIRECTIONS: Final = {"ltr": BaseDirection.LTR, "rtl": BaseDirection.RTL}


class Terms:
    """A table of terms: numbers from forms and forms from numbers.

    >>> terms = Terms()
    >>> number = terms.number(b'"a"@fr')
    >>> terms.number(b'"a"@fr') == number, terms.parts(number), terms.is_literal(number)
    (True, ('a', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', 'fr'), True)
    """

    def __init__(self) -> None:
        self.numbers: dict[bytes, int] = {}
        self.forms: list[bytes] = []
        self._parts: dict[int, Parts] = {}
        self._by_value: dict[tuple[str, Value | None], int] = {}

    def number(self, form: bytes) -> int:
        """The number of a term, given now if it has none."""
        found = self.numbers.get(form)
        if found is None:
            found = self.numbers[form] = len(self.forms)
            self.forms.append(form)
        return found

    def of(self, term: object) -> int:
        """The number of a term of Oxigraph's."""
        return self.number(form(term))

    def iri(self, iri: str) -> int:
        """The number of an IRI."""
        return self.number(f"<{iri}>".encode())

    def spelled(self, term: object) -> int:
        """The number of a term that a store gave back, which keeps values of numbers and dates and not their spellings.

        It is the term of the graph that has this value, the first one if there are several.
        """
        wanted = form(term)
        if wanted in self.numbers or not wanted.startswith(b'"'):
            return self.number(wanted)
        if not self._by_value:
            for number, known in enumerate(self.forms):
                if known.startswith(b'"') and (value := value_of(self.parts(number))) is not None:
                    self._by_value.setdefault((self.parts(number)[1], value), number)
        parts = _split(wanted.decode())
        found = self._by_value.get((parts[1], value_of(parts)))
        return self.number(wanted) if found is None else found

    def is_literal(self, number: int) -> bool:
        return self.forms[number].startswith(b'"')

    def is_iri(self, number: int) -> bool:
        return self.forms[number].startswith(b"<") and not self.is_triple(number)

    def is_blank(self, number: int) -> bool:
        return self.forms[number].startswith(b"_")

    def is_triple(self, number: int) -> bool:
        return self.forms[number].startswith(_TRIPLE)

    def has_text(self, number: int) -> bool:
        """Whether SPARQL's `str` gives something: of literals and IRIs."""
        return self.is_literal(number) or self.is_iri(number)

    def value(self, number: int) -> str:
        """The text of a literal, or an IRI (what SPARQL's `str` gives); of a blank node its label."""
        return self.parts(number)[0] if self.is_literal(number) else self.text(number)

    def tag(self, number: int) -> str | None:
        """The language of a literal with its direction, if it has one: `ar` or `ar--rtl`."""
        tail = self.forms[number].rpartition(b'"')[2]
        return tail[1:].decode() if tail.startswith(b"@") and self.is_literal(number) else None

    def triple(self, subject: int, predicate: int, value: int) -> int | None:
        """The number of a triple term, if the table has it (RDF 1.2 Concepts, section 3.1)."""
        forms = self.forms
        return self.numbers.get(b"<<( %b %b %b )>>" % (forms[subject], forms[predicate], forms[value]))

    def parts(self, number: int) -> Parts:
        """The text, datatype and language of a literal."""
        found = self._parts.get(number)
        if found is None:
            found = self._parts[number] = _split(self.forms[number].decode())
        return found

    def text(self, number: int) -> str:
        """The term as a report holds it: an IRI is plain, a blank node begins with `_:`, a literal is N-Triples, and
        a triple term begins with `<<(`.
        """
        form = self.forms[number].decode()
        return form[1:-1] if self.is_iri(number) else form

    def term(self, number: int) -> Term:
        """The term as Oxigraph has it."""
        form = self.forms[number].decode()
        if self.is_triple(number):
            triple: Term = next(iter(parse(f"_:s <urn:p> {form} .", format=RdfFormat.N_TRIPLES))).object
            return triple
        if form.startswith("<"):
            return NamedNode(form[1:-1])
        if form.startswith("_"):
            return BlankNode(form[2:])
        text, datatype, language = self.parts(number)
        if language is None:
            return Literal(text, datatype=NamedNode(datatype))
        direction = (self.tag(number) or "").partition("--")[2]
        return Literal(text, language=language, direction=_DIRECTIONS.get(direction))


def form(term: object) -> bytes:
    """The form of a term of Oxigraph's.

    >>> form(Literal("a", datatype=NamedNode(STRING)))
    b'"a"'
    >>> form(Triple(NamedNode("urn:s"), NamedNode("urn:p"), Literal("o")))
    b'<<( <urn:s> <urn:p> "o" )>>'
    """
    match term:
        case NamedNode():
            return f"<{term.value}>".encode()
        case BlankNode() | Literal():
            return str(term).encode()
        case Triple():
            return b"<<( %b %b %b )>>" % (form(term.subject), form(term.predicate), form(term.object))
    raise TypeError(f"not a term: {term!r}")


def is_beyond(term: object) -> bool:
    """Whether a term is none of RDF 1.1: a triple term, or a literal with a direction.

    >>> is_beyond(Literal("a", language="ar")), is_beyond(Literal("a", language="ar", direction=BaseDirection.RTL))
    (False, True)
    """
    return isinstance(term, Triple) or (isinstance(term, Literal) and term.direction is not None)


def _split(text: str) -> Parts:
    end = text.rindex('"')
    tail = text[end + 1 :]
    value = text[1:end]
    if "\\" in value:
        value = _unescaped(value)
    if tail.startswith("@"):
        language, dashes, _ = tail[1:].partition("--")
        return value, DIR_LANG_STRING if dashes else LANG_STRING, language
    return value, tail[3:-1] if tail else STRING, None


_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def _unescaped(text: str) -> str:
    pieces: list[str] = []
    at = 0
    while (found := text.find("\\", at)) >= 0:
        pieces.append(text[at:found])
        sign = text[found + 1]
        if sign in "uU":
            end = found + (6 if sign == "u" else 10)
            pieces.append(chr(int(text[found + 2 : end], 16)))
            at = end
        else:
            pieces.append(_ESCAPED[sign])
            at = found + 2
    pieces.append(text[at:])
    return "".join(pieces)
