"""Where things are written in files of RDF: told when something is wrong, and beside a release for its pages."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.rdf import RdfFile, numbered_label
from kg.rdfdata.reading import Reading, followed
from kg.shacl.origins import place_in_file


def places(file: RdfFile, reading: Reading) -> Iterator[tuple[str, int]]:
    """The things that a file speaks of, and their properties (`place_in_file`), with the lines of its statements.

    Blank nodes have their IRIs.

    :param reading: of this file: it is read first for the names of its blank nodes
    """
    for iri, predicate, line, _ in graph_places(file, reading):
        yield iri, line
        yield place_in_file(iri, predicate), line


def graph_places(file: RdfFile, reading: Reading) -> Iterator[tuple[str, str, int, str]]:
    """Of each statement its subject, its property, its line and its graph, that without a name by the empty text."""
    reading.read(len)
    met: dict[str, str] = {}

    def name(term: object) -> str:
        if isinstance(term, ox.BlankNode):
            known = met.get(term.value)
            if known is None:
                known = met[term.value] = reading.iri_of(numbered_label(len(met)))
            return known
        return term.value if isinstance(term, ox.NamedNode) else ""

    for quad, line in followed(file):
        subject, _, graph = map(name, (quad.subject, quad.object, quad.graph_name))
        if subject:
            yield subject, quad.predicate.value, line, graph
