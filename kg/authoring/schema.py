"""JSON Schemas (draft 7) of claims, sources and entities files, by which editors complete and check while one types.

They say what can be said of one file alone: names, types, terms and concepts. What needs another file, such as whether
a thing is declared, is left to a build; nothing that a build takes is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from kg.records.claims import DEFAULTS, claim_properties
from kg.records.documents import DOCUMENT_KEYS
from kg.records.fields import SAME_IN
from kg.records.statements import NOBODY_WRITES
from kg.terms import LANGUAGES, PREFIXES
from kg.vocabulary import Term, Vocabulary

Schema = dict[str, Any]
_XSD: Final = PREFIXES["xsd"]
_SLUG: Final = "^[a-z0-9]+([-.][a-z0-9]+)*$"
_CLAIM_ID: Final = "^[A-Za-z0-9]+([-.][A-Za-z0-9]+)*$"
_TAG: Final = "^[a-z]{2,3}(-[a-z0-9]{2,8})*$"
_SHA256: Final = "^[0-9a-f]{64}$"


def _text(description: str = "", **more: Any) -> Schema:
    """A text: a number is one, too, as it is written."""
    told = {"description": description} if description else {}
    return {"type": ["string", "number", "boolean"], **told, **more}


def _offset(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


def _one_or_many(one: Schema, **more: Any) -> Schema:
    return {**more, "anyOf": [one, {"type": "array", "items": one}]}


def _by_language(description: str, languages: tuple[str, ...] = LANGUAGES) -> Schema:
    text = _text()
    return {
        "type": "object",
        "description": description,
        "propertyNames": {"pattern": _TAG},
        "additionalProperties": _one_or_many(text),
        "properties": {language: _one_or_many(text) for language in languages},
    }


def _named_in(description: str, required: tuple[str, ...] = ()) -> Schema:
    """Texts by language, one of which may serve several."""
    made, tags = _by_language(description, required or LANGUAGES), {"type": "string", "pattern": _TAG}
    listed = {"type": "array", "items": tags, "minItems": 2}
    same = {"anyOf": [listed, {"type": "array", "items": listed}], "description": "Languages that share one text."}
    made["properties"][SAME_IN] = same
    made["propertyNames"] = {"anyOf": [{"pattern": _TAG}, {"const": SAME_IN}]}
    demanded = {"anyOf": [{"required": list(required)}, {"required": [SAME_IN]}]} if required else {}
    return {**made, **demanded}


_DOCUMENT: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "title": _named_in("Title, by language."),
        "language": _text("Language of the text: ar, fr, en.", pattern=_TAG),
        "publisher": _text("Who publishes it."),
        "licence": _text("The licence, or what is kept of the text."),
        "address": {"type": "string", "pattern": "^https?://", "description": "Address of the page."},
        "addressComplete": {"type": "boolean", "description": "Whether that address is the full one."},
        "date": _text("When it was published: 2031, 2031-05 or 2031-05-03 (EDTF)."),
        "original": {
            "type": "string",
            "pattern": _SHA256,
            "description": "SHA-256 of the file the text was taken from.",
        },
        "extractor": _text("What took the text from that file, with its version."),
        "sha256": {"type": "string", "pattern": _SHA256, "description": "SHA-256 of the text's bytes."},
        "text": _text("Name of the text in the folder of texts."),
        "sentences": {
            "type": "array",
            "description": "Where sentences begin and end, in Unicode characters.",
            "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
        },
        "origin": _text("The document of the wire text that this one reprints."),
    }
)
_QUOTE: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "exact": _text("The words, to the character; kg quote prints them."),
        "occurrence": {"type": "integer", "minimum": 1, "description": "Which of several places, counted from 1."},
        "prefix": _text("Words right before the quote."),
        "sentence": _offset("Number of the sentence, counted from 1."),
        "start": _offset("Unicode characters before the quote; a build finds them."),
        "end": _offset("Unicode characters up to the end of the quote."),
    }
)


def schema(kind: str, vocabulary: Vocabulary, languages: tuple[str, ...] = LANGUAGES) -> Schema:
    """The schema of a file of a kind, one of `KINDS`, in a project of these languages.

    :raises KeyError: if there is no such kind
    """
    return {"$schema": "http://json-schema.org/draft-07/schema#", **_MAKERS[kind](vocabulary, languages)}


def _object(properties: Mapping[str, Any], *required: str) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _named(schema_of_one: Schema) -> Schema:
    return {"type": "object", "propertyNames": {"pattern": _SLUG}, "additionalProperties": schema_of_one}


def _sources(_vocabulary: Vocabulary, _languages: tuple[str, ...]) -> Schema:
    one = _object(
        {key: _DOCUMENT.get(key, _text()) for key in DOCUMENT_KEYS}, "title", "language", "publisher", "licence"
    )
    return {"title": "The documents that claims come from", **_object({"documents": _named(one)}, "documents")}


def _entities(vocabulary: Vocabulary, languages: tuple[str, ...]) -> Schema:
    properties = {
        "type": {"$ref": "#/definitions/classes"},
        "label": _named_in("The editors' label, by language.", languages),
        "note": _text("A remark of the editors."),
    }
    entities = _named(_object(properties, "type", "label"))
    whole = _object({"entities": entities}, "entities")
    return {"title": "The things that claims speak of", **whole, "definitions": {"classes": _classes(vocabulary)}}


def _claims(vocabulary: Vocabulary, _languages: tuple[str, ...]) -> Schema:
    about = claim_properties(vocabulary)
    known = {name: _property(term) for name, term in vocabulary.properties.items() if not term.derived}
    quote = {"anyOf": [_text("The exact words, or 'document'."), _object(_QUOTE, "exact")]}
    claim = {
        "id": _text("Name of the claim; it is part of its IRI and never changes.", pattern=_CLAIM_ID),
        **{name: known[name] for name in sorted(about)},
        "says": _one_or_many({"$ref": "#/definitions/node"}, description="What the document says: nodes with an id."),
        "evidence": _one_or_many(quote, description="The words that carry the claim."),
        "note": {"anyOf": [_text(), _by_language("")], "description": "A remark of the editors."},
    }
    node = {
        "id": _text("The thing it is said of: its name in entities.yaml, or scheme/name for a concept."),
        "type": {"$ref": "#/definitions/classes"},
        **known,
    }
    whole = _object(
        {
            **{name: known[name] for name in DEFAULTS},
            "claims": {
                "type": "array",
                "items": _object(claim, "id", "says"),
                "description": "The claims of the file.",
            },
        },
        "claims",
    )
    schemes = {f"scheme-{name}": {"enum": list(members)} for name, members in vocabulary.concepts.items()}
    definitions = {"node": _object(node, "id"), "classes": _classes(vocabulary), **schemes}
    return {"title": "What documents state, with the words that carry it", **whole, "definitions": definitions}


def _classes(vocabulary: Vocabulary) -> Schema:
    known = [
        {"const": name, "description": term.definitions.get("en", "")} for name, term in vocabulary.classes.items()
    ]
    return _one_or_many({"oneOf": known}, description="One class, or several.")


def _property(term: Term) -> Schema:
    told: Schema = {"description": _described(term)}
    if term.deprecated is not None:
        told["deprecationMessage"] = term.deprecated
    if term.scheme is not None:
        return _one_or_many({"$ref": f"#/definitions/scheme-{term.scheme}"}, **told)
    if term.kind == "object":
        return _one_or_many({"anyOf": [_text("A name."), {"$ref": "#/definitions/node"}]}, **told)
    if term.range == PREFIXES["rdf"] + "langString":
        return _by_language(told["description"])
    if term.range is None:
        return {**told, "anyOf": [_one_or_many(_text()), _by_language(told["description"])]}
    return _one_or_many(_LITERALS.get(term.range or "", _text()), **told)


def _described(term: Term) -> str:
    domain = f" Said of {term.domain.rpartition('#')[2].rpartition('/')[2]}." if term.domain else ""
    nobody = f" ({NOBODY_WRITES})" if term.derived else ""
    return f"{term.definitions.get('en', '')}{domain}{nobody}"


_LITERALS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        _XSD + "boolean": {"type": "boolean"},
        _XSD + "decimal": {"type": "number"},
        _XSD + "integer": {"type": "integer"},
        _XSD + "nonNegativeInteger": {"type": "integer", "minimum": 0},
        _XSD + "positiveInteger": {"type": "integer", "minimum": 1},
        _XSD + "double": {"type": "number"},
        _XSD + "gYear": {"type": ["integer", "string"]},
        _XSD + "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        PREFIXES["edtf"] + "EDTF": {"type": ["integer", "string"]},
    }
)
_MAKERS: Final[Mapping[str, Callable[[Vocabulary, tuple[str, ...]], Schema]]] = MappingProxyType(
    {"claims": _claims, "sources": _sources, "entities": _entities}
)
KINDS: Final = tuple(_MAKERS)
"""The kinds of files that have a schema."""
