"""`kg init`: a project that builds, is asked and served as it stands, and never writes over what is there."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from small_project import kg

from server.app import create_app
from server.settings import Settings


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_new_project_is_verified_built_asked_and_shown(tmp_path: Path) -> None:
    made = kg("init", "منارة", "--base", "https://data.example.org/kg/", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines() == ["cd منارة", "kg verify", "kg build", "kg serve"]
    folder = tmp_path / "منارة"
    assert tomllib.loads((folder / "kg.toml").read_text(encoding="utf-8"))["project"]["name"] == "منارة"
    assert {".gitignore", ".github/workflows/graph.yml", "shapes/own.ttl", "texts/notice.en.txt"} <= files(folder)
    verified = kg("verify", cwd=folder)
    assert "2 quotes match in 1 documents" in verified.stdout
    built = kg("build", "--locked", cwd=folder)  # as its workflow does: the lock file is whole
    assert built.returncode == 0, built.stderr
    assert "2 of 2 quotes verified against their texts" in built.stderr
    assert "warning" not in built.stderr
    tried = kg("test", cwd=folder)
    assert tried.returncode == 0, tried.stdout
    assert tried.stdout.endswith("\n3 passed\n")
    client = create_app(Settings(folder / "releases")).test_client()
    home = client.get("/?lang=fr", headers={"Accept": "text/html"}).text
    assert "Qu&#39;a coûté chaque projet ?" in home
    assert "Dragage de l&#39;entrée" in home
    assert "3000000" in client.get("/id/work-W1?format=turtle").text
    page = client.get("/id/quay-announcement?lang=fr", headers={"Accept": "text/html"}).text
    assert "annoncé le" in page  # a term of its own
    assert "2031-05-03" in page


def test_a_project_in_other_languages_builds_and_names_things_in_each(tmp_path: Path) -> None:
    made = kg("init", "bandari", "--languages", "en, sw", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "bandari"
    assert tomllib.loads((folder / "kg.toml").read_text(encoding="utf-8"))["project"]["languages"] == ["en", "sw"]
    built = kg("build", "--locked", cwd=folder)
    assert built.returncode == 0, built.stderr
    assert "warning" not in built.stderr
    assert kg("test", cwd=folder).stdout.endswith("\n3 passed\n")
    assert kg("upgrade", cwd=folder).stderr.startswith("nothing to carry over")
    # Whoever takes the English words away is told of each thing that has no name in Swahili.
    place = folder / "data" / "entities.yaml"
    place.write_text(place.read_text(encoding="utf-8").replace(", same-in: [en, sw]", ""), encoding="utf-8")
    refused = kg("build", cwd=folder)
    assert refused.returncode == 1
    assert refused.stderr.count("lacks sw") == 3


def test_its_own_shape_stops_a_price_below_zero(tmp_path: Path) -> None:
    assert kg("init", cwd=tmp_path).returncode == 0
    place = tmp_path / "data" / "claims" / "notice.yaml"
    text = place.read_text(encoding="utf-8").replace("modality: planned", "modality: done")
    place.write_text(text.replace("40000000", "-40000000"), encoding="utf-8")
    refused = kg("build", cwd=tmp_path)
    assert refused.returncode == 1
    assert "A price is not below zero." in refused.stderr
    assert not (tmp_path / "releases" / "current").exists()


@pytest.mark.parametrize(
    ("there", "arguments", "told"),
    [
        ("kg.toml", ["."], "kg.toml is there already: this is a project"),
        ("data/sources.yaml", ["."], "data/sources.yaml is there already (name a new folder: nothing was written)"),
        (".gitignore", [], ".gitignore is there already (name a new folder: nothing was written)"),
        ("notes.txt", ["--name", "a b"], "'a b' is no name of a graph (give --name: letters, digits and hyphens)"),
        ("notes.txt", ["--languages", "en,no_tag"], "'no_tag' is none (two or three letters, as in --languages en,sw)"),
        (
            "notes.txt",
            ["--base", "http://x"],
            "--base must be an http(s) IRI that ends in '/', not 'http://x' (as http",
        ),
        ("notes.txt", ["--base", "http://a b/"], "--base must be an http(s) IRI that ends in '/', not 'http://a b/'"),
    ],
)
def test_nothing_is_written_over_and_nothing_by_halves(
    tmp_path: Path, there: str, arguments: list[str], told: str
) -> None:
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("mine", encoding="utf-8")
    refused = kg("init", *arguments, cwd=tmp_path)
    assert refused.returncode == 2
    assert told in refused.stderr
    assert files(tmp_path) == {there}
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


def test_a_program_reads_what_was_made(tmp_path: Path) -> None:
    made = json.loads(kg("init", "port", "--json", cwd=tmp_path).stdout)["data"]
    assert (made["name"], made["base"]) == ("port", "https://example.org/port/")
    assert set(made["files"]) == files(tmp_path / "port")


def test_who_has_no_project_is_told_of_it(tmp_path: Path) -> None:
    assert "kg init FOLDER makes one" in kg("build", cwd=tmp_path).stderr


def test_a_query_in_the_place_of_its_file_is_told_how_it_comes(tmp_path: Path) -> None:
    refused = kg("query", "SELECT * { ?s ?p ?o }", cwd=tmp_path)
    assert refused.returncode == 2
    assert "(a query itself comes by standard input: echo '…' | kg query -)" in refused.stderr
