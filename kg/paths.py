"""Where the packaged ontology, shapes and data are: in a checkout or in an installed wheel."""

from __future__ import annotations

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
