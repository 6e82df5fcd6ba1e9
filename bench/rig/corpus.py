"""Queries to begin from: those of this checkout, and those of the W3C's suites where they are at hand."""

from __future__ import annotations

import os
import random
import re
import runpy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from rig.bombs import BOMBS
from rig.servers import ROOT

_FENCE: Final = re.compile(r"^```sparql\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LONGEST: Final = 20_000
"""A query longer than this is no beginning: its mutants would all be alike."""
_LARGEST: Final = 100_000
"""A file of data larger than this is left out."""


@dataclass(frozen=True, slots=True)
class Group:
    """Queries of one kind, and how often they are taken."""

    weight: int
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All kinds of queries."""

    groups: tuple[Group, ...]

    def choose(self, chance: random.Random) -> str:
        """One query of one kind."""
        (group,) = chance.choices(self.groups, [group.weight for group in self.groups])
        return chance.choice(group.queries)

    @property
    def size(self) -> int:
        """How many queries there are."""
        return sum(len(group.queries) for group in self.groups)


def read_corpus() -> Corpus:
    """Questions of the project, queries and updates of the suites, spellings of SERVICE, and queries without end."""
    spelled = runpy.run_path(str(ROOT / "tests" / "services.py"))
    own = [query for folder in ("docs", "tests/competency", "ontology") for query in _files(ROOT / folder, "rq")]
    for page in sorted((ROOT / "docs").glob("*.md")):
        own += _FENCE.findall(page.read_text(encoding="utf-8"))
    kinds = (
        (30, own),
        (60, _files(suites(), "rq")),
        (3, _files(suites(), "ru")),
        (6, (*spelled["SPELLINGS"], *spelled["DECEPTIVE"])),
        (1, (bomb.body.decode() for bomb in BOMBS)),
    )
    groups = (Group(weight, _usable(queries)) for weight, queries in kinds)
    return Corpus(tuple(group for group in groups if group.queries))


def _usable(queries: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in queries if len(text) <= _LONGEST))


def _files(folder: Path, suffix: str) -> Iterator[str]:
    """The texts of a folder's files; those that are no UTF-8 on purpose are read all the same."""
    for path in sorted(folder.rglob(f"*.{suffix}")):
        yield path.read_text(encoding="utf-8", errors="surrogateescape")


def data() -> Iterator[Path]:
    """The graphs that the suites' queries are about, those that parse."""
    for path in sorted(suites().rglob("*.ttl")):
        if not path.name.startswith("manifest") and path.stat().st_size <= _LARGEST and _parses(path):
            yield path


def _parses(path: Path) -> bool:
    try:
        for _ in ox.parse(path=path, base_iri="http://example.org/"):
            pass
    except (SyntaxError, ValueError):
        return False
    return True


def suites() -> Path:
    """The W3C's SPARQL 1.1 suites: below `KG_SHARED`, or `../shared` beside the checkout; may be absent."""
    return Path(os.environ.get("KG_SHARED", ROOT.parent / "shared")) / "suites" / "sparql11"
