"""`kg verify`: every quote against its source text."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project, read_project


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--sources", required=True, type=click.Path(path_type=Path), help="The folder that holds the texts.")
@common
def verify(talk: Talk, directory: Path | None, sources: Path) -> None:
    """Check hash, offsets and words of every quote against the source texts that you have."""
    from kg.records import verify as verify_records

    records, rows = read_project(open_project(directory))
    found = verify_records(records, sources)
    for slug in found.absent:
        talk.say(f"not checked: the text of '{slug}' is not in {sources}")
    text = (
        f"{found.quotes} quotes match in {len(found.documents)} documents; "
        f"{found.unquoted} claims rest on a document as a whole"
    )
    if rows:
        text += f"; {len(rows)} claims are rows of tables"
    talk.result(text, {**dataclasses.asdict(found), "rows": len(rows)})
