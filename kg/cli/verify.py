"""`kg verify`: every quote against its source text."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project, read_project
from kg.errors import UsageError


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--sources", type=click.Path(path_type=Path), help="The folder that holds the texts.")
@common
def verify(talk: Talk, directory: Path | None, sources: Path | None) -> None:
    """Check hash, offsets and words of every quote against the source texts that you have.

    Without --sources they are in the folder that [paths] sources_texts of kg.toml names.
    """
    from kg.records import compare
    from kg.records import verify as verify_records

    config = open_project(directory)
    folder = sources or config.texts
    records, rows = read_project(config, sources)
    if folder is None and any(one.exact is not None for claim in records.claims.values() for one in claim.evidence):
        hint = "give --sources FOLDER, or set [paths] sources_texts in kg.toml"
        raise UsageError("no folder of source texts", hint=hint)
    found = compare(records, None) if folder is None else verify_records(records, folder)
    figures = found.report.figures()
    for slug in found.absent if folder is not None else ():
        talk.say(f"not checked: the text of '{slug}' is not in {folder}")
    text = (
        f"{figures['verified']} quotes match in {len(found.documents)} documents; "
        f"{found.unquoted} claims rest on a document as a whole"
    )
    if figures["unchecked"]:
        text += f"; {figures['unchecked']} quotes were not checked: no text at hand"
    if rows:
        text += f"; {len(rows)} claims are rows of tables"
    data = {
        "documents": found.documents,
        "absent": found.absent,
        "quotes": figures["verified"],
        "unchecked": figures["unchecked"],
        "unquoted": found.unquoted,
        "rows": len(rows),
    }
    talk.result(text, data)
