"""`kg fmt`: files become shorter, and say the same with the same remarks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_project import CLAIMS, make

from kg.authoring.formatting import formatted
from kg.cli.authoring.fmt import fmt as command

ROOT = Path(__file__).resolve().parents[2]
SHORT = """\
statedIn: note
assertedBy: note
reviewStatus: reviewed

claims:
  - id: N1
    gloss: {en: The laboratory will open.}
    modality: planned
    says: {id: lab, name: {fr: Le laboratoire}, lifecycleStatus: planned}
    evidence: Le laboratoire ouvrira

  - id: N2
    gloss: {en: Two parties run it.}
    modality: claimed
    says: {id: lab, characterisedAs: {fr: Deux parties}}
    evidence: Deux parties
"""


TRANSLATED = re.compile(r" {6}(?:ar|fr): ")


def run(folder: Path, *arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(folder), *map(str, arguments)])


def test_the_first_graph_is_a_tenth_shorter_and_says_the_same_with_every_remark(tmp_path: Path, shared: Path) -> None:
    for name in ("data", "ontology", "vocabulary"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "kg.toml", tmp_path)
    files = sorted((tmp_path / "data" / "claims").glob("*.yaml"))
    for path in files:  # the long form, whatever the form of the checkout
        path.write_text(lengthened(path.read_text(encoding="utf-8")), encoding="utf-8")
    before = {path: path.read_text(encoding="utf-8") for path in files}
    done = run(tmp_path, "--sources", shared / "sources")
    assert done.exit_code == 0, done.output  # which holds what the project says before and after against each other
    after = {path: path.read_text(encoding="utf-8") for path in files}
    # Readings in further languages are as long in any form.
    long, short = ([line for text in form.values() for line in text.splitlines() if not TRANSLATED.match(line)]
                   for form in (before, after))  # fmt: skip
    assert sum(map(len, short)) < 0.9 * sum(map(len, long))
    for path in files:
        assert remarks(after[path]) == remarks(before[path])
    assert run(tmp_path, "--check").stdout == "every file is in its short form\n"


def lengthened(text: str) -> str:
    return re.sub(
        r"^  - id: (\w+)(\S*)\n(?!    factId)",
        r"  - id: \1\2\n    factId: \1\n    checkable: true\n",
        text,
        flags=re.MULTILINE,
    )


def remarks(text: str) -> list[str]:
    return sorted(line.strip() for line in text.splitlines() if line.strip().startswith("#"))


def test_a_claim_of_one_triple_is_four_lines_and_its_gloss(tmp_path: Path) -> None:
    make(tmp_path)
    refused = run(tmp_path, "--check", "--sources", tmp_path / "texts")
    assert (refused.exit_code, "not in their short form: data/claims/note.yaml (run kg fmt)" in refused.stderr) == (
        1,
        True,
    )
    assert run(tmp_path, "--sources", tmp_path / "texts").exit_code == 0
    assert (tmp_path / "data" / "claims" / "note.yaml").read_text(encoding="utf-8") == SHORT
    assert (tmp_path / "data" / "quotes.lock").exists()


def test_without_the_text_offsets_stay(tmp_path: Path) -> None:
    make(tmp_path)
    assert run(tmp_path).exit_code == 0
    text = (tmp_path / "data" / "claims" / "note.yaml").read_text(encoding="utf-8")
    assert "evidence: {sentence: 1, start: 0, end: 22, exact: Le laboratoire ouvrira}" in text
    assert not (tmp_path / "data" / "quotes.lock").exists()


def test_a_project_with_a_fault_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    make(tmp_path, claims=CLAIMS.replace("modality: planned", "modality: plannd"))
    done = run(tmp_path)
    assert (done.exit_code, "has no name 'plannd'" in done.stderr) == (1, True)
    assert "factId: N1" in (tmp_path / "data" / "claims" / "note.yaml").read_text(encoding="utf-8")


@pytest.fixture
def form() -> Callable[[str], str | None]:
    return lambda text: formatted(text.encode(), "t.yaml", lambda _document, _evidence: None)


def test_remarks_and_texts_of_several_lines_stay_where_they_belong(form: Callable[[str], str | None]) -> None:
    text = """\
# The file.
reviewStatus: located  # for now
claims:
# First.

- note: |
    # no remark
    indented

  # why it says so
  says:
    - id: lab
      # what it is
      type: Place
  evidence: document   # all of it
  id: A-1
  factId: A
- id: B
  # kept
  factId: B
  checkable: true
  says: {id: lab, type: [Place, City], name: {fr: "a, b", en: "2031"}}
# The end.
"""
    wanted = """\
# The file.
reviewStatus: located  # for now

claims:
  # First.
  - id: A-1
    # why it says so
    says:
      - id: lab
        # what it is
        type: Place
    evidence: document   # all of it
    note: |
      # no remark
      indented

  - id: B
    # kept
    factId: B
    says: {id: lab, type: [Place, City], name: {fr: "a, b", en: "2031"}}
  # The end.
"""
    assert form(text) == wanted
    assert form(wanted) == wanted


def test_what_all_claims_say_is_said_once_and_what_differs_stays(form: Callable[[str], str | None]) -> None:
    claim = "  - id: {}\n    statedIn: note\n    reviewStatus: {}\n    checkable: {}\n    says: {{id: lab, name: {{fr: x}}}}\n"
    text = "checkable: false\nclaims:\n" + claim.format("A", "located", "false") + claim.format("B", "rejected", "true")
    assert form(text) == (
        "statedIn: note\ncheckable: false\n\nclaims:\n  - id: A\n    reviewStatus: located\n"
        "    says: {id: lab, name: {fr: x}}\n\n  - id: B\n    reviewStatus: rejected\n    checkable: true\n"
        "    says: {id: lab, name: {fr: x}}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "claims: [{id: A, says: {id: lab}}]\n",
        "claims:\n  - {id: A, says: {id: lab}}\n",
        "claims:\n  -\n    id: A\n",
        "claims:\n  - id: A\nreviewStatus: located\n",
        "claims: []\n",
        "- id: A\n",
    ],
)
def test_claims_that_do_not_stand_in_lines_of_their_own_are_left_alone(
    text: str, form: Callable[[str], str | None]
) -> None:
    assert form(text) is None
