"""`kg fmt`: claims files in their short form, saying the same."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project, read_project
from kg.config import Config
from kg.errors import DataError, KgError, RecordError
from kg.files import replaced

if TYPE_CHECKING:
    from kg.authoring.formatting import Shorten
    from kg.records import Records


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--sources", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder that holds the texts.")
@common
def fmt(talk: Talk, directory: Path | None, check: bool, sources: Path | None) -> None:
    """Write claims files in their short form: what goes without saying is left out, keys stand in one order.

    Remarks stay, and so does the graph: the project is read before and after, and if it said anything else every file
    would be as it was. Offsets are left out where the text is at hand, and kept in the lock file.
    """
    from kg.authoring.formatting import formatted
    from kg.records import claim_files
    from kg.records.lock import Locking

    config = open_project(directory)
    records, _ = read_project(config, sources)
    shorten = _shortener(records, sources or config.texts)
    before: dict[Path, bytes] = {}
    after: dict[Path, bytes] = {}
    for path in claim_files(config):
        content = path.read_bytes()
        text = formatted(content, config.name_of(path), shorten)
        if text is None:
            talk.say(f"left as it is: claims of {config.name_of(path)} do not stand in lines of their own")
        elif text.encode() != content:
            before[path], after[path] = content, text.encode()
    names = [config.name_of(path) for path in after]
    if check and names:
        raise RecordError(f"not in their short form: {', '.join(names)}", hint="run kg fmt")
    _replace(after)
    try:
        again, _ = read_project(config, sources)
        if _said(again, config) != _said(records, config):
            raise DataError("the short form would say something else", hint="report it, with the claims file")
    except KgError:
        _replace(before)
        raise
    Locking.KEPT.keep(again.lock, config, talk.say)
    saved = sum(map(_length, before.values())) - sum(map(_length, after.values()))
    text = "\n".join(names) if names else "every file is in its short form"
    if names:
        talk.say(f"{saved} characters fewer")
    talk.result(text, {"written": names, "saved": saved})


def _length(content: bytes) -> int:
    return len(content.decode("utf-8-sig"))


def _replace(files: Mapping[Path, bytes]) -> None:
    for path, content in files.items():
        with replaced(path) as file:
            file.write(content)


def _said(records: Records, config: Config) -> list[bytes]:
    """All that the records say, in one order."""
    from kg.records import lines_for

    return sorted(b"".join(lines_for(records, config.locate("ontology"), config.project.base)).splitlines())


def _shortener(records: Records, folder: Path | None) -> Shorten:
    """Evidence without its offsets, where the text that its document describes is at hand and has it there."""
    from functools import cache

    from kg.authoring.formatting import words
    from kg.positions import Table, Value
    from kg.records.evidence import places
    from kg.records.texts import Text, read_text

    @cache
    def text_of(slug: str) -> Text | None:
        document = records.documents.get(slug)
        found = read_text(document, folder, []) if document is not None and folder is not None else None
        return found if found is not None and found.is_described else None

    def shorten(slug: str, table: Table) -> str | None:
        exact, start = table.get("exact"), table.get("start")
        text = text_of(slug)
        if not isinstance(exact, Value) or not isinstance(start, Value) or text is None:
            return None
        everywhere = places(text.characters, exact.text)
        if start.value not in everywhere or set(table.entries) != {"sentence", "start", "end", "exact"}:
            return None
        return words(exact.text, everywhere.index(int(str(start.value))) + 1 if len(everywhere) > 1 else None)

    return shorten
