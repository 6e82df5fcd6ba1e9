"""The ways in which a query service fails, as they were seen in the field."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import Enum

JSON = "application/sparql-results+json"
TRACE = (
    b"SPARQL-QUERY: queryStr=SELECT ...\njava.util.concurrent.TimeoutException\n"
    b"\tat java.util.concurrent.FutureTask.get(FutureTask.java:205)\n"
    b"\tat com.bigdata.rdf.sail.webapp.BigdataServlet.submitApiTask(BigdataServlet.java:292)\n"
)
HTML = b"<!DOCTYPE html><html><head><title>Wikimedia Error</title></head><body>Our servers are busy</body></html>"


class Fault(Enum):
    """One way to fail; what it does is in `spoil`, or in the server where it is no matter of the body."""

    TIMED_OUT = "the time-out of Blazegraph: status 200, JSON cut inside a string, a stack trace glued on"
    CUT = "status 200, JSON cut, nothing else"
    SHORT = "fewer bytes than Content-Length says"
    TRACE_AFTER = "a complete answer with a stack trace behind it"
    TRACE_500 = "status 500, a stack trace that names TimeoutException"
    BAD_TAG = "every label carries the language tag zh-classical"
    HTML = "status 200, a page of HTML"
    HTML_AS_JSON = "a page of HTML that calls itself JSON"
    WRONG_TYPE = "a good answer that calls itself text/plain"
    WRONG_VARIABLES = "an answer to another question"
    WRONG_SHAPE = "JSON that is no SPARQL result"
    THROTTLED = "status 429 with Retry-After"
    UNAVAILABLE = "status 503"
    BANNED = "status 403"
    TOO_LONG = "status 414"
    TOO_LARGE = "status 413"
    BROKEN = "status 500 without reason"
    DRIP = "a body that comes byte by byte and never ends"
    SILENT = "no answer at all"
    HUGE = "a body without end"
    REDIRECT = "status 302 to another address"


STATUS = {
    Fault.TRACE_500: 500, Fault.THROTTLED: 429, Fault.UNAVAILABLE: 503, Fault.BANNED: 403, Fault.TOO_LONG: 414,
    Fault.TOO_LARGE: 413, Fault.BROKEN: 500, Fault.REDIRECT: 302,
}  # fmt: skip


def spoil(fault: Fault, body: bytes) -> tuple[int, str, bytes]:
    """The status, the content type and the body that a good answer becomes."""
    status = STATUS.get(fault, 200)
    if fault is Fault.TRACE_500:
        return status, "text/plain", TRACE
    if status != 200 or fault is Fault.HTML:
        return status, "text/html; charset=utf-8", HTML
    media_type = "text/plain" if fault is Fault.WRONG_TYPE else JSON
    return status, media_type, _BODIES.get(fault, lambda same: same)(body)


def _cut(body: bytes) -> bytes:
    """The answer up to the middle of its last string."""
    return body[: max(body.rfind(b'"') - 3, 1)]


def _badly_tagged(body: bytes) -> bytes:
    answer = json.loads(body)
    for row in answer["results"]["bindings"]:
        for term in row.values():
            if "xml:lang" in term:
                term["xml:lang"] = "zh-classical"
    return json.dumps(answer).encode()


_BODIES: dict[Fault, Callable[[bytes], bytes]] = {
    Fault.TIMED_OUT: lambda body: _cut(body) + TRACE,
    Fault.CUT: _cut,
    Fault.TRACE_AFTER: lambda body: body + TRACE,
    Fault.BAD_TAG: _badly_tagged,
    Fault.HTML_AS_JSON: lambda _: HTML,
    Fault.WRONG_VARIABLES: lambda _: b'{"head":{"vars":["other"]},"results":{"bindings":[]}}',
    Fault.WRONG_SHAPE: lambda _: b'{"head":{},"boolean":true}',
}
