"""Proving what a change can reach, and taking every other result from what was proved before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pyoxigraph as ox

from kg.collecting import uncollected
from kg.shacl.constraints import CHECKS
from kg.shacl.engine import Engine
from kg.shacl.gate import DERIVED, UNION, assembled, names_of, turns
from kg.shacl.graph.columns import SUBCLASS
from kg.shacl.graph.terms import Terms
from kg.shacl.incremental.packing import Packed
from kg.shacl.incremental.reach import Reach
from kg.shacl.incremental.surroundings import LocalStore
from kg.shacl.incremental.views import Pair, View
from kg.shacl.report import Report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.shapes.model import Shape, ShapeId
from kg.shacl.sparql.process import SECONDS, QueryProcess
from kg.shacl.verdicts import ByNode, Verdict, acting, results_of

_AT_ONCE = 20
"""Up to so many focus nodes a query is asked node by node, in its surroundings."""
_FEW = 400
"""For more focus nodes it pays to ask for all at once."""
Changed = Mapping[int, Sequence[Pair]]
"""The statements that come or go, by predicate."""


@dataclass(frozen=True, slots=True)
class State:
    """A graph that was proved, and what was found."""

    graphs: Mapping[str, View]
    """By level (`kg.shacl.gate`), with one table of terms."""
    verdicts: tuple[Verdict, ...]

    @classmethod
    def opened(cls, packed: Packed, verdicts: tuple[Verdict, ...]) -> State:
        """The state of a graph as it was packed."""
        graphs = {level: View(packed.level(level), packed.terms) for level in (UNION, DERIVED)}
        return cls(MappingProxyType(graphs), verdicts)

    def moved(self, removed: Iterable[bytes], added: Iterable[bytes], ontology: str) -> State:
        """The state of a graph that differs in these lines, of which the verdicts are those already.

        :raises ValueError: if a line is removed that is not there
        """
        return State(_changed(self, _stated_by(removed, added), ontology)[0], self.verdicts)


@dataclass(frozen=True, slots=True)
class Revalidated:
    """What a change makes of a state."""

    state: State
    report: Report
    """That of the gate, as if all had been proved again."""
    proved: int
    """How many pairs of a shape and a focus node were proved."""


@uncollected()
def revalidate(  # noqa: PLR0913 -- a state, a change, what judges it, and one limit
    state: State,
    removed: Iterable[bytes],
    added: Iterable[bytes],
    ontology: str,
    levels: Sequence[ShapesGraph],
    *,
    query_seconds: float = SECONDS,
) -> Revalidated:
    """Prove a graph of which another state was proved, by the same shapes (`kg.shacl.gate.judged`).

    `removed` are lines of N-Quads that the graph had and has no more, `added` those that it has now, in canonical form.
    If the graph `ontology` or the class hierarchy changes, everything is proved.

    :raises ValueError: if a line is removed that is not there
    :raises ShapesError: if a query of a shape cannot be evaluated
    :raises EngineFailed: if one takes too long, or too much memory
    """
    quads = _stated_by(removed, added)
    after, changed = _changed(state, quads, ontology)
    is_schema = any(_is_of(quad, ontology) or quad.predicate.value == SUBCLASS for _, quad in quads)
    names = names_of(levels)
    verdicts, proved = [], 0
    for (level, place), verdict in zip(turns(levels), state.verdicts, strict=True):
        views = (state.graphs[level], after[level])
        reach = Reach(levels[place].shapes, *views, changed[level])
        with QueryProcess(LocalStore(views[1], levels[place].quads), query_seconds) as queries:
            engine = Engine(views[1], levels[place].shapes, CHECKS, queries)
            turn = _Turn(levels[place], names[place], engine, reach, is_whole=is_schema)
            found, count = turn.proved(verdict)
        verdicts.append(found)
        proved += count
    report = assembled(verdicts, names, after[DERIVED])
    return Revalidated(State(after, tuple(verdicts)), report, proved)


Stated = Sequence[tuple[int, ox.Quad]]
"""Statements, each with 1 if it comes and -1 if it goes."""


def _stated_by(removed: Iterable[bytes], added: Iterable[bytes]) -> Stated:
    return [*((-1, quad) for quad in _parsed(removed)), *((1, quad) for quad in _parsed(added))]


def _changed(state: State, quads: Stated, ontology: str) -> tuple[Mapping[str, View], Mapping[str, Changed]]:
    """The graphs after a change, and what comes or goes in each of them."""
    after: dict[str, View] = {}
    changed: dict[str, Changed] = {}
    for level, graph in state.graphs.items():
        seen = quads if level == UNION else [(times, quad) for times, quad in quads if _is_derived(quad, ontology)]
        after[level], changed[level] = graph.changed(_stated(graph.terms, seen))
    return MappingProxyType(after), changed


def _parsed(lines: Iterable[bytes]) -> Iterator[ox.Quad]:
    return iter(ox.parse(b"\n".join(line.removesuffix(b"\n") for line in lines), format=ox.RdfFormat.N_QUADS))


def _is_of(quad: ox.Quad, graph: str) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value == graph


def _is_derived(quad: ox.Quad, ontology: str) -> bool:
    return isinstance(quad.graph_name, ox.DefaultGraph) or _is_of(quad, ontology)


def _stated(terms: Terms, quads: Iterable[tuple[int, ox.Quad]]) -> dict[int, dict[Pair, int]]:
    """By how many graphs more or fewer each statement is stated, by predicate."""
    found: dict[int, dict[Pair, int]] = {}
    for times, quad in quads:
        pairs = found.setdefault(terms.of(quad.predicate), {})
        pair = (terms.of(quad.subject), terms.of(quad.object))
        pairs[pair] = pairs.get(pair, 0) + times
    return found


class _Turn:
    """One data graph and one shapes graph."""

    def __init__(
        self,
        graph: ShapesGraph,
        names: Mapping[ShapeId, str],
        engine: Engine,
        reach: Reach,
        *,
        is_whole: bool,
    ) -> None:
        self._graph, self._names = graph, names
        self._engine, self._reach, self._is_whole = engine, reach, is_whole

    def proved(self, verdict: Verdict) -> tuple[Verdict, int]:
        """The verdict after the change, and how many focus nodes were proved for it."""
        counts, results, proved = dict(verdict.counts), dict(verdict.results), 0
        for shape_id, shape in acting(self._graph).items():
            name = self._names[shape_id]
            plan = None if self._is_whole else self._plan(shape_id, shape)
            if plan is None:
                nodes = self._engine.targets(shape.targets)
                counts[name], found = len(nodes), results_of(self._engine, shape, nodes, self._names)
            elif plan:
                left, nodes = plan.left, plan.nodes
                counts[name] += plan.more
                found = self._anew(verdict.results.get(name, {}), shape, nodes, left)
            else:
                continue
            proved += len(nodes)
            results.pop(name, None)
            if found:
                results[name] = found
        return Verdict(counts, results), proved

    def _plan(self, shape_id: ShapeId, shape: Shape) -> _Plan | None:
        """Which focus nodes of a shape are to be proved; None for all of them."""
        reach, targets = self._reach, shape.targets
        if not reach.is_fixed(targets):
            return None if reach.is_changed else _Plan()
        touched = reach.touched(shape_id)
        if touched is None:
            return None
        plan = _Plan()
        for node in reach.candidates(targets):
            before, after = (reach.is_target(targets, node, after=when) for when in (False, True))
            plan.more += after - before
            if before and not after:
                plan.left.append(node)
            elif after and not before:
                plan.nodes.append(node)
        new = set(plan.nodes)
        plan.nodes += [n for n in sorted(touched) if n not in new and reach.is_target(targets, n, after=True)]
        # Who tells the results of a circle depends on who stands before it.
        return None if plan and reach.has_circle(shape_id) else plan

    def _anew(self, known: ByNode, shape: Shape, nodes: list[int], left: list[int]) -> ByNode:
        text = self._engine.data.terms.text
        gone = set(map(text, (*nodes, *left)))
        found = {node: results for node, results in known.items() if node not in gone}
        step = _AT_ONCE if len(nodes) <= _FEW else len(nodes)
        for start in range(0, len(nodes), step):
            found |= results_of(self._engine, shape, nodes[start : start + step], self._names)
        return found


class _Plan:
    """What is to be proved of one shape."""

    def __init__(self) -> None:
        self.nodes: list[int] = []
        """To be proved."""
        self.left: list[int] = []
        """Nodes that are no targets any more."""
        self.more = 0
        """By how many the targets have grown."""

    def __bool__(self) -> bool:
        return bool(self.nodes or self.left)
