"""Constraints in SPARQL, and constraint components of one's own (SHACL, sections 5 and 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from kg.shacl.graph.terms import Term, form
from kg.shacl.graph.xsd import STRING
from kg.shacl.paths import Path
from kg.shacl.shapes.model import SH, Ask, Constraint, Query, Select, Text
from kg.shacl.shapes.queries import CURRENT_SHAPE, SHAPES_GRAPH, THIS, prepare, prologue, texts
from kg.shacl.shapes.statements import Malformed, Statements

SPARQL: Final = SH + "SPARQLConstraintComponent"
Tell = Callable[[Term, str], None]


@dataclass(frozen=True, slots=True)
class Component:
    """A constraint component that a shapes graph defines."""

    iri: str
    required: tuple[str, ...]
    """The IRIs of parameters without which it is not used."""
    optional: tuple[str, ...]
    validators: tuple[tuple[str, Term], ...]
    """For which shapes (`validator`, `nodeValidator`, `propertyValidator`), and the node of the validator."""


def local_name(iri: str) -> str:
    """The name of the variable that a parameter binds (SHACL, section 6.2.1)."""
    return iri.rpartition("#")[2] if "#" in iri else iri.rpartition("/")[2]


def read_components(statements: Statements, tell: Tell) -> tuple[Component, ...]:
    """The components that a shapes graph defines; what is wrong with one is told."""
    found = []
    for node in statements.instances(SH + "ConstraintComponent"):
        if not isinstance(node, ox.NamedNode) or node.value.startswith(SH):
            continue
        required: list[str] = []
        optional: list[str] = []
        for parameter in statements.values(node, SH + "parameter"):
            paths = statements.values(parameter, SH + "path")
            if len(paths) != 1 or not isinstance(paths[0], ox.NamedNode):
                tell(node, "a parameter of a constraint component has not one IRI as sh:path")
                continue
            is_optional = any(
                isinstance(value, ox.Literal) and value.value in {"true", "1"}
                for value in statements.values(parameter, SH + "optional")
            )
            (optional if is_optional else required).append(paths[0].value)
        validators = tuple(
            (kind, validator)
            for kind in ("validator", "nodeValidator", "propertyValidator")
            for validator in statements.values(node, SH + kind)
        )
        if not required:
            tell(node, "a constraint component needs a parameter that is not optional")
        elif not validators:
            tell(node, "a constraint component without a validator")
        else:
            found.append(Component(node.value, tuple(sorted(required)), tuple(sorted(optional)), validators))
    return tuple(sorted(found, key=lambda component: component.iri))


def constraints_of(
    statements: Statements, node: Term, path: Path | None, components: tuple[Component, ...], tell: Tell
) -> Iterator[Constraint]:
    """The constraints in SPARQL of one shape; what is wrong with one is told."""
    for constraint in statements.values(node, SH + "sparql"):
        try:
            if (made := _select(statements, constraint, path)) is not None:
                yield made
        except Malformed as fault:
            tell(node, f"sh:sparql {fault}")
    for component in components:
        try:
            yield from _uses(statements, node, path, component)
        except Malformed as fault:
            tell(node, f"the component <{component.iri}> {fault}")


def _select(statements: Statements, node: Term, path: Path | None) -> Select | None:
    deactivated = statements.values(node, SH + "deactivated")
    if deactivated and isinstance(deactivated[0], ox.Literal) and deactivated[0].value in {"true", "1"}:
        return None
    query = prepared(statements, node, "select", (THIS, SHAPES_GRAPH, CURRENT_SHAPE), path)
    if THIS not in query.projected:
        raise Malformed("does not select $this")
    return Select(SPARQL, query, texts(statements, node))


def _uses(statements: Statements, node: Term, path: Path | None, component: Component) -> Iterator[Constraint]:
    given = {iri: statements.values(node, iri) for iri in (*component.required, *component.optional)}
    if any(not given[iri] for iri in component.required):
        return
    if len(given) > 1 and any(len(values) > 1 for values in given.values()):
        raise Malformed("has more than one value of a parameter, and several parameters")
    first, *others = component.required
    rest = [(local_name(iri), form(given[iri][0])) for iri in (*others, *component.optional) if given[iri]]
    wanted = "nodeValidator" if path is None else "propertyValidator"
    validators = [v for kind, v in component.validators if kind == wanted]
    validators = validators or [v for kind, v in component.validators if kind == "validator"]
    if not validators:
        raise Malformed(f"has no validator for {'node' if path is None else 'property'} shapes")
    for value in given[first]:
        yield _validator(statements, validators[0], path, component.iri, ((local_name(first), form(value)), *rest))


def _validator(
    statements: Statements, node: Term, path: Path | None, iri: str, bound: tuple[tuple[str, bytes], ...]
) -> Constraint:
    names = (THIS, SHAPES_GRAPH, CURRENT_SHAPE, *(name for name, _ in bound))
    messages = texts(statements, node)
    if statements.values(node, SH + "ask"):
        return Ask(iri, prepared(statements, node, "ask", (*names, "value"), path), messages, bound)
    return Select(iri, prepared(statements, node, "select", names, path), messages, bound)


def prepared(statements: Statements, node: Term, local: str, bound: tuple[str, ...], path: Path | None = None) -> Query:
    """The query of `sh:select` or `sh:ask`, with its prefixes and its place.

    :raises Malformed: if there is not one, or it is not what it may be
    """
    query = prepare(_text(statements, node, local), prologue(statements, node), bound, path)
    return replace(query, position=statements.where(node, SH + local))


def _text(statements: Statements, node: Term, local: str) -> str:
    values = statements.values(node, SH + local)
    if len(values) != 1 or not isinstance(values[0], ox.Literal) or values[0].datatype.value != STRING:
        raise Malformed(f"needs one sh:{local}, a string")
    return values[0].value


__all__ = ["SPARQL", "Component", "Text", "constraints_of", "local_name", "read_components"]
