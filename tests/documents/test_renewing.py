"""A table that was changed has another hash: a command writes it, and nothing else of the file moves."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import scaffold
from kg.cli.main import kg
from kg.documents.renewing import renewed
from kg.errors import RecordError

OLD, NEW = "0" * 64, "1" * 64


def test_what_a_build_and_the_doctor_tell_is_mended_by_the_command_that_they_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scaffold.make(tmp_path / "port", "port", "https://example.org/port/")
    monkeypatch.chdir(tmp_path / "port")
    table, sources = Path("data/tables/works.csv"), Path("data/sources.yaml")
    old = hashlib.sha256(table.read_bytes()).hexdigest()
    sources.write_text(sources.read_text(encoding="utf-8").replace(old, f"{old} # of 2031"), encoding="utf-8")
    before = sources.read_bytes()
    table.write_bytes(table.read_bytes().replace(b"3000000", b"3000001"))
    new = hashlib.sha256(table.read_bytes()).hexdigest()
    command = "kg add document data/tables/works.csv --renew works"
    assert command in CliRunner().invoke(kg, ["doctor"]).stderr
    assert f"(if the change is meant, {command} writes it at data/sources.yaml:" in (
        CliRunner().invoke(kg, ["build"]).stderr
    )
    done = CliRunner().invoke(kg, command.split()[1:])
    assert (done.exit_code, done.stdout) == (0, f"works now has the hash {new}\n")
    assert sources.read_bytes() == before.replace(old.encode(), new.encode())
    assert "works now" not in CliRunner().invoke(kg, command.split()[1:]).stdout
    assert "--renew" not in CliRunner().invoke(kg, ["doctor"]).stderr


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("documents:\n  a: {sha256: OLD} # é\n  b: {sha256: OLD}\n", "documents:\n  a: {sha256: NEW} # é\n  b: {sha256: OLD}\n"),
        ("documents:\n  a:\n    # one\n    title: {en: é}\n", "documents:\n  a:\n    # one\n    sha256: NEW\n    title: {en: é}\n"),
        ("documents:\r\n  a:\r\n    sha256: 'OLD'\r\n", "documents:\r\n  a:\r\n    sha256: 'NEW'\r\n"),
        ("documents:\n  a: {title: {en: é, fr: è}, sha256: \"OLD\"}\n", "documents:\n  a: {title: {en: é, fr: è}, sha256: \"NEW\"}\n"),
    ],
    ids=["other-entries", "added", "line-ends", "braces"],
)  # fmt: skip
def test_only_the_hash_is_written(said: str, written: str) -> None:
    content = said.replace("OLD", OLD).encode()
    assert renewed(content, "s.yaml", "a", NEW).decode() == written.replace("OLD", OLD).replace("NEW", NEW)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("documents:\n  b: {title: {en: b}}\n", "there is no document 'a' in s.yaml (it has b)"),
        ("documents:\n  a: {text: a.txt}\n", "s.yaml:2: document 'a' has a text (offsets count in it: add the new"),
        ("documents: []\n", "s.yaml:1: s.yaml has no documents (kg add document adds one)"),
        ("documents:\n  a: {}\n", f"s.yaml:2: the hash of 'a' cannot be written (write it by hand: sha256: {NEW})"),
        ("documents:\n  a: {sha256: [x]}\n", "s.yaml:2: the hash of 'a' cannot be written"),
    ],
)
def test_what_cannot_be_written_is_told(said: str, told: str) -> None:
    with pytest.raises(RecordError) as error:
        renewed(said.encode(), "s.yaml", "a", NEW)
    assert str(error.value).startswith(told)
