"""From statements to shapes: everything that a shapes graph says is read and checked before any data are.

Every shape is checked, whether a target reaches it or not (SHACL, section 2.1 and appendix B).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Final, TypeVar

import pyoxigraph as ox

from kg.errors import Problem, ShapesError
from kg.shacl.graph.columns import SUBCLASS, TYPE
from kg.shacl.graph.terms import Term, form
from kg.shacl.shapes.additions import (
    ANNOTATIONS,
    additions,
    annotated,
    constant,
    is_class,
    is_predicate_path,
    node_shapes,
)
from kg.shacl.shapes.model import SH, Constraint, Form, Shape, Shapes, Targets
from kg.shacl.shapes.parameters import PARAMETERS, boolean, iri, shape
from kg.shacl.shapes.references import shape_id, shown, similar
from kg.shacl.shapes.soundness import Fault, sound, whole
from kg.shacl.shapes.sparql import components
from kg.shacl.shapes.sparql.queries import texts
from kg.shacl.shapes.sparql.targets import query_target
from kg.shacl.shapes.statements import Malformed, Statements
from kg.shacl.shapes.vocabulary import SWITCH, faults
from kg.terms import compress

_TARGETS: Final = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "targetWhere", "target")
_LISTS_OF_SHAPES: Final = ("and", "or", "xone")
_CALLS: Final = (
    "node", "property", "not", "qualifiedValueShape", "targetWhere", "someValue", "memberShape", "reifierShape",
    "nodeByExpression",
)  # fmt: skip
_NODE_CALLS: Final = ("node", "memberShape", "reifierShape")
"""Parameters whose values are node shapes."""
_ONLY_IN_PROPERTY_SHAPES: Final = (
    "minCount", "maxCount", "lessThan", "lessThanOrEquals", "uniqueLang", "qualifiedValueShape",
)  # fmt: skip
_ONCE: Final = (
    "path", "deactivated", "severity", "minCount", "maxCount", "datatype", "nodeKind", "minExclusive", "minInclusive",
    "maxExclusive", "maxInclusive", "minLength", "maxLength", "pattern", "flags", "languageIn", "uniqueLang", "in",
    "closed", "ignoredProperties", "qualifiedValueShape", "qualifiedMinCount", "qualifiedMaxCount",
    "qualifiedValueShapesDisjoint",
)  # fmt: skip
_ONCE_12: Final = ("singleLine", "reificationRequired", "values", "defaultValue")
_NO_SIGNS: Final = frozenset(
    {"flags", "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount", "qualifiedValueShapesDisjoint"}
)
"""Parameters that make no shape of their subject here: alone they demand nothing."""
_T = TypeVar("_T")


def read_shapes_of(statements: Statements, name: str = "the shapes graph", *, lenient: bool = False) -> Shapes:
    """The shapes of a shapes graph, in one order whatever the order of its statements.

    With `lenient`, those that are sound, and what was left out.

    :raises ShapesError: with everything that is malformed or not supported
    """
    reader = _Reader(statements, name)
    reader.check_terms()
    found = {shape_id(node): reader.shape(node) for node in sorted(reader.nodes(), key=shape_id)}
    return (sound if lenient else whole)(statements, found, reader.told)


class _Reader:
    def __init__(self, statements: Statements, name: str) -> None:
        self._said, self._name = statements, name
        self._is_later = statements.version == "1.2"
        self.told: list[Fault] = []
        self._parameters = additions(statements) if self._is_later else PARAMETERS
        properties = frozenset(statements.instances(SH + "PropertyShape"))
        self._declared = {"NodeShape": node_shapes(statements), "PropertyShape": properties}
        self._callers = {
            kind: _callers(
                (caller, called, local) for local in names for caller, called in statements.having(SH + local)
            )
            for kind, names in (("node", _NODE_CALLS), ("property", ("property",)))
        }
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
        text = f"{'' if position else f'{self._said.file_of(node) or self._name}: '}{message}{shape}"
        self.told.append((node, Problem(ShapesError.code, text, position, hint=hint)))

    def check_terms(self) -> None:
        """Tell of what is in SHACL's namespace and would go unchecked, and of annotations where they say nothing."""
        for node, predicate, message, hint in faults(self._said):
            self._tell(node, message, predicate, hint)
        for node in () if self._is_later else self._said:
            for predicate, values in self._said.of(node).items():
                if any(isinstance(value, ox.Triple) for value in values):
                    what = "a triple term, or an annotation {| |}, is RDF 1.2, which SHACL 1.0 does not know"
                    self._tell(node, what, predicate, SWITCH)

    def nodes(self) -> set[Term]:
        """All shapes (SHACL, section 2.1)."""
        found: set[Term] = {*self._declared["NodeShape"], *self._declared["PropertyShape"]}
        names = (*_TARGETS, *(self._parameters.keys() - _NO_SIGNS), "sparql")
        signs = {SH + local for local in names} | self._custom
        found |= {node for node in self._said if not signs.isdisjoint(self._said.of(node))}
        for local in _CALLS:
            found |= {value for _, value in self._said.having(SH + local) if isinstance(value, _NODE)}
        for local in _LISTS_OF_SHAPES:
            for _, value in self._said.having(SH + local):
                members = self._said.members_or_none(value) or ()  # a list that is none is told where the shape is read
                found |= {member for member in members if isinstance(member, _NODE)}
        return {node for node in found if not self._is_parameter(node)}

    def _is_parameter(self, node: Term) -> bool:
        """Parameters of components are property shapes, but nobody validates by them."""
        return any(value == node for _, value in self._said.having(SH + "parameter"))

    def shape(self, node: Term) -> Shape:
        said = self._said.of(node)
        for local in (*_ONCE, *_ONCE_12) if self._is_later else _ONCE:
            if len(said.get(SH + local, ())) > 1:
                self._tell(node, f"sh:{local} stands more than once", SH + local)
        is_property = bool(said.get(SH + "path"))
        self._check_kind(node, is_property=is_property)
        for local in () if is_property else _ONLY_IN_PROPERTY_SHAPES:
            if said.get(SH + local):
                self._tell(node, f"sh:{local} stands in a shape without sh:path", SH + local)
        path = next(self._each(node, "path", self._said.path), None)
        severity = next(self._each(node, "severity", iri), SH + "Violation")
        own = list(self._constraints(node))
        own += components.constraints_of(self._said, node, path, self._components, self._tell)
        self._check_annotations(node)
        return Shape(
            shape_id(node),
            self._targets(node),
            path,
            tuple(own),
            severity,
            tuple(text for value in [self._texts(node)] for text in value),
            next(self._each(node, "deactivated", self._deactivated), False),
            self._constant(node, "values"),
            self._constant(node, "defaultValue"),
        )

    def _check_kind(self, node: Term, *, is_property: bool) -> None:
        """Node shapes have no path, and property shapes have one (SHACL, appendix B)."""
        called = "node" if is_property else "property"
        declared, other = ("NodeShape", "with") if is_property else ("PropertyShape", "without")
        if node in self._declared[declared]:
            self._tell(node, f"a {called} shape {other} sh:path", SH + "path")
        if callers := self._callers[called].get(node):
            caller, local = callers[0]
            known = () if is_property else (named for named, _ in self._said.having(SH + "path"))
            what = f"sh:{local} names {shown(node)}, which has {'a' if is_property else 'no'} sh:path"
            self._tell(caller, what, SH + local, similar(node, known), node)
            self.told[-1] = (node, self.told[-1][1])  # told where it is called, and about what is called
        if isinstance(node, ox.BlankNode) and is_class(self._said, self._types(node)):
            self._tell(node, "a shape that is a class too needs an IRI")

    def _check_annotations(self, node: Term) -> None:
        """Tell of annotations on what is no parameter of Core: they would not act."""
        predicates = {SH + "sparql"} | {iri for part in self._components for iri in (*part.required, *part.optional)}
        for predicate in predicates & self._said.of(node).keys():
            for value in self._said.values(node, predicate):
                for reifier in self._said.reifiers(node, predicate, value):
                    if not self._said.of(reifier).keys().isdisjoint(ANNOTATIONS):
                        self._tell(node, f"an annotation of {compress(predicate)} is not supported", predicate)

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
        implicit: tuple[Form, ...] = ()
        if isinstance(node, ox.NamedNode) and is_class(self._said, self._types(node)):
            implicit = (form(node),)
        return Targets(
            nodes=tuple(self._each(node, "targetNode", self._target_node)),
            classes=(*implicit, *self._each(node, "targetClass", lambda value: form(ox.NamedNode(iri(value))))),
            subjects_of=tuple(self._each(node, "targetSubjectsOf", iri)),
            objects_of=tuple(self._each(node, "targetObjectsOf", iri)),
            where=tuple(self._each(node, "targetWhere", shape)),
            queries=tuple(self._each(node, "target", partial(query_target, self._said, node))),
        )

    def _target_node(self, value: Term) -> Form:
        if self._is_later:
            return constant(self._said, value)
        if isinstance(value, ox.BlankNode):
            raise Malformed("is a blank node")
        return self._said.form(value)

    def _deactivated(self, value: Term) -> bool:
        if self._is_later:
            constant(self._said, value)
        return boolean(value)

    def _constant(self, node: Term, local: str) -> Form | None:
        """The value of `sh:values` or `sh:defaultValue`, which validate in SHACL 1.2 only."""
        if not self._is_later or not self._said.values(node, SH + local):
            return None
        if not is_predicate_path(self._said, node):
            self._tell(node, f"sh:{local} stands in a shape whose sh:path is no IRI", SH + local)
        return next(self._each(node, local, lambda value: constant(self._said, value)), None)

    def _types(self, node: Term) -> set[Term]:
        kinds = set(self._said.values(node, TYPE))
        waiting = list(kinds)
        while waiting:
            above = set(self._said.values(waiting.pop(), SUBCLASS)) - kinds
            kinds |= above
            waiting += above
        return kinds

    def _constraints(self, node: Term) -> Iterator[Constraint]:
        for local, read in self._parameters.items():
            for value in self._said.values(node, SH + local):
                try:
                    yield from annotated(self._said, node, local, value, list(read(self._said, node, value)))
                except Malformed as fault:
                    gap = "" if str(fault).startswith(":") else " "
                    self._tell(node, f"sh:{local}{gap}{fault}", SH + local, value=value)


_NODE: Final = ox.NamedNode | ox.BlankNode


def _callers(calls: Iterable[tuple[Term, Term, str]]) -> Mapping[Term, list[tuple[Term, str]]]:
    """Who calls each shape, and by which property."""
    found: dict[Term, list[tuple[Term, str]]] = {}
    for caller, called, local in calls:
        found.setdefault(called, []).append((caller, local))
    return found
