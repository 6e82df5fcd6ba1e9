"""`kg map`: tables and trees as N-Quads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.map.home import home_of
from kg.cli.map.running import Asked, to_output, to_parts, to_store, under_spark
from kg.cli.map.telling import tell, tell_parts, tell_text
from kg.cli.output import Talk, common, opened
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.rml import Access


@click.command("map")
@click.argument("mappings", metavar="MAPPING", type=click.Path(path_type=Path), nargs=-1)
@click.option("-o", "--output", metavar="PATH", help="A file; without it, standard output. With --spark, a folder.")
@click.option("--base", metavar="IRI", help="What relative IRIs are put behind.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, help="Processes; the bytes are the same for any.")
@click.option("--on-error", type=click.Choice(["stop", "skip"]), default="stop", help="What a faulty row does.")
@click.option("--distinct", is_flag=True, help="Every line once, sorted.")
@click.option("--limit", "limits", multiple=True, metavar="NAME=SIZE", help="Let record, document or ratio be larger.")
@click.option("--allow-database", "databases", multiple=True, metavar="ADDRESS", help="A database that may be asked.")
@click.option("--database", metavar="PLACE", help="The database of an R2RML mapping: an address, or a file.")
@click.option("--user", metavar="NAME", help="Its user; a password is taken from KG_DATABASE_PASSWORD.")
@click.option("--upgrade", is_flag=True, help="Write the mapping as RML-Core: R2RML, old RML, old JSONPath.")
@click.option(
    "--targets",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False),
    help="Let the mapping write its rml:logicalTarget files, at or below FOLDER.",
)
@click.option(
    "--working-directory",
    "working",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="What rml:CurrentWorkingDirectory means for sources.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Show the programs that the mapping becomes, and what its views are made of; run nothing.",
)
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
    help="Write a first mapping of TABLE (CSV, XLSX, ODS, JSON, XML); of several, with what leads from one to another.",
)
@click.option("--spark", "master", metavar="MASTER", help="Run under Apache Spark: local[2], spark://..., yarn.")
@click.option("--source", "sources", metavar="NAME=PLACE", multiple=True, help="With --spark: read PLACE for NAME.")
@click.option("--conf", "settings", metavar="KEY=VALUE", multiple=True, help="With --spark: a property of Spark.")
@common
def map_command(
    talk: Talk,
    mappings: tuple[Path, ...],
    table: Path | None,
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
    if table is None and len(mappings) > 1:
        raise UsageError(
            f"one MAPPING at a time, not {len(mappings)}", hint="a second run, or one file that has all of it"
        )
    if (not mappings) if table is None else (master is not None or parts is not None or store is not None):
        raise UsageError("give a MAPPING, or --init TABLE", hint="kg map --init table.csv -o table.rml.ttl")
    _check_places(output, store, parts, sources or settings, master is not None)
    if master is not None and (output is None or given["workers"] > 1):
        raise UsageError("--spark needs -o FOLDER, and has workers of its own", hint="-o is what Spark can write")
    file = None if output is None else Path(output)
    if table is not None:
        tell_text(talk, _starter(table, *mappings), file, {"table": str(table)})
        return
    (mapping,) = mappings
    from kg.rml import explain as explained

    access = _access(mapping, limits, databases, given)
    if given["upgrade"] or given["explain"]:
        written = _upgraded(mapping, access) if given["upgrade"] else explained(mapping, given["base"], access)
        tell_text(talk, written, file, {"mapping": str(mapping)})
        return
    asked = Asked.of(mapping, access, given, listed=talk.as_json)
    if parts is not None:
        tell_parts(talk, to_parts(asked, parts), parts)
    elif talk.as_json and output is None and store is None:
        raise UsageError("--json needs -o or --store", hint="the triples themselves would stand in the way")
    elif master is not None:
        tell(talk, under_spark(asked, str(output), master, sources, settings), output)
    elif store is not None:
        summary = to_store(talk, asked, store)
        tell(talk, summary, str(store))
    else:
        with opened(file) as target:
            summary = to_output(asked, target)
        tell(talk, summary, output)


def _access(mapping: Path, limits: Sequence[str], databases: Sequence[str], given: Mapping[str, Any]) -> Access:
    """What the mapping may reach."""
    from kg.rml import Access, Limits

    home = home_of(mapping, given["database"], given["user"])
    return Access(
        Limits().with_texts(limits),
        frozenset((*databases, *(() if home is None else (home.dsn,)))),
        functions=_own_functions(mapping),
        home=home,
        working=given["working"],
        targets=given["targets"],
        output=None if given["output"] is None else Path(given["output"]),
    )


def _check_places(
    output: str | None, store: Path | None, parts: Path | None, for_spark: Sequence[str], under_spark: bool
) -> None:
    """The lines go to one place."""
    chosen = [name for name, place in (("-o", output), ("--store", store), ("--parts", parts)) if place is not None]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} cannot go together", hint="the lines go to one place")
    if for_spark and not under_spark:
        raise UsageError("--source and --conf are for Spark", hint="--spark 'local[2]' runs it on this machine")


def _own_functions(mapping: Path) -> Path | None:
    """The file of functions of the project that a mapping lies in; most lie in none."""
    if _project_of(mapping) is None:
        return None
    from kg.config.functions import functions_for

    return functions_for(mapping)


def _project_of(path: Path) -> Path | None:
    """The folder of the project that a file lies in."""
    return next((folder for folder in path.absolute().parents if (folder / "kg.toml").is_file()), None)


def _upgraded(mapping: Path, access: Access) -> str:
    if mapping.suffix.lower() in {".yml", ".yaml"}:
        raise UsageError("YARRRML is not written anew", hint="kg map runs it; --upgrade is for mappings in Turtle")
    from kg.rml.legacy.reading import upgraded

    return upgraded(mapping, access)


def _starter(*tables: Path) -> str:
    from kg.rml.starter import starter_mapping

    root = _project_of(tables[0])
    if root is None:
        return starter_mapping(*tables)
    from kg.cli.map.project import home_in

    return starter_mapping(*tables, home=home_in(root))
