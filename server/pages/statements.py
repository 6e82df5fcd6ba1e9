"""What a release says of one thing: the one view that its page shows and that its data are written from.

A description consists of quads of the release, as they stand there. Formats with named graphs give them all; a format
of triples leaves out what only a claim about the thing says, for there nothing would tell it from a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from kg.errors import AnswerTooLarge
from kg.terms import expand
from server.lookup import Row, iri_ref, select
from server.pages import describe
from server.releases import Release

FEW: Final = 200
"""Statements of a claim that are given whole with each thing that they are about."""
LARGEST: Final = 250_000
"""The most quads that one description has; whoever wants more asks `/sparql`, which streams."""
_Node = NamedNode | BlankNode | Literal | Triple


def _term(name: str) -> NamedNode:
    return NamedNode(expand(name))


TYPE: Final = _term("rdf:type")
CLAIM: Final = _term("zel:Claim")
SUPPORTED_BY: Final = _term("zel:supportedBy")
TARGET: Final = _term("oa:hasTarget")
SELECTOR: Final = _term("oa:hasSelector")
DERIVED_FROM: Final = _term("prov:wasDerivedFrom")
PART_OF: Final = _term("dct:isPartOf")
_GENERATED_BY: Final = _term("prov:wasGeneratedBy")
_USED: Final = _term("prov:used")


@dataclass(frozen=True, slots=True)
class Record:
    """One claim: what it says, and all that is known of it."""

    iri: str
    metadata: tuple[Quad, ...]
    """What is said of the claim itself."""
    statements: tuple[Quad, ...]
    """What the claim says, in its own graph."""
    evidence: tuple[Quad, ...] = ()
    """Of its evidence, down to the selectors, and of the rows that it was made from."""

    @property
    def quads(self) -> Iterator[Quad]:
        return chain(self.statements, self.metadata, self.evidence)


@dataclass(frozen=True)
class Description:
    """What is said of one thing."""

    iri: str
    facts: tuple[Quad, ...] = ()
    """The thing is their subject."""
    references: tuple[Quad, ...] = ()
    """The thing is their object."""
    records: tuple[Record, ...] = ()
    """The claims in whose graphs it stands, or the claim that it is."""
    origin: tuple[Quad, ...] = ()
    """Of a table or a claim made from one: the runs, and what they used."""
    rows: tuple[Quad, ...] = ()
    """Of a table: its rows."""

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """All of it, each quad once, sorted."""
        parts = (self.facts, self.references, self.origin, self.rows, *(record.quads for record in self.records))
        return tuple(sorted(set(chain.from_iterable(parts)), key=str))

    @cached_property
    def triples(self) -> tuple[Triple, ...]:
        """The same without graphs: of claims about the thing only what is known of them, of a claim all."""
        own = {record.iri for record in self.records} - {self.iri}
        return tuple(dict.fromkeys(quad.triple for quad in self.quads if _graph(quad) not in own))


def _graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def describe_thing(release: Release, iri: str) -> Description:
    """A thing, a document or a concept: its triples in the default graph and the registers, and what refers to it
    there; and the claims in whose graphs it stands, with their evidence.

    :raises ValueError: if `iri` is no absolute IRI
    :raises AnswerTooLarge: if there are more than `LARGEST` quads
    """
    found = select(release.engine, f"{describe.mentioning(iri, release.base)} ORDER BY ?claim LIMIT {LARGEST + 1}")
    rows = select(release.engine, describe.references(iri, release.base, LARGEST))
    _check(max(len(found), len(rows)))
    return Description(
        iri,
        read_facts(release, iri),
        tuple(_reference(row, NamedNode(iri)) for row in rows),
        read_records(release, (row["claim"].value for row in found), about=iri),
    )


def describe_claim(release: Release, iri: str, most: int = LARGEST) -> Description | None:
    """A claim: what it says, its metadata, its evidence, the row and the run that it comes from; None for no claim.

    For a page, `most` of its statements are enough.

    :raises ValueError: if `iri` is no absolute IRI
    """
    iri_ref(iri)
    records = read_records(release, (iri,), most)
    if not records:
        return None
    (record,) = records
    about = _about(release)
    rows = [quad.object for quad in record.metadata if quad.predicate == DERIVED_FROM]
    runs = [quad.object for quad in record.metadata if quad.predicate == _GENERATED_BY]
    tables = _objects(chain.from_iterable(map(about, rows)), PART_OF)
    used = _objects(chain.from_iterable(map(about, runs)), _USED)
    origin = chain.from_iterable(map(about, dict.fromkeys((*tables, *runs, *used))))
    return Description(iri, records=records, origin=tuple(origin))


def describe_table(release: Release, iri: str) -> Description:
    """A table: what is said of it, what refers to it, the runs that used it, and its rows.

    :raises ValueError: if `iri` is no absolute IRI
    :raises AnswerTooLarge: if there are more than `LARGEST` quads
    """
    about, found = _about(release), describe_thing(release, iri)
    claims, it = _claims(release), NamedNode(iri)
    runs = [quad.subject for quad in release.engine.quads(None, _USED, it, claims)]
    used = _objects(chain.from_iterable(map(about, runs)), _USED)
    origin = tuple(chain.from_iterable(about(node) for node in dict.fromkeys((*runs, *used)) if node != it))
    parts = release.engine.quads(None, PART_OF, it, claims)
    rows = chain.from_iterable(about(quad.subject) for quad in parts)
    return replace(found, origin=origin, rows=_few(rows))


def describe_graph(release: Release, iri: str) -> Description:
    """A named graph that is small enough to be given at once: the vocabulary.

    :raises ValueError: if `iri` is no absolute IRI
    :raises AnswerTooLarge: if there are more than `LARGEST` quads
    """
    iri_ref(iri)
    return Description(iri, _few(release.engine.quads(None, None, None, NamedNode(iri))))


def read_records(
    release: Release, iris: Iterable[str], most: int = LARGEST, about: str | None = None
) -> tuple[Record, ...]:
    """The claims of these names, in this order; names that are no claims are left out.

    A claim may be a whole file of RDF: of one that states more than `FEW` things, only those `about` a thing are given,
    if one is named. For a page, `most` statements of each are enough.

    :raises ValueError: if one of `iris` is no absolute IRI
    :raises AnswerTooLarge: if they have more than `LARGEST` quads
    """
    records, size = [], 0
    for iri in iris:
        iri_ref(iri)
        record = _record(release, NamedNode(iri), most, about)
        if record is not None:
            records.append(record)
            size += len(record.metadata) + len(record.statements) + len(record.evidence)
            _check(size)
    return tuple(records)


def _record(release: Release, claim: NamedNode, most: int, thing: str | None) -> Record | None:
    about = _about(release)
    metadata = about(claim)
    if not any(quad.predicate == TYPE and quad.object == CLAIM for quad in metadata):
        return None
    evidence: list[Quad] = []
    for quad in metadata:
        if quad.predicate == SUPPORTED_BY:
            evidence.extend(_down(about, quad.object, (TARGET, SELECTOR)))
        elif quad.predicate == DERIVED_FROM:
            evidence.extend(about(quad.object))
    statements = tuple(islice(release.engine.quads(None, None, None, claim), (FEW if thing else most) + 1))
    if thing is not None and len(statements) > FEW:
        it = NamedNode(thing)
        ways = release.engine.quads(it, None, None, claim), release.engine.quads(None, None, it, claim)
        statements = tuple(dict.fromkeys(chain.from_iterable(ways)))
    _check(len(statements))
    statements = statements[:most]
    return Record(claim.value, metadata, tuple(sorted(statements, key=str)), tuple(evidence))


def _down(about: _About, node: _Node, links: Sequence[NamedNode]) -> Iterator[Quad]:
    """What is said of a node, and of what the first link leads to, and so on."""
    known = about(node)
    yield from known
    if links:
        for further in _objects(known, links[0]):
            yield from _down(about, further, links[1:])


_About = Callable[[_Node], tuple[Quad, ...]]


def _about(release: Release) -> _About:
    """What the claims' register says of a node, sorted."""
    engine, claims = release.engine, _claims(release)

    def about(node: _Node) -> tuple[Quad, ...]:
        if not isinstance(node, NamedNode | BlankNode):
            return ()
        return tuple(sorted(_few(engine.quads(node, None, None, claims)), key=str))

    return about


def _claims(release: Release) -> NamedNode:
    return NamedNode(release.minter.graph("claims"))


def _objects(quads: Iterable[Quad], predicate: NamedNode) -> tuple[_Node, ...]:
    return tuple(dict.fromkeys(quad.object for quad in quads if quad.predicate == predicate))


def read_facts(release: Release, iri: str) -> tuple[Quad, ...]:
    """What the default graph and the registers say of a thing itself, sorted.

    :raises AnswerTooLarge: if it is more than `LARGEST` quads
    """
    graphs: list[NamedNode | DefaultGraph] = [
        DefaultGraph(),
        *(NamedNode(release.minter.graph(name)) for name in describe.REGISTERS),
    ]
    it = NamedNode(iri)
    found = chain.from_iterable(release.engine.quads(it, None, None, graph) for graph in graphs)
    return tuple(sorted(_few(found), key=str))


def _reference(row: Row, it: NamedNode) -> Quad:
    subject = row["s"]
    node = NamedNode(subject.value) if subject.kind == "iri" else BlankNode(subject.value)
    graph = NamedNode(row["g"].value) if "g" in row else DefaultGraph()
    return Quad(node, NamedNode(row["p"].value), it, graph)


def _few(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    found = tuple(islice(quads, LARGEST + 1))
    _check(len(found))
    return found


def _check(size: int) -> None:
    if size > LARGEST:
        hint = "ask /sparql, or take the whole graph from /download/graph.nq.gz"
        raise AnswerTooLarge(f"the description has more than {LARGEST:,} statements", hint=hint)
