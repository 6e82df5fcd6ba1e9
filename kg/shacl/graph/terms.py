"""Terms as integers: each term of a data graph, in its N-Triples form, has one number.

The form is the canonical one that Oxigraph writes (N-Triples, section 4): `xsd:string` is not written out, language
tags are in lower case, and characters are escaped only where they must be. So two spellings of a term are one number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import DataError
from kg.shacl.graph.xsd import LANG_STRING, STRING, Parts, Value, value_of

Term = NamedNode | BlankNode | Literal


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
        """The number of a term of Oxigraph's.

        :raises DataError: if it is beyond RDF 1.1
        """
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
        value = value_of(self._split(wanted))
        found = None if value is None else self._of_value(ending(wanted)).get(value)
        return self.number(wanted) if found is None else found

    def _of_value(self, kind: bytes) -> dict[Value, int]:
        """The first literal of each value among those that end alike, in datatype or language."""
        found = self._by_value.get(kind)
        if found is None:
            found = self._by_value[kind] = {}
            for number, known in enumerate(self.forms):
                if known.endswith(kind) and known.startswith(b'"') and ending(known) == kind:
                    value = value_of(self._split(known))
                    if value is not None:
                        found.setdefault(value, number)
        return found

    def is_literal(self, number: int) -> bool:
        return self.forms[number].startswith(b'"')

    def is_iri(self, number: int) -> bool:
        return self.forms[number].startswith(b"<")

    def is_blank(self, number: int) -> bool:
        return self.forms[number].startswith(b"_")

    def value(self, number: int) -> str:
        """The text of a literal, or an IRI (what SPARQL's `str` gives); of a blank node its label."""
        form = self.forms[number]
        if form.startswith(b'"'):
            return _text(form, form.rindex(b'"'))
        return form[1:-1].decode() if form.startswith(b"<") else form.decode()

    def parts(self, number: int) -> Parts:
        """The text, datatype and language of a literal."""
        found = self._parts.get(number)
        if found is None:
            found = self._parts[number] = self._split(self.forms[number])
        return found

    def _split(self, form: bytes) -> Parts:
        end = form.rindex(b'"')
        tail = form[end + 1 :]
        known = self._endings.get(tail)
        if known is None:
            language = tail[1:].decode() if tail.startswith(b"@") else None
            datatype = LANG_STRING if language else tail[3:-1].decode() if tail else STRING
            known = self._endings[tail] = datatype, language
        return _text(form, end), *known

    def text(self, number: int) -> str:
        """The term as a report holds it: an IRI is plain, a blank node begins with `_:`, a literal is N-Triples."""
        form = self.forms[number].decode()
        return form[1:-1] if form.startswith("<") else form

    def term(self, number: int) -> Term:
        """The term as Oxigraph has it."""
        form = self.forms[number].decode()
        if form.startswith("<"):
            return NamedNode(form[1:-1])
        if form.startswith("_"):
            return BlankNode(form[2:])
        text, datatype, language = self.parts(number)
        return Literal(text, language=language) if language else Literal(text, datatype=NamedNode(datatype))


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

    :raises DataError: if it is beyond RDF 1.1: a triple term, or a literal with a direction

    >>> form(Literal("a", datatype=NamedNode(STRING)))
    b'"a"'
    """
    match term:
        case NamedNode():
            return f"<{term.value}>".encode()
        case BlankNode():
            return str(term).encode()
        case Literal() if getattr(term, "direction", None) is None:
            return str(term).encode()
    raise DataError(f"a term of RDF 1.2 cannot be validated with SHACL 1.0: {term}")


def ending(literal: bytes) -> bytes:
    """What follows the text of a literal: nothing, its language or its datatype.

    >>> ending(b'"a"@fr'), ending(b'"a"'), ending(b'"1"^^<urn:d>')
    (b'@fr', b'', b'^^<urn:d>')
    """
    return literal[literal.rindex(b'"') + 1 :]


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
