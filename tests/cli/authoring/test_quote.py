"""`kg quote` and the lock file of `kg build`, as a steward meets them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import small_project
from click.testing import CliRunner, Result
from small_project import CLAIMS, KG_TOML, kg

from kg.cli.authoring.quote import quote as command

Quote = Callable[..., Result]

TEXT = "Le port rouvrira en mars ٢٠٣٣. Le «port» coûtera 3\u00a0M€; le port ﻻ.\n"
SOURCES = """\
documents:
  note:
    title: {fr: Une note}
    language: fr
    publisher: Example
    licence: Written for this test.
    text: note.fr.txt
    sentences: [[0, 30], [31, 66]]
  bare:
    title: {fr: Sans texte}
    language: fr
    publisher: Example
    licence: Written for this test.
"""
WITH_TEXTS = KG_TOML + '\n[paths]\nsources_texts = "texts"\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = small_project.make(tmp_path_factory.mktemp("quote") / "project", sources=SOURCES, toml=WITH_TEXTS)
    (folder / "texts" / "note.fr.txt").write_text(TEXT, encoding="utf-8")
    return folder


@pytest.fixture
def quote(project: Path, monkeypatch: pytest.MonkeyPatch) -> Quote:
    """The command, in the folder of the project."""
    monkeypatch.chdir(project)
    return lambda *arguments: CliRunner().invoke(command, arguments)


def test_each_place_is_printed_as_yaml_with_its_context_exact_ones_first(quote: Quote) -> None:
    done = quote("note", "le port")
    assert done.exit_code == 0
    assert done.stdout == (
        "# note, sentence 2, 55-62: …en mars ٢٠٣٣. Le «port» coûtera 3 M€; [le port] ﻻ.\n"
        'evidence: {exact: "le port"}\n'
        "# note, sentence 1, 0-7: [Le port] rouvrira en mars ٢٠٣٣. Le «port»…\n"
        "# spelled otherwise in the text: a Latin capital letter l at 0, where the quote has a Latin small letter l\n"
        'evidence: {exact: "Le port"}\n'
    )


def test_words_are_printed_as_the_text_has_them_and_the_difference_is_said(quote: Quote) -> None:
    for words, shown in (
        ("en mars 2033", "en mars ٢٠٣٣"),
        ("coûtera 3 M€", "coûtera 3\\u00a0M€"),
        ("port لا", "port ﻻ"),
    ):
        done = quote("note", words)
        assert f'evidence: {{exact: "{shown}"}}' in done.stdout
        assert "# spelled otherwise in the text: " in done.stdout
    found = json.loads(quote("note", "port", "--json").stdout)["data"]["found"]
    assert [(one["start"], one["occurrence"], one["of"]) for one in found] == [(3, 1, 3), (35, 2, 3), (58, 3, 3)]
    assert [one["evidence"] for one in found][1] == '{occurrence: 2, exact: "port"}'
    long = quote("note", "port rouvrira", "--offsets")
    assert 'evidence: {sentence: 1, start: 3, end: 16, exact: "port rouvrira"}' in long.stdout


def test_words_across_sentences_are_warned_of(quote: Quote) -> None:
    assert "stand in no single sentence" in quote("note", "٢٠٣٣. Le «port").stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ("note", "le port fermera"),
            1,
            "has no words 'le port fermera' (nearest to it are the words at 0-7, 'Le port'",
        ),
        (("note", "le port vert"), 1, "has no words 'le port vert' (nearest to it are the words at 0-7, 'Le port'"),
        (("note", "port vert bleu gris noir"), 1, "(it has 'port', and not the words that follow)"),
        (("note", "zzz"), 1, "has no words 'zzz' (no word of it is there)"),
        (("nota", "le port"), 2, "unknown document 'nota' (did you mean 'note'?)"),
        (("bare", "le port"), 1, "data/sources.yaml:9: 'bare' names no text (name it there"),
        (("note", "\udce9t\udce9"), 2, "the words are not UTF-8"),
        (("note", "  "), 2, "no words to look for"),
        (("note", "le port", "--sources", "data"), 2, "the text of 'note' is not at hand"),
    ],
)
def test_what_cannot_be_found_is_told_with_what_to_do(
    arguments: tuple[str, ...], code: int, said: str, quote: Quote
) -> None:
    done = quote(*arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_a_build_writes_the_lock_and_a_locked_one_refuses_to(tmp_path: Path) -> None:
    short = CLAIMS.replace("{sentence: 1, start: 0, end: 22, exact: Le laboratoire ouvrira}", "Le laboratoire ouvrira")
    short = short.replace("    factId: N1\n", "").replace("checkable: true\n", "")
    project = small_project.make(tmp_path / "project", claims=short)
    refused = kg("build", "--locked", "--sources", "texts", cwd=project)
    assert refused.returncode == 1
    assert (
        "data/quotes.lock does not have the quotes of the claims as they are now (build without --lock"
        in refused.stderr
    )
    assert not (project / "data" / "quotes.lock").exists()
    built = kg("build", "--sources", "texts", cwd=project)
    assert built.returncode == 0, built.stderr
    assert "data/quotes.lock written: commit it" in built.stderr
    shutil.rmtree(project / "texts")
    shutil.rmtree(project / "releases")
    again = kg("build", "--locked", cwd=project)
    assert again.stdout == built.stdout
    assert "written" not in again.stderr
    manifest = json.loads((Path(again.stdout.strip()) / "manifest.json").read_text(encoding="utf-8"))
    assert "data/quotes.lock" in manifest["inputs"]
