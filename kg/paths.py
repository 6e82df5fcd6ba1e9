"""This installation: where its vocabulary and its data are, in a checkout or a wheel, and which program it is."""

from __future__ import annotations

import hashlib
import re
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from kg.errors import OperationError

_PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str = "") -> Path:
    """The folder `name` (`ontology`, `data`) that came with this installation.

    A wheel carries it as `kg/_data/<name>`; in a checkout it stands beside the package.

    :raises OperationError: if the installation lacks it

    >>> data_dir("ontology").name
    'ontology'
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (root / "kg.toml").is_file() and (root / name).is_dir():
            return root / name
    raise OperationError(f"this installation has no folder {name!r}", hint="reinstall zellige")


LAYER_FILE: Final = "layer.toml"
"""What makes a folder a layer of vocabulary."""
SHAPES_FILE: Final = "terms.ttl"
"""The shapes that follow from the terms of a layer, in its folder of shapes."""


def layer_folders(own: Path | None = None) -> dict[str, Path]:
    """The folders of the layers of vocabulary, by name: those that came with this installation, and those of a project.

    One of the project takes the place of the packaged one of its name.

    >>> sorted(layer_folders())
    ['core', 'public-policy']
    """
    found = {path.parent.name: path.parent for path in sorted(data_dir("ontology").glob(f"*/{LAYER_FILE}"))}
    if own is not None:
        found.update({path.parent.name: path.parent for path in sorted(own.glob(f"*/{LAYER_FILE}"))})
    return found


@cache
def program_digest() -> str:
    """A hash of this program: its sources, the Python that runs them, and the versions of what it is built upon.

    While it is the same, the same is made of the same, so that what was made need not be made again.
    """
    from importlib.metadata import PackageNotFoundError, requires, version  # nothing else needs it, and it is slow

    total = hashlib.sha256(sys.version.encode())
    for requirement in sorted(requires("zellige") or ()):
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        with suppress(PackageNotFoundError):  # of an extra that is not installed
            total.update(f"\n{name} {version(name)}".encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        total.update(f"\n{path.relative_to(_PACKAGE).as_posix()}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()
