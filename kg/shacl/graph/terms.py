"""Terms as integers: each term of a data graph, in its N-Triples form, has one number.

The form is the canonical one that Oxigraph writes (N-Triples, section 4): `xsd:string` is not written out, language
tags are in lower case, and characters are escaped only where they must be. So two spellings of a term are one number.
Terms of RDF 1.2 have forms too: `<<( <urn:s> <urn:p> "o" )>>` and `"text"@ar--rtl`; who may meet them is for others to
say (`kg.shacl.engine`), for whom the first of them is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.shacl.graph.xsd import DIR_LANG_STRING, LANG_STRING, STRING, Parts, Value, value_of

Term = NamedNode | BlankNode | Literal | Triple
_TRIPLE: Final = b"<<("
SPLIT: Final = 1 << 18
"""Literals whose parts are remembered: about 200 bytes each."""
_DIRECTIONS: Final = {"ltr": BaseDirection.LTR, "rtl": BaseDirection.RTL}


class Terms:
    """A table of terms: numbers from forms and forms from numbers.

    >>> terms = Terms()
    >>> number = terms.number(b'"a"@fr')
    >>> terms.number(b'"a"@fr') == number, terms.parts(number), terms.is_literal(number)
    (True, ('a', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString', 'fr'), True)
    """

    def __init__(self) -> None:
        self.forms: list[bytes] = []
        """The form of each number; empty where a number was withdrawn."""
        self.numbers = _Numbers(self.forms)
        """The number of each form, and of other spellings that were met."""
        self.beyond: bytes | None = None
        """The first form that was met and is no term of RDF 1.1."""
        self._parts: dict[int, Parts] = {}
        self._endings: dict[bytes, tuple[str, str | None]] = {}
        self._by_value: dict[bytes, dict[Value, int]] = {}

    def number(self, form: bytes) -> int:
        """The number of a term, given now if it has none."""
        return self.numbers[form]

    def numbered(self, forms: Iterable[bytes]) -> list[int]:
        """The numbers of many terms."""
        return list(map(self.numbers.__getitem__, forms))

    def alias(self, spelling: bytes, form: bytes) -> None:
        """Let another spelling of a term have its number."""
        self._look_at(form)
        self.numbers[spelling] = self.number(form)

    def withdraw(self, number: int) -> bytes:
        """Take back a number that was given last for what is no form of a term, and was used nowhere; its spelling."""
        spelling = self.numbers.spelling(self.forms[number])
        del self.numbers[spelling]
        self.forms[number] = b""
        return spelling

    def keep_apart(self, word: str) -> None:
        """From now on let the labels of blank nodes be those of another file, which has this word, or of none.

        The word has no `-`, and stands before the labels with one after it.
        """
        self.numbers.keep_apart(word.encode())

    def of(self, term: object) -> int:
        """The number of a term of Oxigraph's; a triple term names the same blank nodes as the statements beside it."""
        if isinstance(term, Triple):
            parts = tuple(self.forms[self.of(part)] for part in (term.subject, term.predicate, term.object))
            wanted = _triple(*parts)
        else:
            wanted = form(term)
        self._look_at(wanted)
        return self.number(wanted)

    def _look_at(self, form: bytes) -> None:
        if self.beyond is None and is_beyond(form):
            self.beyond = form

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
        value = value_of(self._split(wanted))
        found = None if value is None else self._of_value(ending(wanted)).get(value)
        return self.number(wanted) if found is None else found

    def _of_value(self, kind: bytes) -> dict[Value, int]:
        """The first literal of each value among those that end alike, in datatype or language."""
        found = self._by_value.get(kind)
        if found is None:
            found = self._by_value[kind] = {}
            closing = b'"' + kind  # nothing but a literal has a quote, and its ending has none
            datatype, language = _ending(kind.decode())
            for number in [number for number, known in enumerate(self.forms) if known.endswith(closing)]:
                known = self.forms[number]
                value = value_of((_text(known, len(known) - len(closing)), datatype, language))
                if value is not None:
                    found.setdefault(value, number)
        return found

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
        form = self.forms[number]
        if form.startswith(b'"'):
            return _text(form, form.rindex(b'"'))
        return form[1:-1].decode() if self.is_iri(number) else form.decode()

    def triple(self, subject: int, predicate: int, value: int) -> int | None:
        """The number of a triple term, if the table has it (RDF 1.2 Concepts, section 3.1)."""
        forms = self.forms
        return self.numbers.get(_triple(forms[subject], forms[predicate], forms[value]))

    def parts(self, number: int) -> Parts:
        """The text, datatype and language of a literal."""
        found = self._parts.get(number)
        if found is None:
            if len(self._parts) >= SPLIT:
                self._parts.clear()
            found = self._parts[number] = self._split(self.forms[number])
        return found

    def _split(self, form: bytes) -> Parts:
        end = form.rindex(b'"')
        tail = form[end + 1 :]
        known = self._endings.get(tail)
        if known is None:
            known = self._endings[tail] = _ending(tail.decode())
        return _text(form, end), *known

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
        if not language:
            return Literal(text, datatype=NamedNode(datatype))
        direction = ending(self.forms[number]).decode().partition("--")[2]
        return Literal(text, language=language, direction=_DIRECTIONS.get(direction))


class _Numbers(dict[bytes, int]):
    """Numbers of terms by their forms; a new one is given when asked for."""

    def __init__(self, forms: list[bytes]) -> None:
        super().__init__()
        self._forms = forms
        self._mark = b""
        self._labels: list[bytes] = []

    def __missing__(self, form: bytes) -> int:
        number = self[form] = len(self._forms)
        if self._mark and form.startswith(b"_"):
            self._labels.append(form)
            form = self._mark + form[2:]
        self._forms.append(form)
        return number

    def spelling(self, form: bytes) -> bytes:
        """How the file that is being read spells a new form."""
        return b"_:" + form.removeprefix(self._mark) if self._mark and form.startswith(b"_") else form

    def keep_apart(self, word: bytes) -> None:
        for label in self._labels:
            self.pop(label, None)
        self._labels.clear()
        self._mark = b"_:%b-" % word if word else b""


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
            return _triple(form(term.subject), form(term.predicate), form(term.object))
    raise TypeError(f"not a term: {term!r}")


def _triple(subject: bytes, predicate: bytes, value: bytes) -> bytes:
    return b"<<( %b %b %b )>>" % (subject, predicate, value)


def is_beyond(form: bytes) -> bool:
    """Whether a form is of no term of RDF 1.1, but of a triple term, or a literal with a direction.

    >>> is_beyond(b'"a--"@ar'), is_beyond(b'"a"@ar--rtl')
    (False, True)
    """
    return form.startswith(_TRIPLE) or (form.startswith(b'"') and b"--" in ending(form).partition(b"^^")[0])


def ending(literal: bytes) -> bytes:
    """What follows the text of a literal: nothing, its language or its datatype.

    >>> ending(b'"a"@fr'), ending(b'"a"'), ending(b'"1"^^<urn:d>')
    (b'@fr', b'', b'^^<urn:d>')
    """
    return literal[literal.rindex(b'"') + 1 :]


def _ending(tail: str) -> tuple[str, str | None]:
    """Datatype and language of literals that end so."""
    if tail.startswith("@"):
        language, dashes, _ = tail[1:].partition("--")
        return DIR_LANG_STRING if dashes else LANG_STRING, language
    return tail[3:-1] if tail else STRING, None


def _text(literal: bytes, end: int) -> str:
    text = literal[1:end].decode()
    if "\\" not in text:
        return text
    quotes = text.count('\\"')
    return text.replace('\\"', '"') if quotes == text.count("\\") else _unescaped(text)


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
