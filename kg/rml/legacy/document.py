"""A Turtle document as it is written: its statements, each with the characters that it takes (Turtle, section 6.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin

from kg.rdf.grammar import SCHEME
from kg.rdf.turtle_positions import Token, plain, tokens_of
from kg.rml.mapping.description import RDF_TYPE

_LONG: Final = ('"' * 3, "'" * 3)


@dataclass(frozen=True, slots=True)
class Term:
    """A term where it is written: an IRI, a literal, a node, or a list of terms."""

    kind: str
    """`iri`, `literal`, `blank`, or `list`."""
    value: str
    """An IRI, a text, or the label of a node; what is written in brackets is labelled by where it begins."""
    start: int
    end: int
    line: int
    inner: tuple[Property, ...] = ()
    """What is said in the brackets of a node."""
    items: tuple[Term, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What other places of the document know it by."""
        return self.kind, self.value


@dataclass(frozen=True, slots=True)
class Property:
    """A predicate with its objects."""

    predicate: Term
    objects: tuple[Term, ...]
    commas: tuple[int, ...]
    """Where the commas between the objects are."""
    end: int
    """The character after it, and after the semicolon that follows."""

    @property
    def start(self) -> int:
        """Its first character."""
        return self.predicate.start


@dataclass(frozen=True, slots=True)
class Prefix:
    """The declaration of a prefix."""

    name: str
    iri: str
    start: int
    end: int
    is_old: bool
    """Whether it is written with an at sign and a full stop."""


@dataclass(slots=True)
class Document:
    """All statements of a document."""

    text: str
    prefixes: list[Prefix] = field(default_factory=list)
    subjects: list[tuple[Term, tuple[Property, ...]]] = field(default_factory=list)
    _said: dict[tuple[str, str], tuple[Property, ...]] = field(default_factory=dict)

    def add(self, subject: Term, said: tuple[Property, ...]) -> None:
        """One more statement about a subject."""
        self.subjects.append((subject, said))
        self._said[subject.key] = self._said.get(subject.key, ()) + said

    def about(self, term: Term) -> tuple[Property, ...]:
        """Everything that is said about a node, wherever it is written."""
        return term.inner + self._said.get(term.key, ())

    def nodes(self) -> Iterator[Term]:
        """Every node that something is said about, each once, in the order of writing."""
        seen = set()
        for subject, said in self.subjects:
            for term in (subject, *_within(said)):
                if term.key not in seen and (term.inner or term is subject):
                    seen.add(term.key)
                    yield term

    def properties(self) -> Iterator[Property]:
        """Every property, those in brackets included."""
        for subject, said in self.subjects:
            yield from _properties((*subject.inner, *said))

    def source(self, term: Term) -> str:
        """The characters of a term."""
        return self.text[term.start : term.end]


def _properties(said: Iterable[Property]) -> Iterator[Property]:
    for one in said:
        yield one
        for term in _flat(one.objects):
            yield from _properties(term.inner)


def _within(said: Iterable[Property]) -> Iterator[Term]:
    for one in _properties(said):
        yield from _flat(one.objects)


def _flat(terms: Iterable[Term]) -> Iterator[Term]:
    for term in terms:
        yield term
        yield from _flat(term.items)


def read_document(text: str, base: str) -> Document | None:
    """The statements of a document that a parser has found to be Turtle; nothing if this one cannot follow it.

    >>> said = read_document('@prefix e: <http://e/> . e:s e:p "a" , [ e:q 7 ] .', "http://b/").subjects[0][1]
    >>> [(term.kind, term.value) for term in said[0].objects]
    [('literal', 'a'), ('blank', '[39')]
    """
    walk = _Walk(text, base)
    try:
        return walk.run()
    except (IndexError, ValueError):
        return None


class _Walk:
    """Goes through the tokens by the grammar."""

    def __init__(self, text: str, base: str) -> None:
        self._tokens, self._base = tokens_of(text), base
        self._known: dict[str, str] = {}
        self._end = 0
        self._document = Document(text)

    def run(self) -> Document:
        while self._tokens:
            self._statement()
        return self._document

    def _next(self) -> Token:
        token = self._tokens.popleft()
        self._end = token.start + len(token.text)
        return token

    def _sees(self, *texts: str) -> bool:
        return self._tokens[0].text in texts

    def _take(self, text: str) -> bool:
        if not self._sees(text):
            return False
        self._next()
        return True

    def _statement(self) -> None:
        first = self._tokens[0]
        word = first.text.lstrip("@").lower() if first.kind in {"mark", "word"} else ""
        if word in {"prefix", "base"}:
            self._directive(word)
            return
        subject = self._term()
        said = () if self._sees(".") else self._predicates()
        self._document.add(subject, said)
        if not self._take("."):
            raise ValueError(self._tokens[0])

    def _directive(self, word: str) -> None:
        begin = self._next()
        is_old = begin.text.startswith("@")
        name = self._next().text[:-1] if word == "prefix" else None
        iri = self._iri(self._next())
        if is_old and not self._take("."):
            raise ValueError(word)
        if name is None:
            self._base = iri
            return
        self._known[name] = iri
        self._document.prefixes.append(Prefix(name, iri, begin.start, self._end, is_old))

    def _predicates(self) -> tuple[Property, ...]:
        found: list[Property] = []
        while not self._sees(".", "]"):
            if self._take(";"):
                continue
            token = self._next()
            predicate = Term("iri", self._iri(token), token.start, self._end, token.line)
            objects, commas = [self._term()], []
            while self._sees(","):
                commas.append(self._next().start)
                objects.append(self._term())
            self._take(";")
            found.append(Property(predicate, tuple(objects), tuple(commas), self._end))
        return tuple(found)

    def _term(self) -> Term:
        token = self._next()
        start, line = token.start, token.line
        match token.kind, token.text:
            case "sign", "[":
                inner = self._predicates()
                if not self._take("]"):
                    raise ValueError(token)
                return Term("blank", f"[{start}", start, self._end, line, inner)
            case "sign", "(":
                items = []
                while not self._sees(")"):
                    items.append(self._term())
                self._next()
                return Term("list", f"({start}", start, self._end, line, items=tuple(items))
            case "blank", label:
                return Term("blank", label, start, self._end, line)
            case "text", text:
                self._qualified()
                size = 3 if text.startswith(_LONG) else 1
                return Term("literal", plain(text[size:-size]), start, self._end, line)
            case "number" | "word", text if text != "a":
                return Term("literal", text, start, self._end, line)
        return Term("iri", self._iri(token), start, self._end, line)

    def _qualified(self) -> None:
        """Pass over the language or the datatype of a literal."""
        if self._tokens[0].kind == "mark":
            self._next()
        elif self._tokens[0].kind == "typed":
            self._next()
            self._next()

    def _iri(self, token: Token) -> str:
        match token.kind:
            case "iri":
                iri = plain(token.text[1:-1])
                return iri if SCHEME.match(iri) else urljoin(self._base, iri)
            case "name":
                prefix, _, local = token.text.partition(":")
                return self._known[prefix] + re.sub(r"\\(.)", r"\1", local)
            case "word" if token.text == "a":
                return RDF_TYPE
        raise ValueError(token)
