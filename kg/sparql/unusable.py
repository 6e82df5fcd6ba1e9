"""Answers that are no SPARQL results: what they are instead, and why."""

from __future__ import annotations

import re
from typing import Final

from kg.errors import Cause

_TRACE: Final = re.compile(
    rb"SPARQL-QUERY: queryStr|^\s*(?:Caused by: )?java(?:x)?\.[\w.]+|^\s+at [\w.$]+\(", re.MULTILINE
)
_TIMEOUT: Final = re.compile(rb"TimeoutException|Query deadline is expired|timed? ?out", re.IGNORECASE)


class UnusableAnswer(ValueError):
    """A body that is no SPARQL result; carries the cause."""

    def __init__(self, cause: Cause, message: str) -> None:
        super().__init__(message)
        self.cause = cause


def trace_in(body: bytes) -> Cause | None:
    """The cause that a stack trace in a body tells: `TIMED_OUT`, `STACK_TRACE`, or None where there is none."""
    if not _TRACE.search(body):
        return None
    return Cause.TIMED_OUT if _TIMEOUT.search(body) else Cause.STACK_TRACE


def incomplete(body: bytes, opening: bytes, what: object) -> UnusableAnswer:
    """What a body that does not parse is: a stack trace, a cut answer, or something else altogether."""
    cause = trace_in(body)
    if cause is Cause.TIMED_OUT:
        return UnusableAnswer(cause, "the query took too long there: the answer ends in a stack trace")
    if cause is not None:
        return UnusableAnswer(cause, "the answer ends in a stack trace")
    start = body.lstrip()[:200]
    if not start:
        return UnusableAnswer(Cause.TRUNCATED, "the answer is empty")
    if not start.startswith(opening) or start[:14].lower().startswith((b"<!doctype html", b"<html")):
        return UnusableAnswer(Cause.NO_RESULTS, f"the answer is no SPARQL result but begins with {start[:40]!r}")
    return UnusableAnswer(Cause.TRUNCATED, f"the answer is cut: {what}")
