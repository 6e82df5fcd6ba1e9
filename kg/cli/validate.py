"""`kg validate`: any RDF against any shapes."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import Talk, common
from kg.errors import NothingChecked, OperationError, ShapeViolation, UsageError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.shacl import Report, ShapesGraph

_FILE = click.Path(path_type=Path, allow_dash=True)
_SYNTAXES = ("ttl", "nt", "nq", "trig", "rdf", "jsonld")
_SHOWN = 5
_STDIN = Path("-")
_ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology"
_REFERENCES = (
    ("http://www.w3.org/2002/07/owl#imports", "owl:imports", "--ontology"),
    ("http://www.w3.org/ns/shacl#shapesGraph", "sh:shapesGraph", "--shapes"),
)


@click.command()
@click.argument("data", type=_FILE, nargs=-1, required=True)
@click.option(
    "--shapes",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    help="A file of SHACL shapes, or a folder.",
)
@click.option(
    "--ontology", multiple=True, type=click.Path(path_type=Path), help="Classes of the data: a file or a folder."
)
@click.option(
    "--data-format", type=click.Choice(_SYNTAXES), default="ttl", show_default=True, help="Of standard input."
)
@click.option(
    "--engine",
    type=click.Choice(["native", "pyshacl", "both"]),
    default="native",
    show_default=True,
    help="`both` compares the two, and exits 3 where they disagree.",
)
@click.option("--require-targets", is_flag=True, help="Exit 1 if nothing was checked.")
@click.option("--format", "format_name", type=click.Choice(["text", "json", "turtle"]), default="text", help="Report.")
@common
def validate(
    talk: Talk,
    data: tuple[Path, ...],
    shapes: tuple[Path, ...],
    ontology: tuple[Path, ...],
    data_format: str,
    engine: str,
    require_targets: bool,
    format_name: str,
) -> None:
    """Validate DATA (files, folders, or - for standard input) against SHACL shapes; exit 1 if it does not conform."""
    from kg import shacl

    graph = shacl.read_shapes(*shapes)
    files = [file for path in (*data, *ontology) for file in _files(path)]
    quads = [quad for file in files for quad in _read(file, data_format)]
    report = _ENGINES[engine](quads, graph)
    coverage, is_unchecked = list(_coverage(report, graph)), require_targets and not report.focus_nodes
    warnings = [*_unread_shapes(shapes, graph), *_unread_data(quads, files, graph)]
    warnings += [] if is_unchecked else coverage
    for text in warnings:
        talk.say(f"warning: {text}")
    talk.detail(f"{report.focus_nodes} focus nodes of {len(report.coverage)} shapes")
    if talk.as_json and report.results:
        raise ShapeViolation(report, report.problems())
    if not (talk.as_json and is_unchecked):
        _print(talk, report, format_name, warnings)
    if is_unchecked:
        raise NothingChecked(*coverage)
    if not report.conforms:
        raise click.exceptions.Exit(1)


def _print(talk: Talk, report: Report, format_name: str, warnings: list[str]) -> None:
    if talk.as_json or format_name == "json":
        found = report.to_json()
        talk.result(json.dumps(found, ensure_ascii=False, indent=2), {**found, "warnings": warnings})
    elif format_name == "turtle":
        talk.result(report.to_turtle().rstrip("\n"), {})
    else:
        talk.result(report.to_text().rstrip("\n"), {})


def _files(path: Path) -> Iterator[Path]:
    from kg.rdf import rdf_files

    return iter((path,)) if path == _STDIN else rdf_files(path)


def _read(file: Path, data_format: str) -> list[ox.Quad]:
    from pyoxigraph import RdfFormat

    from kg.rdf import parse_rdf, read_rdf

    if file != _STDIN:
        return read_rdf(file, apart=True)
    syntax = RdfFormat.from_extension(data_format)
    if syntax is None:
        raise UsageError(f"no syntax {data_format!r}")
    return parse_rdf(sys.stdin.buffer.read(), syntax, "standard input", apart=True)


def _unread_shapes(paths: tuple[Path, ...], graph: ShapesGraph) -> Iterator[str]:
    """What was named, or lies in a folder that was, and did not act; and names of shapes that lead to nothing."""
    from kg import shacl

    for iri in graph.unread:
        yield f"owl:imports <{iri}> is not read: what it demands is not checked (name it with --shapes)"
    read = {file.path.resolve() for file in graph.files}
    for path in paths:
        beside = (file for file in shacl.unread(path) if shacl.is_like_rdf(file)) if path.is_dir() else ()
        for file in beside:
            if file.resolve() not in read:
                yield f"{file} is not read: of a folder of shapes the files *.ttl are (name it with --shapes)"
    yield from map(str, graph.dangling)


def _unread_data(quads: list[ox.Quad], files: list[Path], graph: ShapesGraph) -> Iterator[str]:
    """What the data, or the ontology of their classes, refer to and is not among the files."""
    known = {file.resolve().as_uri() for file in (*files, *(file.path for file in graph.files)) if file != _STDIN}
    known |= {iri for file in graph.files for iri in file.ontologies}
    named: dict[str, set[str]] = {predicate: set() for predicate, _, _ in _REFERENCES}
    for quad in quads:
        predicate, value = quad.predicate.value, getattr(quad.object, "value", "")
        if predicate in named:
            named[predicate].add(value)
        elif value == _ONTOLOGY:
            known.add(getattr(quad.subject, "value", ""))
    for predicate, name, option in _REFERENCES:
        missing = sorted(named[predicate] - known)
        for iri in missing[:_SHOWN]:
            yield f"{name} <{iri}> of the data is not read (name it with {option})"
        if missing[_SHOWN:]:
            yield f"{name}: {len(missing) - _SHOWN} more are not read"


def _coverage(report: Report, graph: ShapesGraph) -> Iterator[str]:
    """What was not checked for want of a focus node."""
    if not report.focus_nodes:
        why = "no node of the data is a target of a shape; classes of the data may need --ontology"
        if not report.coverage:
            why = "no shape has a target" if graph.shapes.by_id else "there is no shape in what --shapes names"
        yield f"0 focus nodes: nothing was checked ({why})"
    elif report.unreached:
        named = [name for name in report.unreached if not name.startswith("_:")]
        more = len(report.unreached) - len(named[:_SHOWN])
        shown = ", ".join([*named[:_SHOWN], *([f"{more} more"] if more else [])])
        yield f"shapes without a focus node: {shown}"


def _native(quads: list[ox.Quad], shapes: ShapesGraph) -> Report:
    from kg import shacl

    return shacl.validate(shacl.Columns.from_quads(quads), shapes)


def _pyshacl(quads: list[ox.Quad], shapes: ShapesGraph) -> Report:
    from kg import shacl
    from kg.shacl import reference
    from kg.shacl.memory import memory_graph

    report = reference.validate(memory_graph(quads), memory_graph(shapes.quads))
    counted = shacl.coverage(shacl.Columns.from_quads(quads), shapes)
    return dataclasses.replace(report, coverage=counted, is_counted=True)


def _both(quads: list[ox.Quad], shapes: ShapesGraph) -> Report:
    """The report of the native engine, if the other one says the same.

    :raises OperationError: listing what only one of them found
    """
    mine, other = _native(quads, shapes), _pyshacl(quads, shapes)
    one, two = Counter(map(_compared, mine.results)), Counter(map(_compared, other.results))
    if one != two:
        found = [f"only native: {' '.join(map(str, row))}" for row in (one - two).elements()]
        found += [f"only pyshacl: {' '.join(map(str, row))}" for row in (two - one).elements()]
        raise OperationError("the engines disagree:\n" + "\n".join(found))
    return mine


def _compared(result: object) -> tuple[str | None, ...]:
    names = ("focus", "path", "value", "severity", "component", "shape")
    return tuple("_:" if str(part).startswith("_:") else part for part in (getattr(result, name) for name in names))


_ENGINES: dict[str, Callable[[list[ox.Quad], ShapesGraph], Report]] = {
    "native": _native,
    "pyshacl": _pyshacl,
    "both": _both,
}
