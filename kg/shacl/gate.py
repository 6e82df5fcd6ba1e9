"""The gate that a build passes: two levels of shapes, one report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.collecting import uncollected
from kg.ontology.shapes import TERM_SHAPE
from kg.shacl.graph.columns import TYPE, Columns
from kg.shacl.graph.lines import Level, Lines, in_blocks
from kg.shacl.native import validate
from kg.shacl.report import SH, Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph


class GateColumns:
    """What the gate judges, filled from lines of N-Quads in one pass.

    `union` is the union of every graph; `derived` is the default graph with the graph of the ontology, by its IRI. Both
    have one table of terms.

    >>> columns = GateColumns("urn:ontology")
    >>> columns.add_block(b"<urn:a> <urn:p> <urn:b> .\\n<urn:a> <urn:p> <urn:c> <urn:g> .\\n")
    >>> [len(data.column("urn:p").subjects) for data in (columns.union, columns.derived)]
    [2, 1]
    """

    def __init__(self, ontology: str) -> None:
        self.union = Columns()
        self.derived = Columns(self.union.terms)
        levels: list[Level] = [
            (self.union.extend, None),
            (self.derived.extend, frozenset({b"", f"<{ontology}>".encode()})),
        ]
        self._lines = Lines(self.union.terms, levels)

    def add_block(self, block: bytes) -> None:
        """Add whole lines (a MiB of them is a good size; the last one may lack its end).

        :raises SyntaxError: with the number of the line, if one is ill-formed
        :raises DataError: if a term is beyond RDF 1.1
        """
        self._lines.add_block(block)


@uncollected()
def gate(
    lines: Iterable[str] | GateColumns,
    ontology: str,
    claims: ShapesGraph,
    default_graph: ShapesGraph,
    terms: ShapesGraph | None = None,
) -> Report:
    """Validate a release, given as the lines of N-Quads that are published or as their columns, on two levels.

    The shapes of `claims` (claims, evidence, quantities, documents, entities) see the union of every graph, where each
    claim meets its evidence. Those of `default_graph` see the derived default graph together with the graph `ontology`,
    which tells them what is a subclass of what: two sources that contradict each other never meet there, so cardinality
    can be asked. Those of `terms` hold on both levels: a type that only a claim outside of the default graph tells
    makes no statement right there. A thing that has no type at all in the default graph, as where a plan is left out in
    part, is judged by all that is stated.

    :raises ShapesError: if a query of a shape cannot be evaluated
    """
    if isinstance(lines, GateColumns):
        columns = lines
    else:
        columns = GateColumns(ontology)
        for block in in_blocks(line.encode() for line in lines):
            columns.add_block(block)
    union, derived = columns.union, columns.derived
    levels = [validate(union, claims, details=True), validate(derived, default_graph, details=True)]
    found = [result for level in levels for result in level.results]
    if terms is not None:
        levels.append(validate(union, terms, details=True))
        found += levels[-1].results
        found += [
            result for result in validate(derived, terms, details=True).results if not _is_untyped(result, derived)
        ]
    return make_report(_once(found), {name: n for level in levels for name, n in level.coverage.items()})


def _is_untyped(result: Result, data: Columns) -> bool:
    """Whether a result asks for the class of something of which the data tell no type."""
    if result.component != f"{SH}ClassConstraintComponent" or result.value is None:
        return False
    return data.terms.iri(result.value) not in data.column(TYPE).forward


def _once(results: Iterable[Result]) -> Iterator[Result]:
    """The results, each once: the shapes of terms hold on both levels, and give way to one that says the same."""
    unique = list({(result, _asked(result)): result for result in results}.values())
    said = {_what(result) for result in unique if not _is_of_term(result)}
    return (result for result in unique if not _is_of_term(result) or _what(result) not in said)


def _asked(result: Result) -> object:
    """What a result asks for: a shape may ask for two classes, and a value be of neither."""
    return None if result.reason is None else (result.reason.key, result.reason.terms)


def _what(result: Result) -> tuple[str | None, ...]:
    return result.focus, result.path, result.component, result.value


def _is_of_term(result: Result) -> bool:
    return (result.shape or "").startswith(TERM_SHAPE)
