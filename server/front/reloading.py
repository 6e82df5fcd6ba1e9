"""A server that goes on with other settings: what SIGHUP asks for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Final

from kg.errors import KgError
from server.front.application import Front
from server.settings import Settings, Started

LIVE: Final = ("public_url", "client_seconds", "trusted_proxies", "access_log", "log_queries", "fill_prefixes")
"""The settings that may change while the server runs; every other one is a process, a store or a memory by now."""
_LOG = logging.getLogger(__name__)


class Reloader:
    """Reads the configuration again, and says in the log what has come of it; for the thread of the event loop."""

    def __init__(self, front: Front, started: Started, read: Callable[[], Started] | None) -> None:
        """Without `read` there is nothing to be read again, and only the access log is opened anew."""
        self._front, self._started, self._read = front, started, read
        self._turn = asyncio.Lock()

    async def reload(self) -> None:
        """Let the settings hold that may change, and open the access log anew; what cannot be read changes nothing."""
        async with self._turn:
            found = await self._found()
            before, changes = self._started.settings, _changes(self._started, found)
            after = replace(before, **{name: getattr(found.settings, name) for name in changes if name in LIVE})
            try:
                self._front.adjust(after)
            except KgError as error:
                _LOG.error("SIGHUP: the settings are kept: %s", error)
                return
            self._started = replace(self._started, settings=after)
            done = [name for name in changes if name in LIVE]
            _LOG.warning("SIGHUP: %s", f"changed: {', '.join(done)}" if done else "no setting has changed")
            if waiting := [name for name in changes if name not in LIVE]:
                _LOG.warning("SIGHUP: these settings hold after a new start only: %s", ", ".join(waiting))

    async def _found(self) -> Started:
        if self._read is None:
            return self._started
        try:
            return await asyncio.get_running_loop().run_in_executor(None, self._read)
        except (KgError, OSError) as error:
            _LOG.error("SIGHUP: the settings are kept: %s", error)
            return self._started


def _changes(before: Started, after: Started) -> list[str]:
    """The names of the settings that differ."""
    names = [field.name for field in fields(Settings)]
    changed = [name for name in names if getattr(before.settings, name) != getattr(after.settings, name)]
    return changed + [name for name in ("host", "port") if getattr(before, name) != getattr(after, name)]
