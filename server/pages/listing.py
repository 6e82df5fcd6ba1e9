"""The classes of a release with the number of their things, as the home page has them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kg.errors import KgError
from server.lookup import Label, select
from server.pages.phrases.naming import name_all
from server.releases import Release

COUNTS: Final = "zellige-counts"
_PATIENCE: Final = 5.0
"""How long the classes are counted, in seconds."""
_AGAIN: Final = 60.0
"""After so many seconds what could not be counted is tried again."""
_LOG = logging.getLogger(__name__)

ClassCount = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ClassesView:
    """The classes with the number of their things, the largest first; `rows` is None where nobody could count them."""

    rows: tuple[ClassCount, ...] | None
    labels: Mapping[str, Label]


class Counts:
    """Counts the classes of a release once: a release never changes. Safe to be called by many threads.

    The query reads every type of the release, so it runs as a stranger's does, within limits; one thread asks it at a
    time, and the others do not wait.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: tuple[Release, tuple[ClassCount, ...]] | None = None
        self._failed: tuple[Release, float] | None = None

    def of(self, release: Release) -> tuple[ClassCount, ...] | None:
        """The classes with the number of their things; None while another thread counts, and after a failure."""
        if (ready := self._counted) is not None and ready[0] is release:
            return ready[1]
        if (failed := self._failed) is not None and failed[0] is release and time.monotonic() < failed[1]:
            return None
        if not self._lock.acquire(blocking=False):
            return None
        try:
            counted = _count(release)
            self._counted = (release, counted)
        except KgError as error:
            self._failed = (release, time.monotonic() + _AGAIN)
            _LOG.warning("the classes of the release %s cannot be counted: %s", release.id, error)
            return None
        else:
            return counted
        finally:
            self._lock.release()


def _count(release: Release) -> tuple[ClassCount, ...]:
    """Things are those of the default graph, of the editors' register, and of claims: rows of tables are claims too."""
    names = ("claims", "ontology", "stated", "other")
    registers = ", ".join(f"<{release.minter.graph(name)}>" for name in names)
    # Where there are views, the default graph has classes of the vocabulary too, and nothing of its own.
    default = "" if release.has_views else "{ ?s a ?it } UNION "
    rows = select(
        release.strangers,
        f"SELECT ?it (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {default}"
        f" {{ GRAPH ?g {{ ?s a ?it }} FILTER(?g NOT IN ({registers})) }} FILTER(isIRI(?it)) }} GROUP BY ?it",
        timeout=_PATIENCE,
    )
    counted = ((row["it"].value, int(row["n"].value)) for row in rows)
    return tuple(sorted(counted, key=lambda row: (-row[1], row[0])))


def read_classes(release: Release, language: str, counts: Counts) -> ClassesView:
    """The classes for the home page."""
    rows = counts.of(release)
    shown = (iri for iri, _ in rows or ())
    return ClassesView(rows, name_all(release, shown, language))
