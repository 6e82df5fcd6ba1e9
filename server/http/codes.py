"""The codes of problems: the name by which a program knows an error, its statuses, and what it means.

A code never changes its meaning. What a client may meet beyond these is a fault of the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem."""

    name: str
    statuses: tuple[int, ...]
    meaning: str


_TABLE: Final = (
    # the request
    Code("bad-request", (400,), "the request is no HTTP, or its body cannot be read"),
    Code("percent-encoding", (400,), "a percent sign begins no escape"),
    Code("not-utf-8", (400,), "a parameter or a query is not UTF-8"),
    Code("parameter", (400,), "a parameter has a value that it cannot have"),
    Code("timeout", (400,), "the timeout is no number of seconds above 0"),
    Code("receipt", (400,), "the receipt is neither true nor false"),
    Code("explain", (400,), "explain is neither true nor false"),
    Code("collation", (400,), "there is no order of texts for the language, or several are asked for"),
    Code("content-encoding", (415,), "the body of the request is compressed, or coded otherwise"),
    Code("forbidden", (403,), "only the server's own machine may ask for this"),
    Code("not-found", (404,), "there is nothing at this address, or nothing that this release knows"),
    Code("method-not-allowed", (405,), "the address does not take this method; `Allow` names those that it takes"),
    Code("not-acceptable", (406,), "the answer comes in no format that is accepted or asked for"),
    Code("precondition-failed", (412,), "what `If-Match` or its like demands does not hold"),
    Code("request-entity-too-large", (413,), "the body is larger than is taken"),
    Code("media-type", (415,), "a body of this media type is not taken here"),
    Code("charset", (400,), "the body is in another charset than UTF-8"),
    Code("requested-range-not-satisfiable", (416,), "the file is shorter than the range asked for"),
    Code("quota", (429,), "the client's queries have taken more time than one client may have"),
    Code("request-header-fields-too-large", (431,), "the head of the request is larger than is taken"),
    # SPARQL
    Code("no-query", (400,), "the request holds no query"),
    Code("many-queries", (400,), "the request holds several queries"),
    Code("view", (400,), "there is no such view, or it is asked for together with graphs"),
    Code("query-syntax", (400,), "the query does not parse, or names a graph by no absolute IRI"),
    Code(
        "query-refused",
        (400,),
        "a query with SERVICE has a relative IRI without a base, or a prefix that it does not declare",
    ),
    Code(
        "foreign-name",
        (400,),
        "the query uses a name of another product, as `bd:serviceParam`, that means nothing here and in no data served",
    ),
    Code(
        "function-unknown",
        (400,),
        "the query calls a function that the engine does not have, or with too few or many arguments",
    ),
    Code("no-service", (400,), "the guard refuses SERVICE, or what may be read as it"),
    Code("no-load", (400,), "the guard refuses LOAD"),
    Code("reserved-name", (400,), "the query names what is reserved for rewritten queries (`x-zellige:`)"),
    Code("no-update", (400, 403), "updates are refused: 403 for the parameter or the media type, 400 for their words"),
    Code("service-page", (400,), "a query with SERVICE is answered as data, not as a page"),
    Code("service-variable", (400,), "SERVICE names its endpoint by a variable that nothing binds to an IRI"),
    Code("service-not-allowed", (400,), "SERVICE names an endpoint that is not on the list"),
    Code("service-blank-node", (400,), "blank nodes came back from SERVICE, and the query looks at what they are"),
    Code("service-unbound", (400,), "nothing narrows what SERVICE asks for"),
    Code("service-unplanned", (400,), "SERVICE stands where it cannot be planned"),
    Code("text-query", (400,), "what is looked for in the texts has no word, too many, or is too long"),
    Code("reconciliation", (400, 413, 415), "the request is none that the reconciliation API allows, or too large"),
    # the engine
    Code("engine-failed", (500,), "the evaluation failed, the engine gave up, or its process ended: out of memory"),
    Code("deadline", (503,), "the query took longer than it may"),
    Code("answer-too-large", (503,), "the answer is larger than it may be"),
    Code("busy", (503,), "more queries came than can be answered or wait"),
    Code("remote", (502, 503, 504), "an endpoint that SERVICE names gave no answer that can be used"),
    # the server
    Code("operation", (500,), "the machine could not do it: no process, no room, or no right"),
    Code("storage", (500,), "the disk is full or cannot be read"),
    Code("release", (503,), "the release cannot be opened"),
    Code("unhealthy", (503,), "queries are not answered at present"),
    Code("internal", (500,), "a fault of the server; the operator finds the reason in its log"),
)

CODES: Final[Mapping[str, Code]] = MappingProxyType({code.name: code for code in _TABLE})
"""All codes, by name."""

_OF_HTTP: Final[Mapping[int, str]] = MappingProxyType(
    {
        400: "bad-request",
        404: "not-found",
        405: "method-not-allowed",
        406: "not-acceptable",
        412: "precondition-failed",
        413: "request-entity-too-large",
        415: "media-type",
        416: "requested-range-not-satisfiable",
        431: "request-header-fields-too-large",
        500: "internal",
    }
)


def code_of(status: int) -> str:
    """The code of an error that HTTP itself knows, and that has no cause of ours; it is the same in every Python.

    >>> code_of(413), code_of(418), code_of(599)
    ('request-entity-too-large', 'bad-request', 'internal')
    """
    return _OF_HTTP.get(status, _OF_HTTP[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500])
