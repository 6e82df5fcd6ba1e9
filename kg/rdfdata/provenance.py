"""What a release says of a file of RDF: the document that it is, and the claims that its graphs are.

The evidence of such a claim is the file itself, from its first line to its last (RFC 5147, section 2.2.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kg.rdfdata.model import DataFile, StatedGraph
from kg.rml.compile.columns import escape
from kg.terms import ZEL, Minter, expand

RFC5147: Final = "http://tools.ietf.org/rfc/rfc5147"
"""How places in plain text are written (Web Annotation Data Model, section 4.2.1)."""


Claims = Mapping[str, tuple[StatedGraph, str]]


def describe(data: DataFile, sha256: str, lines: int, claims: Claims, mint: Minter) -> bytes:
    """The lines about a file and its claims, in the graph of claims.

    :param claims: by their ids those that the file has, each with the IRI of its graph in the file, or nothing
    """
    graph = f"<{mint.graph('claims')}>"
    triples = [*_document(data, sha256, mint)]
    for claim, (stated, own) in claims.items():
        triples += _claim(data, claim, stated, mint)
        triples += _evidence(data, claim, lines, mint)
        if own:
            triples.append((mint.claim(claim), "dct:source", f"<{own}>"))
    return "".join(f"<{s}> <{p if '://' in p else expand(p)}> {o} {graph} .\n" for s, p, o in triples).encode()


_Triples = Iterator[tuple[str, str, str]]


def _document(data: DataFile, sha256: str, mint: Minter) -> _Triples:
    iri, about = mint.document(data.slug), data.document
    yield iri, "zel:fileName", _text(data.name)
    if about is None:
        return
    yield iri, "rdf:type", f"<{ZEL}SourceDocument>"
    for language, title in about.title.items():
        yield iri, "dct:title", _text(title) + (f"@{language}" if language else "")
    yield iri, "dct:language", _text(about.language)
    yield iri, "dct:publisher", _text(about.publisher)
    yield iri, "zel:licenceNote", _text(about.licence)
    yield iri, "dct:identifier", _text(f"sha256:{sha256}")
    if about.address is not None:
        yield iri, "schema:url", f"<{about.address}>"
    if about.date is not None:
        yield iri, "dct:issued", f"{_text(about.date)}^^<{expand('edtf:EDTF')}>"


def _claim(data: DataFile, claim: str, stated: StatedGraph, mint: Minter) -> _Triples:
    iri = mint.claim(claim)
    yield iri, "rdf:type", f"<{ZEL}Claim>"
    yield iri, "dct:identifier", _text(claim)
    yield iri, "zel:statedIn", f"<{mint.document(data.slug)}>"
    for link, values in stated.said.items():
        for value in values:
            yield iri, link, value.decode()


def _evidence(data: DataFile, claim: str, lines: int, mint: Minter) -> _Triples:
    iri, evidence = mint.claim(claim), mint.evidence(claim, 1)
    target, selector = f"{iri}#target-1", f"{iri}#selector-1"
    yield iri, "zel:supportedBy", f"<{evidence}>"
    yield evidence, "rdf:type", f"<{ZEL}Evidence>"
    yield evidence, "oa:motivatedBy", f"<{expand('oa:identifying')}>"
    yield evidence, "oa:hasBody", f"<{iri}>"
    yield evidence, "oa:hasTarget", f"<{target}>"
    yield target, "rdf:type", f"<{expand('oa:SpecificResource')}>"
    yield target, "oa:hasSource", f"<{mint.document(data.slug)}>"
    yield target, "oa:hasSelector", f"<{selector}>"
    yield selector, "rdf:type", f"<{expand('oa:FragmentSelector')}>"
    yield selector, "rdf:value", _text(f"line=0,{lines}")
    yield selector, "dct:conformsTo", f"<{RFC5147}>"


def _text(text: str) -> str:
    return f'"{escape(text)}"'
