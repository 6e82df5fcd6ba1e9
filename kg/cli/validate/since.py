"""`kg validate --since RELEASE`: what a project states by now, proved as a difference to one of its releases."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click
from click.core import ParameterSource

from kg.cli.output import Talk
from kg.cli.project import open_project
from kg.cli.validate.reporting import Reporting, Told
from kg.errors import UsageError

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
    from kg.preparation import prepare
    from kg.runs import Workshop
    from kg.shacl.report.verdict import place_of

    config = open_project(data[0] if data else None)
    found = release.open_release(config.releases, since)
    with Workshop(config.releases) as workshop:
        prepared = prepare(config, talk.detail)
        stated = pipeline.gather(config, talk.detail, config.texts, workshop, prepared)
        composed = pipeline.compose(config, talk.detail, stated, is_whole=False)
        proofs, graph = pipeline.proofs(config, prepared.levels), composed.graph
        before = shacl.Before(found.id, found.graph_path)
        proof = proofs.prove(graph, before, sha256=graph.sha256, is_kept=False)
        talk.say(f"since release {found.id}: {proof.told}")
        origins = composed.origins(proof.report, prepared.levels)
        report = proof.report.located(lambda result: place_of(result, composed.locate, origins))
    warnings = tuple(prepared.levels.remarks(report.coverage))
    for text in warnings:
        talk.say(f"warning: {text}")
    reporting.tell(talk, Told(report, warnings))
    if reporting.failing(report):
        raise click.exceptions.Exit(1)
