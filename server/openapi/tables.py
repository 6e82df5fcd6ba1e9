"""The addresses of rows: of tables and of the lists of classes, with what sorts, filters and counts them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from server.openapi.answers import DATA, EVERY, PAGES, problem
from server.openapi.model import Answer, Content, Object, Operation, Parameter, Route, reference
from server.openapi.schemas import DATASET_FORMATS
from server.pages import describe
from server.pages.citing.formats import STYLES
from server.pages.rows import LAST_PAGE
from server.pages.tables.asking import LONGEST_VALUE, MOST_FILTERS
from server.pages.tables.dates import PARTS
from server.pages.tables.facets import MOST
from server.pages.tables.operators import DENIED, MOST_LISTED, TESTS, UNWORDED
from server.pages.tables.written import MEDIA_TYPES, ROWS

_SPOKEN: Final = ("lang", "acceptLanguage", "ifNoneMatch")
_HEADERS: Final = ("Vary", "Cache-Control", "ETag", *EVERY)
_FAILS: Final = tuple(problem(status) for status in (400, 404, 406, 412, 500, 503))
_UNCHANGED: Final = Answer(304, "The client has the answer already", (), ("ETag", *EVERY))
_TEXT: Final[Object] = {"type": "string"}
_COLUMN: Final = "by the prefixed names, or the IRIs, of the properties that lead there: `zel:quantity zel:unit`"
_MEANINGS: Final = (
    "`only` contains the words (or compares with a number: `>= 40`), `equals` is all of them, `begins` and `ends`",
    "`like` has a form: `*` is any characters, `?` one, `[a-c]` one of a set, `[!a-c]` one that is not in it",
    "`among` is one of a list between commas",
    "`over`, `least`, `under`, `most` compare with a number or a date as EDTF writes it",
    "`between` lies from one to another (`2024..2026-05`), both included",
    "`during` is in a year, a month or a day (`2026`, `2026-05`, `2026-05-31`)",
    "`year`, `month` and `day` are parts of a date; `longer` and `shorter` compare the number of characters",
    "`several` and `single` tell whether there are different values, `filled` whether there is any",
    "`is` is one value as N-Triples writes it",
    "; ".join(f"`{no}` is that no value is `{yes}`" for no, yes in DENIED.items()),
)
_FILTERS: Final = Parameter(
    "filters", "query",
    {
        "type": "object",
        "propertyNames": {"pattern": rf"^(?:{'|'.join(TESTS)})\.\S.*$"},
        "additionalProperties": {"type": "string", "maxLength": LONGEST_VALUE},
        "maxProperties": MOST_FILTERS,
        "examples": [{"begins.zel:name": "deep", "between.zel:quantity zel:numericValue": "5..40"}],
    },
    f"Filters, each a parameter of its own, `TEST.COLUMN=WORDS`; {MOST_FILTERS} at most hold together for a row, whose "
    f"columns are named {_COLUMN}. {'. '.join(_MEANINGS)}. {', '.join(sorted(UNWORDED))} need no words but "
    f"`yes`. Capitals do not matter, digits may be of any script; a list has {MOST_LISTED} values at most.",
    is_exploded=True,
)  # fmt: skip
_ASKED: Final = (
    _FILTERS,
    Parameter("column", "query", _TEXT, "The column of one filter more, as a form adds it", may_be_empty=True),
    Parameter("test", "query", {"type": "string", "enum": [*TESTS, ""]}, "Its test", may_be_empty=True),
    Parameter("value", "query", _TEXT, "Its words; without them, and a column, there is none", may_be_empty=True),
    Parameter(
        "facet", "query", {"type": "array", "items": _TEXT},
        f"A column whose values are counted on the page; {MOST} at most, with those of the next. The most frequent "
        "come first; `facet.21` has them from the 21st on", may_be_empty=True,
    ),
    *(
        Parameter(
            f"facet.{part}", "query", {"type": "array", "items": _TEXT},
            f"A column of dates whose values are counted by {part}; `facet.{part}.21` has them from the 21st on",
            may_be_empty=True,
        )
        for part in PARTS
    ),
)  # fmt: skip
_CSV: Final = Content(("text/csv",), "RowsCsv")
_ABOUT: Final = (
    "`format=rows` gives the rows that the page shows as JSON, `format=csv` as CSV; filters, order and page are those "
    "of the address. Names are in the language of `lang`."
)
_TERM: Final[Object] = {
    "description": "SPARQL 1.1 Query Results JSON Format, section 3.2.2, with the name of a thing",
    "type": "object",
    "required": ["type", "value"],
    "properties": {
        "type": {"type": "string", "enum": ["uri", "literal", "bnode"]},
        **dict.fromkeys(("value", "xml:lang", "datatype", "label", "lang"), _TEXT),
    },
}
_FOUND: Final[Object] = {
    "filters": {"type": "array", "items": {"type": "object", "required": ["column", "test", "value"]}},
    "found": {"type": ["integer", "null"], "description": "How many meet the filters, where it is known"},
    "page": {"type": "integer", "minimum": 0},
    "previous": {"type": "string", "format": "uri"},
    "next": {"type": "string", "format": "uri"},
}
SCHEMAS: Final[Mapping[str, Object]] = MappingProxyType(
    {
        "RowValue": _TERM,
        "Rows": {
            "type": "object",
            "required": ["table", "columns", "rows", "filters", "found", "page"],
            "properties": {
                "table": {"type": "object", "required": ["iri", "total"]},
                "columns": {
                    "type": "array",
                    "items": {"type": "object", "required": ["name", "label", "properties", "ofClaims"]},
                },
                "rows": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["iri", "place", "claims", "cells"],
                        "properties": {
                            "cells": {
                                "description": "By the names of the columns. Of several values without a name each has "
                                "a list of its own, in the same order in each column; of others there is one list",
                                "type": "object",
                                "additionalProperties": {
                                    "type": "array",
                                    "items": {"type": "array", "items": reference("schemas", "RowValue")},
                                },
                            }
                        },
                    },
                },
                **_FOUND,
            },
        },
        "Things": {
            "type": "object",
            "required": ["class", "things", "filters", "found", "page"],
            "properties": {
                "class": {"type": "object", "required": ["iri"]},
                "things": {"type": "array", "items": reference("schemas", "RowValue")},
                **_FOUND,
            },
        },
        "RowsCsv": {"description": "RFC 4180, with a head; several values of a cell stand between bars"},
    }
)


def _format(others: list[str]) -> Parameter:
    schema: Object = {"type": "string", "enum": [*others, *MEDIA_TYPES]}
    return Parameter("format", "query", schema, "The format of the answer; goes before `Accept`", may_be_empty=True)


def _page(last: int) -> Parameter:
    return Parameter("page", "query", {"type": "integer", "minimum": 0, "maximum": last}, "Counts from 0")


def _table() -> Route:
    name = Parameter(
        "name", "path", {"type": "string", "minLength": 1}, "The rest of the IRI; may hold slashes", required=True
    )
    cite: Object = {"type": "string", "enum": [style.name for style in STYLES]}
    cited = tuple(
        Content((style.media_type,), "References" if style.media_type.endswith("json") else "Text") for style in STYLES
    )
    row: Object = {"type": "integer", "minimum": 0, "maximum": LAST_PAGE}
    asked = (
        Parameter("sort", "query", _TEXT, "The column to sort by, falling after `-`", may_be_empty=True),
        Parameter("order", "query", {"type": "string", "enum": ["desc", ""]}, "`desc` falls", may_be_empty=True),
        Parameter("row", "query", row, "One row, by its place in the file, with its claims in full; 0 for all"),
        _page(LAST_PAGE),
        Parameter("cite", "query", cite, "The format of a reference to it; goes before `format`", may_be_empty=True),
        _format(DATASET_FORMATS["enum"]),
    )
    found = Answer(
        200, "Its rows, what is said of it, a page, or the reference to it",
        (*DATA, _CSV, Content((MEDIA_TYPES[ROWS],), "Rows"), *cited),
        (*_HEADERS, "Link", "Content-Disposition"),
    )  # fmt: skip
    return Route(
        "/table/{name}",
        (
            Operation(
                "get", "readTable", "A table: its file, its rows, and what made claims of them", "Linked data",
                (found, _UNCHANGED, *_FAILS), (name, *_ASKED, *asked, *_SPOKEN), description=_ABOUT,
            ),
        ),
    )  # fmt: skip


def _list() -> Route:
    kind = Parameter("class", "query", {"type": "string", "format": "iri"}, "The IRI of a class", required=True)
    found = Answer(200, "The things, or a page", (_CSV, Content((MEDIA_TYPES[ROWS],), "Things"), PAGES), _HEADERS)
    return Route(
        "/list",
        (
            Operation(
                "get", "listThings", "The things of a class", "Pages", (found, _UNCHANGED, *_FAILS),
                (kind, *_ASKED, _page(describe.LAST_PAGE), _format(["html"]), *_SPOKEN), description=_ABOUT,
            ),
        ),
    )  # fmt: skip


ROUTES: Final = (_table(), _list())
