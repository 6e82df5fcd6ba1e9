"""What became of a case of a suite, and how what it gave is compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rml.datasets import canonical, lenient_nquads

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
NATURAL: Final = frozenset(
    f"{XSD}{name}" for name in ("string", "integer", "decimal", "double", "boolean", "date", "dateTime")
)
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")


class NotRun(Exception):
    """A case that is about something else than mappings of files and tables."""


class Status(Enum):
    """How a case ended."""

    PASSED = "as expected"
    NATURAL = "but for datatypes of the source"
    SKIPPED = "with --on-error skip"
    STAND_IN = "with stand-ins for functions of their authors"
    REFUSED = "refused by name"
    FAILED = "other"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case."""

    status: Status
    note: str = ""


def read(path: Path, base: str) -> list[ox.Quad]:
    """The statements of a file."""
    content = path.read_bytes()
    form = ox.RdfFormat.TURTLE if path.suffix == ".ttl" else ox.RdfFormat.N_QUADS
    try:
        return list(ox.parse(content, form, base_iri=base, lenient=True))
    except SyntaxError:
        return lenient_nquads(content.decode().replace("\\u0020", " "))


def compared(found: Iterable[ox.Quad], wanted: Iterable[ox.Quad]) -> Outcome:
    """Whether two datasets are equal, but for names of blank nodes; or but for datatypes that come from the source."""
    found, wanted = list(found), list(wanted)
    if canonical(found) == canonical(wanted):
        return Outcome(Status.PASSED)
    if canonical(map(_plain, found)) == canonical(map(_plain, wanted)):
        return Outcome(Status.NATURAL)
    here, there = set(map(_shape, found)), set(map(_shape, wanted))
    return Outcome(Status.FAILED, f"{_some(here - there, 'more')}{_some(there - here, 'missing')}" or "other nodes")


def _some(lines: set[str], word: str) -> str:
    return f"{len(lines)} {word}, as {min(lines)}; " if lines else ""


def _shape(quad: ox.Quad) -> str:
    parts = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return " ".join("_:" if isinstance(part, ox.BlankNode) else str(part) for part in parts)


def _plain(quad: ox.Quad) -> ox.Quad:
    """A statement whose literal has no datatype that its source may give it, and a number one way of writing."""
    text = quad.object
    if not isinstance(text, ox.Literal) or text.language or text.datatype.value not in NATURAL:
        return quad
    value = repr(float(text.value)) if _NUMBER.fullmatch(text.value) else text.value.removesuffix("Z")
    return ox.Quad(quad.subject, quad.predicate, ox.Literal(value), quad.graph_name)
