"""The page of a term: what it is called and means, where it stands, what it is used with, how much and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from kg.terms import LANGUAGES, expand
from server.direction import direction_of
from server.lookup import Label, Term
from server.pages.language import order
from server.pages.phrases.naming import name_all
from server.pages.plain.nodes import SHOWN, Property, Value, describe_node, parts_of
from server.pages.views import claim_iris
from server.pages.vocabulary.diagram import Diagram, draw
from server.pages.vocabulary.examples import Example, examples
from server.pages.vocabulary.hierarchy import Line, stepped
from server.pages.vocabulary.index import page_of
from server.pages.vocabulary.keeping import Kept
from server.pages.vocabulary.kinds import graph_of
from server.pages.vocabulary.terms import Entry, Vocabulary, best
from server.pages.vocabulary.uses import Figures, Question, question
from server.releases import Release

_MOST: Final = 100
"""Terms of each part of a page."""
_DEEP: Final = 20
"""Steps up to the top that a page shows."""

_ALIGNED: Final = tuple(
    map(
        expand,
        (
            "owl:equivalentClass", "owl:equivalentProperty", "skos:exactMatch", "skos:closeMatch", "skos:broadMatch",
            "skos:narrowMatch", "skos:relatedMatch",
        ),
    )
)  # fmt: skip
"""What ties a term to those of other vocabularies, the strongest first."""
_VERSIONS: Final = tuple(
    map(
        expand,
        (
            "owl:versionInfo", "owl:deprecated", "dct:isReplacedBy", "dct:replaces", "skos:changeNote",
            "skos:historyNote", "dct:created", "dct:issued", "dct:modified",
        ),
    )
)  # fmt: skip
_ABOVE: Final = frozenset(map(expand, ("rdfs:subClassOf", "rdfs:subPropertyOf")))
_TOLD: Final = frozenset(map(expand, ("rdfs:label", "skos:prefLabel", "rdfs:domain", "rdfs:range")))
"""What has a place of its own on the page, whatever the values are."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a term is called and how it is defined in one language."""

    language: str
    labels: tuple[Label, ...]
    definitions: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """A property with the classes of its values, and the superclass that it is taken over from, if there is one."""

    iri: str
    ranges: tuple[str, ...]
    origin: str
    is_literal: bool
    """Whether its values are literals."""


@dataclass(frozen=True, slots=True)
class Uses:
    """How much a term is used; None where nobody counted yet."""

    number: int | None
    question: Question


@dataclass(frozen=True, slots=True)
class TermView:
    """The page of a term."""

    entry: Entry
    label: Label
    definition: Label | None
    meanings: tuple[Meaning, ...]
    place: tuple[str, int]
    """Its anchor in the index, and the page of the index that has it."""
    family: tuple[Line, ...]
    """What it stands below, itself, and what stands below it, as a tree."""
    above: tuple[str, ...]
    properties: tuple[Used, ...]
    sources: tuple[str, ...]
    """Properties whose values are of this class."""
    uses: Uses
    examples: tuple[Example, ...]
    alignments: tuple[Property, ...]
    versions: tuple[Property, ...]
    facts: tuple[Property, ...]
    """What else is said of it."""
    diagram: Diagram | None
    labels: Mapping[str, Label]
    cut: bool
    """Whether a part has more than is shown."""


def read_term(kept: Kept, release: Release, iri: str, language: str) -> TermView | None:
    """The page of a term, or None if it is none of the vocabulary.

    :raises ValueError: if `iri` is no absolute IRI
    """
    vocabulary, wanted = kept.vocabulary(release), order(language)
    entry = vocabulary.entries.get(iri)
    if entry is None:
        return None
    lines = kept.lines(release, language)
    said = _said(release, iri)
    shown = examples(release, iri, is_class=entry.is_class)
    used, sources = _properties(vocabulary, entry), vocabulary.with_range.get(iri, ())
    below = vocabulary.below.get(iri, ())
    mentioned = _mentioned(entry, said, shown, used, sources[:_MOST], vocabulary.ancestors(iri), below[:_MOST])
    names = _labels(release, vocabulary, mentioned, language)
    apart = {*_ALIGNED, *_VERSIONS, *_ABOVE, *_TOLD}
    return TermView(
        entry,
        entry.label(wanted),
        best(entry.definitions, wanted),
        _meanings(entry, wanted),
        (vocabulary.anchors[iri], page_of(lines, iri)),
        _family(vocabulary, entry, names, wanted),
        entry.above,
        used[:_MOST],
        sources[:_MOST],
        _uses(kept.figures(release), release, entry),
        shown,
        _chosen(said, _ALIGNED),
        _chosen(said, _VERSIONS),
        tuple(_rest(said, entry, apart)),
        draw(entry, used, names, wanted, mirrored=direction_of(language) == "rtl"),
        names,
        max(len(used), len(sources), len(below)) > _MOST,
    )


def _said(release: Release, iri: str) -> tuple[Property, ...]:
    """What the graph of the vocabulary says of a term, or any graph where there is none of its own."""
    found, graph = describe_node(release.engine, iri, SHOWN, 0), graph_of(release)
    parts = () if found is None else parts_of(found)
    values: dict[Term, dict[Value, None]] = {}
    for part in parts:
        if graph is None or part.graph == graph.value:
            for group in part.properties:
                values.setdefault(group.term, {}).update(dict.fromkeys(group.values))
    return tuple(Property(term, tuple(found)) for term, found in values.items())


def _chosen(said: Iterable[Property], properties: tuple[str, ...]) -> tuple[Property, ...]:
    by_name = {group.term.value: group for group in said}
    return tuple(by_name[name] for name in properties if name in by_name)


def _rest(said: Iterable[Property], entry: Entry, apart: set[str]) -> Iterable[Property]:
    """What has no place of its own: a text that is shown as a definition is not said twice, an axiom stays."""
    defined = {(label.text, label.language) for label in entry.definitions}
    for group in said:
        kept = tuple(value for value in group.values if not _is_shown(value, group.term.value, apart, defined))
        if kept:
            yield Property(group.term, kept)


def _is_shown(value: Value, name: str, apart: set[str], defined: set[tuple[str, str]]) -> bool:
    if value.term.kind == "literal":
        return name in apart or (value.term.value, value.term.language) in defined
    return name in apart and value.term.kind == "iri"


def _meanings(entry: Entry, wanted: tuple[str, ...]) -> tuple[Meaning, ...]:
    """Label and definition side by side, the language of the page first, then those that the term has besides."""
    spoken = dict.fromkeys((*wanted, *sorted({label.language for label in (*entry.labels, *entry.definitions)})))
    found = (
        Meaning(
            language,
            tuple(label for label in entry.labels if label.language == language),
            tuple(label for label in entry.definitions if label.language == language),
        )
        for language in spoken
    )
    return tuple(meaning for meaning in islice(found, len(LANGUAGES) + _MOST) if meaning.labels or meaning.definitions)


def _properties(vocabulary: Vocabulary, entry: Entry) -> tuple[Used, ...]:
    """The properties of a class: its own, then those of what it stands below, each once."""
    if not entry.is_class:
        return ()
    found: dict[str, Used] = {}
    for place in (entry.iri, *vocabulary.ancestors(entry.iri)):
        for iri in vocabulary.with_domain.get(place, ()):
            origin = "" if place == entry.iri else place
            known = vocabulary.entries[iri]
            found.setdefault(iri, Used(iri, known.ranges, origin, known.kind == "data"))
    return tuple(found.values())


def _mentioned(
    entry: Entry, said: Iterable[Property], shown: Iterable[Example], used: Iterable[Used], *groups: Iterable[str]
) -> set[str]:
    """Every node that the page names."""
    found = {entry.iri, *entry.above, *entry.domains, *entry.ranges}
    for group in said:
        found.update(_nodes(group))
    for example in shown:
        for row in example.statements:
            found.update(term.name for term in (row.subject, row.property, row.value))
        found.update(() if example.claim is None else claim_iris(example.claim))
    for it in used:
        found.update((it.iri, *it.ranges, *((it.origin,) if it.origin else ())))
    return found.union(*groups)


def _nodes(group: Property) -> Iterable[str]:
    yield group.term.value
    for value in group.values:
        if value.term.kind != "literal":
            yield value.term.name
        for inner in value.properties:
            yield from _nodes(inner)
        yield from _nodes(Property(group.term, value.items)) if value.items else ()


def _labels(release: Release, vocabulary: Vocabulary, mentioned: Iterable[str], language: str) -> Mapping[str, Label]:
    known: dict[str, Label] = {}
    others = []
    for iri in mentioned:
        entry = vocabulary.entries.get(iri)
        if entry is not None and entry.labels:
            known[iri] = entry.label(order(language))
        else:
            others.append(iri)
    return {**name_all(release, others, language), **known}


def _family(
    vocabulary: Vocabulary, entry: Entry, names: Mapping[str, Label], wanted: tuple[str, ...]
) -> tuple[Line, ...]:
    """The way up by the first superterm of each, the term itself, and what stands directly below."""
    way, above = [entry.iri], entry.above
    while above and above[0] not in way and len(way) < _DEEP:
        way.append(above[0])
        above = vocabulary.entries[above[0]].above if above[0] in vocabulary.entries else ()
    way.reverse()

    def line(iri: str, depth: int) -> Line:
        known = vocabulary.entries.get(iri)
        label = known.label(wanted) if known else names.get(iri, Label(""))
        return Line(iri, label, depth, 0, known is not None and known.deprecated)

    below = sorted(
        (line(iri, len(way)) for iri in vocabulary.below.get(entry.iri, ())[:_MOST] if iri not in way),
        key=lambda row: (row.label.text.casefold(), row.iri),
    )
    return stepped((*(line(iri, depth) for depth, iri in enumerate(way)), *below))


def _uses(figures: Figures | None, release: Release, entry: Entry) -> Uses:
    number = None if figures is None else figures.of(entry.iri, is_class=entry.is_class)
    return Uses(number, question(release, entry.iri, is_class=entry.is_class))
