"""The page of targets and collections says what is so."""

from __future__ import annotations

import gzip
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.rml.mapping.model import Collection, Compression, Serialization

Blocks = Callable[[str], str]
Follow = Callable[[str, Path], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "targets.md").read_text(encoding="utf-8")


def row(page: str, name: str) -> list[str]:
    """The values that the table of the page has for a property."""
    found = re.search(rf"^\| `rml:{name}` \| (.*?) \|", page, re.MULTILINE)
    assert found
    return [value.rpartition(":")[2] for value in re.findall(r"`([\w:-]+)`", found[1])]


def test_the_tables_name_all_that_there_is(page: str) -> None:
    assert row(page, "serialization") == list(Serialization)
    assert set(row(page, "compression")) == set(Compression)
    assert row(page, "gatherAs") == list(Collection)


def test_the_example_of_the_page_runs(page: str, tmp_path: Path, blocks: Blocks, follow: Follow) -> None:
    (tmp_path / "dams.rml.ttl").write_text(page.partition("```turtle\n")[2].partition("```")[0], encoding="utf-8")
    (tmp_path / "dams.csv").write_text("code,name,height\nD1,Bin el Ouidane,132\n", encoding="utf-8")
    done = follow(blocks("docs/targets.md"), tmp_path)
    assert done.returncode == 0, done.stderr
    rest = (tmp_path / "rest.nq").read_text(encoding="utf-8")
    assert rest == '<https://example.org/dam/D1> <https://example.org/height> "132" .\n'
    names = gzip.decompress((tmp_path / "out" / "names.ttl.gz").read_bytes()).decode()
    assert names == '@prefix ex: <https://example.org/> .\nex:dam\\/D1 ex:name "Bin el Ouidane" .\n'
