"""`kg build`: a project folder -> a release."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project
from kg.config import Config
from kg.errors import StorageError

if TYPE_CHECKING:
    from kg.records import QuoteReport


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="RELEASES", help="The folder of releases.")
@click.option("--sources", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder that holds the texts.")
@common
def build(talk: Talk, directory: Path | None, out: Path | None, sources: Path | None) -> None:
    """Build, prove and publish a release of the project in DIR.

    Without DIR: the project of the working directory, or else the graph that zellige brings along. A release that
    fails a gate is not published; the current one stays. Where a text is at hand, in --sources or in the folder that
    [paths] sources_texts names, its quotes are verified.
    """
    from kg import pipeline

    config = open_project(directory, out)
    talk.say(f"building {config.project.name} from {config.root}")
    if sources is not None and not sources.is_dir():
        raise StorageError(f"no such folder: {sources}", hint="give the folder that holds the source texts")
    release = pipeline.build(config, talk.detail, sources)
    counts = release.manifest["counts"]
    talk.say(
        f"{counts['claims']} claims, {counts['quads']} quads, {counts['default_triples']} triples in the default graph"
    )
    quotes = _quotes(talk, config, release.quotes, sources)
    talk.result(str(release.path), {"release": release.id, "path": str(release.path), "counts": counts, **quotes})


def _quotes(talk: Talk, config: Config, report: QuoteReport | None, texts: Path | None) -> dict[str, Any]:
    """Tell how many quotes were verified, and how many were not and why."""
    if report is None:
        return {}
    for slug, one in report.documents.items():
        for problem in one.mismatches:
            talk.say(f"warning: {problem}")
        if one.text is None:
            talk.detail(f"not verified: the text of '{slug}' is not at hand")
    line = f"{report.verified} of {report.quotes} quotes verified against their texts"
    if report.unchecked:
        line += f"; {report.unchecked} not: {_reason(config, report, texts)}"
    if report.failed:
        line += f"; {report.failed} wrong, of claims that are not reviewed"
    if report.quotes:
        talk.say(line)
    mismatches = [problem.to_json() for one in report.documents.values() for problem in one.mismatches]
    return {"quotes": {**report.figures(), "mismatches": mismatches}}


def _reason(config: Config, report: QuoteReport, texts: Path | None) -> str:
    if any(one.text is False for one in report.documents.values()):
        return "no text at hand, or another one"
    if texts is None and config.texts is None:
        return "no text at hand (give --sources FOLDER, or set [paths] sources_texts)"
    if texts is None and config.texts is not None and not config.texts.is_dir():
        return f"no text at hand (there is no folder '{config.paths.sources_texts}', see [paths] sources_texts)"
    return "no text at hand"
