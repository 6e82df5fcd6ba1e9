"""What a steward gets wrong is told with file, line and cure: all of it in one run, whatever else is wrong."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg import scaffold
from kg.cli.build import build

TABLE = tomllib.loads((Path(__file__).parent / "wrong_inputs.toml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = TABLE["fault"]
RUNS: list[dict[str, Any]] = TABLE["run"]
HEAD = "statedIn: {}\nreviewStatus: reviewed\nclaims:\n"
FILES = {"entity": "data/entities.yaml", "source": "data/sources.yaml"}
TEXTS = {
    "avis": (
        "fr",
        "L'autorité portuaire a annoncé un nouveau quai le 3 mai 2031. Le quai coûtera 40 millions d'euros.\n",
    ),
    "bayan": ("ar", "أعلنت سلطة الميناء في 3 ماي 2031 عن رصيف جديد. سيكلف الرصيف 40 مليون أورو.\n"),
}
LOST = (
    f"  lost-text: {{title: {{en: a}}, language: en, publisher: a, licence: a, sha256: {'0' * 64}, text: lost.txt}}\n"
)


def told_by(folder: Path) -> tuple[int, str, list[str]]:
    """The exit code of a build, what it says beside, and what it tells, each without its mark."""
    done = CliRunner().invoke(build, [str(folder)])
    said, *told = re.split(r"^error: ", done.stderr, flags=re.MULTILINE)
    assert not (folder / "releases" / "current").exists()
    return done.exit_code, said, [one.rstrip("\n").replace(f"{folder}/", "") for one in told]


def written(row: Mapping[str, Any]) -> bytes:
    """A file of claims."""
    text = str(row["claims"]) if "claims" in row else HEAD.format(row.get("document", "notice")) + row["claim"]
    if row.get("newline") == "crlf":
        text = text.replace("\n", "\r\n")
    return (b"\xef\xbb\xbf" if row.get("bom") else b"") + text.encode(row.get("encoding", "utf-8"))


def place(row: Mapping[str, Any]) -> str:
    kind = next((kind for kind in FILES if kind in row), None)
    return row.get("told_in", f"data/claims/{row['name']}.yaml") if kind is None else FILES[kind]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, int]]:
    """A project with every fault of the table, and the line before each entry."""
    folder = tmp_path_factory.mktemp("wrong") / "port"
    scaffold.make(folder, "port", "https://example.org/port/")
    sources = LOST
    for slug, (language, text) in TEXTS.items():
        (folder / "texts" / f"{slug}.txt").write_text(text, encoding="utf-8")
        ends = [match.end() for match in re.finditer(r"\.(?= |\n)", text)]
        spans = f"[[0, {ends[0]}], [{ends[0] + 1}, {ends[1]}]]"
        sources += (
            f"  {slug}: {{title: {{{language}: a}}, language: {language}, publisher: a, licence: a, text: {slug}.txt, "
            f"sha256: {hashlib.sha256(text.encode()).hexdigest()}, sentences: {spans}}}\n"
        )
    texts = {kind: (folder / name).read_text(encoding="utf-8") for kind, name in FILES.items()}
    texts["source"] += sources
    before: dict[str, int] = {}
    for row in ROWS:
        kind = next((kind for kind in FILES if kind in row), None)
        if kind is None:
            (folder / "data" / "claims" / f"{row['name']}.yaml").write_bytes(written(row))
        else:
            before[row["name"]] = texts[kind].count("\n")
            texts[kind] += row[kind]
    for kind, name in FILES.items():
        (folder / name).write_text(texts[kind], encoding="utf-8")
    return folder, before


@pytest.fixture(scope="module")
def told(project: tuple[Path, Mapping[str, int]]) -> Sequence[str]:
    """What one build tells of all of them."""
    code, said, told = told_by(project[0])
    assert code == 1
    left = "56 claims, 22 files that cannot be read and 18 of the documents and things"
    assert f"warning: the shapes were proved without {left}, of which something is wrong\n" in said
    return told


def wanted(row: Mapping[str, Any], before: Mapping[str, int]) -> list[str]:
    return [
        f"{place(row)}:{int(number) + before.get(row['name'], 0)}:{rest}"
        for number, _, rest in (one.partition(":") for one in row["told"])
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_fault_is_told_with_its_line_and_cure(
    row: Mapping[str, Any], project: tuple[Path, Mapping[str, int]], told: Sequence[str]
) -> None:
    assert [one for one in wanted(row, project[1]) if one not in told] == []


def test_all_are_told_at_once_and_nothing_that_is_right(
    project: tuple[Path, Mapping[str, int]], told: Sequence[str]
) -> None:
    assert sorted(told) == sorted(one for row in ROWS for one in wanted(row, project[1]))
    assert len({row["name"] for row in ROWS}) == len(ROWS)
    assert sum(bool(row["told"]) for row in ROWS) >= 60


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run["name"])
def test_what_must_be_mended_first_is_told_with_all_else_that_can_be_read(
    run: Mapping[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "port"
    scaffold.make(folder, "port", "https://example.org/port/")
    for name, (old, new) in run["files"].items():
        path = folder / name.rstrip("#")
        text = path.read_text(encoding="utf-8") if old else ""
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    code, said, told = told_by(folder)
    assert [one for one in run["told"] if not any(line.startswith(one) for line in told)] == [], told
    assert code == run["code"]
    assert run.get("said", "") in said
    assert len(told) == len(run["told"]) or not run.get("only")
