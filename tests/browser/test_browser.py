"""A person at a browser: types a query, sees it again, runs it twice, downloads its rows; on a desk and a telephone."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from serving import running

from kg.release import Release
from kg.terms import LANGUAGES

NODE = Path(__file__).parent / "node"
WIDTHS = (1280, 390)
QUERY = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
# "é" & <b> وُقعت +%20
SELECT ?thing ?label WHERE {
  ?thing a <https://w3id.org/zellige/ont#Ministry> ; rdfs:label ?label
} ORDER BY ?thing ?label LIMIT 12"""
WIDE = "SELECT * { VALUES (?a ?b ?c ?d ?e ?f ?g ?h ?i ?j ?k ?l) { (" + " ".join(['"Administration"'] * 12) + ") } }"
MAP = "SELECT ?town ?lat ?lon { VALUES (?town ?lat ?lon) { ('Rabat'@fr 34.0 -6.8) ('فاس'@ar 34.0 -5.0) } }"
EXPLORED = [("facet", "zel:quantity zel:unit"), ("facet", "claim zel:modality"), ("only.zel:name", "index")]
"""A table with counts and a filter."""
PAGES = {
    "home": "/?",
    "dataset": "/dataset?",
    "thing": "/id/morocco?",
    "claim": "/claim/F030?",
    "row": "/claim/X47-lesechos?",
    "table": f"/table/ai-readiness?{urlencode(EXPLORED)}&",
    "document": "/doc/seed?",
    "vocabulary": "/ont?",
    "list": "/list?class=https%3A%2F%2Fw3id.org%2Fzellige%2Font%23Ministry&",
    "timeline": "/timeline?",
    "targets": "/targets?",
    "partners": "/partners?",
    "sources": "/sources?",
    "classes": "/classes?",
    "map": f"/query?{urlencode({'query': MAP, 'as': 'map'})}&",
    "graph": "/graph/entities?",
    "scheme": "/scheme/modality?",
    "wide": f"/query?{urlencode({'query': WIDE})}&",
    "absent": "/id/absent?",
    "mistaken": "/query?query=SELECT+*+%7B&",
}
"""One page of each kind, to which the language is added."""
GRAVE = frozenset({"serious", "critical"})


def visits() -> Iterator[dict[str, Any]]:
    """Everything that is looked at, in an order of its own."""
    for language in LANGUAGES:
        for script in (True, False):
            for width in WIDTHS:
                name = f"query-{language}-{'script' if script else 'plain'}-{width}"
                yield {
                    "name": name,
                    "path": f"/query?lang={language}",
                    "widths": [width],
                    "script": script,
                    "type": QUERY,
                }
        for page, path in PAGES.items():
            name = f"{page}-{language}"
            yield {"name": name, "path": f"{path}lang={language}", "widths": WIDTHS, "script": True, "axe": True}


VISITS = {visit["name"]: visit for visit in visits()}
ASKED = [name for name in VISITS if name.startswith("query-")]
SEEN = [name for name in VISITS if name not in ASKED]


@pytest.fixture(scope="module")
def seen(
    browser: str, pictures: str | None, built: Release, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Any]:
    """What was seen at each visit, by its name."""
    work = tmp_path_factory.mktemp("browser")
    with running(built.path.parent, root, work) as (url, _):
        tasks = {"chromium": browser, "url": url, "screenshots": pictures, "visits": list(VISITS.values())}
        done = subprocess.run(
            ["node", "visit.js"], cwd=NODE, input=json.dumps(tasks), capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return {visit["name"]: visit for visit in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", VISITS)
def test_nothing_is_asked_of_others_and_nothing_complains(seen: Mapping[str, Any], name: str) -> None:
    found = seen[name]
    # A browser logs the status of the page itself.
    said = [line for line in found["said"] if found["status"] == 200 or "Failed to load resource" not in line]
    assert (found["foreign"], said) == ([], [])
    assert found["status"] == {"absent": 404, "mistaken": 400}.get(name.partition("-")[0], 200)


@pytest.mark.parametrize("name", VISITS)
def test_the_page_fits_its_window_and_no_word_is_broken(seen: Mapping[str, Any], name: str) -> None:
    fine = {"overflow": 0, "broken": []}
    assert {place: layout for place, layout in seen[name]["layouts"].items() if layout != fine} == {}


@pytest.mark.parametrize("name", ASKED)
def test_a_query_is_typed_seen_again_run_twice_and_downloaded(seen: Mapping[str, Any], name: str) -> None:
    asked, language = seen[name]["asked"], name.split("-")[1]
    first, second = asked["looks"]
    for look in (first, second):
        assert look["query"] == QUERY
        assert (look["language"], look["direction"]) == (language, "rtl" if language == "ar" else "ltr")
    assert first["rows"]
    assert second == first
    assert asked["status"] == 200
    assert asked["type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(asked["csv"])))[1:]
    assert [[cell.replace("https://w3id.org/zellige/", "/") for cell in row] for row in rows] == first["rows"]


@pytest.mark.parametrize("name", SEEN)
def test_no_page_shuts_anybody_out(seen: Mapping[str, Any], name: str) -> None:
    """No finding of axe that it calls serious or critical."""
    assert [finding for finding in seen[name]["axe"] if finding["impact"] in GRAVE] == []
