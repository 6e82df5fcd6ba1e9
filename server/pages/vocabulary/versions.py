"""Which names the vocabulary of a release has, and which those of the releases beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from server.releases import Release

_CONTEXT: Final = "context.jsonld"
_MOST: Final = 20
"""Releases that are compared, the newest of those in the folder."""
_NAMES: Final = 40
"""Names of each kind that are told."""


@dataclass(frozen=True, slots=True)
class Other:
    """A release in the same folder whose vocabulary differs, by the names of its JSON-LD context."""

    release: str
    added: tuple[str, ...]
    """Names that the served release has and the other has not."""
    removed: tuple[str, ...]
    """Likewise the other way round."""
    changed: tuple[str, ...]
    """Names that both have, for another IRI or with values of another type."""
    cut: bool = False
    """Whether there are more than are told."""


def others(release: Release) -> tuple[Other, ...]:
    """The releases in the folder whose vocabulary differs from that of the one that is served, by their ids."""
    if not release.has_vocabulary:
        return ()
    own = _names(release.path / _CONTEXT)
    found = []
    for folder in sorted(_newest(release.path.parent)):
        theirs = _names(folder / _CONTEXT)
        if own and theirs and theirs != own:
            found.append(_compared(folder.name, own, theirs))
    return tuple(found)


def _newest(folder: Path) -> list[Path]:
    """The releases of a folder that have a context; the link `current` is one of them by another name."""
    files = (path for path in folder.glob(f"*/{_CONTEXT}") if not path.parent.is_symlink())
    return [path.parent for path in sorted(files, key=lambda path: path.stat().st_mtime)[-_MOST:]]


def _compared(name: str, own: Mapping[str, str], theirs: Mapping[str, str]) -> Other:
    added = sorted(own.keys() - theirs.keys())
    removed = sorted(theirs.keys() - own.keys())
    changed = sorted(key for key in own.keys() & theirs.keys() if own[key] != theirs[key])
    is_cut = max(map(len, (added, removed, changed))) > _NAMES
    return Other(name, tuple(added[:_NAMES]), tuple(removed[:_NAMES]), tuple(changed[:_NAMES]), is_cut)


@lru_cache(64)
def _names(path: Path) -> Mapping[str, str]:
    """What a context names, apart from namespaces: of a release nothing ever changes. Nothing, if it cannot be read."""
    try:
        context = json.loads(path.read_text(encoding="utf-8"))["@context"]
        terms = context.items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return MappingProxyType({})
    return MappingProxyType({name: json.dumps(said, sort_keys=True) for name, said in terms if _is_term(name, said)})


def _is_term(name: str, said: Any) -> bool:
    """Whether an entry of a context names a term: a keyword and a namespace do not (JSON-LD 1.1, section 9.15)."""
    return not name.startswith("@") and not (isinstance(said, str) and said.endswith(("#", "/", "?")))
