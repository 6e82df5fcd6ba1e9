"""Every file that a build reads, and its hash."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg import description, ontology, rdfdata, shacl
from kg.config import FILE_NAME, Config
from kg.errors import UsageError
from kg.paths import data_dir
from kg.records import claim_files
from kg.tables import Tables

RULE_FILE: Final = "default-graph.rq"
OF_REGISTER: Final = "claims-register.ttl"
"""The packaged shapes that take everything with a label for a thing of the register."""


def shape_files(config: Config) -> shacl.ShapeFiles:
    """The files of shapes that prove a project: the packaged ones, and those of its own folder.

    :raises ShapesError: if something in its folder looks like shapes and would not be read
    """
    own = config.root / config.paths.shapes
    has_labels = any(config.locate(name).is_dir() for name in ("rdf", "own_ontology"))
    return shacl.shape_files(data_dir("shapes"), own, config.name_of, (OF_REGISTER,) if has_labels else ())


def hashed_inputs(config: Config, tables: Tables) -> dict[str, str]:
    """The SHA-256 of every file that a build reads, by its path relative to the project.

    Files that came with the installation are named `zellige/...`.

    :raises UsageError: if one of them is absent
    """
    found: dict[str, str] = {}
    for path in (*_input_files(config), *tables.files()):
        name = _input_name(config, path)
        try:
            with path.open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            raise UsageError(f"no such file: {name}", hint="check the [paths] of kg.toml") from None
    return dict(sorted(found.items()))


def _input_name(config: Config, path: Path) -> str:
    """What a manifest calls a file, wherever the installation lies: it may be within the project, as `.venv` is."""
    is_packaged = any(path.is_relative_to(data_dir(name)) for name in ("ontology", "shapes"))
    is_inside = path.is_relative_to(config.root)
    if is_packaged and not (is_inside and config.root.is_relative_to(data_dir())):
        return Path("zellige", path.parent.name, path.name).as_posix()
    return Path(os.path.relpath(path, config.root)).as_posix()


def _input_files(config: Config) -> Iterator[Path]:
    has_rdf = config.locate("rdf").is_dir()
    yield config.root / FILE_NAME
    yield from (path for name in ("sources", "entities") if (path := config.locate(name)).exists() or not has_rdf)
    yield from claim_files(config)
    yield from rdfdata.input_files(config)
    yield from (path for name in ("wikidata", "quotes") if (path := config.locate(name)).exists())
    yield from shape_files(config)
    yield from description.example_files(config)
    # Named by what is read: a stray file beside them must not give the same content another id.
    folder = config.locate("ontology")
    yield from (folder / name for name in ("terms.csv", ontology.CONTEXT_FILE, RULE_FILE))
    yield from sorted(folder.rglob("*.ttl"))
