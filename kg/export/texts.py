"""Texts of documents beside a release: those alone whose documents say that they may be given away.

They are named by their hashes, which the statements have: they have no part in the id of a release, and whoever builds
without them at hand has the same release.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kg.files import replaced
from kg.runs.sealing import digest_of

FOLDER: Final = "texts"


def add_texts(release: Path, texts: Mapping[str, Path]) -> None:
    """Put texts into the folder of a release, each by its hash; one that is not what its hash says is left out.

    :raises OSError: if one cannot be read, or the disk is full, read-only or not permitted
    """
    for sha256, path in sorted(texts.items()):
        place = release / FOLDER / f"{sha256}.txt"
        if place.exists() and digest_of(place) == sha256:
            continue
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == sha256:
            place.parent.mkdir(exist_ok=True)
            with replaced(place) as file:
                file.write(content)
