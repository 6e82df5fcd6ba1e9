"""The addresses of the search."""

from __future__ import annotations

from typing import Final

from server.openapi.answers import EVERY, PAGES, problem
from server.openapi.model import Answer, Content, Operation, Parameter, Route
from server.search import FORMATS, LANGUAGE, LIMIT, LONGEST_TYPE, MOST, MOST_AT_ONCE

_TAG: Final = "Search"
_UNCHANGED: Final = Answer(304, "The client has the answer already", (), ("ETag", *EVERY))
_READ: Final = (_UNCHANGED, problem(412), problem(500), problem(503))
_SPOKEN: Final = ("lang", "acceptLanguage", "ifNoneMatch")
_FORMAT: Final = {"anyOf": [{"type": "string", "enum": list(FORMATS)}, {"const": ""}]}


def _search() -> Route:
    words = Parameter(
        "q", "query", {"type": "string"},
        "Words that a text must have; \"a phrase\", word*, -word and OR are understood", may_be_empty=True,
    )  # fmt: skip
    kind = Parameter(
        "type", "query", {"type": "string", "maxLength": LONGEST_TYPE},
        "A class, by its IRI or its prefixed name: its things and those of the classes below it", may_be_empty=True,
    )  # fmt: skip
    tongue = {"anyOf": [{"type": "string", "pattern": f"^{LANGUAGE}$"}, {"const": ""}]}
    language = Parameter("in", "query", tongue, "The language of the texts; of any without it", may_be_empty=True)
    limit = Parameter(
        "limit", "query", {"type": "integer", "minimum": 0, "maximum": MOST_AT_ONCE, "default": LIMIT},
        "How many things to give", may_be_empty=True,
    )  # fmt: skip
    offset = Parameter(
        "offset", "query", {"type": "integer", "minimum": 0, "maximum": MOST}, "How many to leave out",
        may_be_empty=True,
    )  # fmt: skip
    shape = Parameter("format", "query", _FORMAT, "The format of the answer; goes before `Accept`", may_be_empty=True)
    answer = Answer(
        200, "What was found, or a page", (Content(("application/json",), "Findings"), PAGES),
        ("Vary", "Cache-Control", "ETag", *EVERY),
    )  # fmt: skip
    return Route(
        "/search",
        (
            Operation(
                "get", "search", "Things whose texts have some words", _TAG,
                (answer, problem(400), problem(406), *_READ), (words, kind, language, limit, offset, shape, *_SPOKEN),
                description="Names, quotes and descriptions of the release, in the spelling of Arabic, French and "
                f"English readers. The best {MOST:,} texts are looked at; `cut` tells that more would fit.",
            ),
        ),
    )  # fmt: skip


def _description() -> Route:
    answer = Answer(
        200, "An OpenSearch description", (Content(("application/opensearchdescription+xml",), "OpenSearch"),),
        ("Vary", "Cache-Control", "ETag", *EVERY),
    )  # fmt: skip
    return Route(
        "/opensearch.xml",
        (
            Operation(
                "get", "readOpenSearch", "How browsers ask the search", _TAG, (answer, *_READ), _SPOKEN,
                description="OpenSearch 1.1, draft 6.",
            ),
        ),
    )  # fmt: skip


ROUTES: Final = (_search(), _description())
