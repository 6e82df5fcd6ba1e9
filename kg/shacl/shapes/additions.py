"""What SHACL 1.2 Core adds to the parameters of SHACL 1.0 (draft of August 2026), and how constraints are annotated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.shacl.graph.columns import SUBCLASS, TYPE
from kg.shacl.graph.terms import Term, form
from kg.shacl.paths import Predicate
from kg.shacl.shapes.model import (
    SH,
    Annotated,
    Class,
    ClosedByTypes,
    Constraint,
    Datatype,
    Form,
    ListLength,
    Logic,
    MemberShape,
    NodeKind,
    Pair,
    PairName,
    Property,
    Reifier,
    RootClass,
    SingleLine,
    SomeValue,
    Text,
    UniqueMembers,
    UniqueValues,
)
from kg.shacl.shapes.parameters import (
    KINDS,
    PAIRS,
    PARAMETERS,
    Read,
    boolean,
    ignored,
    integer,
    iri,
    is_list,
    kind,
    paths,
    shape,
    switch,
)
from kg.shacl.shapes.sparql.queries import texts
from kg.shacl.shapes.statements import Malformed, Statements

SHAPE_CLASS: Final = SH + "ShapeClass"
CLASSES: Final = ("http://www.w3.org/2000/01/rdf-schema#Class", "http://www.w3.org/2002/07/owl#Class")
_BY_TYPES: Final = ox.NamedNode(SH + "ByTypes")
_KINDS: Final[Mapping[str, tuple[bytes, ...]]] = MappingProxyType({**KINDS, SH + "TripleTerm": (b"<<",)})
_LISTED_KINDS: Final[Mapping[str, tuple[bytes, ...]]] = MappingProxyType(
    {name: starts for name, starts in _KINDS.items() if len(starts) == 1}
)
_BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "pattern": ("flags",),
        "closed": ("ignoredProperties",),
        "qualifiedMinCount": ("qualifiedValueShape", "qualifiedValueShapesDisjoint"),
        "qualifiedMaxCount": ("qualifiedValueShape", "qualifiedValueShapesDisjoint"),
        "reifierShape": ("reificationRequired",),
    }
)
"""The other parameters of a component, by the one that makes its constraint."""
ANNOTATIONS: Final = (SH + "severity", SH + "message", SH + "deactivated")


def iris(said: Statements, value: Term) -> tuple[str, ...]:
    """An IRI, or the IRIs of a list, any one of which will do.

    :raises Malformed: if it is neither
    """
    if is_list(said, value):
        members = said.members(value)
        if any(not isinstance(member, ox.NamedNode) for member in members):
            raise Malformed("is a list with a member that is no IRI")
        return tuple(map(iri, members))
    if not isinstance(value, ox.NamedNode):
        raise Malformed("is no IRI and no list of IRIs")
    return (value.value,)


def constant(said: Statements, value: Term) -> Form:
    """What a node expression that is an IRI or a literal gives, which is itself; Core has no other ones.

    :raises Malformed: if it is another one
    """
    if not isinstance(value, ox.NamedNode | ox.Literal):
        raise Malformed("is a node expression other than an IRI or a literal, which is not supported")
    return said.form(value)


def _forms(said: Statements, value: Term) -> tuple[Form, ...]:
    return tuple(form(ox.NamedNode(one)) for one in iris(said, value))


def _one(make: Callable[[Statements, Term], Constraint]) -> Read:
    return lambda said, _, value: iter((make(said, value),))


def _node_kind(said: Statements, _: Term, value: Term) -> Iterator[Constraint]:
    if is_list(said, value):
        yield NodeKind(tuple(start for member in said.members(value) for start in kind(member, _LISTED_KINDS)))
    else:
        yield NodeKind(kind(value, _KINDS))


def _pair(name: PairName) -> Read:
    return _one(lambda said, value: Pair(name, said.path(value)))


def _node_by_expression(said: Statements, value: Term) -> Constraint:
    constant(said, value)
    return Logic("NodeByExpression", (shape(value),))


def _single_line(_: Statements, __: Term, value: Term) -> Iterator[Constraint]:
    if switch(value):
        yield SingleLine()


def _list_length(*, is_minimum: bool) -> Read:
    def read(_: Statements, __: Term, value: Term) -> Iterator[Constraint]:
        number = integer(value)
        if number < 0:
            raise Malformed("is less than 0")
        yield ListLength(number, is_minimum)

    return read


def _reifier(said: Statements, node: Term, value: Term) -> Iterator[Constraint]:
    path = said.values(node, SH + "path")
    if len(path) != 1 or not isinstance(path[0], ox.NamedNode):
        raise Malformed("stands in a shape whose sh:path is no IRI")
    is_first = value == said.values(node, SH + "reifierShape")[0]
    required = [switch(one) for one in said.values(node, SH + "reificationRequired")]
    yield Reifier(shape(value), path[0].value, is_first and any(required))


def _reification(said: Statements, node: Term, value: Term) -> Iterator[Constraint]:
    if switch(value) and not said.values(node, SH + "reifierShape"):
        raise Malformed("stands without sh:reifierShape, and demands nothing")
    return iter(())


def additions(said: Statements) -> Mapping[str, Read]:
    """The parameters of SHACL 1.2 Core by their local names, and how the value of each is read."""

    @cache
    def by_type() -> tuple[tuple[Form, frozenset[str]], ...]:
        return tuple(_properties_of_types(said))

    def closed(_: Statements, node: Term, value: Term) -> Iterator[Constraint]:
        if value == _BY_TYPES:
            return iter((ClosedByTypes(by_type(), ignored(said, node) | {TYPE}),))
        return PARAMETERS["closed"](said, node, value)

    return {
        **PARAMETERS,
        "class": _one(lambda said, value: Class(_forms(said, value))),
        "datatype": _one(lambda said, value: Datatype(iris(said, value))),
        "rootClass": _one(lambda said, value: RootClass(_forms(said, value))),
        "nodeKind": _node_kind,
        **{local: _pair(name) for local, name in PAIRS.items()},
        "subsetOf": _pair("SubsetOf"),
        "singleLine": _single_line,
        "nodeByExpression": _one(_node_by_expression),
        "someValue": _one(lambda _, value: SomeValue(shape(value))),
        "memberShape": _one(lambda _, value: MemberShape(shape(value))),
        "minListLength": _list_length(is_minimum=True),
        "maxListLength": _list_length(is_minimum=False),
        "uniqueMembers": _one(lambda _, value: UniqueMembers(switch(value))),
        "uniqueValuesFor": _one(lambda said, value: UniqueValues(tuple(sorted(set(iris(said, value)))))),
        "reifierShape": _reifier,
        "reificationRequired": _reification,
        "closed": closed,
    }


def is_class(said: Statements, types: set[Term]) -> bool:
    """Whether something of these types, and those above them, is a class: in SHACL 1.2 a `sh:ShapeClass` is one too."""
    names = (*CLASSES, SHAPE_CLASS) if said.version == "1.2" else CLASSES
    return not {ox.NamedNode(name) for name in names}.isdisjoint(types)


def node_shapes(said: Statements) -> frozenset[Term]:
    """The declared node shapes; in SHACL 1.2 a `sh:ShapeClass` is one too."""
    found = frozenset(said.instances(SH + "NodeShape"))
    return found | frozenset(said.instances(SHAPE_CLASS)) if said.version == "1.2" else found


def _properties_of_types(said: Statements) -> Iterator[tuple[Form, frozenset[str]]]:
    """For each possible type the properties that `sh:closed sh:ByTypes` collects for it."""
    classes = {node for name in (*CLASSES, SHAPE_CLASS) for node in said.instances(name)}
    shapes = node_shapes(said)
    targeting: dict[Term, list[Term]] = {}
    for node, target in said.having(SH + "targetClass"):
        targeting.setdefault(target, []).append(node)

    def collected(start: Term) -> frozenset[str]:
        found: set[str] = set()
        seen, waiting = {start}, [start]
        while waiting:
            node = waiting.pop()
            found |= paths(said, node)
            after = [*said.values(node, SUBCLASS), *targeting.get(node, ())] if node in classes else []
            after += said.values(node, SH + "node") if node in shapes else []
            waiting += [one for one in after if one not in seen]
            seen.update(after)
        return frozenset(found)

    owners = {node for node, _ in said.having(SH + "property")}
    for node in sorted(classes | shapes | owners, key=form):
        if isinstance(node, ox.NamedNode) and (found := collected(node)):
            yield form(node), found


def annotated(said: Statements, node: Term, local: str, value: Term, made: Sequence[Constraint]) -> list[Constraint]:
    """Constraints as the annotations of their triples have them: with another severity, other messages, or not at all.

    :raises Malformed: if the annotations contradict one another
    """
    triples = [
        (local, value),
        *((name, one) for name in _BESIDE.get(local, ()) for one in said.values(node, SH + name)),
    ]
    reifiers = [found for name, one in triples for found in said.reifiers(node, SH + name, one)]
    if not reifiers or not made:
        return list(made)
    switches = {boolean(one) for found in reifiers for one in said.values(found, SH + "deactivated")}
    severities = {iri(one) for found in reifiers for one in said.values(found, SH + "severity")}
    messages: dict[Text, None] = dict.fromkeys(text for found in reifiers for text in texts(said, found))
    if len(switches) > 1 or len(severities) > 1:
        raise Malformed(f"has annotations with more than one sh:{'deactivated' if len(switches) > 1 else 'severity'}")
    if True in switches:
        return []
    severity = next(iter(severities), None)
    if severity is None and not messages:
        return list(made)
    # Results of a property shape are its own, whatever is said of the triple that calls it.
    return [one if isinstance(one, Property) else Annotated(one, severity, tuple(messages)) for one in made]


def is_predicate_path(said: Statements, node: Term) -> bool:
    """Whether a shape has one property for its path, as `sh:values` and `sh:defaultValue` ask."""
    try:
        return [isinstance(said.path(path), Predicate) for path in said.values(node, SH + "path")] == [True]
    except Malformed:
        return False
