"""Reading by the SPARQL 1.1 Graph Store HTTP Protocol, without any web framework: which graph a request names.

A graph is named in the query string (section 4.2), or is what the address itself names (section 4.1); it is given
whole (sections 5.2 and 5.8). Nothing is written: the other methods are not allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kg.errors import Problem
from kg.terms import PREFIXES
from server.engine.evaluation import Request
from server.engine.inprocess import InProcessEngine
from server.http.protocol import ProtocolError, parse_form, read_format, read_timeout
from server.lookup import iri_ref, used_prefixes

PATH: Final = "/rdf-graph-store"
"""The address of the graph store."""
BELOW: Final = "/graph/"
"""What the addresses begin with that name a graph themselves."""
_DEFAULT: Final = ""
_SMALL: Final = 200
"""So many triples are looked at before a graph is given."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One graph that is asked for."""

    graph: str
    """Its IRI; empty for the default graph."""
    format: str | None = None
    """What `?format=` says."""
    timeout: float | None = None
    """Seconds, above 0; the server's own deadline may be shorter."""


def read_indirect(query_string: bytes) -> Reading:
    """The graph that the query string names: `graph=IRI`, or `default`; parameters that are unknown say nothing.

    :raises ProtocolError: 400 if it names no graph, more than one, or one by what is no absolute IRI

    >>> read_indirect(b"graph=http%3A%2F%2Fexample.org%2Fg&format=turtle")
    Reading(graph='http://example.org/g', format='turtle', timeout=None)
    >>> read_indirect(b"default").graph
    ''
    """
    pairs = parse_form(query_string)
    named = [value for name, value in pairs if name == "graph"]
    default = [value for name, value in pairs if name == "default"]
    if len(named) + len(default) != 1:
        found = "no graph" if not named and not default else "more than one graph"
        problem = Problem("parameter", f"the request names {found}", hint="send graph=IRI or default, once")
        raise ProtocolError(400, problem)
    if named:
        _check_absolute(named[0])
    return _reading(named[0] if named else _DEFAULT, pairs)


def read_direct(iri: str, query_string: bytes) -> Reading:
    """The graph `iri` that the address of the request names.

    :raises ProtocolError: 400 if the query string is malformed
    """
    return _reading(iri, parse_form(query_string))


def _reading(graph: str, pairs: tuple[tuple[str, str], ...]) -> Reading:
    return Reading(graph, read_format(pairs), read_timeout(pairs))


def _check_absolute(iri: str) -> None:
    try:
        iri_ref(iri)
    except ValueError:
        problem = Problem("parameter", f"{iri[:200]!r} is no absolute IRI", hint="name the graph by its whole IRI")
        raise ProtocolError(400, problem) from None


def request_for(reading: Reading, engine: InProcessEngine, media_type: str, codings: tuple[str, ...] = ()) -> Request:
    """What an engine needs to give the graph; the default graph is always there, be it empty.

    :raises ProtocolError: 404 if there is no such graph
    """
    try:
        there = reading.graph == _DEFAULT or engine.has_graph(reading.graph)
    except ValueError:
        there = False  # what makes no IRI names no graph
    if not there:
        raise ProtocolError(404, Problem("not-found", "this release has no such graph", iri=reading.graph))
    begun = engine.beginning(reading.graph, _SMALL)
    # The graph is sent while it is read: only of a small one is it known beforehand what it has a use for.
    prefixes = used_prefixes(begun) if len(begun) < _SMALL else tuple(PREFIXES.items())
    return Request("", media_type, prefixes=prefixes, codings=codings, graph=reading.graph)
