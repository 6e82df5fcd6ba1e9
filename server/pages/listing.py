"""The classes of a release and their things: what the home page counts and `/list` lists."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kg.errors import KgError
from server.lookup import Label, Term, iri_ref, select, term_of
from server.pages import describe
from server.pages.phrases.naming import name_all
from server.releases import Release

COUNTS: Final = "zellige-counts"
_PATIENCE: Final = 5.0
"""How long the classes are counted, in seconds."""
_AGAIN: Final = 60.0
"""After so many seconds what could not be counted is tried again."""
_SORTED: Final = 5000
"""How many members of a class are sorted for a page."""
_LOG = logging.getLogger(__name__)

ClassCount = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ClassesView:
    """The classes with the number of their things, the largest first; `rows` is None where nobody could count them."""

    rows: tuple[ClassCount, ...] | None
    labels: Mapping[str, Label]


@dataclass(frozen=True, slots=True)
class ListView:
    """A page of the things of a class."""

    rows: tuple[Term, ...]
    labels: Mapping[str, Label]
    more: bool


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


def read_members(release: Release, kind: str, page: int, language: str) -> ListView:
    """The things of a class in any graph, `describe.LIMIT` a page, by their IRIs; pages count from 0.

    A class with more than `_SORTED` members comes in the order of the store, which is the same for as long as the
    release is: an engine takes seconds to sort fifty thousand IRIs.

    :raises ValueError: if `kind` is no absolute IRI
    :raises OperationError: if the engine fails, or is not in time
    """
    it, begin = iri_ref(kind), page * describe.LIMIT
    quads = release.engine.members(kind, _SORTED + 1)
    if len(quads) <= _SORTED:
        members = sorted({term_of(quad.subject) for quad in quads}, key=lambda term: (term.kind, term.value))
        found = members[begin : begin + describe.LIMIT + 1]
    else:
        query = (
            f"SELECT DISTINCT ?it WHERE {{ {{ ?it a {it} }} UNION {{ GRAPH ?g {{ ?it a {it} }} }} }}"
            f" OFFSET {begin} LIMIT {describe.LIMIT + 1}"
        )
        found = [row["it"] for row in select(release.strangers, query, timeout=_PATIENCE)]
    shown = tuple(found[: describe.LIMIT])
    names = name_all(release, (kind, *(term.name for term in shown)), language)
    return ListView(shown, names, len(found) > describe.LIMIT)
