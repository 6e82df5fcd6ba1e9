"""`kg build`: a project folder -> a release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import click

from kg.cli.output import Talk, common
from kg.cli.project import first_graph, open_project
from kg.config import Config
from kg.errors import StorageError, UsageError

if TYPE_CHECKING:
    from kg.records import QuoteReport

_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "located": "located, not reviewed",
        "unreviewed": "not reviewed",
        "no-review-status": "without a review status",
        "contradicted": "contradicted by another reviewed one",
        "claimed": "of the modality 'claimed'",
        "plan-without-pending-thing": "a plan that names nothing pending",
    }
)


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="RELEASES", help="The folder of releases.")
@click.option("--sources", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder that holds the texts.")
@click.option(
    "--query-timeout",
    type=click.IntRange(min=0),
    metavar="SECONDS",
    help="Processor time of one query of a shape, instead of [limits] query_seconds; 0 sets no end.",
)
@click.option("--locked", "is_locked", is_flag=True, help="Fail if the lock file of quotes would change: for CI.")
@click.option("--first-graph", "is_first", is_flag=True, help="The graph that came with zellige; releases go here.")
@common
def build(
    talk: Talk,
    directory: Path | None,
    out: Path | None,
    sources: Path | None,
    query_timeout: int | None,
    is_locked: bool,
    is_first: bool,
) -> None:
    """Build, prove and publish a release of the project in DIR.

    Without DIR: the project of the working directory or above it. A release that fails a gate is not published; the
    current one stays. Where a text is at hand, in --sources or in the folder that [paths] sources_texts names, its
    quotes are verified, and those without offsets are located and kept in the lock file of [paths] quotes.
    """
    from kg import pipeline

    if is_first and directory is not None:
        raise UsageError("--first-graph takes no folder of a project", hint="leave one of them out")
    config = first_graph(out) if is_first else open_project(directory, out)
    if query_timeout is not None:
        config = replace(config, limits=replace(config.limits, query_seconds=query_timeout))
    talk.say(f"building {config.project.name} from {config.root}")
    if sources is not None and not sources.is_dir():
        raise StorageError(f"no such folder: {sources}", hint="give the folder that holds the source texts")
    warnings: list[str] = []

    def warn(text: str) -> None:
        warnings.append(text)
        talk.say(f"warning: {text}")

    with _lock_told(talk, config):
        release = pipeline.build(config, talk.detail, sources, warn=warn, is_locked=is_locked)
    counts = release.manifest["counts"]
    talk.say(
        f"{counts['claims']} claims, {counts['quads']} quads, {counts['default_triples']} triples in the default graph"
        f" ({counts['facts']} facts)"
    )
    if not counts["facts"]:
        warn(f"0 facts in the default graph: {_why_empty(counts)}")
    told = {**_quotes(talk, config, release.quotes, sources), "warnings": warnings}
    talk.result(str(release.path), {"release": release.id, "path": str(release.path), "counts": counts, **told})


@contextmanager
def _lock_told(talk: Talk, config: Config) -> Iterator[None]:
    """Tell what became of the lock file meanwhile, also if the build fails later."""
    lock = config.locate("quotes")
    name, before = config.name_of(lock), lock.read_bytes() if lock.is_file() else None
    try:
        yield
    finally:
        if (lock.read_bytes() if lock.is_file() else None) != before:
            talk.say(f"{name} written: commit it" if lock.is_file() else f"{name} removed: no quote needs it")


def _why_empty(counts: Mapping[str, Any]) -> str:
    """Why nothing of what is stated entered the default graph, by the reasons that the rule gives."""
    withheld = counts["withheld"]
    if not withheld:
        return "the project states nothing" if not counts["claims"] else "its claims say nothing that the rule admits"
    told = [
        f"{number} {'claim' if number == 1 else 'claims'} {_REASONS.get(reason, reason)}"
        for reason, number in withheld.items()
    ]
    return f"{', '.join(told)}; a plain query finds what is reviewed and uncontested (docs/claims.md)"


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
