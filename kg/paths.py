"""This installation: where its ontology, shapes and data are, in a checkout or a wheel, and which program it is."""

from __future__ import annotations

import hashlib
import re
import sys
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from kg.errors import OperationError

_PACKAGE = Path(__file__).resolve().parent


def data_dir(name: str = "") -> Path:
    """The folder `name` (`ontology`, `shapes`, `data`) that came with this installation.

    A wheel carries it as `kg/_data/<name>`; in a checkout it stands beside the package.

    :raises OperationError: if the installation lacks it

    >>> data_dir("ontology").name
    'ontology'
    """
    for root in (_PACKAGE / "_data", _PACKAGE.parent):
        if (root / "kg.toml").is_file() and (root / name).is_dir():
            return root / name
    raise OperationError(f"this installation has no folder {name!r}", hint="reinstall zellige")


@cache
def program_digest() -> str:
    """A hash of this program: its sources, the Python that runs them, and the versions of what it is built upon.

    While it is the same, the same is made of the same, so that what was made need not be made again.
    """
    total = hashlib.sha256(sys.version.encode())
    for requirement in sorted(requires("zellige") or ()):
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        with suppress(PackageNotFoundError):  # of an extra that is not installed
            total.update(f"\n{name} {version(name)}".encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        total.update(f"\n{path.relative_to(_PACKAGE).as_posix()}\n".encode())
        total.update(path.read_bytes())
    return total.hexdigest()
