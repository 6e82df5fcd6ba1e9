"""The vocabulary of a project: the packaged one, and what the project has of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.config import FILE_NAME, Config
from kg.config.vocabulary import prefix_of
from kg.errors import VocabularyError
from kg.ontology import CONTEXT_FILE, VERSION, alignments, context, core, own_core
from kg.ontology.labels import label_shapes
from kg.ontology.shapes import SHAPES_FILE, term_shapes
from kg.rdf import read_folder, read_rdf
from kg.terms import LANGUAGES, LAYERS, PREFIXES, SCHEME
from kg.vocabulary import SCHEMES_FILE, Own, Vocabulary, changes_since, read_vocabulary

ONTOLOGY_FILE: Final = "ontology.ttl"
_OF_POLICY: Final = ("domain.ttl", "labels.ttl")
"""The packaged files whose shapes are of the layer of public policy."""


def own_of(config: Config) -> Own:
    """What a project says of a vocabulary of its own."""
    named = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    return Own(
        folder=config.locate("vocabulary"),
        base=config.project.base,
        namespace=config.namespace,
        prefix=config.vocabulary.prefix or named.get(config.namespace) or prefix_of(config.project.name),
        prefixes=config.vocabulary.prefixes,
        languages=config.project.languages,
        name=config.name_of,
    )


def vocabulary_of(config: Config) -> Vocabulary:
    """All terms and concepts that a project may use.

    :raises VocabularyError: naming every fault with its line
    :raises UsageError: if a file needs a library that is not installed
    """
    return read_vocabulary(config.locate("ontology"), own_of(config), config.vocabulary.extends)


def check_version(config: Config) -> None:
    """See that the packaged vocabulary is the one that the project was written for, if it says which.

    :raises VocabularyError: if it is another
    """
    pinned = config.vocabulary.version
    if pinned and pinned != VERSION:
        what = f"the vocabulary is {VERSION}, and [vocabulary] version of {FILE_NAME} says {pinned}"
        raise VocabularyError(what, hint="kg doctor tells what has changed; then change the version there")


def upgrade(config: Config, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What is new and what is deprecated since the version of the packaged vocabulary that the project names."""
    pinned = config.vocabulary.version
    return tuple(changes_since(pinned, vocabulary)) if pinned and pinned != VERSION else ()


def packaged_quads(vocabulary: Vocabulary, folder: Path, graph: str) -> list[ox.Quad]:
    """What is published of the packaged vocabulary: all of its files, or what follows from the layers in use."""
    if vocabulary.layers == LAYERS:
        return read_folder(folder, graph)
    inside = replace(
        vocabulary,
        classes={name: term for name, term in vocabulary.classes.items() if term.layer},
        properties={name: term for name, term in vocabulary.properties.items() if term.layer},
    )
    texts = (core(inside), *alignments(inside).values())
    quads = [quad for text in texts for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    schemes = tuple(f"{SCHEME}{name}" for name in vocabulary.concepts)
    quads += [
        quad
        for quad in read_rdf(folder / SCHEMES_FILE)
        if isinstance(quad.subject, ox.NamedNode)
        and (quad.subject.value in schemes or quad.subject.value.startswith(tuple(f"{iri}/" for iri in schemes)))
    ]
    target = ox.NamedNode(graph)
    return [ox.Quad(quad.subject, quad.predicate, quad.object, target) for quad in quads]


def own_quads(vocabulary: Vocabulary, config: Config, graph: str) -> list[ox.Quad]:
    """What is published of the vocabulary of the project itself, in the graph of the ontology."""
    if not vocabulary.files:
        return []
    generated = vocabulary.own - vocabulary.described
    text = own_core(vocabulary, config.project, config.namespace) if generated else ""
    made = ox.parse(text, ox.RdfFormat.TURTLE)
    target = ox.NamedNode(graph)
    triples = {*vocabulary.statements, *(quad.triple for quad in made)}
    return [ox.Quad(t.subject, t.predicate, t.object, target) for t in sorted(triples, key=str)]


def published_context(config: Config, vocabulary: Vocabulary) -> bytes:
    """The JSON-LD context of a release: that of the ontology, with the terms and prefixes of the project."""
    if vocabulary.own or vocabulary.prefixes != PREFIXES or vocabulary.layers != LAYERS:
        return context(vocabulary).encode()
    return (config.locate("ontology") / CONTEXT_FILE).read_bytes()


def made_shapes(config: Config, vocabulary: Vocabulary | None) -> Mapping[str, str]:
    """The shapes that follow from the settings and the vocabulary of a project, by the names of packaged files."""
    spoken = config.project.languages
    labels = label_shapes(spoken) if spoken != LANGUAGES else {}
    if vocabulary is None or (not vocabulary.files and vocabulary.layers == LAYERS):
        return labels
    # What speaks of terms of a layer that is not in use has nothing to hold.
    left = {} if LAYERS[1] in vocabulary.layers else dict.fromkeys(_OF_POLICY, "")
    return {**labels, **left, SHAPES_FILE: term_shapes(vocabulary)}


def own_generated(config: Config, vocabulary: Vocabulary) -> Mapping[str, str]:
    """What follows from the vocabulary of a project, for those who read it elsewhere, by the names of files."""
    return {
        ONTOLOGY_FILE: own_core(vocabulary, config.project, config.namespace),
        CONTEXT_FILE: context(vocabulary),
        SHAPES_FILE: term_shapes(vocabulary),
    }
