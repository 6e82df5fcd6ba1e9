"""The difference of two releases leads from one to the other, and names the claims it touches."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from release_samples import BASE, contents, sample_contents, sample_quads

from kg.difference import Difference, diff
from kg.errors import ReleaseError
from kg.release import publish
from kg.terms import ZEL, expand

CLAIM = BASE + "claim/"


@pytest.fixture
def release(tmp_path):
    return publish(sample_contents(), tmp_path, {})


def changed(release, trig="", without=""):
    quads = [quad for quad in sample_quads(trig) if not without or without not in str(quad)]
    return diff(release, publish(contents(quads), release.path.parent, {}))


def test_a_release_does_not_differ_from_itself(release):
    found = diff(release, release)
    assert not found
    assert found == Difference(release.id, release.id, (), (), {}, (), ())


def test_two_releases_of_the_same_statements_have_two_ids_and_no_difference(release):
    found = diff(release, publish(sample_contents(version="2"), release.path.parent, {}))
    assert found.a != found.b
    assert not found


def test_a_new_claim(release):
    found = changed(release, "c:F9 { id:lab zel:partnerOf id:mistral } g:claims { c:F9 a zel:Claim }")
    assert found.claims_added == (CLAIM + "F9",)
    assert (found.claims_removed, found.claims_changed, found.removed) == ((), {}, ())
    statement, told = f"<{BASE}id/lab> <{ZEL}partnerOf> <{BASE}id/mistral>", expand("rdf:type")
    assert found.added == (
        f"<{CLAIM}F9> <{told}> <{ZEL}Claim> <{BASE}graph/claims> .",
        f"{statement} <{CLAIM}F9> .",
        f"{statement} <{BASE}graph/stated> .",
    )


def test_a_claim_taken_back_takes_its_triples_from_the_default_graph(release):
    found = changed(release, without="claim/F1")
    assert found.claims_removed == (CLAIM + "F1",)
    assert any("signedOn" in line and "claim" not in line for line in found.removed)


@pytest.mark.parametrize(
    ("trig", "part"),
    [
        ('c:F3 { id:lab zel:acronym "L" }', "statements"),
        ('g:claims { c:F3 zel:gloss "The lab"@en }', "metadata"),
        ("g:claims { <https://example.org/kg/claim/F3#evidence-1> zel:sentenceNumber 6 }", "evidence"),
    ],
)
def test_what_changed_in_a_claim(release, trig, part):
    assert changed(release, trig).claims_changed == {CLAIM + "F3": (part,)}


def test_text_and_json_say_the_same(release):
    found = changed(release, 'c:F3 { id:lab zel:acronym "L" }')
    text = found.to_text()
    assert text.splitlines()[:3] == [
        f"{found.a} -> {found.b}",
        "claims: 0 added, 0 removed, 1 changed",
        f"~ {CLAIM}F3 (statements)",
    ]
    assert f"+ {found.added[0]}\n" in text
    data = json.loads(json.dumps(found.to_json()))
    assert data["claims"]["changed"] == {CLAIM + "F3": ["statements"]}
    assert data["statements"] == {"added": list(found.added), "removed": []}


def test_a_difference_with_everything_reads_the_same_as_text_and_as_json():
    found = Difference("a", "b", ("u:new",), ("u:old",), {"u:x": ("metadata", "row")}, ("<l> .", "<m> ."), ("<k> .",))
    assert found.to_text().splitlines() == [
        "a -> b",
        "claims: 1 added, 1 removed, 1 changed",
        "+ u:new",
        "- u:old",
        "~ u:x (metadata, row)",
        "statements: 2 added, 1 removed",
        "+ <l> .",
        "+ <m> .",
        "- <k> .",
    ]
    assert found.to_text().endswith("- <k> .\n")
    assert json.loads(json.dumps(found.to_json())) == {
        "from": "a",
        "to": "b",
        "claims": {"added": ["u:new"], "removed": ["u:old"], "changed": {"u:x": ["metadata", "row"]}},
        "statements": {"added": ["<l> .", "<m> ."], "removed": ["<k> ."]},
    }


@pytest.mark.parametrize(("added", "removed"), [(("<l> .",), ()), ((), ("<l> .",)), (("<l> .",), ("<k> .",))])
def test_a_difference_is_one_whichever_side_has_more(added, removed):
    assert Difference("a", "b", (), (), {}, added, removed)
    assert not Difference("a", "b", ("u:new",), (), {}, (), ())


def test_the_place_of_a_row_is_a_part_of_its_own(release):
    row = "g:claims { c:F3 <http://www.w3.org/ns/prov#wasDerivedFrom> <https://example.org/kg/table/t#row=2> }"
    found = changed(release, row)
    assert found.claims_changed == {CLAIM + "F3": ("row",)}
    both = changed(release, f'{row} c:F3 {{ id:lab zel:acronym "L" }} g:claims {{ c:F3 zel:gloss "x"@en }}')
    assert both.claims_changed == {CLAIM + "F3": ("statements", "metadata", "row")}


def test_graphs_that_no_claim_declares_are_no_claims(release):
    assert not changed(release, "c:F9 { id:lab zel:partnerOf id:mistral }").claims_added
    assert not changed(release, "g:claims { c:F9 a zel:Note . c:F8 zel:about zel:Claim }").claims_added
    assert not changed(release, "g:claims { <https://example.org/kg/doc/x> a zel:SourceDocument }").claims_added
    assert not changed(release, "g:entities { c:F9 a zel:Claim }").claims_added


def test_several_claims_are_told_in_order(release):
    more = " ".join(f"g:claims {{ c:N{n} a zel:Claim }} c:F{n} {{ id:lab zel:acronym '{n}' }}" for n in (5, 3, 4))
    more += " ".join(f"g:claims {{ c:N{n} a zel:Claim }}" for n in (9, 1, 7, 2, 8))
    found = changed(release, more)
    assert found.claims_added == tuple(f"{CLAIM}N{n}" for n in (1, 2, 3, 4, 5, 7, 8, 9))
    assert [*found.claims_changed] == [f"{CLAIM}F{n}" for n in (3, 4, 5)]
    assert list(found.added) == sorted(found.added)
    newer = publish(contents(sample_quads(more)), release.path.parent, {})
    back = diff(newer, release)
    assert back.claims_removed == found.claims_added
    assert back.removed == found.added


def test_a_damaged_release_has_no_difference(release):
    release.graph_path.unlink()
    with pytest.raises(ReleaseError, match="damaged"):
        diff(release, release)


subsets = st.sets(st.integers(0, len(sample_quads()) - 1))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subsets, subsets)
def test_the_difference_leads_from_one_to_the_other(tmp_path, left, right):
    quads = sorted(sample_quads(), key=str)
    a, b = (publish(contents(quads[n] for n in numbers), tmp_path, {}) for numbers in (left, right))
    there, back = diff(a, b), diff(b, a)
    assert there.apply(a.lines()) == list(b.lines())
    assert back.apply(b.lines()) == list(a.lines())
    assert (there.added, there.claims_added) == (back.removed, back.claims_removed)
    assert there.claims_changed == back.claims_changed
    named = {*there.claims_added, *there.claims_removed, *there.claims_changed}
    touched = {
        quad.graph_name.value
        for line in (*there.added, *there.removed)
        for quad in ox.parse(line, format=ox.RdfFormat.N_QUADS)
        if str(quad.graph_name).startswith(f"<{CLAIM}")
    }
    declared = {CLAIM + f"F{n}" for n in range(1, 6)}
    both = {iri for iri in declared if iri in touched and _declared(a, iri) and _declared(b, iri)}
    assert both <= named


def _declared(release, iri):
    return any(line.startswith(f"<{iri}> ") and line.count("#Claim>") for line in release.lines())
