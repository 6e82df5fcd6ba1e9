"""What every test that looks through a browser needs: the browser, what drives it, and a place for pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

NODE = Path(__file__).parent / "node"
# The shell first: the same engine without the windows, menus and services of a browser, at half of the cost.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SCREENSHOTS = "KG_SCREENSHOTS"
"""The variable that names the folder of pictures of what was seen; without it none are taken, since no test reads one."""


@pytest.fixture(scope="module")
def browser() -> str:
    """The program of a browser."""
    node, found = shutil.which("node"), [path for name in PROGRAMS if (path := shutil.which(name))]
    if not found:
        pytest.skip(
            "no Chromium here: no test looks at the pages through a browser (apt-get install chromium-headless-shell)"
        )
    if node is None or not (NODE / "node_modules").is_dir():
        pytest.skip("playwright-core is not installed here: run 'make clients'")
    return found[0]


@pytest.fixture(scope="session")
def pictures() -> str | None:
    """The folder of the pictures that are taken; None if nobody wants any."""
    folder = os.environ.get(SCREENSHOTS)
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return str(Path(folder).resolve())
