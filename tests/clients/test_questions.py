"""The competency questions over HTTP: every client gives the rows that the engine gives."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from serving import running
from SPARQLWrapper import JSON, SPARQLWrapper

from kg import store
from kg.release import Release

QUESTIONS = sorted((Path(__file__).parents[1] / "competency").glob("*.rq"))
Row = dict[str, tuple[str, str | None]]


@pytest.fixture(scope="module")
def url(root: Path, built: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(built.path.parent, root, tmp_path_factory.mktemp("questions")) as (address, _):
        yield f"{address}/sparql"


def native(release: Release, text: str) -> list[Row]:
    found = store.read(release.store_path).query(text)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [
        {n: (row[n].value, getattr(row[n], "language", None)) for n in names if row[n] is not None} for row in found
    ]


def from_json(body: dict[str, dict[str, list[dict[str, dict[str, str]]]]]) -> list[Row]:
    return [{n: (v["value"], v.get("xml:lang")) for n, v in row.items()} for row in body["results"]["bindings"]]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_sparqlwrapper_rdflib_and_curl_agree_with_the_engine(question: Path, url: str, built: Release) -> None:
    text = question.read_text(encoding="utf-8")
    wanted = native(built, text)
    assert wanted

    wrapper = SPARQLWrapper(url)
    wrapper.setQuery(text)
    wrapper.setReturnFormat(JSON)
    assert from_json(wrapper.queryAndConvert()) == wanted

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        rows = SPARQLStore(url, method="POST").query(text)
    got = [{str(n): (str(t), getattr(t, "language", None)) for n, t in row.asdict().items()} for row in rows]
    assert got == wanted

    if shutil.which("curl") is None:
        pytest.skip("curl is absent: two of three clients compared")
    command = [
        "curl",
        "-sSf",
        "-H",
        "Accept: application/sparql-results+json",
        "--data-urlencode",
        f"query@{question}",
        url,
    ]
    done = subprocess.run(command, capture_output=True, check=True)
    assert from_json(json.loads(done.stdout)) == wanted
