"""The kinds of a property's values: what a release states, and that the engine's order is right for one kind."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
from sparql.repair.mixed_terms import KINDS, rank

from kg.rdf.rows import ROW
from kg.runs.kinds import Kinds, with_description
from kg.sparql.repair.kinds import in_order

P = ox.NamedNode("urn:p")


def kinds_of(terms: list[ox.NamedNode | ox.BlankNode | ox.Literal]) -> list[str]:
    store = ox.Store()
    store.extend(ox.Quad(ox.NamedNode(f"urn:s{number}"), P, term) for number, term in enumerate(terms))
    kinds = Kinds()
    # A row of a release has a graph, and no blank node.
    kinds.take(ROW.findall("".join(f"{quad} .\n" for quad in store).encode()))
    return kinds.of_properties().get("urn:p", [])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"a \\" b"', "string"), ('"a"@ar', "language"), ("<urn:x>", "iri"), ("_:b1", "blank"), ('"a"@ar--rtl', "other"),
        ('"5"^^xsd:integer', "integer"), ('"9999999999999999999"^^xsd:integer', "other"),
        ('"1.5"^^xsd:decimal', "decimal"), ('"abc"^^xsd:decimal', "other"), ('"NaN"^^xsd:double', "other"),
        ('"1.5"^^xsd:double', "double"), ('"true"^^xsd:boolean', "boolean"), ('"TRUE"^^xsd:boolean', "other"),
        ('"2020-02-29"^^xsd:date', "date"), ('"2021-02-29"^^xsd:date', "other"), ('"2020-12-31Z"^^xsd:date', "other"),
        ('"2020-12-31T10:00:00Z"^^xsd:dateTime', "dateTime"), ('"2020-12-31T10:00:00"^^xsd:dateTime', "other"),
        ('"2020"^^xsd:gYear', "gYear"), ('"P1D"^^xsd:duration', "other"), ('"a"^^<urn:t>', "other"),
    ],
)  # fmt: skip
def test_a_value_is_of_its_kind(text: str, kind: str) -> None:
    written = text.replace("xsd:", "<http://www.w3.org/2001/XMLSchema#") + (">" if "xsd:" in text else "")
    kinds = Kinds()
    kinds.take([(b"<urn:s>", b"<urn:p>", written.encode(), b"")])
    assert kinds.of_properties() == {"urn:p": [kind]}
    described = with_description({"urn:q": ["iri"]}, f"<urn:s> <urn:p> {written} .".encode())
    assert described == {"urn:p": [kind], "urn:q": ["iri"]}


def test_what_is_proved_to_be_of_one_kind_is_sorted_by_the_engine_as_it_should_be() -> None:
    draw = random.Random(7)
    proved = 0
    for _ in range(400):
        name = draw.choice(sorted(KINDS))
        terms = [KINDS[name](draw) for _ in range(draw.randint(2, 18))]  # of twenty-one the engine may abort
        if not in_order(frozenset(kinds_of(terms))):
            continue
        proved += 1
        store = ox.Store()
        store.extend(ox.Quad(ox.NamedNode(f"urn:s{number}"), P, term) for number, term in enumerate(terms))
        rows = store.query("SELECT ?v { ?s <urn:p> ?v } ORDER BY ?v")
        assert isinstance(rows, ox.QuerySolutions)
        found = [rank(row["v"]) for row in rows]
        assert found == sorted(found), name
    assert proved > 100
