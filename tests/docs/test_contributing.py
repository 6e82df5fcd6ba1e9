"""What is written for those who carry on holds: paths, commands, versions, hooks and the workflow of the forge."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import click
import pytest

from kg.cli.main import kg
from kg.positions import Node, Sequence, Table, Value, parse_yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("CONTRIBUTING.md", "SECURITY.md")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`\n]+)`")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> list[str]:
    """The commands of a page: lines of its blocks without their remarks, and code within lines."""
    page = text_of(name)
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ]
    return [part.strip() for line in [*lines, *CODE.findall(page)] for part in line.partition("#")[0].split("&&")]


def plain(node: Node | None) -> object:
    match node:
        case Table():
            return {key: plain(value) for key, value in node}
        case Sequence():
            return [plain(item) for item in node.items]
        case Value():
            return node.text
    raise TypeError(node)


def yaml(name: str) -> dict[str, object]:
    found = plain(parse_yaml(text_of(name).encode(), name, prose=False))
    assert isinstance(found, dict)
    return found


def is_command(words: list[str]) -> bool:
    """Whether the words of a command line of ours name a command and options that it has."""
    command = kg.get_command(click.Context(kg), words[1]) if not words[1].startswith("-") else kg
    if command is None:
        return False
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    return {word for word in words[2:] if word.startswith("-")} <= known


@pytest.mark.parametrize("page", PAGES)
def test_paths_exist(page):
    folders = {path.name for path in ROOT.iterdir()}
    named = [code for code in CODE.findall(text_of(page)) if re.fullmatch(r"[\w./-]+", code)]
    paths = [name for name in named if name.split("/")[0] in folders or re.fullmatch(r"\w+\.(md|toml|cff|py)", name)]
    missing = [name for name in paths if name != "kg/cli/NAME.py" and not (ROOT / name).exists()]
    assert missing == []
    assert page != "CONTRIBUTING.md" or len(paths) > 25


@pytest.mark.parametrize("page", PAGES)
def test_commands_exist(page):
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    for line in commands(page):
        words = line.split()
        match words:
            case ["make", target, *_]:
                assert target in targets, line
            case ["kg", _, *_]:
                assert is_command(words), line
            case ["pytest", *rest]:
                assert [word for word in rest if "/" in word and not (ROOT / word).exists()] == [], line
            case _:
                pass


def test_the_names_of_the_code_that_are_told_are_there():
    page = text_of("CONTRIBUTING.md")
    for name, module in (
        ("_COMMANDS", "kg/cli/main.py"), ("@common", "kg/cli/output.py"), ("batches_of", "kg/rml/sources/rows.py"),
        ("columns_of", "kg/rml/sources/rows.py"), ("is_divisible", "kg/rml/sources/rows.py"),
    ):  # fmt: skip
        assert f"`{name}`" in page
        assert re.search(rf"^(?:def )?{name.strip('@')}\b", text_of(module), re.MULTILINE), name
    assert "# expect: " in text_of("ontology/public-policy/shapes/cases/invalid/BudgetShape.ttl")


def test_the_citation_is_of_this_version():
    citation = yaml("CITATION.cff")
    required = {"cff-version", "message", "title", "authors"}
    known = required | {
        "type",
        "abstract",
        "version",
        "license",
        "keywords",
        "date-released",
        "doi",
        "repository-code",
        "url",
    }
    assert required <= set(citation) <= known
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == PROJECT["version"]
    assert citation["authors"] == PROJECT["authors"]
    assert str(citation["license"]) in PROJECT["license"]


def test_the_hooks_call_what_make_lint_calls():
    (repository,) = yaml(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    entries = {hook["id"]: hook["entry"] for hook in repository["hooks"]}
    assert entries["lint"] == "make lint"
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}
    for entry in entries.values():
        words = entry.removeprefix(".venv/bin/").split()
        assert words[0] == "make" or is_command(words), entry
    lint = MAKEFILE.partition("\nlint:")[2].partition("\n\n")[0]
    assert all(tool in lint for tool in ("ruff check", "ruff format --check", "mypy"))


def test_the_workflow_runs_the_suite_with_the_oldest_and_the_newest_python():
    job = yaml(".github/workflows/ci.yml")["jobs"]["suite"]
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert job["strategy"]["matrix"]["python"] == [oldest, "3"]
    assert job["container"] == "python:${{ matrix.python }}"
    assert "PYTHON ?=" in MAKEFILE
    assert job["env"]["PYTHON"].endswith("python3")
