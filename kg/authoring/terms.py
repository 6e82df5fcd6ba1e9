"""Terms that are looked up: classes, properties and concepts, by any label, with an example to write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.folding import fold, key
from kg.records.statements import NOBODY_WRITES, kind_of
from kg.terms import PREFIXES, ZEL
from kg.vocabulary import SCHEMES_FILE, Term, Vocabulary

_HUMPS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_VALUES: Final[Mapping[str, str]] = MappingProxyType(
    {
        PREFIXES["edtf"] + "EDTF": "2031-05",
        PREFIXES["rdf"] + "langString": '{en: "words of the source"}',
        PREFIXES["xsd"] + "anyURI": '"https://example.org/page"',
        PREFIXES["xsd"] + "boolean": "true",
        PREFIXES["xsd"] + "date": "2031-05-03",
        PREFIXES["xsd"] + "dateTime": "2031-05-03T09:30:00Z",
        PREFIXES["xsd"] + "decimal": "1.5",
        PREFIXES["xsd"] + "double": "1.5",
        PREFIXES["xsd"] + "gYearMonth": "2031-05",
        PREFIXES["xsd"] + "integer": "1",
        PREFIXES["xsd"] + "gYear": "2031",
        PREFIXES["xsd"] + "nonNegativeInteger": "0",
        PREFIXES["xsd"] + "positiveInteger": "1",
        PREFIXES["xsd"] + "string": '"a text"',
    }
)
"""For each datatype that a property may have, a value of it."""
_LABELS: Final = frozenset(
    (*(PREFIXES["skos"] + name for name in ("prefLabel", "altLabel", "hiddenLabel")), PREFIXES["rdfs"] + "label")
)
_DEFINITIONS: Final = frozenset((PREFIXES["skos"] + "definition", PREFIXES["rdfs"] + "comment"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A class, a property or a concept, as it is looked up."""

    name: str
    """What is written in claims; a concept as the value of a property."""
    kind: str
    """`class`, `property`, `concept` or `individual`."""
    iri: str
    domain: str | None
    """What a property is said of; the scheme of a concept; the class above a class."""
    range: str | None
    """What the values of a property are."""
    labels: Mapping[str, tuple[str, ...]]
    definitions: Mapping[str, str]
    example: str
    remark: str | None
    """Why nobody writes it, or what to write instead."""

    def ranked(self, wanted: str) -> int | None:
        """How well the entry fits the folded words: 0 is best; None if it does not."""
        names = {key(self.name), key(_HUMPS.sub(" ", self.name).replace("-", " "))}
        names.update(key(label) for labels in self.labels.values() for label in labels)
        if wanted in names:
            return 0
        parts = wanted.split(" ")
        if self.kind == "concept" and self.domain is not None and wanted == key(self.domain):
            return 1
        if any(all(part in name for part in parts) for name in names):
            return 1 if any(name.startswith(wanted) for name in names) else 2
        told = [fold(text) for text in self.definitions.values()]
        return 3 if any(all(part in f" {text}" for part in parts) for text in told) else None


def search(found: Iterable[Entry], words: str) -> tuple[Entry, ...]:
    """The entries that have the words in a name, a label or a definition, in any of the languages; the best first."""
    wanted = key(words)
    ranked = [(rank, number, one) for number, one in enumerate(found) if (rank := one.ranked(wanted)) is not None]
    return tuple(one for _, _, one in sorted(ranked, key=lambda item: item[:2]))


def entries(vocabulary: Vocabulary) -> Iterator[Entry]:
    """Everything that claims may name, in the order of its files.

    :raises OSError: if the schemes cannot be read
    """
    yield from (_class(name, term, vocabulary) for name, term in vocabulary.classes.items())
    yield from (_property(name, term, vocabulary) for name, term in vocabulary.properties.items())
    yield from _described(vocabulary)


def _remark(term: Term) -> str | None:
    if term.derived:
        return NOBODY_WRITES
    if term.deprecated is not None:
        return f"deprecated since {term.deprecated}"
    return None


def _class(written: str, term: Term, vocabulary: Vocabulary) -> Entry:
    return Entry(
        name=written,
        kind="class",
        iri=term.iri,
        domain=_short(term.parent, vocabulary),
        range=None,
        labels={language: (text,) for language, text in term.labels.items()},
        definitions=term.definitions,
        example=f"{{id: {_HUMPS.sub('-', term.name).lower()}-1, type: {written}}}",
        remark=_remark(term),
    )


def _property(written: str, term: Term, vocabulary: Vocabulary) -> Entry:
    return Entry(
        name=written,
        kind="property",
        iri=term.iri,
        domain=_short(term.domain, vocabulary) if term.domain else None,
        range=_range(term, vocabulary),
        labels={language: (text,) for language, text in term.labels.items()},
        definitions=term.definitions,
        example=f"{written}: {_value(term, vocabulary)}",
        remark=_remark(term),
    )


def _range(term: Term, vocabulary: Vocabulary) -> str | None:
    if term.scheme is not None:
        return f"a name of the scheme {term.scheme}"
    return _short(term.range, vocabulary) if term.range else None


def _value(term: Term, vocabulary: Vocabulary) -> str:
    if term.kind == "data":
        return _VALUES[term.range or PREFIXES["xsd"] + "string"]
    if term.scheme is not None:
        return next(iter(vocabulary.concepts[term.scheme]), "name-of-a-concept")
    what = {ZEL + "Claim": "claim", ZEL + "SourceDocument": "document"}.get(kind_of(term), "thing")
    return f"name-of-a-{what}"


def _short(iri: str, vocabulary: Vocabulary) -> str:
    return vocabulary.compress(iri).removeprefix("zel:")


def _described(vocabulary: Vocabulary) -> Iterator[Entry]:
    """The concepts of the schemes, and the things that vocabularies of others describe."""
    labels: dict[str, dict[str, list[str]]] = {}
    definitions: dict[str, dict[str, str]] = {}
    files = (layer.folder / SCHEMES_FILE for layer in vocabulary.layers)
    packaged = (
        quad.triple for path in files if path.is_file() for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE)
    )
    for quad in (*packaged, *vocabulary.statements):
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.Literal):
            if quad.predicate.value in _LABELS:
                labels.setdefault(subject.value, {}).setdefault(value.language or "", []).append(value.value)
            elif quad.predicate.value in _DEFINITIONS:
                definitions.setdefault(subject.value, {})[value.language or ""] = value.value
    users = _users(vocabulary.properties.values())
    for scheme, members in vocabulary.concepts.items():
        for name, iri in members.items():
            yield Entry(
                name=name,
                kind="concept",
                iri=iri,
                domain=scheme,
                range=None,
                labels={language: tuple(texts) for language, texts in labels.get(iri, {}).items()},
                definitions=definitions.get(iri, {}),
                example=f"{users[scheme][0]}: {name}" if users.get(scheme) else f"{scheme}/{name}",
                remark=None,
            )
    for iri, kind in vocabulary.individuals.items():
        name = vocabulary.compress(iri).strip("<>")
        yield Entry(
            name=name,
            kind="individual",
            iri=iri,
            domain=_short(kind, vocabulary),
            range=None,
            labels={language: tuple(texts) for language, texts in labels.get(iri, {}).items()},
            definitions=definitions.get(iri, {}),
            example=f"name-of-a-property: {name}",
            remark=None,
        )


def _users(properties: Iterable[Term]) -> Mapping[str, Sequence[str]]:
    """For each scheme, the properties whose values it has."""
    found: dict[str, list[str]] = {}
    for term in properties:
        if term.scheme is not None and not term.derived:
            found.setdefault(term.scheme, []).append(term.name)
    return found
