"""The report on quotes that lies beside a release: how many were held against their texts."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_LARGEST: Final = 64 << 20
"""Bytes of a report that is read; one line of a document takes some two hundred."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Quotes:
    """How many quotes of a release hold."""

    verified: int
    """Word for word, at their offsets, in the text that their document describes."""
    failed: int
    """Not in the text that was at hand; their claims are not reviewed."""
    unchecked: int
    """Nobody knows: no text was at hand."""


class QuoteReport:
    """The report beside one release, read again when its file is another one: a later build may know more."""

    def __init__(self, release: Path) -> None:
        """`release` is the folder of the release."""
        self._path, self._id = release.with_name(f"{release.name}.quotes.json"), release.name
        self._known: tuple[object, Quotes | None] = (None, None)

    def current(self) -> Quotes | None:
        """What the report says; None without a report, or with one that cannot be read, which is logged once."""
        try:
            found = os.stat(self._path)  # noqa: PTH116 -- the whole answer is what tells one file from the next
        except OSError:
            return None
        # Both in one assignment: threads read it without a lock.
        signature = (found.st_ino, found.st_mtime_ns, found.st_size)
        if signature != self._known[0]:
            self._known = (signature, self._read())
        return self._known[1]

    def _read(self) -> Quotes | None:
        try:
            with self._path.open("rb") as file:
                return _quotes(json.loads(file.read(_LARGEST)), self._id)
        except (OSError, ValueError, RecursionError) as error:
            _LOG.warning("the report on quotes %s is passed over: %s; build again", self._path, error)
            return None


def _quotes(report: Any, release_id: str) -> Quotes:
    match report:
        case {"release": str(name), "verified": int(verified), "failed": int(failed), "unchecked": int(unchecked)} if (
            name == release_id and min(verified, failed, unchecked) >= 0
        ):
            return Quotes(verified, failed, unchecked)
    raise ValueError(f"it tells no figures of the release {release_id}")
