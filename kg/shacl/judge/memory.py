"""The one border between Oxigraph's terms and rdflib's: quads in, an rdflib graph in memory out.

pySHACL gives right verdicts on a graph in memory only. Behind an Oxigraph store every plain string comes back as
`"a"^^xsd:string`, which rdflib holds to be another term than `"a"`, and `sh:in ("a" "b")` then fails on valid data.
RDF 1.1 says that the two are one term (RDF 1.1 Concepts, section 3.3); so the datatype is dropped here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.plugins.stores.memory import Memory, SimpleMemory
from rdflib.term import Node

from kg.errors import DataError

_PLAIN = frozenset({XSD.string, RDF.langString})


def memory_graph(quads: Iterable[pyoxigraph.Quad | pyoxigraph.Triple]) -> Graph:
    """The union of the graphs of `quads`, in memory, with plain strings plain and every lexical form as it was.

    :raises DataError: if a term is beyond RDF 1.1: a triple term, or a literal with a direction

    >>> from pyoxigraph import Literal, NamedNode, Quad
    >>> quad = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("a", datatype=NamedNode(str(XSD.string))))
    >>> print([o.n3() for o in memory_graph([quad]).objects()])
    ['"a"']
    """
    graph = Graph(store=Memory())
    with quiet():
        graph.addN((*_triple(quad), graph) for quad in quads)
    return graph


def triples(statements: Iterable[tuple[Node, Node, Node]]) -> Iterator[pyoxigraph.Triple]:
    """Statements of rdflib's as Oxigraph's, without those that have a literal or a blank node where none may stand.

    >>> from rdflib import Literal, URIRef
    >>> [str(triple) for triple in triples([(URIRef("urn:s"), URIRef("urn:p"), Literal("a", lang="fr"))])]
    ['<urn:s> <urn:p> "a"@fr']
    """
    for subject, predicate, value in statements:
        if isinstance(subject, URIRef | BNode) and isinstance(predicate, URIRef):
            made = _oxigraph(subject), _oxigraph(predicate), _oxigraph(value)
            yield pyoxigraph.Triple(*made)  # type: ignore[arg-type]


def _oxigraph(term: Node) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    match term:
        case URIRef():
            return pyoxigraph.NamedNode(str(term))
        case BNode():
            return pyoxigraph.BlankNode(str(term))
        case Literal() if term.language:
            return pyoxigraph.Literal(str(term), language=term.language)
        case Literal():
            datatype = pyoxigraph.NamedNode(str(term.datatype or XSD.string))
            return pyoxigraph.Literal(str(term), datatype=datatype)
    raise TypeError(f"not a term of RDF 1.1: {term!r}")


def is_memory_graph(graph: object) -> bool:
    """Whether `graph` is one graph (no dataset) that rdflib keeps in memory."""
    if not isinstance(graph, Graph) or isinstance(graph, Dataset):
        return False
    return isinstance(graph.store, Memory | SimpleMemory)


def _triple(quad: pyoxigraph.Quad | pyoxigraph.Triple) -> tuple[Node, Node, Node]:
    return _term(quad.subject), URIRef(quad.predicate.value), _term(quad.object)


def _term(term: object) -> URIRef | BNode | Literal:
    match term:
        case pyoxigraph.NamedNode():
            return URIRef(term.value)
        case pyoxigraph.BlankNode():
            return BNode(term.value)
        case pyoxigraph.Literal() if getattr(term, "direction", None) is None:
            datatype = URIRef(term.datatype.value)
            if datatype in _PLAIN:
                return Literal(term.value, lang=term.language)
            return Literal(term.value, datatype=datatype, normalize=False)
    raise DataError(f"a term of RDF 1.2 cannot be validated with SHACL 1.0: {term}")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each ill-typed literal, which the shapes are there to find, and pySHACL
    from writing on stderr what it raises as well.
    """
    silence = _Silence()
    loggers = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate")]
    for logger in loggers:
        logger.addFilter(silence)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(silence)


class _Silence(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.name != "pyshacl-validate" and "Failed to convert Literal" not in record.getMessage()
