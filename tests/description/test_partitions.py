"""Which properties the members of a class have: counted while lines pass, asked of an engine, and written as VoID."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.description.beside import asking
from kg.description.counts import Part
from kg.description.measuring import measure
from kg.rdf.rows import ROW
from kg.runs import graph_of
from kg.runs.figures import counts_of
from kg.runs.parts import Parts
from kg.store import canonical_lines

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
BASE = "https://example.org/kg/"

nodes = st.sampled_from([ox.NamedNode(f"urn:n{n}") for n in range(6)])
classes = st.sampled_from([ox.NamedNode(f"urn:c{n}") for n in range(3)])
properties = st.sampled_from([ox.NamedNode(f"urn:p{n}") for n in range(3)])
literals = st.sampled_from(
    [
        ox.Literal("a"),
        ox.Literal('quoted "text" .'),
        ox.Literal("ا", language="ar"),
        ox.Literal(3),
        ox.Literal("2025", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")),
    ]
)
triples = st.one_of(
    st.builds(ox.Triple, nodes, st.just(ox.NamedNode(TYPE)), classes),
    st.builds(ox.Triple, nodes, properties, st.one_of(nodes, literals, classes)),
)


def lines_of(given_triples: set[ox.Triple]) -> list[str]:
    return canonical_lines(ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in given_triples)


@settings(max_examples=60)
@given(st.sets(triples, max_size=40), st.integers(1, 7))
def test_counting_and_asking_find_the_same(given_triples: set[ox.Triple], block: int) -> None:
    lines = lines_of(given_triples)
    rows = ROW.findall("".join(f"{line}\n" for line in lines).encode())
    numbers: dict[bytes, int] = {}
    parts = Parts(lambda term: numbers.setdefault(term, len(numbers)))
    for start in range(0, len(rows), block):  # subjects are parted between blocks
        parts.take(rows[start : start + block])
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object, ox.DefaultGraph()) for t in given_triples)

    def ask(query: str) -> list[tuple[str, ...]]:
        return [tuple("" if v is None else v.value for v in row) for row in store.query(query)]

    assert parts.partitions() == measure(ask, len(lines)).partitions


def test_the_parts_of_an_example() -> None:
    lines = [
        '<urn:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:Person> .',
        '<urn:a> <urn:knows> <urn:b> .',
        '<urn:a> <urn:knows> <urn:c> .',
        '<urn:a> <urn:name> "a"@fr .',
        '<urn:b> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <urn:Person> .',
    ]  # fmt: skip
    counts = graph_of(lines, BASE).counts
    assert counts.partitions == {
        "urn:Person": {
            TYPE: Part(2),
            "urn:knows": Part(2, {"urn:Person": 1}),
            "urn:name": Part(1, {}, {"http://www.w3.org/1999/02/22-rdf-syntax-ns#langString": 1}),
        }
    }


@pytest.mark.parametrize(
    "more", [b"", b"<urn:r> <urn:reifies> <<( <urn:a> <urn:p> 1 )>> ."], ids=["RDF 1.1", "RDF 1.2"]
)
def test_what_is_served_without_a_build_is_counted_alike(tmp_path: Path, more: bytes) -> None:
    store = ox.Store(str(tmp_path / "store"))
    content = b"""<urn:a> a <urn:C>, <urn:D> ; <urn:p> 1, "x", _:b . _:b a <urn:D> ; <urn:q> <urn:a> . """ + more
    store.load(content, ox.RdfFormat.TURTLE)
    store.load(b"<urn:a> <urn:p> 2 .", ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:g"))
    store.flush()
    size = len(store)
    del store
    counted, asked = counts_of(tmp_path / "store", BASE, size), measure(asking(tmp_path / "store"), size)
    assert counted.partitions == asked.partitions
    for name in ("quads", "default_triples", "subjects", "objects", "classes", "properties"):
        assert getattr(counted, name) == getattr(asked, name), name
    assert counted.default_triples == size - 1


def test_a_store_on_disk_is_measured_without_a_build(tmp_path: Path) -> None:
    store = ox.Store(str(tmp_path / "store"))
    store.load(b'<urn:a> a <urn:C> ; <urn:p> 1, "x" .', ox.RdfFormat.TURTLE)
    store.flush()
    del store
    counts = measure(asking(tmp_path / "store"), 3)
    assert (counts.default_triples, counts.subjects, counts.objects, counts.classes) == (3, 1, 3, {"urn:C": 1})
    with pytest.raises(OSError, match="absent"):
        asking(tmp_path / "absent")
