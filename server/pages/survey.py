"""What is read of a whole release for its pages: once, for a release never changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from kg.errors import KgError
from server.releases import Release

T = TypeVar("T")
_AGAIN: Final = 60.0
"""After so many seconds what could not be read is tried again."""
_LOG = logging.getLogger(__name__)


class Survey(Generic[T]):
    """Keeps what was read of the release that is served. Safe to be used by many threads.

    One thread at a time reads, and the others do not wait: what reads every statement must not hold all of them.
    """

    def __init__(self, what: str) -> None:
        """`what` is read, in a sentence of the log: "the classes"."""
        self._what = what
        self._lock = threading.Lock()
        self._read: tuple[Release, T] | None = None
        self._failed: tuple[Release, float] | None = None

    def of(self, release: Release, read: Callable[[], T]) -> T | None:
        """What `read` gives for a release; None while another thread reads it, and for a while after a failure."""
        if (ready := self._read) is not None and ready[0] is release:
            return ready[1]
        if self.has_failed(release):
            return None
        if not self._lock.acquire(blocking=False):
            return None
        try:
            found = read()
            self._read = (release, found)
        except (KgError, OSError, SyntaxError) as error:
            self._failed = (release, time.monotonic() + _AGAIN)
            _LOG.warning("%s of the release %s cannot be read: %s", self._what, release.id, error)
            return None
        else:
            return found
        finally:
            self._lock.release()

    def has_failed(self, release: Release) -> bool:
        """Whether it could not be read a while ago, and is not yet tried again."""
        failed = self._failed
        return failed is not None and failed[0] is release and time.monotonic() < failed[1]
