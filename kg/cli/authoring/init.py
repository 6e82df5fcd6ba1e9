"""`kg init`: a project to begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.config import FILE_NAME
from kg.config.addresses import is_base
from kg.errors import StorageError, UsageError
from kg.terms import LANGUAGES, is_language

_NAME = re.compile(r"[^\W_](?:[\w-]*[^\W_])?")
_LONGEST = 3
"""Letters of the code of a language (ISO 639); BCP 47 has none that is longer."""
_FILE = click.Path(path_type=Path)


@click.command("init")
@click.argument("folder", type=_FILE, default=Path())
@click.argument("files", type=_FILE, nargs=-1)
@click.option("--name", help="What the graph is called: letters, digits and hyphens. Default: the name of the folder.")
@click.option(
    "--base",
    metavar="IRI",
    help="Where its IRIs live. Default: https://example.org/NAME/; with --from rdf, where most things of the data are.",
)
@click.option(
    "--languages",
    metavar="TAGS",
    default=",".join(LANGUAGES),
    show_default=True,
    help="In which everything must have a label, with commas between them.",
)
@click.option(
    "--from",
    "origin",
    type=click.Choice(["claims", "table", "rdf"]),
    default="claims",
    show_default=True,
    help="What it begins with: a text and claims about it, or FILES, which are copied: tables, or RDF.",
)
@click.option("--data", "data", type=_FILE, multiple=True, help="A file of RDF that is data, whatever it looks like.")
@click.option("--ontology", "ontology", type=_FILE, multiple=True, help="Likewise one that is the ontology.")
@click.option("--shapes", "shapes", type=_FILE, multiple=True, help="Likewise one of shapes.")
@common
def init(
    talk: Talk,
    folder: Path,
    files: tuple[Path, ...],
    name: str | None,
    base: str | None,
    languages: str,
    origin: str,
    data: tuple[Path, ...],
    ontology: tuple[Path, ...],
    shapes: tuple[Path, ...],
) -> None:
    """Make a project in FOLDER that builds as it stands: a document, claims, a table, a question, a shape.

    With --from table: out of FILES that are tables (CSV, XLSX, ODS, JSON, XML), each with a first mapping and terms of
    its own; a small one if none is named. With --from rdf: out of FILES of RDF, of which it is found which are data,
    ontology and shapes.
    """
    if folder.is_file():
        if origin == "claims":
            raise UsageError(f"{folder} is a file", hint="name a folder, or give --from table or --from rdf as well")
        folder, files = Path(), (folder, *files)
    if (folder / FILE_NAME).exists():
        raise UsageError(f"{folder / FILE_NAME} is there already: this is a project", hint="name a new folder")
    called = folder.resolve().name if name is None else name
    if not _NAME.fullmatch(called):
        raise UsageError(f"{called!r} is no name of a graph", hint="give --name: letters, digits and hyphens")
    named, roles = _Named(called, base, _tags(languages)), {"data": data, "ontology": ontology, "shapes": shapes}
    if origin != "rdf" and any(roles.values()):
        raise UsageError("--data, --ontology and --shapes are files of RDF", hint="give --from rdf as well")
    match origin:
        case "rdf":
            made, place, steps = _of_rdf(talk, folder, named, (files, roles))
        case "table":
            made, place, steps = _of_tables(talk, folder, named, files)
        case _:
            made, place, steps = _of_claims(folder, named, files)
    steps = ([f"cd {folder}"] if folder != Path() else []) + steps
    talk.say(f"{len(made)} files of a project are in {folder.resolve()}; README.md says which is what. Go on with:")
    talk.result("\n".join(steps), {"folder": str(folder.resolve()), "name": called, "base": place, "files": list(made)})


_Made = tuple[tuple[str, ...], str, list[str]]
"""The files that were written, the base, and the commands that come next."""


@dataclass(frozen=True, slots=True)
class _Named:
    """What a project is called, where its IRIs live if that was said, and its languages."""

    name: str
    base: str | None
    languages: tuple[str, ...]


def _tags(text: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(filter(None, re.split(r"[\s,]+", text))))
    wrong = [tag for tag in found if not is_language(tag) or len(tag.partition("-")[0]) > _LONGEST]
    if wrong or not found:
        what = f"--languages takes tags of languages, and {wrong[0]!r} is none" if wrong else "--languages names none"
        raise UsageError(what, hint="two or three letters, as in --languages en,sw")
    return found


def _of_claims(folder: Path, named: _Named, files: tuple[Path, ...]) -> _Made:
    from kg import scaffold

    if files:
        hint = "give --from table or --from rdf as well; kg add document adds a text"
        raise UsageError("a project of claims takes no files", hint=hint)
    place = _checked(f"https://example.org/{named.name}/" if named.base is None else named.base)
    return (
        scaffold.make(folder, named.name, place, languages=named.languages),
        place,
        ["kg verify", "kg build", "kg serve"],
    )


def _of_tables(talk: Talk, folder: Path, named: _Named, files: tuple[Path, ...]) -> _Made:
    from importlib.resources import as_file

    from kg import scaffold
    from kg.tables.starting import start

    place = _checked(named.base or f"https://example.org/{named.name}/")
    try:
        with as_file(scaffold.sample_table()) as sample:
            begun = start(files or (sample,), place, named.name, named.languages)
        if not files:
            talk.say(f"no table was named, so here is a small one: kg init {folder} --from table YOURS.csv takes yours")
        for text in begun.told:
            talk.say(text)
        talk.say(f"things, terms and claims have IRIs below {place}" + ("" if named.base else " (another: --base IRI)"))
        made = scaffold.make(folder, named.name, place, scaffold.TABLE, begun.files, languages=named.languages)
    except OSError as error:
        raise StorageError(f"{error.filename}: {error.strerror}") from None
    return made, place, ["kg build", "kg serve"]


def _of_rdf(
    talk: Talk, folder: Path, named: _Named, given: tuple[tuple[Path, ...], dict[str, tuple[Path, ...]]]
) -> _Made:
    from kg import scaffold
    from kg.rdfdata import starting

    try:
        files, roles = given
        is_named = bool(files or any(roles.values()))
        looked = starting.look(files if is_named else starting.lying_in(folder), roles)
        place = _checked(named.base or starting.base_of(looked) or f"https://example.org/{named.name}/")
        begun = starting.start(looked, place, named.name)
        for text in begun.told:
            talk.say(text)
        talk.say(f"claims and documents have IRIs below {place}" + ("" if named.base else " (another: --base IRI)"))
        made = scaffold.make(folder, named.name, place, scaffold.RDF, begun.files, languages=named.languages)
    except OSError as error:
        raise StorageError(f"{error.filename}: {error.strerror}") from None
    return made, place, ["kg build", "kg serve"]


def _checked(base: str) -> str:
    if not is_base(base):
        like = base if "://" in base else f"https://{base}"
        hint = f"as {like.rstrip('/')}/"
        raise UsageError(f"--base must be an http(s) IRI that ends in '/', not {base!r}", hint=hint)
    return base
