"""Pages are followed literally: their shell blocks are run as they stand, with `kg` from this checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest
from patience import PATIENCE
from processes import forking

ROOT = Path(__file__).resolve().parents[2]
Follow = Callable[[str, Path], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def blocks() -> Callable[[str], str]:
    """The shell blocks of a page, as one script."""

    def read(page: str) -> str:
        text = (ROOT / page).read_text(encoding="utf-8")
        return "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))

    return read


@pytest.fixture(scope="session")
def follow(tmp_path_factory: pytest.TempPathFactory) -> Follow:
    """Runs a script in a folder; the shell stops at the first command that fails."""
    script = forking.command(tmp_path_factory.mktemp("bin"))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    environ = {
        **clean,
        "PATH": os.pathsep.join([str(script.parent), sysconfig.get_path("scripts"), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
    }

    def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
        command = ["bash", "-e", "-c", text]
        return subprocess.run(
            command,
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )

    return run
