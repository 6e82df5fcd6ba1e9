"""Names that rows use and nothing has, and values that are none: dates of no calendar, numbers that nothing counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.errors import Problem, Suggestions, nearest
from kg.rdf.rows import Row
from kg.records.locations import Locate
from kg.records.statements import NOBODY_WRITES, Names, below, no_date, uncountable
from kg.store import parse_lines
from kg.terms import SCHEME, ZEL, Minter, compress, expand, is_countable, is_edtf

_EDTF: Final = expand("edtf:EDTF")
_INTEGER: Final = expand("xsd:integer")
_CHECKED: Final = frozenset({_EDTF, _INTEGER, expand("xsd:decimal")})
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_TYPED: Final = f"<{expand('rdf:type')}>".encode()
_STATED_IN: Final = f"<{ZEL}statedIn>".encode()
_SCHEME: Final = f"<{SCHEME}".encode()
_QUOTE: Final = ord('"')
_CHECKED_ENDS: Final = tuple(f"^^<{iri}>".encode() for iri in sorted(_CHECKED))
_COUNTABLE: Final = re.compile(rb'"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"\^\^<' + re.escape(expand("xsd:")).encode())
Lines = Callable[[], Iterable[str]]
_Unknown = tuple[str, str, str | None]
"""An IRI, what is wrong with it, a hint."""


class Checks:
    """Looks through the rows of tables as they pass, literals in the form of the store.

    Only what may be wrong is remembered. The lines are read again when something is, to say where.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known = _Known(names)
        self._metadata = f"<{names.mint.graph('claims')}>".encode()
        self._home = f"<{names.mint.entity('')}".encode()
        self._claim = len(f"<{names.mint.claim('')}")
        self._ties = {f"<{iri}>".encode() for iri in self._known.ties}
        self._watched = frozenset((*self._ties, _TYPED, _STATED_IN))
        self._terms: set[tuple[bytes, bytes]] = set()
        self._things: set[bytes] = set()
        self._named: set[bytes] = set()
        self._concepts: set[bytes] = set()
        self._is_faulty = False
        self.lines = 0

    def take(self, blocks: Iterable[Sequence[Row]]) -> frozenset[str]:
        """Look through some rows; gives the IRIs of the documents that claims are stated in."""
        cited: set[bytes] = set()
        home, metadata, watched = self._home, self._metadata, self._watched
        for rows in blocks:
            self.lines += len(rows)
            self._look_at([row for row in rows if row[3] != metadata])
            told = [row for row in rows if row[1] in watched]
            cited.update([row[2] for row in told if row[1] == _STATED_IN])
            self._things.update([row[0] for row in told if row[1] == _TYPED and row[0].startswith(home)])
            ties = {row[2] for row in told if row[1] in self._ties and row[3] == metadata}
            texts = {row[2] for row in rows if row[2][0] == _QUOTE}
            self._is_faulty = (
                self._is_faulty
                or any(tie[self._claim : -1].decode() not in self._names.claims for tie in ties)
                or any(_literal_fault(text) for text in texts if text.endswith(_CHECKED_ENDS))
            )
        return frozenset(iri[1:-1].decode() for iri in cited)

    def _look_at(self, stated: list[Row]) -> None:
        """Remember the names in what claims and the register state."""
        home = self._home
        self._named.update([row[0] for row in stated if row[0].startswith(home)])
        self._named.update([row[2] for row in stated if row[2].startswith(home)])
        self._concepts.update([row[2] for row in stated if row[2].startswith(_SCHEME)])
        self._terms.update({(row[1], row[2] if row[1] == _TYPED else b"") for row in stated})

    def problems(self, lines: Callable[[], Iterable[str]], located: Callable[[Lines], Locate]) -> list[Problem]:
        """What the tables speak of and nobody knows, and values that are none, each at its row.

        A claim is known if it is written or is a row; a concept, if its scheme has it; a thing of the project, if
        `entities.yaml` or a written claim declares it, or a row gives it a type.
        """
        self._known.things.update(iri[1:-1].decode() for iri in self._things)
        unknown = (iri for iri in self._named - self._things if iri[1:-1].decode() not in self._known.things)
        if not self._is_faulty and next(unknown, None) is None and self._known.has_all(self._terms, self._concepts):
            return []
        locate = located(lines)
        found = {**self._unknown(lines(), locate), **_unreadable(lines(), self._names.mint, locate)}
        return list(found.values())

    def _unknown(self, lines: Iterable[str], locate: Locate) -> dict[tuple[str, str], Problem]:
        metadata = ox.NamedNode(self._names.mint.graph("claims"))
        found: dict[tuple[str, str], Problem] = {}
        for quad in parse_lines(lines):
            is_metadata = quad.graph_name == metadata
            unknown = self._known.tie(quad) if is_metadata else self._known.statement(quad)
            for iri, message, hint in unknown:
                owner = _iri(quad.subject if is_metadata else quad.graph_name)
                if (owner, iri) not in found:
                    found[owner, iri] = Problem("unknown-name", message, locate(owner), hint=hint)
        return found


def _unreadable(lines: Iterable[str], mint: Minter, locate: Locate) -> dict[tuple[str, str], Problem]:
    """Values of rows that are no dates of the calendar, or numbers that no query counts with, each at its row.

    The mapper has looked at the lexical forms of XML Schema; EDTF is none of its datatypes, and a number of any length
    is a number there. Literals are those of the store: every whole number is an xsd:integer.
    """
    metadata = mint.graph("claims")
    found: dict[tuple[str, str], Problem] = {}
    for quad in parse_lines(lines):
        value = quad.object
        if not isinstance(value, ox.Literal) or value.datatype.value not in _CHECKED:
            continue
        message = _fault(value.value, value.datatype.value)
        if message is not None:
            owner = _iri(quad.graph_name)
            owner = _iri(quad.subject) if owner == metadata else owner
            what = f"{compress(quad.predicate.value)}: {message}"
            found[owner, str(value)] = Problem("wrong-type", what, locate(owner))
    return found


def _literal_fault(literal: bytes) -> str | None:
    """What is wrong with a literal of one of the datatypes that are looked at, as N-Quads writes it."""
    if _COUNTABLE.match(literal):
        return None
    (triple,) = ox.parse(b"<urn:s> <urn:p> " + literal + b" .", ox.RdfFormat.N_TRIPLES)
    return _fault(triple.object.value, triple.object.datatype.value) if isinstance(triple.object, ox.Literal) else None


def _fault(text: str, datatype: str) -> str | None:
    """What is wrong with a value of a datatype, as the readers of claims say it."""
    if datatype == _EDTF:
        return None if is_edtf(text) else no_date(text)
    return None if is_countable(text, whole=datatype == _INTEGER) else uncountable(text)


class _Known:
    """Everything that has a name."""

    def __init__(self, names: Names) -> None:
        self._names, vocabulary = names, names.vocabulary
        self.ties = {term.iri for term in vocabulary.properties.values() if term.range == f"{ZEL}Claim"}
        self._terms = {term.iri for term in vocabulary.terms}
        self._derived = {term.iri: term for term in vocabulary.properties.values() if term.derived}
        self._concepts = {iri for members in vocabulary.concepts.values() for iri in members.values()}
        self.things = {names.mint.entity(name) for name in names.entities}
        self._home = names.mint.entity("")
        self._namespaces = vocabulary.namespaces

    @cached_property
    def _hints(self) -> Mapping[str, Suggestions]:
        return {"claim": Suggestions(self._names.claims), "thing": Suggestions(self._names.entities)}

    def has_all(self, terms: Iterable[tuple[bytes, bytes]], concepts: Iterable[bytes]) -> bool:
        """Whether predicates, each with a class where it is rdf:type, and concepts have a name here."""
        used = {iri[1:-1].decode() for pair in terms for iri in pair if iri.startswith(b"<")}
        ours = {iri for iri in used if iri.startswith(self._namespaces)}
        unknown = (ours - self._terms) | (used & self._derived.keys())
        return not unknown and self._concepts.issuperset(iri[1:-1].decode() for iri in concepts)

    def tie(self, quad: ox.Quad) -> Iterator[_Unknown]:
        """A claim that another is tied to."""
        value = _iri(quad.object)
        name = value.removeprefix(self._names.mint.claim(""))
        if quad.predicate.value in self.ties and (name == value or name not in self._names.claims):
            yield value, f"unknown claim '{name}'", self._hints["claim"].nearest(name)

    def statement(self, quad: ox.Quad) -> Iterator[_Unknown]:
        """The terms, concepts and things of a statement."""
        value = _iri(quad.object)
        properties = self._names.vocabulary.properties
        yield from self._term(quad.predicate.value, properties)
        if (derived := self._derived.get(quad.predicate.value)) is not None:
            yield derived.iri, f"'{derived.name}' is derived: {NOBODY_WRITES}", below(derived, properties)
        if quad.predicate == _TYPE:
            yield from self._term(value, self._names.vocabulary.classes)
        if value.startswith(SCHEME) and value not in self._concepts:
            scheme, _, name = value.removeprefix(SCHEME).partition("/")
            members = self._names.vocabulary.concepts.get(scheme, {})
            yield value, f"the scheme '{scheme}' has no name '{name}'", nearest(name, members)
        for iri in (_iri(quad.subject), value):
            if iri.startswith(self._home) and iri not in self.things:
                name = iri.removeprefix(self._home)
                hint = self._hints["thing"].nearest(name) or "declare it in entities.yaml, or give it a class"
                yield iri, f"unknown thing '{name}'", hint

    def _term(self, iri: str, kin: Iterable[str]) -> Iterator[_Unknown]:
        if iri.startswith(self._namespaces) and iri not in self._terms:
            name = iri.removeprefix(next(home for home in self._namespaces if iri.startswith(home)))
            yield iri, f"unknown term '{name}'", nearest(name, kin)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
