"""A dataset for catalogues and crawlers: VoID, DCAT-AP 3, and what programs need to ask it.

What DCAT-AP asks for and nobody has stated is left out; nothing is made up to please a validator.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from kg.config import Config, Project
from kg.config.catalogue import Catalogue, creator, frequency_iri, is_mail, language_iri, theme_iri, theme_labels
from kg.description.counts import Counts
from kg.description.examples import Example, declared, general, prefixes, read_examples
from kg.description.partitions import partitions
from kg.description.terms import ALL, integer, named, namespace, triple, typed
from kg.description.views import views
from kg.terms import choose_language

_IANA: Final = "https://www.iana.org/assignments/media-types/"
_PROTOCOL: Final = "http://www.w3.org/TR/sparql11-protocol/"

DUMP: Final = "download/graph.nq.gz"
"""Where the server hands out the artefact of record, relative to the base."""
ENDPOINT: Final = "sparql"
"""Where the server answers SPARQL, relative to the base."""
_ENDPOINT_TITLE: Final = {"ar": "نقطة SPARQL", "fr": "Point d'accès SPARQL", "en": "SPARQL endpoint"}
_FILE_TITLE: Final = {"ar": "الرسم البياني كاملا", "fr": "Le graphe entier", "en": "The whole graph"}
_CATALOGUE_TITLE: Final = {"ar": "فهرس", "fr": "Catalogue", "en": "Catalogue"}


@dataclass(frozen=True, slots=True)
class Dump:
    """The file that holds every statement."""

    size: int
    """In bytes."""
    sha256: str = ""
    """In hexadecimal."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What a project says of its dataset for those who look for it or begin to ask it."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    examples: tuple[Example, ...] = ()

    @classmethod
    def by(cls, config: Config) -> Presented:
        """What the settings and files of a project say, and examples that any data answer.

        :raises DataError: naming every example that is no query
        """
        return cls(config.catalogue, (*read_examples(config), *general()))


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a release beside its figures."""

    project: Project
    release: str
    """Its id."""
    issued: str | None = None
    """Its ISO date."""
    presented: Presented = field(default_factory=Presented)


def describe(counts: Counts, about: About, dump: Dump | None) -> str:
    """Describe a release in Turtle, as a `void:Dataset` and `dcat:Dataset` without blank nodes.

    `void:triples` counts the default graph, as a client without `GRAPH` sees it; the subset `#statements` counts every
    graph. There may be no `dump`.
    """
    project, stated = about.project, about.presented.catalogue
    iri = project.base + "dataset"
    triples = {
        *_about_dataset(counts, project, about.release), *_dates(iri, stated, about.issued),
        *_stated(iri, project, stated), *_endpoint(project), *_catalogue(project, stated), *partitions(counts, iri),
        *views(counts, project.base),
        *declared(iri, prefixes(project.base, has_claims=counts.claims > 0)),
        *(it for example in about.presented.examples for it in example.triples(project.base)),
    }  # fmt: skip
    if dump is not None:
        triples |= {*_file(project, dump)}
    return turtle(triples)


def turtle(triples: Iterable[ox.Triple]) -> str:
    """The triples in Turtle, sorted, with the prefixes that occur."""
    known = sorted(triples, key=str)
    used = {name: iri for name, iri in ALL.items() if any(iri in str(it) for it in known)}
    output = io.BytesIO()
    ox.serialize(known, output, ox.RdfFormat.TURTLE, prefixes=used)
    return output.getvalue().decode()


def _about_dataset(counts: Counts, project: Project, release: str) -> Iterator[ox.Triple]:
    iri = project.base + "dataset"
    yield triple(iri, "rdf:type", "void:Dataset")
    yield triple(iri, "rdf:type", "dcat:Dataset")
    yield from _texts(iri, "dct:title", project.title)
    yield from _texts(iri, "dct:description", project.description)
    yield triple(iri, "dct:identifier", ox.Literal(release))
    yield triple(iri, "dcat:version", ox.Literal(release))
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
        yield triple(iri, "void:" + name, integer(figure))
    yield triple(iri, "void:uriSpace", ox.Literal(project.base))
    yield triple(iri, "void:subset", ox.NamedNode(iri + "#statements"))
    yield triple(iri + "#statements", "rdf:type", "void:Dataset")
    yield triple(iri + "#statements", "void:triples", integer(counts.quads))
    for vocabulary in sorted({namespace(term) for term in (*counts.classes, *counts.properties)}):
        yield triple(iri, "void:vocabulary", ox.NamedNode(vocabulary))


def _dates(iri: str, stated: Catalogue, released: str | None) -> Iterator[ox.Triple]:
    """The date of the release is that of the last change, unless another one is stated."""
    issued = stated.issued or released
    modified = stated.modified or released
    if issued:
        yield triple(iri, "dct:issued", typed(issued, "xsd:date"))
    if modified:
        yield triple(iri, "dct:modified", typed(modified, "xsd:date"))


def _stated(iri: str, project: Project, stated: Catalogue) -> Iterator[ox.Triple]:
    """What the project states of its dataset."""
    yield from _license(iri, project)
    yield from _agents(iri, project, stated)
    for code in stated.themes:
        yield triple(iri, "dcat:theme", ox.NamedNode(theme_iri(code)))
        yield triple(theme_iri(code), "rdf:type", "skos:Concept")
        yield from _texts(theme_iri(code), "skos:prefLabel", theme_labels(code))
    for tag in stated.languages:
        yield triple(iri, "dct:language", ox.NamedNode(language_iri(tag)))
        yield triple(language_iri(tag), "rdf:type", "dct:LinguisticSystem")
    for tag, words in stated.keywords.items():
        for word in filter(None, (word.strip() for word in words.replace("،", ",").split(","))):
            yield triple(iri, "dcat:keyword", ox.Literal(word, language=tag))
    if stated.frequency:
        yield triple(iri, "dct:accrualPeriodicity", ox.NamedNode(frequency_iri(stated.frequency)))
        yield triple(frequency_iri(stated.frequency), "rdf:type", "dct:Frequency")
    for place in stated.spatial:
        yield triple(iri, "dct:spatial", ox.NamedNode(place))
        yield triple(place, "rdf:type", "dct:Location")
    if stated.landing_page:
        yield triple(iri, "dcat:landingPage", ox.NamedNode(stated.landing_page))
        yield triple(stated.landing_page, "rdf:type", "foaf:Document")
    if stated.identifier:
        yield triple(iri, "dct:identifier", typed(stated.identifier, "xsd:anyURI"))
    yield from _period(iri, stated)


def _license(iri: str, project: Project) -> Iterator[ox.Triple]:
    if not project.licence:
        return
    yield triple(iri, "dct:license", ox.NamedNode(project.licence))
    yield triple(project.licence, "rdf:type", "dct:LicenseDocument")


def _agents(iri: str, project: Project, stated: Catalogue) -> Iterator[ox.Triple]:
    if project.publisher:
        publisher = _publisher(project, stated)
        yield triple(iri, "dct:publisher", ox.NamedNode(publisher))
        yield triple(publisher, "rdf:type", "foaf:Agent")
        yield triple(publisher, "foaf:name", ox.Literal(project.publisher))
    for name, maker in map(creator, stated.creators):
        yield triple(iri, "dct:creator", ox.NamedNode(maker))
        yield triple(maker, "rdf:type", "foaf:Agent")
        if name:
            yield triple(maker, "foaf:name", ox.Literal(name))
    if stated.contact:
        contact = iri + "#contact"
        name = stated.contact_name or project.publisher
        yield triple(iri, "dcat:contactPoint", ox.NamedNode(contact))
        yield triple(contact, "rdf:type", "vcard:Kind")
        if name:
            yield triple(contact, "vcard:fn", ox.Literal(name))
        way = ("vcard:hasEmail", f"mailto:{stated.contact}") if is_mail(stated.contact) else ("vcard:hasURL", "")
        yield triple(contact, way[0], ox.NamedNode(way[1] or stated.contact))


def _publisher(project: Project, stated: Catalogue) -> str:
    return stated.publisher_iri or project.base + "dataset#publisher"


def _period(iri: str, stated: Catalogue) -> Iterator[ox.Triple]:
    if not stated.temporal:
        return
    period = iri + "#period"
    yield triple(iri, "dct:temporal", ox.NamedNode(period))
    yield triple(period, "rdf:type", "dct:PeriodOfTime")
    for name, end in zip(("dcat:startDate", "dcat:endDate"), stated.period, strict=True):
        if end:
            datatype = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}[len(end)]
            yield triple(period, name, typed(end, datatype))


def _file(project: Project, dump: Dump) -> Iterator[ox.Triple]:
    iri, address = project.base + "dataset", ox.NamedNode(project.base + DUMP)
    file = iri + "#graph-nq-gz"
    yield triple(iri, "void:dataDump", address)
    yield triple(iri, "void:feature", ox.NamedNode("http://www.w3.org/ns/formats/N-Quads"))
    yield from _distribution(file, project, _FILE_TITLE)
    yield triple(file, "dcat:downloadURL", address)
    yield triple(file, "dcat:accessURL", address)
    yield triple(address.value, "rdf:type", "rdfs:Resource")  # which the shapes of DCAT-AP want to see
    for name, media_type in (("dcat:mediaType", "application/n-quads"), ("dcat:compressFormat", "application/gzip")):
        yield triple(file, name, ox.NamedNode(_IANA + media_type))
        yield triple(_IANA + media_type, "rdf:type", "dct:MediaType")
    yield triple(file, "dcat:byteSize", typed(str(dump.size), "xsd:nonNegativeInteger"))
    if dump.sha256:
        checksum, algorithm = file + "-sha256", named("spdx:checksumAlgorithm_sha256")
        yield triple(file, "spdx:checksum", ox.NamedNode(checksum))
        yield triple(checksum, "rdf:type", "spdx:Checksum")
        yield triple(checksum, "spdx:algorithm", algorithm)
        yield triple(checksum, "spdx:checksumValue", typed(dump.sha256, "xsd:hexBinary"))
        yield triple(algorithm.value, "rdf:type", "spdx:ChecksumAlgorithm")


def _distribution(part: str, project: Project, title: Mapping[str, str]) -> Iterator[ox.Triple]:
    yield triple(project.base + "dataset", "dcat:distribution", ox.NamedNode(part))
    yield triple(part, "rdf:type", "dcat:Distribution")
    yield from _texts(part, "dct:title", title)
    yield from _license(part, project)


def _endpoint(project: Project) -> Iterator[ox.Triple]:
    iri, endpoint = project.base + "dataset", ox.NamedNode(project.base + ENDPOINT)
    answers, service = iri + "#sparql", iri + "#service"
    yield triple(iri, "void:sparqlEndpoint", endpoint)
    yield from _distribution(answers, project, _ENDPOINT_TITLE)
    yield triple(answers, "dcat:accessURL", endpoint)
    yield triple(answers, "dcat:accessService", ox.NamedNode(service))
    yield triple(service, "rdf:type", "dcat:DataService")
    titles = _titled(_ENDPOINT_TITLE, project)
    yield from _texts(service, "dct:title", titles)
    yield triple(endpoint.value, "rdf:type", "rdfs:Resource")
    yield triple(service, "dcat:endpointURL", endpoint)
    yield triple(service, "dcat:endpointDescription", endpoint)
    yield triple(service, "dcat:servesDataset", ox.NamedNode(iri))
    yield triple(service, "dct:conformsTo", ox.NamedNode(_PROTOCOL))
    yield triple(_PROTOCOL, "rdf:type", "dct:Standard")
    yield from _license(service, project)


def _catalogue(project: Project, stated: Catalogue) -> Iterator[ox.Triple]:
    """The catalogue of this one dataset, where all is stated that DCAT-AP wants of a catalogue."""
    if not (project.title and project.description and project.publisher):
        return
    iri, dataset = project.base + "dataset#catalogue", project.base + "dataset"
    yield triple(iri, "rdf:type", "dcat:Catalog")
    titles = _titled(_CATALOGUE_TITLE, project)
    yield from _texts(iri, "dct:title", titles)
    yield from _texts(iri, "dct:description", project.description)
    yield triple(iri, "dcat:dataset", ox.NamedNode(dataset))
    yield triple(iri, "dcat:service", ox.NamedNode(dataset + "#service"))
    yield triple(iri, "dct:publisher", ox.NamedNode(_publisher(project, stated)))
    yield from _license(iri, project)


def _titled(what: Mapping[str, str], project: Project) -> Mapping[str, str]:
    """What a part of the dataset is called: after the title, in the languages that have a word for what it is."""
    if not project.title:
        return what
    known = {tag: title for tag, title in project.title.items() if tag in what}
    title = project.title[choose_language(project.title) or ""]
    return {tag: f"{what[tag]}: {text}" for tag, text in (known or {"en": title}).items()}


def _texts(iri: str, predicate: str, texts: Mapping[str, str]) -> Iterator[ox.Triple]:
    for language, text in texts.items():
        yield triple(iri, predicate, ox.Literal(text, language=language))
