"""`kg validate`: any RDF against any shapes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import Talk, common
from kg.errors import OperationError, ShapeViolation, UsageError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.shacl import Report, ShapesGraph

_FILE = click.Path(path_type=Path, allow_dash=True)
_SYNTAXES = ("ttl", "nt", "nq", "trig", "rdf", "jsonld")
_SHOWN = 5


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
    for iri in graph.unread:
        talk.say(f"warning: owl:imports <{iri}> is not read: what it demands is not checked (name it with --shapes)")
    quads = [quad for path in (*data, *ontology) for quad in _read(path, data_format)]
    report = _ENGINES[engine](quads, graph)
    if engine != "pyshacl":
        _tell_coverage(talk, report)
    if talk.as_json and report.results:
        raise ShapeViolation(report, report.problems())
    _print(talk, report, format_name)
    if not report.conforms or (require_targets and engine != "pyshacl" and not report.focus_nodes):
        raise click.exceptions.Exit(1)


def _print(talk: Talk, report: Report, format_name: str) -> None:
    if talk.as_json or format_name == "json":
        talk.result(json.dumps(report.to_json(), ensure_ascii=False, indent=2), report.to_json())
    elif format_name == "turtle":
        talk.result(report.to_turtle().rstrip("\n"), {})
    else:
        talk.result(report.to_text().rstrip("\n"), {})


def _read(path: Path, data_format: str) -> Iterator[ox.Quad]:
    from pyoxigraph import RdfFormat

    from kg.rdf import parse_rdf, rdf_files, read_rdf

    if str(path) != "-":
        for file in rdf_files(path):
            yield from read_rdf(file, apart=True)
        return
    syntax = RdfFormat.from_extension(data_format)
    if syntax is None:
        raise UsageError(f"no syntax {data_format!r}")
    yield from parse_rdf(sys.stdin.buffer.read(), syntax, "standard input", apart=True)


def _tell_coverage(talk: Talk, report: Report) -> None:
    if not report.focus_nodes:
        hint = "no shape has a target" if not report.coverage else "no node of the data is a target of a shape"
        talk.say(f"warning: 0 focus nodes: nothing was checked ({hint}; classes of the data may need --ontology)")
    elif report.unreached:
        named = [name for name in report.unreached if not name.startswith("_:")]
        more = len(report.unreached) - len(named[:_SHOWN])
        shown = ", ".join([*named[:_SHOWN], *([f"{more} more"] if more else [])])
        talk.say(f"warning: shapes without a focus node: {shown}")
    talk.detail(f"{report.focus_nodes} focus nodes of {len(report.coverage)} shapes")


def _native(quads: list[ox.Quad], shapes: ShapesGraph) -> Report:
    from kg import shacl

    return shacl.validate(shacl.Columns.from_quads(quads), shapes)


def _pyshacl(quads: list[ox.Quad], shapes: ShapesGraph) -> Report:
    from kg.shacl import reference
    from kg.shacl.memory import memory_graph

    return reference.validate(memory_graph(quads), memory_graph(shapes.quads))


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
