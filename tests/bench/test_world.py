"""The generated graph of `bench/shacl.py`: what is wrong with it is what the engine finds, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import shacl
from kg.rdf import whole_lines
from proof.engines import component
from proof.single import singles
from proof.world import LABEL, ONT, write_world

SHAPES = Path(__file__).resolve().parents[2] / "bench" / "proof" / "shapes.ttl"
PATHS = {f"^<{ONT}targetOf>", f"<{ONT}measuredBy>/<{LABEL}>"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[shacl.Columns, set[tuple[str, str, str]]]:
    data = tmp_path_factory.mktemp("world") / "data.nt"
    _, truth = write_world(40_000, data)
    with data.open("rb") as file:
        return shacl.Columns.from_blocks(whole_lines(file, "data.nt")), set(truth)


def test_the_engine_finds_what_was_put_in(world: tuple[shacl.Columns, set[tuple[str, str, str]]]) -> None:
    data, truth = world
    report = shacl.validate(data, shacl.read_shapes(SHAPES))
    found = [(r.focus, r.path or "", component(r.component)) for r in report.results]
    assert len(found) == len(set(found)) == len(truth)
    assert set(found) == truth
    assert {path for _, path, _ in truth if "<" in path} == PATHS
    assert len({kind for _, _, kind in truth}) == 23


def test_shapes_alone_find_together_what_all_find(world: tuple[shacl.Columns, set[tuple[str, str, str]]]) -> None:
    data, truth = world
    graph = shacl.read_shapes(SHAPES)
    whole = [single for name, single in singles(graph).items() if name in graph.shapes.by_id]
    assert len(whole) == 15
    assert sum(len(shacl.validate(data, single)) for single in whole) == len(truth)


def test_the_same_size_is_the_same_graph(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_world(5_000, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
