"""Validation by the engine of this package: shapes and data in, a report out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from kg.collecting import uncollected
from kg.shacl.constraints import CHECKS
from kg.shacl.engine import Engine
from kg.shacl.explaining import told
from kg.shacl.graph.columns import Columns
from kg.shacl.report import Report, Result, make_report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.shapes.model import Shape, ShapeId
from kg.shacl.sparql.process import SECONDS, QueryProcess
from kg.shacl.sparql.store import QueryStore

Watch = Callable[[ShapeId, int, int], None]
"""Hears which shape comes next, how many were done before it, and how many there are."""


@uncollected()
def validate(  # noqa: PLR0913 -- what judges what, and how much is told of it
    data: Columns,
    shapes: ShapesGraph,
    disallowed: frozenset[str] | None = None,
    *,
    query_seconds: float = SECONDS,
    details: bool = False,
    watch: Watch = lambda *_: None,
) -> Report:
    """Validate a data graph (SHACL Core, of the version of the shapes, and SHACL-SPARQL and targets of SHACL-AF).

    In SHACL 1.2 data conform, and nodes to shapes inside of shapes, unless there is a result of a severity that is
    `disallowed`: `sh:Violation`, `sh:Warning` and `sh:Info`, if nothing else is said.

    One evaluation of a query of a shape may take `query_seconds` of processor time.

    With `details` each result that other shapes made tells why a value does not fit them (`sh:detail`): up to a number,
    and up to a depth.

    :raises ShapesError: if a query of a shape cannot be evaluated, or a regular expression takes too long
    :raises EngineFailed: if a query of a shape takes too long, or too much memory
    :raises DataError: if the data hold what the version of the shapes does not know
    """
    found: list[Result] = []
    with engine_for(data, shapes, disallowed, query_seconds=query_seconds) as engine:
        names = list(engine.targeted())
        for number, name in enumerate(names):
            watch(name, number, len(names))
            found += results(engine, name, details=details)
    return make_report(found, engine.focus_nodes, engine.disallowed)


@contextmanager
def engine_for(
    data: Columns, shapes: ShapesGraph, disallowed: frozenset[str] | None = None, *, query_seconds: float = SECONDS
) -> Iterator[Engine]:
    """The engine that validates a data graph by shapes; the process of its queries ends with the context.

    :raises DataError: if the data hold what the version of the shapes does not know
    """
    with QueryProcess(QueryStore(data, shapes.quads), query_seconds) as queries:
        yield Engine(data, shapes.shapes, CHECKS, queries, disallowed)


def results(engine: Engine, name: ShapeId, *, details: bool = False) -> list[Result]:
    """The results of one shape with targets, as they come: a report orders them, and names blank nodes.

    :raises ShapesError: as `validate`
    """
    return told(engine, list(engine.validated(name)), details=details)


def coverage(data: Columns, shapes: ShapesGraph, query_seconds: float = SECONDS) -> Mapping[ShapeId, int]:
    """How many focus nodes each shape with targets has, without validating them.

    :raises ShapesError: if a query of a target cannot be evaluated
    :raises EngineFailed: if one takes too long, or too much memory
    """
    with engine_for(data, shapes, query_seconds=query_seconds) as engine:
        return {name: len(engine.focus(shapes.shapes.by_id[name])) for name in engine.targeted()}


def results_by_node(engine: Engine, shape: Shape, nodes: Sequence[int]) -> Mapping[str, list[Result]]:
    """The results of a shape with targets for some nodes, by the focus node that they make not conform.

    :raises ShapesError: as `validate`
    """
    found = list(engine.findings_anew(shape, nodes))
    by_node: dict[str, list[Result]] = {}
    for (node, _), result in zip(found, told(engine, [finding for _, finding in found], details=True), strict=True):
        by_node.setdefault(engine.data.terms.text(node), []).append(result)
    return by_node
