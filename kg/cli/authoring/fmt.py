"""`kg fmt`: claims files in their short form, saying the same."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project, read_project
from kg.config import Config
from kg.errors import DataError, KgError, Problem, RecordError
from kg.files import replaced

if TYPE_CHECKING:
    from kg.authoring.formatting import Shorten
    from kg.authoring.naming import Proposed
    from kg.records import Records


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--sources", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder that holds the texts.")
@common
def fmt(talk: Talk, directory: Path | None, check: bool, sources: Path | None) -> None:
    """Write claims files in their short form: what goes without saying is left out, keys stand in one order.

    A claim without an id gets one, which is written down and stays.

    Remarks stay, and so does the graph: the project is read before and after, and if it said anything else every file
    would be as it was. Offsets are left out where the text is at hand, and kept in the lock file.
    """
    from kg.authoring.naming import place_of
    from kg.records import claim_files

    config = open_project(directory)
    named = _named(config)
    if check and named:
        problems = [
            Problem("claim-id", "the claim has no id", place, hint=f"run kg fmt: it writes {new} down")
            for one in named.values()
            for new, place in one.ids
        ]
        raise RecordError(problems=problems)
    first = {path: path.read_bytes() for path in claim_files(config)}
    _replace({path: one.content for path, one in named.items()})
    try:
        written = _written(talk, config, sources, check=check)
    except KgError:
        _replace({path: first[path] for path in named})
        raise
    for path, one in named.items():
        for new, _ in one.ids:
            place = place_of(new, path.read_bytes(), config.name_of(path))
            talk.say(f"{place}: a claim had no id, and is {new} from now on")
    lengths = [(len(first[path].decode("utf-8-sig")), len(path.read_bytes().decode("utf-8-sig"))) for path in first]
    saved = sum(before - after for before, after in lengths)
    names = sorted({*written, *map(config.name_of, named)})
    if written:
        talk.say(f"{saved} characters fewer" if saved >= 0 else f"{-saved} characters more")
    data = {"written": names, "saved": saved, "ids": [new for one in named.values() for new, _ in one.ids]}
    talk.result("\n".join(names) if names else "every file is in its short form", data)


def _named(config: Config) -> Mapping[Path, Proposed]:
    """The claims files that get ids; one that cannot be read is told of when the project is."""
    from kg.authoring.naming import claim_ids, proposed
    from kg.ontology.own import vocabulary_of
    from kg.records import claim_files
    from kg.tables import Tables

    contents: dict[Path, bytes] = {}
    taken: set[str] = set()
    for path in claim_files(config):
        with suppress(RecordError):
            taken.update(claim_ids(content := path.read_bytes(), config.name_of(path)))
            contents[path] = content
    found: dict[Path, Proposed] = {}
    for path, content in contents.items():
        one = proposed(content, config.name_of(path), taken)
        if one is not None and not found:  # which rows there are is asked only if somebody needs it
            taken |= Tables(config, vocabulary_of(config)).claim_ids()
            one = proposed(content, config.name_of(path), taken)
        if one is not None:
            found[path] = one
            taken.update(new for new, _ in one.ids)
    return found


def _written(talk: Talk, config: Config, sources: Path | None, *, check: bool) -> list[str]:
    """Write the short forms, and give the names of the files that changed.

    :raises RecordError: if files would change and `check` forbids it
    :raises DataError: if the project would say something else; every file is then as it was
    """
    from kg.authoring.formatting import formatted
    from kg.records import claim_files
    from kg.records.lock import Locking

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
    return names


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
