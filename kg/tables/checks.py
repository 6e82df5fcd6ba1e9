"""Names that rows use and nothing has, and values that are none: dates of no calendar, numbers that nothing counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from kg.errors import Problem, Suggestions, nearest
from kg.records.locations import Locate
from kg.records.statements import Names, no_date, uncountable
from kg.terms import SCHEME, ZEL, Minter, compress, expand, is_countable, is_edtf

_EDTF: Final = expand("edtf:EDTF")
_INTEGER: Final = expand("xsd:integer")
_CHECKED: Final = frozenset({_EDTF, _INTEGER, expand("xsd:decimal")})
_TYPE: Final = ox.NamedNode(expand("rdf:type"))
_Unknown = tuple[str, str, str | None]
"""An IRI, what is wrong with it, a hint."""


def unknown_names(quads: Collection[ox.Quad], names: Names, locate: Locate) -> list[Problem]:
    """What the statements of tables speak of and nobody knows, each at its row.

    A claim is known if it is written or is a row; a concept, if its scheme has it; a thing of the project, if
    `entities.yaml` or a written claim declares it, or a row gives it a type.
    """
    known = _Known(quads, names)
    metadata = ox.NamedNode(names.mint.graph("claims"))
    found: dict[tuple[str, str], Problem] = {}
    for quad in quads:
        is_metadata = quad.graph_name == metadata
        unknown = known.tie(quad) if is_metadata else known.statement(quad)
        for iri, message, hint in unknown:
            owner = _iri(quad.subject if is_metadata else quad.graph_name)
            if (owner, iri) not in found:
                found[owner, iri] = Problem("unknown-name", message, locate(owner), hint=hint)
    return list(found.values())


def unreadable_values(quads: Iterable[ox.Quad], mint: Minter, locate: Locate) -> list[Problem]:
    """Values of rows that are no dates of the calendar, or numbers that no query counts with, each at its row.

    The mapper has looked at the lexical forms of XML Schema; EDTF is none of its datatypes, and a number of any length
    is a number there. Literals are those of the store: every whole number is an xsd:integer.
    """
    metadata = mint.graph("claims")
    found: dict[tuple[str, ox.Literal], Problem] = {}
    faults: dict[ox.Literal, str | None] = {}
    for quad in quads:
        value = quad.object
        if not isinstance(value, ox.Literal) or value.datatype.value not in _CHECKED:
            continue
        if value not in faults:
            faults[value] = _fault(value.value, value.datatype.value)
        message = faults[value]
        if message is not None:
            owner = _iri(quad.graph_name)
            owner = _iri(quad.subject) if owner == metadata else owner
            found[owner, value] = Problem("wrong-type", f"{compress(quad.predicate.value)}: {message}", locate(owner))
    return list(found.values())


def _fault(text: str, datatype: str) -> str | None:
    """What is wrong with a value of a datatype, as the readers of claims say it."""
    if datatype == _EDTF:
        return None if is_edtf(text) else no_date(text)
    return None if is_countable(text, whole=datatype == _INTEGER) else uncountable(text)


class _Known:
    """Everything that has a name."""

    def __init__(self, quads: Collection[ox.Quad], names: Names) -> None:
        self._names, vocabulary = names, names.vocabulary
        self._ties = {term.iri for term in vocabulary.properties.values() if term.range == f"{ZEL}Claim"}
        self._terms = {term.iri for term in vocabulary.terms}
        self._concepts = {iri for members in vocabulary.concepts.values() for iri in members.values()}
        self._claims = {names.mint.claim(name) for name in names.claims}
        self._things = {names.mint.entity(name) for name in names.entities}
        self._things.update(_iri(quad.subject) for quad in quads if quad.predicate == _TYPE)
        self._home = names.mint.entity("")
        self._hints = {kind: Suggestions(known) for kind, known in (("claim", names.claims), ("thing", names.entities))}

    def tie(self, quad: ox.Quad) -> Iterator[_Unknown]:
        """A claim that another is tied to."""
        value = _iri(quad.object)
        if quad.predicate.value in self._ties and value not in self._claims:
            name = value.removeprefix(self._names.mint.claim(""))
            yield value, f"unknown claim '{name}'", self._hints["claim"].nearest(name)

    def statement(self, quad: ox.Quad) -> Iterator[_Unknown]:
        """The terms, concepts and things of a statement."""
        value = _iri(quad.object)
        yield from self._term(quad.predicate.value, self._names.vocabulary.properties)
        if quad.predicate == _TYPE:
            yield from self._term(value, self._names.vocabulary.classes)
        if value.startswith(SCHEME) and value not in self._concepts:
            scheme, _, name = value.removeprefix(SCHEME).partition("/")
            members = self._names.vocabulary.concepts.get(scheme, {})
            yield value, f"the scheme '{scheme}' has no name '{name}'", nearest(name, members)
        for iri in (_iri(quad.subject), value):
            if iri.startswith(self._home) and iri not in self._things:
                name = iri.removeprefix(self._home)
                hint = self._hints["thing"].nearest(name) or "declare it in entities.yaml, or give it a class"
                yield iri, f"unknown thing '{name}'", hint

    def _term(self, iri: str, kin: Iterable[str]) -> Iterator[_Unknown]:
        if iri.startswith(ZEL) and iri not in self._terms:
            name = iri.removeprefix(ZEL)
            yield iri, f"unknown term '{name}'", nearest(name, kin)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
