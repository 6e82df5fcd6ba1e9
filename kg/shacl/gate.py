"""The gate that a build passes: two levels of shapes, one report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kg.collecting import uncollected
from kg.ontology.shapes import TERM_SHAPE
from kg.shacl.constraints import CHECKS
from kg.shacl.engine import Engine
from kg.shacl.graph.columns import TYPE, Columns
from kg.shacl.report import SH, Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.store import QueryStore
from kg.shacl.verdicts import Verdict, judge, lasting_names

UNION: Final = "union"
"""Everything that is stated, in whatever graph."""
DERIVED: Final = "derived"
"""The default graph and the ontology."""
TURNS: Final = ((UNION, 0), (DERIVED, 1), (UNION, 2), (DERIVED, 2))
"""Which data graph is validated by which shapes: those of the claims, of the default graph, of the terms."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the gate found, and what it looked at."""

    report: Report
    verdicts: tuple[Verdict, ...]
    """One for each of `TURNS`."""
    graphs: Mapping[str, Columns]


def gate(
    lines: Sequence[str],
    ontology: str,
    claims: ShapesGraph,
    default_graph: ShapesGraph,
    terms: ShapesGraph | None = None,
) -> Report:
    """Validate a release, given as the lines of N-Quads that are published, on two levels.

    The shapes of `claims` (claims, evidence, quantities, documents, entities) see the union of every graph, where each
    claim meets its evidence. Those of `default_graph` see the derived default graph together with the graph `ontology`,
    which tells them what is a subclass of what: two sources that contradict each other never meet there, so cardinality
    can be asked. Those of `terms` hold on both levels: a type that only a claim outside of the default graph tells
    makes no statement right there. A thing that has no type at all in the default graph, as where a plan is left out in
    part, is judged by all that is stated.

    :raises ShapesError: if a query of a shape cannot be evaluated
    """
    levels = (claims, default_graph) if terms is None else (claims, default_graph, terms)
    return judged(lines, ontology, levels).report


@uncollected()
def judged(lines: Iterable[str], ontology: str, levels: Sequence[ShapesGraph]) -> Judged:
    """Run the gate: `levels` are the shapes of the claims, of the default graph and, if there are such, of the terms.

    :raises ShapesError: if a query of a shape cannot be evaluated
    """
    encoded = [line.encode() for line in lines]
    graphs = {
        UNION: Columns.from_lines(encoded),
        DERIVED: Columns.from_lines(encoded, derived_graphs(ontology)),
    }
    del encoded
    verdicts = []
    for name, place in turns(levels):
        data, shapes = graphs[name], levels[place]
        engine = Engine(data, shapes.shapes, CHECKS, QueryStore(data, shapes.quads))
        verdicts.append(judge(engine, shapes, lasting_names(shapes, place)))
    return Judged(assembled(verdicts, levels, graphs[DERIVED]), tuple(verdicts), graphs)


def turns(levels: Sequence[ShapesGraph]) -> tuple[tuple[str, int], ...]:
    """Those of `TURNS` for which there are shapes."""
    return tuple((name, place) for name, place in TURNS if place < len(levels))


def derived_graphs(ontology: str) -> frozenset[bytes]:
    """The names of the graphs of the lower level, as lines have them."""
    return frozenset({b"", f"<{ontology}>".encode()})


def assembled(verdicts: Sequence[Verdict], levels: Sequence[ShapesGraph], derived: Columns) -> Report:
    """One report of what was found in each of `TURNS`.

    Results come in the order of shapes and nodes, whichever of them were found anew.
    """
    found: list[Result] = []
    coverage: dict[str, int] = {}
    for (name, place), verdict in zip(turns(levels), verdicts, strict=True):
        results = [r for nodes in verdict.results.values() for told in nodes.values() for r in told]
        is_second = (name, place) == TURNS[-1]
        found += [result for result in results if not (is_second and _is_untyped(result, derived))]
        if not is_second:
            names = lasting_names(levels[place], place)
            coverage |= {shape: verdict.counts[kept] for shape, kept in names.items() if kept in verdict.counts}
    return make_report(sorted(_once(found), key=_place), coverage)


def _place(result: Result) -> tuple[str, str, str]:
    return result.shape or "", result.focus, result.value or ""


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
