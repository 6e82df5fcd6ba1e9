"""What refers to a node of plain RDF, by property; where a part without a name does, the thing that it is a part of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from server.engine.inprocess import InProcessEngine, node_of
from server.lookup import Term, iri_ref, term_of
from server.pages.facts.incoming import PAGE, Group, Referring
from server.releases import Release

_SHOWN: Final = 20
"""How many of each property the page of a node shows."""
_LOOKED_AT: Final = 2_000
"""How many statements are read for all properties at once."""
_MOST: Final = 10_000
"""Likewise for one property."""
_HIGHEST: Final = 20
"""Blank nodes that are climbed from a value to the thing that it is a part of: a cell of a list is one."""


def read_references(release: Release, node: str) -> tuple[tuple[Group, ...], bool]:
    """The first of what refers to a node, by property, and whether there are more statements than are read."""
    quads = release.engine.towards(node, _LOOKED_AT + 1)
    is_cut = len(quads) > _LOOKED_AT
    found: dict[str, dict[Term, None]] = {}
    for subject, link in _holders(release.engine, quads[:_LOOKED_AT]):
        found.setdefault(link, {})[subject] = None
    groups = {link: _ordered(subjects) for link, subjects in sorted(found.items())}
    return tuple(Group(link, some[:_SHOWN], len(some), is_cut) for link, some in groups.items()), is_cut


def read_group(release: Release, node: str, link: str, number: int) -> Group | None:
    """A page of what refers to a node by one property; None where nothing does."""
    engine, value = release.engine, node_of(node)
    quads = [] if value is None else list(islice(engine.quads(None, NamedNode(link), value, None), _MOST + 1))
    found = dict.fromkeys(term_of(quad.subject) for quad in quads[:_MOST] if not isinstance(quad.subject, BlankNode))
    parts = (quad for quad in engine.towards(node, _LOOKED_AT) if isinstance(quad.subject, BlankNode))
    some = _ordered({**found, **dict.fromkeys(subject for subject, by in _holders(engine, parts) if by == link)})
    if not some:
        return None
    return Group(link, some[number * PAGE : (number + 1) * PAGE], len(some), len(quads) > _MOST, number)


def what_refers(node: str, link: str = "") -> str:
    """The query for what refers to a node, by one property or by any; empty for a blank node, which has no name.

    >>> print(what_refers("urn:a", "urn:p"), end="")
    SELECT DISTINCT ?subject WHERE {
      { ?subject <urn:p> <urn:a> } UNION { GRAPH ?graph { ?subject <urn:p> <urn:a> } }
    } ORDER BY ?subject
    """
    path, columns = (iri_ref(link), "?subject") if link else ("?property", "?property ?subject")
    return _asked(columns, "?subject", path, node)


def what_holds(node: str) -> str:
    """The query for what is said of a node; likewise empty for a blank node."""
    return _asked("?property ?value", None, "?property", node)


def _asked(columns: str, subject: str | None, path: str, node: str) -> str:
    if node.startswith("_:"):
        return ""
    triple = f"{subject} {path} {iri_ref(node)}" if subject else f"{iri_ref(node)} {path} ?value"
    both = f"{{ {triple} }} UNION {{ GRAPH ?graph {{ {triple} }} }}"
    return f"SELECT DISTINCT {columns} WHERE {{\n  {both}\n}} ORDER BY {columns}\n"


def _holders(engine: InProcessEngine, quads: Iterable[Quad]) -> Iterable[tuple[Term, str]]:
    """What refers to a node, and by which property; where a blank node does, the thing that it is a part of."""
    for quad in quads:
        leading = quad
        for _ in range(_HIGHEST):
            if not isinstance(leading.subject, BlankNode):
                break
            above = engine.towards(term_of(leading.subject).name, _HIGHEST)
            leading = min(above, key=str, default=leading)
        yield term_of(leading.subject), leading.predicate.value


def _ordered(subjects: Iterable[Term]) -> tuple[Referring, ...]:
    return tuple(Referring(subject, ()) for subject in sorted(subjects, key=lambda it: (it.kind, it.value)))
