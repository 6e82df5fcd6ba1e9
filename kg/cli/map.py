"""`kg map`: tables and trees as N-Quads."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from kg.cli.output import Talk, common
from kg.errors import StorageError, UsageError
from kg.files import replaced

if TYPE_CHECKING:
    from kg.rml import Summary


@click.command("map")
@click.argument("mapping", type=click.Path(path_type=Path), required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file; without it, standard output.")
@click.option("--base", metavar="IRI", help="What relative IRIs are put behind.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Processes; the bytes are the same for any.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop", help="What a faulty row does.")
@click.option("--distinct", is_flag=True, help="Every line once, sorted.")
@click.option("--explain", is_flag=True, help="Show the programs that the mapping becomes, and run nothing.")
@click.option(
    "--parts",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="One file for each triples map; those that would be the same are left.",
)
@click.option(
    "--init", "table", metavar="TABLE", type=click.Path(path_type=Path), help="Write a first mapping of TABLE."
)
@common
def map_command(
    talk: Talk,
    mapping: Path | None,
    output: Path | None,
    base: str | None,
    workers: int,
    on_error: str,
    distinct: bool,
    explain: bool,
    parts: Path | None,
    table: Path | None,
) -> None:
    """Write what MAPPING (RML, or YARRRML in .yml) makes of the files beside it as N-Quads."""
    if (mapping is None) is (table is None):
        raise UsageError("give a MAPPING, or --init TABLE", hint="kg map --init table.csv -o table.rml.ttl")
    if table is not None:
        _text(talk, _starter(table), output, {"table": str(table)})
        return
    assert mapping is not None
    if explain:
        from kg.rml import explain as explained

        _text(talk, explained(mapping, base), output, {"mapping": str(mapping)})
        return
    if parts is not None:
        if output is not None or distinct or workers > 1:
            raise UsageError("--parts goes without -o, --distinct and --workers", hint="it writes a file for each map")
        _parts(talk, mapping, parts, base, on_error)
        return
    if talk.as_json and output is None:
        raise UsageError("--json needs -o", hint="the triples themselves would stand in the way")
    from kg.rml import OnError, map_to

    with _opened(output) as file:
        summary = map_to(mapping, file, base=base, workers=workers, on_error=OnError(on_error), distinct=distinct)
    _told(talk, summary, output)


def _parts(talk: Talk, mapping: Path, folder: Path, base: str | None, on_error: str) -> None:
    from kg.rml import OnError, map_parts

    kept = map_parts(mapping, folder, base=base, on_error=OnError(on_error))
    for one in kept:
        for problem in one.part.problems:
            talk.say(f"left out: {problem}")
        how = "mapped" if one.was_mapped else "as it was"
        talk.detail(f"{one.path}: {one.part.triples:,} triples of {one.part.rows:,} rows, {how}")
    mapped = sum(one.was_mapped for one in kept)
    skipped = sum(one.part.skipped for one in kept)
    left = f", {skipped:,} rows left out" if skipped else ""
    talk.say(f"{len(kept)} parts in {folder}: {mapped} mapped, {len(kept) - mapped} as they were{left}")
    maps = [
        {
            "name": one.part.name,
            "file": str(one.path),
            "rows": one.part.rows,
            "triples": one.part.triples,
            "skipped": one.part.skipped,
            "mapped": one.was_mapped,
        }
        for one in kept
    ]
    left_out = [problem.to_json() for one in kept for problem in one.part.problems]
    talk.result("\n".join(str(one.path) for one in kept), {"maps": maps, "left_out": left_out})


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


def _told(talk: Talk, summary: Summary, output: Path | None) -> None:
    for problem in summary.problems:
        talk.say(f"left out: {problem}")
    skipped = f", {summary.skipped:,} rows left out" if summary.skipped else ""
    talk.say(f"{summary.triples:,} triples of {summary.rows:,} rows{skipped}")
    for part in summary.parts:
        talk.detail(f"{part.name}: {part.triples:,} triples of {part.rows:,} rows")
    if talk.as_json:
        parts = [
            {"name": part.name, "rows": part.rows, "triples": part.triples, "skipped": part.skipped}
            for part in summary.parts
        ]
        data = {"output": str(output), "triples": summary.triples, "rows": summary.rows, "skipped": summary.skipped}
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
    try:
        with replaced(output) as file:
            yield file
    except OSError as error:
        raise StorageError(f"cannot write {output}: {error.strerror}") from None
