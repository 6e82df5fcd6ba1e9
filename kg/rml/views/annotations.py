"""Structural annotations of views (RML-LV, section 6): read and checked, and without effect on what is made.

By the invariance principle (section 6.1) a mapping gives the same with and without them; an engine may ignore them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.errors import nearest
from kg.rml.mapping.description import RDF_TYPE, RML, Description, Node
from kg.rml.mapping.statements import Statement

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_KINDS: Final = ("ForeignKey", "Inclusion", "IriSafe", "NotNull", "PrimaryKey", "Unique")
_WITH_TARGET: Final = ("ForeignKey", "Inclusion")


def check_annotations(description: Description, view: Node, names: Collection[str]) -> None:
    """See that the annotations of a view make sense.

    :param names: of the fields that have values
    """
    keys = 0
    for statement in description.all_of(view, "structuralAnnotation"):
        node = description.node_of(statement)
        kind = _kind(description, node, statement) if node is not None else None
        if node is None or kind is None:
            continue
        keys += kind == "PrimaryKey"
        if keys > 1:
            description.fault("the view has more than one primary key", statement.position)
        fields = _names(description, node, "onFields", statement)
        for name, place in fields:
            if name not in names:
                hint = nearest(name, sorted(names))
                description.fault(f"the view has no field '{name}'", place.position, hint)
        if kind in _WITH_TARGET:
            description.one_of(node, "targetView", "the annotation", statement.position)
            targets = _names(description, node, "targetFields", statement)
            if len(targets) != len(fields):
                description.fault("the annotation has not as many target fields as fields", statement.position)


def _kind(description: Description, node: Node, statement: Statement) -> str | None:
    named = [s for s in description.all_of(node, RDF_TYPE) if s.object.value != RML + "StructuralAnnotation"]
    if not named:
        description.fault("the annotation has no type", statement.position, f"for example rml:{_KINDS[0]}Annotation")
        return None
    name = named[0].object.value.removeprefix(RML)
    known = [f"{kind}Annotation" for kind in _KINDS]
    if name not in known:
        hint = nearest(name, known) or f"known: {', '.join(f'rml:{one}' for one in known)}"
        description.fault(f"there is no annotation {name}", named[0].position, hint)
        return None
    return name.removesuffix("Annotation")


def _names(description: Description, node: Node, what: str, statement: Statement) -> list[tuple[str, Statement]]:
    """The texts of a list."""
    link = description.one_of(node, what, "the annotation", statement.position)
    found: list[tuple[str, Statement]] = []
    seen = set()
    while link is not None and link.object not in seen:
        seen.add(link.object)
        if link.object == NamedNode(_RDF + "nil") or isinstance(link.object, Literal):
            break
        first = next((s for s in description.about(link.object) if s.predicate.value == _RDF + "first"), None)
        if first is None or not isinstance(first.object, Literal):
            break
        found.append((first.object.value, first))
        link = next((s for s in description.about(link.object) if s.predicate.value == _RDF + "rest"), None)
    if not found and link is not None:
        description.fault(f"rml:{what} takes a list of names", link.position, f'for example rml:{what} ( "name" )')
    return found
