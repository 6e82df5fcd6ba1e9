"""The vocabulary of a project: the packaged one, and what the project has of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyoxigraph as ox

from kg.config import Config
from kg.config.vocabulary import prefix_of
from kg.ontology import context, own_core
from kg.ontology.labels import label_shapes
from kg.ontology.shapes import SHAPES_FILE, term_shapes
from kg.terms import LANGUAGES, PREFIXES
from kg.vocabulary import Own, Vocabulary, read_vocabulary

ONTOLOGY_FILE: Final = "ontology.ttl"


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
    return read_vocabulary(config.locate("ontology"), own_of(config))


def own_quads(vocabulary: Vocabulary, config: Config, graph: str) -> list[ox.Quad]:
    """What is published of the vocabulary of the project itself, in the graph of the ontology."""
    if not vocabulary.files:
        return []
    made = ox.parse(own_core(vocabulary, config.project, config.namespace), ox.RdfFormat.TURTLE)
    target = ox.NamedNode(graph)
    triples = {*vocabulary.statements, *(quad.triple for quad in made)}
    return [ox.Quad(t.subject, t.predicate, t.object, target) for t in sorted(triples, key=str)]


def made_shapes(config: Config, vocabulary: Vocabulary | None) -> Mapping[str, str]:
    """The shapes that follow from the settings and the vocabulary of a project, by the names of packaged files."""
    spoken = config.project.languages
    labels = label_shapes(spoken) if spoken != LANGUAGES else {}
    has_own = vocabulary is not None and vocabulary.files
    return {**labels, **({SHAPES_FILE: term_shapes(vocabulary)} if vocabulary is not None and has_own else {})}


def own_generated(config: Config, vocabulary: Vocabulary) -> Mapping[str, str]:
    """What follows from the vocabulary of a project, for those who read it elsewhere, by the names of files."""
    return {
        ONTOLOGY_FILE: own_core(vocabulary, config.project, config.namespace),
        "context.jsonld": context(vocabulary),
        SHAPES_FILE: term_shapes(vocabulary),
    }
