"""`kg build`: a project folder -> a release."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="RELEASES", help="The folder of releases.")
@common
def build(talk: Talk, directory: Path | None, out: Path | None) -> None:
    """Build, prove and publish a release of the project in DIR.

    Without DIR: the project of the working directory, or else the graph that zellige brings along. A release that
    fails a gate is not published; the current one stays.
    """
    from kg import pipeline

    config = open_project(directory, out)
    talk.say(f"building {config.project.name} from {config.root}")
    release = pipeline.build(config, talk.detail)
    counts = release.manifest["counts"]
    talk.say(
        f"{counts['claims']} claims, {counts['quads']} quads, {counts['default_triples']} triples in the default graph"
    )
    talk.result(str(release.path), {"release": release.id, "path": str(release.path), "counts": counts})
