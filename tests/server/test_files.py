"""`kg serve FILE...`: RDF files without a project, with the same protocol."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from patience import PATIENCE
from pyoxigraph import Literal, NamedNode, Quad, Store
from small_project import ROOT, kg

from kg.cli import serve as command


@contextmanager
def serving(folder: Path, *files: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
    (folder / "tmp").mkdir()
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", *files]
    process = subprocess.Popen(
        command, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url, process.communicate(timeout=PATIENCE)[1]
        yield url, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)


def ask(url: str, query: str) -> list[dict[str, str]]:
    request = urllib.request.Request(
        f"{url}sparql",
        urllib.parse.urlencode({"query": query}).encode(),
        {"Accept": "application/sparql-results+json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        rows = json.load(response)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def test_files_of_several_syntaxes_are_served_together_and_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("@prefix e: <http://e/> . e:a e:name 'أ'@ar ; e:knows [ e:name 'x' ] .")
    (tmp_path / "b.nq").write_text('<http://e/b> <http://e/name> "b" <http://e/g> .\n')
    with serving(tmp_path, "a.ttl", "b.nq") as (url, process):
        assert ask(url, "SELECT ?n { <http://e/a> <http://e/knows>/<http://e/name> ?n }") == [{"n": "x"}]
        assert ask(url, "SELECT ?g ?n { GRAPH ?g { ?s <http://e/name> ?n } }") == [{"g": "http://e/g", "n": "b"}]
        with urllib.request.urlopen(f"{url}rdf-graph-store?graph=http://e/g", timeout=PATIENCE) as graph:
            assert graph.read() == b'<http://e/b> <http://e/name> "b" .\n'
        with urllib.request.urlopen(url, timeout=PATIENCE) as page:
            assert "a.ttl, b.nq" in page.read().decode()
        with urllib.request.urlopen(f"{url}openapi.json", timeout=PATIENCE) as interface:
            assert json.load(interface)["info"]["title"] == "a.ttl, b.nq"
    assert process.returncode == 0
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_folder_stands_for_the_files_in_it_and_below_it(tmp_path: Path) -> None:
    (tmp_path / "town" / "old").mkdir(parents=True)
    (tmp_path / "town" / "a.ttl").write_text('<http://e/a> <http://e/name> "a" .', encoding="utf-8-sig")
    (tmp_path / "town" / "old" / "b.nq.gz").write_bytes(
        gzip.compress(b'<http://e/b> <http://e/name> "b" <http://e/g> .')
    )
    (tmp_path / "town" / "notes.txt").write_text("no RDF")
    with serving(tmp_path, "town") as (url, _):
        names = ask(
            url, "SELECT ?n { { ?s <http://e/name> ?n } UNION { GRAPH ?g { ?s <http://e/name> ?n } } } ORDER BY ?n"
        )
        assert [row["n"] for row in names] == ["a", "b"]
        with urllib.request.urlopen(url, timeout=PATIENCE) as page:
            assert "<title>Home · town</title>" in page.read().decode()


def test_the_folder_of_a_project_stands_for_its_release(tmp_path: Path) -> None:
    (tmp_path / "towns.csv").write_text("id,name\n1,Fez\n2,Rabat\n")
    assert kg("init", "p", "--from", "table", "towns.csv", cwd=tmp_path).returncode == 0
    done = kg("serve", "--port", "0", "p", cwd=tmp_path)
    assert done.returncode == 3
    assert "no current release in" in done.stderr
    assert kg("build", "p", cwd=tmp_path).returncode == 0
    with serving(tmp_path, "p") as (url, _):
        assert ask(url, "SELECT ?n { ?s <https://w3id.org/zellige/ont#name> ?n } ORDER BY ?n")[0] == {"n": "Fez"}


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("a.ttl", "<urn:a> <urn:b>\n<urn:c> ;;; ]", 1, "a.ttl:2: not Turtle"),
        ("a.doc", "", 2, "a.doc is no RDF file by its name"),
        ("", "", 2, "no such file: absent.ttl"),
        ("empty/a.txt", "", 2, "no RDF files in the folder empty"),
    ],
)
def test_what_cannot_be_served_is_told(tmp_path: Path, name: str, text: str, code: int, said: str) -> None:
    if name:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = kg("serve", "--port", "0", name.removesuffix("/a.txt") or "absent.ttl", cwd=tmp_path)
    assert done.returncode == code
    assert said in done.stderr


def test_files_and_a_release_exclude_each_other(tmp_path: Path) -> None:
    assert kg("serve", "a.ttl", "--release", "x", cwd=tmp_path).returncode == 2


def test_a_check_says_what_would_hold_and_serves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<http://e/a> <http://e/b> <http://e/c> .")
    (tmp_path / "broken.ttl").write_text("<http://e/a> <http://e/b> ")
    done = kg("serve", "--check", "--port", "0", "--json", "a.ttl", cwd=tmp_path)
    assert done.returncode == 0
    assert json.loads(done.stdout)["data"]["processes"] >= 2
    assert kg("serve", "--check", "--port", "0", "broken.ttl", cwd=tmp_path).returncode == 1


def test_what_takes_a_while_is_said_before_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.ttl").write_text('<http://e/a> <http://e/b> "c" , "d" .')
    (tmp_path / "loaded").mkdir()
    monkeypatch.setattr(command, "_LONG", 2)
    monkeypatch.setattr(command, "_DESCRIBED", 1)
    said = command._load((tmp_path / "a.ttl",), tmp_path / "loaded", "http://e/", searching=None)
    assert next(said) == "2 statements of 1 file"
    assert next(said) == "what they hold is not described to programs: that is done up to 1 statements"
    assert "being indexed for the search (--no-search serves at once" in next(said)
    assert not (tmp_path / "loaded" / "files" / "manifest.json").exists()
    assert list(said) == []
    assert (tmp_path / "loaded" / "files" / "manifest.json").exists()


def test_a_store_is_served_as_it_is_and_is_not_counted(tmp_path: Path) -> None:
    """Counting takes the longer the more there is, and a server is to be there at once."""
    store = Store(str(tmp_path / "own"))
    store.bulk_extend(Quad(NamedNode(f"http://e/{n}"), NamedNode("http://e/p"), Literal(str(n))) for n in range(4321))
    store.flush()
    del store
    with serving(tmp_path, "own") as (url, process):
        assert ask(url, "SELECT ?s { ?s <http://e/p> '7' }") == [{"s": "http://e/7"}]
        with urllib.request.urlopen(url, timeout=PATIENCE) as page:
            assert "4321" not in page.read().decode()
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE)[1].splitlines() == ["the store own"]


SCHEME = """@base <http://vocab.example.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<scheme> a skos:ConceptScheme ; <http://purl.org/dc/terms/title> "Energy"@en , "Énergie"@fr .
<1> a skos:Concept ; skos:inScheme <scheme> ; skos:prefLabel "Source d'énergie"@fr , "مصدر الطاقة"@ar ; skos:notation "1" .
<1.1> a skos:Concept ; skos:broader <1> ; skos:prefLabel "Énergies solaires"@fr , "الطاقة الشمسية"@ar ; skos:notation "1.1" .
"""
PROFILE = """@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<#me> a foaf:Person ; foaf:name "Leila Bennani" ; foaf:age 41 ; foaf:knows [ a foaf:Person ; foaf:name "Omar" ; foaf:age 7 ] .
"""
SHOP = """@prefix s: <http://schema.org/> . @prefix e: <http://shop.example.org/> .
e:p1 a s:Product ; s:name "Lampe"@fr ; s:offers [ a s:Offer ; s:price 12.5 ] .
e:g1 { e:p2 a s:Product ; s:name "Chairs"@en ; s:price 200 . e:p1 a s:Product . }
e:g2 { e:p3 a s:Product ; s:name "كرسي"@ar ; s:price "n/a" . }
"""
PREFIXES = """PREFIX s: <http://schema.org/> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX text: <http://jena.apache.org/text#>
"""
PRODUCTS = "SELECT ?x { ?x a s:Product }"


def given(url: str, path: str, accept: str = "text/html", **asked: str) -> tuple[int, str]:
    address = f"{url}{path}?{urllib.parse.urlencode(asked)}"
    try:
        with urllib.request.urlopen(
            urllib.request.Request(address, headers={"Accept": accept}), timeout=PATIENCE
        ) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def vocabularies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("vocabularies")
    (folder / "scheme.ttl").write_text(SCHEME)
    (folder / "profile.ttl").write_text(PROFILE)
    (folder / "shop.trig").write_text(SHOP)
    with serving(folder, "scheme.ttl", "profile.ttl", "shop.trig") as (url, _):
        yield url


@pytest.mark.parametrize(
    ("language", "page", "words", "found"),
    [
        ("ar", "http://vocab.example.org/1.1", "الطاقة الشمسية", "طاقة شمسية"),
        ("fr", "http://vocab.example.org/1", "Source d&#39;énergie", "sources énergies"),
        ("en", "http://shop.example.org/p2", "Chairs", "chair"),
    ],
)
def test_things_of_public_vocabularies_have_pages_and_are_found(vocabularies, language, page, words, found):
    status, shown = given(vocabularies, "resource", iri=page, lang=language)
    assert status == 200
    assert "<h1" in shown
    assert words in shown
    things = json.loads(given(vocabularies, "search", "application/json", q=found)[1])
    assert page in json.dumps(things)


def test_a_column_that_the_files_prove_to_be_of_numbers_is_left_to_the_engine(vocabularies):
    rules = {}
    for name in ("foaf:age", "skos:notation", "s:price"):
        query = f"{PREFIXES}SELECT ?v {{ {{ ?x {name} ?v }} UNION {{ GRAPH ?g {{ ?x {name} ?v }} }} }} ORDER BY ?v"
        told = json.loads(given(vocabularies, "sparql", "application/json", query=query, explain="true")[1])["explain"]
        rules[name] = "order" in json.dumps(told["rules"])
    assert rules == {"foaf:age": False, "skos:notation": True, "s:price": True}
    assert ask(vocabularies, f"{PREFIXES}SELECT ?n {{ ?x foaf:name ?n ; foaf:age ?a }} ORDER BY ?a") == [
        {"n": "Omar"},
        {"n": "Leila Bennani"},
    ]


@pytest.mark.parametrize(
    "asked",
    [
        {"view": "everything"},
        {"default-graph-uri": "urn:x-arq:UnionGraph"},
        {"query": f"{PREFIXES}SELECT ?x FROM <urn:x-arq:UnionGraph> {{ ?x a s:Product }}"},
        {"query": f"{PREFIXES}SELECT ?x {{ GRAPH <urn:x-arq:UnionGraph> {{ ?x a s:Product }} }}"},
    ],
)
def test_all_graphs_of_files_are_asked_as_one_and_count_a_statement_once(vocabularies, asked):
    status, body = given(vocabularies, "sparql", "text/csv", **{"query": PREFIXES + PRODUCTS, **asked})
    assert status == 200
    assert sorted(body.split()[1:]) == [f"http://shop.example.org/p{n}" for n in (1, 2, 3)]
    assert ask(vocabularies, PREFIXES + PRODUCTS) == [{"x": "http://shop.example.org/p1"}]


def test_a_view_that_only_claims_have_is_refused_by_name(vocabularies):
    status, body = given(vocabularies, "sparql", "text/csv", query=PREFIXES + PRODUCTS, view="stated")
    assert status == 400
    assert "there is no view 'stated' here, but everything" in body
