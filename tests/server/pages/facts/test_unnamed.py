"""Things that were blank nodes in a file are shown by what is said of them; marks and tags say only what is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from markup import Page
from tiny import CLAIMS, FACTS, write_release

from server.app import create_app
from server.settings import Settings

HTML = {"Accept": "text/html"}
NODE = "https://w3id.org/.well-known/genid/1f8a7a6f403fda22c49978f3"
SAID = (
    f'd:lab zel:harvest <{NODE}> ; rdfs:label "Lab 7"@und .\n'
    f'<{NODE}> a zel:Crop ; zel:year "2029"^^xsd:gYear ; zel:kilograms 61.5 ; zel:of d:ministry .\n'
    'zel:Crop rdfs:label "harvest"@en , "محصول"@ar .\n'
)
PREFIX = "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


@pytest.fixture
def orchard(tmp_path: Path) -> FlaskClient:
    write_release(tmp_path, facts=PREFIX + FACTS + SAID, claims=CLAIMS)
    return create_app(Settings(tmp_path)).test_client()


def test_a_thing_without_a_name_is_shown_by_its_values_and_no_tag_says_und(orchard: FlaskClient) -> None:
    text = orchard.get("/id/lab?lang=en", headers=HTML).text
    told = " ".join(" ".join(said for _, _, said in Page(text).texts).split())
    plain = told.replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")
    assert "harvest ( kilograms: 61.5 , of: Ministry of Digital Transition , year: 2029 )" in plain
    assert "1f8a7a6f" not in told
    assert "Lab 7" in told
    assert "und" not in told.split()
    assert "محصول" in orchard.get("/id/lab?lang=ar", headers=HTML).text
