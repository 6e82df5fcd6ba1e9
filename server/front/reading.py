"""What is read of queries in the process of the server: beside its loop, and on the account of the client."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, ParamSpec, TypeAlias, TypeVar

from kg.sparql.guard import Draft, Query
from server.federating import service_in
from server.http.mistakes import checked
from server.http.protocol import Operation
from server.http.quota import Quota
from server.http.views import placed
from server.releases import Release

_SHORT: Final = 8_000
"""Characters of a query that is read at once: that takes some milliseconds, and a thread for each would take more."""
_Of = ParamSpec("_Of")
_Found = TypeVar("_Found")


Understood: TypeAlias = tuple[Operation, Draft | Query]
"""An operation over the graphs that it means, and its query: a draft where it asks elsewhere, and else a proven one."""


class OverQuota(Exception):
    """The client's queries have taken more time than one client may have."""

    def __init__(self, wait: float) -> None:
        """`wait`: after how many seconds it may come again."""
        super().__init__(wait)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the queries of one client.

    No deadline ends what Python does in a thread, so what is read takes time in proportion to its length, and is
    charged as the work of the engine is: who sends what is long and wrong, again and again, is told to wait.
    """

    quota: Quota
    client: str

    async def understood(self, operation: Operation, release: Release, *, federates: bool) -> Understood:
        """What a query means; while a long one is read, the loop goes on.

        :raises QueryError: see `server.http.views.placed`, `server.federating.service_in` and
            `server.http.mistakes.checked`
        :raises OverQuota: if the client may not ask for it now
        """
        if len(operation.query) <= _SHORT:
            return _understood(operation, release, federates=federates)
        return await self.aside(_understood, operation, release, federates=federates)

    async def aside(self, of: Callable[_Of, _Found], *args: _Of.args, **more: _Of.kwargs) -> _Found:
        """What a function gives, in a thread.

        :raises OverQuota: if the client may not ask for it now
        """
        wait = self.quota.admit(self.client, time.monotonic())
        if wait:
            raise OverQuota(wait)
        spent = 0.0

        def timed() -> _Found:
            nonlocal spent
            began = time.thread_time()
            try:
                return of(*args, **more)
            finally:
                spent = time.thread_time() - began

        try:
            return await asyncio.get_running_loop().run_in_executor(None, timed)
        finally:
            self.quota.charge(self.client, spent, time.monotonic())


def _understood(operation: Operation, release: Release, *, federates: bool) -> Understood:
    operation = placed(operation, release)
    written = service_in(operation.query) if federates else None
    return operation, written or checked(operation.query, release.base, release.engine)
