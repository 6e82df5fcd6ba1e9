"""What an engine and the kept columns may forget, or write piece by piece, and give the same."""

from __future__ import annotations

import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.shacl import gate, read_shapes
from kg.shacl.gate import gate_columns
from kg.shacl.graph import columns
from kg.shacl.incremental.packing import Packed, pack

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted(ROOT.glob("ontology/*/shapes/cases/*/*.ttl"))
FILES = (
    ("core/shapes/claims", "core/shapes/claims-labels", "public-policy/shapes/claims-entities"),
    ("public-policy/shapes/domain", "public-policy/shapes/labels"),
)
LEVELS = [read_shapes(*(ROOT / "ontology" / f"{name}.ttl" for name in names)) for names in FILES]
ONTOLOGY = "https://w3id.org/zellige/graph/ontology"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """All cases of the shapes: each in a graph of its own, and every second one in the default graph too."""
    found: set[str] = set()
    for number, path in enumerate(CASES):
        named = ox.NamedNode(f"urn:g{number}")
        quads = ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri="https://w3id.org/zellige/")
        for quad in quads:
            found.add(f"{ox.Quad(*quad.triple, named)} .")
            if number % 2:
                found.add(f"{quad} .")
    return sorted(found)


def test_a_proof_that_forgets_at_every_step_finds_the_same(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    before = gate(lines, ONTOLOGY, *LEVELS)
    assert len(before.results) > 20
    forgotten = []
    forget = columns.Columns.forget
    monkeypatch.setattr(columns.Columns, "forget", lambda data: (forgotten.append(1), forget(data)))
    monkeypatch.setattr("kg.shacl.graph.columns.INDEXED", 0)
    monkeypatch.setattr("kg.shacl.engine.REMEMBERED", 0)
    monkeypatch.setattr("kg.shacl.graph.terms.SPLIT", 1)
    after = gate(lines, ONTOLOGY, *LEVELS)
    assert len(forgotten) > 20
    assert (after.results, after.coverage) == (before.results, before.coverage)


def test_kept_columns_have_every_pair_once_and_how_many_graphs_state_it(lines: list[str]) -> None:
    file = io.BytesIO()
    pack(gate_columns(lines, ONTOLOGY), file)
    kept = Packed(memoryview(file.getvalue()))
    stated: dict[tuple[str, str, str], int] = {}
    for quad in ox.parse("\n".join(lines), ox.RdfFormat.N_QUADS, rename_blank_nodes=False):
        key = (str(quad.subject), str(quad.predicate), str(quad.object))
        stated[key] = stated.get(key, 0) + 1
    found: dict[tuple[str, str, str], int] = {}
    union, text = kept.level("union"), lambda number: kept.terms.forms[number].decode()
    for predicate in union.predicates():
        pairs = list(union.forward(predicate))
        times = union.times(predicate) or [1] * len(pairs)
        assert sorted(key >> 32 | (key & 0xFFFFFFFF) << 32 for key in pairs) == list(union.inverse(predicate))
        for pair, number in zip(pairs, times, strict=True):
            found[text(pair >> 32), text(predicate), text(pair & 0xFFFFFFFF)] = number
    assert found == stated
    assert max(found.values()) > 2
