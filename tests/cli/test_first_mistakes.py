"""What is typed wrongly in the first hour: commands of other tools, a file for a folder, files with a byte order mark."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from kg.cli.main import kg
from kg.cli.shell.listing import SECTIONS, first_sentence


def run(*arguments: str | Path) -> Result:
    """A command, in this process."""
    return CliRunner().invoke(kg, [str(argument) for argument in arguments])


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one table, with its questions and mapping."""
    (tmp_path / "towns.json").write_text(json.dumps([{"id": "a", "name": "Fez"}, {"id": "b", "name": "Rabat"}]))
    assert run("init", tmp_path / "p", "--from", "table", tmp_path / "towns.json").exit_code == 0
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("biuld", "No such command 'biuld'. Did you mean 'build'?"),
        ("Serve", "No such command 'Serve'. Did you mean 'serve'?"),
        ("check", "No such command 'check'. Did you mean 'verify'?"),
        ("new", "No such command 'new'. Did you mean 'init'?"),
        ("xyzzy", "No such command 'xyzzy'. kg --help lists them."),
        ("chek", "No such command 'chek'. Did you mean 'verify'?"),
        ("convrt", "No such command 'convrt'. Did you mean 'export'?"),
        ("validat", "No such command 'validat'. Did you mean 'validate'?"),
        ("document", "No such command 'document'. Did you mean 'add document'?"),
        ("version", "No such command 'version'. Did you mean '--version'?"),
        ("help", "No such command 'help'. kg --help lists the commands, and kg COMMAND --help says more of one."),
    ],
)
def test_an_unknown_command_is_told_with_the_one_that_may_be_meant(typed: str, told: str) -> None:
    done = run(typed, "--json")
    assert done.exit_code == 2
    assert told in done.output


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("build --ot x", "No such option '--ot'. Did you mean '--out'?"),
        ("build --output x", "No such option '--output'. Did you mean '--out'?"),
        ("build --sorces x", "No such option '--sorces'. Did you mean '--sources'?"),
        ("build --port 3", "No such option '--port'. kg dev and kg serve have it."),
        ("build --zzz", "No such option '--zzz'. kg build --help lists what there is."),
        ("query --Veiw=stated -", "No such option '--Veiw'. Did you mean '--view'?"),
        ("add document --langage fr a.txt", "No such option '--langage'. Did you mean '--language'?"),
        ("add document --port 3 a.txt", "No such option '--port'. kg dev and kg serve have it."),
        (
            "export --format turtle",
            "No such option '--format'. It is written without a name: kg export [OPTIONS] FORMAT",
        ),
        ("export turtel", "'wikibase-json'. Did you mean 'turtle'?"),
        ("schema clams", "'entities'. Did you mean 'claims'?"),
        ("init --from tabel x", "'rdf'. Did you mean 'table'?"),
        ("init --from xyz x", "'xyz' is not one of 'claims', 'table', 'rdf'.\n"),
        ("serve --port many", "'many' is not a valid integer range.\n"),
        ("add docment a.txt", "No such command 'docment'. Did you mean 'document'?"),
    ],
)
def test_an_option_or_a_value_that_there_is_not_is_told_with_the_one_that_may_be_meant(typed: str, told: str) -> None:
    done = run(*typed.split(" "))
    assert done.exit_code == 2
    assert told in done.output
    assert "Usage: kg " in done.output


def test_the_commands_are_listed_by_what_they_are_for_with_whole_sentences() -> None:
    said = run("--help").output
    listed = [name for names in SECTIONS.values() for name in names]
    assert sorted(listed) == sorted(kg.list_commands(click.Context(kg)))
    assert "..." not in said.partition("Begin:")[2]
    assert "kg init FOLDER makes a project" in said
    joined = " ".join(said.split())
    for name in listed:
        command = kg.get_command(click.Context(kg), name)
        assert command is not None
        assert f"{name} {first_sentence(command)}" in joined
        assert first_sentence(command).endswith(".")


def test_an_option_before_any_command_is_told_as_one() -> None:
    done = run("--fromat")
    assert done.exit_code == 2
    assert "No such option '--fromat'" in done.output


def test_a_file_is_no_project(project: Path) -> None:
    done = run("build", project / "kg.toml")
    assert done.exit_code == 2
    assert "kg.toml is a file, and a project is a folder (name the folder with its kg.toml)" in done.output


@pytest.mark.parametrize(
    "name", ["kg.toml", "data/tables/towns.rml.ttl", "data/tables/tables.yaml", "data/queries/questions.ttl",
             "vocabulary/terms.ttl", "shapes/own.ttl", "shapes/cases/valid/Towns.ttl", "data/sources.yaml"],
)  # fmt: skip
def test_a_mark_that_an_editor_puts_before_a_file_of_a_project_changes_nothing(project: Path, name: str) -> None:
    path = project / name
    path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8-sig")
    built = run("build")
    assert built.exit_code == 0, built.output
    tried = run("test")
    assert tried.exit_code == 0, tried.output


def test_a_mark_before_a_query_and_a_mapping_changes_nothing(project: Path) -> None:
    assert run("build").exit_code == 0
    (project / "q.rq").write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", encoding="utf-8-sig")
    asked = run("query", "q.rq")
    assert asked.exit_code == 0, asked.output
    mapping = project / "data/tables/towns.rml.ttl"
    mapping.write_text(mapping.read_text(encoding="utf-8"), encoding="utf-8-sig")
    mapped = run("map", mapping, "-o", project / "out.ttl")
    assert mapped.exit_code == 0, mapped.output
    assert "Rabat" in (project / "out.ttl").read_text(encoding="utf-8")


def test_utf_16_is_told_with_its_file_and_what_to_do(project: Path) -> None:
    assert run("build").exit_code == 0
    (project / "q.rq").write_text("SELECT * { ?s ?p ?o }", encoding="utf-16")
    asked = run("query", "q.rq")
    assert asked.exit_code == 2
    assert "q.rq:1: not UTF-8: byte 0 (save the query as UTF-8)" in asked.output
    (project / "kg.toml").write_text((project / "kg.toml").read_text(), encoding="utf-16")
    built = run("build")
    assert built.exit_code == 2
    assert "kg.toml:1: kg.toml is not UTF-8: byte 0 (save it as UTF-8)" in built.output


@pytest.mark.parametrize("name", ["towns.json", "towns.JSON", "t.csv", "t.xml", "t.xlsx"])
def test_data_in_place_of_a_mapping_are_told_the_way_to_one(project: Path, name: str) -> None:
    (project / name).write_bytes(b"id,name\n1,a\n")
    done = run("map", name)
    assert done.exit_code == 2
    hint = f"(kg map --init {name} writes a first mapping of it)"
    assert f"{name} is by its name what a mapping maps, and no mapping {hint}" in done.output


def test_a_mapping_that_is_not_there_is_told_as_such(project: Path) -> None:
    assert not (project / "absent.csv").exists()
    assert "there is no mapping absent.csv" in run("map", "absent.csv").output


def test_tables_of_a_release_do_not_go_into_one_file(project: Path) -> None:
    assert run("build").exit_code == 0
    done = run("export", "csv", "-o", "all.csv")
    assert done.exit_code == 2
    assert (
        "csv makes several tables, and all.csv is the name of one (-o FOLDER, or -o FILE.zip; kg export" in done.output
    )
    assert not (project / "all.csv").exists()
    assert run("export", "csv", "-o", "all").exit_code == 0
    assert (project / "all" / "claims.csv").is_file()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("--languages", "french"), "--languages takes tags of languages, and 'french' is none (two or three letters"),
        (("--base", "example.org"), "not 'example.org' (as https://example.org/)"),
        (("--base", "https://example.org/x"), "not 'https://example.org/x' (as https://example.org/x/)"),
        (("--from", "rdf", "nothing"), "no such file: nothing"),
        (("--from", "rdf", "kg.toml"), "kg.toml is no RDF file by its name"),
        (("--from", "table", "data"), "data is a folder, and a table is wanted (name the files of tables in it)"),
    ],
)
def test_what_a_new_project_cannot_be_made_of_is_told(project: Path, typed: tuple[str, ...], told: str) -> None:
    done = run("init", project / "new", *typed)
    assert done.exit_code == 2
    assert told in done.output
    assert not (project / "new").exists()


def test_json_ld_that_would_lose_a_key_is_told_where_shapes_would_miss_it(project: Path) -> None:
    """The standard drops what is in no context; a shape that wants it would say that it is not there."""
    data = {
        "@context": {"n": "http://e/n"},
        "@id": "http://e/a",
        "n": "x",
        "lost": "y",
        **{f"k{n}": 1 for n in range(9)},
    }
    (project / "d.jsonld").write_text(json.dumps(data))
    (project / "s.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "[] a sh:NodeShape ; sh:targetSubjectsOf <http://e/n> ; sh:property [ sh:path <http://e/lost> ; sh:minCount 1 ] ."
    )
    done = run("validate", "d.jsonld", "--shapes", "s.ttl")
    assert done.exit_code == 1
    assert "warning: d.jsonld:1: the key 'lost' is in no context: it and its values would be lost" in done.output
    assert "warning: 5 more names of d.jsonld are in no context" in done.output
    del data["lost"]
    (project / "d.jsonld").write_text(
        json.dumps({key: value for key, value in data.items() if key in "@context @id n"})
    )
    assert "warning: d.jsonld" not in run("validate", "d.jsonld", "--shapes", "s.ttl").output


@pytest.mark.parametrize("command", [("serve",), ("validate", "--shapes", "shapes/own.ttl")])
def test_a_folder_that_is_not_there_is_not_taken_for_a_file_of_a_wrong_name(
    project: Path, command: tuple[str, ...]
) -> None:
    done = run(*command, "musees")
    assert done.exit_code == 2
    assert "no such file: musees" in done.output


def test_a_prefix_that_means_two_things_in_json_ld_is_told(project: Path) -> None:
    """A parser takes the last one, and everything that is written with it is of another place."""
    text = '{"@context": {"e": "http://a/", "e": "http://b/"}, "@id": "e:x", "e:n": 1}'
    (project / "d.jsonld").write_text(text)
    (project / "s.ttl").write_text(
        "[] a <http://www.w3.org/ns/shacl#NodeShape> ; <http://www.w3.org/ns/shacl#targetNode> <http://b/x> ."
    )
    done = run("validate", "d.jsonld", "--shapes", "s.ttl")
    assert "warning: d.jsonld:1: in '@context', 'e' stands twice in one object, first at column 15" in done.output
    assert "the last one counts: take the other out" in done.output
