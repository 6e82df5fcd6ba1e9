"""A build in little memory: lines come in, are sorted in runs on disk, and pass once on their way to a release.

`Drawn` takes the lines of a project and gives its `Graph`: what no release can hold is told, the default graph is
derived, and every sorted line is hashed, packed and counted, while whoever proves the graph takes it too.
"""

from __future__ import annotations

from kg.runs.drawing import Drawing, Drawn
from kg.runs.graph import Graph, graph_of
from kg.runs.lines import Entry
from kg.runs.workshop import Workshop

__all__ = ["Drawing", "Drawn", "Entry", "Graph", "Workshop", "graph_of"]
