"""`kg diff`: what changed between two releases."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_releases


@click.command()
@click.argument("a")
@click.argument("b")
@click.option("--releases", type=click.Path(path_type=Path, file_okay=False), help="The folder of releases.")
@common
def diff(talk: Talk, a: str, b: str, releases: Path | None) -> None:
    """List the claims and triples added, removed and changed from release A to release B.

    A and B are ids, the first characters of an id, or 'current'.
    """
    from kg import difference
    from kg.release import open_release

    folder = open_releases(releases).releases
    found = difference.diff(open_release(folder, a), open_release(folder, b))
    talk.result(found.to_text().rstrip("\n"), found.to_json())
