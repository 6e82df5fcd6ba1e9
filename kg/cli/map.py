"""`kg map`: tables and trees as N-Quads."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from kg.cli.output import Talk, common
from kg.errors import StorageError, UsageError

if TYPE_CHECKING:
    from kg.rml import Summary


_LISTED: Final = 1000
"""Faulty rows of a triples map that are told to a program; a person gets fewer."""


@click.command("map")
@click.argument("mapping", type=click.Path(path_type=Path), required=False)
@click.option("-o", "--output", metavar="PATH", help="A file; without it, standard output. With --spark, a folder.")
@click.option("--base", metavar="IRI", help="What relative IRIs are put behind.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Processes; the bytes are the same for any.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop", help="What a faulty row does.")
@click.option("--distinct", is_flag=True, help="Every line once, sorted.")
@click.option("--limit", "limits", multiple=True, metavar="NAME=SIZE", help="Let record, document or ratio be larger.")
@click.option("--allow-database", "databases", multiple=True, metavar="ADDRESS", help="A database that may be asked.")
@click.option("--explain", is_flag=True, help="Show the programs that the mapping becomes, and run nothing.")
@click.option(
    "--init", "table", metavar="TABLE", type=click.Path(path_type=Path), help="Write a first mapping of TABLE."
)
@click.option("--spark", "master", metavar="MASTER", help="Run under Apache Spark: local[2], spark://..., yarn.")
@click.option("--source", "sources", metavar="NAME=PLACE", multiple=True, help="With --spark: read PLACE for NAME.")
@click.option("--conf", "settings", metavar="KEY=VALUE", multiple=True, help="With --spark: a property of Spark.")
@common
def map_command(
    talk: Talk,
    mapping: Path | None,
    output: str | None,
    base: str | None,
    workers: int,
    on_error: str,
    distinct: bool,
    limits: tuple[str, ...],
    databases: tuple[str, ...],
    explain: bool,
    table: Path | None,
    master: str | None,
    sources: tuple[str, ...],
    settings: tuple[str, ...],
) -> None:
    """Write what MAPPING (RML, or YARRRML in .yml) makes of the files beside it as N-Quads."""
    if master is None and (sources or settings):
        raise UsageError("--source and --conf are for Spark", hint="--spark 'local[2]' runs it on this machine")
    file = None if output is None else Path(output)
    if (mapping is None) is (table is None):
        raise UsageError("give a MAPPING, or --init TABLE", hint="kg map --init table.csv -o table.rml.ttl")
    if table is not None:
        _text(talk, _starter(table), file, {"table": str(table)})
        return
    assert mapping is not None
    from kg.rml import TOLD, Access, Limits, OnError, map_to
    from kg.rml import explain as explained

    access = Access(Limits().with_texts(limits), frozenset(databases))
    if explain:
        _text(talk, explained(mapping, base, access), file, {"mapping": str(mapping)})
        return
    if talk.as_json and file is None:
        raise UsageError("--json needs -o", hint="the triples themselves would stand in the way")
    choice, told = OnError(on_error), _LISTED if talk.as_json else TOLD
    if master is None:
        with _opened(file) as opened:
            summary = map_to(
                mapping,
                opened,
                base=base,
                workers=workers,
                on_error=choice,
                distinct=distinct,
                access=access,
                told=told,
            )
    elif output is None or workers > 1:
        raise UsageError("--spark needs -o FOLDER, and has workers of its own", hint="-o is what Spark can write")
    else:
        from kg.rml.spark import map_with_spark, spark_session

        places, properties = _places(sources), dict(_pair(text, "--conf KEY=VALUE") for text in settings)
        with spark_session(master, properties) as session:
            summary = map_with_spark(
                session,
                mapping,
                output,
                sources=places,
                base=base,
                on_error=choice,
                distinct=distinct,
                access=access,
                told=told,
            )
    _told(talk, summary, output)


def _pair(text: str, form: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise UsageError(f"'{text}' is not {form}")
    return name, value


def _places(sources: tuple[str, ...]) -> dict[str, list[str]]:
    """What is read for each source; a name that is given twice has two places."""
    places: dict[str, list[str]] = {}
    for text in sources:
        name, place = _pair(text, "--source NAME=PLACE")
        places.setdefault(name, []).append(place)
    return places


def _starter(table: Path) -> str:
    from kg.rml.starter import starter_mapping

    return starter_mapping(table)


def _text(talk: Talk, text: str, output: Path | None, data: dict[str, str]) -> None:
    if output is None:
        talk.result(text.rstrip("\n"), {**data, "text": text})
        return
    with _opened(output) as file:
        file.write(text.encode())
    talk.say(f"written to {output}")
    if talk.as_json:
        talk.result("", {**data, "output": str(output)})


def _told(talk: Talk, summary: Summary, output: str | None) -> None:
    for problem in summary.problems:
        talk.say(f"left out: {problem}")
    if summary.skipped > len(summary.problems):
        talk.say(f"and {summary.skipped - len(summary.problems):,} rows more: --json lists a thousand of a triples map")
    skipped = f", {summary.skipped:,} rows left out" if summary.skipped else ""
    talk.say(f"{summary.triples:,} triples of {summary.rows:,} rows{skipped}")
    for part in summary.parts:
        if not part.rows:
            talk.say(f"no rows for {part.name}: does the iterator of its source fit?")
        talk.detail(f"{part.name}: {part.triples:,} triples of {part.rows:,} rows")
    if talk.as_json:
        parts = [
            {"name": part.name, "rows": part.rows, "triples": part.triples, "skipped": part.skipped}
            for part in summary.parts
        ]
        data = {"output": output, "triples": summary.triples, "rows": summary.rows, "skipped": summary.skipped}
        left_out = [problem.to_json() for problem in summary.problems]
        talk.result("", {**data, "maps": parts, "left_out": left_out})


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[bytes]]:
    """Standard output, or a file that is written aside and renamed, so that a failure never leaves half of it."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if output.exists() and not output.is_file():
        if output.is_dir():
            raise UsageError(f"{output} is a folder", hint="name a file")
        with output.open("wb") as file:  # a device or a pipe takes what it is given
            yield file
        return
    aside = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(output)
    except OSError as error:
        raise StorageError(f"cannot write {output}: {error.strerror}") from None
    finally:
        aside.unlink(missing_ok=True)
