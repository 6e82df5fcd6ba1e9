"""The vocabulary of a project: the layers that it stands on, and what the project has of its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from kg.config import FILE_NAME, Config
from kg.config.vocabulary import prefix_of
from kg.errors import VocabularyError
from kg.ontology import ALIGNMENTS, AXIOMS_FILE, CONTEXT_FILE, ONTOLOGY_FILE, VERSION, context, own_core
from kg.ontology.labels import label_shapes
from kg.ontology.shapes import term_shapes
from kg.paths import SHAPES_FILE
from kg.rdf import read_rdf
from kg.terms import CORE, LANGUAGES, PREFIXES
from kg.vocabulary import SCHEMES_FILE, Layer, Own, Vocabulary, changes_since, read_vocabulary


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
        labelled=config.vocabulary.labelled,
        is_whole=config.locate("rdf").is_dir(),
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


def layer_files(layer: Layer) -> tuple[Path, ...]:
    """The RDF files of a layer that are published, those that are there."""
    named = (layer.folder / name for name in (ONTOLOGY_FILE, SCHEMES_FILE, AXIOMS_FILE))
    return (*(path for path in named if path.is_file()), *sorted((layer.folder / ALIGNMENTS).glob("*.ttl")))


def layer_quads(vocabulary: Vocabulary, graph: str | None = None) -> list[ox.Quad]:
    """What is published of the layers in use: what stands in their files.

    What an ontology is called says the uppermost layer of those that are parts of it.
    """
    found: list[ox.Quad] = []
    headed: set[str] = set()
    for layer in reversed(vocabulary.layers):
        quads = [quad for path in layer_files(layer) for quad in read_rdf(path, _shown(layer, path), graph)]
        found += [quad for quad in quads if getattr(quad.subject, "value", "") not in headed]
        headed.add(layer.iri)
    return found


def _shown(layer: Layer, path: Path) -> str:
    return f"ontology/{layer.name}/{path.relative_to(layer.folder).as_posix()}"


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


def published_context(vocabulary: Vocabulary) -> bytes:
    """The JSON-LD context of a release: that of the layers in use, with the terms and prefixes of the project."""
    return context(vocabulary).encode()


def made_shapes(config: Config, vocabulary: Vocabulary) -> Mapping[Path, str]:
    """The shapes that follow from the settings and the vocabulary of a project, by the files of layers that they are
    read in place of.
    """
    made: dict[Path, str] = {}
    for layer in vocabulary.layers:
        if config.project.languages != LANGUAGES:
            made |= {layer.shapes / name: text for name, text in label_shapes(config.project.languages, layer).items()}
        if vocabulary.files or vocabulary.schemes:
            # Those of the project's own terms are the core's, so that they are read on both levels.
            names = (CORE, "") if layer.name == CORE else (layer.name,)
            made[layer.shapes / SHAPES_FILE] = term_shapes(vocabulary, names, _free(config, vocabulary))
    return made


def _free(config: Config, vocabulary: Vocabulary) -> frozenset[str]:
    """The terms to whose domains and ranges nothing is held."""
    return frozenset() if config.vocabulary.held else vocabulary.described


def own_generated(config: Config, vocabulary: Vocabulary) -> Mapping[str, str]:
    """What follows from the vocabulary of a project, for those who read it elsewhere, by the names of files."""
    return {
        ONTOLOGY_FILE: own_core(vocabulary, config.project, config.namespace),
        CONTEXT_FILE: context(vocabulary),
        SHAPES_FILE: term_shapes(
            vocabulary, ("", *(layer.name for layer in vocabulary.layers)), _free(config, vocabulary)
        ),
    }
