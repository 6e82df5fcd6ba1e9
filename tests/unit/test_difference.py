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
    assert len(found.added) == 2


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
