"""`kg export`: a release, or a file of RDF, as a file."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kg.cli.output import Talk, common, opened
from kg.cli.project import find_release, open_releases, release_options
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.config import Config
    from kg.export.formats import Selection
    from kg.release import Release

FORMATS = ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml", "csv", "statements")
TO_WIKIDATA = ("quickstatements", "wikibase-json")


@click.command()
@click.argument("format_name", metavar="FORMAT", type=click.Choice([*FORMATS, *TO_WIKIDATA]))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A file; for csv a folder or a .zip; for statements a .parquet too.",
)
@click.option("--graph", type=click.Choice(["default", "claims", "all"]), help="Default: all that the format holds.")
@click.option("--form", type=click.Choice(["v1", "csv"]), help="Of quickstatements; default: v1.")
@click.option(
    "--retrieved",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day on which you opened the sources; quickstatements and wikibase-json need it.",
)
@release_options
@common
def export(
    talk: Talk,
    format_name: str,
    file: Path | None,
    output: Path | None,
    graph: str | None,
    form: str | None,
    retrieved: dt.datetime | None,
    releases: Path | None,
    release_id: str | None,
) -> None:
    """Write a release as FORMAT: turtle, ntriples, nquads, trig, jsonld, rdfxml or csv; its statements; its facts.

    csv is a table for each class. statements is one table, a row for each statement, with who says it and in which
    words.
    For Wikidata: quickstatements or wikibase-json, with --retrieved.
    With FILE, in a format of RDF: that file of RDF in place of a release.
    """
    if file is not None:
        others = (graph, form, retrieved, releases, release_id)
        _converted(talk, format_name, file, output, is_alone=not any(others))
        return
    if retrieved is not None and format_name not in TO_WIKIDATA:
        raise UsageError(f"{format_name} takes no --retrieved", hint="it is for quickstatements and wikibase-json")
    release = find_release(releases, release_id)
    if form is not None and format_name != "quickstatements":
        raise UsageError(f"{format_name} takes no --form", hint="it is for quickstatements")
    if format_name in TO_WIKIDATA:
        if graph is not None:
            raise UsageError(f"{format_name} takes no --graph", hint="it holds facts of the default graph")
        _to_wikidata(talk, release, output, form or format_name, _day(retrieved), open_releases(releases))
        return
    if format_name == "statements" and graph is not None:
        raise UsageError("statements takes no --graph", hint="its rows are the statements of every claim")
    _written(talk, release, format_name, output, graph)


def _written(talk: Talk, release: Release, format_name: str, output: Path | None, graph: str | None) -> None:
    """Write a release in a format that is not for Wikidata."""
    if output is None:
        _to_stdout(talk, release, format_name, cast("Selection | None", graph))
        return
    if format_name == "csv" and output.suffix.lower() in {".csv", ".tsv"} and not output.is_dir():
        hint = "-o FOLDER, or -o FILE.zip; kg export statements -o FILE.csv makes one"
        raise UsageError(f"csv makes several tables, and {output} is the name of one", hint=hint)
    if format_name == "statements" and output.suffix == ".parquet":
        _to_parquet(release, output)
    elif format_name == "csv" and output.suffix != ".zip":
        _to_folder(release, output, graph)
    else:
        _to_file(release, format_name, output, cast("Selection | None", graph))
    talk.say(f"release {release.id} written to {output}")
    if talk.as_json:
        talk.result("", {"release": release.id, "output": str(output), "format": format_name})


def _converted(talk: Talk, format_name: str, file: Path, output: Path | None, *, is_alone: bool) -> None:
    """Write a file of RDF in another syntax."""
    from kg.export.files import convert

    if not is_alone:
        hint = "--graph, --form, --retrieved, --releases and --release are for releases"
        raise UsageError("a file is exported as it is", hint=hint)
    if format_name not in FORMATS[: FORMATS.index("csv")]:
        raise UsageError(f"{format_name} is made of a release, not of a file", hint="use turtle, trig, jsonld, ...")
    if output is None and talk.as_json:
        raise UsageError("--json needs -o", hint="the export itself would stand in the way")
    with opened(output) as written:
        convert(file, format_name, written)
    if output is not None:
        talk.say(f"{file} written to {output}")
    if talk.as_json:
        talk.result("", {"file": str(file), "output": str(output), "format": format_name})


def _day(retrieved: dt.datetime | None) -> dt.date:
    if retrieved is None:
        what = "Wikidata wants to know when the sources were read (P813)"
        raise UsageError(what, hint="open them, then give that day: --retrieved 2026-11-24")
    return retrieved.date()


def _to_wikidata(
    talk: Talk, release: Release, output: Path | None, form: str, retrieved: dt.date, config: Config
) -> None:
    """Write what Wikidata can take, and say what it cannot and what a person has to look at first."""
    from kg.export import wikidata
    from kg.positions import Faults
    from kg.records.matches import read_matches, undecided
    from kg.vocabulary import layers_of

    faults = Faults()
    matches = read_matches(config, lambda _: True, faults)
    faults.raise_any()
    layers = layers_of(config.locate("ontology"), config.vocabulary.extends)
    given = wikidata.contribution(
        release, retrieved, undecided=undecided(matches), properties=wikidata.counterparts(layers)
    )
    writers = {"v1": wikidata.to_v1, "quickstatements": wikidata.to_v1, "csv": wikidata.to_csv}
    text = writers.get(form, wikidata.to_json)(given.items)
    warnings = [item.duplicate_warning for item in given.items if item.duplicate_warning]
    for warning in warnings:
        talk.say(f"to be created: {warning}")
    for reason, number in given.reasons.items():
        talk.say(f"withheld: {number} (reason: {reason})")
    data: dict[str, object] = {
        "release": release.id,
        "statements": sum(len(item.statements) for item in given.items),
        "warnings": warnings,
        "withheld": given.reasons,
    }
    if output is None:
        talk.result(text.rstrip("\r\n"), {**data, "result": text})
        return
    with opened(output) as file:
        file.write(text.encode())
    talk.say(f"facts of release {release.id} written to {output}")
    if talk.as_json:
        talk.result("", {**data, "output": str(output)})


def _to_stdout(talk: Talk, release: Release, format_name: str, graph: Selection | None) -> None:
    from kg import export as exports

    if format_name == "csv":
        raise UsageError("csv makes several tables", hint="add -o FOLDER, or -o FILE.zip")
    if talk.as_json:
        raise UsageError("--json needs -o", hint="the export itself would stand in the way")
    exports.export(release, format_name, sys.stdout.buffer, graph)


def _to_file(release: Release, format_name: str, output: Path, graph: Selection | None) -> None:
    from kg import export as exports

    with opened(output) as file:
        exports.export(release, format_name, file, graph)


def _to_parquet(release: Release, output: Path) -> None:
    from kg.export.lookups import languages_of
    from kg.export.parquet import write_parquet
    from kg.export.statements import cells_of, columns

    with opened(output) as file:
        write_parquet(cells_of(release)(), columns(languages_of(release)), file)


def _to_folder(release: Release, output: Path, graph: str | None) -> None:
    from kg.export import tables, write_folder

    if graph is not None:
        raise UsageError("csv takes no --graph", hint="its tables describe the default graph and the claims")
    write_folder(tables(release), output)
