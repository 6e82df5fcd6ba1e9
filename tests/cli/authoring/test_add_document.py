"""`kg add document`: a text becomes a document that can be quoted, and nothing else of the project changes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_project import KG_TOML

from kg.cli.authoring.add import document as command
from kg.cli.authoring.quote import quote
from kg.positions import Table, read_yaml

TEXT = "The port authority announced a new quay. It will cost 40 million euros.\n"
SAID = ("--title", "Notice: of #1", "--language", "en", "--publisher", 'The "port"')
Add = Callable[..., Result]


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Add:
    """The command, in the folder of a project that has a text to add."""
    (tmp_path / "kg.toml").write_text(KG_TOML + '\n[paths]\nsources_texts = "texts"\n', encoding="utf-8")
    (tmp_path / "Notice 1.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments, given=None: CliRunner().invoke(command, arguments, input=given)


def test_a_text_is_described_kept_and_can_be_quoted(add: Add, tmp_path: Path) -> None:
    done = add(
        "Notice 1.txt", *SAID, "--date", "2031-05", "--address", "https://example.org/n", "--licence", "CC BY 4.0"
    )
    assert (done.exit_code, done.stdout.split(":")[0]) == (0, "notice-1"), done.output
    assert (tmp_path / "texts" / "notice-1.en.txt").read_text(encoding="utf-8") == TEXT
    assert not (tmp_path / "texts" / ".gitignore").exists()
    found = CliRunner().invoke(quote, ["notice-1", "a new quay", "--json"])
    assert json.loads(found.stdout)["data"]["found"][0]["start"] == 29


def test_a_second_one_leaves_the_lines_of_the_first_and_is_left_out_of_git(add: Add, tmp_path: Path) -> None:
    sources = tmp_path / "data" / "sources.yaml"
    sources.parent.mkdir()
    before = "# Ours.\ndocuments:\n    one:   # the first\n        title: {en: One}\n        language: en\n"
    before += "        publisher: P\n        licence: L"
    sources.write_text(before, encoding="utf-8")
    assert add("Notice 1.txt", *SAID).exit_code == 0
    written = sources.read_text(encoding="utf-8")
    assert written.startswith(before + '\n    notice-1:\n      title: {en: "Notice: of #1"}\n')
    assert 'licence: "The publisher\'s text; only offsets, a hash and short phrases are kept."' in written
    assert (tmp_path / "texts" / ".gitignore").read_text(encoding="utf-8") == "notice-1.en.txt\n"
    again = add("Notice 1.txt", *SAID)
    assert again.exit_code == 1
    assert "data/sources.yaml:8: there is a document 'notice-1' already" in again.stderr


def test_a_text_that_another_document_has_is_told_where_it_stands(add: Add) -> None:
    assert "same text" not in add("Notice 1.txt", *SAID).stderr
    again = add("Notice 1.txt", *SAID, "--name", "notice-2")
    assert again.exit_code == 0
    assert "warning: data/sources.yaml:2: the document 'notice-1' has the same text" in again.stderr
    assert "cite 'notice-1' if they are one, and take out 'notice-2'" in again.stderr


def test_a_page_that_was_added_before_is_told_though_its_text_is_taken_out_anew(add: Add, tmp_path: Path) -> None:
    page = "<html><body><p>A quay.</p></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert add("a.html", *SAID).exit_code == 0
    sources = tmp_path / "data" / "sources.yaml"
    sources.write_text(re.sub("(?m)^( *sha256:).*", r"\1 0", sources.read_text(encoding="utf-8")), encoding="utf-8")
    assert "the document 'a' has the same text" in add("a.html", *SAID, "--name", "b").stderr


def test_pasted_text_needs_a_name_and_its_language_is_seen(add: Add, tmp_path: Path) -> None:
    nameless = add("-", *SAID, given=TEXT)
    assert (nameless.exit_code, "the document has no name (give --name" in nameless.stderr) == (2, True)
    done = add(
        "-", "--name", "balagh", "--title", "بلاغ", "--publisher", "المجلس", given="أعلن المجلس ترميم المنارة.\n"
    )
    assert done.exit_code == 0, done.stderr
    assert "language: ar" in (tmp_path / "data" / "sources.yaml").read_text(encoding="utf-8")


def test_what_nobody_says_and_what_is_wrong_is_told_all_at_once_and_nothing_written(add: Add, tmp_path: Path) -> None:
    missing = add("Notice 1.txt")
    assert missing.exit_code == 2
    assert [line.rpartition("give ")[2] for line in missing.stderr.splitlines()] == [
        "--title)",
        "--language)",
        "--publisher)",
    ]
    wrong = add("Notice 1.txt", *SAID, "--date", "2031-13", "--address", "example.org")
    assert "'2031-13' is no EDTF date of the calendar" in wrong.stderr
    assert "'address' is no web address: 'example.org'" in wrong.stderr
    assert not (tmp_path / "texts").exists()
    assert not (tmp_path / "data").exists()


def test_another_text_of_the_same_name_is_never_written_over(add: Add, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "notice-1.en.txt").write_text("Other.\n", encoding="utf-8")
    done = add("Notice 1.txt", *SAID)
    assert (done.exit_code, "is there and is another text" in done.stderr) == (2, True)
    assert not (tmp_path / "data").exists()


def test_a_language_that_is_none_is_told_without_what_follows_from_it(add: Add) -> None:
    done = add("Notice 1.txt", *SAID, "--language", "arabic")
    assert done.exit_code == 2
    assert done.stderr.count("error: ") == 2
    assert "'arabic' is no language tag" in done.stderr
    assert "no 'title'" not in done.stderr


@pytest.mark.parametrize("encoding", ["utf-16", "cp1256"])
def test_a_text_in_another_encoding_is_told_with_what_converts_it(add: Add, tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("السد ممتلئ".encode(encoding))
    done = add("a.txt", *SAID)
    name = {"utf-16": "UTF-16", "cp1256": "WINDOWS-1256"}[encoding]
    assert done.exit_code == 1
    assert f"it reads as {name}: iconv -f {name} -t UTF-8 a.txt > NEW)" in done.stderr


@pytest.mark.parametrize(
    "before",
    [
        "documents: {}\n",
        "documents:\n",
        "# Mine.\ndocuments: { }  # none yet\n",
        "documents: null",
        "# none yet\n",
        "\n",
    ],
)
def test_the_first_document_is_written_whatever_an_empty_list_looks_like(add: Add, tmp_path: Path, before: str) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "sources.yaml"
    path.write_text(before, encoding="utf-8")
    done = add("Notice 1.txt", *SAID)
    assert done.exit_code == 0, done.stderr
    written = path.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line.startswith("#")] == [
        line for line in written.splitlines() if line.startswith("#")
    ]
    assert ("  # none yet\n" in written) == ("  # none yet\n" in before)
    assert add("Notice 1.txt", *SAID, "--name", "second").exit_code == 0
    root = read_yaml(path, "sources.yaml", limit=10_000, depth=9)
    assert isinstance(root, Table)
    documents = root.get("documents")
    assert isinstance(documents, Table)
    assert [slug for slug, _ in documents] == ["notice-1", "second"]


def test_entries_in_braces_are_told_to_be_added_by_hand(add: Add, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sources.yaml").write_text("documents: {a: {}}\n", encoding="utf-8")
    done = add("Notice 1.txt", *SAID)
    assert done.exit_code == 1
    assert "data/sources.yaml:1: data/sources.yaml has no 'documents:' with lines of its own" in done.stderr
    assert "add it by hand:\n  notice-1:" in done.stderr
