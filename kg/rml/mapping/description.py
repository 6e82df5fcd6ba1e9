"""The statements of a mapping, found by subject, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kg.errors import Position, Problem, nearest
from kg.rml.mapping.functions import Functions
from kg.rml.mapping.model import Call, Target
from kg.rml.mapping.statements import Statement

RML: Final = "http://w3id.org/rml/"
CSVW: Final = "http://www.w3.org/ns/csvw#"
FORMATS: Final = "http://www.w3.org/ns/formats/"
D2RQ: Final = "http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#"
RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
Node = NamedNode | BlankNode
_OF_STAR: Final = frozenset({"quotedTriplesMap", "quoted", "assertedTriplesMap", "nonAssertedTriplesMap", "starMap"})
"""What RML-star adds, by its present names and those of the tools that had it first."""
_PROPERTIES: Final = frozenset(
    {
        *("logicalSource", "source", "referenceFormulation", "iterator", "root", "path", "null", "encoding"),
        *(
            "compression",
            "query",
            "tableName",
            "namespace",
            "namespacePrefix",
            "namespaceURL",
            "subjectMap",
            "subject",
            "class",
            "predicateObjectMap",
            "predicateMap",
            "predicate",
        ),
        *("objectMap", "object", "graphMap", "graph", "constant", "reference", "template", "termType", "languageMap"),
        *("language", "datatypeMap", "datatype", "baseIRI", "parentTriplesMap", "joinCondition", "childMap", "child"),
        *("parentMap", "parent", "functionExecution", "functionMap", "function", "input", "parameterMap", "parameter"),
        *("inputValueMap", "inputValue", "returnMap", "return", "condition"),
        *("logicalTarget", "target", "serialization", "gather", "gatherAs", "strategy", "allowEmptyListAndContainer"),
        *("viewOn", "field", "fieldName", "leftJoin", "innerJoin", "fullJoin", "parentLogicalView"),
        *("structuralAnnotation", "onFields", "targetView", "targetFields"),
    }
)


class Description:
    """A mapping as it is written; faults are gathered, so that all are told at once."""

    def __init__(self, statements: Iterable[Statement], name: str, functions: Callable[[], Functions]) -> None:
        self.name, self._load = name, functions
        self.calls: dict[Node, Call | None] = {}
        """Executions that were read: what is used often is read once."""
        self.targets: dict[Node, Target | None] = {}
        """Logical targets that were read."""
        self._gathers: dict[Node, int] = {}
        self._within: list[Node] = []
        self._by_subject: dict[Node, list[Statement]] = {}
        self._problems: list[Problem] = []
        for statement in statements:
            self._by_subject.setdefault(statement.subject, []).append(statement)

    @cached_property
    def functions(self) -> Functions:
        """The functions that the mapping may use; most mappings never ask.

        :raises MappingError: if those of the project are not what they should be
        """
        return self._load()

    def subjects(self) -> list[Node]:
        """Everything that something is said about, in the order of writing."""
        return list(self._by_subject)

    def all_of(self, node: Node, name: str) -> list[Statement]:
        """What is said about a node with a property: a local name of RML, or a whole IRI."""
        predicate = name if ":" in name else RML + name
        return [s for s in self._by_subject.get(node, ()) if s.predicate.value == predicate]

    def about(self, node: Node | Literal) -> list[Statement]:
        """Everything that is said about a node; about a literal, nothing."""
        return [] if isinstance(node, Literal) else list(self._by_subject.get(node, ()))

    def one_of(self, node: Node, name: str, what: str, position: Position) -> Statement | None:
        """The one statement with a property; none or several are faults."""
        found = self.all_of(node, name)
        if not found:
            self.fault(f"{what} has no rml:{name}", position)
            return None
        return self._alone(found, name, what)

    def optional(self, node: Node, name: str, what: str) -> Statement | None:
        """The statement with a property, if there is one; several are a fault."""
        found = self.all_of(node, name)
        return self._alone(found, name, what) if found else None

    def _alone(self, found: list[Statement], name: str, what: str) -> Statement:
        for extra in found[1:]:
            self.fault(f"{what} has more than one rml:{name.rpartition('#')[2]}", extra.position)
        return found[0]

    def node_of(self, statement: Statement) -> Node | None:
        """What a statement points to, which must be no literal."""
        if isinstance(statement.object, NamedNode | BlankNode):
            return statement.object
        self.fault(f"{shown(statement)} takes a node, not a literal", statement.position)
        return None

    def text_of(self, statement: Statement) -> str | None:
        """The text of a literal."""
        if isinstance(statement.object, Literal):
            return statement.object.value
        self.fault(f"{shown(statement)} takes a text in quotes", statement.position)
        return None

    def gather_number(self, node: Node) -> int:
        """The number of a gather map, the same whenever it is read."""
        return self._gathers.setdefault(node, len(self._gathers))

    def enters(self, node: Node, most: int) -> bool:
        """Remember that what is within a node is being read; whether that has an end."""
        self._within.append(node)
        return self._within.count(node) == 1 and len(self._within) <= most

    def leaves(self) -> None:
        """What is within the last node is read."""
        self._within.pop()

    def fault(self, message: str, position: Position, hint: str | None = None) -> None:
        """Remember that something is wrong."""
        self._problems.append(Problem("mapping", message, position, hint=hint))

    def check_properties(self) -> None:
        """Every property of the vocabulary of RML is one that is known here."""
        for statements in self._by_subject.values():
            for statement in statements:
                iri = statement.predicate.value
                if iri.startswith(RML) and iri[len(RML) :] not in _PROPERTIES:
                    self._unknown(iri[len(RML) :], statement.position)

    def _unknown(self, name: str, position: Position) -> None:
        if name in _OF_STAR:
            what = f"rml:{name} makes triples about triples (RML-star), which are not made here"
            self.fault(what, position, "give the statement a node of its own, and say the rest of that")
        else:
            self.fault(f"rml:{name} is not known", position, nearest(name, sorted(_PROPERTIES)))

    def problems(self) -> tuple[Problem, ...]:
        """All faults, each once, in the order of the file."""
        end = Position(self.name, 1 << 60)
        return tuple(sorted(dict.fromkeys(self._problems), key=lambda p: (p.position or end, p.message)))


def shown(statement: Statement) -> str:
    """The property of a statement as a person writes it."""
    iri = statement.predicate.value
    for prefix, namespace in (("rml:", RML), ("csvw:", CSVW), ("d2rq:", D2RQ)):
        if iri.startswith(namespace):
            return prefix + iri[len(namespace) :]
    return f"<{iri}>"
