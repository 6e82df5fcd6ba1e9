"""What every test that looks through a browser needs: the browser, what drives it, and a place for pictures."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

NODE = Path(__file__).parent / "node"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
SCREENSHOTS = "KG_SCREENSHOTS"
"""The variable that names the folder of the pictures; without it, build/screenshots."""


@pytest.fixture(scope="module")
def browser() -> str:
    """The program of a browser."""
    node, found = shutil.which("node"), [path for name in PROGRAMS if (path := shutil.which(name))]
    if not found:
        pytest.skip("no Chromium here: no test looks at the pages through a browser (apt-get install chromium)")
    if node is None or not (NODE / "node_modules").is_dir():
        pytest.skip("playwright-core is not installed here: run 'make clients'")
    return found[0]


@pytest.fixture(scope="session")
def pictures(root: Path) -> Path:
    """The folder of the pictures that are taken."""
    folder = Path(os.environ.get(SCREENSHOTS) or root / "build" / "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
