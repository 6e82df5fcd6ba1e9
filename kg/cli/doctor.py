"""`kg doctor`: versions, paths, stale generated files, what is missing."""

from __future__ import annotations

import platform
from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project
from kg.errors import KgError, Problem, ReleaseError

_DISTRIBUTIONS = ("zellige", "pyoxigraph", "rdflib", "oxrdflib", "pyshacl", "flask", "uvicorn", "click", "PyYAML")


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@common
def doctor(talk: Talk, directory: Path | None) -> None:
    """Say what this installation and this project are made of, and what is wrong with them."""
    from kg import ontology, release
    from kg.tables import Tables
    from kg.vocabulary import read_vocabulary

    config = open_project(directory)
    facts = {"python": platform.python_version(), **{name: _version(name) for name in _DISTRIBUTIONS}}
    places = {name: config.locate(name) for name in ("claims", "sources", "entities", "ontology", "shapes")}
    problems = [
        Problem("missing", f"no {name}: {path}", hint="see [paths] of kg.toml")
        for name, path in places.items()
        if not path.exists()
    ]
    problems += [
        Problem("missing", f"{name} is not installed", hint="install zellige again")
        for name, value in facts.items()
        if value == "missing"
    ]
    try:
        stale = ontology.stale(places["ontology"], config.term_shapes)
        problems += [Problem("stale", f"generated file is stale: {name}", hint="run kg ontology") for name in stale]
        current = release.open_release(config.releases).id
    except KgError as error:
        current = "none"
        problems += [p for p in error.problems if p.code != ReleaseError.code]
    try:
        tables = Tables(config, read_vocabulary(places["ontology"])).tables
    except KgError as error:
        tables = ()
        problems += [p for p in error.problems if p not in problems]
    if tables:
        places["tables"] = config.locate("tables")
    data = {
        "versions": facts,
        "project": str(config.root),
        "paths": {name: str(path) for name, path in places.items()},
        "releases": str(config.releases),
        "current": current,
        "tables": {table.slug: {"file": table.name, "mapping": table.mapping_name} for table in tables},
    }
    lines = [f"{name:12} {value}" for name, value in facts.items()]
    lines += [f"{'project':12} {config.root}", *(f"{name:12} {path}" for name, path in places.items())]
    lines += [f"{'releases':12} {config.releases}", f"{'current':12} {current}"]
    if problems:
        talk.say("\n".join(lines))
        raise KgError(problems=problems)
    talk.result("\n".join(lines), data)


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
