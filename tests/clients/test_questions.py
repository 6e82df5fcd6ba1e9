"""The competency questions over HTTP: every client gives the rows that the engine gives."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import running
from SPARQLWrapper import JSON, SPARQLWrapper

from kg import store
from kg.release import Release
from kg.sparql.dataset import Asked, place

QUESTIONS = sorted((Path(__file__).parents[1] / "competency").glob("*.rq"))
Row = dict[str, tuple[str, str | None]]


@pytest.fixture(scope="module")
def url(root: Path, built: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(built.path.parent, root, tmp_path_factory.mktemp("questions")) as (address, _):
        yield f"{address}/sparql"


def native(release: Release, text: str, view: str) -> list[Row]:
    placed = place(Asked(text, view=view), release.base)
    found = store.read(release.store_path).query(placed.query, **store.graphs_read(placed))
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return in_order(
        ({n: (row[n].value, getattr(row[n], "language", None)) for n in names if row[n] is not None} for row in found),
        text,
    )


def in_order(rows: Iterable[Row], text: str) -> list[Row]:
    """The rows as they come, or sorted where the question asks for no order."""
    return [*rows] if "ORDER BY" in text else sorted(rows, key=lambda row: repr(sorted(row.items())))


def from_json(body: dict[str, dict[str, list[dict[str, dict[str, str]]]]]) -> list[Row]:
    return [{n: (v["value"], v.get("xml:lang")) for n, v in row.items()} for row in body["results"]["bindings"]]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_sparqlwrapper_rdflib_and_curl_agree_with_the_engine(question: Path, url: str, built: Release) -> None:
    text = question.read_text(encoding="utf-8")
    (view,) = re.findall(r"^# view: (\w+)$", text, re.MULTILINE)
    wanted = native(built, text, view)
    assert wanted

    wrapper = SPARQLWrapper(url)
    wrapper.setQuery(text)
    wrapper.addParameter("view", view)
    wrapper.setReturnFormat(JSON)
    assert in_order(from_json(wrapper.queryAndConvert()), text) == wanted

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        rows = SPARQLStore(url, method="POST", params={"view": view}).query(text)
    got = [{str(n): (str(t), getattr(t, "language", None)) for n, t in row.asdict().items()} for row in rows]
    assert in_order(got, text) == wanted

    if shutil.which("curl") is None:
        pytest.skip("curl is absent: two of three clients compared")
    command = [
        "curl",
        "-sSf",
        "-H",
        "Accept: application/sparql-results+json",
        "--data-urlencode",
        f"query@{question}",
        "--data",
        f"view={view}",
        url,
    ]
    done = subprocess.run(command, capture_output=True, check=True)
    assert in_order(from_json(json.loads(done.stdout)), text) == wanted
