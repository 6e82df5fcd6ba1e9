"""`kg query`: the same answers as the endpoint's, what may be wrong in them, and how they come about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_project import kg
from tiny import write_release

UNBOUND = "SELECT (SUM(?p) AS ?s) (MAX(?p) AS ?m) { VALUES ?p { 10 20 UNDEF 5 } }"
BLANK = 'SELECT (SUM(?p) AS ?s) (SUM(?q) AS ?t) { VALUES ?p { 1 "n/a" } BIND(?p + 1 AS ?q) }'
NAMED = "SELECT * {\n  GRAPH ?g { ?s ?p ?o FILTER(?g = <http://e/x>) } }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("query")
    write_release(work / "releases")
    (work / "unbound.rq").write_text(UNBOUND, encoding="utf-8")
    (work / "named.rq").write_text(NAMED, encoding="utf-8")
    (work / "blank.rq").write_text(BLANK, encoding="utf-8")
    (work / "wrong.rq").write_text("SELECT (SUM(?p) AS ?s) {\n VALUES ?p 1 }", encoding="utf-8")
    return work


def test_it_answers_by_the_standard(folder):
    asked = kg("query", "unbound.rq", "--releases", "releases", "--format", "csv", cwd=folder)
    assert (asked.returncode, asked.stdout.split()) == (0, ["s,m", "35,20"])


def test_it_tells_what_may_be_wrong(folder):
    asked = kg("query", "named.rq", "--releases", "releases", cwd=folder)
    assert asked.returncode == 0
    assert "warning: query:2: inside of GRAPH ?g { } the variable ?g is not yet the name" in asked.stderr
    told = json.loads(kg("query", "named.rq", "--releases", "releases", "--json", cwd=folder).stdout)
    assert [warning["code"] for warning in told["data"]["warnings"]] == ["graph-name"]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_it_tells_what_a_cell_is_blank_for(folder, form):
    asked = kg("query", "blank.rq", "--releases", "releases", "--format", form, cwd=folder)
    assert asked.returncode == 0
    assert 'warning: query:1: SUM has no value in 1 group: "n/a" is no number (' in asked.stderr
    assert '?q has no value in 1 solution: its expression is an error with "n/a"' in asked.stderr
    told = json.loads(kg("query", "blank.rq", "--releases", "releases", "--json", cwd=folder).stdout)
    assert [warning["code"] for warning in told["data"]["warnings"]] == ["expression-error", "aggregate-error"]


def test_it_explains(folder):
    asked = kg("query", "unbound.rq", "--releases", "releases", "--explain", cwd=folder)
    assert asked.stdout.startswith("# Rules that acted\nunbound-in-aggregates: ")
    assert "(table (?p)" in asked.stdout
    assert "release: " in asked.stdout
    told = json.loads(kg("query", "unbound.rq", "--releases", "releases", "--explain", "--json", cwd=folder).stdout)
    explained = told["data"]["explain"]
    assert [rule["name"] for rule in explained["rules"]] == ["unbound-in-aggregates", "sure-aggregates"]
    assert {*explained["milliseconds"]} == {"asking elsewhere", "preparing", "evaluating"}


@pytest.mark.parametrize("more", [(), ("--explain",)])
def test_a_mistake_is_told_with_its_line(folder, more):
    asked = kg("query", "wrong.rq", "--releases", "releases", *more, cwd=folder)
    assert asked.returncode == 2
    assert "2:12" in asked.stderr or ":2" in asked.stderr
