"""Errors as HTTP knows them: the status of each, and problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

from kg.errors import (
    AnswerTooLarge,
    Cause,
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
        case RemoteFailed(cause=Cause.TIMED_OUT):
            return HTTPStatus.GATEWAY_TIMEOUT
        case RemoteFailed(cause=cause) if cause in _LATER:
            return HTTPStatus.SERVICE_UNAVAILABLE
        case RemoteFailed():
            return HTTPStatus.BAD_GATEWAY
        case QueryError():
            return HTTPStatus.BAD_REQUEST
        case ReleaseError() | DeadlineExceeded() | AnswerTooLarge() | EngineBusy():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case OperationError():
            return HTTPStatus.INTERNAL_SERVER_ERROR
    raise ValueError(error)


def members_of(error: KgError) -> Mapping[str, str]:
    """What problem details say of an error beyond its words (RFC 9457, section 3.2): who failed elsewhere, and how.

    >>> dict(members_of(RemoteFailed("cut", host="example.org", cause=Cause.TRUNCATED, batch="SERVICE 1")))
    {'host': 'example.org', 'cause': 'truncated', 'batch': 'SERVICE 1'}
    """
    if isinstance(error, RemoteFailed):
        return {"host": error.host, "cause": error.cause.value, "batch": error.batch}
    return _NONE


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
    match media_type:
        case "application/problem+json" | "application/json":
            body = json.dumps(problem_object(status, problems, members), ensure_ascii=False, indent=1) + "\n"
            return body.encode("utf-8", "backslashreplace"), media_type
        case "text/plain":
            text = "".join(f"{problem}\n" for problem in problems)
            return text.encode("utf-8", "backslashreplace"), "text/plain; charset=utf-8"
    raise ValueError(media_type)


def headers_of(problems: Sequence[Problem]) -> tuple[tuple[str, str], ...]:
    """The headers that go with an error: when to come again.

    >>> headers_of([Problem("busy", "too many queries")])
    (('Retry-After', '1'),)
    """
    return (("Retry-After", "1"),) if any(problem.code == EngineBusy.code for problem in problems) else ()


def retry_of(error: KgError) -> tuple[tuple[str, str], ...]:
    """The same for an error with its cause; a budget fills and a circuit closes within a minute, as a rule."""
    if isinstance(error, RemoteFailed) and error.cause in _LATER:
        return (("Retry-After", "60"),)
    return headers_of(error.problems)
