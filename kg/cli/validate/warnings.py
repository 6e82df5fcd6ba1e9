"""What was not read, not checked or left out, as a person is told."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.cli.validate.inputs import OWL, SHAPES_GRAPH, Read, values
from kg.errors import nearest
from kg.terms import compress

if TYPE_CHECKING:
    from kg.cli.validate.catalogue import Catalogue
    from kg.shacl import Report, ShapesGraph
    from kg.shacl.shapes.model import LeftOut

_SHOWN: Final = 5
_REFERENCES: Final = ((OWL + "imports", "owl:imports", "--ontology"), (SHAPES_GRAPH, "sh:shapesGraph", "--shapes"))


def left_out(graph: ShapesGraph) -> Iterator[str]:
    """The shapes that do not act, each with every reason and its place."""
    for left in graph.shapes.left_out:
        for problem in left.problems:
            said = f"{_named(left)} is left out{' in part' if left.is_in_part else ''}: {problem.message}"
            yield str(dataclasses.replace(problem, message=said))


def _named(left: LeftOut) -> str:
    if left.shape is None:
        return "what no shape uses"
    return "a shape without IRI" if left.shape.startswith("_:") else f"the shape {compress(left.shape)}"


def unread_shapes(paths: tuple[Path, ...], graph: ShapesGraph) -> Iterator[str]:
    """What was named, or lies in a folder that was, and did not act; and names of shapes that lead to nothing."""
    from kg import shacl

    for iri in graph.unread:
        yield f"owl:imports <{iri}> is not read: what it demands is not checked (name it with --shapes or --import)"
    read = {file.path.resolve() for file in graph.files}
    for path in paths:
        beside = (file for file in shacl.unread(path) if shacl.is_like_rdf(file)) if path.is_dir() else ()
        for file in beside:
            if file.resolve() not in read:
                yield f"{file} is not read: of a folder of shapes the files *.ttl are (name it with --shapes)"
    yield from map(str, graph.dangling)


def unread_data(read: Read, graph: ShapesGraph) -> Iterator[str]:
    """What the data, or the ontology of their classes, refer to and is not among the files."""
    columns = read.columns
    known = {iri for file in graph.files for iri in file.ontologies}
    known |= {file.path.resolve().as_uri() for file in read.files if file.path != Path("-")}
    known |= {file.base for file in read.files if file.base}
    kinds = columns.column("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    ontology = columns.terms.iri(OWL + "Ontology")
    known |= {
        columns.terms.value(subject)
        for subject, kind in zip(kinds.subjects, kinds.objects, strict=True)
        if kind == ontology
    }
    known = {iri.removesuffix("#") for iri in known}
    for predicate, name, option in _REFERENCES:
        missing = sorted(iri for iri in values(columns, predicate) if iri.removesuffix("#") not in known)
        for iri in missing[:_SHOWN]:
            yield f"{name} <{iri}> of the data is not read (name it with {option} or --import)"
        if missing[_SHOWN:]:
            yield f"{name}: {len(missing) - _SHOWN} more are not read"


def unused(catalogue: Catalogue, read: Read, graph: ShapesGraph) -> Iterator[str]:
    """Files that were named for IRIs which nothing imports: a name is misspelt, or they are not needed."""
    asked = {iri for file in graph.files for iri in file.imports}
    asked |= {iri for predicate, _, _ in _REFERENCES for iri in values(read.columns, predicate)}
    known = {iri.removesuffix("#") for iri in asked}
    for iri in catalogue.named:
        if iri not in known:
            hint = nearest(iri, known)
            yield f"--import {iri}: nothing imports it, and its file is not read{f' ({hint})' if hint else ''}"


def unchecked(report: Report, graph: ShapesGraph) -> Iterator[str]:
    """What was not checked for want of a focus node."""
    if not report.focus_nodes:
        why = "no node of the data is a target of a shape; classes of the data may need --ontology"
        if not report.coverage:
            why = "no shape has a target" if graph.shapes.by_id else "there is no shape in what --shapes names"
            why = "no shape is left that has a target" if graph.shapes.left_out else why
        yield f"0 focus nodes: nothing was checked ({why})"
    elif report.unreached:
        named = [name for name in report.unreached if not name.startswith("_:")]
        more = len(report.unreached) - len(named[:_SHOWN])
        shown = ", ".join([*named[:_SHOWN], *([f"{more} more"] if more else [])])
        yield f"shapes without a focus node: {shown}"
