"""The release that is being served: opened once, and again when the link `current` points to another one."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from kg.errors import ReleaseError
from kg.paths import layer_folders
from kg.search import INDEX, Index, is_current
from kg.terms import CORE, ONTOLOGY_BASE, PREFIXES, Minter
from server.engine import Engine
from server.engine.inprocess import InProcessEngine
from server.http.jsonld import version_of
from server.lines import Lines
from server.lookup import Label, iri_ref, labels
from server.quotes import QuoteReport
from server.settings import Settings

_AGAIN: Final = 5.0
"""After so many seconds a release that did not open is tried again."""
_UNITED: Final = 100
"""Named graphs that are read as one with the default graph: each pattern looks into every one of them."""
_CONTEXT: Final = "context.jsonld"
_LABELS: Final = 30_000
"""Labels of one release that are remembered, some 300 bytes each."""
_LONGEST: Final = 300
"""Characters of an IRI whose name is remembered."""
_UNINDEXED: Final = "run kg build, which adds an index to a release, or kg serve with --search"
_LOG = logging.getLogger(__name__)

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """Values of a release, which never changes, by what they were found for; safe to be used by many threads.

    It holds so many. When it is full it is emptied: what is in use is soon there again, and no look-up has to keep an
    order.

    >>> known = Memory[str, int](2)
    >>> known.of("a", len), known.of("a", lambda _: 7), known.of("bb", len), known.of("ccc", len), len(known)
    (1, 1, 2, 3, 1)
    >>> Memory[str, int](2, lambda key: len(key) < 4).of("dddd", len)
    4
    >>> few = Memory[str, int](2)
    >>> few.of("dddd", len, lambda value: value < 4), len(few)
    (4, 0)
    """

    def __init__(self, most: int, keeps: Callable[[K], bool] = lambda _: True) -> None:
        """`keeps` tells which keys are worth the room: a stranger may ask for what is very long."""
        self._most, self._keeps = most, keeps
        self._known: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._known)

    def of(self, key: K, find: Callable[[K], V], fits: Callable[[V], bool] = lambda _: True) -> V:
        """The value of a key; two threads that want the same at once may both find it.

        `fits` tells which values are worth the room.
        """
        known = self._known
        try:
            return known[key]
        except KeyError:
            found = find(key)
        if not self._keeps(key) or not fits(found):
            return found
        if len(known) >= self._most:
            self._known = known = {}
        known[key] = found
        return found

    def get(self, key: K) -> V | None:
        """What is known already; none of the values may be false then."""
        return self._known.get(key)

    def keep(self, key: K, value: V) -> V:
        """Keep a value that was found elsewhere."""
        return self.of(key, lambda _: value)


@dataclass(frozen=True)
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
    quotes: QuoteReport
    """What builds found of its quotes."""
    description: Mapping[str, str] = field(default_factory=dict)
    context: bytes = b""
    """The JSON-LD context of its ontology."""
    without: tuple[str, ...] = ()
    """The rules of rewriting queries that are switched off."""
    index: Index | None = None
    """The index of its texts; None where there is none that this program can read, or one of other statements."""

    @property
    def texts(self) -> Index:
        """The index of its texts.

        :raises ReleaseError: if there is none
        """
        if self.index is None:
            raise ReleaseError("the texts of this release are not indexed", hint=_UNINDEXED)
        return self.index

    @cached_property
    def minter(self) -> Minter:
        return Minter(self.base)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of the project's vocabulary and of the parts of its base; RDF files have none."""
        return {**_declared(self.context), **self.minter.prefixes} if self.has_claims else {}

    @cached_property
    def has_claims(self) -> bool:
        """Whether it was built of claims, as a project is; RDF files have none, and every graph of theirs counts."""
        return self.engine.has_graph(self.minter.graph("claims"))

    @cached_property
    def has_views(self) -> bool:
        """Whether it holds the graphs that views are joined of; RDF files and releases of earlier builds do not."""
        return self.engine.has_graph(self.minter.graph("stated"))

    @cached_property
    def union(self) -> tuple[str, ...]:
        """All graphs of RDF files, the default graph by "", as far as they can be read as one; empty for a release."""
        if self.has_claims:
            return ()
        names = self.engine.named(_UNITED)
        return () if names is None else ("", *names)

    @cached_property
    def label(self) -> Callable[[str, tuple[str, ...]], Label | None]:
        """The best label of a node in the first of some languages, as `labels` finds it.

        It is looked up once for many pages: a release never changes. Safe to be called by many threads.
        """

        def found(iri: str, languages: tuple[str, ...]) -> Label | None:
            return labels(self.engine, self.base, (iri,), languages).get(iri)

        return lru_cache(_LABELS)(found)

    @cached_property
    def names(self) -> Memory[tuple[str, str], Label | None]:
        """What nodes are called on pages, by the language of the page and the node; None for what has no name."""
        return Memory(_LABELS, lambda key: len(key[1]) <= _LONGEST)

    @cached_property
    def _memories(self) -> dict[str, Memory[Any, Any]]:
        return {}

    def memory(self, name: str, most: int) -> Memory[Any, Any]:
        """What pages remember of it under a name: so many values at the most."""
        return self._memories.setdefault(name, Memory(most))

    @cached_property
    def lines(self) -> Lines:
        """In which lines of files of RDF its statements are written."""
        return Lines.of(self.path)

    @cached_property
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

    def context(self, version: str) -> bytes | None:
        """The context of this version, of any release in the folder: what was written with it is to be read later."""
        for content in (self._release.context, _packaged()):
            if version_of(content) == version:
                return content
        for path in sorted(self._settings.releases.glob(f"*/{_CONTEXT}")):
            if _version(path) == version:
                return path.read_bytes()
        return None

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
            quotes=QuoteReport(folder),
            description=MappingProxyType(_texts(manifest.get("description"))),
            context=_context(folder),
            without=self._settings.without,
            index=_index(folder, manifest),
        )


def _index(folder: Path, manifest: Mapping[str, Any]) -> Index | None:
    """The index of the texts of a release; one of another release, or of another program, is none."""
    files = manifest.get("files")
    graph = files.get("graph.nq") if isinstance(files, dict) else None
    digest = graph.get("sha256") if isinstance(graph, dict) else None
    try:
        return Index(folder / INDEX) if is_current(folder / INDEX, str(digest or "")) else None
    except ReleaseError as error:
        _LOG.error("%s is searched without its index: %s", folder.name, error)
        return None


def _context(folder: Path) -> bytes:
    """The context that the release was built with; that of the installation, for what holds none."""
    try:
        return (folder / _CONTEXT).read_bytes()
    except OSError:
        return _packaged()


def _declared(context: bytes) -> dict[str, str]:
    """The prefixes of a context that are none of ours; of one that cannot be read, none."""
    try:
        entries = dict(json.loads(context)["@context"])
    except (ValueError, TypeError, KeyError):
        return {}
    texts = {name: iri for name, iri in entries.items() if isinstance(iri, str) and name not in PREFIXES}
    return {name: iri for name, iri in texts.items() if "://" in iri and iri.endswith(("#", "/", ":", "="))}


@lru_cache(1)
def _packaged() -> bytes:
    return (layer_folders()[CORE] / _CONTEXT).read_bytes()


@lru_cache(1024)
def _version(path: Path) -> str:
    """Of a release nothing ever changes."""
    return version_of(path.read_bytes())


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
