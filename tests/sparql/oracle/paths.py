"""Property paths (sections 18.2.2.4, 18.4 and 18.5): the pairs of terms that a path joins, as often as it does."""

from __future__ import annotations

from sparql.oracle.terms import Iri, Term, Triple

from kg.sparql.language.syntax import Alternative, Inverse, Negated, PathLike, Repeated, Sequence, Times

Pairs = list[tuple[Term, Term]]


def pairs(path: PathLike, graph: list[Triple], start: Term | None, end: Term | None) -> Pairs:
    """The pairs that a path joins; None is a variable, a term the only one that may stand there.

    It matters whether a term or a variable stands there: a zero-length path begins at any term that is written, but
    for a variable only at the nodes of the graph.
    """
    match path:
        case Iri():
            found = [(s, o) for s, p, o in graph if p == path]
        case Inverse():
            return turned(pairs(path.path, graph, end, start))
        case Sequence():
            return sequence(path, graph, start, end)
        case Alternative():
            return [pair for part in path.parts for pair in pairs(part, graph, start, end)]
        case Negated():
            found = negated(path, graph)
        case Repeated():
            return repeated(path, graph, start, end)
        case _:
            raise TypeError(path)
    return [(s, o) for s, o in found if fits(s, start) and fits(o, end)]


def fits(term: Term, wanted: Term | None) -> bool:
    return wanted is None or term == wanted


def turned(found: Pairs) -> Pairs:
    return [(o, s) for s, o in found]


def nodes(graph: list[Triple]) -> list[Term]:
    """The subjects and objects of a graph."""
    return list(dict.fromkeys(term for s, _, o in graph for term in (s, o)))


def sequence(path: Sequence, graph: list[Triple], start: Term | None, end: Term | None) -> Pairs:
    """`X P/Q Y` is `X P ?v . ?v Q Y`, with a variable of its own between."""
    first, *rest = path.parts
    if not rest:
        return pairs(first, graph, start, end)
    left, right = pairs(first, graph, start, None), sequence(Sequence(tuple(rest)), graph, None, end)
    return [(s, o) for s, middle in left for other, o in right if middle == other]


def negated(path: Negated, graph: list[Triple]) -> Pairs:
    """`!(a|^b)` is `!(a)` and `^!(b)`; without backward ones there is nothing to go backwards."""
    found: Pairs = []
    if path.forwards or not path.backwards:
        found += [(s, o) for s, p, o in graph if p not in path.forwards]
    if path.backwards:
        found += [(o, s) for s, p, o in graph if p not in path.backwards]
    return found


def repeated(path: Repeated, graph: list[Triple], start: Term | None, end: Term | None) -> Pairs:
    """`?`, `*` and `+`: each pair once."""
    if start is None and end is not None:
        return turned(repeated(Repeated(Inverse(path.path), path.times), graph, end, None))
    starts = nodes(graph) if start is None else [start]
    found = [(one, other) for one in starts for other in reached(path, graph, one)]
    return [(s, o) for s, o in found if fits(o, end)]


def reached(path: Repeated, graph: list[Triple], start: Term) -> list[Term]:
    """Where a path leads from a term, each node once."""
    step = path.path
    if path.times is Times.ZERO_OR_ONE:
        return list(dict.fromkeys([start, *following(step, graph, start)]))
    begin = [start] if path.times is Times.ZERO_OR_MORE else following(step, graph, start)
    visited: dict[Term, None] = {}
    waiting = list(begin)
    while waiting:
        node = waiting.pop()
        if node not in visited:
            visited[node] = None
            waiting += following(step, graph, node)
    return list(visited)


def following(path: PathLike, graph: list[Triple], start: Term) -> list[Term]:
    return [end for _, end in pairs(path, graph, start, None)]
