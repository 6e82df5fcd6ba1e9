"""`kg init`: a project to begin with."""

from __future__ import annotations

import re
from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.config import FILE_NAME
from kg.config.addresses import is_base
from kg.errors import UsageError

_NAME = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--name", help="What the graph is called: letters, digits and hyphens. Default: the name of the folder.")
@click.option("--base", metavar="IRI", help="Where its IRIs live. Default: https://example.org/NAME/.")
@common
def init(talk: Talk, folder: Path, name: str | None, base: str | None) -> None:
    """Make a project in FOLDER that builds as it stands: a document, claims, a table, a question, a shape."""
    from kg import scaffold

    if (folder / FILE_NAME).exists():
        raise UsageError(f"{folder / FILE_NAME} is there already: this is a project", hint="name a new folder")
    called = folder.resolve().name if name is None else name
    if not _NAME.fullmatch(called):
        raise UsageError(f"{called!r} is no name of a graph", hint="give --name: letters, digits and hyphens")
    place = f"https://example.org/{called}/" if base is None else base
    if not is_base(place):
        raise UsageError(f"--base must be an http(s) IRI that ends in '/', not {place!r}", hint=f"as {place}/")
    made = scaffold.make(folder, called, place)
    steps = ([f"cd {folder}"] if folder != Path() else []) + ["kg verify", "kg build", "kg serve"]
    talk.say(f"{len(made)} files of a project are in {folder.resolve()}; README.md says which is what. Go on with:")
    talk.result("\n".join(steps), {"folder": str(folder.resolve()), "name": called, "base": place, "files": list(made)})
