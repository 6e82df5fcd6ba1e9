"""A person's path over the page of queries: a mistake, its cure, rows in order, the next page, a link that is passed on.

With a script there is an editor where `make assets` has made one; without a script, or without the editor, the same path
is walked over the plain form.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from federated_service import expected, joined, question, stand_in
from serving import running

from kg.release import Release
from kg.terms import LANGUAGES
from server.pages.querying.arranging import ROWS

NODE = Path(__file__).parent / "node"
EDITOR = Path(__file__).resolve().parents[2] / "server" / "static" / "query.js"
RIGHT = "SELECT ?thing ?label WHERE {\n  ?thing rdfs:label ?label\n} ORDER BY DESC(?label) DESC(?thing)"
WRONG = RIGHT.replace("WHERE", "WHER")
MISTAKE = {
    "en": "line 1, column 22: WHER is no word of SPARQL",
    "fr": "ligne 1, colonne 22 : WHER n'est pas un mot de SPARQL",
    "ar": "السطر 1، العمود 22: WHER ليست من كلمات SPARQL",
}
RANGE = {"en": "51 to 100 of", "fr": "51 à 100 sur", "ar": "من 51 إلى 100 من أصل"}
CANCELLED = {"en": "Cancelled.", "fr": "Annulé.", "ar": "أُلغي."}


KEPT = {("ar", 390), ("en", 1280)}
"""The visits that keep several queries and filter rows."""
LEFT = {"universite": "1", "الاداره": "2", "rsi UNIV": "1", "integer": "", "nothing": ""}
"""Words of a filter, and the rows that it leaves."""
OF = {"en": "{left} of 3 rows of this page", "ar": "المعروض {left} من 3 في هذه الصفحة"}

THING = "https://w3id.org/zellige/id/morocco"
WHOLE = {"en": "{0} of 300 rows", "ar": "الأسطر: {0} من 300"}
NOTES = {
    "en": ("says of this answer:", "broke off after 1 rows", "Cancelled"),
    "ar": ("تقول نقطة الاستعلام", "انقطعت الإجابة", "أُلغي"),
}


def visits() -> Iterator[dict[str, Any]]:
    for language in LANGUAGES:
        for width in (1280, 390):
            for script in (True, False):
                name = f"path-{language}-{'script' if script else 'plain'}-{width}"
                keeps = script and (language, width) in KEPT
                yield {"name": name, "language": language, "width": width, "script": script, "keeps": keeps}


VISITS = {visit["name"]: visit for visit in visits()}
KEEPING = [name for name, visit in VISITS.items() if visit["keeps"]]
SCRIPTED = [name for name, visit in VISITS.items() if visit["script"]]


@pytest.fixture(scope="module")
def walked(
    browser: str, pictures: str | None, built: Release, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, Any]:
    """What was seen on each path, by its name."""
    with running(built.path.parent, root, tmp_path_factory.mktemp("paths")) as (url, _):
        tasks = {"chromium": browser, "url": url, "screenshots": pictures, "wrong": WRONG, "right": RIGHT}
        tasks |= {"words": list(LEFT), "thing": THING}
        return done({**tasks, "visits": list(VISITS.values())})


def done(tasks: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was seen, by the names of the visits."""
    found = subprocess.run(
        ["node", "query.js"], cwd=NODE, input=json.dumps(tasks), capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return {visit["name"]: visit for visit in map(json.loads, found.stdout.splitlines())}


@pytest.fixture
def edited(walked: Mapping[str, Any], request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """What was seen in the editor."""
    found: Mapping[str, Any] = walked[request.node.callspec.params["name"]]
    if not EDITOR.is_file():
        pytest.skip("the editor is not made here: run 'make assets'")
    assert found["editor"]
    return found


@pytest.mark.parametrize("name", VISITS)
def test_a_mistake_is_read_and_mended(walked: Mapping[str, Any], name: str) -> None:
    path, language = walked[name], VISITS[name]["language"]
    assert path["mistaken"]["query"] == WRONG
    assert MISTAKE[language] in path["mistaken"]["main"]
    assert path["mistaken"]["rows"] == []
    assert path["answered"]["query"] == RIGHT
    assert len(path["answered"]["rows"]) == ROWS
    assert MISTAKE[language] not in path["answered"]["main"]


@pytest.mark.parametrize("name", VISITS)
def test_rows_are_sorted_by_a_click_and_go_on_on_the_next_page(walked: Mapping[str, Any], name: str) -> None:
    path, language = walked[name], VISITS[name]["language"]
    first, second = path["sorted"]["rows"], path["next"]["rows"]
    assert RANGE[language] in path["next"]["main"]
    assert first != path["answered"]["rows"]
    assert (len(first), len(second)) == (ROWS, ROWS)
    # Digits stand before letters in the order of each language.
    assert first[0][0].isdigit()
    assert path["answered"]["rows"][0] > path["answered"]["rows"][-1]


@pytest.mark.parametrize("name", VISITS)
def test_a_link_that_is_passed_on_shows_the_same(walked: Mapping[str, Any], name: str) -> None:
    shared = walked[name]["shared"]
    assert shared["query"] == RIGHT
    assert len(shared["rows"]) == ROWS
    if VISITS[name]["language"] == "en":  # a link has no language: each reader sees it in their own
        assert shared["rows"] == walked[name]["sorted"]["rows"]


@pytest.mark.parametrize("name", VISITS)
def test_no_step_asks_others_breaks_the_policy_or_leaves_the_window(walked: Mapping[str, Any], name: str) -> None:
    path = walked[name]
    said = [line for line in path["said"] if "status of 400" not in line]  # the mistake itself
    steps = [step["overflow"] for step in path.values() if isinstance(step, dict) and "overflow" in step]
    assert (path["foreign"], said, set(steps)) == ([], [], {0})


@pytest.mark.parametrize("name", SCRIPTED)
def test_the_editor_marks_the_mistake_where_it_stands(edited: Mapping[str, Any], name: str) -> None:
    assert edited["marked"] == ["WHER"]


@pytest.mark.parametrize("name", SCRIPTED)
def test_the_editor_completes_prefixes_and_classes_and_declares_what_it_writes(
    edited: Mapping[str, Any], name: str
) -> None:
    assert edited["edited"]["prefix"] == "PREFIX foaf: <http://xmlns.com/foaf/0.1/>"
    expected = "PREFIX zel: <https://w3id.org/zellige/ont#>\nSELECT * { ?x a zel:Ministry"
    assert edited["edited"]["class"] == expected


@pytest.mark.parametrize("name", SCRIPTED)
def test_a_query_is_stopped_and_the_page_goes_on(edited: Mapping[str, Any], name: str) -> None:
    assert edited["edited"]["cancelled"] == CANCELLED[VISITS[name]["language"]]


@pytest.mark.parametrize("name", SCRIPTED)
def test_the_way_back_leads_to_the_page_before(edited: Mapping[str, Any], name: str) -> None:
    assert edited["back"]["rows"] == edited["sorted"]["rows"]
    assert edited["back"]["query"] == RIGHT


@pytest.mark.parametrize("name", SCRIPTED)
def test_a_link_of_another_query_page_is_taken_and_answered(edited: Mapping[str, Any], name: str) -> None:
    found = edited["edited"]["fragment"]
    assert (found["query"], found["rows"]) == ("SELECT (7 AS ?seven) {}", ["7"])


@pytest.mark.parametrize("name", KEEPING)
def test_rows_are_filtered_while_one_types_whatever_their_marks(edited: Mapping[str, Any], name: str) -> None:
    said = OF[VISITS[name]["language"]]
    assert edited["kept"]["rows"] == {word: [rows, said.format(left=len(rows))] for word, rows in LEFT.items()}
    assert edited["kept"]["sent"] == [1, "MINISTRY", 3]


@pytest.mark.parametrize("name", KEEPING)
def test_counts_lead_to_their_query_in_a_tab_of_its_own(edited: Mapping[str, Any], name: str) -> None:
    assert edited["kept"]["counted"] == [[1, "SELECT ?label (COUNT(*) AS ?rows) WHERE {", 2]] * 2


@pytest.mark.parametrize("name", KEEPING)
def test_queries_are_kept_named_closed_and_brought_back(edited: Mapping[str, Any], name: str) -> None:
    kept = edited["kept"]
    assert kept["overflow"] == 0
    assert kept["named"] == kept["reloaded"][0] == kept["restored"][0] == "جامعة 1"
    assert kept["other"] != kept["reloaded"][2] == kept["restored"][1]
    assert '(3 "ministry")' in kept["reloaded"][2]
    assert kept["again"] == ["Université", "الإدارة", "ministry"]
    assert (kept["reloaded"][1], kept["closed"]) == (1, 0)


@pytest.mark.parametrize("name", KEEPING)
def test_the_whole_answer_is_filtered_sorted_and_taken_as_a_file(edited: Mapping[str, Any], name: str) -> None:
    whole, said = edited["whole"], WHOLE[VISITS[name]["language"]]
    assert (whole["all"], whole["pages"], whole["overflow"]) == (said.format(300), 0, 0)
    assert (whole["both"], whole["named"]) == (said.format(4), said.format(100))
    assert whole["sorted"] == ["descending", "ministry"]
    assert whole["file"] == ["n,label,thing", f"299,الإدارة,{THING}", f"296,الإدارة,{THING}"]
    assert whole["back"] == [0, 1]


@pytest.mark.parametrize("name", KEEPING)
def test_what_is_not_the_whole_answer_says_so(edited: Mapping[str, Any], name: str) -> None:
    late, broken, cancelled = NOTES[VISITS[name]["language"]]
    notes = edited["whole"]["notes"]
    assert late in notes[0]
    assert "1:2 said late (do)" in notes[0]
    assert broken in notes[1]
    assert cancelled in notes[2]


def test_rows_from_another_endpoint_are_shown_with_what_they_cost(
    browser: str, pictures: str | None, root: Path, tmp_path: Path
) -> None:
    """Without the editor the page leads to them as data."""
    with stand_in() as remote, joined(root, tmp_path, remote) as endpoint:
        query = question(remote.url)
        asked = [{"name": f"elsewhere-{script}", "query": query, "script": script} for script in (True, False)]
        stranger = "SELECT * { SERVICE <http://stranger.example/> { ?s ?p ?o } }"
        asked.append({"name": "elsewhere-refused", "query": stranger, "script": True, "refused": "not on the list"})
        tasks = {"chromium": browser, "url": endpoint.removesuffix("/sparql"), "screenshots": pictures}
        seen = done({**tasks, "visits": [], "elsewhere": asked})
    plain, scripted = seen["elsewhere-False"], seen["elsewhere-True"]
    assert [link.rpartition("format=")[2] for link in plain["data"]] == ["json&receipt=true", "xml", "csv", "tsv"]
    if not EDITOR.is_file():
        pytest.skip("the editor is not made here: run 'make assets'")
    assert scripted["rows"] == [label for _, label in expected()][:100]
    assert f"1–100 / {len(expected())}" in scripted["main"]
    assert "requests: 3" in scripted["main"]
    # What to do is said with what is wrong.
    told = "SERVICE <http://stranger.example/> is refused: this endpoint is not on the list (the list: "
    assert seen["elsewhere-refused"]["said"] == f"{told}{remote.url})"
