"""A page as something to be cited: a part of a dataset, in one of its releases."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from server.lookup import Label
from server.pages.language import order
from server.releases import Release


@dataclass(frozen=True, slots=True)
class Reference:
    """What is cited."""

    iri: str
    """The name of the thing, which is its lasting address too."""
    title: str
    language: str
    """Of the title; empty where nobody said it."""
    dataset: str
    """What it is a part of; empty for the dataset itself."""
    publisher: str
    release: str
    issued: str
    """The date of the release, `2026-01-12`; empty where the build had none."""

    @property
    def key(self) -> str:
        """A name for it in a bibliography: letters, digits and hyphens.

        >>> Reference("https://e.org/claim/F030", "", "", "", "", "r1", "").key
        'F030-r1'
        """
        last = re.split(r"[/#=?]", self.iri.rstrip("/#"))[-1]
        name = re.sub(r"[^A-Za-z0-9]+", "-", last).strip("-")
        return f"{name or 'thing'}-{self.release}"


def reference_to(release: Release, iri: str, title: Label, language: str) -> Reference:
    """A page of this release about a thing that is called `title`."""
    publisher, issued = _stated(release.path)
    tag = next((tag for tag in order(language) if tag in release.title), "")
    return Reference(iri, title.text, title.language, release.title.get(tag, ""), publisher, release.id, issued)


@lru_cache(8)
def _stated(folder: Path) -> tuple[str, str]:
    """Who publishes the release of a folder, and its date, each empty where the manifest does not say it."""
    told = json.loads((folder / "manifest.json").read_bytes())
    return str(told.get("publisher") or ""), str(told.get("date") or "")
