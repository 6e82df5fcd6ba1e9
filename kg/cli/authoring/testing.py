"""`kg test`: a project's questions with the answers that are expected, and the cases of its shapes."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import click

from kg.cli.output import Talk, common, envelope, opened
from kg.cli.project import open_project
from kg.cli.signals import ending_at_once
from kg.errors import NothingChecked, Problem, ReleaseError, UsageError

if TYPE_CHECKING:
    from kg.competency import Trial
    from kg.config import Config
    from kg.release import Release

_FORMATS: Final = ("text", "json", "junit")
_SUFFIXES: Final = MappingProxyType({".json": "json", ".xml": "junit"})


@click.command("test")
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--build", "is_built", is_flag=True, help="Build first, and ask what was built.")
@click.option("--release", "release_id", metavar="ID", help="The release that is asked; default: current.")
@click.option("--accept", is_flag=True, help="Write what the questions are answered as what is expected.")
@click.option("--format", "format_name", type=click.Choice(_FORMATS), help="Default: text, or what -o is named for.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file for the report.")
@common
def test(
    talk: Talk,
    directory: Path | None,
    is_built: bool,
    release_id: str | None,
    accept: bool,
    format_name: str | None,
    output: Path | None,
) -> None:
    """Ask the project's questions, and judge the cases of its shapes; exit 1 if anything differs from what is expected.

    The questions are those of data/queries, each with its answer in a file of its name beside it; the cases stand in
    shapes/cases/valid and shapes/cases/invalid.
    """
    from kg.competency import Asker, Cases, Questions

    if is_built and release_id is not None:
        raise UsageError("--build asks what is built, and --release another one", hint="leave one of them out")
    config = open_project(directory)
    release = _built(talk, config) if is_built else _found(talk, config, release_id)
    questions, cases = Questions(config), Cases(config)
    asker = Asker(release, skip_unbound=config.server.skip_unbound)
    with ending_at_once():  # only whole files are written here
        if accept:
            for path in questions.accept(asker):
                talk.say(f"{config.name_of(path)} written: look whether it is right, and commit it")
        trials = [*questions.ask(asker), *cases.judge()]
    _tell(talk, trials, format_name, output)
    if all(trial.unchecked for trial in trials):
        hint = "kg test --accept writes what the questions are answered; cases stand in shapes/cases"
        raise NothingChecked(
            "nothing was tried: no question has an answer that is expected, no shape a case", hint=hint
        )
    if any(trial.problems for trial in trials):
        raise click.exceptions.Exit(1)


def _built(talk: Talk, config: Config) -> Release:
    from kg import pipeline

    return pipeline.build(config, talk.detail, warn=lambda text: talk.say(f"warning: {text}"))


def _found(talk: Talk, config: Config, release_id: str | None) -> Release:
    """The release that is asked; who asks an old one by mistake is told.

    :raises ReleaseError: if there is none
    """
    from kg.release import open_release

    try:
        release = open_release(config.releases, release_id)
    except ReleaseError as error:
        if release_id is not None:
            raise
        problems = [
            dataclasses.replace(p, hint="kg build makes one, and so does kg test --build") for p in error.problems
        ]
        raise ReleaseError(problems=problems) from None
    if release_id is None and _is_older(release, config):
        talk.say("warning: files have changed since the release was built: kg build, or kg test --build")
    return release


def _is_older(release: Release, config: Config) -> bool:
    from kg.inputs import hashed_inputs
    from kg.ontology.own import vocabulary_of
    from kg.tables import Tables

    inputs = hashed_inputs(config, Tables(config, vocabulary_of(config)))
    return bool(release.manifest.get("inputs") != inputs)


def _tell(talk: Talk, trials: Sequence[Trial], format_name: str | None, output: Path | None) -> None:
    from kg.competency import to_json, to_text

    if output is not None:
        with opened(output) as file:
            file.write(_written(trials, format_name or _SUFFIXES.get(output.suffix.lower(), "text")).encode())
        talk.say(f"{output}: {to_text(trials).splitlines()[-1]}")
    if talk.as_json:
        problems: list[Problem] = [problem for trial in trials for problem in trial.problems]
        click.echo(envelope(talk.command, data=to_json(trials), problems=problems))
    elif output is None:
        click.echo(_written(trials, format_name or "text"), nl=False)


def _written(trials: Sequence[Trial], format_name: str) -> str:
    from kg.competency import to_json, to_junit, to_text

    match format_name:
        case "text":
            return to_text(trials)
        case "json":
            return json.dumps(to_json(trials), ensure_ascii=False, indent=2) + "\n"
        case "junit":
            return to_junit(trials)
    raise ValueError(format_name)
