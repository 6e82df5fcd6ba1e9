"""Constraints in SPARQL, and constraint components of one's own (SHACL, sections 5 and 6)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import pyoxigraph as ox

from kg.shacl.graph.terms import Term, form
from kg.shacl.graph.xsd import STRING, XSD
from kg.shacl.paths import Path
from kg.shacl.shapes.model import SH, Ask, Constraint, Query, Select, Text
from kg.shacl.shapes.references import shape_id
from kg.shacl.shapes.sparql.queries import CURRENT_SHAPE, SHAPES_GRAPH, THIS, prefixes_of, prepare, texts
from kg.shacl.shapes.statements import Malformed, Statements

SPARQL: Final = SH + "SPARQLConstraintComponent"
Tell = Callable[..., None]
"""Called with a node, what is wrong, and perhaps a predicate, a hint and a value."""
_NCNAME: Final = re.compile(r"[^\W\d][\w.-]*\Z")
_VARIABLE: Final = re.compile(r"\w+")
_RESERVED: Final = frozenset({THIS, SHAPES_GRAPH, CURRENT_SHAPE, "path", "PATH", "value"})
_TRUE: Final = frozenset({"true", "1"})
_VALIDATORS: Final = ("validator", "nodeValidator", "propertyValidator")


@dataclass(frozen=True, slots=True)
class Component:
    """A constraint component that a shapes graph defines."""

    iri: str
    required: tuple[str, ...]
    """The IRIs of parameters without which it is not used."""
    optional: tuple[str, ...]
    validators: tuple[tuple[str, Term], ...]
    """For which shapes (`validator`, `nodeValidator`, `propertyValidator`), and the node of the validator."""
    messages: tuple[Text, ...] = ()


def local_name(iri: str) -> str:
    """The name of the variable that a parameter binds: the longest NCName at the end (SHACL, section 6.2.1).

    >>> [local_name(iri) for iri in ("http://e/ns#most", "http://e/2most", "urn:e:most")]
    ['most', 'most', 'most']
    """
    found = _NCNAME.search(iri)
    return found[0] if found else ""


def parameters(statements: Statements, node: Term) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The IRIs of the parameters that are required and of those that are optional (SHACL, section 6.2.1).

    :raises Malformed: if one is no parameter, or two bind one variable
    """
    required: list[str] = []
    optional: list[str] = []
    for parameter in statements.values(node, SH + "parameter"):
        paths = statements.values(parameter, SH + "path")
        if len(paths) != 1 or not isinstance(paths[0], ox.NamedNode):
            raise Malformed("has a parameter that has not one IRI as sh:path")
        switches = statements.values(parameter, SH + "optional")
        if switches and (len(switches) > 1 or not _is_boolean(switches[0])):
            raise Malformed("has a parameter whose sh:optional is not one xsd:boolean")
        (optional if switches and getattr(switches[0], "value", "") in _TRUE else required).append(paths[0].value)
    names = [local_name(iri) for iri in (*required, *optional)]
    for name in names:
        if not _VARIABLE.fullmatch(name) or name in _RESERVED:
            raise Malformed(f"has a parameter whose name cannot be a variable: {name!r}")
        if names.count(name) > 1:
            raise Malformed(f"has two parameters called {name}")
    return tuple(sorted(required)), tuple(sorted(optional))


def _is_boolean(value: Term) -> bool:
    return isinstance(value, ox.Literal) and value.datatype.value == XSD + "boolean"


def read_components(statements: Statements, tell: Tell) -> tuple[Component, ...]:
    """The components that a shapes graph defines; what is wrong with one is told."""
    found = []
    for node in statements.instances(SH + "ConstraintComponent"):
        if not isinstance(node, ox.NamedNode) or node.value.startswith(SH):
            continue
        try:
            required, optional = parameters(statements, node)
            validators = tuple(_validators(statements, node))
            messages = texts(statements, node)
        except Malformed as fault:
            tell(node, f"a constraint component that {fault}")
            continue
        if not required:
            tell(node, "a constraint component needs a parameter that is not optional")
        elif validators or not all(iri.startswith(SH) for iri in required):  # else it describes what SHACL has itself
            found.append(Component(node.value, required, optional, validators, messages))
    return tuple(sorted(found, key=lambda component: component.iri))


def _validators(statements: Statements, node: Term) -> Iterator[tuple[str, Term]]:
    """The validators: an ASK for shapes of both kinds, a SELECT for one kind (SHACL, section 6.2.3).

    An ASK for one kind is taken too: DASH has one, and it means nothing else. A validator of another language has
    neither, and is none here; a component without any is refused where it is used.

    :raises Malformed: if one for both kinds is a SELECT, or one has two queries
    """
    for kind in _VALIDATORS:
        for validator in statements.values(node, SH + kind):
            queries = [local for local in ("ask", "select") if statements.values(validator, SH + local)]
            if len(queries) > 1 or (kind == "validator" and "select" in queries):
                raise Malformed(f"has a sh:{kind} with sh:select" + " and sh:ask" * (len(queries) > 1))
            if queries:
                yield kind, validator


def constraints_of(
    statements: Statements, node: Term, path: Path | None, components: tuple[Component, ...], tell: Tell
) -> Iterator[Constraint]:
    """The constraints in SPARQL of one shape; what is wrong with one is told."""
    for constraint in statements.values(node, SH + "sparql"):
        try:
            if (made := _select(statements, constraint, path)) is not None:
                yield made
        except Malformed as fault:
            tell(node, f"sh:sparql {fault}", SH + "sparql", None, constraint)
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
    return Select(SPARQL, query, texts(statements, node), node=shape_id(node))


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
        yield _validator(statements, validators[0], path, component, ((local_name(first), form(value)), *rest))


def _validator(
    statements: Statements, node: Term, path: Path | None, component: Component, bound: tuple[tuple[str, bytes], ...]
) -> Constraint:
    """One use of a component; parameters that it may have and has not are no values, and must not be bound either."""
    may_be = tuple(map(local_name, (*component.required, *component.optional)))
    given, names = frozenset(name for name, _ in bound), (THIS, SHAPES_GRAPH, CURRENT_SHAPE, *may_be)
    messages = texts(statements, node) or component.messages
    if statements.values(node, SH + "ask"):
        query = prepared(statements, node, "ask", (*names, "value"), path, absent=frozenset(may_be) - given)
        return Ask(component.iri, query, messages, bound)
    query = prepared(statements, node, "select", names, path, absent=frozenset(may_be) - given)
    return Select(component.iri, query, messages, bound)


def prepared(  # noqa: PLR0913 -- what the query may see
    statements: Statements,
    node: Term,
    local: str,
    bound: tuple[str, ...],
    path: Path | None = None,
    *,
    absent: frozenset[str] = frozenset(),
) -> Query:
    """The query of `sh:select` or `sh:ask`, with its prefixes and its place.

    :raises Malformed: if there is not one, or it is not what it may be
    """
    query = prepare(_text(statements, node, local), prefixes_of(statements, node), bound, path, absent=absent)
    if query.is_ask != (local == "ask"):
        raise Malformed(f"has a sh:{local} that is no {local.upper()}")
    if local == "select" and THIS not in query.selected:
        raise Malformed("does not select $this")
    return replace(query, position=statements.where(node, SH + local))


def _text(statements: Statements, node: Term, local: str) -> str:
    values = statements.values(node, SH + local)
    if len(values) != 1 or not isinstance(values[0], ox.Literal) or values[0].datatype.value != STRING:
        raise Malformed(f"needs one sh:{local}, a string")
    return values[0].value


__all__ = ["SPARQL", "Component", "Text", "constraints_of", "local_name", "read_components"]
