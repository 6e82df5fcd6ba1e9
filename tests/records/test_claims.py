"""A claims file as a whole: what each of its keys becomes, and every fault in its own words at its own line."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import SOURCES, make

from kg.config import read_config
from kg.errors import RecordError
from kg.paths import data_dir
from kg.records import Claim, read_records
from kg.terms import ZEL
from kg.vocabulary import Vocabulary, read_vocabulary

BASE = "https://example.org/small/"
SCHEME = "https://w3id.org/zellige/scheme/"
OTHER = (
    "  other:\n    title: {fr: Autre}\n    language: fr\n    publisher: Example\n    licence: Written for this test.\n"
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(data_dir("ontology"))


def read(folder: Path, vocabulary: Vocabulary, claims: str) -> dict[str, Claim]:
    project = make(folder, claims=claims, sources=SOURCES + OTHER)
    return dict(read_records(read_config(project, {}), vocabulary).claims)


CODES = {
    "must hold a key": "wrong-type", "must be a mapping": "wrong-type", "needs mappings": "wrong-type",
    "evidence cannot be": "wrong-type", "must give text": "wrong-type", "must be a whole number": "wrong-type",
    "unknown key": "unknown-key", "needs an 'id'": "claim-id", "exists already": "duplicate-claim",
    "names no document": "missing-key", "has no '": "missing-key", "says nothing of it": "empty-statement",
    "says nothing": "missing-key", "unknown document": "unknown-document", "unknown entity": "unknown-entity",
    "no 'id'": "unknown-entity",
    "unknown term": "unknown-term", "unknown name": "unknown-name", "characters, the quote": "offsets",
    "lie outside": "outside-sentence", "has no sentence": "sentence",
}  # fmt: skip


def faults(folder: Path, vocabulary: Vocabulary, claims: str) -> list[str]:
    """The problems as `line: message (hint)`; each has the code that goes with its words."""
    with pytest.raises(RecordError) as caught:
        read(folder, vocabulary, claims)
    for problem in caught.value.problems:
        assert problem.code == next(code for words, code in CODES.items() if words in problem.message), problem
    return [str(problem).removeprefix("data/claims/note.yaml:") for problem in caught.value.problems]


def of(text: str) -> str:
    """A file with one claim of the lines given, which begin at line 4."""
    lines = "".join(f"    {line}\n" for line in text.strip("\n").splitlines())
    return f"statedIn: note\nclaims:\n  - id: N1\n{lines}"


SAYS = "says: {id: lab, name: {fr: Le labo}}"
UNSAID = {
    f"{ZEL}checkable": [{"@value": "true", "@type": "http://www.w3.org/2001/XMLSchema#boolean"}],
    f"{ZEL}factId": [{"@value": "N1"}],
    f"{ZEL}assertedBy": [{"@id": BASE + "doc/note"}],
}
SAID = {"@id": BASE + "id/lab", f"{ZEL}name": [{"@value": "Le labo", "@language": "fr"}]}


# --- what is read


def test_a_claim_takes_what_its_file_says_unless_it_says_so_itself(tmp_path, vocabulary):
    claims = read(
        tmp_path,
        vocabulary,
        f"""statedIn: note
assertedBy: lab
reviewStatus: located
modality: planned
checkable: true
claims:
  - id: N1
    {SAYS}
  - id: N2
    statedIn: other
    assertedBy: city
    reviewStatus: reviewed
    modality: done
    checkable: false
    {SAYS}
""",
    )
    assert [one.document for one in claims.values()] == ["note", "other"]
    boolean = "http://www.w3.org/2001/XMLSchema#boolean"
    assert [one.metadata for one in claims.values()] == [
        {
            f"{ZEL}assertedBy": [{"@id": BASE + f"id/{asserted}"}],
            f"{ZEL}reviewStatus": [{"@id": SCHEME + f"review/{review}"}],
            f"{ZEL}modality": [{"@id": SCHEME + f"modality/{modality}"}],
            f"{ZEL}checkable": [{"@value": checkable, "@type": boolean}],
            f"{ZEL}factId": [{"@value": fact}],
        }
        for asserted, review, modality, checkable, fact in (
            ("lab", "located", "planned", "true", "N1"),
            ("city", "reviewed", "done", "false", "N2"),
        )
    ]
    assert [(one.id, str(one.position)) for one in claims.values()] == [
        ("N1", "data/claims/note.yaml:7"),
        ("N2", "data/claims/note.yaml:9"),
    ]


def test_everything_that_a_claim_may_hold(tmp_path, vocabulary):
    (claim,) = read(
        tmp_path,
        vocabulary,
        of(f"""
gloss: {{en: One., fr: [Un., Une.]}}
note: {{fr: Une note., en: [A note., Another.]}}
{SAYS}
evidence:
  - document
  - {{sentence: 1, start: 0, end: 22, exact: Le laboratoire ouvrira}}
  - {{sentence: 2, start: 36, end: 59, exact: Deux parties le gèrent.}}
"""),
    ).values()
    assert claim.says == (SAID,)
    assert claim.metadata == {
        **UNSAID,
        f"{ZEL}gloss": [
            {"@value": text, "@language": tag} for tag, text in (("en", "One."), ("fr", "Un."), ("fr", "Une."))
        ],
    }
    assert claim.notes == (("fr", "Une note."), ("en", "A note."), ("en", "Another."))
    assert [(one.sentence, one.start, one.end, one.exact) for one in claim.evidence] == [
        (None, None, None, None),
        (1, 0, 22, "Le laboratoire ouvrira"),
        (2, 36, 59, "Deux parties le gèrent."),
    ]
    assert [one.position.line for one in claim.evidence] == [8, 9, 10]


def test_what_a_claim_need_not_hold_is_empty(tmp_path, vocabulary):
    (claim,) = read(tmp_path, vocabulary, of(SAYS)).values()
    assert (claim.metadata, claim.evidence, claim.notes) == (UNSAID, (), ())


def test_a_note_without_a_language_is_english(tmp_path, vocabulary):
    (claim,) = read(tmp_path, vocabulary, of(f"{SAYS}\nnote: To be looked at")).values()
    assert claim.notes == (("en", "To be looked at"),)


def test_one_piece_of_evidence_needs_no_list(tmp_path, vocabulary):
    for number, written in enumerate(("document", "[document]")):
        (claim,) = read(tmp_path / str(number), vocabulary, of(f"{SAYS}\nevidence: {written}")).values()
        assert [(one.exact, one.position.line) for one in claim.evidence] == [(None, 5)]


def test_a_quote_of_a_document_without_sentences_is_taken_as_it_is(tmp_path, vocabulary):
    text = f"statedIn: other\n{SAYS}\nevidence: {{sentence: 70, start: 5, end: 8, exact: abc}}"
    (claim,) = read(tmp_path, vocabulary, of(text)).values()
    assert [(one.sentence, one.start, one.end, one.exact) for one in claim.evidence] == [(70, 5, 8, "abc")]


# --- things that claims declare


def test_a_thing_with_an_id_and_a_type_is_declared_wherever_it_stands(tmp_path, vocabulary):
    (first, _) = read(
        tmp_path,
        vocabulary,
        of("""
says:
  - {id: lab, quantity: {id: q1, type: Quantity, unit: usd}}
  - id: lab
    includes:
      - {id: part, type: [Laboratory, Place], locatedIn: {id: deep, type: Place}}
      - city
""").replace(
            "usd",
            "us-dollar" if "us-dollar" in vocabulary.concepts["unit"] else next(iter(vocabulary.concepts["unit"])),
        )
        + "  - id: N2\n    says: {id: q1, includes: [part, deep]}\n",
    ).values()
    assert first.says[1] == {
        "@id": BASE + "id/lab",
        f"{ZEL}includes": [
            {
                "@id": BASE + "id/part",
                "@type": [vocabulary.classes["Laboratory"].iri, vocabulary.classes["Place"].iri],
                f"{ZEL}locatedIn": [
                    {"@id": BASE + "id/deep", "@type": [vocabulary.classes["Place"].iri]}
                ],
            },
            {"@id": BASE + "id/city"},
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    "says",
    [
        "{id: {id: ghost, type: Place}, type: Place}",
        "{id: lab, type: {id: ghost, type: Place}}",
        "{id: lab, includes: {id: ghost}}",
        "{id: lab, includes: {type: ghost}}",
        "{id: lab, includes: {id: [ghost], type: Place}}",
    ],
)
def test_nothing_else_declares_a_thing(tmp_path, vocabulary, says):
    text = of(f"says: {says}") + "  - id: N2\n    says: {id: ghost, name: {fr: x}}\n"
    assert "6: unknown entity 'ghost' (declare it in entities.yaml)" in faults(tmp_path, vocabulary, text)


# --- what is refused


NO_LIST = "the file must hold a key 'claims:' with a list (write 'claims:', and below it '- id:' and a name for each)"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a\n", [f"1: {NO_LIST}"]),
        ("claims: {}\n", [f"1: {NO_LIST}"]),
        ("statedIn: note\n", [f"1: {NO_LIST}"]),
        (
            f"claimz: []\nstatedIn: note\nclaims:\n  - id: N1\n    {SAYS}\n",
            ["1: unknown key 'claimz' in the file (did you mean 'claims'?)"],
        ),
        (f"gloss: {{en: x}}\n{of(SAYS)}", ["1: unknown key 'gloss' in the file"]),
        (
            "claims:\n  - word\n  - [a]\n  -\n",
            [
                "2: a claim must be a mapping, not 'word'",
                "3: a claim must be a mapping, not a list",
                "4: a claim must be a mapping, not nothing",
            ],
        ),
        (
            f"statedIn: note\nclaims:\n  - {SAYS}\n",
            ["3: a claim needs an 'id' of letters, digits and hyphens (kg fmt proposes one and writes it down)"],
        ),
        (
            f"statedIn: note\nclaims:\n  - {SAYS}\n    id: a b\n",
            ["4: a claim needs an 'id' of letters, digits and hyphens"],
        ),
        (
            f"statedIn: note\nclaims:\n  - {SAYS}\n    id: [N1]\n",
            ["4: a claim needs an 'id' of letters, digits and hyphens"],
        ),
        (
            f"{of(SAYS)}  - id: N1\n    {SAYS}\n",
            ["5: claim 'N1' exists already (see data/claims/note.yaml:3)"],
        ),
        (of(f"{SAYS}\nsupportedBy: note"), ["5: unknown key 'supportedBy' in claim 'N1' (did you mean 'assertedBy'?)"]),
        (of(f"{SAYS}\nnoet: x"), ["5: unknown key 'noet' in claim 'N1' (did you mean 'note'?)"]),
        (f"claims:\n  - id: N1\n    {SAYS}\n", ["2: claim 'N1' names no document (add 'statedIn:')"]),
        (of(f"statedIn: zzz\n{SAYS}"), ["4: unknown document 'zzz' (describe it in sources.yaml)"]),
        (of(f"statedIn: oter\n{SAYS}"), ["4: unknown document 'oter' (did you mean 'other'?)"]),
        (of(f"statedIn: [note]\n{SAYS}"), ["4: unknown document '' (describe it in sources.yaml)"]),
        (of("note: x"), ["3: claim 'N1' says nothing (add 'says:')"]),
        (of("says: []"), ["3: claim 'N1' says nothing (add 'says:')"]),
        (
            of(f"says:\n  - word\n  - {{id: lab}}\n  - {SAYS.removeprefix('says: ')}"),
            [
                "5: 'says' needs mappings, not 'word' (as in says: {id: quay, lifecycleStatus: planned})",
                "6: claim 'N1' says nothing of it (add a property)",
            ],
        ),
        (
            of("says: [[a]]"),
            ["4: 'says' needs mappings, not a list (as in says: {id: quay, lifecycleStatus: planned})"],
        ),
        (of(f"{SAYS}\nnote: [a]"), ["5: 'note' must give text by language, not a list (write note: {ar: …})"]),
        (of(f"{SAYS}\nmodality: {{}}"), ["5: no 'id' (declare it in entities.yaml)"]),
        (
            of(f"{SAYS}\nevidence: [~, [a]]"),
            [
                "5: evidence cannot be nothing (put '~' in quotes if it is the word) (write the exact words, {exact: …, occurrence: 2}, {sentence, start, end, exact}, or 'document')",
                "5: evidence cannot be a list (write the exact words, {exact: …, occurrence: 2}, {sentence, start, end, exact}, or 'document')",
            ],
        ),
        (
            of(f"{SAYS}\nevidence: {{}}"),
            [
                "5: the evidence of claim 'N1' has no 'exact' (add 'exact:')",
            ],
        ),
        (
            of(f"{SAYS}\nevidence:\n  sentence: 1\n  start: -1\n  end: x\n  exact: Le\n  exakt: Le"),
            [
                "10: unknown key 'exakt' in the evidence of claim 'N1' (did you mean 'exact'?)",
                "7: 'start' must be a whole number, 0 or more, not '-1'",
                "8: 'end' must be a whole number, 0 or more, not 'x'",
            ],
        ),
    ],
)
def test_a_fault_is_told_in_its_own_words(tmp_path, vocabulary, text, told):
    assert sorted(faults(tmp_path, vocabulary, text)) == sorted(told)


@pytest.mark.parametrize(
    ("sentence", "start", "end", "exact", "told"),
    [
        (1, 0, 21, "Le laboratoire ouvrira", "7: offsets 0-21 span 21 characters, the quote has 22 (count Unicode characters, end not included)"),
        (1, 34, 36, "ab", "7: offsets 34-36 lie outside sentence 1 (it spans 0-35)"),
        (2, 35, 37, "ab", "7: offsets 35-37 lie outside sentence 2 (it spans 36-59)"),
        (2, 58, 60, "ab", "7: offsets 58-60 lie outside sentence 2 (it spans 36-59)"),
        (0, 0, 2, "Le", "6: the document has no sentence 0 (it has 2)"),
        (3, 0, 2, "Le", "6: the document has no sentence 3 (it has 2)"),
    ],
)  # fmt: skip
def test_offsets_lie_where_the_sentence_does(tmp_path, vocabulary, sentence, start, end, exact, told):
    text = f"{SAYS}\nevidence:\n  sentence: {sentence}\n  start: {start}\n  end: {end}\n  exact: {exact}"
    assert faults(tmp_path, vocabulary, of(text)) == [told]


@pytest.mark.parametrize(("sentence", "start", "end"), [(1, 0, 35), (2, 36, 59), (1, 34, 35), (2, 36, 37)])
def test_a_quote_may_fill_its_sentence(tmp_path, vocabulary, sentence, start, end):
    text = f"{SAYS}\nevidence: {{sentence: {sentence}, start: {start}, end: {end}, exact: {'x' * (end - start)}}}"
    assert len(read(tmp_path, vocabulary, of(text))) == 1
