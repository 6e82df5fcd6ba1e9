"""`SELECT *` as people meet it: the same columns in the same order in every format, on the page and at the command."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest
from patience import PATIENCE
from serving import running
from small_project import kg, make

from kg.sparql.solutions_xml import read_xml

QUERY = """PREFIX zel: <https://w3id.org/zellige/ont#>
SELECT * { ?z zel:party ?a ; a ?m FILTER(!BOUND(?k)) OPTIONAL { ?a zel:asWorded ?b } }"""
EXPECTED = ["z", "a", "m", "b"]
LOOKUP = "SELECT * { <https://w3id.org/zellige/id/mou> ?z ?a }"
"""Answered while its request is read."""


def heads(body: bytes, name: str) -> list[str]:
    match name:
        case "json":
            return json.loads(body)["head"]["vars"]
        case "xml":
            return read_xml(body)[0]
        case "csv" | "tsv":
            row = next(csv.reader(io.StringIO(body.decode()), delimiter="," if name == "csv" else "\t"))
            return [column.removeprefix("?") for column in row]
        case "html":
            return [re.sub("<.*?>|[?\\s↕↑↓]", "", cell) for cell in re.findall(r"<th\b.*?</th>", body.decode())]
    raise ValueError(name)


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_in_every_format(client, name):
    body = client.post("/sparql", data={"query": QUERY, "format": name}).data
    assert heads(body, name) == EXPECTED


@pytest.mark.parametrize("path", ["/query", "/sparql"])
def test_on_the_page(client, path):
    response = client.get(f"{path}?{urlencode({'query': QUERY})}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert heads(response.data, "html")[: len(EXPECTED)] == EXPECTED


def test_cells_stand_below_their_columns(client):
    body = client.post("/sparql", data={"query": QUERY, "format": "csv"}).data.decode()
    for row in csv.DictReader(io.StringIO(body)):
        assert row["z"].endswith("/id/mou")
        assert row["m"].endswith("#Agreement")
        assert re.search(r"/id/(ministry|lab)$", row["a"])


def test_through_an_engine_process_and_as_a_lookup(releases, root, tmp_path):
    with running(releases, root, tmp_path) as (url, _):
        for query, expected in ((QUERY, EXPECTED), (LOOKUP, ["z", "a"])):
            for name in ("json", "xml", "csv", "tsv", "html"):
                accept = {"Accept": "text/html"} if name == "html" else {}
                asked = f"{url}/sparql?query={quote(query)}" + ("" if accept else f"&format={name}")
                with urlopen(Request(asked, headers=accept), timeout=PATIENCE) as answer:
                    assert heads(answer.read(), name)[: len(expected)] == expected, name


def test_an_error_names_the_place_in_the_query_as_it_was_written(client):
    query = "SELECT * { ?z ?a ?m . ?s ?p }"
    told = client.post("/sparql", data={"query": query}, headers={"Accept": "application/json"}).get_json()
    assert told["errors"][0]["where"] == {"file": "query", "line": 1, "column": query.index("}") + 1}


def test_at_the_command(tmp_path: Path):
    project = make(tmp_path / "project")
    assert kg("build", "-q", cwd=project).returncode == 0
    (project / "ask.rq").write_text("SELECT * { ?z a ?m OPTIONAL { ?z <http://e/none> ?a } }")
    for name, separator in (("csv", ","), ("tsv", "\t"), ("table", None)):
        done = kg("query", "ask.rq", "--format", name, cwd=project)
        assert done.stdout.splitlines()[0].replace("?", "").split(separator) == ["z", "m", "a"]
