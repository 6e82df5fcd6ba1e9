"""`kg map`: tables and trees as N-Quads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

from kg.cli.output import Talk, common, opened
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.rml import Access, OnError, Summary


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
    "--parts",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="One file for each triples map; those that would be the same are left.",
)
@click.option(
    "--store",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="A new Oxigraph store, loaded while the lines are made: kg serve FOLDER serves it.",
)
@click.option(
    "--init",
    "table",
    metavar="TABLE",
    type=click.Path(path_type=Path),
    help="Write a first mapping of TABLE, CSV or TSV.",
)
@click.option("--spark", "master", metavar="MASTER", help="Run under Apache Spark: local[2], spark://..., yarn.")
@click.option("--source", "sources", metavar="NAME=PLACE", multiple=True, help="With --spark: read PLACE for NAME.")
@click.option("--conf", "settings", metavar="KEY=VALUE", multiple=True, help="With --spark: a property of Spark.")
@common
def map_command(
    talk: Talk,
    mapping: Path | None,
    table: Path | None,
    explain: bool,
    parts: Path | None,
    store: Path | None,
    master: str | None,
    sources: tuple[str, ...],
    settings: tuple[str, ...],
    limits: tuple[str, ...],
    databases: tuple[str, ...],
    **given: Any,
) -> None:
    """Write what MAPPING (RML, or YARRRML in .yml) makes of the files beside it as N-Quads."""
    output = given["output"]
    if (mapping is None) is (table is None):
        raise UsageError("give a MAPPING, or --init TABLE", hint="kg map --init table.csv -o table.rml.ttl")
    _check_places(output, store, parts, sources or settings, master is not None)
    if master is not None and (output is None or given["workers"] > 1):
        raise UsageError("--spark needs -o FOLDER, and has workers of its own", hint="-o is what Spark can write")
    file = None if output is None else Path(output)
    if table is not None:
        _text(talk, _starter(table), file, {"table": str(table)})
        return
    assert mapping is not None
    from kg.rml import Access, Limits
    from kg.rml import explain as explained

    access = Access(Limits().with_texts(limits), frozenset(databases))
    if explain:
        _text(talk, explained(mapping, given["base"], access), file, {"mapping": str(mapping)})
        return
    asked = _Asked.of(mapping, access, given, listed=talk.as_json)
    if parts is not None:
        _parts(talk, asked, parts)
    elif talk.as_json and output is None and store is None:
        raise UsageError("--json needs -o or --store", hint="the triples themselves would stand in the way")
    elif master is not None:
        _told(talk, _under_spark(asked, str(output), master, sources, settings), output)
    elif store is not None:
        summary = _stored(talk, asked, store)
        _told(talk, summary, str(store))
    else:
        with opened(file) as target:
            summary = _local(asked, target)
        _told(talk, summary, output)


def _stored(talk: Talk, asked: _Asked, store: Path) -> Summary:
    """Map into a new store, and tell which literals it keeps otherwise than they are written."""
    from kg.loading import loading
    from kg.rdf import Forms
    from kg.store import kept_forms

    forms = Forms(kept_forms)
    with loading(store, forms=forms) as target:
        summary = _local(asked, target)
    for line in forms.told():
        talk.say(line)
    return summary


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a run was asked for."""

    mapping: Path
    access: Access
    base: str | None
    workers: int
    on_error: OnError
    distinct: bool
    told: int
    """Faulty rows of a triples map that are told one by one."""

    @classmethod
    def of(cls, mapping: Path, access: Access, given: Mapping[str, Any], *, listed: bool) -> _Asked:
        """The options as `kg.rml` takes them."""
        from kg.rml import TOLD, OnError

        told = _LISTED if listed else TOLD
        on_error = OnError(given["on_error"])
        return cls(mapping, access, given["base"], given["workers"], on_error, given["distinct"], told)


def _check_places(
    output: str | None, store: Path | None, parts: Path | None, for_spark: Sequence[str], under_spark: bool
) -> None:
    """The lines go to one place."""
    chosen = [name for name, place in (("-o", output), ("--store", store), ("--parts", parts)) if place is not None]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} cannot go together", hint="the lines go to one place")
    if for_spark and not under_spark:
        raise UsageError("--source and --conf are for Spark", hint="--spark 'local[2]' runs it on this machine")


def _local(asked: _Asked, output: IO[bytes]) -> Summary:
    from kg.rml import map_to

    return map_to(
        asked.mapping,
        output,
        base=asked.base,
        workers=asked.workers,
        on_error=asked.on_error,
        distinct=asked.distinct,
        access=asked.access,
        told=asked.told,
    )


def _under_spark(
    asked: _Asked, folder: str, master: str, sources: tuple[str, ...], settings: tuple[str, ...]
) -> Summary:
    from kg.rml.spark import map_with_spark, spark_session

    places, properties = _places(sources), dict(_pair(text, "--conf KEY=VALUE") for text in settings)
    with spark_session(master, properties) as session:
        return map_with_spark(
            session,
            asked.mapping,
            folder,
            sources=places,
            base=asked.base,
            on_error=asked.on_error,
            distinct=asked.distinct,
            access=asked.access,
            told=asked.told,
        )


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


def _parts(talk: Talk, asked: _Asked, folder: Path) -> None:
    if asked.distinct or asked.workers > 1:
        raise UsageError("--parts goes without --distinct and --workers", hint="it writes a file for each map")
    from kg.rml import map_parts

    kept = map_parts(asked.mapping, folder, base=asked.base, on_error=asked.on_error, access=asked.access)
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
    with opened(output) as file:
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
