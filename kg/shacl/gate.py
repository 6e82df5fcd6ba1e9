"""The gate that a build passes: two levels of shapes, one report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.collecting import uncollected
from kg.ontology.shapes import TERM_SHAPE
from kg.shacl.graph.columns import TYPE, Columns
from kg.shacl.native import validate
from kg.shacl.process import SECONDS
from kg.shacl.report import SH, Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph


@uncollected()
def gate(  # noqa: PLR0913 -- the levels, and one limit
    lines: Sequence[str],
    ontology: str,
    claims: ShapesGraph,
    default_graph: ShapesGraph,
    terms: ShapesGraph | None = None,
    *,
    query_seconds: float = SECONDS,
) -> Report:
    """Validate a release, given as the lines of N-Quads that are published, on two levels.

    The shapes of `claims` (claims, evidence, quantities, documents, entities) see the union of every graph, where each
    claim meets its evidence. Those of `default_graph` see the derived default graph together with the graph `ontology`,
    which tells them what is a subclass of what: two sources that contradict each other never meet there, so cardinality
    can be asked. Those of `terms` hold on both levels: a type that only a claim outside of the default graph tells
    makes no statement right there. A thing that has no type at all in the default graph, as where a plan is left out in
    part, is judged by all that is stated. One evaluation of a query of a shape may take `query_seconds`.

    :raises ShapesError: if a query of a shape cannot be evaluated
    :raises EngineFailed: if one takes too long, or too much memory
    """
    encoded = [line.encode() for line in lines]
    union = Columns.from_lines(encoded)
    derived = Columns.from_lines(encoded, frozenset({b"", f"<{ontology}>".encode()}))
    levels = [validate(union, claims, query_seconds), validate(derived, default_graph, query_seconds)]
    found = [result for level in levels for result in level.results]
    if terms is not None:
        levels.append(validate(union, terms, query_seconds))
        found += levels[-1].results
        below = validate(derived, terms, query_seconds)
        found += [result for result in below.results if not _is_untyped(result, derived)]
    return make_report(_once(found), {name: n for level in levels for name, n in level.coverage.items()})


def _is_untyped(result: Result, data: Columns) -> bool:
    """Whether a result asks for the class of something of which the data tell no type."""
    if result.component != f"{SH}ClassConstraintComponent" or result.value is None:
        return False
    return data.terms.iri(result.value) not in data.column(TYPE).forward


def _once(results: Iterable[Result]) -> Iterator[Result]:
    """The results, each once: the shapes of terms hold on both levels, and give way to one that says the same."""
    unique = dict.fromkeys(results)
    said = {_what(result) for result in unique if not _is_of_term(result)}
    return (result for result in unique if not _is_of_term(result) or _what(result) not in said)


def _what(result: Result) -> tuple[str | None, ...]:
    return result.focus, result.path, result.component, result.value


def _is_of_term(result: Result) -> bool:
    return (result.shape or "").startswith(TERM_SHAPE)
