"""The file of matches with Wikidata: what is read, what is refused with its line, and what leaves it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from patience import PATIENCE
from small_project import make

from kg import store
from kg.config import read_config
from kg.errors import RecordError
from kg.ontology.own import vocabulary_of
from kg.records import Records, quads_for, read_records
from kg.release import Release
from kg.terms import PREFIXES
from kg.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "data" / "wikidata.sssom.tsv"
BASE = "https://example.org/small/"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tmapping_date\tauthor_label\tevidence\tstatus"
HEAD = f"#curie_map:\n#  id: {BASE}id/\n#  scheme: https://w3id.org/zellige/scheme/\n{COLUMNS}\n"
LINE = HEAD.count("\n") + 1


def row(**cells: str) -> str:
    whole = {
        "subject": "id:city",
        "predicate": "skos:exactMatch",
        "object": "wd:Q42",
        "justification": "semapv:ManualMappingCuration",
        "confidence": "0.9",
        "date": "2026-11-24",
        "author": "A person",
        "evidence": "two tables",
        "status": "verified",
    }
    assert set(cells) <= set(whole)
    return "\t".join((whole | cells).values()) + "\n"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return vocabulary_of(read_config(ROOT, {}))


def read(tmp_path: Path, vocabulary: Vocabulary, text: str) -> Records:
    folder = make(tmp_path / "project")
    (folder / "data" / "wikidata.sssom.tsv").write_text(text, encoding="utf-8")
    return read_records(read_config(folder, {}), vocabulary)


def matches_of(records: Records) -> set[tuple[str, str, str]]:
    wanted = {PREFIXES["owl"] + "sameAs", PREFIXES["skos"] + "exactMatch", PREFIXES["skos"] + "closeMatch"}
    quads = quads_for(records, ROOT / "ontology", BASE)
    found = [q for q in quads if q.predicate.value in wanted]
    assert {str(q.graph_name) for q in found} <= {f"<{BASE}graph/entities>"}
    return {(str(q.subject)[1:-1], q.predicate.value.split("#")[1], str(q.object)[1:-1].split("/")[-1]) for q in found}


def test_only_verified_matches_leave_the_file(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = HEAD + row() + row(subject="id:lab", object="wd:Q43", status="unverified", evidence="", author="")
    text += row(subject="id:lab", object="wd:Q44", status="rejected")
    text += row(subject="scheme:sector/health", object="wd:Q45", predicate="skos:closeMatch")
    text += row(subject="scheme:unit/euro", object="wd:Q46")
    records = read(tmp_path, vocabulary, text)
    assert [match.status for match in records.matches] == ["verified", "unverified", "rejected", "verified", "verified"]
    scheme = "https://w3id.org/zellige/scheme/"
    assert matches_of(records) == {
        (f"{BASE}id/city", "exactMatch", "Q42"),
        (f"{BASE}id/city", "sameAs", "Q42"),
        (f"{scheme}sector/health", "closeMatch", "Q45"),
        (f"{scheme}unit/euro", "exactMatch", "Q46"),
    }


def test_a_close_match_of_a_thing_is_not_its_identity(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = matches_of(read(tmp_path, vocabulary, HEAD + row(predicate="skos:closeMatch")))
    assert found == {(f"{BASE}id/city", "closeMatch", "Q42")}


def test_a_project_without_the_file_has_no_matches(tmp_path: Path, vocabulary: Vocabulary) -> None:
    assert read_records(read_config(make(tmp_path / "project"), {}), vocabulary).matches == ()


def test_a_search_that_found_nothing_is_kept_and_stays_inside(tmp_path: Path, vocabulary: Vocabulary) -> None:
    records = read(tmp_path, vocabulary, HEAD + row(object="sssom:NoTermFound", status="unverified"))
    assert [match.item for match in records.matches] == [None]
    assert matches_of(records) == set()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"subject": "id:town"}, "no thing or concept 'id:town'"),
        ({"subject": "scheme:sector/none"}, "no thing or concept 'scheme:sector/none'"),
        ({"subject": "ex:city"}, "subject_id 'ex:city' is no prefixed name of this file"),
        ({"predicate": "skos:broadMatch"}, "predicate 'skos:broadMatch' is not in use"),
        ({"object": "Q42"}, "object_id 'Q42' is no prefixed name"),
        ({"object": "wd:P42"}, "'wd:P42' is no Wikidata item"),
        ({"object": "wd:Q042"}, "'wd:Q042' is no Wikidata item"),
        ({"object": "sssom:NoTermFound"}, "a verified match needs an item"),
        ({"justification": "by hand"}, "mapping_justification 'by hand' is no prefixed name"),
        ({"confidence": "1.2"}, "confidence '1.2' is no number from 0 to 1"),
        ({"confidence": ""}, "confidence '' is no number"),
        ({"date": "24/11/2026"}, "'24/11/2026' is no date"),
        ({"date": ""}, "a verified match needs 'mapping_date'"),
        ({"author": ""}, "a verified match needs 'author_label'"),
        ({"evidence": ""}, "a verified match needs 'evidence'"),
        ({"status": "verifed"}, "unknown status 'verifed' (did you mean 'verified'?)"),
    ],
)
def test_a_fault_of_a_row_names_its_line(
    tmp_path: Path, vocabulary: Vocabulary, cells: dict[str, str], said: str
) -> None:
    with pytest.raises(RecordError) as caught:
        read(tmp_path, vocabulary, HEAD + row(subject="id:lab", object="wd:Q1") + row(**cells))
    lines = [str(problem) for problem in caught.value.problems]
    assert any(line.startswith(f"data/wikidata.sssom.tsv:{LINE + 1}: {said}") for line in lines), lines


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (row(), row(subject="id:lab"), "Q42 cannot be two things"),
        (row(), row(object="wd:Q43"), "one thing cannot be Q43 and Q42"),
        (row(), row(status="unverified"), "this match stands here a second time"),
    ],
)
def test_an_item_is_one_thing_and_a_thing_one_item(
    tmp_path: Path, vocabulary: Vocabulary, first: str, second: str, said: str
) -> None:
    with pytest.raises(RecordError) as caught:
        read(tmp_path, vocabulary, HEAD + first + second)
    see = f"see data/wikidata.sssom.tsv:{LINE}"
    assert [str(p) for p in caught.value.problems] == [f"data/wikidata.sssom.tsv:{LINE + 1}: {said} ({see})"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "the table has no column subject_id"),
        (HEAD.replace("\tstatus", ""), 4, "the table has no column status"),
        (HEAD + row().replace("\tverified", ""), LINE, "8 cells instead of 9"),
        (HEAD.replace("#curie_map:\n", "#curie_map: [a\n") + row(), 2, "not YAML"),
        ("#curie_map: none\n" + COLUMNS + "\n", 1, "'curie_map' must give IRIs by prefix"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_line(
    tmp_path: Path, vocabulary: Vocabulary, text: str, line: int, said: str
) -> None:
    with pytest.raises(RecordError) as caught:
        read(tmp_path, vocabulary, text)
    assert str(caught.value).startswith(f"data/wikidata.sssom.tsv:{line}: {said}")


def test_the_first_graph_publishes_its_verified_matches_and_no_other(built: Release, vocabulary: Vocabulary) -> None:
    records = read_records(read_config(ROOT, {}), vocabulary)
    kept = {match.item for match in records.matches if match.status == "verified"}
    inside = {match.item for match in records.matches if match.status != "verified"} - {None}
    assert kept
    assert inside
    database = store.read(built.store_path)
    same = database.query("SELECT ?s ?o { ?s <http://www.w3.org/2002/07/owl#sameAs> ?o }")
    assert isinstance(same, ox.QuerySolutions)
    assert {(row[0].value.split("/")[-1], row[1].value.split("/")[-1]) for row in same} <= {
        (match.subject.split("/")[-1], match.item) for match in records.matches if match.status == "verified"
    }
    published = {
        str(quad.object)[1:-1].split("/")[-1]
        for quad in database
        if str(quad.object).startswith(f"<{PREFIXES['wd']}") and quad.predicate.value.startswith(PREFIXES["owl"])
    }
    assert published <= kept
    assert not any(f"{PREFIXES['wd']}{item}>" in line for line in built.lines() for item in inside)


def test_the_published_tool_validates_the_file(tmp_path: Path) -> None:
    tool = os.environ.get("KG_SSSOM") or shutil.which("sssom", path=Path(sys.executable).parent)
    if tool is None:
        pytest.skip("sssom is absent: pip install -e '.[sssom]', or set KG_SSSOM to its command")
    done = subprocess.run([tool, "validate", str(FILE)], capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert done.returncode == 0, done.stdout + done.stderr
    spoilt = tmp_path / "spoilt.sssom.tsv"
    spoilt.write_text(FILE.read_text(encoding="utf-8").replace("\t0.95\t", "\t9.5\t"), encoding="utf-8")
    assert subprocess.run(
        [tool, "validate", str(spoilt)], capture_output=True, check=False, timeout=PATIENCE
    ).returncode
