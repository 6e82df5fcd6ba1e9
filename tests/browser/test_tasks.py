"""A reader's ten tasks, from the home page within three clicks, in three languages, on a desk and a telephone.

One browser does them all, with a script on the desk and without on the telephone; it also walks by keyboard alone, and
prints a thing with its evidence.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from serving import running
from tiny import write_release

from kg.release import Release
from kg.terms import LANGUAGES

HERE = Path(__file__).parent
TASKS = {task["name"]: task for task in tomllib.loads((HERE / "tasks.toml").read_text(encoding="utf-8"))["task"]}
WIDTHS = (1280, 390)
CLICKS = 3
EARLIER = "0123456789abcdef"
A4 = (595, 842)
"""Points."""


@pytest.fixture(scope="module")
def releases(built: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first graph, and beside it another release with its base that was built before."""
    folder = tmp_path_factory.mktemp("releases")
    before = write_release(folder, EARLIER, current=False)
    os.utime(before / "manifest.json", (1, 1))
    (folder / built.id).symlink_to(built.path)
    (folder / "current").symlink_to(built.id)
    return folder


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("printed") / "target.pdf"


@pytest.fixture(scope="module")
def seen(
    browser: str,
    pictures: str | None,
    releases: Path,
    printed: Path,
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, Any]:
    """What was seen at the end of each task, by its name, language and width."""
    with running(releases, root, tmp_path_factory.mktemp("work")) as (url, _):
        given = {
            "chromium": browser,
            "url": url,
            "screenshots": pictures,
            "tasks": list(TASKS.values()),
            "languages": LANGUAGES,
            "widths": WIDTHS,
            "printed": {"path": "/id/target-economy?lang=en", "file": str(printed)},
        }
        done = subprocess.run(
            ["node", "tasks.js"],
            cwd=HERE / "node",
            input=json.dumps(given),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return {found["name"]: found for found in map(json.loads, done.stdout.splitlines())}


def test_the_tasks_are_ten_and_none_takes_more_than_three_clicks() -> None:
    assert len(TASKS) == 10
    assert all(len(task["clicks"]) + ("search" in task) <= CLICKS for task in TASKS.values())


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_done_in_every_language_and_at_every_width(
    seen: Mapping[str, Any], built: Release, name: str
) -> None:
    task = TASKS[name]
    for language in LANGUAGES:
        for width in WIDTHS:
            found, where = seen[f"{name}-{language}-{width}"], (name, language, width)
            assert found["clicks"] <= CLICKS
            if "saves" in task:
                assert (found["saved"], found["failure"]) == (task["saves"], None), where
                continue
            for words in task["words"][language]:
                asked = words.format(release=built.id, earlier=EARLIER)
                assert asked in found["text"], (where, asked, found["text"][:2000])
            assert task.get("link", "") in ["", *found["links"]], where
            assert found["overflow"] == 0, where


def test_no_task_asks_anybody_else(seen: Mapping[str, Any]) -> None:
    assert [seen[f"foreign-{width}"]["foreign"] for width in WIDTHS] == [[], []]


def test_a_thing_is_reached_by_the_keyboard_alone_and_each_stop_is_seen(seen: Mapping[str, Any]) -> None:
    found = seen["keyboard"]
    assert found["skip"] == "#page-content"
    assert "/id/target-economy" in found["address"]
    assert found["heading"] == "AI contribution to the national economy (target)"
    # What stands past the menus comes first.
    assert not any((stop["href"] or "").startswith(("/query?lang", "/?")) for stop in found["stops"][:3])
    assert [stop for stop in found["stops"] if not stop["seen"] or stop["outline"] in {"none", ""}] == []


def test_a_thing_is_printed_on_a4_with_the_words_of_its_evidence(seen: Mapping[str, Any], printed: Path) -> None:
    del seen
    content = printed.read_bytes()
    boxes = re.findall(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", content)
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {A4}
    assert 1 <= len(boxes) <= 12
    # Its pages draw letters: the figure and the words of the evidence, which no test reads without a reader of PDF.
    assert sum(stream.count(b"Tj") + stream.count(b"TJ") for stream in streams(content)) > 50


def streams(content: bytes) -> Iterator[bytes]:
    """What the pages of a document draw."""
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue
