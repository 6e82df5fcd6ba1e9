"""`kg validate`: any RDF file against any shapes file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.errors import ShapeViolation

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("data", type=_FILE)
@click.option("--shapes", required=True, type=_FILE, help="A file of SHACL shapes, or a folder of such files.")
@click.option("--format", "format_name", type=click.Choice(["text", "json", "turtle"]), default="text", help="Report.")
@common
def validate(talk: Talk, data: Path, shapes: Path, format_name: str) -> None:
    """Validate the RDF file DATA against SHACL shapes; exit 1 if it does not conform."""
    from kg import shacl
    from kg.rdf import read_rdf

    report = shacl.validate(shacl.memory_graph(read_rdf(data)), shacl.read_shapes(shapes))
    if talk.as_json and report.results:
        raise ShapeViolation(report, report.problems())
    if talk.as_json or format_name == "json":
        talk.result(json.dumps(report.to_json(), ensure_ascii=False, indent=2), report.to_json())
    else:
        talk.result((report.to_turtle() if format_name == "turtle" else report.to_text()).rstrip("\n"), {})
    if not report.conforms:
        raise click.exceptions.Exit(1)
