"""The gate that a build passes: two levels of shapes, one report."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, dropwhile, islice, pairwise
from typing import Final

from kg.collecting import uncollected
from kg.shacl.graph.columns import TYPE, Columns
from kg.shacl.graph.lines import Level, Lines, Row
from kg.shacl.native import engine_for
from kg.shacl.report import SH, Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.sparql.process import SECONDS
from kg.shacl.verdicts import Verdict, judge, lasting_names
from kg.terms import TERM_SHAPE

UNION: Final = "union"
"""Everything that is stated, in whatever graph."""
DERIVED: Final = "derived"
"""The default graph and the ontology."""
TURNS: Final = ((UNION, 0), (DERIVED, 1), (UNION, 2), (DERIVED, 2))
"""Which data graph is validated by which shapes: those of the claims, of the default graph, of the terms."""
Statement = tuple[int, int, int]
_NONE: Final[Statement] = (-1, -1, -1)
"""No statement."""


class _Repeated:
    """Hands statements on to columns, and counts those that the line before states of another graph."""

    def __init__(self, data: Columns) -> None:
        self._data = data
        self._last = _NONE
        self.pairs: dict[int, array[int]] = {}
        """By predicate the subject and the object, in 32 bits each, once for every further graph."""

    def extend(self, statements: Iterable[Statement]) -> None:
        found = list(statements)
        last = self._last
        again = [one for before, one in pairwise(chain((last,), found)) if one == before]
        for subject, predicate, value in again:
            known = self.pairs.get(predicate)
            if known is None:
                known = self.pairs[predicate] = array("Q")
            known.append(subject << 32 | value)
        if found:
            self._last = found[-1]
            self._data.extend(dropwhile(lambda one: one == last, found) if found[0] == last else found)


_PART: Final = 1 << 13
"""Lines that are taken apart at once."""


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
        union, derived = _Repeated(self.union), _Repeated(self.derived)
        self.graphs: Mapping[str, Columns] = {UNION: self.union, DERIVED: self.derived}
        self.repeated: Mapping[str, Mapping[int, array[int]]] = {UNION: union.pairs, DERIVED: derived.pairs}
        """What was met more often than the columns have it: pairs by predicate, each once for every further time."""
        levels: list[Level] = [
            (union.extend, None),
            (derived.extend, frozenset({b"", f"<{ontology}>".encode()})),
        ]
        self._lines = Lines(self.union.terms, levels)

    def add_block(self, block: bytes) -> None:
        """Add whole lines (the last one may lack its end).

        :raises SyntaxError: with the number of the line, if one is ill-formed
        """
        self._lines.add_block(block)

    def add_rows(self, block: bytes, rows: Sequence[Row]) -> None:
        """Add whole lines that are taken apart already: a row for each.

        :raises SyntaxError: with the number of the line, if one is ill-formed
        """
        self._lines.add_rows(rows, block)


@uncollected()
def gate(  # noqa: PLR0913 -- the levels, and one limit
    lines: Iterable[str] | GateColumns,
    ontology: str,
    claims: ShapesGraph,
    default_graph: ShapesGraph,
    terms: ShapesGraph | None = None,
    *,
    query_seconds: float = SECONDS,
) -> Report:
    """Validate a release, given as the lines of N-Quads that are published or as their columns, on two levels.

    The shapes of `claims` (claims, evidence, quantities, documents, entities) see the union of every graph, where each
    claim meets its evidence. Those of `default_graph` see the derived default graph together with the graph `ontology`,
    which tells them what is a subclass of what: two sources that contradict each other never meet there, so cardinality
    can be asked. Those of `terms` hold on both levels: a type that only a claim outside of the default graph tells
    makes no statement right there. A thing that has no type at all in the default graph, as where a plan is left out in
    part, is judged by all that is stated. One evaluation of a query of a shape may take `query_seconds`.

    :raises ShapesError: if a query of a shape cannot be evaluated
    :raises EngineFailed: if one takes too long, or too much memory
    """
    levels = (claims, default_graph) if terms is None else (claims, default_graph, terms)
    return judged(
        lines if isinstance(lines, GateColumns) else gate_columns(lines, ontology), levels, query_seconds
    ).report


def gate_columns(lines: Iterable[str], ontology: str) -> GateColumns:
    """The columns of lines.

    :raises SyntaxError: with the number of the line, if one is ill-formed
    """
    columns = GateColumns(ontology)
    waiting = iter(lines)
    while part := [*islice(waiting, _PART)]:
        columns.add_block("\n".join(line.removesuffix("\n") for line in part).encode())
    return columns


@dataclass(frozen=True, slots=True)
class Judged:
    """What the gate found, and in which columns."""

    report: Report
    verdicts: tuple[Verdict, ...]
    """One for each of `TURNS`."""
    columns: GateColumns


@uncollected()
def judged(columns: GateColumns, levels: Sequence[ShapesGraph], query_seconds: float = SECONDS) -> Judged:
    """Run the gate: `levels` are the shapes of the claims, of the default graph and, if there are such, of the terms.

    :raises ShapesError: if a query of a shape cannot be evaluated
    :raises EngineFailed: if one takes too long, or too much memory
    """
    names = names_of(levels)
    verdicts: list[Verdict] = []
    for name, place in turns(levels):
        with engine_for(columns.graphs[name], levels[place], query_seconds=query_seconds) as engine:
            verdicts.append(judge(engine, levels[place], names[place]))
    return Judged(assembled(verdicts, names, columns.derived), tuple(verdicts), columns)


Names = Sequence[Mapping[str, str]]
"""The lasting names of the shapes of each level."""


def names_of(levels: Sequence[ShapesGraph]) -> Names:
    """The lasting names of the shapes of levels."""
    return [lasting_names(level, place) for place, level in enumerate(levels)]


def turns(levels: Sequence[object]) -> tuple[tuple[str, int], ...]:
    """Those of `TURNS` for which there are shapes."""
    return tuple((name, place) for name, place in TURNS if place < len(levels))


def assembled(verdicts: Sequence[Verdict], names: Names, derived: Columns) -> Report:
    """One report of what was found in each of `TURNS`.

    Results stand in one order, whichever of them were found anew, and the names of blank shapes follow from it.
    """
    found: list[Result] = []
    coverage: dict[str, int] = {}
    labels: dict[str, str] = {}
    for (name, place), verdict in zip(turns(names), verdicts, strict=True):
        results = [r for nodes in verdict.results.values() for told in nodes.values() for r in told]
        is_second = (name, place) == TURNS[-1]
        found += [result for result in results if not (is_second and _is_untyped(result, derived))]
        labels |= {kept: shape for shape, kept in names[place].items()}
        if not is_second:
            coverage |= {shape: verdict.counts[kept] for shape, kept in names[place].items() if kept in verdict.counts}
    report = make_report(sorted(_once(found), key=_place), coverage)
    return replace(report, labels={name: labels.get(label, label) for name, label in report.labels.items()})


def _place(result: Result) -> tuple[str, str, str]:
    return result.shape or "", result.focus, result.value or ""


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
