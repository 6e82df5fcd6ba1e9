"""What a person is told of a project's own shapes after a proof: what they did not check, and what they change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.shacl.graph.terms import Term
from kg.shacl.shapes.files import ShapesFile, ShapesGraph
from kg.shacl.shapes.model import SH, ShapeId
from kg.shacl.shapes.references import idle, shape_id, shown

_UNREACHED = "no target leads to the shape"
_UNFOCUSED = "no node is a target of the shape"


def remarks(
    level: ShapesGraph, coverage: Mapping[ShapeId, int], own: Collection[Path], elsewhere: str = ""
) -> Iterator[str]:
    """What is to be told of the own files of one level, each with file and line.

    A file without shapes, shapes that had no focus node (`coverage` counts them), shapes that no target leads to, and
    what is said of a packaged shape, which may be switched off or changed by it. `elsewhere` tells how a file comes to
    the other level.
    """
    packaged = {quad.subject for file in level.files if file.path not in own for quad in file.quads if _is_shacl(quad)}
    quiet = dict.fromkeys((name for name in idle(level.shapes) if not name.startswith("_:")), _UNREACHED)
    quiet |= dict.fromkeys((name for name in level.shapes.by_id if coverage.get(name) == 0), _UNFOCUSED)
    for file in level.files:
        if file.path not in own:
            continue
        if not file.imports and not any(map(_is_shacl, file.quads)):
            yield f"{file.name}: states no shape: it checks nothing"
        for node in dict.fromkeys(_key(quad)[0] for quad in file.quads if quad.subject not in packaged):
            if why := quiet.get(shape_id(node)):
                hint = f" ({elsewhere})" if elsewhere and why == _UNFOCUSED else ""
                named = f" {shown(node)}" if isinstance(node, ox.NamedNode) else " here"
                yield f"{file.place(node)}: {why}{named}: it checked nothing{hint}"
        yield from _changes(file, packaged)


def _changes(file: ShapesFile, packaged: set[ox.NamedNode | ox.BlankNode | ox.Triple]) -> Iterator[str]:
    for quad in file.quads:
        if quad.subject in packaged and _is_shacl(quad):
            node, local = _key(quad)[0], quad.predicate.value.removeprefix(SH)
            yield f"{file.place(*_key(quad))}: sh:{local} of {shown(node)} changes a shape that came with zellige"


def _is_shacl(quad: ox.Quad) -> bool:
    return quad.predicate.value.startswith(SH)


def _key(quad: ox.Quad) -> tuple[Term, str, Term]:
    return quad.subject, quad.predicate.value, quad.object
