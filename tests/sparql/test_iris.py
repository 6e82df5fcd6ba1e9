"""Relative IRIs: the examples of RFC 3986, section 5.4, and what the engine makes of the same."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from kg.errors import QueryRefused
from kg.sparql.federation.wire import Prologue

BASE = "http://a/b/c/d;p?q"
EXAMPLES = {
    "g:h": "g:h", "g": "http://a/b/c/g", "./g": "http://a/b/c/g", "g/": "http://a/b/c/g/", "/g": "http://a/g",
    "//g": "http://g", "?y": "http://a/b/c/d;p?y", "g?y": "http://a/b/c/g?y", "#s": "http://a/b/c/d;p?q#s",
    "g#s": "http://a/b/c/g#s", "g?y#s": "http://a/b/c/g?y#s", ";x": "http://a/b/c/;x", "g;x": "http://a/b/c/g;x",
    "": "http://a/b/c/d;p?q", ".": "http://a/b/c/", "./": "http://a/b/c/", "..": "http://a/b/", "../": "http://a/b/",
    "../g": "http://a/b/g", "../..": "http://a/", "../../": "http://a/", "../../g": "http://a/g",
    "../../../g": "http://a/g", "/./g": "http://a/g", "/../g": "http://a/g", "g.": "http://a/b/c/g.",
    "..g": "http://a/b/c/..g", "./../g": "http://a/b/g", "./g/.": "http://a/b/c/g/", "g/../h": "http://a/b/c/h",
    "g;x=1/../y": "http://a/b/c/y", "g?y/../x": "http://a/b/c/g?y/../x", "g#s/../x": "http://a/b/c/g#s/../x",
    "x#": "http://a/b/c/x#", "#": "http://a/b/c/d;p?q#",
}  # fmt: skip


@pytest.mark.parametrize("reference", EXAMPLES)
def test_examples_of_the_standard(reference):
    assert Prologue({}, BASE).resolve(reference) == EXAMPLES[reference]


@pytest.mark.parametrize("base", [BASE, "http://a", "http://a?q", "https://e.org/x/y#z"])
@pytest.mark.parametrize("reference", EXAMPLES)
def test_the_engine_agrees(reference, base):
    found = [*Store().query(f"SELECT (<{reference}> AS ?x) {{}}", base_iri=base)]
    assert Prologue({}, base).resolve(reference) == found[0]["x"].value


def test_without_a_base_there_is_no_relative_iri():
    for base in (None, "urn:x", "nothing"):
        with pytest.raises(QueryRefused):
            Prologue({}, base).resolve("g")
