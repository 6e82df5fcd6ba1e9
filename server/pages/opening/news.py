"""What is new in a release, beside one that was built before it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from kg.errors import ReleaseError
from kg.terms import expand
from server.engine.inprocess import InProcessEngine
from server.releases import Release

SHOWN: Final = 3
"""How many of the claims that were added are shown."""
_LOOKED_AT: Final = 5
"""How many earlier releases are opened: a build by another program may have the same claims."""
_MOST: Final = 200_000
"""Claims of a release that are compared; of more, nobody waits for a home page."""
_MANIFEST: Final = "manifest.json"
_TYPE: Final = NamedNode(expand("rdf:type"))
_CLAIM: Final = NamedNode(expand("zel:Claim"))
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """What a release has that an earlier one has not, and the reverse."""

    earlier: str
    """The id of the earlier release."""
    added: int
    removed: int
    first: tuple[str, ...]
    """The first claims that were added."""


def read_news(release: Release) -> News | None:
    """The claims that are new since the last release beside this one whose claims are others; None without one."""
    if not release.has_claims:
        return None
    claims = _claims(release.engine, release.base)
    if claims is None:
        return None
    for folder in islice(_earlier(release), _LOOKED_AT):
        try:
            before = _claims(InProcessEngine.open(folder / "store"), release.base)
        except ReleaseError as error:
            _LOG.warning("the release %s is compared with no %s: %s", release.id, folder.name, error)
            continue
        if before is not None and before != claims:
            added = sorted(claims - before)
            return News(folder.name, len(added), len(before - claims), tuple(added[:SHOWN]))
    return None


def _claims(engine: InProcessEngine, base: str) -> frozenset[str] | None:
    """The claims of a release by their IRIs; None if there are too many."""
    found = engine.quads(None, _TYPE, _CLAIM, NamedNode(f"{base}graph/claims"))
    claims = [q.subject.value for q in islice(found, _MOST + 1) if isinstance(q.subject, NamedNode)]
    return None if len(claims) > _MOST else frozenset(claims)


def _earlier(release: Release) -> Iterator[Path]:
    """The folders of the releases with the same base that were built before this one, the last first."""
    try:
        own = (release.path / _MANIFEST).stat().st_mtime_ns
        beside = [(path.stat().st_mtime_ns, path.parent) for path in release.path.parent.glob(f"[!.]*/{_MANIFEST}")]
    except OSError as error:
        _LOG.warning("the release %s is compared with no other: %s", release.id, error)
        return
    here = release.path.resolve()
    for built, folder in sorted(beside, reverse=True):
        if built < own and not folder.is_symlink() and folder.resolve() != here and _base(folder) == release.base:
            yield folder


def _base(folder: Path) -> str:
    try:
        manifest: Any = json.loads((folder / _MANIFEST).read_bytes())
    except (OSError, ValueError):
        return ""
    return str(manifest.get("base", "")) if isinstance(manifest, dict) else ""
