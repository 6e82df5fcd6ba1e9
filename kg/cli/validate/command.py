"""`kg validate`: any RDF against any shapes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import Talk, common
from kg.cli.signals import ending_at_once
from kg.cli.validate.engines import Engines, engine_options
from kg.cli.validate.inputs import FILE, Inputs, input_options
from kg.cli.validate.limits import limit_options
from kg.cli.validate.progress import Progress
from kg.cli.validate.reporting import Reporting, Told, reporting_options
from kg.cli.validate.warnings import left_out, unchecked, unread_data, unread_shapes, unused
from kg.errors import NothingChecked

if TYPE_CHECKING:
    from kg.shacl import Report

LENIENT_EXIT = 2
"""The exit code where data conform to the sound shapes, and others were left out: they are wrong as without it."""


@click.command()
@common
@limit_options
@click.argument("data", type=FILE, nargs=-1, required=True)
@click.option("--shapes", required=True, multiple=True, type=FILE, help="A file of SHACL shapes, a folder, or -.")
@click.option(
    "--lenient", is_flag=True, help="Leave ill-formed shapes out, and say so; exit 2 where the rest conforms."
)
@input_options
@engine_options
@click.option("--require-targets", is_flag=True, help="Exit 1 if nothing was checked.")
@reporting_options
def validate(
    talk: Talk,
    data: tuple[Path, ...],
    shapes: tuple[Path, ...],
    inputs: Inputs,
    lenient: bool,
    engines: Engines,
    require_targets: bool,
    reporting: Reporting,
) -> None:
    """Validate DATA (files, folders, or - for standard input) against SHACL shapes; exit 1 if it does not conform."""
    from kg.shacl.explaining.places import located

    inputs.check(data, shapes)
    with ending_at_once():  # nothing is written here
        graph = inputs.shapes(shapes, lenient=engines.may_be_lenient(lenient))
        read = inputs.data(data, talk)
        graph = inputs.with_shapes_of_data(graph, read, shapes, lenient=lenient)
        concluded = list(engines.conclude(read.columns, talk))
        with Progress(talk) as progress:
            report = engines.run(read.columns, graph, progress)
        report = located(report, read.files, graph)
        missing = list(unchecked(report, graph))
        unread = [*unread_shapes(shapes, graph), *read.warnings, *unread_data(read, graph)]
        unread += unused(inputs.catalogue, read, graph)
        warnings = [*left_out(graph), *unread, *concluded]
    is_unchecked = require_targets and not report.focus_nodes
    warnings += [] if is_unchecked else missing
    for text in warnings:
        talk.say(f"warning: {text}")
    _tell_coverage(talk, report)
    if not (talk.as_json and is_unchecked):
        reporting.tell(talk, Told(report, tuple(warnings), graph.shapes.left_out, graph.quads))
    if is_unchecked:
        raise NothingChecked(*missing)
    if reporting.failing(report):
        raise click.exceptions.Exit(1)
    if graph.shapes.left_out:
        raise click.exceptions.Exit(LENIENT_EXIT)


def _tell_coverage(talk: Talk, report: Report) -> None:
    """How many focus nodes there were, for each shape, if somebody asks for more."""
    talk.detail(f"{report.focus_nodes} focus nodes of {len(report.coverage)} shapes")
    for name, count in report.shapes():
        talk.detail(f"  {count} of {name}")
