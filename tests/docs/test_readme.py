"""The README: its pasted runs are what the commands print, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_project import kg

from kg.release import Release

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNS = re.findall(r"^```console\n\$ kg (query \S+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("command", "printed"), RUNS, ids=[run[0] for run in RUNS])
def test_pasted_runs_are_what_the_commands_print(command: str, printed: str, built: Release) -> None:
    done = kg(*command.split(), "--releases", built.path.parent, cwd=ROOT)
    assert done.stdout == printed, done.stderr


def test_the_pasted_error_is_what_the_command_prints(shared: Path, tmp_path: Path) -> None:
    name = "ai-made-in-morocco.ar.txt"
    text = (shared / "sources" / name).read_text(encoding="utf-8")
    (tmp_path / "altered").mkdir()
    (tmp_path / "altered" / name).write_text(text.replace("10.8", "10.9"), encoding="utf-8")
    done = kg("verify", ROOT, "--sources", "altered", cwd=tmp_path)
    printed = re.search(r"^\$ kg verify --sources altered\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert printed
    assert printed[1] in done.stderr


def test_there_are_four_runs() -> None:
    assert len(re.findall(r"^```console", README, re.MULTILINE)) == 4


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
