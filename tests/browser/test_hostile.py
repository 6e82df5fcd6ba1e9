"""Labels that attack, seen in a browser on a telephone: nothing runs, nothing is fetched, nothing leaves the window."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from serving import running
from tiny import PAGES, write_hostile

NODE = Path(__file__).parent / "node"
GRAVE = frozenset({"serious", "critical"})


@pytest.fixture(scope="module")
def seen(
    browser: str, pictures: str | None, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Mapping[str, Any]]:
    """What was seen of each kind of page, by turns in a language of each direction."""
    releases, work = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("work")
    write_hostile(releases)
    visits = [
        {"name": f"hostile-{kind}", "path": f"{path}lang={language}", "widths": [390], "script": True, "axe": True}
        for (kind, path), language in zip(PAGES.items(), cycle(("ar", "en")), strict=False)
    ]
    with running(releases, root, work) as (url, _):
        tasks = {"chromium": browser, "url": url, "screenshots": pictures, "visits": visits}
        done = subprocess.run(
            ["node", "visit.js"], cwd=NODE, input=json.dumps(tasks), capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return {visit["name"].partition("-")[2]: visit for visit in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_of_hostile_labels_stays_in_its_window_and_asks_nobody(
    seen: Mapping[str, Mapping[str, Any]], kind: str
) -> None:
    found = seen[kind]
    said = [line for line in found["said"] if "Failed to load resource" not in line]
    assert (found["foreign"], said) == ([], [])
    assert {layout["overflow"] for layout in found["layouts"].values()} == {0}
    assert [it for it in found["axe"] if it["impact"] in GRAVE] == []
