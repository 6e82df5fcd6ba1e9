"""The competency questions: each `NN.rq` gives the rows of `NN.tsv`, in order, each with its claim and document."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import store
from kg.release import Release
from kg.terms import compress

HERE = Path(__file__).parent
QUESTIONS = sorted(HERE.glob("*.rq"))
BASE = "https://w3id.org/zellige/"


def answer(release: Release, text: str) -> list[list[str]]:
    """The rows, header first, in the short form of the expected files."""
    found = store.read(release.store_path).query(text)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [names, *([short(row[name]) for name in names] for row in found)]


def short(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return (
            term.value.replace(BASE, ":")
            if term.value.startswith(BASE) and "#" not in term.value
            else compress(term.value)
        )
    if isinstance(term, ox.Literal):
        return term.value.replace(BASE, ":")
    return ""


def expected(question: Path) -> list[list[str]]:
    text = question.with_suffix(".tsv").read_text(encoding="utf-8")
    return list(csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_question(question: Path, built: Release) -> None:
    assert answer(built, question.read_text(encoding="utf-8")) == expected(question)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_every_row_carries_its_claim_and_its_document(question: Path, built: Release) -> None:
    names, *rows = answer(built, question.read_text(encoding="utf-8"))
    claim = next(i for i, name in enumerate(names) if re.fullmatch(r"claim|firstClaim", name))
    document = names.index("document")
    assert rows
    for row in rows:
        assert row[claim].startswith(":claim/")
        assert row[document].startswith(":doc/")


def test_there_are_fifteen() -> None:
    assert [path.stem for path in QUESTIONS] == [f"{n:02}" for n in range(1, 16)]
