"""What a dataset holds, in figures and as a VoID and DCAT description."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.config import Project
from kg.sparql.dataset import VIEWS, address
from kg.terms import PREFIXES, Minter, compress, expand

_IANA: Final = "https://www.iana.org/assignments/media-types/"

DUMP: Final = "download/graph.nq.gz"
"""Where the server hands out the artefact of record, relative to the base."""
ENDPOINT: Final = "sparql"
"""Where the server answers SPARQL, relative to the base."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of one dataset; classes, properties, subjects and objects are those of its default graph."""

    quads: int
    default_triples: int
    claims: int
    documents: int
    entities: int
    subjects: int
    objects: int
    by_modality: Mapping[str, int]
    by_review: Mapping[str, int]
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    facts: int = 0
    """Triples of the default graph that claims state, without names, marks and paths."""
    derived: int = 0
    """Quads of the graphs that views are joined of: the default graph, what is stated, and all else."""
    views: Mapping[str, int] = field(default_factory=dict)
    """The triples of each view."""

    def to_json(self) -> dict[str, object]:
        """The figures that a manifest states."""
        return {
            "quads": self.quads,
            "quads_derived": self.derived,
            "default_triples": self.default_triples,
            "facts": self.facts,
            "views": dict(self.views),
            "claims": self.claims,
            "claims_by_modality": dict(self.by_modality),
            "claims_by_review": dict(self.by_review),
            "documents": self.documents,
            "entities": self.entities,
        }


def describe(counts: Counts, project: Project, release: str, dump_bytes: int, issued: str | None = None) -> str:
    """Describe a release in Turtle, as a `void:Dataset` and `dcat:Dataset` without blank nodes.

    `dump_bytes` is the size of graph.nq.gz; `issued` is an ISO date. `void:triples` counts the default graph, as a
    client without `GRAPH` sees it; the subset `#statements` counts every graph.
    """
    triples = {*_about_dataset(counts, project, release, issued), *_access(project.base, dump_bytes)}
    triples |= {*_partitions(counts, project.base), *_views(counts, project.base)}
    used = {name: iri for name, iri in PREFIXES.items() if any(iri in str(triple) for triple in triples)}
    output = io.BytesIO()
    ox.serialize(sorted(triples, key=str), output, ox.RdfFormat.TURTLE, prefixes=used)
    return output.getvalue().decode()


def _about_dataset(counts: Counts, project: Project, release: str, issued: str | None) -> Iterator[ox.Triple]:
    iri = project.base + "dataset"
    for kind in ("void:Dataset", "dcat:Dataset"):
        yield _triple(iri, "rdf:type", _node(expand(kind)))
    for predicate, texts in (("dct:title", project.title), ("dct:description", project.description)):
        for language, text in texts.items():
            yield _triple(iri, predicate, ox.Literal(text, language=language))
    yield _triple(iri, "dct:identifier", ox.Literal(release))
    yield _triple(iri, "dcat:version", ox.Literal(release))
    yield _triple(iri, "dct:license", _node(project.licence))
    if project.publisher:
        yield _triple(iri, "dct:publisher", _node(iri + "#publisher"))
        yield _triple(iri + "#publisher", "rdf:type", _node(expand("foaf:Agent")))
        yield _triple(iri + "#publisher", "foaf:name", ox.Literal(project.publisher))
    if issued is not None:
        yield _triple(iri, "dct:issued", ox.Literal(issued, datatype=_node(expand("xsd:date"))))
    figures = {
        "triples": counts.default_triples,
        "entities": counts.entities,
        "classes": len(counts.classes),
        "properties": len(counts.properties),
        "distinctSubjects": counts.subjects,
        "distinctObjects": counts.objects,
        "documents": counts.documents,
    }
    for name, figure in figures.items():
        yield _triple(iri, "void:" + name, _integer(figure))
    yield _triple(iri, "void:uriSpace", ox.Literal(project.base))
    yield _triple(iri, "void:subset", _node(iri + "#statements"))
    yield _triple(iri + "#statements", "rdf:type", _node(expand("void:Dataset")))
    yield _triple(iri + "#statements", "void:triples", _integer(counts.quads))
    for namespace in sorted({_namespace(term) for term in (*counts.classes, *counts.properties)}):
        yield _triple(iri, "void:vocabulary", _node(namespace))


def _access(base: str, dump_bytes: int) -> Iterator[ox.Triple]:
    iri, file = base + "dataset", base + "dataset#graph-nq-gz"
    yield _triple(iri, "void:sparqlEndpoint", _node(base + ENDPOINT))
    yield _triple(iri, "void:dataDump", _node(base + DUMP))
    yield _triple(iri, "void:feature", _node("http://www.w3.org/ns/formats/N-Quads"))
    yield _triple(iri, "dcat:distribution", _node(file))
    yield _triple(file, "rdf:type", _node(expand("dcat:Distribution")))
    yield _triple(file, "dcat:downloadURL", _node(base + DUMP))
    yield _triple(file, "dcat:mediaType", _node(_IANA + "application/n-quads"))
    yield _triple(file, "dcat:compressFormat", _node(_IANA + "application/gzip"))
    yield _triple(file, "dcat:byteSize", _integer(dump_bytes))
    service = base + "dataset#sparql"
    yield _triple(iri, "dcat:distribution", _node(service))
    yield _triple(service, "rdf:type", _node(expand("dcat:Distribution")))
    yield _triple(service, "dcat:accessURL", _node(base + ENDPOINT))
    yield _triple(service, "dct:conformsTo", _node("http://www.w3.org/TR/sparql11-protocol/"))
    for media_type in ("application/sparql-results+json", "text/turtle"):
        yield _triple(service, "dcat:mediaType", _node(_IANA + media_type))


_VIEW_NAMES: Final = {
    "reviewed": {"en": "What is reviewed", "fr": "Ce qui est relu", "ar": "المُراجَع"},
    "stated": {"en": "What is stated", "fr": "Ce qui est énoncé", "ar": "المذكور"},
    "everything": {"en": "Everything", "fr": "Tout", "ar": "الكل"},
}
_VIEW_WORDS: Final = {
    "reviewed": {
        "en": "The default graph: what claims say that are reviewed and that no other reviewed claim contradicts.",
        "fr": "Le graphe par défaut : ce que disent les énoncés relus qu'aucun autre énoncé relu ne contredit.",
        "ar": "المخطط الافتراضي: ما تقوله الأقوال المراجَعة التي لا يناقضها قول آخر مراجَع.",
    },
    "stated": {
        "en": "What every claim says that is not rejected, with what is known of the claims.",
        "fr": "Ce que disent tous les énoncés qui ne sont pas rejetés, avec ce que l'on sait d'eux.",
        "ar": "ما تقوله كل الأقوال غير المرفوضة، مع ما يُعرف عنها.",
    },
    "everything": {
        "en": "All graphs as one.",
        "fr": "Tous les graphes en un seul.",
        "ar": "كل المخططات في مخطط واحد.",
    },
}


def _views(counts: Counts, base: str) -> Iterator[ox.Triple]:
    """Each view as a subset with its address, its size and the graphs that it is joined of."""
    for view in VIEWS.values() if counts.views else ():
        iri = address(base, view.name)
        yield _triple(base + "dataset", "void:subset", _node(iri))
        yield _triple(iri, "rdf:type", _node(expand("void:Dataset")))
        yield _triple(iri, "void:triples", _integer(counts.views[view.name]))
        yield _triple(iri, "void:sparqlEndpoint", _node(base + ENDPOINT))
        for graph in view.graphs:
            if graph:
                yield _triple(iri, "dct:source", _node(Minter(base).graph(graph)))
        for predicate, words in (("dct:title", _VIEW_NAMES), ("dct:description", _VIEW_WORDS)):
            for language, text in words[view.name].items():
                yield _triple(iri, predicate, ox.Literal(text, language=language))


def _partitions(counts: Counts, base: str) -> Iterator[ox.Triple]:
    iri = base + "dataset"
    for kind, term, figure, table in (
        ("class", "void:class", "void:entities", counts.classes),
        ("property", "void:property", "void:triples", counts.properties),
    ):
        for value, number in table.items():
            part = f"{iri}#{kind}-{_fragment(value)}"
            yield _triple(iri, f"void:{kind}Partition", _node(part))
            yield _triple(part, term, _node(value))
            yield _triple(part, figure, _integer(number))


def _fragment(iri: str) -> str:
    """A name for a partition: the prefixed name where there is one, a digest for any other IRI.

    >>> _fragment("http://www.w3.org/ns/org#Organization")
    'org-Organization'
    """
    short = compress(iri).replace(":", "-")
    return short if re.fullmatch(r"[A-Za-z0-9_-]+", short) else hashlib.sha256(iri.encode()).hexdigest()[:16]


def _namespace(iri: str) -> str:
    """What stands before the local name.

    >>> _namespace("http://www.w3.org/ns/org#Organization"), _namespace("https://schema.org/name")
    ('http://www.w3.org/ns/org#', 'https://schema.org/')
    """
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] or iri


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _integer(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=_node(expand("xsd:integer")))


def _triple(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(_node(subject), _node(expand(predicate)), value)
