"""What a page is made of, read from the tiny release and from one that has more to show."""

from __future__ import annotations

import pytest
from tiny import BASE, CLAIMS, FACTS, write_release

from server.engine.inprocess import InProcessEngine
from server.pages.facts.claim import read_claim
from server.pages.facts.page import read_thing
from server.pages.listing import Counts, read_classes
from server.pages.tables import members
from server.pages.tables.asking import Asked
from server.pages.tables.facets import Facets
from server.pages.tables.members import read_members
from server.pages.vocabulary.keeping import Kept
from server.releases import Releases
from server.settings import Settings

ONT = BASE + "ont#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
MORE = """
g:claims {
  c:F3 a zel:Claim ; zel:statedIn doc:seed ; zel:modality mod:done ; zel:reviewStatus rev:located ;
    zel:supportedBy <https://w3id.org/zellige/claim/F3#evidence-1> ;
    <http://www.w3.org/ns/prov#wasDerivedFrom> <https://w3id.org/zellige/table/dams#row=10>, <https://w3id.org/zellige/table/dams#whole>,
      <https://w3id.org/zellige/table/dams#row=2> .
  <https://w3id.org/zellige/claim/F3#evidence-1> a zel:Evidence ; oa:hasTarget <https://w3id.org/zellige/claim/F3#t> .
  <https://w3id.org/zellige/claim/F3#t> oa:hasSource <https://w3id.org/zellige/doc/plain> ;
    oa:hasSelector <https://w3id.org/zellige/claim/F3#place> .
  <https://w3id.org/zellige/claim/F3#place> <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "row=8" .
  <https://w3id.org/zellige/run/r1> <http://www.w3.org/ns/prov#used> <https://w3id.org/zellige/table/dams>, doc:plain .
  <https://w3id.org/zellige/table/dams#row=2> dct:isPartOf <https://w3id.org/zellige/table/dams> ;
    <http://www.w3.org/ns/csvw#rownum> 2 .
  <https://w3id.org/zellige/table/dams#row=10> dct:isPartOf <https://w3id.org/zellige/table/dams> ;
    <http://www.w3.org/ns/csvw#rownum> 10 .
  <https://w3id.org/zellige/table/dams#whole> dct:isPartOf <https://w3id.org/zellige/table/dams> .
  <https://w3id.org/zellige/table/dams> a zel:Table ; zel:fileName "tables/dams.csv" .
  doc:plain a zel:SourceDocument .
  c:F5 a zel:Claim, zel:Note ; zel:statedIn doc:seed ; dct:identifier "F-five"@en, "five" , "zzz" ;
    <http://www.w3.org/ns/prov#wasDerivedFrom> doc:plain, "no row" ; zel:assertedBy d:d ; rdfs:comment "odd" ; dct:subject zel:Claim ;
    zel:supportedBy <https://w3id.org/zellige/claim/F5#evidence-1>, "words" ; zel:modality mod:done .
  <https://w3id.org/zellige/claim/F5#evidence-1> a zel:Evidence, zel:Note ; oa:hasBody c:F5, c:F1 ;
    oa:motivatedBy oa:identifying, oa:linking ; oa:hasTarget <https://w3id.org/zellige/claim/F5#t> ; rdfs:comment "more" .
  <https://w3id.org/zellige/claim/F5#t> a oa:SpecificResource ; oa:hasSource doc:seed ;
    oa:hasSelector <https://w3id.org/zellige/claim/F5#s>, <https://w3id.org/zellige/claim/F5#s2> .
  <https://w3id.org/zellige/claim/F5#s2> oa:exact "autres" . <https://w3id.org/zellige/claim/F5#evidence-1> dct:isPartOf d:d .
  <https://w3id.org/zellige/claim/F5#s> a oa:TextQuoteSelector ; oa:exact "mots" ; oa:prefix "avant" .
  c:N4 zel:gloss "no claim"@en ; zel:statedIn doc:seed .
}
c:F3 { d:lab zel:partnerOf d:ministry . d:lab zel:acronym "L" . }
c:N4 { d:lab zel:acronym "N" . }
c:F5 { d:zz zel:acronym "https://w3id.org/zellige/ont#Ministry" . }
g:ontology {
  zel:apple a owl:Class ; rdfs:label "pomme"@fr, "apple"@en ; skos:definition "fruit"@en, "un fruit"@fr .
  zel:Zoo a owl:Class ; rdfs:subClassOf zel:apple ; owl:equivalentClass zel:z0 , zel:a0 .
  zel:zoo a owl:AClass .
}
g:entities { d:a a zel:Institute . d:jazari a zel:Ministry . d:c a zel:Place . d:d a zel:Place . d:e a zel:Place . }
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    write_release(folder, facts=FACTS, claims=CLAIMS + MORE)
    return Releases(Settings(folder), InProcessEngine.open).current()


def triples(statements) -> set[tuple[str, str, str]]:
    return {tuple(t.value.removeprefix(BASE) for t in (s.subject, s.property, s.value)) for s in statements}


def held(view) -> set[tuple[str, str]]:
    rows = (row for part in view.held for row in part.rows)
    return {(path.removeprefix(BASE), term.value.removeprefix(BASE)) for path, terms in rows for term in terms}


def incoming(view) -> dict[str, dict[str, list[str]]]:
    """The claims that say it, by subject and property."""
    return {
        group.link.rpartition("#")[2].rpartition("/")[2]: {
            one.subject.value.removeprefix(BASE): [claim.removeprefix(BASE) for claim in one.claims]
            for one in group.shown
        }
        for group in view.incoming
    }


def claim(release, name: str):
    return read_claim(release, BASE + name, "en").claim


def test_a_thing_has_its_facts_from_the_default_graph_and_from_the_registers(release):
    found = read_thing(release, BASE + "id/lab", "fr")
    assert found.iri == BASE + "id/lab"
    facts = held(found)
    assert facts >= {
        ("ont#numericValue", "10800000000"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "ont#Institute"),
        (LABEL, "Joint lab"),
        (LABEL, "Lab <b>&"),
    }
    assert not any(path == "ont#acronym" for path, _ in facts), "a claim is no fact"
    names = next(terms for part in found.held for path, terms in part.rows if path == LABEL)
    assert names[0].language == "fr", "the reader's language comes first"
    assert (found.labels[BASE + "id/lab"].text, found.labels[BASE + "id/lab"].language) == ("Laboratoire commun", "fr")


def test_what_refers_to_a_thing_stands_by_property_with_the_claims_that_say_it(release):
    assert incoming(read_thing(release, BASE + "id/lab", "en")) == {"party": {"id/mou": ["claim/F1"]}}
    assert incoming(read_thing(release, BASE + "id/ministry", "en")) == {
        "party": {"id/mou": ["claim/F1"]}, "partnerOf": {"id/lab": ["claim/F3"]}, "assertedBy": {"claim/F2": []},
    }  # fmt: skip
    stated = incoming(read_thing(release, BASE + "doc/seed", "en"))
    assert set(stated["statedIn"]) == {"claim/F1", "claim/F2", "claim/F3", "claim/F5", "claim/N4"}
    assert "hasSource" not in stated, "a part of evidence"
    assert incoming(read_thing(release, ONT + "apple", "en")) == {"subClassOf": {"ont#Zoo": []}}
    assert incoming(read_thing(release, BASE + "claim/F2", "en")) == {"contradicts": {"claim/F1": []}}


def test_a_term_has_what_the_ontology_says_of_it(release):
    assert (LABEL, "pomme") in held(read_thing(release, ONT + "apple", "en"))


def test_what_nobody_speaks_of_has_no_page(release):
    assert read_thing(release, BASE + "id/nobody", "en") is None
    assert read_thing(release, "http://elsewhere.example/", "en") is None
    for name in ("relative", "http://a b", "x>"):
        with pytest.raises(ValueError, match="IRI"):
            read_thing(release, name, "en")


def test_a_claim_with_its_words_and_their_place(release):
    found = claim(release, "claim/F1")
    assert (found.identifier, claim(release, "claim/F3").identifier) == ("F1", "F3")
    assert triples(found.statements) == {
        ("id/mou", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "ont#Agreement"),
        ("id/mou", "ont#party", "id/ministry"),
        ("id/mou", "ont#party", "id/lab"),
        ("id/mou", "ont#signedOn", "2025-09"),
    }
    assert [one.value for one in found.metadata[ONT + "modality"]] == [BASE + "scheme/modality/done"]
    assert ONT + "acronym" not in found.metadata
    (quote,) = found.quotes
    assert (quote.text, quote.start, quote.end, quote.sentence) == ("وُقعت في سبتمبر 2025", "1851", "1871", "8")
    assert (quote.document, quote.language) == (BASE + "doc/seed", "ar")
    parts = (quote.iri, quote.target, quote.words, quote.place)
    assert parts == tuple(f"{BASE}claim/F1#{part}-1" for part in ("evidence", "target", "quote", "position"))
    assert quote.pointer is None
    assert found.rows == ()


def test_a_claim_of_a_row_has_its_file_and_its_place_there(release):
    found = claim(release, "claim/F3")
    (quote,) = found.quotes
    assert (quote.text, quote.start, quote.end, quote.sentence) == (None, None, None, None)
    assert (quote.document, quote.language) == (BASE + "doc/plain", "")
    assert (quote.pointer, quote.words, quote.place) == ("row=8", "", BASE + "claim/F3#place")
    assert [(one.iri, one.table, one.file) for one in found.rows] == [
        (f"{BASE}table/dams#{place}", f"{BASE}table/dams", f"tables/dams.csv#{place}")
        for place in ("whole", "row=2", "row=10")
    ]


def test_what_is_said_of_a_claim_stands_in_the_order_of_the_page_and_once(release):
    shown = {
        name.removeprefix(ONT): [one.value for one in found]
        for name, found in claim(release, "claim/F1").metadata.items()
    }
    assert [*shown] == ["gloss", "modality", "assertedBy", "statedIn", "reviewStatus", "contradicts"]
    assert shown["contradicts"] == [BASE + "claim/F2"]
    assert claim(release, "claim/F1").rest == ()


def test_what_has_no_place_of_its_own_is_still_shown(release):
    found = claim(release, "claim/F5")
    assert found.identifier == "five"
    shown = {name: {one.value for one in values} for name, values in found.metadata.items()}
    assert shown == {
        ONT + "modality": {BASE + "scheme/modality/done"},
        ONT + "assertedBy": {BASE + "id/d"},
        ONT + "statedIn": {BASE + "doc/seed"},
        ONT + "supportedBy": {"words"},
        "http://www.w3.org/ns/prov#wasDerivedFrom": {BASE + "doc/plain", "no row"},
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": {ONT + "Note"},
        "http://purl.org/dc/terms/identifier": {"F-five", "zzz"},
        "http://www.w3.org/2000/01/rdf-schema#comment": {"odd"},
        "http://purl.org/dc/terms/subject": {ONT + "Claim"},
    }
    quote = next(one for one in found.quotes if one.iri)
    assert (quote.iri, quote.start, quote.document) == (BASE + "claim/F5#evidence-1", None, BASE + "doc/seed")
    oa = "http://www.w3.org/ns/oa#"
    # A quote has the words of one selector; those of another are shown beside it.
    words = {("claim/F5#s", oa + "exact", "mots"), ("claim/F5#s2", oa + "exact", "autres")}
    (other,) = [one for one in words if one[2] != quote.text]
    assert triples(found.rest) == {
        ("claim/F5#evidence-1", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "ont#Note"),
        ("claim/F5#evidence-1", oa + "hasBody", "claim/F1"),
        ("claim/F5#evidence-1", oa + "motivatedBy", oa + "linking"),
        ("claim/F5#evidence-1", "http://www.w3.org/2000/01/rdf-schema#comment", "more"),
        ("claim/F5#evidence-1", "http://purl.org/dc/terms/isPartOf", "id/d"),
        ("claim/F5#s", oa + "prefix", "avant"),
        other,
        ("doc/plain", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "ont#SourceDocument"),
    }
    assert found.rows == ()


def test_every_iri_of_a_claim_has_its_label(release):
    labels = read_claim(release, BASE + "claim/F1", "ar").labels
    assert {labels[BASE + name].text for name in ("id/ministry", "ont#party", "scheme/modality/done")} == {
        "وزارة الانتقال الرقمي", "طرف", "منجز",
    }  # fmt: skip


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_lists_of_members_are_cut_and_say_so(release, monkeypatch, limit):
    monkeypatch.setattr(members, "MEMBERS", limit)
    place = ONT + "Place"
    pages = [read_members(release, place, Asked(page), "en", Facets()) for page in range(4)]
    names = [one.value.removeprefix(BASE + "id/") for page in pages for one in page.rows]
    assert names == ["c", "d", "e"]
    assert [bool(page.next) for page in pages] == [limit * (n + 1) < 3 for n in range(4)]


def test_classes_and_their_members(release):
    found = read_classes(release, "fr", Counts())
    counted = {name.removeprefix(ONT): count for name, count in found.rows}
    assert {name: counted[name] for name in ("Institute", "Ministry", "Place")} == {
        "Institute": 2,
        "Ministry": 2,
        "Place": 3,
    }
    assert [count for _, count in found.rows] == sorted((count for _, count in found.rows), reverse=True)
    assert found.labels[ONT + "Ministry"].text == "ministère"
    documents = read_members(release, ONT + "SourceDocument", Asked(), "en", Facets())
    assert [member.value for member in documents.rows] == [BASE + "doc/plain", BASE + "doc/seed"]
    assert documents.labels[BASE + "doc/seed"].text == "الذكاء الاصطناعي"
    with pytest.raises(ValueError, match="IRI"):
        read_members(release, "relative", Asked(), "en", Facets())


@pytest.mark.parametrize(("language", "first"), [("fr", "pomme"), ("en", "apple"), ("ar", "pomme")])
def test_terms_stand_in_the_order_of_the_alphabet_and_speak_the_language(release, language, first):
    kept = Kept()
    lines = dict(kept.lines(release, language))["class"]
    names = [
        (line.label.text, line.depth) for line in lines if line.iri.partition("#")[2] in {"apple", "Ministry", "Zoo"}
    ]
    ministry = {"ar": "وزارة", "fr": "ministère", "en": "ministry"}[language]
    below = [(first, 0), ("Zoo", 1)]
    assert [one for one in names if one[0] != ministry] == below
    assert [text for text, depth in names if not depth] == sorted((first, ministry))
    apple, ministry = (kept.vocabulary(release).entries[ONT + name] for name in ("apple", "Ministry"))
    assert {one.text for one in apple.labels} == {"apple", "pomme"}
    assert {one.text for one in apple.definitions} == {"fruit", "un fruit"}
    assert ministry.above == (ONT + "PublicBody",)
    assert [one.text for one in ministry.definitions] == ["Public body led by a member of a government."]


def test_a_text_that_looks_like_an_iri_has_no_label(release):
    found = read_thing(release, BASE + "id/zz", "en")
    (fact,) = found.matrix.facts
    assert (fact.property, fact.rows[0].said.values[0].value) == (ONT + "acronym", ONT + "Ministry")
    assert ONT + "Ministry" not in found.labels
