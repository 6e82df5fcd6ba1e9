"""Every shape alone, on data of two sizes: what ten times the data take."""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from kg import shacl
from kg.rdf import whole_lines
from kg.shacl.shapes.model import Property, Targets

FEWEST: Final = 0.005
"""CPU seconds below which a run is repeated, since the clock and a cold cache are most of it."""
REPEATS: Final = 5
Singles = dict[str, shacl.ShapesGraph]


def singles(graph: shacl.ShapesGraph) -> Singles:
    """Shapes graphs in which one shape has targets: each node shape, and each with one of its constraints only."""
    known = graph.shapes.by_id
    untargeted = {name: replace(shape, targets=Targets()) for name, shape in known.items()}
    found = {}
    for name, shape in known.items():
        if shape.targets:
            for place, constraint in enumerate(shape.constraints):
                what = constraint.shape if isinstance(constraint, Property) else f"{name} {type(constraint).__name__}"
                alone = {**untargeted, name: replace(shape, constraints=(constraint,))}
                found[f"{what} {place}"] = replace(graph, shapes=replace(graph.shapes, by_id=alone))
            found[name] = replace(graph, shapes=replace(graph.shapes, by_id={**untargeted, name: shape}))
    return found


def measured(data: Path, shapes: Path) -> dict[str, float]:
    """CPU seconds of each shape alone on data that are read once: each in a process of its own, without an index."""
    with data.open("rb") as file:
        graph = shacl.Columns.from_blocks(whole_lines(file, str(data)))
    gc.freeze()
    gc.disable()
    context = multiprocessing.get_context("fork")
    return {name: min(_runs(context, graph, single)) for name, single in singles(shacl.read_shapes(shapes)).items()}


def _runs(
    context: multiprocessing.context.ForkContext, graph: shacl.Columns, shapes: shacl.ShapesGraph
) -> Iterator[float]:
    for _ in range(REPEATS):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=_one, args=(graph, shapes, theirs))
        child.start()
        taken = ours.recv()
        child.join()
        yield taken
        if taken > FEWEST * 100:
            return


def _one(graph: shacl.Columns, shapes: shacl.ShapesGraph, answer: Connection) -> None:
    before = time.process_time()
    shacl.validate(graph, shapes)
    answer.send(time.process_time() - before)
