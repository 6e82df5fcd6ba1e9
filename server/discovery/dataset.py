"""The release as a whole: what it is, at which address it is reached, and how it is cited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from kg.folding import fold
from kg.terms import expand
from server.lookup import Label
from server.releases import Release

FILE: Final = "void.ttl"
DUMP: Final = "graph.nq.gz"
_ADDRESSES: Final = frozenset(
    map(
        expand,
        ("void:sparqlEndpoint", "void:dataDump", "dcat:accessURL", "dcat:downloadURL", "dcat:endpointURL",
         "dcat:endpointDescription", "schema:target"),
    )
)  # fmt: skip
"""Properties whose values are addresses of the server, and no names of things."""
_RESOURCE: Final = NamedNode(expand("rdfs:Resource"))
"""The type of addresses."""
_FORMS: Final = ("select", "ask", "construct", "describe")


@dataclass(frozen=True, slots=True)
class ShownExample:
    """A query that a person may begin with."""

    question: Label
    text: str
    keywords: tuple[Label, ...] = ()
    """In the language of the reader, or in none."""
    iri: str = ""
    address: str = ""
    """Of the page that asks it, below the root of the site."""
    folded: str = ""
    """What it is found by: its words and its query, folded."""


@dataclass(frozen=True, slots=True)
class DatasetView:
    """What a page tells of the release."""

    iri: str
    title: Label
    description: Label | None
    licence: str
    publisher: str
    issued: str
    endpoint: str
    dump: str
    """Where its statements are, as a file; empty where there is none."""
    dump_bytes: int
    examples: tuple[ShownExample, ...] = ()


def dataset_triples(release: Release, root: str) -> tuple[Triple, ...]:
    """The description of the release in VoID and DCAT, with the addresses under which the server is reached.

    The things that it speaks of keep their names below the base; what a client is to fetch is below `root`, which ends
    in `/`. RDF files that are served without a release have no description: theirs holds what is known of them.
    """
    try:
        stated = (release.path / FILE).stat()
    except FileNotFoundError:
        return tuple(_known(release, root))
    return _read(release.path / FILE, (stated.st_mtime_ns, stated.st_size), release.base, root)


@lru_cache(8)
def _read(path: Path, stamp: tuple[int, int], base: str, root: str) -> tuple[Triple, ...]:
    """The description as a file has it; it is read once as long as its time and size stay (`stamp`)."""
    del stamp
    return tuple(_reached(quad.triple, base, root) for quad in parse(path.read_bytes(), RdfFormat.TURTLE))


def _reached(triple: Triple, base: str, root: str) -> Triple:
    if triple.object == _RESOURCE and isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(base):
        return Triple(NamedNode(root + triple.subject.value[len(base) :]), triple.predicate, triple.object)
    value = triple.object
    if triple.predicate.value in _ADDRESSES and isinstance(value, NamedNode) and value.value.startswith(base):
        return Triple(triple.subject, triple.predicate, NamedNode(root + value.value[len(base) :]))
    return triple


def _known(release: Release, root: str) -> Iterable[Triple]:
    it = NamedNode(f"{release.base}dataset")
    yield Triple(it, _node("rdf:type"), _node("void:Dataset"))
    for language, title in sorted(release.title.items()):
        yield Triple(it, _node("dct:title"), Literal(title, language=language))
    for language, text in sorted(release.description.items()):
        yield Triple(it, _node("dct:description"), Literal(text, language=language))
    yield Triple(it, _node("dct:identifier"), Literal(release.id))
    yield Triple(it, _node("void:sparqlEndpoint"), NamedNode(f"{root}sparql"))
    if (release.path / DUMP).is_file():
        yield Triple(it, _node("void:dataDump"), NamedNode(f"{root}download/{DUMP}"))


def read_dataset_view(triples: Iterable[Triple], base: str, languages: tuple[str, ...]) -> DatasetView:
    """What the page of the release shows of its description, with texts by the order of `languages`."""
    known = list(triples)
    iri = f"{base}dataset"
    about = _values(known, iri)
    publisher = _values(known, next((node.value for node in about.get(expand("dct:publisher"), ())), ""))
    files = (_values(known, node.value) for node in about.get(expand("dcat:distribution"), ()))
    size = next((size for file in files if (size := _first(file, "dcat:byteSize"))), "0")
    title = _best(about.get(expand("dct:title"), ()), languages)
    return DatasetView(
        iri,
        title or Label("Zellige"),
        _best(about.get(expand("dct:description"), ()), languages),
        _first(about, "dct:license"),
        _first(publisher, "foaf:name"),
        _first(about, "dct:issued"),
        _first(about, "void:sparqlEndpoint"),
        _first(about, "void:dataDump"),
        int(size),
        tuple(read_examples(known, languages)),
    )


def read_examples(known: Iterable[Triple], languages: tuple[str, ...]) -> Iterator[ShownExample]:
    """The examples that are asked here, in the order of their names."""
    said: dict[str, dict[str, list[NamedNode | Literal]]] = {}
    for triple in known:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            said.setdefault(triple.subject.value, {}).setdefault(triple.predicate.value, []).append(triple.object)
    endpoints = {node for values in said.values() for node in values.get(expand("void:sparqlEndpoint"), ())}
    forms, asked_at = tuple(expand(f"sh:{form}") for form in _FORMS), expand("schema:target")
    for iri, values in sorted(said.items()):
        queries = [value for form in forms for value in values.get(form, ())]
        if not queries or not endpoints.intersection(values.get(asked_at, ())):
            continue
        if question := _best(values.get(expand("rdfs:comment"), ()), languages):
            text, keywords = queries[0].value, _keywords(values, question.language)
            folded = fold(" ".join((question.text, *(word.text for word in keywords), text)))
            yield ShownExample(question, text, keywords, iri, f"query?{urlencode({'query': text})}", folded)


def shown_examples(release: Release, root: str, languages: tuple[str, ...]) -> tuple[ShownExample, ...]:
    """The examples of the description that are asked here, with texts by the order of `languages`.

    They are chosen once for a description and a language: it may have thousands of statements, and each page of
    queries shows them.
    """
    try:
        stated = (release.path / FILE).stat()
    except FileNotFoundError:
        return ()
    return _chosen(release.path / FILE, (stated.st_mtime_ns, stated.st_size), release.base, root, languages)


@lru_cache(24)
def _chosen(
    path: Path, stamp: tuple[int, int], base: str, root: str, languages: tuple[str, ...]
) -> tuple[ShownExample, ...]:
    return tuple(read_examples(_read(path, stamp, base, root), languages))


def _keywords(values: _Values, language: str) -> tuple[Label, ...]:
    """Those of one language, then those of none."""
    said = [node for node in values.get(expand("schema:keywords"), ()) if isinstance(node, Literal)]
    kept = [Label(node.value, node.language or "") for node in said if (node.language or "") in {language, ""}]
    return tuple(sorted(kept, key=lambda label: (label.language == "", label.text)))


_Values = Mapping[str, list[NamedNode | Literal]]


def _values(triples: Iterable[Triple], subject: str) -> _Values:
    found: dict[str, list[NamedNode | Literal]] = {}
    for triple in triples:
        it, value = triple.subject, triple.object
        if isinstance(it, NamedNode) and it.value == subject and isinstance(value, NamedNode | Literal):
            found.setdefault(triple.predicate.value, []).append(value)
    return found


def _first(values: _Values, name: str) -> str:
    return next((node.value for node in values.get(expand(name), ())), "")


def _best(texts: Iterable[NamedNode | Literal], languages: tuple[str, ...]) -> Label | None:
    """The text of the first wanted language; of another, where there is none."""
    labels = [Label(text.value, text.language or "") for text in texts if isinstance(text, Literal)]
    wanted = {language: place for place, language in enumerate(languages)}
    return min(labels, key=lambda label: (wanted.get(label.language, len(wanted)), label.language), default=None)


def _node(name: str) -> NamedNode:
    return NamedNode(expand(name))
