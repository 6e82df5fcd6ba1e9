"""The competency questions: each `NN.rq` gives the rows of `NN.tsv`, each with its claim and document."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import store
from kg.competency import Asker, Questions
from kg.config import read_config
from kg.release import Release
from kg.sparql.dataset import Asked, place
from kg.sparql.messages.prefixes import fill
from kg.terms import Minter, compress

HERE = Path(__file__).parent
QUESTIONS = sorted(HERE.glob("*.rq"))
BASE = "https://w3id.org/zellige/"


def answer(release: Release, text: str) -> list[list[str]]:
    """The rows, header first, in the short form of the expected files."""
    (view,) = re.findall(r"^# view: (\w+)$", text, re.MULTILINE)
    placed = place(Asked(text, view=view), release.base)
    found = store.read(release.store_path).query(placed.query, **store.graphs_read(placed))
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [names, *([short(row[name]) for name in names] for row in found)]


def in_order(table: list[list[str]], text: str) -> list[list[str]]:
    """The columns by their names; the rows too, where the question asks for no order."""
    names = sorted(table[0])
    rows = [[row[table[0].index(name)] for name in names] for row in table[1:]]
    return [names, *(rows if "ORDER BY" in text else sorted(rows))]


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
    text = question.read_text(encoding="utf-8")
    assert in_order(answer(built, text), text) == in_order(expected(question), text)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_every_row_carries_its_claim_and_its_document(question: Path, built: Release) -> None:
    names, *rows = answer(built, question.read_text(encoding="utf-8"))
    claim = next(i for i, name in enumerate(names) if re.fullmatch(r"claim|firstClaim", name))
    document = names.index("document")
    assert rows
    for row in rows:
        assert row[claim].startswith(":claim/")
        assert row[document].startswith(":doc/")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_names_one_graph_at_most(question: Path) -> None:
    assert len(re.findall(r"\bGRAPH\b", question.read_text(encoding="utf-8"))) <= 1


def typed(text: str) -> str:
    """A question as a person types it where known prefixes are declared for it: without comments and prefixes."""
    return re.sub(r"^(?: *#|PREFIX).*\n", "", text, flags=re.MULTILINE).strip()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_needs_no_prefixes_where_the_known_ones_are_declared_for_it(question: Path, built: Release) -> None:
    text = question.read_text(encoding="utf-8")
    view = re.findall(r"^# view: .*\n", text, re.MULTILINE)[0]
    again, _ = fill(view + typed(text), Minter(built.base).prefixes)
    assert in_order(answer(built, again), text) == in_order(expected(question), text)


def test_what_a_person_types_is_half_as_long_as_it_was_with_a_graph_for_each_part() -> None:
    """9,783 characters without comments, when a question named 3.9 graphs."""
    assert sum(len(typed(question.read_text(encoding="utf-8"))) for question in QUESTIONS) < 9_783 / 2


def test_there_are_fifteen() -> None:
    assert [path.stem for path in QUESTIONS] == [f"{n:02}" for n in range(1, 16)]


def test_the_questions_of_the_first_graph_are_answered_as_expected(built: Release, root: Path) -> None:
    trials = list(Questions(read_config(root, {})).ask(Asker(built)))
    assert len(trials) == 7
    assert [(trial.name, trial.problems, trial.unchecked) for trial in trials] == [
        (trial.name, (), "") for trial in trials
    ]
