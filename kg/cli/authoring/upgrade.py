"""`kg upgrade`: what the scaffold of this version does otherwise, carried into a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project
from kg.errors import DataError, Position, Problem

if TYPE_CHECKING:
    from kg.scaffold import Change

_CURE = "keep what is right of the lines between <<<<<<< and >>>>>>>, and take the marks away"


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Tell what would be written, and write nothing.")
@common
def upgrade(talk: Talk, directory: Path | None, dry_run: bool) -> None:
    """Carry into a project what this version of zellige makes new projects otherwise; exit 1 if changes meet.

    What was changed in the project stays: files are merged with what kg init wrote once and what it writes now.
    """
    from kg import scaffold

    root = open_project(directory).root
    before = scaffold.read_record(root)
    now = scaffold.current(before.name, before.base, before.kind, before.languages)
    found = scaffold.changes(root, before, now)
    if not dry_run and now != before:
        scaffold.carry(root, now, found)
    data = {"from": before.version, "to": now.version, "written": not dry_run, "changes": [_json(one) for one in found]}
    problems = [
        Problem("conflict", "the scaffold and the project change the same lines", Position(one.path, line), hint=_CURE)
        for one in found
        for line in one.conflicts
    ]
    told = "\n".join(f"{one.kind.value:9} {one.path}" + (f": {one.why}" if one.why else "") for one in found)
    if not found:
        talk.say("nothing to carry over: the project has what this version makes new ones of")
    if problems:
        talk.say(told)
        raise DataError(problems=problems)
    talk.result(told, data)


def _json(change: Change) -> dict[str, object]:
    return {
        "path": change.path,
        "kind": change.kind.value,
        **({"why": change.why} if change.why else {}),
    }
