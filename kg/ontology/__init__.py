"""The files that follow from a layer of vocabulary: its OWL, its JSON-LD context, its alignments and its shapes.

They are committed so that a reader needs no tool, and `stale` tells when one no longer follows from `terms.csv`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from kg.config import Project
from kg.errors import StorageError
from kg.ontology.labels import label_shapes
from kg.ontology.shapes import term_shapes
from kg.ontology.turtle import Statement, block, document, quote, texts
from kg.paths import SHAPES_FILE, layer_folders
from kg.terms import CORE, LANGUAGES, PREFIXES, ZEL, compress, expand
from kg.vocabulary import Alignment, Layer, Term, Vocabulary, contents, read_vocabulary

VERSION: Final = "0.1.0"
"""Semantic version of the packaged vocabulary, its shapes and its context, which are released together."""

ONTOLOGY_FILE: Final = "ontology.ttl"
CONTEXT_FILE: Final = "context.jsonld"
AXIOMS_FILE: Final = "axioms.ttl"
"""What a layer says of terms of those below it: written by hand."""
ALIGNMENTS: Final = "alignments"
SHAPES: Final = "shapes"

_LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_OWL_KIND: Final = {"class": "owl:Class", "object": "owl:ObjectProperty", "data": "owl:DatatypeProperty"}
_OWL_CHARACTERISTIC: Final = {
    "symmetric": "owl:SymmetricProperty",
    "transitive": "owl:TransitiveProperty",
    "functional": "owl:FunctionalProperty",
    "derived": "zel:DerivedProperty",
}
_ANNOTATIONS: Final = (
    "dct:description", "dct:isReplacedBy", "dct:license", "dct:title", "skos:changeNote", "skos:definition",
    "skos:scopeNote", "vann:preferredNamespacePrefix", "vann:preferredNamespaceUri",
)  # fmt: skip
_ALIGNMENT_FILES: Final = {"m8g": "cpov", "sdgo": "sdg", "wd": "wikidata", "wdt": "wikidata"}
"""File names of vocabularies that are better known by another name than their prefix."""


def generate(folder: Path, name: str) -> Mapping[str, str]:
    """The text of every file that is generated for a layer, by its path relative to the folder of the layer.

    :raises VocabularyError: if terms.csv or schemes.ttl of it, or of a layer below, has a fault
    """
    return _generated(folder, name, contents(folder))


@lru_cache(8)
def _generated(folder: Path, name: str, _: tuple[tuple[Path, bytes | None], ...]) -> Mapping[str, str]:
    vocabulary = read_vocabulary(folder, layers=(name,))
    layer = vocabulary.layers[-1]
    return {
        ONTOLOGY_FILE: core(vocabulary, layer),
        CONTEXT_FILE: context(vocabulary, layer),
        **alignments(vocabulary, layer.name),
        f"{SHAPES}/{SHAPES_FILE}": term_shapes(vocabulary, (layer.name,)),
        **{f"{SHAPES}/{name}": text for name, text in label_shapes(LANGUAGES, layer).items()},
    }


def stale(folder: Path, names: Iterable[str] | None = None) -> list[str]:
    """The generated files that are missing, differ from what terms.csv says, or follow from it no longer.

    Of the layers of these names, wherever they are found; else of all that lie in the `folder`.

    :raises VocabularyError: if terms.csv or schemes.ttl has a fault
    """
    return sorted(_changes(folder, names))


def write(folder: Path) -> list[str]:
    """Bring the generated files of the layers in the folder up to date; gives the paths that were written or removed.

    :raises VocabularyError: if terms.csv or schemes.ttl has a fault
    :raises StorageError: if a file cannot be written
    """
    changes = _changes(folder, None)
    try:
        for path, text in changes.values():
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise StorageError(f"cannot write {path}: {error.strerror}") from error
    return sorted(changes)


def _changes(folder: Path, names: Iterable[str] | None) -> dict[str, tuple[Path, str | None]]:
    """What there is to do, by the name of the file: its path and its text, none where it follows from nothing."""
    there = layer_folders(folder)
    wanted = [name for name, path in there.items() if path.parent == folder] if names is None else names
    found: dict[str, tuple[Path, str | None]] = {}
    for name in wanted:
        home, made = there[name], generate(folder, name)
        found.update(
            {f"{name}/{file}": (home / file, text) for file, text in made.items() if _text_of(home / file) != text}
        )
        # Alignment files of vocabularies that terms.csv no longer mentions.
        lost = [f"{ALIGNMENTS}/{path.name}" for path in (home / ALIGNMENTS).glob("*.ttl")]
        found.update({f"{name}/{file}": (home / file, None) for file in lost if file not in made})
    return found


def _text_of(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else None


def core(vocabulary: Vocabulary, layer: Layer) -> str:
    """The OWL 2 ontology of a layer as Turtle: without imports, literal ranges or blank nodes."""
    terms = [term for term in vocabulary.terms if term.layer == layer.name]
    blocks = [_header(layer)]
    if layer.name == CORE:
        blocks += [block(curie, [("a", ["owl:AnnotationProperty"])]) for curie in _ANNOTATIONS]
    blocks += [block(compress(iri), statements) for iri, statements in _stubs(terms, vocabulary)]
    blocks += [block(vocabulary.compress(term.iri), _axioms(term, vocabulary)) for term in terms]
    return document(blocks, vocabulary.prefixes)


def own_core(vocabulary: Vocabulary, project: Project, namespace: str) -> str:
    """The ontology of the terms that a project brings along in tables and schemas, as Turtle."""
    terms = [term for term in vocabulary.terms if term.iri in vocabulary.own - vocabulary.described]
    header = [
        ("a", ["owl:Ontology"]),
        ("dct:title", texts(project.title)),
        ("dct:license", [f"<{project.licence}>"] if project.licence.startswith("http") else []),
        ("vann:preferredNamespaceUri", [quote(namespace)]),
    ]
    blocks = [block(f"<{namespace.rstrip('#')}>", header)]
    blocks += [block(vocabulary.compress(term.iri), _axioms(term, vocabulary)) for term in terms]
    return document(blocks, vocabulary.prefixes)


def _header(layer: Layer) -> str:
    return block(
        f"<{layer.iri}>",
        [
            ("a", ["owl:Ontology"]),
            ("owl:versionIRI", [f"<{layer.iri.rstrip('/')}/{layer.version}>"] if layer.version else []),
            ("owl:versionInfo", [quote(layer.version)] if layer.version else []),
            ("dct:title", texts(layer.title)),
            ("dct:description", texts(layer.description)),
            ("dct:license", [f"<{_LICENCE}>"] if layer.namespace == ZEL else []),
            ("vann:preferredNamespacePrefix", [quote(layer.prefix)]),
            ("vann:preferredNamespaceUri", [quote(layer.namespace)]),
        ],
    )


def _stubs(terms: Iterable[Term], vocabulary: Vocabulary) -> Iterator[tuple[str, list[Statement]]]:
    """Superproperties of other vocabularies, which terms.csv names and does not define."""
    known = {term.iri for term in vocabulary.terms}
    kinds = {term.parent: term.kind for term in terms if term.kind != "class" and term.parent not in known}
    for iri in sorted(kinds, key=compress):
        if not iri.startswith(PREFIXES["owl"]):
            yield iri, [("a", [_OWL_KIND[kinds[iri]]]), ("rdfs:isDefinedBy", [_home(iri)])]


def _home(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """The vocabulary that defines a term: its namespace, without the hash."""
    known = [namespace for namespace in prefixes.values() if iri.startswith(namespace)]
    namespace = max(known, key=len, default=iri[: max(iri.rfind("#"), iri.rfind("/")) + 1])
    return f"<{namespace.removesuffix('#')}>"


def _axioms(term: Term, vocabulary: Vocabulary) -> list[Statement]:
    short = vocabulary.compress
    # What the rule of the default graph is told (`pending`, `occasion`) is no matter of OWL.
    told = [_OWL_CHARACTERISTIC[word] for word in term.characteristics if word in _OWL_CHARACTERISTIC]
    kinds = [_OWL_KIND[term.kind], *told]
    if term.deprecated:
        kinds.append("owl:DeprecatedClass" if term.kind == "class" else "owl:DeprecatedProperty")
    above = "rdfs:subClassOf" if term.kind == "class" else "rdfs:subPropertyOf"
    # The words for a term of another vocabulary say how it is used here; its definition is its owner's.
    external = not term.iri.startswith(vocabulary.namespaces)
    definition = "skos:scopeNote" if external else "skos:definition"
    return [
        ("a", kinds),
        (above, [short(iri) for iri in term.parents]),
        ("owl:disjointWith", [short(iri) for iri in term.disjoint_with]),
        ("rdfs:domain", [short(term.domain)] if term.domain else []),
        ("rdfs:range", [short(term.range)] if term.range and term.kind == "object" else []),
        ("rdfs:seeAlso", [f"<{vocabulary.scheme_iri(term.scheme)}>"] if term.scheme else []),
        ("rdfs:label", texts(term.labels)),
        (definition, texts(term.definitions)),
        ("skos:changeNote", texts({"en": term.deprecated}) if term.deprecated else []),
        ("owl:deprecated", ["true"] if term.deprecated else []),
        ("dct:isReplacedBy", [short(term.replaced_by)] if term.replaced_by else []),
        ("owl:versionInfo", [] if external or not term.since else [quote(term.since)]),
        ("rdfs:isDefinedBy", [_home(term.iri, vocabulary.prefixes)]),
    ]


def context(vocabulary: Vocabulary, layer: Layer | None = None) -> str:
    """The JSON-LD 1.1 context: prefixes, classes, and properties with the coercion their range asks for.

    Of one layer, it stands beside those of the layers below.
    """
    prefixes = vocabulary.prefixes
    entries: dict[str, object] = {"@version": 1.1, **{name: _prefix(iri) for name, iri in prefixes.items()}}
    named = {
        name: _named(term, vocabulary) if term.kind == "class" else _coercion(term, vocabulary)
        for terms in (vocabulary.classes, vocabulary.properties)
        for name, term in terms.items()
        if ":" not in name and name not in prefixes and (layer is None or term.layer == layer.name)
    }
    lines = [
        f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in (entries | named).items()
    ]
    return '{\n  "@context": {\n' + ",\n".join(lines) + "\n  }\n}\n"


def _prefix(iri: str) -> object:
    """A prefix, which says that it is one where its namespace does not end as namespaces do (JSON-LD 1.1, 4.1.5)."""
    return iri if iri.endswith(tuple(":/?#[]@")) else {"@id": iri, "@prefix": True}


def _named(term: Term, vocabulary: Vocabulary) -> str:
    """The IRI of a term, with a prefix where one fits."""
    short = vocabulary.compress(term.iri)
    return term.iri if short.startswith("<") else short


def _coercion(term: Term, vocabulary: Vocabulary) -> dict[str, str]:
    found = {"@id": _named(term, vocabulary)}
    if term.kind == "object":
        found["@type"] = "@id"
    elif term.range == expand("rdf:langString"):
        found["@container"] = "@language"
    elif term.range is not None:
        found["@type"] = compress(term.range)
    return found


def alignments(vocabulary: Vocabulary, layer: str) -> dict[str, str]:
    """One Turtle file for each vocabulary that the terms of a layer are aligned with, by relative path."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for term in vocabulary.terms:
        if term.layer != layer:
            continue
        by_file: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for alignment in term.alignments:
            prefix = alignment.curie.partition(":")[0]
            predicate, values = _alignment(term, alignment)
            by_file[_ALIGNMENT_FILES.get(prefix, prefix)][predicate] += values
        for name, statements in by_file.items():
            blocks[name].append(block(vocabulary.compress(term.iri), list(statements.items())))
    return {f"{ALIGNMENTS}/{name}.ttl": document(blocks[name], vocabulary.prefixes) for name in sorted(blocks)}


def _alignment(term: Term, alignment: Alignment) -> Statement:
    prefix, _, local = alignment.curie.partition(":")
    if prefix == "stratml":  # an XML format: its elements have names and no IRIs
        return "skos:note", texts(
            {
                "en": f"Element {local} of StratML (ISO 17469-1).",
                "fr": f"Élément {local} de StratML (ISO 17469-1).",
                "ar": f"العنصر {local} في StratML (ISO 17469-1).",
            }
        )
    match alignment.relation, term.kind:
        case "~", _:
            return "skos:closeMatch", [alignment.curie]
        case "=", "class":
            return "owl:equivalentClass", [alignment.curie]
        case "=", _:
            return "owl:equivalentProperty", [alignment.curie]
        case "<", "class":
            return "rdfs:subClassOf", [alignment.curie]
        case "<", _:
            return "rdfs:subPropertyOf", [alignment.curie]
        case relation, _:
            raise ValueError(f"unknown alignment relation: {relation!r}")
