"""From files of RDF to a served release in the three commands of the page; and files at the command line."""

from __future__ import annotations

import gzip
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner
from patience import PATIENCE
from rdfdata.own_rdf import BOATS, HEAD, ONTOLOGY, SHAPES

from kg.cli.main import kg
from kg.errors import KgError
from kg.rdfdata import starting
from server.app import create_app
from server.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rdf-input.md").read_text(encoding="utf-8")


def run(*arguments: str | Path) -> tuple[int, str]:
    """A command, in this process."""
    done = CliRunner().invoke(kg, [str(argument) for argument in arguments])
    return done.exit_code, done.output


def test_three_commands_lead_to_a_served_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    block = re.search(r"```sh\n(kg init .*?)```", PAGE, re.DOTALL)
    assert block is not None
    first, second, third = (shlex.split(line)[1:] for line in block[1].splitlines())
    monkeypatch.chdir(tmp_path)
    for name, text in (("my.ttl", BOATS), ("ont.ttl", ONTOLOGY), ("shapes.ttl", SHAPES)):
        Path(name).write_text(text, encoding="utf-8")
    code, said = run(*first)
    assert code == 0, said
    assert "my.ttl: data" in said
    assert "ont.ttl: ontology" in said
    assert "shapes.ttl: shapes" in said
    assert "IRIs below https://example.org/quay/" in said
    code, said = run(*second)
    assert code == 0, said
    tried = run("test", "orchard")
    assert tried == (0, "passed    question files: 1 row, as expected\n1 passed\n")
    served = subprocess.Popen(
        [sys.executable, "-m", "kg", *third],
        env={**os.environ, "PYTHONPATH": str(ROOT), "KG_SERVER_PORT": "0"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert served.stdout is not None
        address = served.stdout.readline().strip().rstrip("/")
        asked = f"{address}/resource?iri=https%3A%2F%2Fexample.org%2Fquay%2Ftern&format=html&lang=en"
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            assert "data/rdf/my.ttl:7" in answer.read().decode()
    finally:
        served.send_signal(signal.SIGINT)
        served.communicate(timeout=PATIENCE)


def test_files_of_several_kinds_go_to_several_places(tmp_path: Path) -> None:
    mixed = f"{ONTOLOGY}{BOATS}"
    contents = {
        "claims.ttl": SHAPES,
        "mixed.ttl": mixed,
        "Über Boote.nt.gz": gzip.compress(b"<http://e.org/a> <http://e.org/p> <http://e.org/b> .\n"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "rel.jsonld").write_text('{"@id": "a", "http://e.org/p": 1}', encoding="utf-8")
    given = starting.look(starting.lying_in(tmp_path), {})
    begun = starting.start(given, "https://example.org/quay/", "quay")
    assert set(begun.files) == {
        "shapes/own.ttl", "vocabulary/mixed.ttl", "data/rdf/mixed.ttl", "data/rdf/Über Boote.nt.gz",
        "data/rdf/rel.jsonld", "data/rdf/rdf.yaml", "data/queries/files.tsv",
    }  # fmt: skip
    register = begun.files["data/rdf/rdf.yaml"].decode()
    assert '  ber-boote:\n    file: "Über Boote.nt.gz"\n' in register
    assert register.count("    base: https://example.org/quay/") == 1  # of the file with relative IRIs
    told = starting.look([tmp_path / "mixed.ttl"], {"shapes": [tmp_path / "mixed.ttl"]})
    assert told[0].roles == {"shapes"}


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "there are no files of RDF"), (ONTOLOGY, "none of these files is data"), ("a b c", r"x\.ttl:1: not Turtle")],
)
def test_what_makes_no_project_is_told(tmp_path: Path, text: str, told: str) -> None:
    if text:
        (tmp_path / "x.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(KgError, match=told):
        starting.start(starting.look(starting.lying_in(tmp_path), {}), "https://example.org/quay/", "quay")


def test_files_are_compared_by_what_they_say(tmp_path: Path) -> None:
    a, b = tmp_path / "a.ttl", tmp_path / "b.nt"
    a.write_text(BOATS, encoding="utf-8")
    assert run("export", "ntriples", a, "-o", b)[0] == 0
    assert run("diff", a, b) == (0, f"{a} -> {b}\nstatements: 0 added, 0 removed\n")
    c = tmp_path / "c.ttl"
    c.write_text(BOATS.replace(":crew 3", ":crew 4"), encoding="utf-8")
    code, said = run("diff", a, c)
    assert code == 0
    assert [line[0] for line in said.splitlines()[2:]] == ["+", "-"]
    assert run("diff", a, tmp_path / "none.ttl")[0] == 2
    assert run("diff", a, "current")[0] == 2


def test_a_file_is_written_in_another_syntax_or_refused(tmp_path: Path) -> None:
    graphs, lost = tmp_path / "g.trig", tmp_path / "l.jsonld"
    graphs.write_text(f"{HEAD}q:g {{ q:a :crew 1 }}", encoding="utf-8")
    lost.write_text('{"@context": {"e": "http://e.org/"}, "@id": "http://e.org/a", "e:p": 1, "gone": 2}')
    code, said = run("export", "nquads", graphs)
    assert (code, said.count("<https://example.org/quay/g> .")) == (0, 1)
    assert ":crew" in run("export", "trig", graphs)[1]
    code, said = run("export", "turtle", graphs)
    assert code == 2
    assert "the file has named graphs" in said
    code, said = run("export", "turtle", lost)
    assert code == 1
    assert "the key 'gone' is in no context" in said
    assert run("export", "csv", graphs)[0] == run("export", "turtle", graphs, "--graph", "all")[0] == 2


PUBLISHED = """\
<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#"
  xmlns:owl="http://www.w3.org/2002/07/owl#" xml:base="https://culture.example/ont">
  <owl:Class rdf:about="#Site"><rdfs:label xml:lang="fr">Site</rdfs:label></owl:Class>
  <owl:Class rdf:about="#Monument"><rdfs:subClassOf><owl:Restriction><owl:onProperty rdf:resource="#builtIn"/>
    <owl:maxCardinality>1</owl:maxCardinality></owl:Restriction></rdfs:subClassOf></owl:Class>
  <owl:DatatypeProperty rdf:about="#builtIn"/>
</rdf:RDF>
"""
HASSAN = "https%3A%2F%2Fculture.example%2Fhassan"
SITES = """\
@prefix : <https://culture.example/ont#> .
<https://culture.example/hassan> a :Monument ; :builtIn "1195" .
"""


def test_an_ontology_whose_terms_lack_labels_becomes_a_project_that_builds(tmp_path: Path) -> None:
    """As they are published: in one language, with terms that have no label in any. What it says is there whole."""
    (tmp_path / "ont.owl").write_text(PUBLISHED, encoding="utf-8")
    (tmp_path / "sites.ttl").write_text(SITES, encoding="utf-8")
    folder = tmp_path / "sites"
    assert run("init", folder, "--from", "rdf", tmp_path / "ont.owl", tmp_path / "sites.ttl")[0] == 0
    code, said = run("build", folder)
    assert code == 0, said
    told = "vocabulary/ont.owl: 3 terms lack a label in a language of the project: Site, Monument, builtIn"
    assert told in said
    assert "left aside" not in said  # the restriction is published
    held = (folder / "kg.toml").read_text().replace("labelled = false", "labelled = true")
    (folder / "kg.toml").write_text(held)
    code, said = run("build", folder)
    assert code == 1
    assert "vocabulary/ont.owl:5: Monument has no label in ar, fr, en (add it; or say labelled = false" in said


def test_terms_without_a_label_are_listed_and_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ont.owl").write_text(PUBLISHED, encoding="utf-8")
    (tmp_path / "sites.ttl").write_text(SITES, encoding="utf-8")
    assert run("init", tmp_path / "p", "--from", "rdf", tmp_path / "ont.owl", tmp_path / "sites.ttl")[0] == 0
    monkeypatch.chdir(tmp_path / "p")
    assert run("build")[0] == 0
    assert 'builtIn: property of anything, its value: anything\n    builtIn: "a text"' in run("terms", "builtIn")[1]
    with create_app(Settings(tmp_path / "p" / "releases")).test_client() as client:
        page = client.get(f"/resource?iri={HASSAN}&lang=fr", headers={"Accept": "text/html"}).text
    assert "builtIn" in page
    assert "1195" in page
