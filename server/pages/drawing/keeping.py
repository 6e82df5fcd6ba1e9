"""What is drawn of a release is read once, for it never changes."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from kg.errors import KgError
from server.pages.drawing.model.partners import Partners, read_partners
from server.pages.drawing.model.properties import MADE_OF, is_used
from server.pages.drawing.model.sources import Documents, read_documents
from server.pages.drawing.model.targets import Targets, read_targets
from server.pages.drawing.model.timeline import Timeline, read_timeline
from server.releases import Release

DRAWINGS: Final = "zellige-drawings"
_AGAIN: Final = 60.0
"""After so many seconds what could not be read is tried again."""
_LOG = logging.getLogger(__name__)


@dataclass
class _Shelf:
    """What is kept of one release."""

    release: Release
    read: dict[str, Any] = field(default_factory=dict)
    failed: dict[str, float] = field(default_factory=dict)
    """When what could not be read may be tried again, by the monotonic clock."""


class Drawings:
    """Reads what is drawn of the release that is served, each drawing once. Safe to be called by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf: _Shelf | None = None

    def timeline(self, release: Release) -> Timeline:
        """Its things with dates."""
        dates = self._properties(release, "timeline")
        found: Timeline = self._kept(release, "timeline", lambda it: read_timeline(it, dates))
        return found

    def targets(self, release: Release) -> Targets:
        """Its targets."""
        found: Targets = self._kept(release, "targets", read_targets)
        return found

    def partners(self, release: Release) -> Partners:
        """Its agreements and partners."""
        found: Partners = self._kept(release, "partners", read_partners)
        return found

    def documents(self, release: Release) -> Documents:
        """Its documents whose claims are tied."""
        found: Documents = self._kept(release, "sources", read_documents)
        return found

    def present(self, release: Release) -> tuple[str, ...]:
        """The names of the drawings that have something to draw; what cannot be read has not, for a while."""
        return tuple(name for name in MADE_OF if self._has(release, name))

    def _has(self, release: Release, name: str) -> bool:
        with self._lock:
            failed = self._of(release).failed.get(name, 0.0)
        if time.monotonic() < failed:
            return False
        try:
            used: bool = self._kept(release, f"{name} is used", lambda it: is_used(it, self._properties(it, name)))
        except KgError as error:
            _LOG.warning("the drawing %s of the release %s cannot be read: %s", name, release.id, error)
            with self._lock:
                self._of(release).failed[name] = time.monotonic() + _AGAIN
            return False
        else:
            return used

    def _properties(self, release: Release, name: str) -> frozenset[str]:
        found: frozenset[str] = self._kept(release, f"{name} by", MADE_OF[name])
        return found

    def _kept(self, release: Release, name: str, read: Callable[[Release], Any]) -> Any:
        """What was read; two threads that want the same at once may both read it."""
        with self._lock:
            known = self._of(release).read
            if name in known:
                return known[name]
        found = read(release)
        with self._lock:
            return self._of(release).read.setdefault(name, found)

    def _of(self, release: Release) -> _Shelf:
        if self._shelf is None or self._shelf.release is not release:
            self._shelf = _Shelf(release)
        return self._shelf
