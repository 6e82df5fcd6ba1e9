"""Immutable releases: built aside, proved, then made current by one rename.

`releases/<id>/` holds graph.nq.gz (the artefact of record), store/, report.ttl, report.json, default-graph.rq,
void.ttl, context.jsonld, manifest.json, search/, the index of its texts, described/, links to the store's files with
the description, and texts/ (`kg.export.texts`); `releases/current` is a relative symbolic link. The id is derived from
the content, so that the same inputs give the same release wherever and whenever they are built. What depends on who
builds lies beside the folder: `releases/<id>.quotes.json` tells how many quotes were verified. The last two folders
follow from the others and have no part in the id: whoever makes a release current makes each anew where it is absent,
older than the program, or other than it was (`kg.runs.beside`).
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from kg import store
from kg.collecting import uncollected
from kg.errors import ReleaseError
from kg.files import locked, replaced, sync
from kg.rdf import whole_lines
from kg.records import QuoteReport
from kg.runs import beside
from kg.runs.contents import (
    CONTEXT,
    GRAPH,
    MANIFEST,
    RULE,
    STORE,
    ReleaseContents,
    compose,
    identify,
    origin_of,
    source_date,
)
from kg.runs.sealing import Seal, digest_of, store_digest
from kg.runs.workshop import clear

__all__ = [
    "CONTEXT",
    "CURRENT",
    "GRAPH",
    "MANIFEST",
    "QUOTES",
    "RULE",
    "STORE",
    "Release",
    "ReleaseContents",
    "find",
    "index",
    "list_releases",
    "open_release",
    "publish",
    "renew",
    "source_date",
    "verify",
]
CURRENT: Final = "current"
QUOTES: Final = ".quotes.json"
"""What follows the id in the name of the report on quotes."""

_ASIDE: Final = (".building-*", ".current-*", f".*{QUOTES}.*")
"""What a build that was killed leaves behind."""
_ID: Final = re.compile(r"[0-9a-f]{16}")


Complete: TypeAlias = "Callable[[Release], None]"
"""What adds to a release in its folder."""


@dataclass(frozen=True, slots=True)
class Release:
    """One published release in its folder."""

    path: Path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def graph_path(self) -> Path:
        return self.path / GRAPH

    @property
    def store_path(self) -> Path:
        return self.path / STORE

    @property
    def manifest(self) -> dict[str, Any]:
        """What manifest.json says.

        :raises ReleaseError: if it cannot be read, or speaks of another release
        """
        return _read_manifest(self.path)

    @property
    def base(self) -> str:
        """The base IRI of the data.

        :raises ReleaseError: if the manifest cannot be read
        """
        return str(self.manifest["base"])

    @property
    def quotes(self) -> QuoteReport | None:
        """What builds found of the quotes of this release; None without a report that can be read."""
        try:
            return QuoteReport.from_bytes(_quotes_path(self.path).read_bytes(), self.id)
        except (OSError, ValueError, RecursionError):
            return None

    def lines(self) -> Iterator[str]:
        """The statements as sorted N-Quads lines without line ends.

        :raises ReleaseError: if graph.nq.gz cannot be read
        """
        with _unpacking(self), gzip.open(self.graph_path, "rt", encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line.removesuffix("\n")

    def blocks(self) -> Iterator[list[bytes]]:
        """The same lines with their ends, many at once.

        :raises ReleaseError: if graph.nq.gz cannot be read
        """
        with _unpacking(self), gzip.open(self.graph_path) as file:
            for block in whole_lines(file, self.graph_path.as_posix()):
                yield io.BytesIO(block).readlines()


@contextmanager
def _unpacking(release: Release) -> Iterator[None]:
    """What is said of a graph.nq.gz that cannot be read."""
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _damaged(release.path, f"{GRAPH} cannot be read: {error}") from None


def _quotes_path(release: Path) -> Path:
    return release.with_name(release.name + QUOTES)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((path / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise _damaged(path, f"{MANIFEST} cannot be read: {error}") from None
    if not isinstance(manifest, dict) or manifest.get("id") != path.name:
        raise _damaged(path, f"{MANIFEST} speaks of another release")
    return manifest


def _damaged(path: Path, what: str) -> ReleaseError:
    return ReleaseError(f"release {path.name} is damaged: {what}", hint=f"delete {path} and build again")


# --- reading


def open_release(releases_dir: Path, release_id: str | None = None) -> Release:
    """The current release, or the one whose id is, or begins with, `release_id`.

    :raises ReleaseError: if there is none, more than one, or its manifest cannot be read
    """
    if release_id in {None, CURRENT}:
        link = releases_dir / CURRENT
        if not link.exists():
            raise ReleaseError(f"no current release in {releases_dir}", hint="run 'kg build'")
        release = Release(link.resolve())
    else:
        known = [name for name in _ids(releases_dir) if name.startswith(release_id or "")]
        if len(known) != 1:
            what = f"no release '{release_id}'" if not known else f"'{release_id}' begins the ids {', '.join(known)}"
            raise ReleaseError(f"{what} in {releases_dir}", hint="give the first characters of one release's id")
        release = Release(releases_dir.resolve() / known[0])
    _read_manifest(release.path)
    return release


def list_releases(releases_dir: Path) -> tuple[Release, ...]:
    """All releases in the folder, by id; none if there is no such folder."""
    return tuple(Release(releases_dir.resolve() / name) for name in _ids(releases_dir))


def _ids(releases_dir: Path) -> list[str]:
    if not releases_dir.is_dir():
        return []
    return sorted(path.name for path in releases_dir.iterdir() if _ID.fullmatch(path.name) and path.is_dir())


def verify(release: Release) -> None:
    """Check a release against its manifest: every file, the id, and the store.

    Its statements are those of the graph; where its files are still, to the byte, those that were sealed when they had
    been loaded from this graph, they need not be read one by one.

    :raises ReleaseError: naming what does not match
    """
    manifest = release.manifest
    faults = []
    try:
        for name, stated in manifest["files"].items():
            found = _graph_digest(release) if name == "graph.nq" else digest_of(release.path / name)
            if found != stated["sha256"]:
                faults.append(f"{name} has changed")
        if identify(manifest) != release.id:
            faults.append("the id does not follow from the manifest")
        graph = manifest["files"]["graph.nq"]["sha256"]
        if not Seal.of(release.store_path).holds(graph) and store_digest(release.store_path) != graph:
            faults.append("the store differs from the graph")
    except OSError as error:
        faults.append(f"{error.filename}: {error.strerror}")
    except (KeyError, TypeError, AttributeError):
        faults.append(f"{MANIFEST} lacks a part")
    if faults:
        raise _damaged(release.path, "; ".join(faults))


def _graph_digest(release: Release) -> str:
    """The SHA-256 of what graph.nq.gz holds."""
    with _unpacking(release), gzip.open(release.graph_path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- building


@uncollected()
def publish(
    contents: ReleaseContents,
    releases_dir: Path,
    environ: Mapping[str, str] | None = None,
    quotes: QuoteReport | None = None,
    *,
    complete: Complete = lambda _: None,
) -> Release:
    """Write the release, or find it already there and whole, and make it the current one.

    What was found of its `quotes` is written beside it, and added to what builds of the same release found before.
    `complete` adds what follows from it and has no part in its id, before it is made the current one.
    One build at a time works in a folder; others wait. Whatever fails or is killed, `current` stays as it was.

    :raises StorageError: if the disk is full, read-only or not permitted
    :raises ReleaseError: if a release with this id is there and damaged
    :raises UsageError: if SOURCE_DATE_EPOCH is no number
    """
    issued = source_date(os.environ if environ is None else environ)
    files = compose(contents, issued)
    release_id = json.loads(files[MANIFEST])["id"]
    try:
        releases_dir.mkdir(parents=True, exist_ok=True)
        with locked(releases_dir):
            _clear(releases_dir)
            release = Release(releases_dir.resolve() / release_id)
            if release.path.exists():
                verify(release)
                _reseal(release, contents)
            else:
                _build(release.path, files, contents)
            _settle(release, quotes, complete)
    except OSError as error:
        raise store.storage_error(error, releases_dir) from error
    return release


def _reseal(release: Release, contents: ReleaseContents) -> None:
    """Note that this program makes the same of the same, so that it need not do so again.

    Where that cannot be written, the next build costs more, and nothing else.
    """
    known = Seal.of(release.store_path)
    if not known.files or known.builder != contents.builder:
        with suppress(OSError):
            Seal(release.store_path, contents.graph.sha256, contents.builder, contents.warnings).write()


def find(releases_dir: Path, origin: Mapping[str, Any], builder: str) -> Release | None:
    """The release that this program (`builder`) made of the same things, as `kg.runs.contents.origin` names them.

    Only what it says of itself is looked at: `renew` verifies it.
    """
    for release in list_releases(releases_dir):
        with suppress(ReleaseError, KeyError, TypeError):
            if origin_of(release.manifest) == origin and Seal.of(release.store_path).builder == builder:
                return release
    return None


def renew(
    release: Release, quotes: QuoteReport | None = None, *, complete: Complete = lambda _: None
) -> tuple[str, ...]:
    """Make a release that is there the current one, as `publish` does; gives what was told when it was proved.

    :raises StorageError: if the disk is full, read-only or not permitted
    :raises ReleaseError: if it is damaged
    """
    releases_dir = release.path.parent
    try:
        with locked(releases_dir):
            _clear(releases_dir)
            verify(release)
            _settle(release, quotes, complete)
    except OSError as error:
        raise store.storage_error(error, releases_dir) from error
    return Seal.of(release.store_path).warnings


def index(release: Release) -> bool:
    """Make the index of the texts of a release, unless it is there; see `kg.runs.beside.index`.

    :raises StorageError: if the disk is full, read-only or not permitted
    :raises ReleaseError: if the release cannot be read
    """
    try:
        graph = str(release.manifest["files"]["graph.nq"]["sha256"])
    except (KeyError, TypeError):
        raise _damaged(release.path, f"{MANIFEST} lacks a part") from None
    return beside.index(release.path, graph, release.blocks)


def _settle(release: Release, quotes: QuoteReport | None, complete: Complete) -> None:
    index(release)
    beside.describe(release.path)
    complete(release)
    if quotes is not None:
        _report(release, quotes)
    _point(release.path.parent, release.id)


def _clear(releases_dir: Path) -> None:
    """Remove what killed builds left, and reports on releases that are gone.

    Whoever holds the lock knows that no other build writes here.
    """
    clear(releases_dir)
    ids = set(_ids(releases_dir))
    reports = ((path, path.name.removesuffix(QUOTES)) for path in releases_dir.glob(f"*{QUOTES}"))
    gone = [path for path, name in reports if _ID.fullmatch(name) and name not in ids]
    for path in (*gone, *(path for pattern in _ASIDE for path in releases_dir.glob(pattern))):
        if path.is_symlink() or path.is_file():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)


def _report(release: Release, quotes: QuoteReport) -> None:
    """Write the report on quotes before the release is current, so that whoever follows `current` finds it."""
    path, body = _quotes_path(release.path), quotes.after(release.quotes).to_bytes(release.id)
    if not path.is_file() or path.read_bytes() != body:
        with replaced(path) as file:
            file.write(body)
        sync(path.parent)


def _build(target: Path, files: Mapping[str, bytes], contents: ReleaseContents) -> None:
    building = target.with_name(f".building-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        building.mkdir()
        for name, data in files.items():
            (building / name).write_bytes(data)
        contents.graph.write(building / GRAPH)
        store.load(contents.graph.blocks(), building / STORE, contents.graph.counts.quads)
        Seal(building / STORE, contents.graph.sha256, contents.builder, contents.warnings).write()
        beside.index(building, contents.graph.sha256, Release(building).blocks)
        beside.describe(building)
        for path in (*building.rglob("*"), building):
            sync(path)
        building.rename(target)
        sync(target.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _point(releases_dir: Path, release_id: str) -> None:
    """Make `current` name the release, by renaming a new link over the old one."""
    link = releases_dir / CURRENT
    if link.is_symlink() and str(link.readlink()) == release_id:
        return
    fresh = releases_dir / f".current-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        fresh.symlink_to(release_id)
        fresh.replace(link)
        sync(releases_dir)
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
