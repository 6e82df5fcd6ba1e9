"""The OpenAPI document: valid, whole, nothing too much, and where clients look for it."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from tiny import write_release

from kg.errors import KgError, Problem
from server.app import create_app
from server.front.application import METRICS
from server.http.codes import CODES
from server.http.problems import problem_object, status_of
from server.openapi import ADDRESS, document
from server.settings import Settings

_OWN = {METRICS: {"GET"}}
"""What the front answers and Flask does not."""
_ALWAYS = {"HEAD", "OPTIONS"}
_SAMPLES = {"name": "lab", "kind": "type", "filename": "zellige.css", "version": "0", "number": "1"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """The document."""
    return document("A graph", "r1")


def templates(app: Flask) -> dict[str, set[str]]:
    """The routes of the application as the document writes them, with their methods."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        found.setdefault(path, set()).update((rule.methods or set()) - _ALWAYS)
    return found | _OWN


def test_the_document_is_valid(described):
    OpenAPIV31SpecValidator(described).validate()


def test_every_route_is_in_it_and_nothing_else(app, described):
    told = {path: {method.upper() for method in item} for path, item in described["paths"].items()}
    assert told == templates(app)


def test_operations_have_names_of_their_own_and_say_what_they_do(described):
    operations = [operation for item in described["paths"].values() for operation in item.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    assert all(operation["summary"] for operation in operations)
    tags = {tag["name"] for tag in described["tags"]}
    assert {tag for operation in operations for tag in operation["tags"]} == tags


def test_every_component_is_used(described):
    text = json.dumps(described)
    unused = [
        f"{kind}/{name}"
        for kind, components in described["components"].items()
        for name in components
        if f'"#/components/{kind}/{name}"' not in text
    ]
    assert unused == []


@pytest.mark.parametrize("path", sorted(document("", "")["paths"]))
def test_every_address_tells_its_methods(client, described, path):
    if path in _OWN:
        pytest.skip("answered by the front; see the test over real connections")
    answer = client.options(path.format(**_SAMPLES))
    told = {method.upper() for method in described["paths"][path]}
    heads = {"HEAD"} if "GET" in told else set()
    assert set(answer.headers["Allow"].split(", ")) == told | heads | {"OPTIONS"}
    refused = client.delete(path.format(**_SAMPLES))
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (405, "method-not-allowed")
    assert set(refused.headers["Allow"].split(", ")) == set(answer.headers["Allow"].split(", "))


def test_it_is_kept_and_asked_about_like_any_other_answer(client):
    plain = client.get(ADDRESS)
    assert plain.headers["Cache-Control"] == "public, no-cache"
    assert plain.headers["Vary"] == "Accept-Encoding"
    again = client.get(ADDRESS, headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", plain.headers["ETag"])
    coded = client.get(ADDRESS, headers={"Accept-Encoding": "gzip"})
    assert coded.headers["ETag"] != plain.headers["ETag"]
    assert gzip.decompress(coded.data) == plain.data
    assert plain.json["info"]["title"] == "A tiny graph"


@pytest.mark.parametrize("path", ["/", "/sparql", "/sparql/", "/dataset", "/healthz"])
def test_it_is_found_from_where_a_client_looks_first(path, tmp_path):
    (write_release(tmp_path) / "void.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    answer = create_app(Settings(tmp_path)).test_client().get(path)
    assert answer.headers["Link"] == f'<{ADDRESS}>; rel="service-desc"; type="application/json"'


def test_the_codes_of_all_errors_that_a_request_can_meet_are_known():
    kinds = [KgError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    for kind in kinds:
        try:
            error = kind("x")
            status = int(status_of(error))
        except (TypeError, ValueError):
            continue  # no error of a request
        assert status in CODES[error.problems[0].code].statuses, kind


def test_a_problem_is_what_its_schema_says(described):
    schema = {**described["components"]["schemas"]["Problem"], "components": described["components"]}
    told = problem_object(404, [Problem("not-found", "no such thing", iri="urn:x", hint="look elsewhere")])
    Draft202012Validator(schema).validate(told)
    for wrong in ({**told, "errors": []}, {**told, "status": 200}, {"title": "x"}):
        assert not Draft202012Validator(schema).is_valid(wrong)
