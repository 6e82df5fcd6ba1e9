"""The other engines, in a virtual environment aside."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path
from typing import Final

PACKAGES: Final = ("pyshacl==0.40.1", "rdflib==7.6.0", "pyshacl-turbo==0.6.5", "shacl-rust==0.2.12")


def set_up(folder: Path) -> None:
    """Make the environment.

    :raises subprocess.CalledProcessError: if pip fails
    """
    venv.create(folder, with_pip=True, clear=True)
    subprocess.run([folder / "bin" / "pip", "install", "--quiet", *PACKAGES], check=True)


def python(folder: Path) -> str | None:
    """The interpreter of the environment, if it is there."""
    found = folder / "bin" / "python"
    return str(found) if found.exists() else None
