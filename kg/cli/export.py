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
    if output is None:
        _to_stdout(talk, release, format_name, cast("Selection | None", graph))
        return
    if format_name == "csv" and output.suffix != ".zip":
        _to_folder(release, output, graph)
    else:
        _to_file(release, format_name, output, cast("Selection | None", graph))
    talk.say(f"release {release.id} written to {output}")
    if talk.as_json:
        talk.result("", {"release": release.id, "output": str(output), "format": format_name})


def _to_stdout(talk: Talk, release: Release, format_name: str, graph: Selection | None) -> None:
    from kg import export as exports

    if format_name == "csv":
        raise UsageError("csv makes several tables", hint="add -o FOLDER, or -o FILE.zip")
    if talk.as_json:
        raise UsageError("--json needs -o", hint="the export itself would stand in the way")
    exports.export(release, format_name, sys.stdout.buffer, graph)


def _to_file(release: Release, format_name: str, output: Path, graph: Selection | None) -> None:
    """Write aside and rename, so that a failure never leaves half a file."""
    from kg import export as exports

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


def _to_folder(release: Release, output: Path, graph: str | None) -> None:
    from kg.export import tables, write_folder

    if graph is not None:
        raise UsageError("csv takes no --graph", hint="its tables describe the default graph and the claims")
    write_folder(tables(release), output)
