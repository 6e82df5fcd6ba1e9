"""Which claims state what a result is about: the line to mend is theirs, not that of the first claim about a thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from kg.shacl.graph.terms import form
from kg.shacl.report import SH, Result
from kg.shacl.shapes.files import ShapesGraph

_TARGET: Final = f"{SH}targetSubjectsOf"


class Origins:
    """The graphs of the statements behind a result, as far as it tells which they are.

    A result with a path is about the values of its focus node; one without, of a shape that has the subjects of a
    property for its nodes (`sh:targetSubjectsOf`), is about the statements of this property. `lines` are the N-Quads
    that were validated; nothing is looked for before the first result, and nothing kept but what is said of `foci`, the
    focus nodes that will be asked for; without them, all is. Of a graph that a file holds whole (`files`), the place is
    that of the property there (`place_in_file`).

    >>> from kg.shacl.report import VIOLATION
    >>> lines = ['<urn:lab> <urn:name> "a" <urn:claim:1> .', '<urn:lab> <urn:name> "b"@fr <urn:claim:2> .']
    >>> origins = Origins(lines, ())
    >>> origins(Result("urn:lab", VIOLATION, "", path="urn:name", value='"b"@fr')), origins(Result("urn:lab", "", ""))
    (('urn:claim:2',), ())
    """

    def __init__(
        self,
        lines: Iterable[str],
        shapes: Iterable[ShapesGraph],
        foci: Collection[str] | None = None,
        files: Collection[str] = (),
    ) -> None:
        self._lines, self._shapes, self._files = lines, shapes, files
        self._foci = None if foci is None else {f"<{focus}>" for focus in foci}

    def __call__(self, result: Result) -> Collection[str]:
        predicates = {result.path} if result.path is not None else self._targets.get(result.shape or "", set())
        stated = [quad for quad in self._about.get(result.focus, ()) if quad.predicate.value in predicates]
        exactly = [quad for quad in stated if _text(quad.object) == result.value]
        return tuple(dict.fromkeys(map(self._place, exactly or stated)))

    def _place(self, quad: ox.Quad) -> str:
        graph = _text(quad.graph_name)
        return place_in_file(_text(quad.subject), quad.predicate.value) if graph in self._files else graph

    @cached_property
    def _about(self) -> dict[str, list[ox.Quad]]:
        """The statements of named graphs by their subject."""
        found: dict[str, list[ox.Quad]] = {}
        for quad in self._quads():
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.graph_name, ox.NamedNode):
                found.setdefault(quad.subject.value, []).append(quad)
        return found

    def _quads(self) -> Iterator[ox.Quad]:
        foci = self._foci
        wanted = (line for line in self._lines if foci is None or line.partition(" ")[0] in foci)
        text = "\n".join(line.removesuffix("\n") for line in wanted)
        return iter(ox.parse(text, format=ox.RdfFormat.N_QUADS))

    @cached_property
    def _targets(self) -> dict[str, set[str]]:
        """The properties whose subjects are the nodes of a shape."""
        found: dict[str, set[str]] = {}
        for quad in (quad for graph in self._shapes for quad in graph.quads):
            if quad.predicate.value == _TARGET:
                found.setdefault(_text(quad.subject), set()).add(_text(quad.object))
        return found


def place_in_file(subject: str, predicate: str) -> str:
    """What the place of a property of a thing in files of RDF is known by; an IRI has no blank."""
    return f"{subject} {predicate}"


def _text(term: object) -> str:
    """A term as results have it: an IRI plain, a literal as N-Triples writes it."""
    return term.value if isinstance(term, ox.NamedNode) else form(term).decode()
