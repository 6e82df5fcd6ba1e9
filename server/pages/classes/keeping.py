"""The classes of the release that is served, read once: a release never changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

from pyoxigraph import Triple

from kg.errors import KgError
from server.pages.classes.reading import Classes, read_classes
from server.releases import Release

CLASSES: Final = "zellige-classes"
_AGAIN: Final = 60.0
"""After so many seconds what could not be read is tried again."""
_LOG = logging.getLogger(__name__)


class ClassesKept:
    """Reads the classes of a release once. One thread reads them, and the others do not wait."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read: tuple[Release, Classes] | None = None
        self._failed: tuple[Release, float] | None = None

    def of(self, release: Release, described: Callable[[], Iterable[Triple]]) -> Classes | None:
        """The classes; None while another thread reads them, and for a while after a failure."""
        if (ready := self._read) is not None and ready[0] is release:
            return ready[1]
        if (failed := self._failed) is not None and failed[0] is release and time.monotonic() < failed[1]:
            return None
        if not self._lock.acquire(blocking=False):
            return None
        try:
            found = read_classes(release, described())
            self._read = (release, found)
        except (KgError, OSError, SyntaxError) as error:
            self._failed = (release, time.monotonic() + _AGAIN)
            _LOG.warning("the classes of the release %s cannot be read: %s", release.id, error)
            return None
        else:
            return found
        finally:
            self._lock.release()
