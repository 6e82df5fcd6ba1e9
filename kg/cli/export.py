"""`kg export`: a release as a file."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from kg.cli.output import Talk, common
from kg.cli.project import find_release, release_options
from kg.errors import StorageError, UsageError

if TYPE_CHECKING:
    from kg.export.formats import Selection
    from kg.release import Release

FORMATS = ("turtle", "ntriples", "nquads", "trig", "jsonld", "rdfxml", "csv")


@click.command()
@click.argument("format_name", metavar="FORMAT", type=click.Choice(FORMATS))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file; for csv a folder or a .zip.")
@click.option("--graph", type=click.Choice(["default", "claims", "all"]), help="Default: all that the format holds.")
@release_options
@common
def export(
    talk: Talk,
    format_name: str,
    output: Path | None,
    graph: str | None,
    releases: Path | None,
    release_id: str | None,
) -> None:
    """Write a release as FORMAT: turtle, ntriples, nquads, trig, jsonld, rdfxml or csv."""
    release = find_release(releases, release_id)
    if format_name == "csv" and graph is not None:
        raise UsageError("csv takes no --graph", hint="its tables describe the default graph and the claims")
    selection = cast("Selection | None", graph)
    if format_name == "csv":
        _write_tables(release, output)
    elif output is None:
        if talk.as_json:
            raise UsageError("--json needs -o", hint="the export itself would stand in the way")
        _export(release, format_name, selection, None)
    else:
        _export(release, format_name, selection, output)
    if output is not None:
        talk.say(f"release {release.id} written to {output}")
        if talk.as_json:
            talk.result("", {"release": release.id, "output": str(output), "format": format_name})


def _export(release: Release, format_name: str, graph: Selection | None, output: Path | None) -> None:
    from kg import export as exports

    if output is None:
        exports.export(release, format_name, sys.stdout.buffer, graph)
        return
    # Written aside and renamed, so that a failure never leaves half a file.
    aside = output.with_name(f".{output.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("wb") as file:
            exports.export(release, format_name, file, graph)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(output)
    except OSError as error:
        raise StorageError(f"cannot write {output}: {error.strerror or error}", hint="check space and rights") from None
    finally:
        aside.unlink(missing_ok=True)


def _write_tables(release: Release, output: Path | None) -> None:
    from kg.export.tables import tables, write_folder, write_zip

    if output is None:
        raise UsageError("csv makes several tables", hint="add -o FOLDER, or -o FILE.zip")
    files = tables(release)
    try:
        if output.suffix == ".zip":
            with output.open("wb") as file:
                write_zip(files, file)
        else:
            write_folder(files, output)
    except OSError as error:
        raise StorageError(f"cannot write {output}: {error.strerror or error}", hint="check space and rights") from None
