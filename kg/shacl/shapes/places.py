"""Where the statements of a file of shapes stand, as well as its syntax lets it be found out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast
from urllib.parse import urljoin

import pyoxigraph as ox

from kg.rdf.grammar import SCHEME
from kg.rdf.turtle_positions import Places
from kg.shacl.graph.terms import Term
from kg.shacl.graph.xsd import RDF
from kg.shacl.shapes.statements import Place

_BY_LINE: Final = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_LIKE_TURTLE: Final = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)


def lines_of(content: bytes, syntax: ox.RdfFormat, base: str, quads: Sequence[ox.Quad]) -> Iterator[tuple[Place, int]]:
    """The lines of statements, of what is said of nodes at all, and of nodes; of some more than one.

    `quads` are the statements in the order of the document. In RDF/XML only nodes with an IRI have lines, and in
    JSON-LD none has.
    """
    if syntax == ox.RdfFormat.RDF_XML:
        yield from _of_xml(content, base)
        return
    lines: Iterator[int | None] = iter(())
    if syntax in _BY_LINE:
        lines = (number for number, text in enumerate(content.split(b"\n"), 1) if _is_statement(text))
    elif syntax in _LIKE_TURTLE:
        places = Places(content.decode("utf-8", "replace"), base)
        lines = (places.line_of(quad.predicate, quad.object) for quad in quads)
    for quad, line in zip(quads, lines, strict=False):
        if line is not None:
            said = quad.predicate.value
            for key in ((said, quad.object), (said, None), (None, None)):
                yield cast("Place", (quad.subject, *key)), line


def _is_statement(line: bytes) -> bool:
    text = line.lstrip()
    return bool(text) and not text.startswith((b"#", b"VERSION", b"@version"))


def _of_xml(content: bytes, base: str) -> Iterator[tuple[Place, int]]:
    from lxml import etree

    parser = etree.XMLParser(no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        return  # told by the parser of RDF/XML, or told without lines
    for element in root.iter():
        node = _subject(element, base)
        if node is not None:
            yield (node, None, None), element.sourceline or 1
            for said in element:
                space, _, local = str(said.tag)[1:].partition("}")
                yield (node, space + local, None), said.sourceline or 1


def _subject(element: object, base: str) -> Term | None:
    attributes = element.attrib  # type: ignore[attr-defined]
    about, name = attributes.get(f"{{{RDF}}}about"), attributes.get(f"{{{RDF}}}ID")
    if about is None and name is None:
        return None
    base = element.base or base  # type: ignore[attr-defined]
    iri = about if about is not None else f"#{name}"
    try:
        return ox.NamedNode(iri if SCHEME.match(iri) else urljoin(base, iri))
    except ValueError:
        return None
