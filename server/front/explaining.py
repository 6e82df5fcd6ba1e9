"""A query that is refused, explained; where that is wished, asked again with the prefixes that it lacks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias

from kg.errors import KgError, QueryError
from server.http.headers import PREFIXES
from server.http.mistakes import explained, filled, still_wrong
from server.http.protocol import Operation
from server.releases import Release

Answer: TypeAlias = "Callable[[Operation, tuple[tuple[str, str], ...]], Awaitable[None]]"
"""Answers a query, with further headers."""


async def asked(answer: Answer, operation: Operation, release: Release, *, fills: bool) -> None:
    """Answer a query; `fills` declares known prefixes that it lacks, and says so in a header.

    :raises QueryError: in the words of people, if it is mistaken
    """
    try:
        await answer(operation, ())
    except QueryError as error:
        again = filled(error, operation.query, release.prefixes) if fills else None
        if again is None:
            raise await explain(error, operation.query, release.base) from None
    else:
        return
    try:
        await answer(replace(operation, query=again.text), ((PREFIXES, again.header),))
    except QueryError as error:
        raise await _aside(still_wrong, error, operation.query, release.base) from None


async def explain(error: KgError, text: str, base: str) -> KgError:
    """The error in the words of people; the loop goes on meanwhile, for that takes some reading."""
    return await _aside(explained, error, text, base)


async def _aside(told: Callable[[KgError, str, str], KgError], error: KgError, text: str, base: str) -> KgError:
    return await asyncio.get_running_loop().run_in_executor(None, told, error, text, base)
