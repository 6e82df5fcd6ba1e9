"""What triples name and nothing has, and what they may not speak of; and how many of their things have no label."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.errors import Position, Problem, Suggestions, nearest
from kg.rdf import RdfFile
from kg.rdf.grammar import is_lexical
from kg.rdf.rows import Row
from kg.rdfdata.reading import followed
from kg.records.statements import NOBODY_WRITES, below
from kg.terms import PREFIXES, SCHEME, ZEL, Minter, compress, expand
from kg.vocabulary import Vocabulary

_TYPE: Final = f"<{expand('rdf:type')}>".encode()
_LABELS: Final = frozenset(
    f"<{expand(name)}>".encode()
    for name in ("rdfs:label", "skos:prefLabel", "dct:title", "foaf:name", "schema:name", "zel:name")
)
"""What pages call a thing by."""
_KINDS: Final = frozenset(
    map(
        expand,
        (
            "rdfs:Class", "owl:Class", "rdf:Property", "owl:ObjectProperty", "owl:DatatypeProperty",
            "owl:AnnotationProperty", "rdfs:Datatype",
        ),
    )
)  # fmt: skip
_ONTOLOGY: Final = expand("owl:Ontology")
_NAMESPACE: Final = expand("vann:preferredNamespaceUri")
_RESERVED: Final = ("graph/", "claim/", "rule/")
"""What a release itself names, below its base."""
_BITS: Final = (1 << 63) - 1
_PLAIN: Final = re.compile(
    rb'"[+-]?[0-9]{1,18}(?:"\^\^<[^>]*#integer>|(?:\.[0-9]{1,18})?"\^\^<[^>]*#(?:decimal|double)>)'
)
"""Literals that most others are, and that are what they say."""
_XSD: Final = PREFIXES["xsd"].encode()
_BLANKS: Final = " \t\r\n"
"""What XML Schema takes from both ends of a value before it is looked at (part 2, section 4.3.6)."""
_SHOWN: Final = 60
_MOST: Final = 20
"""Literals of a file that are told one by one."""


@dataclass(frozen=True, slots=True)
class OwnTerms:
    """What the project's own ontology declares, and the namespaces that are its own."""

    namespaces: tuple[str, ...] = ()
    terms: frozenset[str] = frozenset()

    def lacks(self, iri: str) -> bool:
        """Whether an IRI is in one of the namespaces and none of the terms."""
        return bool(self.namespaces) and iri.startswith(self.namespaces) and iri not in self.terms


class Declared:
    """Learns from the rows of the project's ontology what it declares."""

    def __init__(self) -> None:
        self._terms: set[str] = set()
        self._ontologies: set[str] = set()
        self._namespaces: set[str] = set()

    def take(self, rows: Iterable[Row]) -> None:
        """Take some rows."""
        for subject, predicate, value, _ in rows:
            if predicate == _TYPE and (kind := _iri(value)) in _KINDS:
                self._terms.add(_iri(subject))
            elif predicate == _TYPE and kind == _ONTOLOGY:
                self._ontologies.add(_iri(subject))
            elif predicate == b"<%s>" % _NAMESPACE.encode():
                self._namespaces.add(value.strip(b"<>").removeprefix(b'"').partition(b'"')[0].decode())

    def own(self) -> OwnTerms:
        """The terms, and the namespaces: those that it names, those of the ontology, else the one of most terms."""
        terms = {term for term in self._terms if term and not term.startswith((ZEL, SCHEME))}
        spaces = Counter(_space(term) for term in terms)
        foreign = {iri for name, iri in PREFIXES.items() if name != "zel"}
        own = {space for space in spaces if space in self._namespaces or space.rstrip("#/") in _bare(self._ontologies)}
        if not own and spaces:
            own = {max(sorted(spaces), key=lambda space: spaces[space])}
        return OwnTerms(tuple(sorted(own - foreign)), frozenset(terms))


def _bare(iris: Iterable[str]) -> set[str]:
    return {iri.rstrip("#/") for iri in iris}


def _space(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _iri(term: bytes) -> str:
    return term[1:-1].decode() if term.startswith(b"<") else ""


class Checks:
    """Looks through the rows of one file as they pass; what may be wrong is remembered, and found again in the file."""

    def __init__(self, mint: Minter, vocabulary: Vocabulary, own: OwnTerms, home: str) -> None:
        """`home` is where the IRIs of blank nodes begin, of which nobody expects a label."""
        self._blank = f"<{home}".encode()
        self._vocabulary, self._own = vocabulary, own
        self._terms = {term.iri for term in vocabulary.terms}
        self._derived = {term.iri: term for term in vocabulary.properties.values() if term.derived}
        self._concepts = {iri for members in vocabulary.concepts.values() for iri in members.values()}
        self._reserved = tuple(f"<{mint.base}{name}".encode() for name in _RESERVED)
        self._predicates: set[bytes] = set()
        self._classes: set[bytes] = set()
        self._schemes: set[bytes] = set()
        self._subjects: set[bytes] = set()
        self._things, self._labelled = array("q"), array("q")
        self._odd: dict[bytes, None] = {}

    def take(self, rows: Sequence[Row]) -> None:
        """Look at some rows."""
        self._predicates.update({row[1] for row in rows})
        self._classes.update({row[2] for row in rows if row[1] == _TYPE})
        scheme = f"<{SCHEME}".encode()
        self._schemes.update({row[2] for row in rows if row[2].startswith(scheme)})
        self._subjects.update({row[0] for row in rows if row[0].startswith(self._reserved)})
        subjects = dict.fromkeys(row[0] for row in rows if not row[0].startswith(self._blank))
        typed = {row[2] for row in rows if row[2].startswith(b'"') and row[2].endswith(b">")}
        self._odd.update(dict.fromkeys(one for one in typed if _PLAIN.fullmatch(one) is None and _is_odd(one)))
        # The same text has the same number within a process, and numbers of it are told to nobody.
        self._things.extend(hash(subject) & _BITS for subject in subjects)
        self._labelled.extend({hash(row[0]) & _BITS for row in rows if row[1] in _LABELS})

    def things(self) -> tuple[set[int], set[int]]:
        """The things that are spoken of, and those with a label, as numbers."""
        return set(self._things), set(self._labelled)

    def problems(self, file: RdfFile, name: str) -> list[Problem]:
        """What is wrong, each at its first place in the file."""
        wrong = {**self._wrong_terms(), **self._wrong_subjects()}
        return _placed(wrong, file, name) if wrong else []

    def warnings(self, file: RdfFile, name: str) -> Iterator[Problem]:
        """Literals that are no values of their datatypes, each at its first place in the file."""
        waiting = {literal.decode() for literal in self._odd}
        for quad, line in followed(file) if waiting else ():
            if isinstance(quad.object, ox.Literal) and str(quad.object) in waiting:
                waiting.discard(str(quad.object))
                datatype = compress(quad.object.datatype.value)
                what = f"{compress(quad.predicate.value)}: {quad.object.value[:_SHOWN]!r} is no {datatype}"
                hint = "queries and filters pass over it: mend it, or give it another datatype"
                yield Problem("wrong-type", what, Position(name, line), hint=hint)
                if len(self._odd) - len(waiting) == _MOST:
                    break
        if (more := len(self._odd) - _MOST) > 0:
            yield Problem("wrong-type", f"{more:,} more literals of {name} are no values of their datatypes")

    def _wrong_terms(self) -> dict[str, tuple[str, str, str | None]]:
        found = {}
        vocabulary = self._vocabulary
        kinds = (
            (self._predicates, vocabulary.properties, "rdf:Property"),
            (self._classes, vocabulary.classes, "rdfs:Class"),
        )
        for used, kin, kind in kinds:
            for iri in sorted(map(_iri, used)):
                if iri.startswith(ZEL) and iri not in self._terms:
                    local = iri.removeprefix(ZEL)
                    found[iri] = ("unknown-term", f"unknown term 'zel:{local}'", nearest(local, kin))
                elif self._own.lacks(iri):
                    hint = (
                        _nearest_own(iri, self._own)
                        or f"if it is meant, state in a file of the folder vocabulary: <{iri}> a {kind} ."
                    )
                    found[iri] = ("unknown-term", f"the project's ontology does not declare <{iri}>", hint)
                elif (term := self._derived.get(iri)) is not None:
                    what = f"'zel:{term.name}' is derived: {NOBODY_WRITES}"
                    found[iri] = ("derived-term", what, below(term, vocabulary.properties))
        for iri in sorted(set(map(_iri, self._schemes)) - self._concepts):
            scheme, _, local = iri.removeprefix(SCHEME).partition("/")
            members = vocabulary.concepts.get(scheme, {})
            if local:
                found[iri] = ("unknown-name", f"the scheme '{scheme}' has no name '{local}'", nearest(local, members))
        return found

    def _wrong_subjects(self) -> dict[str, tuple[str, str, str | None]]:
        hint = "what is known of claims and of their graphs is not stated by data: name the thing elsewhere"
        what = "this IRI names a claim or a graph of the release itself"
        return {iri: ("reserved-iri", f"{what}: <{iri}>", hint) for iri in sorted(map(_iri, self._subjects))}


def _is_odd(literal: bytes) -> bool:
    """Whether a literal, as N-Quads writes it, is none of its datatype (XML Schema 1.1 part 2)."""
    text, _, datatype = literal[1:-1].rpartition(b'"^^<')
    if not datatype.startswith(_XSD):
        return False
    if b"\\" in text:
        (quad,) = ox.parse(b"<urn:s> <urn:p> " + literal + b" .", ox.RdfFormat.N_TRIPLES)
        text = str(quad.object.value).encode() if isinstance(quad.object, ox.Literal) else b""
    return not is_lexical(text.decode().strip(_BLANKS), datatype.decode())


def _nearest_own(iri: str, own: OwnTerms) -> str | None:
    space = _space(iri)
    known = {term.removeprefix(space): term for term in own.terms if term.startswith(space)}
    return Suggestions(known).nearest(iri.removeprefix(space))


def _placed(wrong: Mapping[str, tuple[str, str, str | None]], file: RdfFile, name: str) -> list[Problem]:
    places: dict[str, Position] = {}
    for quad, line in followed(file):
        for iri in (*_named(quad),):
            if iri in wrong:
                places.setdefault(iri, Position(name, line))
        if len(places) == len(wrong):
            break
    return [
        Problem(code, what, places.get(iri, Position(name, 1)), hint=hint) for iri, (code, what, hint) in wrong.items()
    ]


def _named(quad: ox.Quad) -> Iterator[str]:
    return (term.value for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, ox.NamedNode))
