"""Claims written by people: what is read, what is refused, and where the refusal points."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from small_project import CLAIMS, ENTITIES, SOURCES, make

from kg.config import read_config
from kg.errors import EvidenceError, RecordError, StorageError
from kg.paths import data_dir
from kg.records import Records, quads_for, read_records, verify
from kg.records.locations import locations
from kg.terms import ZEL
from kg.vocabulary import Vocabulary, read_vocabulary

BASE = "https://example.org/small/"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return read_vocabulary(data_dir("ontology"))


def read(folder: Path, vocabulary: Vocabulary, **changed: str) -> Records:
    return read_records(read_config(make(folder, **changed), {}), vocabulary)


def quads(records: Records) -> list[ox.Quad]:
    return quads_for(records, data_dir("ontology"), BASE)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_a_claim_is_a_named_graph_and_its_metadata_stand_elsewhere(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = quads(read(tmp_path, vocabulary))
    claim = ox.NamedNode(BASE + "claim/N1")
    lab = ox.NamedNode(BASE + "id/lab")
    inside = {(q.subject, q.predicate.value.rpartition("#")[2]) for q in found if q.graph_name == claim}
    assert inside == {(lab, "name"), (lab, "lifecycleStatus")}
    modality = [q for q in found if q.subject == claim and q.predicate.value == ZEL + "modality"]
    assert [q.graph_name for q in modality] == [ox.NamedNode(BASE + "graph/claims")]


def test_no_quad_has_a_blank_node_or_stands_in_the_default_graph(tmp_path: Path, vocabulary: Vocabulary) -> None:
    for quad in quads(read(tmp_path, vocabulary)):
        assert not isinstance(quad.subject, ox.BlankNode)
        assert not isinstance(quad.object, ox.BlankNode)
        assert not isinstance(quad.graph_name, ox.DefaultGraph)


def test_what_the_mapper_writes_the_store_keeps_as_it_is(tmp_path: Path, vocabulary: Vocabulary) -> None:
    claims = CLAIMS.replace("characterisedAs: {fr: Deux parties}", "ordinal: 7\n      eventDate: 2031-05")
    claims += """
  - id: N3
    factId: N3
    gloss: {en: A sum.}
    modality: claimed
    says:
      id: sum
      type: Quantity
      numericValue: 010
""".replace("010", "10.50")
    found = quads(read(tmp_path, vocabulary, claims=claims))
    store = ox.Store()
    store.extend(found)
    assert set(store) == set(found)
    assert '"10.5"^^<http://www.w3.org/2001/XMLSchema#decimal>' in {str(q.object) for q in found}


def test_the_same_records_give_the_same_quads(tmp_path: Path, vocabulary: Vocabulary) -> None:
    first = quads(read(tmp_path / "a", vocabulary))
    second = quads(read(tmp_path / "b", vocabulary))
    assert [str(q) for q in first] == [str(q) for q in second]


def test_relations_between_claims_hold_in_both_directions(tmp_path: Path, vocabulary: Vocabulary) -> None:
    claims = CLAIMS.replace("    modality: claimed", "    modality: claimed\n    contradicts: N1")
    found = {str(q) for q in quads(read(tmp_path, vocabulary, claims=claims)) if "contradicts" in str(q)}
    assert len(found) == 2


@pytest.mark.parametrize(
    ("file", "old", "new", "said", "at"),
    [
        (
            "claims",
            "name: {fr",
            "date: '2026'\n      name: {fr",
            "'date' is derived: a build makes its statements, and nobody writes them (write what it follows from: ",
            "date",
        ),
        ("claims", "name: {fr", "nmae: {fr", "unknown term 'nmae' (did you mean 'name'?)", "nmae"),
        (
            "claims",
            "    modality: planned",
            "    modlaity: planned",
            "unknown key 'modlaity' in claim 'N1'",
            "modlaity",
        ),
        ("claims", "modality: planned", "modality: plannd", "has no name 'plannd' (did you mean 'planned'?)", "plannd"),
        (
            "claims",
            "      id: lab\n      name",
            "      id: labo\n      name",
            "unknown entity 'labo' (did you mean 'lab'?)",
            "labo\n",
        ),
        ("claims", "name: {fr: Le laboratoire}", "name: Le laboratoire", "must give text by language", "name: Le"),
        ("claims", "name: {fr:", "name: {FR:", "'FR' is no language tag", "name: {FR"),
        ("claims", "name: {fr:", "name: {abc-de-fg:", "'abc-de-fg' is no language tag", "name: {abc"),
        (
            "sources",
            "    date:",
            "    address: https://e.org/%zz\n    date:",
            "'address' is no web address",
            "address:",
        ),
        (
            "sources",
            "    date:",
            "    address: https://e.org/#a#b\n    date:",
            "'address' is no web address",
            "address:",
        ),
        (
            "sources",
            "    text: note",
            "    original: ab\n    text: note",
            "'original' must be 64 hexadecimal",
            "original: ab",
        ),
        ("claims", "id: N2", "id: N1", "claim 'N1' exists already", "id: N1\n    factId: N2"),
        ("claims", "id: N2", "id: N 2", "a claim needs an 'id'", "N 2"),
        ("claims", "statedIn: note", "statedIn: nott", "unknown document 'nott' (did you mean 'note'?)", "nott"),
        ("claims", "statedIn: note\n", "", "claim 'N1' names no document", "id: N1"),
        ("claims", "start: 36, end: 48", "start: 136, end: 148", "lie outside sentence 2", "start: 136"),
        ("claims", "start: 36, end: 48", "start: 36, end: 50", "span 14 characters, the quote has 12", "start: 36"),
        ("claims", "sentence: 2, start: 36", "sentence: 9, start: 36", "the document has no sentence 9", "sentence: 9"),
        ("claims", "sentence: 2", "sentence: two", "'sentence' must be a whole number", "sentence: two"),
        ("claims", "exact: Deux parties}", "exakt: Deux parties}", "unknown key 'exakt'", "exakt"),
        (
            "claims",
            "{sentence: 1, start: 0, end: 22, exact: Le laboratoire ouvrira}",
            "words",
            "claim 'N1': where its quote stands is not in data/quotes.lock, and the text of 'note' is not at hand",
            "words",
        ),
        (
            "claims",
            "    says:\n      id: lab\n      characterisedAs: {fr: Deux parties}\n",
            "",
            "claim 'N2' says nothing",
            "id: N2",
        ),
        (
            "claims",
            "characterisedAs: {fr: Deux parties}",
            "eventDate: May 2031",
            "'May 2031' is no EDTF date",
            "May 2031",
        ),
        ("claims", "characterisedAs: {fr: Deux parties}", "ordinal: 0", "'0' is no whole number above 0", "ordinal: 0"),
        (
            "claims",
            "characterisedAs: {fr: Deux parties}",
            "numericValue: ten",
            "'ten' is no number",
            "numericValue: ten",
        ),
        ("sources", "    language: fr\n", "", "document 'note' has no 'language'", "note:"),
        (
            "sources",
            "    text: note.fr.txt\n",
            "    textLicence: https://e.org/cc0\n",
            "document 'note' gives its text away and does not say which: it lacks 'text' or 'sha256'",
            "textLicence",
        ),
        ("sources", "    date:", "    textLicence: CC0\n    date:", "'textLicence' is no web address", "textLicence:"),
        ("sources", "sha256: ", "sha256: z", "must be 64 hexadecimal digits", "sha256: z"),
        ("sources", "date: 2026-11", "date: November", "'November' is no EDTF date", "date: Nov"),
        ("sources", "[36, 59]", "[30, 59]", "after the one before it", "[[0, 35], [30"),
        ("sources", "documents:", "document:", "must hold one key 'documents:'", "document:"),
        (
            "entities",
            "type: Laboratory",
            "type: Labratory",
            "unknown term 'Labratory' (did you mean 'Laboratory'?)",
            "Labratory",
        ),
        ("entities", "ar: المختبر, ", "", "'label' lacks ar", "label: {fr: Le lab"),
        ("entities", "  city:", "  City Hall:", "'City Hall' cannot name a thing", "City Hall"),
    ],
)
def test_a_fault_names_file_line_and_the_nearest_name(
    tmp_path: Path, vocabulary: Vocabulary, file: str, old: str, new: str, said: str, at: str
) -> None:
    original = {"claims": CLAIMS, "sources": SOURCES, "entities": ENTITIES}[file]
    assert old in original
    text = original.replace(old, new, 1)
    with pytest.raises(RecordError) as caught:
        read(tmp_path, vocabulary, **{file: text})
    name = "data/claims/note.yaml" if file == "claims" else f"data/{file}.yaml"
    hits = [p for p in caught.value.problems if said in str(p)]
    assert hits, str(caught.value)
    assert str(hits[0]).startswith(f"{name}:{line_of(text, at)}: ")


def test_all_faults_of_all_files_are_reported_at_once(tmp_path: Path, vocabulary: Vocabulary) -> None:
    with pytest.raises(RecordError) as caught:
        read(
            tmp_path,
            vocabulary,
            claims=CLAIMS.replace("modality: planned", "modality: plan").replace("name:", "nam:"),
            entities=ENTITIES.replace("type: Place", "type: Plaze"),
            sources=SOURCES.replace("    language: fr\n", ""),
        )
    assert len({p.position.path for p in caught.value.problems if p.position}) == 3
    assert len(caught.value.problems) >= 4


def test_a_missing_file_is_named(tmp_path: Path, vocabulary: Vocabulary) -> None:
    config = read_config(make(tmp_path), {})
    (tmp_path / "data" / "sources.yaml").unlink()
    with pytest.raises(RecordError, match=r"no such file: data/sources\.yaml"):
        read_records(config, vocabulary)


def test_an_iri_leads_back_to_its_file(tmp_path: Path, vocabulary: Vocabulary) -> None:
    locate = locations(read_config(make(tmp_path), {}), vocabulary)
    assert str(locate(BASE + "claim/N2#evidence-1")) == f"data/claims/note.yaml:{line_of(CLAIMS, 'id: N2')}"
    assert str(locate(BASE + "id/city")) == f"data/entities.yaml:{line_of(ENTITIES, 'city:')}"
    assert str(locate(BASE + "id/lab")) == f"data/claims/note.yaml:{line_of(CLAIMS, 'id: N1')}"
    assert str(locate(BASE + "doc/note")) == f"data/sources.yaml:{line_of(SOURCES, 'note:')}"
    assert locate("https://example.org/else") is None


def test_places_are_read_when_they_are_asked_for(tmp_path: Path, vocabulary: Vocabulary) -> None:
    locate = locations(read_config(make(tmp_path), {}), vocabulary)
    (tmp_path / "data" / "claims" / "note.yaml").write_text("# moved\n" + CLAIMS, encoding="utf-8")
    (tmp_path / "data" / "sources.yaml").unlink()
    assert str(locate(BASE + "claim/N1")) == f"data/claims/note.yaml:{line_of(CLAIMS, 'id: N1') + 1}"
    assert locate(BASE + "doc/note") is None


def test_things_that_claims_speak_of_are_located_at_the_first_that_says_anything_of_them(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    claims = """statedIn: note
claims:
  - id: N1
    says: {id: lab, name: {id: city}, locatedIn: city}
  - id: N2
    says: [{id: lab, hostedBy: {id: room, type: Place, locatedIn: {id: sector/health, prefLabel: {fr: x}}}}]
"""
    claims = claims.replace("sector/health", concept := f"status/{next(iter(vocabulary.concepts['status']))}")
    locate = locations(read_config(make(tmp_path, claims=claims), {}), vocabulary)
    places = {name: locate(BASE + name) for name in ("id/lab", "id/room", "id/city")}
    assert {name: str(place) for name, place in places.items()} == {
        "id/lab": "data/claims/note.yaml:3",
        "id/room": "data/claims/note.yaml:5",
        "id/city": f"data/entities.yaml:{line_of(ENTITIES, 'city:')}",
    }
    assert str(locate(f"https://w3id.org/zellige/scheme/{concept}")) == "data/claims/note.yaml:5"


def test_quotes_are_compared_with_the_text(tmp_path: Path, vocabulary: Vocabulary) -> None:
    found = verify(read(tmp_path, vocabulary), tmp_path / "texts")
    assert (found.documents, found.report.verified, found.unquoted) == (("note",), 2, 0)


def test_one_altered_character_is_found_at_the_claims_line(tmp_path: Path, vocabulary: Vocabulary) -> None:
    records = read(tmp_path, vocabulary)
    path = tmp_path / "texts" / "note.fr.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Deux", "Dexx"), encoding="utf-8")
    with pytest.raises(EvidenceError) as caught:
        verify(records, tmp_path / "texts")
    said = [str(p) for p in caught.value.problems]
    assert len(said) == 2
    assert said[0].startswith("data/sources.yaml:2: the text of 'note' has another hash")
    assert said[1].startswith(f"data/claims/note.yaml:{line_of(CLAIMS, 'sentence: 2')}: claim 'N2'")


def test_a_shorter_text_and_a_shifted_one_are_told_apart(tmp_path: Path, vocabulary: Vocabulary) -> None:
    records = read(tmp_path, vocabulary)
    path = tmp_path / "texts" / "note.fr.txt"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[:40], encoding="utf-8")
    with pytest.raises(EvidenceError, match="offset 48 is past the end"):
        verify(records, tmp_path / "texts")
    path.write_text("\n" + whole, encoding="utf-8")
    with pytest.raises(EvidenceError, match="2 of the 2 quotes stand elsewhere in it"):
        verify(records, tmp_path / "texts")


def test_a_text_that_is_not_there_is_told_and_a_folder_that_is_not_is_an_error(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    records = read(tmp_path, vocabulary)
    assert verify(records, tmp_path / "data").absent == ("note",)
    with pytest.raises(StorageError, match="no such folder"):
        verify(records, tmp_path / "nowhere")
