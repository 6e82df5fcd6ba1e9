"""The SHACL shapes that follow from terms.csv: what may have a property, and what its values are.

They hold over everything that is stated and over the default graph. Their nodes are the subjects of a property, so that
a violation has the line of the claim about them; a property that no statement uses costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from kg.ontology.turtle import Statement, block, document, quote, texts
from kg.terms import CORE, EDTF_PATTERN, LANGUAGES, SCHEME, SHAPE, compress, expand
from kg.vocabulary import Term, Vocabulary
from kg.vocabulary.model import EVERYWHERE, ORDER_STEP

_VALUE: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "edtf:EDTF": {
            "en": "a date of the calendar in the Extended Date/Time Format, such as 2025-09, 2030 or 2030~",
            "fr": "une date du calendrier au format EDTF, comme 2025-09, 2030 ou 2030~",
            "ar": "تاريخا من التقويم بصيغة EDTF، مثل 2025-09 أو 2030 أو 2030~",
        },
        "rdf:langString": {"en": "text with its language", "fr": "un texte avec sa langue", "ar": "نصا مع لغته"},
        "xsd:anyURI": {"en": "an address (xsd:anyURI)", "fr": "une adresse (xsd:anyURI)", "ar": "عنوانا (xsd:anyURI)"},
        "xsd:boolean": {"en": "true or false", "fr": "true ou false", "ar": "true أو false"},
        "xsd:date": {
            "en": "a day of the calendar, such as 2025-07-01",
            "fr": "un jour du calendrier, comme 2025-07-01",
            "ar": "يوما من التقويم، مثل 2025-07-01",
        },
        "xsd:dateTime": {
            "en": "a day with its time, such as 2025-07-01T09:30:00Z",
            "fr": "un jour avec son heure, comme 2025-07-01T09:30:00Z",
            "ar": "يوما مع ساعته، مثل 2025-07-01T09:30:00Z",
        },
        "xsd:decimal": {
            "en": "a decimal number (xsd:decimal)",
            "fr": "un nombre décimal (xsd:decimal)",
            "ar": "عددا عشريا (xsd:decimal)",
        },
        "xsd:double": {
            "en": "a number (xsd:double)",
            "fr": "un nombre (xsd:double)",
            "ar": "عددا (xsd:double)",
        },
        "xsd:gYearMonth": {
            "en": "a year and a month, such as 2025-07",
            "fr": "une année et un mois, comme 2025-07",
            "ar": "سنة وشهرا، مثل 2025-07",
        },
        "xsd:integer": {"en": "a whole number", "fr": "un nombre entier", "ar": "عددا صحيحا"},
        "xsd:gYear": {
            "en": "a year of four digits (xsd:gYear)",
            "fr": "une année de quatre chiffres (xsd:gYear)",
            "ar": "سنة من أربعة أرقام (xsd:gYear)",
        },
        "xsd:nonNegativeInteger": {
            "en": "a whole number from 0",
            "fr": "un entier à partir de 0",
            "ar": "عددا صحيحا من 0 فما فوق",
        },
        "xsd:positiveInteger": {
            "en": "a whole number from 1",
            "fr": "un entier à partir de 1",
            "ar": "عددا صحيحا من 1 فما فوق",
        },
        "xsd:string": {
            "en": "plain text without a language",
            "fr": "un texte simple, sans langue",
            "ar": "نصا بسيطا دون لغة",
        },
    }
)
"""What a value of each datatype is, in the words of a message."""

# Oxigraph keeps every kind of integer as xsd:integer; elsewhere the kind is the one that terms.csv says.
_INTEGERS: Final = ("xsd:integer", "xsd:nonNegativeInteger", "xsd:positiveInteger")
# A range is a value space (RDF 1.1 Semantics, section 9), and every integer is a value of xsd:decimal, from which its
# datatype is derived (XML Schema 1.1 part 2, section 3.4.13); sh:datatype alone would compare the names of datatypes.
_NUMBERS: Final = ("xsd:decimal", *_INTEGERS)
_ACCEPTED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"xsd:decimal": _NUMBERS, **dict.fromkeys(_INTEGERS, _INTEGERS)}
)
"""Datatypes of the values of a range, where it is more than one."""
_ADDRESS: Final = expand("schema:url")
_LEAST: Final = MappingProxyType({"xsd:nonNegativeInteger": "0", "xsd:positiveInteger": "1"})

# What a processor of SHACL may know no lexical form of: it then takes any text.
_PATTERNS: Final = MappingProxyType(
    {"edtf:EDTF": EDTF_PATTERN, "xsd:gYear": "^-?[0-9]{4,}(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?$"}
)


def term_shapes(vocabulary: Vocabulary, layers: Collection[str], without: Collection[str] = ()) -> str:
    """The shapes of the properties of some layers as Turtle: no blank nodes but lists, messages in three languages.

    The properties of the project itself belong to the layer `""`. Those `without` shapes are named by their IRIs.
    """
    numbers = [(f"shape:term-{compress(expand(c)).partition(':')[2]}", c) for c in _NUMBERS if CORE in layers]
    blocks = [block(name, [("a", ["sh:NodeShape"]), ("sh:datatype", [datatype])]) for name, datatype in numbers]
    last = max((term.order for term in vocabulary.properties.values()), default=0)
    for number, (name, term) in enumerate(vocabulary.properties.items(), 1):
        if term.layer not in layers or term.iri in without:
            continue
        if not term.layer and (term.iri.startswith(EVERYWHERE) or term.iri == _ADDRESS):
            continue  # the graph describes itself by it, and knows nothing of what a project demands
        blocks += _of_property(name, term, vocabulary, term.order or last + number * ORDER_STEP)
    opened = _open_schemes(vocabulary, layers)
    blocks += [text for name in sorted(opened) for text in _of_scheme(name, vocabulary)]
    return document(blocks, {**vocabulary.prefixes, "shape": SHAPE})


def _open_schemes(vocabulary: Vocabulary, layers: Collection[str]) -> set[str]:
    """The schemes in use whose concepts do not all have the IRI of the packaged scheme before their names."""
    properties = vocabulary.properties.values()
    used = {term.scheme for term in properties if term.scheme is not None and term.layer in layers}
    return {name for name in used if name in vocabulary.schemes}


def _of_scheme(name: str, vocabulary: Vocabulary) -> Iterator[str]:
    """A shape of the concepts of a scheme, by what they say of themselves."""
    yield block(_shape(f"scheme-{name}"), [("a", ["sh:NodeShape"]), ("sh:property", [_shape(f"scheme-{name}-in")])])
    scheme = f"<{vocabulary.scheme_iri(name)}>"
    yield block(
        _shape(f"scheme-{name}-in"),
        [("a", ["sh:PropertyShape"]), ("sh:path", ["skos:inScheme"]), ("sh:hasValue", [scheme])],
    )


def _shape(name: str) -> str:
    """The name of a shape, as Turtle has it."""
    made = re.sub(r"[^A-Za-z0-9_-]", "-", name)
    return f"shape:term-{made}"


def _of_property(written: str, term: Term, vocabulary: Vocabulary, place: int) -> Iterator[str]:
    """The shapes of one property, which stands at a place of its table: pages show properties in that order."""
    name = _shape(written)
    yield block(
        name,
        [
            ("a", ["sh:NodeShape"]),
            ("rdfs:label", texts(term.labels)),
            ("sh:targetSubjectsOf", [vocabulary.compress(term.iri)]),
            ("sh:severity", ["sh:Violation"]),
            *_domain(term, vocabulary),
            ("sh:property", [f"{name}-value"]),
        ],
    )
    yield block(
        f"{name}-value",
        [
            ("a", ["sh:PropertyShape"]),
            ("rdfs:label", texts(term.labels)),
            ("sh:path", [vocabulary.compress(term.iri)]),
            ("sh:order", [f"{place / ORDER_STEP:g}"]),
            ("sh:severity", ["sh:Violation"]),
            *_range(term, vocabulary),
        ],
    )


def _domain(term: Term, vocabulary: Vocabulary) -> list[Statement]:
    if term.domain is None:
        return []
    named = _named(term.domain, vocabulary)
    messages = {
        "en": f"Only a thing of the type {named['en']} has '{term.name}': "
        "correct the statement, or give the thing that type.",
        "fr": f"Seule une chose du type {named['fr']} a '{term.name}' : "
        "corrigez l'énoncé, ou donnez ce type à la chose.",
        "ar": f"لا يكون '{term.name}' إلا لشيء من صنف {named['ar']}: صحح القول، أو أعط الشيء هذا الصنف.",
    }
    return [("sh:class", [vocabulary.compress(term.domain)]), ("sh:message", texts(messages))]


def _range(term: Term, vocabulary: Vocabulary) -> list[Statement]:
    if term.kind == "data":
        return _datatype(term)
    if term.scheme is not None:
        # A concept has the IRI of its scheme before its name, and so no list of names is needed here.
        words = {"en": f"a name of the scheme '{term.scheme}'", "fr": f"un nom du schéma '{term.scheme}'"}
        words["ar"] = f"اسما من المخطط '{term.scheme}'"
        if term.scheme in vocabulary.schemes:
            inside = [("sh:node", [_shape(f"scheme-{term.scheme}")])]
            return [*_class(term.range, vocabulary), *inside, ("sh:message", _messages(term, words))]
        pattern = "^" + re.escape(f"{SCHEME}{term.scheme}/").replace(r"\-", "-")
        return [
            *_class(term.range, vocabulary),
            ("sh:pattern", [quote(pattern)]),
            ("sh:message", _messages(term, words)),
        ]
    if term.range is not None:
        named = _named(term.range, vocabulary)
        words = {"en": f"a thing of the type {named['en']}", "fr": f"une chose du type {named['fr']}"}
        words["ar"] = f"شيئا من صنف {named['ar']}"
        return [*_class(term.range, vocabulary), ("sh:message", _messages(term, words))]
    words = {"en": "a thing, not text or a number", "fr": "une chose, non un texte ou un nombre"}
    words["ar"] = "شيئا لا نصا ولا عددا"
    return [("sh:nodeKind", ["sh:IRI"]), ("sh:message", _messages(term, words))]


def _class(iri: str | None, vocabulary: Vocabulary) -> list[Statement]:
    return [("sh:class", [vocabulary.compress(iri)])] if iri is not None else []


def _datatype(term: Term) -> list[Statement]:
    if term.range is None:
        words = {"en": "text or a number", "fr": "un texte ou un nombre", "ar": "نصا أو عددا"}
        return [("sh:nodeKind", ["sh:Literal"]), ("sh:message", _messages(term, words))]
    datatype = compress(term.range)
    messages: Statement = ("sh:message", _messages(term, _VALUE[datatype]))
    if datatype in _ACCEPTED:
        listed = " ".join(f"shape:term-{name.partition(':')[2]}" for name in _ACCEPTED[datatype])
        least = [("sh:minInclusive", [_LEAST[datatype]])] if datatype in _LEAST else []
        return [("sh:or", [f"( {listed} )"]), *least, messages]
    pattern = [("sh:pattern", [quote(_PATTERNS[datatype])])] if datatype in _PATTERNS else []
    return [("sh:datatype", [datatype]), *pattern, messages]


def _messages(term: Term, words: Mapping[str, str]) -> list[str]:
    return texts(
        {
            "en": f"A value of '{term.name}' must be {words['en']}: correct it"
            + (", or give it that type." if _is_typed(term) else "."),
            "fr": f"Une valeur de '{term.name}' doit être {words['fr']} : corrigez-la"
            + (", ou donnez-lui ce type." if _is_typed(term) else "."),
            "ar": f"يجب أن تكون قيمة '{term.name}' {words['ar']}: صححها"
            + ("، أو أعطها هذا الصنف." if _is_typed(term) else "."),
        }
    )


def _is_typed(term: Term) -> bool:
    """Whether a wrong value may lack a type and nothing else."""
    return term.kind == "object" and term.range is not None and term.scheme is None


def _named(iri: str, vocabulary: Vocabulary) -> Mapping[str, str]:
    """A class by the name that a person writes, with what it means in each language."""
    term = next(term for term in vocabulary.classes.values() if term.iri == iri)
    labels = {tag: term.labels.get(tag) or term.labels.get("en") for tag in LANGUAGES}
    return {tag: f"{term.name} ({label})" if label else term.name for tag, label in labels.items()}
