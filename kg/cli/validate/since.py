"""`kg validate --since RELEASE`: what a project states by now, proved as a difference to one of its releases."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click
from click.core import ParameterSource

from kg.cli.output import Talk
from kg.cli.project import open_project
from kg.cli.validate.reporting import Reporting, Told
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.errors import Position
    from kg.shacl import Result

Command = TypeVar("Command", bound=Callable[..., None])
_REPORTING: Final = ("format_name", "output", "language", "fail_on")
_GIVEN_BY_PROJECT: Final = "the data and the shapes are those of the project"


def since_option(function: Command) -> Command:
    """`--since`; the decorator stands below `common`, above all other options, and gets the `Talk`."""

    @click.option(
        "--since",
        metavar="RELEASE",
        help="Prove a project (here, or in the folder DATA): what changed since its release is validated.",
    )
    @functools.wraps(function)
    def wrapped(talk: Talk, *, since: str | None, **options: Any) -> None:
        if since is not None:
            _check(click.get_current_context(), options["data"])
            _prove(talk, since, options["data"], Reporting(**{name: options[name] for name in _REPORTING}))
        elif not options["data"]:
            raise click.UsageError("Missing argument 'DATA...'.")
        elif not options["shapes"]:
            raise click.UsageError("Missing option '--shapes'.")
        else:
            function(talk, **options)

    return cast("Command", wrapped)


def _check(context: click.Context, data: tuple[Path, ...]) -> None:
    """Refuse what would have no effect.

    :raises UsageError: if an option goes with data and shapes that are named, or there are several DATA
    """
    known = {"since", "data", "timeout", "memory", *_REPORTING}
    for parameter in context.command.get_params(context):
        name = parameter.name or ""
        is_given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if is_given and isinstance(parameter, click.Option) and parameter.expose_value and name not in known:
            if name in {"verbose", "quiet", "as_json", "debug"}:
                continue
            raise UsageError(f"--since goes without {parameter.opts[0]}: {_GIVEN_BY_PROJECT}", hint="leave it out")
    if len(data) > 1:
        raise UsageError(f"--since takes one folder of a project: {_GIVEN_BY_PROJECT}")


def _prove(talk: Talk, since: str, data: tuple[Path, ...], reporting: Reporting) -> None:
    from kg import pipeline, release, shacl

    config = open_project(data[0] if data else None)
    found = release.open_release(config.releases, since)
    stated = pipeline.compose(config, talk.detail)
    proofs = pipeline.proofs(config, stated.levels)
    proof = proofs.prove(stated.lines, shacl.Before(found.id, found.graph_path), is_kept=False)
    talk.say(f"since release {found.id}: {proof.told}")
    origins = shacl.Origins(stated.lines, stated.levels)

    def place(result: Result) -> Position | None:
        places = [known for iri in origins(result) if (known := stated.locate(iri)) is not None]
        return min(places, default=None) or stated.locate(result.focus)

    report = proof.report.located(place)
    warnings = tuple(stated.levels.remarks(report.coverage))
    for text in warnings:
        talk.say(f"warning: {text}")
    reporting.tell(talk, Told(report, warnings))
    if reporting.failing(report):
        raise click.exceptions.Exit(1)
