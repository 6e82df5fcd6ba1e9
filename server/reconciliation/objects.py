"""The JSON objects of the Reconciliation Service API, version 0.2 and the draft of 1.0.

Objects with a name state its language and direction as the draft has it (`lang`, `dir`), in version 0.2 too wherever
its schema leaves room for further members; values of a data extension have none there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from kg.folding import is_arabic
from kg.terms import expand
from server.direction import direction_of
from server.lookup import Label, Term
from server.pages.language import names
from server.reconciliation.catalogue import Catalogue, Thing, Vocable, best_label
from server.reconciliation.protocol import BATCH, Extension
from server.reconciliation.service import Candidate

Object = dict[str, Any]
VERSION: Final = "0.2"
DRAFT: Final = "1.0-draft"
PREVIEW_WIDTH: Final = 430
PREVIEW_HEIGHT: Final = 300
_DEFAULT_TYPES: Final = 20
_WHOLE: Final = tuple(map(expand, ("xsd:integer", "xsd:int", "xsd:long", "xsd:nonNegativeInteger")))
_BROKEN: Final = tuple(map(expand, ("xsd:decimal", "xsd:double", "xsd:float")))
_DATES: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        expand("xsd:date"): re.compile(r"\d{4}-\d\d-\d\d", re.ASCII),
        expand("xsd:dateTime"): re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII),
    }
)
_FEATURES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "identifier": "The query is the identifier",
        "name": "Likeness of the names, 0 to 100",
        "name_identical": "The same text",
        "name_folded": "The same but for case, accents, marks and forms of letters",
        "name_without_articles": "The same but for Arabic articles too",
        "name_reordered": "The same words in another order",
        "name_acronym": "One is made of the initials of the other",
        "name_trigrams": "Weighted share of common trigrams, 0 to 100",
        "type": "The type fits",
    }
)


def spoken(label: Label) -> Object:
    """The language and the direction of a text, which its letters tell only where its language does not.

    >>> spoken(Label("JAZARI ROOT هو", "ar")), spoken(Label("الرباط")), spoken(Label("JAZARI ROOT"))
    ({'lang': 'ar', 'dir': 'rtl'}, {'dir': 'rtl'}, {'dir': 'ltr'})
    """
    direction = direction_of(label.language)
    if direction == "auto":
        direction = "rtl" if is_arabic(label.text) else "ltr"
    return {"lang": label.language, "dir": direction} if label.language else {"dir": direction}


def named(identifier: str, label: Label) -> Object:
    """An entity, a type or a property with its name."""
    return {"id": identifier, "name": label.text, **spoken(label)}


def kind_object(iri: str, catalogue: Catalogue, languages: Iterable[str]) -> Object:
    """A type with its name."""
    kind = catalogue.vocables.get(iri) or Vocable(iri)
    return named(kind.identifier, best_label(kind.labels, languages, kind.identifier))


def thing_object(thing: Thing, label: Label, catalogue: Catalogue, languages: Sequence[str]) -> Object:
    """A thing with its name, and its types as its description."""
    order = (label.language, *languages) if label.language else languages
    kinds = [kind_object(iri, catalogue, order)["name"] for iri in thing.types]
    described = {"description": ", ".join(kinds)} if kinds else {}
    return {**named(catalogue.identifier(thing.iri), label), **described}


def candidate_object(candidate: Candidate, catalogue: Catalogue, languages: Sequence[str]) -> Object:
    """A candidate with its score and what it is made of."""
    return {
        **thing_object(candidate.thing, candidate.label, catalogue, languages),
        "type": [kind_object(iri, catalogue, languages) for iri in candidate.thing.types],
        "score": candidate.score,
        "match": candidate.match,
        "features": [
            {
                "id": name,
                "name": _FEATURES.get(name, f"Agreement of {name.partition(':')[2]}, 0 to 100"),
                "value": value,
            }
            for name, value in candidate.features
        ],
    }


def manifest(root: str, title: Label, language: str, catalogue: Catalogue, ontology: str) -> Object:
    """The manifest of version 0.2; `root` is the address of the service, without a slash at its end."""
    service = {"service_url": root}
    return {
        **_common(root, title, language, catalogue),
        "versions": [VERSION],
        "identifierSpace": catalogue.base,
        "schemaSpace": ontology,
        "view": {"url": f"{root}/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{root}/preview?id={{{{id}}}}&lang={language}",
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": {kind: {**service, "service_path": f"/suggest/{kind}"} for kind in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {**service, "service_path": "/extend/propose"},
            "property_settings": [{**_setting(), "label": "Language", "help_text": _HELP}],
        },
    }


def draft_manifest(root: str, title: Label, language: str, catalogue: Catalogue) -> Object:
    """The manifest of the draft of version 1.0."""
    return {
        **_common(root, title, language, catalogue),
        "versions": [DRAFT],
        "view": {"url": f"{root}/view?id={{id}}"},
        "preview": {"width": PREVIEW_WIDTH, "height": PREVIEW_HEIGHT},
        "suggest": {"entity": True, "type": True, "property": True},
        "extend": {
            "proposeProperties": True,
            "propertySettings": [{**_setting(), "id": "language", "name": "Language", "helpText": _HELP}],
        },
        "standardizedScore": True,
    }


_HELP: Final = "Texts in other languages are left out; those without a language stay."


def _setting() -> Object:
    choices = [{"value": "", "name": "All"}, *({"value": tag, "name": name} for tag, name in names().items())]
    return {"type": "select", "name": "language", "default": "", "choices": choices}


def _common(root: str, title: Label, language: str, catalogue: Catalogue) -> Object:
    types = list(catalogue.types.values())[:_DEFAULT_TYPES]
    return {
        "name": title.text,
        "documentation": root.removesuffix("/draft").removesuffix("/reconcile") + "/",
        "batchSize": BATCH,
        "defaultTypes": [
            {
                **kind_object(kind.iri, catalogue, (language,)),
                "broader": [kind_object(iri, catalogue, (language,)) for iri in kind.broader],
            }
            for kind in types
        ],
        **spoken(title),
    }


def value_object(term: Term, catalogue: Catalogue, languages: Sequence[str], *, draft: bool) -> Object:
    """A value of a data extension: an entity, a number, a date or a text."""
    if term.kind == "iri":
        number = catalogue.numbers.get(term.value)
        if number is None:
            kind = catalogue.vocables.get(term.value)
            return {"str": kind.identifier if kind else term.value}
        thing = catalogue.things[number]
        identifier = catalogue.identifier(thing.iri)
        label = best_label(thing.labels or thing.others, languages, identifier)
        return named(identifier, label) if draft else {"id": identifier, "name": label.text}
    if term.datatype in _WHOLE:
        return {"int": int(term.value)}
    if term.datatype in _BROKEN and term.value not in {"NaN", "INF", "-INF"}:
        return {"float": float(term.value)}
    date = _DATES.get(term.datatype)
    if date is not None and date.fullmatch(term.value):
        return {"date": term.value if "T" in term.value else f"{term.value}T00:00:00"}
    return {"str": term.value, **(spoken(Label(term.value, term.language)) if draft else {})}


def extension_object(
    extension: Extension,
    rows: Mapping[str, Sequence[Sequence[Term]]],
    catalogue: Catalogue,
    languages: Sequence[str],
    *,
    draft: bool,
) -> Object:
    """The answer to a data extension query."""
    columns = extension.columns
    meta = []
    for column in columns:
        vocable = catalogue.vocables.get(column.iri) or Vocable(column.iri)
        kinds = [kind_object(iri, catalogue, languages) for iri in vocable.ranges if iri in catalogue.types]
        label = best_label(vocable.labels, languages, vocable.identifier)
        meta.append({**named(column.identifier, label), **({"type": kinds[0]} if kinds else {})})
    values = {
        identifier: [
            [value_object(term, catalogue, _order(column.language, languages), draft=draft) for term in terms]
            for column, terms in zip(columns, row, strict=True)
        ]
        for identifier, row in rows.items()
    }
    names = [column.identifier for column in columns]
    if draft:
        listed = [
            {"id": name, "properties": [{"id": c, "values": v} for c, v in zip(names, row, strict=True)]}
            for name, row in values.items()
        ]
        return {"meta": meta, "rows": listed}
    return {"meta": meta, "rows": {name: dict(zip(names, row, strict=True)) for name, row in values.items()}}


def _order(language: str | None, languages: Sequence[str]) -> Sequence[str]:
    return (language, *languages) if language else languages
