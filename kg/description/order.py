"""In which order a thing is shown: what shapes say of it by `sh:order` and `sh:group` (SHACL, section 2.3.2).

Neither has a part in a proof: they are for forms and pages. A release keeps them beside its statements, so that whoever
serves it shows the things of any project in the order that its shapes give; and with them the order of the columns of
its tables, which no statement says either.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from kg.errors import ShapesError
from kg.rdf import read_rdf
from kg.terms import expand

DISPLAY: Final = "display.json"
"""The name of the file in the folder of a release."""
_SH: Final = "http://www.w3.org/ns/shacl#"
_TYPE: Final = expand("rdf:type")
_LABEL: Final = expand("rdfs:label")
_CLASSES: Final = frozenset(map(expand, ("rdfs:Class", "owl:Class")))

_Node = NamedNode | BlankNode
_About = Mapping[str, list[Any]]


def display(
    files: Iterable[Path],
    made: Mapping[Path, str] = MappingProxyType({}),
    tables: Mapping[str, Sequence[Sequence[str]]] = MappingProxyType({}),
) -> bytes:
    """What the shapes of some files say of the order of properties, as JSON; nothing if there is nothing to say.

    `classes` gives for each class the place and the group of each property, `properties` the same for what has a
    property at all, and `groups` the place and the labels of each group. A property that is read from its value is
    named by `^` and its IRI. What is `made` for a file counts in place of what it holds.

    :param tables: the columns of each table in their order, by the properties that lead to their values; they go in too
    :raises ShapesError: if a place is no number
    :raises DataError: if a file does not parse
    """
    known: dict[_Node, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for file in files:
        quads = ox.parse(made[file], ox.RdfFormat.TURTLE) if file in made else read_rdf(file, apart=True)
        for quad in quads:
            if isinstance(quad, Quad) and isinstance(quad.subject, NamedNode | BlankNode):
                known[quad.subject][quad.predicate.value].append(quad.object)
    classes: dict[str, dict[str, list[Any]]] = {}
    properties: dict[str, list[Any]] = {}
    groups: set[str] = set()
    for shape in sorted(known, key=str):
        for path, place in _places(known, known[shape]):
            groups.update(place[1:])
            for kind in _classes(shape, known[shape]):
                _keep(classes.setdefault(kind, {}), path, place)
            if _named(known[shape], "targetSubjectsOf") or _named(known[shape], "targetObjectsOf"):
                _keep(properties, path, place)
    if not classes and not properties and not tables:
        return b""
    told: dict[str, Any] = {
        "classes": classes,
        "groups": {iri: _group(known.get(NamedNode(iri), {}), iri) for iri in groups if iri},
        "properties": properties,
        # Without tables the file is what it was before it spoke of them.
        **({"tables": {iri: list(map(list, columns)) for iri, columns in tables.items()}} if tables else {}),
    }
    return (json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _places(known: Mapping[_Node, _About], shape: _About) -> Iterable[tuple[str, list[Any]]]:
    """The path of each property of a shape that has a place, with the place and the IRI of its group, or ""."""
    for inner in shape.get(f"{_SH}property", ()):
        about = known.get(inner, {})
        path = next((found for value in about.get(f"{_SH}path", ()) if (found := _path(known, value))), "")
        order = _order(about, str(inner))
        if path and order is not None:
            yield path, [order, min(_named(about, "group"), default="")]


def _path(known: Mapping[_Node, _About], value: object) -> str:
    """A property, or `^` and one that is read backwards; empty for any longer path."""
    if isinstance(value, NamedNode):
        return value.value
    inverse = _named(known.get(value, {}), "inversePath") if isinstance(value, BlankNode) else []
    return f"^{inverse[0]}" if inverse else ""


def _keep(found: dict[str, list[Any]], path: str, place: list[Any]) -> None:
    """The place that names a group goes before one that names none, then the smaller one."""
    if path not in found or (not place[1], place) < (not found[path][1], found[path]):
        found[path] = place


def _classes(shape: _Node, about: _About) -> list[str]:
    """The classes whose members a shape speaks of (SHACL, sections 2.1.3.2 and 2.1.3.3)."""
    found = _named(about, "targetClass")
    is_class = any(getattr(value, "value", None) in _CLASSES for value in about.get(_TYPE, ()))
    return [*found, *([shape.value] if is_class and isinstance(shape, NamedNode) else [])]


def _named(about: _About, name: str) -> list[str]:
    return sorted(value.value for value in about.get(_SH + name, ()) if isinstance(value, NamedNode))


def _order(about: _About, shape: str) -> float | None:
    """The place that a shape or a group says.

    :raises ShapesError: if it is no number
    """
    for value in about.get(f"{_SH}order", ()):
        try:
            return float(Decimal(getattr(value, "value", "")))
        except InvalidOperation:
            raise ShapesError(f"sh:order of {shape} is no number: {value}", hint="write one, as 2 or 2.5") from None
    return None


def _group(about: _About, iri: str) -> dict[str, Any]:
    labels = {
        text.language or "": text.value
        for text in sorted(about.get(_LABEL, ()), key=str, reverse=True)
        if isinstance(text, Literal)
    }
    order = _order(about, iri)
    return {"labels": labels, "order": 0.0 if order is None else order}
