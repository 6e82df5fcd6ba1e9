"""`kg build`: a project folder -> a release."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import click

from kg.cli.output import Talk, common
from kg.cli.project import first_graph, open_project
from kg.errors import UsageError

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
@click.option("--first-graph", "is_first", is_flag=True, help="The graph that came with zellige; releases go here.")
@common
def build(talk: Talk, directory: Path | None, out: Path | None, is_first: bool) -> None:
    """Build, prove and publish a release of the project in DIR.

    Without DIR: the project of the working directory or above it. A release that fails a gate is not published; the
    current one stays.
    """
    from kg import pipeline

    if is_first and directory is not None:
        raise UsageError("--first-graph takes no folder of a project", hint="leave one of them out")
    config = first_graph(out) if is_first else open_project(directory, out)
    talk.say(f"building {config.project.name} from {config.root}")
    release = pipeline.build(config, talk.detail, lambda text: talk.say(f"warning: {text}"))
    counts = release.manifest["counts"]
    talk.say(
        f"{counts['claims']} claims, {counts['quads']} quads, {counts['default_triples']} triples in the default graph"
    )
    if not counts["default_triples"]:
        talk.say(f"warning: 0 triples in the default graph: {_why_empty(counts)}")
    talk.result(str(release.path), {"release": release.id, "path": str(release.path), "counts": counts})


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
