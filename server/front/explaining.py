"""A query that is refused, explained; where that is wished, asked again with the prefixes that it lacks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

from kg.errors import KgError, QueryError
from server.front.reading import OverQuota, Reader
from server.http import mistakes
from server.http.headers import PREFIXES
from server.http.protocol import Operation
from server.releases import Release

Answer: TypeAlias = "Callable[[Operation, tuple[tuple[str, str], ...]], Awaitable[None]]"
"""Answers a query, with further headers."""
Told: TypeAlias = "Callable[[KgError, str, str], KgError]"
"""Tells an error by the text of its query and the base of that."""


async def asked(answer: Answer, operation: Operation, release: Release, reader: Reader, *, fills: bool) -> None:
    """Answer a query; `fills` declares known prefixes that it lacks, and says so in a header.

    :raises QueryError: in the words of people, if it is mistaken
    """
    try:
        await answer(operation, ())
    except QueryError as error:
        again = await _filled(error, operation, release, reader) if fills else None
        if again is None:
            raise await explained(error, operation.query, release.base, reader) from None
    else:
        return
    try:
        await answer(replace(operation, query=again.text), ((PREFIXES, again.header),))
    except QueryError as error:
        raise await _in_words(mistakes.still_wrong, error, operation.query, release.base, reader) from None


async def explained(error: KgError, text: str, base: str, reader: Reader) -> KgError:
    """The same error in the words of people, where the text of the query is the cause."""
    return await _in_words(mistakes.explained, error, text, base, reader)


async def _in_words(told: Told, error: KgError, text: str, base: str, reader: Reader) -> KgError:
    """The error as it is, where its client has no time left to have it explained."""
    if not isinstance(error, QueryError):
        return error
    with suppress(OverQuota):
        return await reader.aside(told, error, text, base)
    return error


async def _filled(error: QueryError, operation: Operation, release: Release, reader: Reader) -> mistakes.Filled | None:
    with suppress(OverQuota):
        return await reader.aside(mistakes.filled, error, operation.query, release.prefixes)
    return None
