"""The schemas of bodies: what answers look like in JSON, and what is sent (JSON Schema 2020-12, OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from kg.sparql.dataset import VIEWS
from server.http.codes import CODES
from server.http.results import DATASETS, GRAPHS, NAMES, TABLES, Format
from server.openapi.model import Object, reference
from server.pages.querying.terms import MOST
from server.reconciliation.protocol import BATCH, COLUMNS, CONDITIONS, IDENTIFIERS, QUANTIFIERS, STRICTNESS, TEXT

FORM_QUERY: Final = "sparql-query"
"""The format of a string that is a SPARQL 1.1 query; no schema can say what that is."""
_TEXT: Final[Object] = {"type": "string"}
_WRITTEN: Final = r"[^\s\x1c-\x1f\x85]"
"""Holds something that is no white space: what is that to Python, and to a regular expression of ECMA-262."""
_COUNT: Final[Object] = {"type": "integer", "minimum": 0}


def _object(required: Iterable[str] = (), /, **properties: Any) -> Object:
    needed = list(required)
    return {"type": "object", **({"required": needed} if needed else {}), "properties": properties}


def _list(items: Object, **limits: int) -> Object:
    return {"type": "array", "items": items, **limits}


def _or_null(schema: Object) -> Object:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Object:
    return reference("schemas", name)


def names_of(formats: Iterable[Format], *more: str) -> Object:
    """The schema of `format`: the names of formats and their media types."""
    offered = tuple(formats)
    names = [name for name, found in NAMES.items() if found in offered]
    types = [media_type for found in offered for media_type in found.media_types]
    return {"type": "string", "enum": list(dict.fromkeys([*names, *types, *more]))}


def or_nothing(schema: Object) -> Object:
    """The schema of a field that may be empty: a form sends its empty fields, and they are passed over."""
    return {"anyOf": [schema, {"const": ""}]}


IRI: Final[Object] = {"type": "string", "format": "iri"}
RESULT_FORMATS: Final = names_of((*TABLES, *DATASETS))
GRAPH_FORMATS: Final = names_of(GRAPHS)
DATASET_FORMATS: Final = names_of(DATASETS, "html")
PAGE_FORMATS: Final = names_of(GRAPHS, "html")


def schemas() -> Object:
    """All schemas, by name."""
    return {**_problems(), **_opaque(), **_sparql(), **_questions(), **_manifests(), **_results(), **_findings()}


def _problems() -> Object:
    where = _object(file=_TEXT, line=_COUNT, column=_COUNT, iri=_TEXT)
    return {
        "Problem": {
            "description": "Problem details (RFC 9457). `errors` holds each mistake with its code; `type` ends in the "
            "code of the first. `host`, `cause` and `batch` tell of an endpoint that a SERVICE clause names.",
            **_object(
                ("type", "title", "status", "detail", "errors"),
                type={"type": "string", "format": "uri"},
                title=_TEXT,
                status={"type": "integer", "minimum": 400, "maximum": 599},
                detail=_TEXT,
                errors=_list(_ref("Error"), minItems=1),
                host=_TEXT,
                cause=_TEXT,
                batch=_TEXT,
            ),
        },
        "Error": {
            **_object(
                ("code", "message", "where", "hint"),
                code=_ref("ProblemCode"),
                message=_TEXT,
                where={"anyOf": [where, {"type": "null"}]},
                hint={"type": ["string", "null"]},
                mistake={**_TEXT, "description": "Of a query that is mistaken: the mistake, by a name for programs."},
            ),
            "additionalProperties": False,
        },
        "ProblemCode": {
            "description": "\n".join(f"- `{code.name}`: {code.meaning}" for code in CODES.values()),
            "type": "string",
            "enum": list(CODES),
        },
        "Text": {"description": "Text in UTF-8", "type": "string"},
    }


def _told() -> Object:
    rule = _object(("name", "sentence", "section"), name=_TEXT, sentence=_TEXT, section=_TEXT)
    place = _object(("file", "line"), file=_TEXT, line=_COUNT, column=_COUNT)
    return {
        "QueryWarning": {
            "description": "What may be wrong in an answer, or is not what the author may think; `value` is a variable",
            **_object(
                ("code", "message", "where", "hint"),
                code={"enum": ["graph-name", "graph-limit", "aggregate-unbound", "default-graph", "unchecked"]},
                message=_TEXT,
                where=_or_null(place),
                hint=_or_null(_TEXT),
                value=_TEXT,
            ),
        },
        "Explanation": {
            "description": "How the answer to a query comes about: only with `explain=true`",
            **_object(
                ("explain",),
                explain=_object(
                    ("query", "rewritten", "algebra", "rules", "warnings", "answered", "milliseconds"),
                    query=_TEXT,
                    rewritten=_or_null(_TEXT),
                    algebra=_or_null(_TEXT),
                    rules=_list(rule),
                    warnings=_list(_ref("QueryWarning")),
                    answered={"type": "object"},
                    milliseconds={"type": "object", "additionalProperties": {"type": "number"}},
                ),
                federation=_receipt(),
            ),
        },
    }


def _results_json() -> Object:
    return {
        "description": "SPARQL 1.1 Query Results JSON Format; `federation` only with `receipt=true`, "
        "`warnings` where something may be wrong",
        **_object(
            ("head",),
            head=_object(vars=_list(_TEXT), link=_list(_TEXT)),
            results=_object(("bindings",), bindings=_list({"type": "object", "additionalProperties": _ref("Term")})),
            boolean={"type": "boolean"},
            warnings=_list(_ref("QueryWarning"), minItems=1),
            federation=_receipt(),
        ),
        "oneOf": [{"required": ["results"]}, {"required": ["boolean"]}],
    }


def _receipt() -> Object:
    return _object(("endpoints", "notes"), endpoints=_list({"type": "object"}), notes=_list(_TEXT))


def _opaque() -> Object:
    return {
        "Page": {"description": "HTML in Arabic, French or English", "type": "string"},
        "Graph": {"description": "RDF in the format that the media type names"},
        "Table": {"description": "SPARQL 1.1 results in the format that the media type names"},
        "File": {"description": "Bytes"},
        "References": {"description": "Items of CSL data", "type": "array", "items": {"type": "object"}},
        "Figures": {"description": "The text format of Prometheus", "type": "string"},
        "Script": {"description": "A call of the function that `callback` names", "type": "string"},
        "Document": {
            "description": "This document (OpenAPI 3.1)",
            **_object(("openapi", "info", "paths"), openapi=_TEXT, info={"type": "object"}, paths={"type": "object"}),
        },
        "Life": {**_object(("ok",), ok={"const": True}), "additionalProperties": False},
        "Health": {**_object(("ok", "release"), ok={"const": True}, release=_TEXT), "additionalProperties": False},
    }


def _sparql() -> Object:
    query = {"type": "string", "format": FORM_QUERY, "contentMediaType": "application/sparql-query"}
    graphs = _list(or_nothing(IRI))
    # Terms are IRIs, literals, blank nodes and, in SPARQL 1.2, triples of such.
    plain = _object(
        ("type", "value"),
        type={"enum": ["uri", "literal", "bnode"]},
        value=_TEXT,
        datatype=_TEXT,
        **{"xml:lang": _TEXT, "its:dir": {"enum": ["ltr", "rtl"]}},
    )
    triple = _object(
        ("subject", "predicate", "object"), subject=_ref("Term"), predicate=_ref("Term"), object=_ref("Term")
    )
    return {
        "Query": {"description": "A SPARQL 1.1 query", **query},
        "ShownTerms": _list(plain, maxItems=MOST),
        "QueryForm": _object(
            ("query",),
            query=_ref("Query"),
            format=or_nothing(RESULT_FORMATS),
            timeout=or_nothing(_ref("Seconds")),
            receipt={"type": "boolean"},
            view=or_nothing({"type": "string", "enum": list(VIEWS)}),
            explain={"type": "boolean"},
            **{"default-graph-uri": graphs, "named-graph-uri": graphs},
        ),
        "Seconds": {
            "description": "Seconds; the server's own deadline may be shorter",
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 999_999_999,
        },
        "ResultsJson": _results_json(),
        **_told(),
        "Term": {"anyOf": [plain, _object(("type", "value"), type={"const": "triple"}, value=triple)]},
        "JsonLd": {"description": "RDF as JSON-LD", "type": ["object", "array"]},
        "Context": _object(("@context",), **{"@context": {"type": "object"}}),
    }


_SHORT: Final[Object] = {"type": "string", "minLength": 1, "maxLength": TEXT, "pattern": _WRITTEN}
"""A name, a value or an identifier."""
_LIMIT: Final = _or_null({"type": "integer", "minimum": 1})


def _questions() -> Object:
    language = {**_SHORT, "minLength": 0, "pattern": f"^$|{_WRITTEN}"}
    column = _object(("id",), id=_SHORT, settings=_or_null(_object(language=_or_null(language))))
    return {
        "Batch": {
            "description": "Queries of version 0.2, by names of the client's choice",
            "type": "object",
            "maxProperties": BATCH,
            "additionalProperties": _question(),
        },
        "DraftBatch": _object(("queries",), queries=_list(_draft_question(), maxItems=BATCH)),
        "Extension": _object(
            ("ids", "properties"),
            ids=_list(_SHORT, maxItems=IDENTIFIERS),
            properties=_list(column, maxItems=COLUMNS),
        ),
        "ReconcileForm": {
            **_object(queries=_json_in("Batch"), extend=_json_in("Extension"), lang=_TEXT),
            "oneOf": [{"required": ["queries"]}, {"required": ["extend"]}],
        },
    }


def _condition() -> Object:
    """What a property of a candidate should be, in both versions."""
    reference_to = _object(("id",), id=_SHORT, name=_or_null(_SHORT))
    value: Object = {"anyOf": [_SHORT, {"type": "number"}, {"type": "boolean"}, reference_to]}
    return {
        "pid": _SHORT,
        "v": {"anyOf": [*value["anyOf"], _list(value, minItems=1, maxItems=CONDITIONS)]},
        "required": {"type": "boolean"},
        "matchQuantifier": {"type": "string", "enum": list(QUANTIFIERS)},
    }


def _question() -> Object:
    return {
        **_object(
            query=_or_null(_SHORT),
            type={"anyOf": [_SHORT, _list(_SHORT), {"type": "null"}]},
            type_strict={"type": "string", "enum": list(STRICTNESS)},
            limit=_LIMIT,
            properties=_list(_object(("pid", "v"), **_condition()), maxItems=CONDITIONS),
            lang=_or_null(_SHORT),
        ),
        "anyOf": [
            {"required": ["query"], "properties": {"query": {"type": "string"}}},
            {"required": ["properties"], "properties": {"properties": {"minItems": 1}}},
        ],
    }


def _draft_question() -> Object:
    name = {"anyOf": [_SHORT, _list(_SHORT, minItems=1, maxItems=1)]}
    named = _object(("matchType", "v"), matchType={"const": "name"}, v=name)
    stated = _object(("matchType", "pid", "v"), matchType={"const": "property"}, **_condition())
    conditions = {
        **_list({"anyOf": [named, stated]}, minItems=1, maxItems=CONDITIONS),
        "contains": named,
        "minContains": 0,
        "maxContains": 1,
    }
    return _object(("conditions",), type=_or_null(_SHORT), limit=_LIMIT, lang=_or_null(_SHORT), conditions=conditions)


def _json_in(schema: str) -> Object:
    """A text that is JSON (JSON Schema 2020-12, validation, section 8); the format names the schema."""
    held = {"contentMediaType": "application/json", "contentSchema": _ref(schema)}
    return {"type": "string", "format": f"json-{schema.lower()}", **held}


def _manifests() -> Object:
    kinds = _list(_ref("Named"))
    common = {"name": _TEXT, "documentation": _TEXT, "batchSize": {"const": BATCH}, "defaultTypes": kinds}
    suggest = {"type": "object", "additionalProperties": {"type": ["object", "boolean"]}}
    return {
        "Named": _object(("id", "name"), id=_TEXT, name=_TEXT, lang=_TEXT, dir={"enum": ["ltr", "rtl"]}),
        "Manifest": _object(
            ("versions", "name", "identifierSpace", "schemaSpace"),
            **common,
            versions=_list({"const": "0.2"}),
            identifierSpace=_TEXT,
            schemaSpace=_TEXT,
            view=_object(("url",), url=_TEXT),
            preview=_object(("url", "width", "height"), url=_TEXT, width=_COUNT, height=_COUNT),
            suggest=suggest,
            extend={"type": "object"},
        ),
        "DraftManifest": _object(
            ("versions", "name"), **common, versions=_list(_TEXT), suggest=suggest, extend={"type": "object"}
        ),
    }


def _results() -> Object:
    candidate = {
        "allOf": [
            _ref("Named"),
            _object(
                ("type", "score", "match"),
                description=_TEXT,
                type=_list(_ref("Named")),
                score={"type": "number", "minimum": 0, "maximum": 100},
                match={"type": "boolean"},
                features=_list(_object(("id", "value"), id=_TEXT, name=_TEXT, value={"type": ["number", "boolean"]})),
            ),
        ]
    }
    meta = _list({"allOf": [_ref("Named"), _object(type=_ref("Named"))]})
    values = _list({"type": "object", "minProperties": 1})
    row = _object(("id", "properties"), id=_TEXT, properties=_list(_object(("id", "values"), id=_TEXT, values=values)))
    rows = {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": values}}
    return {
        "Candidates": {
            "type": "object",
            "additionalProperties": _object(("result",), result=_list(candidate)),
        },
        "DraftCandidates": _object(("results",), results=_list(_object(("candidates",), candidates=_list(candidate)))),
        "Columns": _object(("meta", "rows"), meta=meta, rows=rows),
        "DraftColumns": _object(("meta", "rows"), meta=meta, rows=_list(row)),
        "Suggestions": _object(("result",), result=_list(_ref("Named"))),
        "Properties": _object(("properties",), properties=_list(_ref("Named")), limit={"type": "integer"}, type=_TEXT),
    }


def _findings() -> Object:
    """What a search finds."""
    named = {"iri": _TEXT, "label": _TEXT, "lang": _TEXT}
    part = _object(("text", "found"), text=_TEXT, found={"type": "boolean"})
    text = _object(
        ("property", "value", "lang", "graphs", "parts"),
        property=_TEXT,
        value=_TEXT,
        lang=_TEXT,
        graphs=_list(_TEXT, minItems=1),
        parts=_list(part, minItems=1),
    )
    thing = _object(
        ("iri", "types", "score", "texts"),
        **named,
        page=_TEXT,
        types=_list(_object(("iri",), **named)),
        score={"type": "number"},
        texts=_list(text, minItems=1),
    )
    return {
        "OpenSearch": _TEXT,
        "Findings": _object(
            ("query", "total", "cut", "offset", "limit", "results", "types"),
            query=_TEXT,
            total=_COUNT,
            cut={"type": "boolean"},
            offset=_COUNT,
            limit=_COUNT,
            results=_list(thing),
            types=_list(_object(("iri", "count"), **named, count=_COUNT)),
            instead=_TEXT,
            next=_TEXT,
        ),
    }
