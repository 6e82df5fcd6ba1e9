"""From statements to shapes: everything that a shapes graph says is read and checked before any data are.

Every shape is checked, whether a target reaches it or not (SHACL, section 2.1 and appendix B).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, TypeVar

import pyoxigraph as ox

from kg.errors import Problem, ShapesError
from kg.shacl.graph.columns import SUBCLASS, TYPE
from kg.shacl.graph.terms import Term, form
from kg.shacl.graph.xsd import STRING, XSD
from kg.shacl.regex import matcher
from kg.shacl.shapes import components
from kg.shacl.shapes.model import (
    SH,
    Class,
    Closed,
    Constraint,
    Count,
    Datatype,
    HasValue,
    In,
    LanguageIn,
    Length,
    Logic,
    LogicName,
    NodeKind,
    Pair,
    PairName,
    Pattern,
    Property,
    Qualified,
    Range,
    Shape,
    ShapeId,
    Shapes,
    Targets,
    UniqueLang,
)
from kg.shacl.shapes.queries import texts
from kg.shacl.shapes.recursion import circles
from kg.shacl.shapes.references import shape_id, shown, similar
from kg.shacl.shapes.statements import Malformed, Statements
from kg.shacl.shapes.targets import query_target
from kg.shacl.shapes.vocabulary import faults
from kg.terms import compress

_KINDS: Final[Mapping[str, tuple[bytes, ...]]] = MappingProxyType(
    {
        SH + "IRI": (b"<",),
        SH + "BlankNode": (b"_",),
        SH + "Literal": (b'"',),
        SH + "BlankNodeOrIRI": (b"_", b"<"),
        SH + "BlankNodeOrLiteral": (b"_", b'"'),
        SH + "IRIOrLiteral": (b"<", b'"'),
    }
)
_RANGES: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {"minExclusive": (1,), "minInclusive": (0, 1), "maxExclusive": (-1,), "maxInclusive": (-1, 0)}
)
_CLASSES: Final = frozenset(
    {
        ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#Class"),
        ox.NamedNode("http://www.w3.org/2002/07/owl#Class"),
    }
)
_PAIRS: Final[Mapping[str, PairName]] = MappingProxyType(
    {
        "equals": "Equals",
        "disjoint": "Disjoint",
        "lessThan": "LessThan",
        "lessThanOrEquals": "LessThanOrEquals",
    }
)
_LISTED: Final[Mapping[str, LogicName]] = MappingProxyType({"and": "And", "or": "Or", "xone": "Xone"})
_SINGLE: Final[Mapping[str, LogicName]] = MappingProxyType({"not": "Not", "node": "Node"})
_TARGETS: Final = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target")
_LISTS_OF_SHAPES: Final = ("and", "or", "xone")
_CALLS: Final = ("node", "property", "not", "qualifiedValueShape")
_ONLY_IN_PROPERTY_SHAPES: Final = (
    "minCount", "maxCount", "lessThan", "lessThanOrEquals", "uniqueLang", "qualifiedValueShape",
)  # fmt: skip
_ONCE: Final = (
    "path", "deactivated", "severity", "minCount", "maxCount", "datatype", "nodeKind", *_RANGES, "minLength",
    "maxLength", "pattern", "flags", "languageIn", "uniqueLang", "in", "closed", "ignoredProperties",
    "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint",
)  # fmt: skip
_PARAMETERS: Final = frozenset(
    {
        *_RANGES, *_LISTS_OF_SHAPES, *_CALLS, "class", "datatype", "nodeKind", "minCount", "maxCount", "minLength",
        "maxLength", "pattern", "languageIn", "uniqueLang", "equals", "disjoint", "lessThan", "lessThanOrEquals",
        "closed", "hasValue", "in", "sparql",
    }
)  # fmt: skip
_DIGITS: Final = re.compile(r"[+-]?[0-9]{1,18}").fullmatch
_T = TypeVar("_T")
_TRUE: Final = ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean"))


def read_shapes_of(statements: Statements, name: str = "the shapes graph") -> Shapes:
    """The shapes of a shapes graph, in one order whatever the order of its statements.

    :raises ShapesError: with everything that is malformed or not supported
    """
    reader = _Reader(statements, name)
    reader.check_terms()
    found = {shape_id(node): reader.shape(node) for node in sorted(reader.nodes(), key=shape_id)}
    if reader.problems:
        raise ShapesError(problems=sorted(set(reader.problems), key=_order))
    return Shapes(MappingProxyType(found), circles(found))


def _order(problem: Problem) -> tuple[str, int, str]:
    position = problem.position
    return (position.path if position else "", position.line if position else 0, problem.message)


class _Reader:
    def __init__(self, statements: Statements, name: str) -> None:
        self._said, self._name = statements, name
        self.problems: list[Problem] = []
        self._declared = {kind: frozenset(statements.instances(SH + kind)) for kind in ("NodeShape", "PropertyShape")}
        self._callers = {local: _callers(statements.having(SH + local)) for local in ("node", "property")}
        self._components = components.read_components(statements, self._tell)
        self._custom = frozenset(iri for component in self._components for iri in component.required)

    def _tell(
        self,
        node: Term,
        message: str,
        predicate: str | None = None,
        hint: str | None = None,
        value: Term | None = None,
    ) -> None:
        position = self._said.where(node, predicate, value)
        shape = f" ({compress(node.value)})" if isinstance(node, ox.NamedNode) else ""
        text = f"{'' if position else f'{self._name}: '}{message}{shape}"
        self.problems.append(Problem(ShapesError.code, text, position, hint=hint))

    def check_terms(self) -> None:
        """Tell of what is in SHACL's namespace and would go unchecked."""
        for node, predicate, message, hint in faults(self._said):
            self._tell(node, message, predicate, hint)

    def nodes(self) -> set[Term]:
        """All shapes (SHACL, section 2.1)."""
        found: set[Term] = {*self._declared["NodeShape"], *self._declared["PropertyShape"]}
        signs = {SH + local for local in (*_TARGETS, *_PARAMETERS)} | self._custom
        found |= {node for node in self._said if not signs.isdisjoint(self._said.of(node))}
        for local in _CALLS:
            found |= {value for _, value in self._said.having(SH + local) if not isinstance(value, ox.Literal)}
        for local in _LISTS_OF_SHAPES:
            for _, value in self._said.having(SH + local):
                try:
                    found |= {m for m in self._said.members(value) if not isinstance(m, ox.Literal)}
                except Malformed:
                    continue  # told where the shape is read
        return {node for node in found if not self._is_parameter(node)}

    def _is_parameter(self, node: Term) -> bool:
        """Parameters of components are property shapes, but nobody validates by them."""
        return any(value == node for _, value in self._said.having(SH + "parameter"))

    def shape(self, node: Term) -> Shape:
        said = self._said.of(node)
        for local in _ONCE:
            if len(said.get(SH + local, ())) > 1:
                self._tell(node, f"sh:{local} stands more than once", SH + local)
        is_property = bool(said.get(SH + "path"))
        self._check_kind(node, is_property=is_property)
        for local in () if is_property else _ONLY_IN_PROPERTY_SHAPES:
            if said.get(SH + local):
                self._tell(node, f"sh:{local} stands in a shape without sh:path", SH + local)
        path = next(self._each(node, "path", self._said.path), None)
        severity = next(self._each(node, "severity", _iri), SH + "Violation")
        own = list(self._constraints(node, is_property=is_property))
        own += components.constraints_of(self._said, node, path, self._components, self._tell)
        return Shape(
            shape_id(node),
            self._targets(node),
            path,
            tuple(own),
            severity,
            tuple(text for value in [self._texts(node)] for text in value),
            next(self._each(node, "deactivated", _boolean), False),
        )

    def _check_kind(self, node: Term, *, is_property: bool) -> None:
        """Node shapes have no path, and property shapes have one (SHACL, appendix B)."""
        called = "node" if is_property else "property"
        declared, other = ("NodeShape", "with") if is_property else ("PropertyShape", "without")
        if node in self._declared[declared]:
            self._tell(node, f"a {called} shape {other} sh:path", SH + "path")
        if callers := self._callers[called].get(node):
            known = () if is_property else (named for named, _ in self._said.having(SH + "path"))
            what = f"sh:{called} names {shown(node)}, which has {'a' if is_property else 'no'} sh:path"
            self._tell(callers[0], what, SH + called, similar(node, known), node)
        if isinstance(node, ox.BlankNode) and not _CLASSES.isdisjoint(self._types(node)):
            self._tell(node, "a shape that is a class too needs an IRI")

    def _texts(self, node: Term) -> tuple[components.Text, ...]:
        try:
            return texts(self._said, node)
        except Malformed as fault:
            self._tell(node, f"sh:message {fault}")
            return ()

    def _each(self, node: Term, local: str, read: Callable[[Term], _T]) -> Iterator[_T]:
        """The values of a property, read; what cannot be read is told."""
        for value in self._said.values(node, SH + local):
            try:
                yield read(value)
            except Malformed as fault:
                self._tell(node, f"sh:{local} {fault}", SH + local, value=value)

    def _targets(self, node: Term) -> Targets:
        is_class = isinstance(node, ox.NamedNode) and not _CLASSES.isdisjoint(self._types(node))
        implicit = (form(node),) if is_class else ()
        return Targets(
            nodes=tuple(self._each(node, "targetNode", _not_blank)),
            classes=(*implicit, *self._each(node, "targetClass", lambda value: form(ox.NamedNode(_iri(value))))),
            subjects_of=tuple(self._each(node, "targetSubjectsOf", _iri)),
            objects_of=tuple(self._each(node, "targetObjectsOf", _iri)),
            queries=tuple(self._each(node, "target", partial(query_target, self._said, node))),
        )

    def _types(self, node: Term) -> set[Term]:
        kinds = set(self._said.values(node, TYPE))
        waiting = list(kinds)
        while waiting:
            above = set(self._said.values(waiting.pop(), SUBCLASS)) - kinds
            kinds |= above
            waiting += above
        return kinds

    def _constraints(self, node: Term, *, is_property: bool) -> Iterator[Constraint]:
        yield from self._of_values(node)
        yield from self._of_strings(node)
        yield from self._of_shapes(node)
        yield from self._qualified(node)
        yield from self._closed(node)
        if is_property:
            for local, is_minimum in (("minCount", True), ("maxCount", False)):
                for number in self._each(node, local, _integer):
                    yield Count(number, is_minimum)

    def _of_shapes(self, node: Term) -> Iterator[Constraint]:
        for local, pair in _PAIRS.items():
            for predicate in self._each(node, local, _iri):
                yield Pair(pair, predicate)
        for local, listed in _LISTED.items():
            for members in self._each(node, local, self._shapes):
                yield Logic(listed, members)
        for local, single in _SINGLE.items():
            for called in self._each(node, local, _shape):
                yield Logic(single, (called,))
        for called in self._each(node, "property", _shape):
            yield Property(called)

    def _of_values(self, node: Term) -> Iterator[Constraint]:
        for kind in self._each(node, "class", _iri):
            yield Class(form(ox.NamedNode(kind)))
        for datatype in self._each(node, "datatype", _iri):
            yield Datatype(datatype)
        for starts in self._each(node, "nodeKind", _kind):
            yield NodeKind(starts)
        for local, allowed in _RANGES.items():
            for limit in self._each(node, local, _literal):
                yield Range(local[0].upper() + local[1:], limit, allowed)
        for members in self._each(node, "in", self._said.members):
            yield In(frozenset(map(form, members)))
        for value in self._each(node, "hasValue", form):
            yield HasValue(value)

    def _of_strings(self, node: Term) -> Iterator[Constraint]:
        for local, is_minimum in (("minLength", True), ("maxLength", False)):
            for number in self._each(node, local, _integer):
                yield Length(number, is_minimum)
        flags = next(self._each(node, "flags", _string), "")
        for pattern in self._each(node, "pattern", _string):
            try:
                matcher(pattern, flags)
            except ShapesError as fault:
                self._tell(node, f"sh:pattern: {fault}", SH + "pattern")
            else:
                yield Pattern(pattern, flags)
        for ranges in self._each(node, "languageIn", lambda value: tuple(map(_string, self._said.members(value)))):
            yield LanguageIn(ranges)
        for value in self._each(node, "uniqueLang", _true):
            if value:
                yield UniqueLang()

    def _shapes(self, value: Term) -> tuple[ShapeId, ...]:
        return tuple(map(_shape, self._said.members(value)))

    def _qualified(self, node: Term) -> Iterator[Constraint]:
        counts = [
            (number, is_minimum)
            for local, is_minimum in (("qualifiedMinCount", True), ("qualifiedMaxCount", False))
            for number in self._each(node, local, _integer)
        ]
        called = list(self._each(node, "qualifiedValueShape", _shape))
        if called and not counts:
            self._tell(node, "sh:qualifiedValueShape without sh:qualifiedMinCount or sh:qualifiedMaxCount")
        siblings: tuple[ShapeId, ...] = ()
        if next(self._each(node, "qualifiedValueShapesDisjoint", _true), False):
            siblings = tuple(sorted(self._siblings(node) - set(called)))
        for shape in called:
            for number, is_minimum in counts:
                yield Qualified(shape, number, is_minimum, siblings)

    def _siblings(self, node: Term) -> set[ShapeId]:
        """The qualified shapes of the other property shapes of this one's parents (SHACL, section 4.7.3)."""
        return {
            shape_id(qualified)
            for parent in self._callers["property"].get(node, ())
            for sibling in self._said.values(parent, SH + "property")
            for qualified in self._said.values(sibling, SH + "qualifiedValueShape")
        }

    def _closed(self, node: Term) -> Iterator[Constraint]:
        ignored = [m for members in self._each(node, "ignoredProperties", self._said.members) for m in members]
        if any(not isinstance(member, ox.NamedNode) for member in ignored):
            self._tell(node, "sh:ignoredProperties has a member that is no IRI")
        if next(self._each(node, "closed", _true), False):
            paths = [
                p for part in self._said.values(node, SH + "property") for p in self._said.values(part, SH + "path")
            ]
            yield Closed(frozenset(term.value for term in (*ignored, *paths) if isinstance(term, ox.NamedNode)))


def _callers(pairs: Iterable[tuple[Term, Term]]) -> Mapping[Term, list[Term]]:
    found: dict[Term, list[Term]] = {}
    for caller, called in pairs:
        found.setdefault(called, []).append(caller)
    return found


def _iri(value: Term) -> str:
    if not isinstance(value, ox.NamedNode):
        raise Malformed("is no IRI")
    return value.value


def _not_blank(value: Term) -> bytes:
    if isinstance(value, ox.BlankNode):
        raise Malformed("is a blank node")
    return form(value)


def _shape(value: Term) -> ShapeId:
    if isinstance(value, ox.Literal):
        raise Malformed("is a literal, not a shape")
    return shape_id(value)


def _literal(value: Term) -> bytes:
    if not isinstance(value, ox.Literal):
        raise Malformed("is no literal")
    return form(value)


def _string(value: Term) -> str:
    if not isinstance(value, ox.Literal) or value.datatype.value != STRING:
        raise Malformed("is no string")
    return value.value


def _integer(value: Term) -> int:
    if not isinstance(value, ox.Literal) or value.datatype.value != XSD + "integer" or not _DIGITS(value.value):
        raise Malformed("is no xsd:integer")
    return int(value.value)


def _boolean(value: Term) -> bool:
    is_boolean = isinstance(value, ox.Literal) and value.datatype.value == XSD + "boolean"
    if not is_boolean or value.value not in {"true", "false", "1", "0"}:
        raise Malformed("is no xsd:boolean")
    return value.value in {"true", "1"}


def _true(value: Term) -> bool:
    """Whether a switch is the literal `true`: SHACL asks for that term, not for its value (section 4.4.5)."""
    _boolean(value)
    return value == _TRUE


def _kind(value: Term) -> tuple[bytes, ...]:
    if not isinstance(value, ox.NamedNode) or value.value not in _KINDS:
        names = ", ".join("sh:" + iri.removeprefix(SH) for iri in _KINDS)
        raise Malformed(f"is none of {names}")
    return _KINDS[value.value]
