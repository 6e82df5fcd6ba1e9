"""The files that follow from the vocabulary: the OWL ontology, the JSON-LD context, the alignments and the shapes.

They are committed so that a reader needs no tool, and `stale` tells when one no longer follows from `terms.csv`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from kg.config import Project
from kg.errors import StorageError
from kg.ontology.labels import LABEL_FILES, label_shapes
from kg.ontology.shapes import SHAPES_FILE, term_shapes
from kg.ontology.turtle import Statement, block, document, quote, texts
from kg.paths import data_dir
from kg.terms import LANGUAGES, ONTOLOGY, ONTOLOGY_BASE, PREFIXES, ZEL, compress, expand
from kg.vocabulary import Alignment, Term, Vocabulary, read_vocabulary

VERSION: Final = "0.1.0"
"""Semantic version of the vocabulary, its shapes and its context, which are released together."""

CORE_FILE: Final = "core.ttl"
CONTEXT_FILE: Final = "context.jsonld"
ALIGNMENTS: Final = "alignments"

_TITLES: Final = {
    "en": "Zellige ontology of public policy statements and their evidence",
    "fr": "Ontologie Zellige des énoncés de politique publique et de leurs preuves",
    "ar": "أنطولوجيا زليج لأقوال السياسات العمومية وأدلتها",
}
_DESCRIPTIONS: Final = {
    "en": "Classes and properties for who announced, planned, funded or signed what, and for the words that say so. "
    "It imports nothing: terms of other vocabularies are declared where they are reused. "
    "Data properties have no range here; the SHACL shapes state their datatypes, some of which OWL 2 lacks.",
    "fr": "Classes et propriétés pour dire qui a annoncé, prévu, financé ou signé quoi, et par quels mots. "
    "Elle n'importe rien : les termes d'autres vocabulaires sont déclarés là où ils sont repris. "
    "Les propriétés de données n'ont pas ici de portée ; les formes SHACL disent leurs types, "
    "dont certains sont inconnus d'OWL 2.",
    "ar": "أصناف وخصائص لبيان من أعلن أو خطط أو مول أو وقع ماذا، وبأي كلمات. "
    "لا تستورد شيئا: مصطلحات المعاجم الأخرى مصرح بها حيث يعاد استعمالها. "
    "لا مدى هنا لخصائص البيانات، وأنواعها التي ينقص بعضها OWL 2 محددة في قوالب SHACL.",
}
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


def generate(folder: Path) -> dict[str, str]:
    """The text of every generated file, by its path relative to the ontology folder.

    :raises VocabularyError: if terms.csv or schemes.ttl has a fault
    """
    return _generated(read_vocabulary(folder))


def _generated(vocabulary: Vocabulary) -> dict[str, str]:
    return {CORE_FILE: core(vocabulary), CONTEXT_FILE: context(vocabulary), **alignments(vocabulary)}


def stale(folder: Path, shapes_folder: Path | None = None, vocabulary: Vocabulary | None = None) -> list[str]:
    """The generated files that are missing, differ from what terms.csv says, or follow from it no longer.

    Without a folder of shapes, the shapes of terms are not looked for. The `vocabulary` is that of the folder, where it
    has been read already.

    :raises VocabularyError: if terms.csv or schemes.ttl has a fault
    """
    return sorted(_changes(folder, shapes_folder, vocabulary or read_vocabulary(folder)))


def write(folder: Path, shapes_folder: Path | None = None) -> list[str]:
    """Bring the generated files up to date; gives the paths that were written or removed.

    :raises VocabularyError: if terms.csv or schemes.ttl has a fault
    :raises StorageError: if a file cannot be written
    """
    changes = _changes(folder, shapes_folder, read_vocabulary(folder))
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


def _changes(folder: Path, shapes_folder: Path | None, vocabulary: Vocabulary) -> dict[str, tuple[Path, str | None]]:
    """What there is to do, by the name of the file: its path and its text, none where it follows from nothing."""
    wanted = {name: (folder / name, text) for name, text in _generated(vocabulary).items()}
    if shapes_folder is not None:
        for name, text in {SHAPES_FILE: term_shapes(vocabulary), **label_shapes(LANGUAGES)}.items():
            wanted[f"{shapes_folder.name}/{name}"] = (shapes_folder / name, text)
    found: dict[str, tuple[Path, str | None]] = {
        name: (path, text) for name, (path, text) in wanted.items() if _text_of(_in_use(path)) != text
    }
    # Alignment files of vocabularies that terms.csv no longer mentions.
    names = {f"{ALIGNMENTS}/{path.name}": path for path in (folder / ALIGNMENTS).glob("*.ttl")}
    return found | {name: (path, None) for name, path in names.items() if name not in wanted}


def _in_use(path: Path) -> Path:
    """The file that is read: of shapes, the packaged one where a folder has none of its name."""
    is_packaged = path.name in {SHAPES_FILE, *LABEL_FILES} and not path.exists()
    return data_dir("shapes") / path.name if is_packaged else path


def _text_of(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else None


def core(vocabulary: Vocabulary) -> str:
    """The OWL 2 ontology as Turtle: without imports, literal ranges or blank nodes."""
    blocks = [_header()]
    blocks += [block(curie, [("a", ["owl:AnnotationProperty"])]) for curie in _ANNOTATIONS]
    blocks += [block(compress(iri), statements) for iri, statements in _stubs(vocabulary)]
    blocks += [block(compress(term.iri), _axioms(term, vocabulary)) for term in vocabulary.terms]
    return document(blocks)


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


def _header() -> str:
    return block(
        f"<{ONTOLOGY}>",
        [
            ("a", ["owl:Ontology"]),
            ("owl:versionIRI", [f"<{ONTOLOGY_BASE}ont/{VERSION}>"]),
            ("owl:versionInfo", [quote(VERSION)]),
            ("dct:title", texts(_TITLES)),
            ("dct:description", texts(_DESCRIPTIONS)),
            ("dct:license", [f"<{_LICENCE}>"]),
            ("vann:preferredNamespacePrefix", [quote("zel")]),
            ("vann:preferredNamespaceUri", [quote(ZEL)]),
        ],
    )


def _stubs(vocabulary: Vocabulary) -> Iterator[tuple[str, list[Statement]]]:
    """Superproperties of other vocabularies, which terms.csv names and does not define."""
    known = {term.iri for term in vocabulary.terms}
    kinds = {term.parent: term.kind for term in vocabulary.properties.values() if term.parent not in known}
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
    kinds = [_OWL_KIND[term.kind], *(_OWL_CHARACTERISTIC[word] for word in term.characteristics)]
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


def context(vocabulary: Vocabulary) -> str:
    """The JSON-LD 1.1 context: prefixes, classes, and properties with the coercion their range asks for."""
    prefixes = vocabulary.prefixes
    entries: dict[str, object] = {"@version": 1.1, **{name: _prefix(iri) for name, iri in prefixes.items()}}
    plain = {name for name in (*vocabulary.classes, *vocabulary.properties) if ":" not in name and name not in prefixes}
    classes, properties = vocabulary.classes.items(), vocabulary.properties.items()
    entries.update((name, _named(term, vocabulary)) for name, term in classes if name in plain)
    entries.update((name, _coercion(term, vocabulary)) for name, term in properties if name in plain)
    lines = [f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in entries.items()]
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


def alignments(vocabulary: Vocabulary) -> dict[str, str]:
    """One Turtle file for each vocabulary that the terms are aligned with, by relative path."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for term in vocabulary.terms:
        by_file: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for alignment in term.alignments:
            prefix = alignment.curie.partition(":")[0]
            predicate, values = _alignment(term, alignment)
            by_file[_ALIGNMENT_FILES.get(prefix, prefix)][predicate] += values
        for name, statements in by_file.items():
            blocks[name].append(block(compress(term.iri), list(statements.items())))
    return {f"{ALIGNMENTS}/{name}.ttl": document(blocks[name]) for name in sorted(blocks)}


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
