"""`kg fmt`: files become shorter, and say the same with the same remarks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_project import CLAIMS, make

from kg.authoring.formatting import formatted
from kg.cli.authoring.fmt import fmt as command
from kg.config import read_config
from kg.ontology.own import vocabulary_of
from kg.quoting import exactly
from kg.records import Claim, read_records

ROOT = Path(__file__).resolve().parents[2]
SHORT = """\
statedIn: note
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
    config = read_config(tmp_path, {})
    records = read_records(config, vocabulary_of(config))
    files = sorted((tmp_path / "data" / "claims").glob("*.yaml"))
    short = {path: path.read_text(encoding="utf-8") for path in files}
    long = {path: lengthened(text, records.claims) for path, text in short.items()}
    for path, text in long.items():
        path.write_text(text, encoding="utf-8")
    (tmp_path / "data" / "quotes.lock").unlink()
    done = run(tmp_path, "--sources", shared / "sources")
    assert done.exit_code == 0, done.output  # which holds what the project says before and after against each other
    assert {path: path.read_text(encoding="utf-8") for path in files} == short
    assert (tmp_path / "data" / "quotes.lock").read_bytes() == (ROOT / "data" / "quotes.lock").read_bytes()
    # Readings in further languages are as long in any form.
    counts = [
        sum(len(line) + 1 for text in form.values() for line in text.splitlines() if not TRANSLATED.match(line))
        for form in (short, long)
    ]
    assert counts[0] < 0.9 * counts[1]


def lengthened(text: str, claims: Mapping[str, Claim]) -> str:
    """A claims file with all that goes without saying, and with the offsets of its quotes."""
    head, *told = re.split(r"^  - id: ", text, flags=re.MULTILINE)
    return head + "".join(f"  - id: {_whole(one, claims[one.partition(chr(10))[0]])}" for one in told)


def _whole(told: str, claim: Claim) -> str:
    first, _, rest = told.partition("\n")
    for key, value in (("assertedBy", claim.document), ("checkable", "true"), ("factId", first.partition("-")[0])):
        if f"    {key}: " not in rest:
            rest = f"    {key}: {value}\n{rest}"
    for one in claim.evidence:
        if one.exact is not None:
            place = f"sentence: {one.sentence}, start: {one.start}, end: {one.end}"
            whole = f"    evidence: {{{place}, exact: {exactly(one.exact)}}}"
            rest, count = re.subn(r"^    evidence: .*$", lambda _, told=whole: told, rest, flags=re.MULTILINE)
            assert count == 1
    return f"{first}\n{rest}"


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


def test_who_speaks_goes_without_saying_where_it_is_the_document(form: Callable[[str], str | None]) -> None:
    claim = "  - id: {}\n    statedIn: {}\n    assertedBy: {}\n    says: {{id: lab, name: {{fr: x}}}}\n"
    kept = form("claims:\n" + claim.format("A", "note", "note") + claim.format("B", "letter", "minister"))
    assert kept is not None
    assert kept.count("assertedBy") == 1
    assert "  - id: B\n    statedIn: letter\n    assertedBy: minister\n" in kept
    # Of a head that names another document or voice nothing is left out.
    for head in ("statedIn: note\nassertedBy: letter\n", "assertedBy: note\n"):
        text = f"{head}\nclaims:\n" + claim.format("A", "letter", "letter")
        again = form(text)
        assert again is not None
        assert again.startswith(head)
        assert ("assertedBy: letter" in again.partition("claims:")[2]) == ("assertedBy: note" in head)
    assert form("statedIn: note\nassertedBy: note\n\nclaims:\n  - id: A\n    note: x\n") == (
        "statedIn: note\n\nclaims:\n  - id: A\n    note: x\n"
    )


def test_a_claim_without_an_id_gets_one_that_stays(tmp_path: Path) -> None:
    bare = "  - says: {id: lab, name: {fr: x}}\n    modality: planned\n    evidence: document\n"
    make(tmp_path, claims=CLAIMS + "\n" + bare)
    (tmp_path / "data" / "claims" / "city-hall.yaml").write_text(
        "statedIn: note\nreviewStatus: located\nclaims:\n"
        "  # First.\n"
        "  - # why\n    says: {id: city, name: {fr: x}}\n    modality: done\n    evidence: document\n"
        "  - {says: {id: city, name: {fr: y}}, modality: done, evidence: document}\n",
        encoding="utf-8",
    )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    checked = run(tmp_path, "--check")
    assert checked.exit_code == 1
    assert "data/claims/note.yaml:26: the claim has no id (run kg fmt: it writes N3 down)" in checked.stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == before
    done = run(tmp_path)
    assert done.exit_code == 0, done.output
    assert "data/claims/city-hall.yaml:6: a claim had no id, and is CH1 from now on" in done.stderr
    city = (tmp_path / "data" / "claims" / "city-hall.yaml").read_text(encoding="utf-8")
    assert "  # First.\n  - # why\n    id: CH1\n    says:" in city
    assert "  - {id: CH2, says:" in city
    note = (tmp_path / "data" / "claims" / "note.yaml").read_text(encoding="utf-8")
    assert "  - id: N3\n    modality: planned\n    says: {id: lab, name: {fr: x}}\n    evidence: document\n" in note
    assert run(tmp_path).stdout == "every file is in its short form\n"
    (tmp_path / "data" / "claims" / "note.yaml").write_text(note + bare.replace("planned", "plannd"), encoding="utf-8")
    assert run(tmp_path).exit_code == 1
    assert (
        (tmp_path / "data" / "claims" / "note.yaml")
        .read_text(encoding="utf-8")
        .endswith("document\n" + bare.replace("planned", "plannd"))
    )
