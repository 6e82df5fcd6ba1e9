"""One validation by one engine, run as a script: its results go to a file, a line each.

    PYTHON engines.py ENGINE DATA SHAPES OUT

The python is that of the engine's environment. A line has focus node, path or shape, and the local name of the
component: where the path is more than a predicate, and an engine gives it as a blank node, the shape tells which.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

SH: Final = "http://www.w3.org/ns/shacl#"
_PLAIN: Final = re.compile("<?[^<>]*>?")
STARTED: Final = "started after "
Row = tuple[str, str, str]


def columns(data: str, shapes: str) -> Iterable[Row]:
    """The engine of this project, by its functions."""
    from kg import shacl
    from kg.rdf import whole_lines

    begin()
    with Path(data).open("rb") as file:
        graph = shacl.Columns.from_blocks(whole_lines(file, str(data)))
    report = shacl.validate(graph, shacl.read_shapes(Path(shapes)))
    return ((r.focus, r.path or "", r.component) for r in report.results)


def pyshacl(data: str, shapes: str) -> Iterable[Row]:
    """pySHACL on rdflib's graph in memory."""
    from pyshacl import validate
    from rdflib import Graph

    begin()
    found = validate(Graph().parse(data, format="nt"), shacl_graph=Graph().parse(shapes), inference="none")
    return of_graph(found[1])


def pyshacl_turbo(data: str, shapes: str) -> Iterable[Row]:
    """pyshacl-turbo, from files."""
    from pyshacl_turbo import validate

    begin()
    return of_graph(validate(data, shacl_graph=shapes, data_graph_format="nt", shacl_graph_format="turtle")[1])


def shacl_rust(data: str, shapes: str) -> Iterable[Row]:
    """shacl-rust from a file, with the index that it calls experimental."""
    import shacl_rust as engine

    begin()
    report = engine.validate_file(data, shapes, data_format="nt", shapes_format="turtle", experimental_index=True)
    return of_dicts(report["results"])


def of_dicts(results: Iterable[Mapping[str, Any]]) -> Iterable[Row]:
    """The results of shacl-rust."""
    for found in results:
        path = found.get("path") or found.get("resultPath")
        shown = path if path is None or _PLAIN.fullmatch(str(path)) else found["sourceShape"]
        yield tuple(
            str(part or "").strip("<>") for part in (found["focusNode"], shown, found["sourceConstraintComponent"])
        )


def of_graph(graph: Any) -> Iterable[Row]:
    """The results of a report in RDF."""
    from rdflib import RDF, SH, Graph, URIRef

    if not isinstance(graph, Graph):
        graph = Graph().parse(data=graph, format="turtle")
    for found in graph.objects(graph.value(None, RDF.type, SH.ValidationReport), SH.result):
        path = graph.value(found, SH.resultPath)
        shown = path if path is None or isinstance(path, URIRef) else graph.value(found, SH.sourceShape)
        component = graph.value(found, SH.sourceConstraintComponent)
        yield str(graph.value(found, SH.focusNode)), str(shown or ""), str(component)


ENGINES: Final[Mapping[str, Callable[[str, str], Iterable[Row]]]] = MappingProxyType(
    {
        "zellige": columns,
        "pyshacl": pyshacl,
        "pyshacl-turbo": pyshacl_turbo,
        "shacl-rust": shacl_rust,
    }
)


def component(iri: str) -> str:
    """The local name of a component.

    >>> component(SH + "InConstraintComponent")
    'In'
    """
    return iri.removeprefix(SH).removesuffix("ConstraintComponent")


def begin() -> None:
    """Say what the start has taken, as a line of standard error."""
    print(f"{STARTED}{time.process_time()}", file=sys.stderr, flush=True)


def main() -> None:
    """Validate, and write what was found."""
    engine, data, shapes, out = sys.argv[1:]
    rows = ENGINES[engine](data, shapes)
    lines = sorted(f"{focus}\t{path}\t{component(kind)}\n" for focus, path, kind in rows)
    Path(out).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
