"""The release that is being served: opened once, and again when the link `current` points to another one."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kg.errors import ReleaseError
from kg.terms import ONTOLOGY_BASE, Minter
from server.engine import Engine
from server.engine.inprocess import InProcessEngine
from server.lookup import iri_ref
from server.settings import Settings

_AGAIN: Final = 5.0
"""After so many seconds a release that did not open is tried again."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Release:
    """A release that can be asked."""

    id: str
    base: str
    title: Mapping[str, str]
    counts: Mapping[str, int]
    engine: InProcessEngine
    """For our own questions, which are small and known, and for lookups."""
    strangers: Engine
    """For queries that come from outside."""
    path: Path
    """The folder of the release."""

    @property
    def minter(self) -> Minter:
        return Minter(self.base)

    @property
    def has_claims(self) -> bool:
        """Whether it was built of claims, as a project is; RDF files have none, and every graph of theirs counts."""
        return self.engine.has_graph(self.minter.graph("claims"))

    @property
    def has_vocabulary(self) -> bool:
        """Whether it holds the terms of its ontology."""
        return self.engine.has_graph(self.minter.graph("ontology"))


class Releases:
    """Hands out the release to answer from; safe to be called by many threads."""

    def __init__(self, settings: Settings, open_engine: Callable[[Path], Engine]) -> None:
        """`open_engine` makes the engine of strangers' queries from the folder of a store."""
        self._settings, self._open_engine = settings, open_engine
        self._lock = threading.Lock()
        self._link = str(settings.releases / "current")
        self._failed: str | None = None
        self._again = 0.0
        self._name = self._pointed()
        self._release = self._open(self._name)

    def current(self) -> Release:
        """The release to answer this request from.

        A new release that cannot be opened is logged and passed over: the one that works goes on being served.
        """
        if self._settings.release is not None:
            return self._release
        name = ""
        try:
            if self.changed():
                name = self._pointed()
                self._follow(name)
        except ReleaseError as error:
            self._failed, self._again = name, time.monotonic() + _AGAIN
            _LOG.error("the release %s is kept: %s", self._release.id, error)
        return self._release

    @property
    def latest(self) -> Release:
        """The release that was opened last, without a look at the link."""
        return self._release

    def changed(self) -> bool:
        """Whether the link points to another release now, one that has not just failed to open."""
        if self._settings.release is not None:
            return False
        try:
            name = os.readlink(self._link)  # noqa: PTH115 -- twice as fast, and this is asked at each request
        except OSError:
            name = ""
        return name != self._name and (name != self._failed or time.monotonic() > self._again)

    def _follow(self, name: str) -> None:
        with self._lock:
            if name != self._name:
                self._release = self._open(name)
                self._name = name

    def _pointed(self) -> str:
        if self._settings.release is not None:
            return self._settings.release
        link = self._settings.releases / "current"
        try:
            return str(link.readlink())
        except OSError:
            raise ReleaseError(f"no current release in {self._settings.releases}", hint="run kg build") from None

    def _open(self, name: str) -> Release:
        folder = self._settings.releases / name
        manifest = _manifest(folder / "manifest.json")
        title = dict(self._settings.title) or _texts(manifest.get("title"))
        base = self._settings.base or str(manifest.get("base") or ONTOLOGY_BASE)
        try:
            iri_ref(base)
        except ValueError as error:
            raise ReleaseError(f"the base of the release {name} is wrong: {error}") from None
        return Release(
            id=str(manifest.get("id") or folder.name),
            base=base,
            title=MappingProxyType(title),
            counts=MappingProxyType(_numbers(manifest.get("counts"))),
            engine=InProcessEngine.open(folder / "store"),
            strangers=self._open_engine(folder / "store"),
            path=folder,
        )


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReleaseError(f"no such release: {path.parent}") from None
    except (OSError, ValueError) as error:
        raise ReleaseError(f"{path} cannot be read: {error}") from None
    if not isinstance(manifest, dict):
        raise ReleaseError(f"{path} is no JSON object")
    return manifest


def _texts(value: Any) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, dict) else {}


def _numbers(value: Any) -> dict[str, int]:
    return {str(k): v for k, v in value.items() if type(v) is int} if isinstance(value, dict) else {}
