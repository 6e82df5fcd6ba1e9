"""Shapes from files, and the refusal of what no engine here would check.

SHACL tells a processor to pass over what it does not know, so `sh:minCuont` would pass every graph. Here a term of the
SHACL namespace that does not exist, or whose feature is not supported, is an error before any verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph
from rdflib import OWL, RDF, SH, Graph, URIRef
from rdflib.term import Node

from kg.errors import Position, Problem, ShapesError, StorageError, nearest
from kg.shacl.memory import memory_graph

_NAMESPACE: Final = str(SH)
_FORMATS: Final = {
    ".ttl": pyoxigraph.RdfFormat.TURTLE,
    ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
    ".rdf": pyoxigraph.RdfFormat.RDF_XML,
    ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
    ".trig": pyoxigraph.RdfFormat.TRIG,
    ".nq": pyoxigraph.RdfFormat.N_QUADS,
}
_UNSUPPORTED: Final = {
    "entailment": "entailment regimes",
    "rule": "SHACL-AF rules",
    "target": "SHACL-AF targets",
    "SPARQLTarget": "SHACL-AF targets",
    "SPARQLTargetType": "SHACL-AF targets",
    "SPARQLFunction": "SHACL-AF functions",
    "expression": "SHACL-AF node expressions",
    "values": "SHACL-AF node expressions",
    "js": "SHACL-JS",
    "JSFunction": "SHACL-JS",
    "JSTarget": "SHACL-JS",
    "JSValidator": "SHACL-JS",
}


def read_shapes(path: Path) -> Graph:
    """The shapes of a file, or of every Turtle file that stands directly in a folder, as one graph in memory.

    Nothing else is read: `owl:imports` and remote JSON-LD contexts are not followed.

    :raises ShapesError: if a file does not parse, holds no shape, or uses SHACL that would go unchecked
    :raises StorageError: if a file cannot be read
    """
    files = sorted(path.glob("*.ttl")) if path.is_dir() else [path]
    if not files:
        raise ShapesError(f"no shapes (*.ttl) in the folder {path}")
    shapes = memory_graph(quad for file in files for quad in _read(file))
    check_shapes(shapes, str(path))
    return shapes


def check_shapes(shapes: Graph, name: str = "the shapes graph") -> None:
    """Refuse shapes that would be passed over in silence: terms that SHACL lacks, features that are not supported.

    :raises ShapesError: naming every such term
    """
    faults = dict(_faults(shapes))
    if faults:
        raise ShapesError(
            problems=[Problem(ShapesError.code, f"{name}: {text}", hint=hint) for text, hint in sorted(faults.items())]
        )


def _faults(shapes: Graph) -> Iterator[tuple[str, str | None]]:
    known = [iri[len(_NAMESPACE) :] for iri in dir(SH)]
    uses: dict[Node, set[str]] = {}
    for subject, predicate, value in shapes:
        for used in (predicate, value) if predicate == RDF.type else (predicate,):
            if isinstance(used, URIRef) and used.startswith(_NAMESPACE):
                uses.setdefault(subject, set()).add(used[len(_NAMESPACE) :])
    for terms in uses.values():
        unknown = {local for local in terms if local not in SH}
        for local in terms & _UNSUPPORTED.keys():
            yield f"sh:{local} is not supported ({_UNSUPPORTED[local]})", None
        for local in unknown - _UNSUPPORTED.keys():
            if unknown != terms:  # else it is no shape: somebody's data with a made-up term
                yield f"SHACL has no term sh:{local}", nearest(local, known)


def prepared_shapes(shapes: Graph) -> Graph:
    """A copy of the shapes that says outright what pySHACL would not see by itself.

    Prefixes that an imported ontology declares reach the queries that use them (SHACL, section 5.2.1), and
    `sh:uniqueLang` counts only when it is the literal `true` (SHACL, section 4.4.5), not `"1"^^xsd:boolean`.
    """
    copy = Graph()
    copy += shapes
    for user in set(shapes.objects(None, SH.prefixes)):
        for imported in set(shapes.transitive_objects(user, OWL.imports)) - {user}:
            for declaration in shapes.objects(imported, SH.declare):
                copy.add((user, SH.declare, declaration))
    for shape, value in shapes.subject_objects(SH.uniqueLang):
        if str(value) == "1":
            copy.remove((shape, SH.uniqueLang, value))
    return copy


def _read(file: Path) -> Iterator[pyoxigraph.Quad]:
    form = _FORMATS.get(file.suffix.lower())
    if form is None:
        raise ShapesError(f"not a shapes file: {file}", hint=f"its name should end in {', '.join(_FORMATS)}")
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise ShapesError(f"no such file: {file}") from None
    except OSError as error:
        raise StorageError(f"cannot read {file}: {error.strerror}") from None
    try:
        yield from pyoxigraph.parse(content, format=form, base_iri=file.resolve().as_uri(), rename_blank_nodes=True)
    except SyntaxError as error:
        raise ShapesError(f"{form.name} syntax: {error.msg}", position=Position(str(file), error.lineno or 1)) from None
