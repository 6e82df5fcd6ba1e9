"""Which claims state what a result is about: the line to mend is theirs, not that of the first claim about a thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyoxigraph as ox
from rdflib import SH, Graph, URIRef

from kg.shacl.report import Result


class Origins:
    """The graphs of the statements behind a result, as far as it tells which they are.

    A result with a path is about the values of its focus node; one without, of a shape that has the subjects of a
    property for its nodes (`sh:targetSubjectsOf`), is about the statements of this property.

    >>> from kg.shacl.report import VIOLATION
    >>> one, other = (ox.NamedNode(f"urn:claim:{n}") for n in (1, 2))
    >>> lab, name = ox.NamedNode("urn:lab"), ox.NamedNode("urn:name")
    >>> quads = [ox.Quad(lab, name, ox.Literal("a"), one), ox.Quad(lab, name, ox.Literal("b", language="fr"), other)]
    >>> origins = Origins(quads, Graph())
    >>> origins(Result("urn:lab", VIOLATION, "", path="urn:name", value='"b"@fr')), origins(Result("urn:lab", "", ""))
    (('urn:claim:2',), ())
    """

    def __init__(self, quads: Collection[ox.Quad], shapes: Graph) -> None:
        self._quads, self._shapes = quads, shapes
        self._about: dict[str, list[ox.Quad]] = {}

    def __call__(self, result: Result) -> Collection[str]:
        if not self._about:
            for quad in self._quads:
                if isinstance(quad.subject, ox.NamedNode):
                    self._about.setdefault(quad.subject.value, []).append(quad)
        predicates = {result.path} if result.path is not None else set(self._targets(result.shape))
        stated = [quad for quad in self._about.get(result.focus, ()) if quad.predicate.value in predicates]
        exactly = [quad for quad in stated if _text(quad.object) == result.value]
        return tuple(dict.fromkeys(_text(quad.graph_name) for quad in exactly or stated))

    def _targets(self, shape: str | None) -> Iterable[str]:
        return map(str, self._shapes.objects(URIRef(shape), SH.targetSubjectsOf)) if shape is not None else ()


def _text(term: object) -> str:
    """A term as results have it: an IRI plain, a literal as N-Triples writes it."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)
