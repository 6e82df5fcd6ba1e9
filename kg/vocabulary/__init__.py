"""The vocabulary: layers with `terms.csv` (classes and properties) and `schemes.ttl` (concepts), read and checked.

Every fault of all files is reported at once, each with the line that a person has to open. A project may have terms
and schemes of its own beside them (`extended`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from kg.errors import Position, Problem, VocabularyError
from kg.paths import LAYER_FILE, layer_folders
from kg.terms import LAYERS, SCHEME
from kg.vocabulary.layers import changes_since, layers_of
from kg.vocabulary.model import DATATYPES, Alignment, Kind, Layer, Own, Pending, Term, Vocabulary
from kg.vocabulary.own import extended, own_files
from kg.vocabulary.schemes import Schemes
from kg.vocabulary.table import Rules, Table

__all__ = [
    "DATATYPES",
    "SCHEMES_FILE",
    "TERMS_FILE",
    "Alignment",
    "Kind",
    "Layer",
    "Own",
    "Pending",
    "Term",
    "Vocabulary",
    "changes_since",
    "contents",
    "extended",
    "layers_of",
    "own_files",
    "read_vocabulary",
]

TERMS_FILE: Final = "terms.csv"
SCHEMES_FILE: Final = "schemes.ttl"


def read_vocabulary(folder: Path, own: Own | None = None, layers: Iterable[str] = LAYERS) -> Vocabulary:
    """Read the layers, from the folder or from those that are packaged, and what a project has of its own beside them.

    :raises VocabularyError: naming every fault of all files of the layers, or of all files of the project, with its
        line
    :raises UsageError: if a file of the project needs a library that is not installed
    """
    names = tuple(layer.name for layer in layers_of(folder, layers))
    read = _read(folder, names, contents(folder))
    return read if own is None else extended(read, own)


def contents(folder: Path) -> tuple[tuple[Path, bytes | None], ...]:
    """What stands in the files that layers are read from, those that are packaged among them.

    While it is the same, the same is read and made of it.
    """
    names = (LAYER_FILE, TERMS_FILE, SCHEMES_FILE)
    return tuple((path := there / name, _content(path)) for there in layer_folders(folder).values() for name in names)


def _content(path: Path) -> bytes | None:
    """What a file holds; nothing if it cannot be read, of which its reader tells."""
    try:
        return path.read_bytes()
    except OSError:
        return None


@lru_cache(16)
def _read(folder: Path, layers: tuple[str, ...], _: tuple[tuple[Path, bytes | None], ...]) -> Vocabulary:
    faults: list[Problem] = []
    read = Vocabulary({}, {}, {}, layers=layers_of(folder, layers))
    for layer in read.layers:
        read = _with_layer(read, layer, faults)
    if faults:
        raise VocabularyError(problems=sorted(faults, key=lambda p: (p.position or Position("", 0), p.message)))
    return replace(read, elsewhere=_elsewhere(folder, read))


def _with_layer(below: Vocabulary, layer: Layer, faults: list[Problem]) -> Vocabulary:
    """A vocabulary with what a layer adds to it."""
    prefixes = {**below.prefixes, **layer.prefixes, layer.prefix: layer.namespace}
    below = replace(below, prefixes=prefixes, namespaces=tuple(dict.fromkeys((*below.namespaces, layer.namespace))))
    path = layer.folder / SCHEMES_FILE
    found = Schemes(path, faults, layer, below).read() if path.is_file() else {}
    concepts = {name: dict(members) for name, members in below.concepts.items()}
    for name, members in found.items():
        concepts.setdefault(name, {}).update(members)
    schemes = dict(below.schemes)
    if layer.schemes != SCHEME:  # their concepts are not known by the beginning of their IRIs
        schemes.update({name: below.scheme_iri(name) for name in found if name in below.concepts})
        schemes.update({name: layer.schemes + name for name in found if name not in below.concepts})
    below = replace(below, concepts=concepts, schemes=schemes)
    terms = Table(layer.folder / TERMS_FILE, faults, Rules.of_layer(layer, below)).read(concepts)
    terms = sorted([*below.terms, *terms], key=lambda term: term.order)
    return replace(
        below,
        classes={term.name: term for term in terms if term.kind == "class"},
        properties={term.name: term for term in terms if term.kind != "class"},
    )


def _elsewhere(folder: Path, read: Vocabulary) -> Mapping[str, str]:
    """The names of the terms of layers that are not in use."""
    used = {layer.name for layer in read.layers}
    found: dict[str, str] = {}
    for name, there in layer_folders(folder).items():
        path = there / TERMS_FILE
        if name not in used and path.is_file():
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
                found.update((row["term"], name) for row in csv.DictReader(file) if row.get("term"))
    return found
