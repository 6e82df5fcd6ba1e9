"""The tutorial on tables is followed literally, and the examples of YARRRML are read."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.rml.mapping.yarrrml.translation import read_yarrrml

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "tables-tutorial.md").read_text(encoding="utf-8")
Blocks = Callable[[str], str]
Follow = Callable[[str, Path], "subprocess.CompletedProcess[str]"]
Followed = tuple[Path, subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory, blocks: Blocks, follow: Follow) -> Followed:
    """The folder after every block was run, and what the shell said."""
    folder = tmp_path_factory.mktemp("followed")
    done = follow(blocks("docs/tables-tutorial.md"), folder)
    assert done.returncode == 0, done.stderr
    return folder / "water", done


def test_it_shows_what_it_says(followed: Followed) -> None:
    folder, done = followed
    (shown,) = re.findall(r"^```text\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in shown.splitlines():
        assert line in done.stdout
    assert (folder / "dams.rml.ttl").read_text(encoding="utf-8").count("rml:predicateObjectMap") == 9


def test_the_edited_mapping_holds(followed: Followed) -> None:
    folder, _ = followed
    lines = set((folder / "edited.nq").read_text(encoding="utf-8").splitlines())
    here, year = "<https://data.example.com/dam/D1>", "http://www.w3.org/2001/XMLSchema#gYear"
    assert f'{here} <https://example.org/terms#built> "1997"^^<{year}> .' in lines
    assert f"{here} <https://schema.org/url> <https://example.com/dams/north> ." in lines
    assert not [line for line in lines if "example.org/dams" in line]
    assert len(lines) == 26


def test_the_link_joins_two_tables(followed: Followed) -> None:
    folder, _ = followed
    lines = (folder / "cities.nq").read_text(encoding="utf-8").splitlines()
    at = "https://data.example.com"
    assert {line for line in lines if "nearTo" in line} == {
        f"<{at}/dam/D1> <{at}/terms#nearTo> <{at}/city/upper-town> .",
        f"<{at}/dam/D2> <{at}/terms#nearTo> <{at}/city/new-harbour> .",
    }


def test_the_mistake_is_told(followed: Followed) -> None:
    folder, done = followed
    mapping = (folder / "wrong.rml.ttl").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(mapping, 1) if 'rml:reference "hieght"' in text)
    assert re.search(rf"wrong\.rml\.ttl:{line}: .*hieght.*did you mean 'height'", done.stderr)
    assert re.search(r"exit code [12]", done.stdout)
    assert not (folder / "wrong.nq").exists()


def test_the_rows_have_their_evidence(followed: Followed) -> None:
    folder, done = followed
    assert "133,https://data.example.com/table/dams#row=3,data/tables/dams.csv" in done.stdout.splitlines()
    assert (folder / "graph" / "releases" / "current" / "graph.nq.gz").is_file()


def test_the_examples_of_yarrrml_are_read(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "yarrrml.md").read_text(encoding="utf-8")
    example, links = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "m.yml").write_text(example, encoding="utf-8")
    assert len({s.subject for s in read_yarrrml(tmp_path / "m.yml") if s.object.value.endswith("TriplesMap")}) == 2
    for link in links.splitlines():
        body = f"{{sources: t.csv~csv, po: [[ex:p, {{mapping: m, {link}}}]]}}"
        (tmp_path / "l.yml").write_text(f"prefixes: {{ex: http://e/}}\nmappings:\n  m: {body}\n", encoding="utf-8")
        statements = read_yarrrml(tmp_path / "l.yml")
        assert {s.object.value for s in statements if s.predicate.value.endswith("/child")} == {"city"}
