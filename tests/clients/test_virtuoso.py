"""Virtuoso as a client: its own SERVICE to this endpoint, with a question in Arabic and with a join behind it."""

from __future__ import annotations

import csv
import io
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from federated_service import FACTS, PREFIXES, expected, federation, question, stand_in
from patience import PATIENCE
from serving import running
from tiny import write_release
from wikidata_stand_in import StandIn

_INI = """\
[Database]
DatabaseFile = {0}/virtuoso.db
ErrorLogFile = {0}/virtuoso.log
LockFile = {0}/virtuoso.lck
TransactionFile = {0}/virtuoso.trx
xa_persistent_file = {0}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {0}/temp.db
TransactionFile = {0}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{1}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
[HTTPServer]
ServerPort = 127.0.0.1:{2}
ServerThreads = 4
"""
_GRANT = 'GRANT SELECT ON DB.DBA.SPARQL_SINV_2 TO "SPARQL"; GRANT EXECUTE ON DB.DBA.SPARQL_SINV_IMP TO "SPARQL";'


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def remote() -> Iterator[StandIn]:
    with stand_in() as made:
        yield made


@pytest.fixture(scope="module")
def url(root: Path, tmp_path_factory: pytest.TempPathFactory, remote: StandIn) -> Iterator[str]:
    work = tmp_path_factory.mktemp("virtuoso-asks")
    write_release(work / "releases", facts=FACTS)
    with running(work / "releases", root, work, federation=federation(remote.url)) as (address, _):
        yield f"{address}/sparql"


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty Virtuoso whose guests may use SERVICE."""
    if shutil.which("virtuoso-t") is None or shutil.which("isql-vt") is None:
        pytest.skip("Virtuoso is not installed (apt-get install --no-install-recommends virtuoso-opensource-7)")
    folder = tmp_path_factory.mktemp("virtuoso")
    sql, port = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(folder, sql, port), encoding="utf-8")
    command = ["virtuoso-t", "+foreground", "+configfile", str(ini)]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
    try:
        address = f"http://127.0.0.1:{port}/sparql"
        _wait(f"{address}?query=ASK%7B%7D", process)
        isql = ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", "VERBOSE=OFF", "ERRORS=STDOUT", f"exec={_GRANT}"]
        done = subprocess.run(isql, capture_output=True, text=True, check=False, timeout=PATIENCE)
        assert "Error" not in done.stdout, done.stdout
        yield address
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < limit:
        try:
            urllib.request.urlopen(address, timeout=10).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("Virtuoso did not start")


def ask(virtuoso: str, url: str, query: str) -> list[list[str]]:
    """The rows of a query, all of which stands in a SERVICE clause of Virtuoso's."""
    body = query.partition("{")[2].rpartition("}")[0]
    asked = f"{PREFIXES}SELECT ?org ?label {{ SERVICE <{url}> {{ {body} }} }}"
    form = urlencode({"query": asked, "format": "text/csv"}).encode()
    try:
        with urllib.request.urlopen(virtuoso, form, timeout=PATIENCE) as answer:
            return [*csv.reader(io.StringIO(answer.read().decode()))][1:]
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(error.read().decode()) from None


def test_a_question_in_arabic(virtuoso, url):
    query = '{ ?org a zel:Agreement ; rdfs:label ?label FILTER(?label = "منظمة رقم 7"@ar) }'
    assert ask(virtuoso, url, query) == [["https://w3id.org/zellige/id/o7", "منظمة رقم 7"]]


def test_a_join_with_wikidata(virtuoso, url, remote):
    assert sorted(ask(virtuoso, url, question(remote.url))) == expected()
    assert len(remote.log) == 3
