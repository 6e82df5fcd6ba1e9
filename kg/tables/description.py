"""What a release says of a table itself: its file, where it comes from, the mapping, the run of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from kg.records.model import Document
from kg.rml.run.engine import VERSION as ENGINE
from kg.rml.run.folder import digest
from kg.tables.model import Table
from kg.terms import ZEL, Minter, expand


def describe(
    table: Table, used: Iterable[Table], documents: Mapping[str, Document], cited: Iterable[str], mint: Minter
) -> list[ox.Quad]:
    """The statements about a table in the graph of claims.

    :param used: the tables that its triples depend on, itself among them
    :param cited: the documents that its rows name, as IRIs
    :raises StorageError: if a file cannot be read
    """
    graph = ox.NamedNode(mint.graph("claims"))
    triples = [*_table(table, documents, cited, mint), *_run(table, used, mint)]
    return [ox.Quad(_node(subject), _node(expand(predicate)), value, graph) for subject, predicate, value in triples]


_Triples = Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]


def _table(table: Table, documents: Mapping[str, Document], cited: Iterable[str], mint: Minter) -> _Triples:
    iri, document = mint.table(table.slug), documents.get(table.document or "")
    yield iri, "rdf:type", _node(ZEL + "Table")
    for language, text in (document.title if document is not None else table.title).items():
        yield iri, "dct:title", ox.Literal(text, language=language)
    yield iri, "dct:publisher", ox.Literal(document.publisher if document is not None else table.publisher)
    yield iri, "zel:licenceNote", ox.Literal(document.licence if document is not None else table.licence)
    yield iri, "zel:fileName", ox.Literal(table.name)
    yield iri, "dct:identifier", ox.Literal(f"sha256:{digest(table.path)}")
    own = () if table.document is None else (mint.document(table.document),)  # which no row names while there is none
    for name in sorted({*cited, *own}):
        yield iri, "prov:wasDerivedFrom", _node(name)


def _run(table: Table, used: Iterable[Table], mint: Minter) -> _Triples:
    iri = mint.table(table.slug)
    mapping, run = f"{iri}#mapping", f"{iri}#run"
    yield mapping, "rdf:type", _node(ZEL + "Mapping")
    yield mapping, "zel:fileName", ox.Literal(table.mapping_name)
    yield mapping, "dct:identifier", ox.Literal(f"sha256:{digest(table.mapping)}")
    yield run, "rdf:type", _node(ZEL + "MappingRun")
    yield run, "zel:engineVersion", ox.Literal(ENGINE)
    yield run, "prov:used", _node(mapping)
    for other in used:
        yield run, "prov:used", _node(mint.table(other.slug))


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)
