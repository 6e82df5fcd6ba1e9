"""`kg link`: candidates for matches with Wikidata, from a service that the user names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from kg.cli.output import Talk, common, opened
from kg.cli.project import open_project, read_project
from kg.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.config import Config
    from kg.linking import Candidate, Threshold, Wanted


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--service", required=True, metavar="URL", help="The service to ask.")
@click.option(
    "--protocol",
    type=click.Choice(["reconciliation", "sparql"]),
    default="reconciliation",
    help="What it speaks; default: reconciliation (API 0.2).",
)
@click.option("--thing", "things", multiple=True, metavar="NAME", help="Only this thing; may be repeated.")
@click.option("--limit", type=click.IntRange(1, 20), default=3, help="Candidates for each thing; default: 3.")
@click.option("--minimum", type=click.FloatRange(0, 1), default=0.5, help="Least confidence; default: 0.5.")
@click.option("--author", help="Who proposes; default: the publisher of the project.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Date of the proposals; default: today.")
@click.option("--dry-run", is_flag=True, help="Print the rows and write nothing.")
@common
def link(
    talk: Talk,
    directory: Path | None,
    service: str,
    protocol: str,
    things: tuple[str, ...],
    limit: int,
    minimum: float,
    author: str | None,
    day: dt.datetime | None,
    dry_run: bool,
) -> None:
    """Propose Wikidata items for the things of the project in DIR that have none.

    Candidates become rows with the status unverified at the end of the file of matches, which no release contains
    before a person has verified them. Rows that are there stay as they are.
    """
    from kg import linking
    from kg.records.matches import Sheet

    if urlsplit(service).scheme not in {"http", "https"}:
        raise UsageError(f"{service!r} is no http(s) address", hint="--service https://…")
    config = open_project(directory)
    signature = linking.Signature(author or config.project.publisher, (day or dt.datetime.now(dt.UTC)).date())
    if not signature.author:
        raise UsageError("nobody proposes", hint="add --author, or a publisher to kg.toml")
    records, _ = read_project(config)
    if unknown := sorted(set(things) - set(records.entities)):
        raise UsageError(f"no thing '{unknown[0]}'", hint="give names of the file of entities")
    wanted = linking.wanted(records, config.project.base, things)
    talk.say(f"asking {service} for {len(wanted)} things without an item")
    found = _ask(service, protocol, wanted, config, linking.Threshold(limit, minimum)) if wanted else []
    path = config.locate("wikidata")
    content = path.read_bytes() if path.exists() else linking.new_file(config.project.base).encode()
    sheet = Sheet(content.decode("utf-8-sig"), config.name_of(path))
    labels = {one.iri: one.labels for one in wanted}
    rows = linking.proposals(found, signature, labels, records.matches, sheet)
    if rows and not dry_run:
        with opened(path, makes_folder=True) as file:
            file.write(linking.appended(content, rows))
        talk.say(f"{len(rows)} unverified rows added to {config.name_of(path)}; verify or reject each")
    elif not rows:
        talk.say("no candidate")
    named = [dict(zip(sheet.columns, row.split("\t"), strict=True)) for row in rows]
    data = {"things": len(wanted), "rows": named, "file": str(path), "written": bool(rows) and not dry_run}
    talk.result("\n".join(rows), data)


def _ask(
    service: str, protocol: str, wanted: Sequence[Wanted], config: Config, threshold: Threshold
) -> list[Candidate]:
    from kg import linking
    from kg.sparql.remote import RemoteClient

    settings = linking.permitted(config.federation, service)
    if protocol == "reconciliation":
        return linking.ask_reconciliation(service, wanted, settings, threshold)
    with RemoteClient(settings) as client:
        return linking.ask_endpoint(service, wanted, client, threshold)
