"""Shapes from files, and the refusal of what no engine here would check.

SHACL tells a processor to pass over what it does not know, so `sh:minCuont` would pass every graph. Here a term of the
SHACL namespace that does not exist, or whose feature is not supported, is an error before any verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph
from rdflib import OWL, RDF, SH, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import Position, Problem, ShapesError, StorageError, nearest
from kg.shacl.judge.memory import memory_graph
from kg.shacl.judge.paths import read_path

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
    "expression": "SHACL-AF node expressions",
    "values": "SHACL-AF node expressions",
    "js": "SHACL-JS",
    "JSFunction": "SHACL-JS",
    "JSTarget": "SHACL-JS",
    "JSValidator": "SHACL-JS",
}
_KINDS: Final = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
_LISTS_OF_SHAPES: Final = ("and", "or", "xone")
_LISTS: Final = (*_LISTS_OF_SHAPES, "in", "languageIn", "ignoredProperties")
_SHAPES: Final = ("node", "property", "not", "qualifiedValueShape")


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
    """Refuse what would be misread in silence: terms that SHACL lacks, features not supported, malformed values.

    :raises ShapesError: naming every such term
    """
    faults = {**dict(_faults(shapes)), **dict.fromkeys(_malformed(shapes))}
    if not faults and (circle := _circle(shapes)):
        faults = {f"shapes that call themselves are not supported: {circle}": None}
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


def _malformed(shapes: Graph) -> Iterator[str]:
    """What pySHACL would misread without a word (SHACL, appendix A)."""
    for local in (*_LISTS, *_SHAPES, "nodeKind", "path"):
        for shape, value in shapes.subject_objects(SH[local]):
            fault = _fault_of(shapes, local, value)
            if fault:
                yield f"sh:{local} of {shape.n3() if isinstance(shape, URIRef) else 'a shape without IRI'} {fault}"


def _fault_of(shapes: Graph, local: str, value: Node) -> str | None:
    if local in _LISTS:
        return None if _is_list(shapes, value) else "is not a list"
    if local in _SHAPES:
        return "is a literal, not a shape" if isinstance(value, Literal) else None
    if local == "nodeKind":
        return None if str(value).removeprefix(_NAMESPACE) in _KINDS else f"is none of sh:{', sh:'.join(_KINDS)}"
    try:
        read_path(shapes, value)
    except ShapesError as error:
        return f"is malformed: {error}"
    return None


def _is_list(graph: Graph, node: Node) -> bool:
    seen: set[Node] = set()
    while node != RDF.nil:
        rest = list(graph.objects(node, RDF.rest))
        if node in seen or len(rest) != 1 or len(list(graph.objects(node, RDF.first))) != 1:
            return False
        seen.add(node)
        node = rest[0]
    return True


def _circle(shapes: Graph) -> str | None:
    """A chain of shapes that leads back to its start; what it means is undefined (SHACL, section 3.4.3)."""
    parts: dict[Node, list[Node]] = {}
    for local in _SHAPES:
        for shape, part in shapes.subject_objects(SH[local]):
            parts.setdefault(shape, []).append(part)
    for local in _LISTS_OF_SHAPES:
        for shape, members in shapes.subject_objects(SH[local]):
            parts.setdefault(shape, []).extend(shapes.items(members))
    done: set[Node] = set()
    for start in sorted(parts, key=str):
        chain: list[Node] = [start]
        waiting = [iter(parts[start])]
        while waiting:
            for part in waiting[-1]:
                if part in chain:
                    return " -> ".join(str(shape) for shape in (*chain[chain.index(part) :], part))
                if part not in done:
                    chain.append(part)
                    waiting.append(iter(parts.get(part, ())))
                    break
            else:
                waiting.pop()
                done.add(chain.pop())
    return None


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
