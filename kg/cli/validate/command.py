"""`kg validate`: any RDF against any shapes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import Talk, common
from kg.cli.validate.engines import ENGINES
from kg.cli.validate.inputs import SYNTAXES, data_files, read_data, unchecked, unread_data, unread_shapes
from kg.errors import NothingChecked, ShapeViolation

if TYPE_CHECKING:
    from kg.shacl import Report

_FILE = click.Path(path_type=Path, allow_dash=True)


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
@click.option("--data-format", type=click.Choice(SYNTAXES), default="ttl", show_default=True, help="Of standard input.")
@click.option(
    "--engine",
    type=click.Choice(["native", "pyshacl", "both"]),
    default="native",
    show_default=True,
    help="`both` compares the two, and exits 3 where they disagree.",
)
@click.option(
    "--query-timeout",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="Processor time of one query of a shape; 0 sets no end.",
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
    query_timeout: float,
    require_targets: bool,
    format_name: str,
) -> None:
    """Validate DATA (files, folders, or - for standard input) against SHACL shapes; exit 1 if it does not conform."""
    from kg import shacl

    graph = shacl.read_shapes(*shapes)
    files = [file for path in (*data, *ontology) for file in data_files(path)]
    quads = [quad for file in files for quad in read_data(file, data_format)]
    report = ENGINES[engine](quads, graph, query_timeout)
    coverage, is_unchecked = list(unchecked(report, graph)), require_targets and not report.focus_nodes
    warnings = [*unread_shapes(shapes, graph), *unread_data(quads, files, graph)]
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
