"""Every file that a build reads, and its hash."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kg import description, rdfdata, shacl
from kg.config import FILE_NAME, Config
from kg.errors import DataError, UsageError
from kg.ontology import CONTEXT_FILE
from kg.ontology.own import layer_files, made_shapes, own_of
from kg.paths import LAYER_FILE, data_dir
from kg.records import claim_files
from kg.tables import Tables
from kg.vocabulary import TERMS_FILE, Layer, Vocabulary, layers_of, own_files

RULE_FILE: Final = "default-graph.rq"
"""The rule of the default graph, which the core brings."""
OF_REGISTER: Final = "claims-register.ttl"
"""The packaged shapes that take everything with a label for a thing of the register."""


def shape_files(config: Config, vocabulary: Vocabulary | None = None) -> shacl.ShapeFiles:
    """The files of shapes that prove a project: those of the layers that it stands on, and those of its own folder.

    What follows from its languages, and from the `vocabulary` where it has one of its own, is made for it: without the
    vocabulary, these are the files and no more.

    :raises ShapesError: if something in its folder looks like shapes and would not be read
    """
    layers = _layers(config) if vocabulary is None else vocabulary.layers
    own = config.root / config.paths.shapes
    has_labels = config.locate("rdf").is_dir()
    without = (OF_REGISTER,) if has_labels else ()
    folders = [layer.shapes for layer in layers]
    made = {} if vocabulary is None else made_shapes(config, vocabulary)
    return shacl.shape_files(folders, own, config.name_of, without, made)


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
    home = data_dir("ontology")
    is_inside = path.is_relative_to(config.root)
    if path.is_relative_to(home) and not (is_inside and config.root.is_relative_to(data_dir())):
        return Path("zellige", home.name, path.relative_to(home)).as_posix()
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
    for layer in _layers(config):
        yield from _layer_inputs(layer)
    yield from own_files(own_of(config))


def _layers(config: Config) -> tuple[Layer, ...]:
    return layers_of(config.locate("ontology"), config.vocabulary.extends)


def _layer_inputs(layer: Layer) -> Iterator[Path]:
    """The files of a layer by what is read: a stray one beside them must not give the same content another id."""
    named = (layer.folder / name for name in (LAYER_FILE, TERMS_FILE, CONTEXT_FILE, RULE_FILE))
    yield from (path for path in named if path.is_file())
    yield from layer_files(layer)


def text_of(path: Path) -> str:
    """The text of a file that came with the installation.

    :raises UsageError: if it is absent
    :raises DataError: if it is not UTF-8
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"no such file: {path}", hint="restore it from the installation") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8: byte {error.start}") from None
