"""Records -> JSON-LD documents -> N-Quads, by pyoxigraph's JSON-LD parser (JSON-LD 1.1, named graphs: section 4.9).

A document holds some hundreds of claims, so that what is in memory at once does not grow with the project. No node is
without an IRI, so a graph may be written in several documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

import pyoxigraph as ox

from kg.errors import RecordError
from kg.records.matches import EXACT, verified
from kg.records.model import Claim, Document, Entity, Evidence, Match, Records
from kg.records.nquads import OutOfReach, Terms, Writer
from kg.terms import PREFIXES, ZEL, Minter, compress

_SYMMETRIC: Final = tuple(ZEL + name for name in ("contradicts", "agreesWith", "compatibleWith"))
_CLAIMS: Final = 500
"""Claims in one document of JSON-LD: some 3 MB of N-Quads."""
_NODES: Final = 5000
"""Source documents or entities in one."""


def jsonld_documents(records: Records, context: Mapping[str, Any], mint: Minter) -> Iterator[dict[str, Any]]:
    """The records as JSON-LD documents: a named graph for each claim, and one for what is known about claims.

    `context` is the value of `@context` in `context.jsonld` of the core. Each document holds a part of the claims; the
    last ones hold the source documents and the register.
    """
    claims = iter(records.claims.values())
    while some := list(islice(claims, _CLAIMS)):
        about = [node for claim in some for node in _about(claim, mint)]
        about.extend(_mirrored(some, mint))
        graphs = [{"@id": mint.claim(claim.id), "@graph": list(claim.says)} for claim in some]
        yield {"@context": context, "@graph": [*graphs, {"@id": mint.graph("claims"), "@graph": about}]}
    for name, nodes in (("claims", _documents(records, mint)), ("entities", _register(records, mint))):
        while part := list(islice(nodes, _NODES)):
            yield {"@context": context, "@graph": [{"@id": mint.graph(name), "@graph": part}]}


def quads_of(document: Mapping[str, Any]) -> Iterator[ox.Quad]:
    """The quads of a JSON-LD document, every one of them in a named graph.

    :raises RecordError: if the parser refuses it or a triple falls outside the named graphs
    """
    try:
        for quad in ox.parse(json.dumps(document, ensure_ascii=False).encode(), ox.RdfFormat.JSON_LD):
            if isinstance(quad.graph_name, ox.DefaultGraph):
                raise RecordError(f"a triple without a claim: {quad.triple}")
            yield quad
    except (SyntaxError, ValueError) as error:
        raise RecordError(f"the records make no JSON-LD: {error}") from None


def lines_of(document: Mapping[str, Any], writer: Writer | None = None) -> bytes:
    """The same as N-Quads lines, each with its line end, in the form that a release has them in.

    The escapes are those of RDF Dataset Canonicalization (section 5.2). What the `writer` of the document's context
    can write, it does, in less than half of the parser's time.

    :raises RecordError: as `quads_of` does
    """
    try:
        if writer is not None:
            return writer.lines(document["@graph"])
    except OutOfReach:
        pass  # a matter for the parser
    return ox.serialize(quads_of(document), format=ox.RdfFormat.N_QUADS) or b""


def writer_of(context: Mapping[str, Any]) -> Writer | None:
    """The writer of a context, if that is one of prefixes and terms; else None."""
    try:
        return Writer(Terms.of(context))
    except OutOfReach:
        return None


def _documents(records: Records, mint: Minter) -> Iterator[dict[str, Any]]:
    return (_document(document, mint) for document in records.documents.values())


def _register(records: Records, mint: Minter) -> Iterator[dict[str, Any]]:
    yield from (_entity(entity, mint) for entity in records.entities.values())
    yield from (_match(match, mint) for match in verified(records.matches))


def _entity(entity: Entity, mint: Minter) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": mint.entity(entity.slug),
        "@type": list(entity.types),
        "rdfs:label": _texts(entity.labels.items()),
    }
    if entity.note is not None:
        node["skos:editorialNote"] = _texts([("en", entity.note)])
    return node


def _match(match: Match, mint: Minter) -> dict[str, Any]:
    """A verified match; of a thing, an exact one is also its identity, which a concept shares with no item."""
    item = {"@id": f"{PREFIXES['wd']}{match.item}"}
    node: dict[str, Any] = {"@id": match.subject, compress(match.predicate): item}
    if match.predicate == EXACT and match.subject.startswith(mint.entity("")):
        node["owl:sameAs"] = item
    return node


def _document(document: Document, mint: Minter) -> dict[str, Any]:
    node: dict[str, Any] = {
        "@id": mint.document(document.slug),
        "@type": "SourceDocument",
        "dct:title": _texts(document.title.items()),
        "dct:language": {"@value": document.language},
        "dct:publisher": {"@value": document.publisher},
        "licenceNote": {"@value": document.licence},
        "addressComplete": {"@value": document.address_complete},
    }
    if document.address is not None:
        node["schema:url"] = {"@id": document.address}
    if document.date is not None:
        node["dct:issued"] = {"@value": document.date, "@type": PREFIXES["edtf"] + "EDTF"}
    if document.sha256 is not None:
        node["dct:identifier"] = {"@value": f"sha256:{document.sha256}"}
    if document.text_licence is not None:
        node["dct:license"] = {"@id": document.text_licence}
    if document.origin is not None:
        node["origin"] = {"@id": mint.document(document.origin)}
    return node


def _about(claim: Claim, mint: Minter) -> Iterable[dict[str, Any]]:
    """The claim's own node, then the nodes of its evidence."""
    numbered = list(enumerate(claim.evidence, 1))
    node: dict[str, Any] = {
        "@id": mint.claim(claim.id),
        "@type": "Claim",
        "dct:identifier": {"@value": claim.id},
        "statedIn": {"@id": mint.document(claim.document)},
        **claim.metadata,
    }
    if numbered:
        node["supportedBy"] = [{"@id": mint.evidence(claim.id, number)} for number, _ in numbered]
    if claim.notes:
        node["skos:editorialNote"] = _texts(claim.notes)
    yield node
    for number, evidence in numbered:
        yield _evidence(claim, number, evidence, mint)


def _evidence(claim: Claim, number: int, evidence: Evidence, mint: Minter) -> dict[str, Any]:
    here = mint.claim(claim.id)
    target: dict[str, Any] = {
        "@id": f"{here}#target-{number}",
        "@type": "oa:SpecificResource",
        "oa:hasSource": {"@id": mint.document(claim.document)},
    }
    if evidence.exact is not None:
        target["oa:hasSelector"] = [
            {
                "@id": f"{here}#position-{number}",
                "@type": "oa:TextPositionSelector",
                "oa:start": {"@value": evidence.start},
                "oa:end": {"@value": evidence.end},
            },
            {
                "@id": f"{here}#quote-{number}",
                "@type": "oa:TextQuoteSelector",
                "oa:exact": {"@value": evidence.exact},
            },
        ]
    node: dict[str, Any] = {
        "@id": mint.evidence(claim.id, number),
        "@type": "Evidence",
        "oa:motivatedBy": {"@id": "oa:identifying"},
        "oa:hasBody": {"@id": here},
        "oa:hasTarget": target,
    }
    if evidence.sentence is not None:
        node["sentenceNumber"] = {"@value": evidence.sentence}
    return node


def _mirrored(claims: Iterable[Claim], mint: Minter) -> Iterable[dict[str, Any]]:
    """The other direction of symmetric relations, so that a plain query finds them from both ends."""
    for claim in claims:
        for name in _SYMMETRIC:
            for other in claim.metadata.get(name, ()):
                yield {"@id": other["@id"], name: [{"@id": mint.claim(claim.id)}]}


def _texts(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"@value": text, "@language": language} for language, text in pairs]
