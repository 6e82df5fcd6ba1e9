"""`kg query` with SERVICE: off by default, on by `[federation]`, and what is wrong with that section."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from small_project import KG_TOML, kg, make
from wikidata_stand_in import Fault, StandIn

from kg.config import read_config
from kg.errors import ConfigError

LAB = "https://example.org/small/id/lab"
NAMED = Triple(NamedNode(LAB), NamedNode("http://e/name"), Literal("elsewhere"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make(tmp_path_factory.mktemp("federated") / "project")
    assert kg("build", "-q", cwd=made).returncode == 0
    return made


def ask(project: Path, endpoint: str, *options: str, settings: str = "", silent: str = ""):
    (project / "kg.toml").write_text(KG_TOML + settings, encoding="utf-8")
    query = f"SELECT ?lab ?name {{ ?lab a <https://w3id.org/zellige/ont#Laboratory> SERVICE {silent} <{endpoint}> {{ ?lab <http://e/name> ?name }} }}"
    (project / "ask.rq").write_text(query, encoding="utf-8")
    return kg("query", "ask.rq", *options, cwd=project)


def federation(endpoint: str) -> str:
    return f'\n[federation]\nendpoints = ["{endpoint}"]\nprivate_endpoints = ["{endpoint}"]\ncontact = "a@b.org"\n'


def test_a_project_that_federates_joins_with_its_endpoints(project):
    with StandIn().add([NAMED]) as remote:
        done = ask(project, remote.url, "--json", "--format", "csv", settings=federation(remote.url))
        assert done.returncode == 0, done.stdout
        data = json.loads(done.stdout)["data"]
        assert data["result"].split() == ["lab,name", f"{LAB},elsewhere"]
        (cost,) = data["federation"]["endpoints"]
        assert (cost["requests"], cost["rows"], cost["bytes_received"]) == (1, 1, remote.log[0].answer_bytes)
        assert "(a@b.org)" in remote.log[0].headers["user-agent"]
        verbose = ask(project, remote.url, "-v", "--format", "csv", settings=federation(remote.url))
        assert f'"{remote.url}";requests=1;' in verbose.stderr


def test_it_is_off_by_default(project):
    with StandIn().add([NAMED]) as remote:
        done = ask(project, remote.url)
        assert done.returncode == 2
        assert "SERVICE is refused" in done.stderr
        assert remote.log == []


def test_an_address_at_home_must_be_named_as_such(project):
    with StandIn().add([NAMED]) as remote:
        done = ask(project, remote.url, settings=federation(remote.url).replace("private_endpoints", "# "))
        assert done.returncode == 3
        assert "not one of the open net" in done.stderr
        assert remote.log == []


def test_a_failure_elsewhere_is_told_in_words_and_may_be_silent(project):
    with StandIn().add([NAMED]) as remote:
        remote.fail(Fault.TIMED_OUT)
        done = ask(project, remote.url, settings=federation(remote.url))
        assert done.returncode == 3
        assert "took too long there" in done.stderr
        assert "Traceback" not in done.stderr
        silent = ask(project, remote.url, "--json", "--format", "csv", silent="SILENT", settings=federation(remote.url))
        data = json.loads(silent.stdout)["data"]
        assert data["result"].split() == ["lab,name", f"{LAB},"]
        assert len(data["federation"]["endpoints"][0]["silenced"]) == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('endpoints = ["https://e.org/sparql"]', "contact is missing"),
        ('endpoints = ["https://e.org/sparql"]\ncontact = "me"', "contact is missing"),
        ('endpoints = ["ftp://e.org/"]\ncontact = "a@b.org"', "must be the http(s) address"),
        ('endpoints = ["https://user:word@e.org/"]\ncontact = "a@b.org"', "must be the http(s) address"),
        ('endpoints = ["https://e.org/#x"]\ncontact = "a@b.org"', "must be the http(s) address"),
        ('endpoints = ["https://e.org:99999/"]\ncontact = "a@b.org"', "must be the http(s) address"),
        ('endpoints = "https://e.org/"', "must be a list of texts"),
        ('private_endpoints = ["https://e.org/"]', "private but not among the endpoints"),
        ("batch = 0", "batch must be 1 at least"),
        ("batches = 3", "did you mean 'batch'?"),
    ],
)
def test_what_is_wrong_with_the_settings_is_told(settings, said, tmp_path):
    (tmp_path / "kg.toml").write_text(f'[project]\nname = "x"\n[federation]\n{settings}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"kg\.toml:") as caught:
        read_config(tmp_path, {})
    assert said in str(caught.value)


def test_the_settings_are_read(tmp_path):
    text = '[project]\nname = "x"\n[federation]\nendpoints = ["https://e.org/sparql"]\ncontact = "https://b.org/"\n'
    (tmp_path / "kg.toml").write_text(text, encoding="utf-8")
    read = read_config(tmp_path, {"KG_FEDERATION_BATCH": "50"}).federation
    assert (read.endpoints, read.contact, read.batch) == (("https://e.org/sparql",), "https://b.org/", 50)
    assert read_config(tmp_path, {}).federation.private_endpoints == ()
