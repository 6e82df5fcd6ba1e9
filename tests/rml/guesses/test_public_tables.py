"""First mappings of tables that public bodies publish: how many lines are changed until their triples are right."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from rml.guesses.running import mapped

PUBLIC = Path(__file__).parent / "public"
TABLES: dict[str, dict[str, Any]] = tomllib.loads((PUBLIC / "tables.toml").read_text(encoding="utf-8"))
MOST_LINES = 15


@pytest.mark.parametrize("name", TABLES)
def test_the_first_mapping_of_a_public_table(name: str, tmp_path: Path) -> None:
    table = TABLES[name]
    files = [Path(shutil.copy(PUBLIC / file, tmp_path)) for file in table["files"]]
    _, lines = mapped(*files, edits=table["edits"])
    right = {re.sub(r'"\^\^(\w+)$', r'"^^<\1>', line) for line in table["right"]}
    assert right - lines == set()
    assert [part for part in table["wrong"] if any(part in line for line in lines)] == []


def test_each_is_a_small_extract_with_source_and_licence() -> None:
    assert len(TABLES) == 8
    files = [file for table in TABLES.values() for file in table["files"]]
    assert {path.name for path in PUBLIC.iterdir()} == {*files, "tables.toml"}
    for file in files:
        assert len((PUBLIC / file).read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    for table in TABLES.values():
        assert table["source"].startswith("https://")
        assert table["licence"]


def test_hardly_a_line_has_to_be_changed() -> None:
    assert sum(len(table["edits"]) for table in TABLES.values()) == 1
