"""The text of a document, where its release gives it away: what the statements say of it decides, and nothing else."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.terms import expand
from server.pages.evidence import Statement
from server.releases import Release

LARGEST: Final = 2_000_000
"""Size of the largest text that is shown, in bytes."""
_FOLDER: Final = "texts"
_LICENCE: Final = expand("dct:license")
_IDENTIFIER: Final = expand("dct:identifier")
_HASH: Final = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Given:
    """A text that may be shown to everybody."""

    text: str
    licence: str
    """The IRI of what allows it."""


def read_given(release: Release, facts: Iterable[Statement]) -> Given | None:
    """The text of a document of which `facts` are stated; None unless they give it a licence and its very hash.

    A file that is other than its hash says is no text of the document: it is logged and not shown.
    """
    said = tuple(facts)
    licence = next((it.value.value for it in said if it.property.value == _LICENCE and it.value.kind == "iri"), None)
    names = (_HASH.fullmatch(it.value.value) for it in said if it.property.value == _IDENTIFIER)
    sha256 = next((name[1] for name in names if name), None)
    if licence is None or sha256 is None:
        return None
    path = release.path / _FOLDER / f"{sha256}.txt"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError:
        return None
    if len(content) > LARGEST:
        _LOG.warning("%s is not shown: it has more than %d bytes", path, LARGEST)
        return None
    if hashlib.sha256(content).hexdigest() != sha256:
        _LOG.error("%s is not shown: it is another text than its name says", path)
        return None
    try:
        return Given(content.decode(), licence)
    except UnicodeDecodeError:
        _LOG.error("%s is not shown: it is no UTF-8", path)
        return None
