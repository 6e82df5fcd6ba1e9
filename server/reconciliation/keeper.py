"""Keeps the service of the release that is served: made at the first question, in a thread of its own."""

from __future__ import annotations

import logging
import threading
from typing import Final

from kg.errors import EngineBusy, KgError
from server.reconciliation.catalogue import read_catalogue
from server.reconciliation.service import Service
from server.releases import Release

_LOG = logging.getLogger(__name__)
PATIENCE: Final = 5.0
"""How long one request waits for the first index, in seconds; the others are told to come again."""
_GLANCE: Final = 0.2
"""How long requests wait for a newer index while an older one can answer, in seconds."""


class Keeper:
    """Hands out the service to answer from; safe to be called by many threads.

    One thread makes a service, whatever the number of requests. While it works, requests are answered from the service
    of the release before, whole; without one, a single request waits and the others are refused, so that the threads
    of the server stay free for other routes.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        """`patience` is how long one request waits for the first service, in seconds."""
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting = threading.Semaphore(1)
        self._ready: Service | None = None
        self._failed: tuple[Release, KgError] | None = None
        self._work: threading.Thread | None = None

    def service(self, release: Release) -> Service:
        """The service of a release, or that of an earlier one while the newer is in the making.

        :raises EngineBusy: if there is none yet
        :raises KgError: if the release cannot be read
        """
        ready = self._ready
        if ready is not None and ready.release is release:
            return ready
        self._wait(self._started(release))
        failed, ready = self._failed, self._ready
        if failed is not None and failed[0] is release:
            raise failed[1]
        if ready is None:
            raise EngineBusy("the names of this release are being indexed", hint="ask again in a few seconds")
        return ready

    def _started(self, release: Release) -> threading.Thread | None:
        with self._lock:
            failed = self._failed is not None and self._failed[0] is release
            done = self._ready is not None and self._ready.release is release
            if not failed and not done and (self._work is None or not self._work.is_alive()):
                self._work = threading.Thread(target=self._make, args=(release,), name="reconciliation", daemon=True)
                self._work.start()
            return self._work

    def _wait(self, work: threading.Thread | None) -> None:
        if work is not None and self._waiting.acquire(blocking=False):
            try:
                work.join(self._patience if self._ready is None else _GLANCE)
            finally:
                self._waiting.release()

    def _make(self, release: Release) -> None:
        try:
            self._ready = Service(release, read_catalogue(release))
        except KgError as error:
            _LOG.error("the names of the release %s cannot be indexed: %s", release.id, error)
            self._failed = (release, error)
