"""The examples of a project: read, proved to be queries, and told with the line where they are none."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from small_project import kg, make

from kg.config import read_config
from kg.description.examples import general, read_examples
from kg.errors import DataError

HEAD = """@prefix q: <https://example.org/small/query/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix schema: <https://schema.org/> .

"""
GOOD = 'q:labs a sh:SPARQLExecutable ; rdfs:comment "Which laboratories?"@en, "Quels laboratoires ?"@fr ;\n  '
SELECT = 'sh:select "SELECT ?lab { ?lab a <https://w3id.org/zellige/ont#Laboratory> }" .\n'


def project(folder: Path, text: str) -> Path:
    make(folder)
    (folder / "data" / "queries").mkdir()
    (folder / "data" / "queries" / "own.ttl").write_text(text, encoding="utf-8")
    return folder


def test_an_example_is_read(tmp_path: Path) -> None:
    text = HEAD + GOOD + 'schema:keywords "lab"@en ; schema:target <https://elsewhere.example/sparql> ; ' + SELECT
    (found,) = read_examples(read_config(project(tmp_path, text), {}))
    assert (found.name, found.form) == ("https://example.org/small/query/labs", "select")
    assert found.questions == {"en": "Which laboratories?", "fr": "Quels laboratoires ?"}
    assert [word.value for word in found.keywords] == ["lab"]
    assert found.target == "https://elsewhere.example/sparql"


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert read_examples(read_config(make(tmp_path), {})) == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + "q:labs a sh:SPARQLExecutable", 4, "not Turtle"),
        (HEAD + GOOD.replace("rdfs:comment", "rdfs:seeAlso") + SELECT, 4, "no question in rdfs:comment"),
        (HEAD + GOOD + SELECT.replace("SELECT ?lab {", "SELECT ?lab WHER {"), 4, "is none"),
        (HEAD + GOOD + SELECT.replace("sh:select", "sh:ask"), 4, "holds a query of the form SELECT in sh:ask"),
        (HEAD + GOOD + 'sh:select "INSERT DATA { <urn:a> <urn:b> 1 }" .', 4, "INSERT is refused"),
        (HEAD + GOOD + 'sh:ask "ASK {}" ; ' + SELECT, 4, "2 queries in place of one"),
        (HEAD + "\n[] a sh:SPARQLExecutable ; rdfs:comment 'x' ; " + SELECT, 1, "an example is named by no IRI"),
    ],
)
def test_what_is_no_example_is_told(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read_examples(read_config(project(tmp_path, text), {}))
    assert said in str(caught.value)
    assert f"data/queries/own.ttl:{line}" in str(caught.value)


def test_a_build_stops_at_it_and_an_example_is_part_of_what_decides(tmp_path: Path) -> None:
    project(tmp_path, HEAD + GOOD + SELECT.replace("SELECT", "SELCT"))
    done = kg("build", cwd=tmp_path)
    assert done.returncode == 1
    assert "data/queries/own.ttl:4" in done.stderr
    (tmp_path / "data" / "queries" / "own.ttl").write_text(HEAD + GOOD + SELECT, encoding="utf-8")
    first = kg("build", cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    text = (tmp_path / "releases" / "current" / "void.ttl").read_text(encoding="utf-8")
    assert "Which laboratories?" in text
    (tmp_path / "data" / "queries" / "own.ttl").write_text(
        HEAD + GOOD.replace("Which", "What") + SELECT, encoding="utf-8"
    )
    assert kg("build", cwd=tmp_path).stdout != first.stdout


def test_the_general_ones_are_queries() -> None:
    store = ox.Store()
    for example in general():
        assert isinstance(store.query(example.text), ox.QuerySolutions)
        assert set(example.questions) == {"ar", "fr", "en"}
