"""What follows from a data graph and its ontology by RDFS or by OWL 2 RL, added before validation.

SHACL itself needs none of it: `sh:class` and class targets follow `rdfs:subClassOf` (SHACL, section 1.1). The closure
is made by owlrl, which pySHACL brings along; what follows is added, and what is stated stays as it is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal

from kg.shacl.graph.columns import Columns
from kg.shacl.judge.memory import memory_graph, quiet, triples

Regime = Literal["rdfs", "owl-rl"]
_ERRORS: Final = "http://www.daml.org/2002/03/agents/agent-ont#"
"""What owlrl tells contradictions with."""


def conclude(data: Columns, regime: Regime) -> tuple[int, tuple[str, ...]]:
    """Add what follows; how many statements that were, and the contradictions that were met.

    Axiomatic triples, which follow from nothing, are left out, and so are those that are no RDF, a literal being their
    subject.

    >>> lines = (
    ...     b"<urn:a> <urn:p> <urn:b> .",
    ...     b"<urn:p> <http://www.w3.org/2000/01/rdf-schema#range> <urn:C> .",
    ... )
    >>> import pyoxigraph as ox
    >>> data = Columns.from_lines(lines)
    >>> made, contradictions = conclude(data, "rdfs")
    >>> [str(quad.subject) for quad in data.quads() if quad.object == ox.NamedNode("urn:C") if "type" in str(quad)]
    ['<urn:b>']
    """
    graph = memory_graph(data.quads())
    stated = set(graph)
    semantics = _semantics(regime)(graph, axioms=False, daxioms=False)
    with quiet():
        semantics.closure()
    new = triples(triple for triple in graph if triple not in stated and not _tells_an_error(triple))
    concluded = sorted(new, key=str)
    for triple in concluded:
        data.add(triple)
    return len(concluded), tuple(sorted(semantics.error_messages))


def _semantics(regime: Regime) -> Callable[..., Any]:
    import owlrl

    match regime:
        case "rdfs":
            return owlrl.RDFS_Semantics  # type: ignore[no-any-return]
        case "owl-rl":
            return owlrl.OWLRL_Semantics  # type: ignore[no-any-return]
    raise ValueError(regime)


def _tells_an_error(triple: tuple[object, ...]) -> bool:
    return any(str(part).startswith(_ERRORS) for part in triple[1:])
