"""Quotes against the texts at hand: what holds, what does not, and how much nobody knows."""

from __future__ import annotations

import codecs
import hashlib
import unicodedata
from pathlib import Path

import pytest
from small_project import CLAIMS, SOURCES, TEXT, make

from kg.config import read_config
from kg.errors import EvidenceError, Problem
from kg.ontology.own import vocabulary_of
from kg.records import Records, Verification, compare, read_records, verify
from kg.records.texts import same_but_for
from kg.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[2]
HASH = hashlib.sha256(TEXT.encode()).hexdigest()
QUOTE = "start: 36, end: 48, exact: Deux parties"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return vocabulary_of(read_config(ROOT, {}))


def read(folder: Path, vocabulary: Vocabulary, **changed: str) -> Records:
    return read_records(read_config(make(folder, **changed), {}), vocabulary)


def problems(found: Verification) -> list[Problem]:
    return [one.problem for one in found.mismatches]


def figures(found: Verification) -> tuple[int, int, int]:
    return found.report.verified, found.report.failed, found.report.unchecked


def retold(folder: Path, text: str, sources: str = SOURCES) -> str:
    """The text replaced, and the sources with its hash."""
    (folder / "texts" / "note.fr.txt").write_text(text, encoding="utf-8", newline="")
    told = sources.replace(HASH, hashlib.sha256(text.encode()).hexdigest())
    (folder / "data" / "sources.yaml").write_text(told, encoding="utf-8")
    return told


# --- what is counted


def test_with_the_text_quotes_are_verified_and_without_it_nobody_knows(tmp_path: Path, vocabulary: Vocabulary) -> None:
    records = read(tmp_path, vocabulary)
    assert figures(compare(records, tmp_path / "texts")) == (2, 0, 0)
    assert figures(compare(records, None)) == (0, 0, 2)
    assert figures(compare(records, tmp_path / "nowhere")) == (0, 0, 2)
    assert compare(records, tmp_path / "data").absent == ("note",)


def test_a_quote_of_a_document_without_text_is_unchecked(tmp_path: Path, vocabulary: Vocabulary) -> None:
    records = read(tmp_path, vocabulary, sources=SOURCES.replace("    text: note.fr.txt\n", ""))
    found = verify(records, tmp_path / "texts")
    assert (figures(found), found.documents, found.absent) == ((0, 0, 2), (), ())


def test_a_text_without_a_hash_is_compared_all_the_same(tmp_path: Path, vocabulary: Vocabulary) -> None:
    sources = SOURCES.replace(f"    sha256: {HASH}\n", "")
    records = read(tmp_path, vocabulary, sources=sources)
    assert figures(compare(records, tmp_path / "texts")) == (2, 0, 0)
    (tmp_path / "texts" / "note.fr.txt").write_text(TEXT.replace("Deux", "Dexx"), encoding="utf-8")
    with pytest.raises(EvidenceError, match="claim 'N2': the text at 36-48 reads 'Dexx parties'"):
        verify(records, tmp_path / "texts")


def test_what_holds_in_another_text_is_not_verified(tmp_path: Path, vocabulary: Vocabulary) -> None:
    records = read(tmp_path, vocabulary)
    (tmp_path / "texts" / "note.fr.txt").write_text(TEXT.replace("Deux", "Dexx"), encoding="utf-8")
    assert figures(compare(records, tmp_path / "texts")) == (0, 1, 1)


@pytest.mark.parametrize("status", ["located", "unreviewed", "contested", "rejected"])
def test_only_reviewed_claims_refuse(status: str, tmp_path: Path, vocabulary: Vocabulary) -> None:
    claims = CLAIMS.replace("reviewStatus: reviewed", f"reviewStatus: {status}")
    records = read(tmp_path, vocabulary, claims=claims.replace(QUOTE, QUOTE.replace("Deux", "Tous")))
    found = compare(records, tmp_path / "texts")
    found.raise_any(of_reviewed=True)
    assert [problem.code for problem in problems(found)] == ["quote"]
    with pytest.raises(EvidenceError):
        verify(records, tmp_path / "texts")


def test_one_reviewed_claim_makes_another_text_refused(tmp_path: Path, vocabulary: Vocabulary) -> None:
    claims = CLAIMS.replace("    gloss: {en: Two parties run it.}", "    reviewStatus: located\n    gloss: {en: Two.}")
    records = read(tmp_path, vocabulary, claims=claims)
    (tmp_path / "texts" / "note.fr.txt").write_text(TEXT.replace("Deux", "Dexx"), encoding="utf-8")
    found = compare(records, tmp_path / "texts")
    assert [(one.problem.code, one.of_reviewed) for one in found.mismatches] == [("hash", True), ("quote", False)]


def test_a_text_that_is_not_utf_8_verifies_nothing(tmp_path: Path, vocabulary: Vocabulary) -> None:
    records = read(tmp_path, vocabulary)
    (tmp_path / "texts" / "note.fr.txt").write_bytes(TEXT.encode("latin-1"))
    found = compare(records, tmp_path / "texts")
    assert (figures(found), [p.code for p in problems(found)]) == ((0, 0, 2), ["encoding"])
    assert (found.documents, found.absent) == (("note",), ())


# --- what an error says


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TEXT.replace("Deux", "De\u200fux"), "equal but for a right-to-left mark at 38, which the quote lacks"),
        (TEXT.replace("Deux", "D\u00adeux"), "equal but for a soft hyphen at 37, which the quote lacks"),
        (TEXT.replace("x p", "x\u00a0p"), "equal but for a no-break space at 40, where the quote has a space"),
        (TEXT.replace("Deux", "DEUX"), "equal but for a Latin capital letter e at 37"),
        (TEXT[:36] + "Ah! " + TEXT[36:], "the quote stands at 40-52"),
    ],
)
def test_words_that_look_alike_are_told_by_what_is_different(
    text: str, told: str, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    make(tmp_path)
    retold(tmp_path, text)
    records = read_records(read_config(tmp_path, {}), vocabulary)
    (problem,) = [p for p in problems(compare(records, tmp_path / "texts")) if p.code == "quote"]
    assert problem.hint is not None
    assert problem.hint.startswith(told)
    assert str(problem).startswith("data/claims/note.yaml:")


def test_a_text_in_another_form_is_told_as_such(tmp_path: Path, vocabulary: Vocabulary) -> None:
    claims = CLAIMS.replace("exact: Deux parties", "exact: Deux pârtîe").replace("end: 48", "end: 47")
    make(tmp_path, claims=claims)
    retold(tmp_path, unicodedata.normalize("NFD", TEXT.replace("Deux partie", "Deux pârtîe")))
    records = read_records(read_config(tmp_path, {}), vocabulary)
    (problem,) = [p for p in problems(compare(records, tmp_path / "texts")) if p.code == "quote"]
    assert str(problem.hint).startswith("equal but for the composition of 'â' at 42 (equal after NFC); the composition")


def test_past_the_end_tells_where_the_words_are(tmp_path: Path, vocabulary: Vocabulary) -> None:
    make(tmp_path)
    retold(tmp_path, TEXT[36:])
    records = read_records(read_config(tmp_path, {}), vocabulary)
    said = [str(problem) for problem in problems(compare(records, tmp_path / "texts"))]
    assert any(
        "offset 48 is past the end of the text (24 characters) (the quote stands at 0-12)" in line for line in said
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (lambda text: text.replace(b"\n", b"\r\n"), "line ends (CRLF here, LF there)"),
        (lambda text: codecs.BOM_UTF8 + text, "a byte order mark, which is here"),
        (lambda text: text.rstrip(b"\n"), "a line end after the last line, which is there"),
        (lambda text: text + b"\n", "a line end after the last line, which is here"),
        (lambda text: unicodedata.normalize("NFD", text.decode()).encode(), "the composition of letters (NFC there)"),
        (lambda text: text.replace("é".encode(), "é\u200f".encode()), "characters that are not seen"),
        (
            lambda text: codecs.BOM_UTF8 + text.replace(b"\n", b"\r\n"),
            "a byte order mark, which is here and line ends (CRLF here, LF there)",
        ),
    ],
)
def test_a_text_that_another_program_saved_is_known_again(changed, told: str) -> None:
    text = "L'été.\nDeux parties.\n".encode()
    assert str(same_but_for(changed(text), hashlib.sha256(text).hexdigest())).startswith(f"equal but for {told}")
    back = same_but_for(text, hashlib.sha256(changed(text)).hexdigest())
    assert back is not None or told.startswith("characters")


def test_a_text_with_other_words_is_not_taken_for_the_same() -> None:
    assert same_but_for(b"Dexx parties\n", hashlib.sha256(b"Deux parties\n").hexdigest()) is None
    assert same_but_for(b"\xff\r\n", hashlib.sha256(b"Deux parties\n").hexdigest()) is None
