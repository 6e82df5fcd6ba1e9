"""Errors as HTTP knows them: the status of each, and problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from kg.errors import (
    AnswerTooLarge,
    DeadlineExceeded,
    EngineBusy,
    KgError,
    OperationError,
    Problem,
    QueryError,
    ReleaseError,
)
from kg.terms import ONTOLOGY_BASE

_TYPE: Final = f"{ONTOLOGY_BASE}problem/"


def status_of(error: KgError) -> int:
    """The HTTP status for an error of the engine or the guard.

    >>> [int(status_of(kind("x"))) for kind in (QueryError, ReleaseError, OperationError)]
    [400, 503, 500]
    """
    match error:
        case QueryError():
            return HTTPStatus.BAD_REQUEST
        case ReleaseError() | DeadlineExceeded() | AnswerTooLarge() | EngineBusy():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case OperationError():
            return HTTPStatus.INTERNAL_SERVER_ERROR
    raise ValueError(error)


def problem_object(status: int, problems: Sequence[Problem]) -> dict[str, object]:
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
    }
