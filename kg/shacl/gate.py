"""The gate that a build passes: two levels of shapes, one report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import Graph

from kg.ontology.shapes import TERM_SHAPE
from kg.shacl.reference import validate
from kg.shacl.report import Report, Result, make_report


def gate(
    all_graph: Graph, default_graph: Graph, ontology_graph: Graph, claims_shapes: Graph, domain_shapes: Graph
) -> Report:
    """Validate a release on two levels.

    `claims_shapes` (claims, evidence, quantities, documents, entities) see the union of every graph, where each claim
    meets its evidence. `domain_shapes` see the derived default graph together with the ontology, which tells them what
    is a subclass of what: two sources that contradict each other never meet there, so cardinality can be asked.

    :raises ShapesError: if shapes are malformed, recursive or beyond what is supported
    :raises TypeError: if a graph is not one that rdflib keeps in memory
    """
    domain = Graph()
    for graph in (default_graph, ontology_graph):
        domain += graph
    found = (*validate(all_graph, claims_shapes).results, *validate(domain, domain_shapes).results)
    return make_report(_once(found))


def _once(results: Iterable[Result]) -> Iterator[Result]:
    """The results, each once: the shapes of terms hold on both levels, and give way to one that says the same."""
    unique = dict.fromkeys(results)
    said = {_what(result) for result in unique if not _is_of_term(result)}
    return (result for result in unique if not _is_of_term(result) or _what(result) not in said)


def _what(result: Result) -> tuple[str | None, ...]:
    return result.focus, result.path, result.component, result.value


def _is_of_term(result: Result) -> bool:
    return (result.shape or "").startswith(TERM_SHAPE)
