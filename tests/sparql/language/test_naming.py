"""IRIs that are read by tokens: which graphs a query names, which terms, and who loads what reads them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kg.sparql.dataset import Asked, Placed, place
from kg.sparql.described import Described

HOME = "http://e.org/"
TERMS = Described(frozenset({"http://e.org/v#class"}), ("http://e.org/v#",))


def placed(query: str) -> Placed:
    return place(Asked(query), HOME)


@pytest.mark.parametrize(
    "prologue",
    [
        "PREFIX g: <graph#>",
        "PREFIX g: </graph#>",
        "BASE <http://e.org/other/> PREFIX g: <../graph#>",
        'VERSION "1.2" PREFIX g: <graph#>',
        "PREFIX g: <http://else.org/> # and again\nPREFIX g: # here\n<graph#>",
    ],
)
def test_a_prefix_that_ends_in_a_number_sign_keeps_it(prologue: str) -> None:
    found = placed(f"{prologue} SELECT * FROM <{HOME}view/stated> FROM NAMED g:x {{ GRAPH ?g {{ ?s ?p ?o }} }}")
    assert found.named == ("http://e.org/graph#x",)
    assert found.default == ("http://e.org/graph/stated", "http://e.org/graph/claims")


@pytest.mark.parametrize("base", ["tag:e.org,2026:/", "data://e.org/a/"])
def test_a_base_of_any_scheme_is_one(base: str) -> None:
    whole = f"FROM <{HOME}view/everything> FROM NAMED <b/../x?y#>"
    found = placed(f"BASE <{base}> SELECT * {whole} {{ GRAPH ?g {{ ?s ?p ?o }} }}")
    assert found.named == (f"{base}x?y#",)


def test_a_name_with_an_escape_is_the_name_without_it() -> None:
    found = placed(f"PREFIX g: <{HOME}> SELECT * FROM g:view\\/stated {{ ?s ?p ?o }}")
    assert found.view == "stated"


def test_a_query_that_only_the_engine_can_read_names_its_graphs() -> None:
    found = placed(f"SELECT * FROM <{HOME}view/stated> {{ ?s ?p ?o LATERAL {{ SELECT * {{ ?s ?q ?r }} LIMIT 1 }} }}")
    assert found.view == "stated"


@pytest.mark.parametrize(
    ("query", "is_named"),
    [
        ("PREFIX v: <http://e.org/v#> SELECT * { ?part v:class ?class }", True),
        ("BASE <http://e.org/v?x> PREFIX v: </v#> SELECT * { ?part v:class ?class }", True),
        ("BASE <http://e.org/a/> SELECT * { ?part <../v#class> ?class }", True),
        ('VERSION "1.2" BASE <http://e.org/a> SELECT * { ?part <v#class> ?class }', True),
        ("PREFIX v: <http://e.org/v#> SELECT * { ?part a ?class }", False),
        ("PREFIX v: <http://e.org/v#class> SELECT * { ?part a ?class }", False),
        ("SELECT * { ?part ?p 'http://e.org/v#class' }", False),
    ],
)
def test_a_term_is_named_however_it_is_written(query: str, is_named: bool) -> None:
    assert TERMS.is_named_in(query, HOME) is is_named


@pytest.mark.parametrize("module", ["server.engine.worker", "kg.store"])
def test_who_reads_no_query_does_not_load_what_reads_tokens(module: str, root: Path) -> None:
    program = f"import sys, {module}; print(*sorted(name for name in sys.modules if name.startswith('kg.sparql.')))"
    said = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True).stdout
    assert [name for name in said.split() if name.startswith("kg.sparql.language")] == []
    assert said.split()
