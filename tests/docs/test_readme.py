"""The README: its pasted runs are what the commands print, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_project import kg

from kg.release import Release
from kg.store import parse_rule

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
RUNS = [
    pytest.param(*run, id=f"{page.name}: {run[0]}")
    for page in PAGES
    for run in re.findall(
        r"^```console\n\$ kg (query [^\n]+)\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
]


@pytest.mark.parametrize(("command", "printed"), RUNS)
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


def test_there_are_three_runs_pictures_of_each_kind_of_page_and_no_table_of_figures() -> None:
    assert len(re.findall(r"^```console", README, re.MULTILINE)) == 3
    pictures = re.findall(r"!\[[^\]]{10,}\]\(([^)]+)\)", README)
    kinds = {"claim", "home", "contested", "document", "table", "query", "timeline"}
    assert {Path(picture).stem.partition("-")[0] for picture in pictures} == kinds
    for picture in pictures:
        assert (ROOT / picture).read_bytes()[:4] == b"\x89PNG"
        assert (ROOT / picture).stat().st_size < 150_000
    assert README.count("bench/") == 0
    assert len(re.sub(r"!\[[^\]]*\]\([^)]*\)", "", README).split()) < 1_100


def test_the_figures_name_commands_that_exist() -> None:
    page = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    table = page.partition("## Figures\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?!what \||---)(.+) \| (.+) \| (.+) \|$", table, re.MULTILINE)
    assert len(rows) > 30
    for place in re.findall(r"`(?:python|pytest) (\S+?\.py)", table):
        assert (ROOT / place).is_file(), place


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text):
        found = page.parent / target if target else page
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """The anchors that a forge gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_that_calls_kg_says_where_it_is(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|console)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    if any(re.search(r"^(?:\$ )?kg ", block, re.MULTILINE) for block in blocks):
        assert ".venv/bin/activate" in text or "](reference.md#commands)" in text


def test_the_rule_is_told_in_the_version_that_it_has() -> None:
    rule = parse_rule((ROOT / "ontology" / "core" / "default-graph.rq").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    assert re.findall(r"In words, version (\S+):", page) == [rule.version]
