"""Quotes without offsets: where they are found, what the lock file keeps, and what is told when neither helps."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from small_project import CLAIMS, SOURCES, TEXT, make

from kg.config import Config, read_config
from kg.errors import KgError
from kg.ontology.own import vocabulary_of
from kg.records import Records, lines_for, read_records
from kg.records.lock import Locking
from kg.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[2]
FIRST = "evidence: {sentence: 1, start: 0, end: 22, exact: Le laboratoire ouvrira}"
SECOND = "evidence: {sentence: 2, start: 36, end: 48, exact: Deux parties}"
SHORT = CLAIMS.replace(FIRST, "evidence: Le laboratoire ouvrira").replace(SECOND, "evidence: {exact: Deux parties}")
AT = "data/claims/note.yaml"
LINES = [number for number, line in enumerate(SHORT.splitlines(), 1) if "evidence:" in line]
LOCK = "data/quotes.lock"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return vocabulary_of(read_config(ROOT, {}))


def project(folder: Path, **changed: str) -> Config:
    return read_config(make(folder, **{"claims": SHORT, **changed}), {})


def lines(records: Records, config: Config) -> list[bytes]:
    blocks = lines_for(records, config.locate("ontology"), config.project.base)
    return sorted(b"".join(blocks).splitlines())


def locked(config: Config, vocabulary: Vocabulary) -> Config:
    """The same project, its lock file written."""
    records = read_records(config, vocabulary, texts=config.root / "texts")
    Locking.KEPT.keep(records.lock, config, lambda _: None)
    return config


def told(config: Config, vocabulary: Vocabulary, texts: Path | None = None) -> list[str]:
    with pytest.raises(KgError) as caught:
        read_records(config, vocabulary, texts=texts)
    return [str(problem) for problem in caught.value.problems]


def evidence(config: Config, vocabulary: Vocabulary, number: str = "N2") -> tuple[int | None, int | None, int | None]:
    (one,) = read_records(config, vocabulary, texts=config.root / "texts").claims[number].evidence
    return one.sentence, one.start, one.end


def test_words_alone_say_the_same_as_words_with_offsets_with_the_text_and_with_the_lock(tmp_path, vocabulary):
    long, short = project(tmp_path / "long", claims=CLAIMS), project(tmp_path / "short")
    wanted = lines(read_records(long, vocabulary), long)
    assert lines(read_records(short, vocabulary, texts=short.root / "texts"), short) == wanted
    locked(short, vocabulary)
    shutil.rmtree(short.root / "texts")
    records = read_records(short, vocabulary)
    assert lines(records, short) == wanted
    assert records.lock.is_kept(short.root / LOCK)


def test_the_first_graph_says_the_same_by_its_lock_file_and_by_its_text(tmp_path, vocabulary, shared):
    whole = read_config(ROOT, {})
    for name in ("data", "ontology", "vocabulary", "kg.toml"):
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tmp_path / name)
    bare = read_config(tmp_path, {})
    rows = frozenset(read_tables(whole, vocabulary))
    wanted = lines(read_records(whole, vocabulary, rows), whole)
    (tmp_path / LOCK).unlink()
    records = read_records(bare, vocabulary, rows, shared / "sources")
    assert records.lock.quotes > 90
    assert records.lock.to_bytes() == (ROOT / LOCK).read_bytes()
    assert lines(records, bare) == wanted
    (place,) = [
        path for path in sorted((tmp_path / "data/claims").glob("*")) if ", occurrence: " in path.read_text("utf-8")
    ]
    text = place.read_text(encoding="utf-8")
    place.write_text(re.sub(r", occurrence: \d+", "", text), encoding="utf-8")
    (ambiguous,) = told(bare, vocabulary, shared / "sources")
    number = next(number for number, line in enumerate(text.splitlines(), 1) if "occurrence" in line)
    assert ambiguous.startswith(f"data/claims/{place.name}:{number}: ")
    assert "its quote stands 2 times in 'seed'" in ambiguous


def read_tables(config: Config, vocabulary: Vocabulary) -> frozenset[str]:
    from kg.tables import Tables

    return Tables(config, vocabulary).claim_ids()


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("{exact: par}", (2, 41, 44)),
        ("{exact: e, occurrence: 2}", (1, 13, 14)),
        ("{exact: le, prefix: Le laboratoire ouvrira en mai 2031. Deux parties}", (2, 49, 51)),
        ("{exact: i, sentence: 2, occurrence: 1}", (2, 45, 46)),
        ("{exact: parties, start: 41, end: 48}", (2, 41, 48)),
    ],
)
def test_one_of_several_places_is_named_by_number_sentence_or_the_words_before(tmp_path, vocabulary, written, where):
    config = project(tmp_path, claims=SHORT.replace("{exact: Deux parties}", written))
    assert evidence(config, vocabulary) == where


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{exact: Trois parties}", "the text of 'note' has no words 'Trois parties' (no such words in the text: copy them from it)"),
        ("{exact: deux  parties}", "equal but for a Latin capital letter d at 36"),
        ("{exact: e, sentence: 2}", "its quote stands 4 times in 'note': at 37 (…e ouvrira en mai 2031. D[e]ux parti"),
        ("{exact: par, occurrence: 3}", "there is no occurrence 3 of its quote; it stands at 41"),
        ("{exact: par, occurrence: 0}", "occurrences are counted from 1 (write 1 for the first one)"),
        ("{exact: par, sentence: 1}", "its quote does not stand where its evidence says; it stands at 41"),
        ("{exact: par, prefix: Trois}", "its quote does not stand where its evidence says; it stands at 41"),
        ("{exact: 2031. Deux}", "the words at 30-40 reach over sentences 1 to 2 (quote words of one sentence"),
        ("{exact: par, start: 41}", "has no 'end' (add 'end:', or take out 'start:' to have it found)"),
        ("{exact: par, start: 41, end: 44, occurrence: 1}", "the offsets say where the words stand, and not 'occurrence'"),
    ],
)  # fmt: skip
def test_words_that_have_no_one_place_are_told_at_their_line(tmp_path, vocabulary, written, said):
    config = project(tmp_path, claims=SHORT.replace("{exact: Deux parties}", written))
    (problem,) = told(config, vocabulary, tmp_path / "texts")
    assert said in problem
    assert problem.startswith(f"{AT}:{LINES[1]}: ")


def test_without_text_and_lock_every_quote_is_told_with_what_to_do(tmp_path, vocabulary):
    problems = told(project(tmp_path), vocabulary)
    assert [problem.split(" ")[0] for problem in problems] == [f"{AT}:{line}:" for line in LINES]
    assert "is not in data/quotes.lock, and the text of 'note' is not at hand (build where the text is" in problems[0]


def test_a_lock_of_another_text_or_of_other_words_is_stale_and_told_at_the_claim(tmp_path, vocabulary):
    config = locked(project(tmp_path), vocabulary)
    claims = config.root / "data" / "claims" / "note.yaml"
    claims.write_text(SHORT.replace("Deux parties}", "Deux}").replace("ouvrira\n", "ouvrira\n"), encoding="utf-8")
    (unlocated,) = told(config, vocabulary)
    assert f"{AT}:{LINES[1]}: claim 'N2': where its quote stands is not in data/quotes.lock" in unlocated
    records = read_records(config, vocabulary, texts=tmp_path / "texts")
    with pytest.raises(KgError, match="does not have the quotes of the claims as they are now"):
        Locking.FORBIDDEN.keep(records.lock, config, lambda _: None)
    claims.write_text(SHORT, encoding="utf-8")
    sources = config.root / "data" / "sources.yaml"
    sources.write_text(re.sub("sha256: .{4}", "sha256: 0000", SOURCES), encoding="utf-8")
    stale = told(config, vocabulary)
    assert len(stale) == 2
    assert "the text of 'note' is another one than that in which data/quotes.lock has the quote" in stale[1]
    assert told(config, vocabulary, tmp_path / "texts")[0].startswith(
        "data/sources.yaml:2: the text of 'note' has another hash"
    )


def test_a_text_that_changed_moves_its_quotes_where_no_hash_is_stated(tmp_path, vocabulary):
    config = locked(project(tmp_path, sources=re.sub("    sha256: .*\n    text", "    text", SOURCES)), vocabulary)
    assert evidence(config, vocabulary) == (2, 36, 48)
    text = tmp_path / "texts" / "note.fr.txt"
    text.write_text(TEXT.replace(". Deux", ". Les Deux"), encoding="utf-8")
    assert evidence(config, vocabulary) == (2, 40, 52)
    assert not read_records(config, vocabulary, texts=tmp_path / "texts").lock.is_kept(tmp_path / LOCK)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("documents:\n<<<<<<< ours\n", "not YAML"),
        ("documents: []\n", "must hold a key 'documents:'"),
        ("documents:\n  note: {sha256: ab, quotes: []}\n", "'note' must have a 'sha256' and 'quotes'"),
        (f"documents:\n  note: {{sha256: {'a' * 64}, quotes: [x]}}\n", "a quote must be a mapping, not 'x'"),
        (
            f"documents:\n  note: {{sha256: {'a' * 64}, quotes: [{{start: 1, end: 2, exact: word}}]}}\n",
            "start and end do not span the 4 characters of the quote",
        ),
    ],
)
def test_a_spoilt_lock_is_told_with_its_line_and_the_way_back(tmp_path, vocabulary, spoilt, said):
    config = project(tmp_path, claims=CLAIMS)
    (tmp_path / LOCK).write_text(spoilt, encoding="utf-8")
    (problem,) = told(config, vocabulary)
    assert problem.startswith(f"{LOCK}:")
    assert said in problem
    assert "kg build writes it: take it from version control" in problem


def test_a_lock_keeps_words_that_yaml_would_change(tmp_path, vocabulary):
    words = "Deux\u200f \"parties\",\u00a0\t'l\\n' — #1: {x}\u2028\n ٢"
    text = f"Ah. {words} gèrent.\n"
    claims = SHORT.replace("exact: Deux parties", "exact: " + repr_yaml(words)).replace("Le laboratoire ouvrira", "Ah")
    sources = re.sub("    sha256: .*\n|    sentences: .*\n", "", SOURCES)
    config = project(tmp_path, claims=claims, sources=sources)
    (tmp_path / "texts" / "note.fr.txt").write_text(text, encoding="utf-8", newline="")
    locked(config, vocabulary)
    (tmp_path / "texts" / "note.fr.txt").unlink()
    (one,) = read_records(config, vocabulary).claims["N2"].evidence
    assert (one.exact, one.start) == (words, 4)


def repr_yaml(text: str) -> str:
    return '"' + "".join(f"\\U{ord(one):08x}" for one in text) + '"'


def test_a_lock_that_no_quote_needs_goes(tmp_path, vocabulary):
    config = locked(project(tmp_path), vocabulary)
    assert (tmp_path / LOCK).exists()
    (tmp_path / "data" / "claims" / "note.yaml").write_text(CLAIMS, encoding="utf-8")
    locked(config, vocabulary)
    assert not (tmp_path / LOCK).exists()
