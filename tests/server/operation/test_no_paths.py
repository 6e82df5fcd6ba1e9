"""No answer to a stranger holds a path of the machine, whatever fails."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from patience import PATIENCE, children
from serving import running
from tiny import write_release

from kg.errors import EngineFailed, OperationError, Position, Problem, QueryError, ReleaseError, StorageError
from server.app import create_app
from server.engine.inprocess import InProcessEngine
from server.openapi.routes import ROUTES
from server.settings import Settings

ACCEPTED = ("application/json", "text/html", "text/plain", "text/turtle", "text/csv", "*/*")
QUERIES = ("SELECT * { ?s ?p ?o }", "ASK { ?s ?p 7 }", "DESCRIBE <https://w3id.org/zellige/id/lab>", "ASK { ?s ?p")
ADDRESSES = (
    *(
        route.path.replace("{name}", "lab").replace("{filename}", "style.css").replace("{version}", "1")
        for route in ROUTES
    ),
    *(f"/sparql?query={quote(query)}" for query in QUERIES),
    *(f"/query?query={quote(query)}" for query in QUERIES),
    "/rdf-graph-store?default",
    "/rdf-graph-store?graph=https://w3id.org/zellige/graph/claims",
    "/graph/claims",
    "/claim/F1",
    "/ont",
    "/list?class=https://w3id.org/zellige/ont%23Ministry",
    "/reconcile?queries=" + quote('{"q0": {"query": "lab"}}'),
)


def of_the_machine(folder: Path, root: Path) -> list[str]:
    """What must be in no answer."""
    return [str(path) for path in (folder, root, Path.home(), Path(sys.prefix), Path(tempfile.gettempdir()))]


def told(places: Iterable[str], headers: Iterable[tuple[str, str]], body: bytes) -> list[str]:
    text = body.decode("utf-8", "replace") + "".join(f"{name}: {value}\n" for name, value in headers)
    # A home of "/" or "/root" would be found in many an IRI; what names a file goes on after it.
    return [place for place in places if f"{place}/" in text or f"{place}'" in text]


FAULTS: dict[str, Callable[[Path], Exception]] = {
    "a store that does not open": lambda path: ReleaseError(f"the store {path} cannot be opened by a worker"),
    "a worker that does not start": lambda _: OperationError(
        f"no worker process could be started: [Errno 2] No such file or directory: '{sys.executable}'"
    ),
    "a store that is damaged": lambda path: EngineFailed(
        f"the query could not be answered: IO error: While open a file for random read: {path}/000012.sst: Gone"
    ),
    "a path by itself": lambda path: EngineFailed(f"{path}"),
    "a hint": lambda path: OperationError("no room", hint=f"look at ({path}/x)"),
    "a place": lambda path: QueryError(problems=[Problem("data", "wrong", Position(str(path / "manifest.json"), 3))]),
    "what nobody foresaw": lambda path: RuntimeError(f"cannot read {path}/store"),
    "a file of Python": lambda path: FileNotFoundError(2, "No such file", str(path / "graph.nq.gz")),
    "a disk": lambda path: StorageError(f"cannot read {path}/x: input/output error"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_an_engine_that_fails_names_no_file(tmp_path: Path, root: Path, fault, caplog) -> None:
    folder = write_release(tmp_path)

    class Failing(InProcessEngine):
        def evaluate(self, *_: object, **__: object) -> bytes:
            raise fault(folder)

        answer = beginning = has_graph = evaluate

    app = create_app(Settings(tmp_path), Failing.open)
    client = app.test_client()
    places = of_the_machine(tmp_path, root)
    seen = set()
    for address in ADDRESSES:
        for accept in ACCEPTED:
            with client.get(address, headers={"Accept": accept}) as response:
                seen.add(response.status_code)
                assert told(places, response.headers, response.data) == [], (address, accept)
    assert any(status >= 400 for status in seen)
    assert any(place in caplog.text for place in places), "the operator is told"


@pytest.mark.parametrize("spoilt", ["void.ttl", "graph.nq.gz", "context.jsonld", "quotes.json", "manifest.json"])
def test_a_file_of_the_release_that_is_none_is_not_named(tmp_path: Path, root: Path, spoilt: str) -> None:
    folder = write_release(tmp_path)
    client = create_app(Settings(tmp_path)).test_client()
    (folder / spoilt).unlink(missing_ok=True)
    (folder / spoilt).mkdir()
    for address in ADDRESSES:
        for accept in ACCEPTED[:3]:
            with client.get(address, headers={"Accept": accept}) as response:
                assert told(of_the_machine(tmp_path, root), response.headers, response.data) == [], (address, accept)


def test_a_server_whose_release_is_gone_names_no_file(root: Path, tmp_path: Path) -> None:
    write_release(tmp_path / "releases")
    places = of_the_machine(tmp_path, root)
    with running(tmp_path / "releases", root, tmp_path, workers=1) as (url, process):
        shutil.rmtree(tmp_path / "releases")
        statuses = set()
        for address in ADDRESSES:
            for child in children(process.pid):  # whoever comes next needs a new process, which finds no store
                os.kill(child, signal.SIGKILL)
            for accept in ACCEPTED[:3]:
                try:
                    with urlopen(Request(url + address, headers={"Accept": accept}), timeout=PATIENCE) as answer:
                        statuses.add(answer.status)
                        found = told(places, answer.headers.items(), answer.read())
                except HTTPError as error:
                    statuses.add(error.code)
                    found = told(places, error.headers.items(), error.read())
                assert found == [], (address, accept)
        assert 503 in statuses
        process.terminate()
        _, said = process.communicate(timeout=PATIENCE)
    assert f"the client is not told: the store {tmp_path}" in said
