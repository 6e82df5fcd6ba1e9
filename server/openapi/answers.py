"""What several routes share: headers, parameters, and the answers to what goes wrong."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from kg.sparql.dataset import VIEWS
from kg.terms import LANGUAGES
from server.http.codes import CODES
from server.http.problems import OFFERS
from server.http.results import DATASETS, EXPLANATION, GRAPHS, JSON, JSON_LD, PAGE, PLAIN, TABLES, Format
from server.openapi.model import Answer, Content, Object, Parameter, reference
from server.openapi.schemas import DATASET_FORMATS, GRAPH_FORMATS, IRI, PAGE_FORMATS, RESULT_FORMATS

_PROBLEMS: Final = (Content(OFFERS[:2], "Problem"), Content((OFFERS[2],), "Text"), Content((PAGE,), "Page"))
_STATUSES: Final = (400, 403, 404, 406, 412, 413, 415, 416, 429, 500, 502, 503, 504)
_TEXT: Final[Object] = {"type": "string"}
EVERY: Final = ("Access-Control-Allow-Origin", "Content-Security-Policy", "X-Content-Type-Options")
"""Headers of every answer."""


def problem(status: int) -> str:
    """The name of the answer to what goes wrong with a status.

    >>> problem(404)
    'Problem404'
    """
    return f"Problem{status}"


def problems() -> Object:
    """The answers to what goes wrong, by name; each names its codes."""
    return {problem(status): _problem(status).to_object() for status in _STATUSES}


def _problem(status: int) -> Answer:
    told = [f"- `{code.name}`: {code.meaning}" for code in CODES.values() if status in code.statuses]
    more = {415: ("Accept-Encoding",), 429: ("Retry-After",), 503: ("Retry-After",)}.get(status, ())
    phrase = HTTPStatus(status).phrase
    return Answer(status, "\n".join([phrase, "", *told]), _PROBLEMS, ("Vary", *more, *EVERY))


def headers() -> Object:
    """The headers of answers, by name; those that are always there are marked so."""
    known = {
        "Accept-Encoding": ("The codings that the body of a request may have: `identity`, that is none", False),
        "Cache-Control": ("How the answer may be kept (RFC 9111)", True),
        "Content-Disposition": ("The name of the file", False),
        "Content-Encoding": ("`gzip` or `br`, to a client that accepts it", False),
        "Content-Language": ("The language of a page", False),
        "Content-Range": ("The part of the file that is sent", True),
        "ETag": ("A strong entity tag (RFC 9110, section 8.8.3); absent where the answer changes each time", False),
        "Dataset-View": ("Over which view of the release the answer was given (an item of RFC 8941)", False),
        "Sparql-Prefixes": ("The prefixes that were declared for the query (a list of RFC 8941)", False),
        "Query-Warnings": ("What may be wrong in the answer: a code and a message each (a list of RFC 9651)", False),
        "Federation-Receipt": ("What SERVICE has cost, endpoint by endpoint (a list of RFC 8941)", False),
        "Link": ('Leads to this document: `rel="service-desc"` (RFC 8631)', True),
        "Location": ("Where the thing has its page", True),
        "Retry-After": ("Seconds after which to ask again", False),
        "Vary": ("The request headers that the answer depends on", True),
        "Access-Control-Allow-Origin": ("Pages of any site may read the answer", True),
        "Content-Security-Policy": ("What a browser may load for the answer", True),
        "X-Content-Type-Options": ("`nosniff`", True),
    }
    found: Object = {}
    for name, (description, always) in known.items():
        found[name] = {"description": description, "required": always, "schema": _TEXT}
    found["Retry-After"]["schema"] = {"type": "integer", "minimum": 0}
    return found


LANG: Final = Parameter(
    "lang",
    "query",
    _TEXT,
    f"The language of names and pages: {', '.join(LANGUAGES)}, or one that the site adds; another is passed over",
)
ACCEPT_LANGUAGE: Final = Parameter("Accept-Language", "header", _TEXT, "The same, where `lang` says nothing")
IF_NONE_MATCH: Final = Parameter("If-None-Match", "header", _TEXT, "Entity tags that the client has; 304 for a match")


def parameters() -> Object:
    """The parameters that several operations have, by name."""
    known = {
        "lang": LANG,
        "acceptLanguage": ACCEPT_LANGUAGE,
        "ifNoneMatch": IF_NONE_MATCH,
        "resultFormat": _format(RESULT_FORMATS),
        "graphFormat": _format(GRAPH_FORMATS),
        "pageFormat": _format(PAGE_FORMATS),
        "dataFormat": _format(DATASET_FORMATS),
        "timeout": Parameter(
            "timeout",
            "query",
            reference("schemas", "Seconds"),
            "Seconds for the query; may only lower the limit",
            may_be_empty=True,
        ),
        "receipt": Parameter(
            "receipt", "query", {"type": "boolean"}, "Whether results in JSON hold what SERVICE has cost"
        ),
        "explain": Parameter(
            "explain", "query", {"type": "boolean"}, "Whether to tell how the answer comes about, in its place"
        ),
        "collation": Parameter(
            "collation",
            "query",
            {"type": "string"},
            "The language whose order of texts ORDER BY keeps, by its tag (BCP 47); without it that of code points",
            may_be_empty=True,
        ),
        "defaultGraph": _graphs("default-graph-uri", "Graphs whose union is the default graph of the query"),
        "view": Parameter(
            "view",
            "query",
            {"type": "string", "enum": list(VIEWS)},
            "What the query sees where it names no graph",
            may_be_empty=True,
        ),
        "namedGraph": _graphs("named-graph-uri", "Graphs that GRAPH may name"),
    }
    return {name: parameter.to_object() for name, parameter in known.items()}


def _format(schema: Object) -> Parameter:
    return Parameter("format", "query", schema, "The format of the answer; goes before `Accept`", may_be_empty=True)


def _graphs(name: str, description: str) -> Parameter:
    return Parameter(name, "query", {"type": "array", "items": IRI}, description, may_be_empty=True)


def formats(offers: Sequence[Format]) -> tuple[Content, ...]:
    """The contents of an answer in any of some formats; those in JSON have a schema of their own."""
    found = []
    for offer in offers:
        schema = {JSON: "ResultsJson", JSON_LD: "JsonLd"}.get(offer, "Table" if offer in TABLES else "Graph")
        found.append(Content(offer.media_types, schema))
    return tuple(found)


PAGES: Final = Content((PAGE,), "Page")
RDF: Final = (*formats(GRAPHS), PAGES)
"""A graph, or a page for those who want one."""
DATA: Final = (*formats(DATASETS), PAGES)
"""The same, where formats that name graphs are offered too."""
EXPLAINED: Final = (Content((EXPLANATION.media_type,), "Explanation"), Content((PLAIN.media_type,), "Text"))
"""How an answer comes about."""
RESULTS: Final = (*formats(TABLES), *formats(DATASETS), *EXPLAINED, PAGES)
