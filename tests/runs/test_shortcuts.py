"""Shortcuts on claims say what the long ways say; nobody writes them, nor the paths to date, place and topic."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import store
from kg.release import Release
from kg.sparql.dataset import Asked, place
from kg.terms import PREFIXES

ROOT = Path(__file__).resolve().parents[2]
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
LONG = {
    "zel:about": "?claim a zel:Claim . GRAPH ?claim { ?value ?p ?o }",
    "zel:quote": "?claim zel:supportedBy/oa:hasTarget/oa:hasSelector/oa:exact ?value",
    "zel:quoteStart": "?claim zel:supportedBy/oa:hasTarget/oa:hasSelector/oa:start ?value",
    "zel:quoteEnd": "?claim zel:supportedBy/oa:hasTarget/oa:hasSelector/oa:end ?value",
    "zel:publisher": "?claim zel:statedIn/dct:publisher ?value",
    "zel:address": "?claim zel:statedIn/schema:url ?value",
    "zel:published": "?claim zel:statedIn/dct:issued ?value",
}


def pairs(release: Release, pattern: str) -> set[tuple[str, str]]:
    query = f"{PROLOGUE}SELECT DISTINCT ?claim ?value {{ {pattern} }}"
    graphs = store.graphs_read(place(Asked(query, view="stated"), release.base))
    found = store.read(release.store_path).query(query, **graphs)
    assert isinstance(found, ox.QuerySolutions)
    return {(str(row["claim"]), str(row["value"])) for row in found}


@pytest.mark.parametrize("name", LONG)
def test_a_shortcut_says_what_the_long_way_says(built: Release, name: str) -> None:
    short = pairs(built, f"?claim {name} ?value")
    assert short == pairs(built, LONG[name])
    assert len(short) > 80


@pytest.mark.parametrize(
    ("path", "below"),
    [("zel:date", "zel:signedOn"), ("zel:date", "zel:eventDate"), ("zel:place", "zel:inRegion"),
     ("zel:topic", "zel:focusesOn")],
)  # fmt: skip
def test_one_path_leads_where_several_properties_do(built: Release, path: str, below: str) -> None:
    assert pairs(built, f"?claim {below} ?value") <= pairs(built, f"?claim {path} ?value")


def test_what_was_signed_at_an_event_has_its_place(built: Release) -> None:
    at_events = pairs(built, "?claim zel:signedAt|zel:announcedAt ?e . ?e zel:takesPlaceIn ?value")
    assert at_events
    assert at_events <= pairs(built, "?claim zel:place ?value")


def test_each_date_place_and_topic_leads_to_a_claim(built: Release) -> None:
    for path in ("zel:date", "zel:place", "zel:topic"):
        given = pairs(built, f"?claim {path} ?value")
        stated = pairs(built, f"?p rdfs:subPropertyOf {path} . GRAPH ?c {{ ?claim ?p ?value }} ?c a zel:Claim") | pairs(
            built,
            f"?p rdfs:subPropertyOf {path} . ?claim zel:signedAt|zel:announcedAt ?e ."
            " GRAPH ?c { ?e ?p ?value } ?c a zel:Claim",
        )
        assert given == stated if path != "zel:topic" else given <= stated
