"""`kg doctor`: versions, paths, stale generated files, what is missing."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from kg.cli.output import Talk, common
from kg.cli.project import open_project
from kg.config import Config, find_project
from kg.errors import KgError, Problem, ReleaseError, VocabularyError
from kg.paths import LAYER_FILE
from kg.terms import CORE

_DISTRIBUTIONS = ("zellige", "pyoxigraph", "rdflib", "oxrdflib", "pyshacl", "flask", "uvicorn", "click", "PyYAML")


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@common
def doctor(talk: Talk, directory: Path | None) -> None:
    """Say what this installation and this project are made of, and what is wrong with them."""
    from kg.inputs import shape_files
    from kg.ontology.own import vocabulary_of
    from kg.records import documents_of
    from kg.tables import Tables

    if directory is None and find_project(Path.cwd()) is None:
        _tell_installation(talk)
        return
    config = open_project(directory)
    facts = _versions()
    places = _places(config)
    problems = [*_missing(places, facts)]
    current, found = _current(config, places["ontology"])
    problems += found
    try:
        vocabulary = vocabulary_of(config)
        problems += [
            Problem("upgrade", text, hint="look at it, then name the new version in [vocabulary] of kg.toml")
            for text in _upgrade(config)
        ]
        places.update({f"vocabulary {path.name}": path for path in vocabulary.files})
        read = Tables(config, vocabulary)
        tables = read.tables
        problems += read.differing(documents_of(config))
    except KgError as error:
        tables = ()
        problems += [p for p in error.problems if p not in problems]
    if tables:
        places["tables"] = config.locate("tables")
    try:
        places.update({f"shapes {_shown(path)}": path for path in shape_files(config)})
    except KgError as error:
        problems += error.problems
    data = {
        "versions": facts,
        "project": str(config.root),
        "paths": {name: str(path) for name, path in places.items()},
        "releases": str(config.releases),
        "current": current,
        "tables": {table.slug: {"file": table.name, "mapping": table.mapping_name} for table in tables},
    }
    text = _listed({**facts, "project": config.root, **places, "releases": config.releases, "current": current})
    if problems:
        talk.say(text)
        raise KgError(problems=problems)
    talk.result(text, data)


def _current(config: Config, folder: Path) -> tuple[str, list[Problem]]:
    """The current release, and what is wrong with it and with what is generated in a folder of layers."""
    from kg import ontology, release

    problems: list[Problem] = []
    try:
        stale = ontology.stale(folder, dict.fromkeys((CORE, *config.vocabulary.extends)))
        problems += [Problem("stale", f"generated file is stale: {name}", hint="run kg ontology") for name in stale]
        return release.open_release(config.releases).id, problems
    except KgError as error:
        return "none", [*problems, *(p for p in error.problems if p.code != ReleaseError.code)]


def _shown(path: Path) -> str:
    """A file of shapes, with the name of its layer if it is one's."""
    layer = path.parents[1]
    return f"{layer.name}/{path.name}" if (layer / LAYER_FILE).is_file() else path.name


def _places(config: Config) -> dict[str, Path]:
    """What a project should have, and what it has: beside tables, or files of RDF, people need not write claims."""
    named = {name: config.locate(name) for name in ("claims", "sources", "entities", "ontology", "rdf")}
    spared = {"rdf"}
    if named["rdf"].is_dir():
        spared = set(named)
    elif config.locate("tables").is_dir():
        spared |= {"claims"}
    return {name: path for name, path in named.items() if path.exists() or name not in spared}


def _upgrade(config: Config) -> Iterator[str]:
    """What a newer vocabulary than the one that the project names brings with it."""
    from kg.ontology.own import check_version, upgrade, vocabulary_of

    try:
        check_version(config)
    except VocabularyError as error:
        yield error.problems[0].message
        yield from upgrade(config, vocabulary_of(config))


def _missing(places: Mapping[str, Path], versions: Mapping[str, str]) -> Iterator[Problem]:
    for name, path in places.items():
        if not path.exists():
            yield Problem("missing", f"no {name}: {path}", hint="see [paths] of kg.toml")
    for name, version in versions.items():
        if version == "missing":
            yield Problem("missing", f"{name} is not installed", hint="install zellige again")


def _listed(facts: Mapping[str, object]) -> str:
    return "\n".join(f"{name:12} {value}" for name, value in facts.items())


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: _version(name) for name in _DISTRIBUTIONS}}


def _tell_installation(talk: Talk) -> None:
    facts = _versions()
    text = _listed({**facts, "project": "none: no kg.toml in this folder or above it"})
    talk.result(text, {"versions": facts, "project": None})


def _version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"
