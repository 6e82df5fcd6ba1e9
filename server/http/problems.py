"""Errors as HTTP knows them: the status of each, and problem details (RFC 9457)."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from kg.errors import (
    AnswerTooLarge,
    Cause,
    ClientOverQuota,
    DeadlineExceeded,
    EngineBusy,
    KgError,
    OperationError,
    Problem,
    QueryError,
    ReleaseError,
    RemoteFailed,
)
from kg.terms import ONTOLOGY_BASE
from server.http.negotiation import choose

OFFERS: Final = ("application/problem+json", "application/json", "text/plain")
UNFORESEEN: Final = Problem(
    "internal", "the server failed on this request", hint="the operator finds the reason in its log"
)
"""What is told of a fault of the server."""
_FILE: Final = re.compile(r"(?:^|[\s'\"(\[=:,`])(?:file:/+|/(?!/))([^\s/?'\"),:;]+)")
"""The beginning of the path of a file; the slashes of an IRI stand elsewhere."""
_ROUTES: Final = frozenset({"sparql", "rdf-graph-store", "query", "dataset", "download", "graph"})
"""The beginnings of addresses here that a hint may name."""
_LOG = logging.getLogger(__name__)
_TYPE: Final = f"{ONTOLOGY_BASE}problem/"
_LATER: Final = frozenset({Cause.BUDGET, Cause.CIRCUIT_OPEN, Cause.THROTTLED})
"""Causes that are nobody's fault and go by: our restraint, or that of the endpoint."""
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def status_of(error: KgError) -> int:
    """The HTTP status for an error of the engine or the guard.

    >>> [int(status_of(kind("x"))) for kind in (QueryError, ReleaseError, OperationError)]
    [400, 503, 500]
    """
    match error:
        case RemoteFailed(cause=cause):
            return _status_elsewhere(cause)
        case QueryError():
            return HTTPStatus.BAD_REQUEST
        case ClientOverQuota():
            return HTTPStatus.TOO_MANY_REQUESTS
        case ReleaseError() | DeadlineExceeded() | AnswerTooLarge() | EngineBusy():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case OperationError():
            return HTTPStatus.INTERNAL_SERVER_ERROR
    raise ValueError(error)


def _status_elsewhere(cause: Cause) -> int:
    if cause is Cause.TIMED_OUT:
        return HTTPStatus.GATEWAY_TIMEOUT
    return HTTPStatus.SERVICE_UNAVAILABLE if cause in _LATER else HTTPStatus.BAD_GATEWAY


def members_of(error: KgError) -> Mapping[str, str]:
    """What problem details say of an error beyond its words (RFC 9457, section 3.2): who failed elsewhere, and how.

    >>> dict(members_of(RemoteFailed("cut", host="example.org", cause=Cause.TRUNCATED, batch="SERVICE 1")))
    {'host': 'example.org', 'cause': 'truncated', 'batch': 'SERVICE 1'}
    """
    if isinstance(error, RemoteFailed):
        return {"host": error.host, "cause": error.cause.value, "batch": error.batch}
    return _NONE


def public(status: int, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """What strangers are told of problems: nothing of the machine's own files, which the log has instead.

    >>> public(503, [Problem("release", "the store /srv/kg/store cannot be opened")])[0].message
    'the server failed on this request'
    >>> public(503, [Problem("answer-too-large", "too much", hint="ask /sparql")])[0].hint
    'ask /sparql'
    >>> public(400, [Problem("query-syntax", "expected one of /, |")])[0].message
    'expected one of /, |'
    """
    return tuple(_public(status, problem) for problem in problems)


def _public(status: int, problem: Problem) -> Problem:
    place = problem.position
    # What is wrong with a request is told in the words of the request.
    ours = f"{problem.message} {problem.hint or ''}" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
    named = any(found[1] not in _ROUTES for found in _FILE.finditer(ours))
    if not named and not (place is not None and _FILE.match(place.path)):
        return problem
    _LOG.error("the client is not told: %s", problem)
    return Problem(problem.code, UNFORESEEN.message, hint=UNFORESEEN.hint)


def problem_object(status: int, problems: Sequence[Problem], members: Mapping[str, str] = _NONE) -> dict[str, object]:
    """The members of a problem details object; `errors` is the list that `--json` of the commands gives too.

    >>> problem_object(404, [Problem("not-found", "no such thing")])["title"]
    'Not Found'
    """
    return {
        "type": _TYPE + problems[0].code,
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "\n".join(str(problem) for problem in problems),
        "errors": [problem.to_json() for problem in problems],
        **members,
    }


def render(
    status: int, problems: Sequence[Problem], accept: str | None, members: Mapping[str, str] = _NONE
) -> tuple[bytes, str]:
    """An error as the body of an answer and its content type: problem details, or text where that is preferred.

    >>> render(404, [Problem("not-found", "no such thing")], "text/plain")
    (b'no such thing\\n', 'text/plain; charset=utf-8')
    """
    # A client that accepts none of these is told all the same: an error that nobody can read helps nobody.
    media_type = choose(accept, OFFERS) or OFFERS[0]
    problems = public(status, problems)
    match media_type:
        case "application/problem+json" | "application/json":
            body = json.dumps(problem_object(status, problems, members), ensure_ascii=False, indent=1) + "\n"
            return body.encode("utf-8", "backslashreplace"), media_type
        case "text/plain":
            text = "".join(f"{problem}\n" for problem in problems)
            return text.encode("utf-8", "backslashreplace"), "text/plain; charset=utf-8"
    raise ValueError(media_type)


def headers_of(problems: Sequence[Problem]) -> tuple[tuple[str, str], ...]:
    """The headers that go with an error: when to come again, or what to send (RFC 9110, section 15.5.16).

    >>> headers_of([Problem("busy", "too many queries")])
    (('Retry-After', '1'),)
    """
    codes = {problem.code for problem in problems}
    retry = (("Retry-After", "1"),) if EngineBusy.code in codes else ()
    retry = (("Retry-After", "60"),) if ClientOverQuota.code in codes else retry  # a bucket fills within a minute or so
    return (*retry, ("Accept-Encoding", "identity")) if "content-encoding" in codes else retry


def retry_of(error: KgError) -> tuple[tuple[str, str], ...]:
    """The same for an error with its cause; a budget fills and a circuit closes within a minute, as a rule."""
    if isinstance(error, RemoteFailed) and error.cause in _LATER:
        return (("Retry-After", "60"),)
    return headers_of(error.problems)
