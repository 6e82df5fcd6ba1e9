"""The terms of SHACL in each of its versions, and which of them are beyond what is validated here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.errors import nearest
from kg.shacl.graph.columns import TYPE
from kg.shacl.graph.terms import Term
from kg.shacl.shapes.model import SH, Version
from kg.shacl.shapes.statements import Statements

_COMPONENTS: Final = [
    "And",
    "Class",
    "Closed",
    "Datatype",
    "Disjoint",
    "Equals",
    "HasValue",
    "In",
    "LanguageIn",
    "LessThan",
    "LessThanOrEquals",
    "MaxCount",
    "MaxExclusive",
    "MaxInclusive",
    "MaxLength",
    "MinCount",
    "MinExclusive",
    "MinInclusive",
    "MinLength",
    "NodeKind",
    "Node",
    "Not",
    "Or",
    "Pattern",
    "Property",
    "QualifiedMaxCount",
    "QualifiedMinCount",
    "SPARQL",
    "UniqueLang",
    "Xone",
]
TERMS: Final = frozenset(
    [
        "AbstractResult",
        "BlankNode",
        "BlankNodeOrIRI",
        "BlankNodeOrLiteral",
        "ConstraintComponent",
        "Function",
        "IRI",
        "IRIOrLiteral",
        "Info",
        "Literal",
        "NodeKind",
        "NodeShape",
        "Parameter",
        "Parameterizable",
        "PrefixDeclaration",
        "PropertyGroup",
        "PropertyShape",
        "ResultAnnotation",
        "SPARQLAskExecutable",
        "SPARQLAskValidator",
        "SPARQLConstraint",
        "SPARQLConstructExecutable",
        "SPARQLExecutable",
        "SPARQLFunction",
        "SPARQLSelectExecutable",
        "SPARQLSelectValidator",
        "SPARQLTarget",
        "SPARQLTargetType",
        "SPARQLUpdateExecutable",
        "Severity",
        "Shape",
        "Target",
        "TargetType",
        "ValidationReport",
        "ValidationResult",
        "Validator",
        "Violation",
        "Warning",
        "alternativePath",
        "and",
        "annotationProperty",
        "annotationValue",
        "annotationVarName",
        "ask",
        "class",
        "closed",
        "condition",
        "conforms",
        "construct",
        "datatype",
        "deactivated",
        "declare",
        "defaultValue",
        "description",
        "detail",
        "disjoint",
        "equals",
        "flags",
        "focusNode",
        "group",
        "hasValue",
        "ignoredProperties",
        "in",
        "inversePath",
        "labelTemplate",
        "languageIn",
        "lessThan",
        "lessThanOrEquals",
        "maxCount",
        "maxExclusive",
        "maxInclusive",
        "maxLength",
        "message",
        "minCount",
        "minExclusive",
        "minInclusive",
        "minLength",
        "name",
        "namespace",
        "node",
        "nodeKind",
        "nodeValidator",
        "not",
        "oneOrMorePath",
        "optional",
        "or",
        "order",
        "parameter",
        "path",
        "pattern",
        "prefix",
        "prefixes",
        "property",
        "propertyValidator",
        "qualifiedMaxCount",
        "qualifiedMinCount",
        "qualifiedValueShape",
        "qualifiedValueShapesDisjoint",
        "result",
        "resultAnnotation",
        "resultMessage",
        "resultPath",
        "resultSeverity",
        "returnType",
        "select",
        "severity",
        "shapesGraph",
        "shapesGraphWellFormed",
        "sourceConstraint",
        "sourceConstraintComponent",
        "sourceShape",
        "sparql",
        "suggestedShapesGraph",
        "target",
        "targetClass",
        "targetNode",
        "targetObjectsOf",
        "targetSubjectsOf",
        "this",
        "uniqueLang",
        "update",
        "validator",
        "value",
        "xone",
        "zeroOrMorePath",
        "zeroOrOnePath",
    ]
) | {f"{name}ConstraintComponent" for name in _COMPONENTS}
"""The local names of SHACL (W3C Recommendation of 20 July 2017, Core and SPARQL), and of the targets of SHACL-AF.

Those of functions are among them: to define one does nothing, and a query that calls one is refused where it is read.
"""

_COMPONENTS_12: Final = [
    "MaxListLength",
    "MemberShape",
    "MinListLength",
    "NodeByExpression",
    "ReifierShape",
    "RootClass",
    "SingleLine",
    "SomeValue",
    "SubsetOf",
    "UniqueMembers",
    "UniqueValuesFor",
]
TERMS_12: Final = frozenset(
    [
        "ByTypes",
        "DataGraph",
        "Debug",
        "Graph",
        "ProcessorConfiguration",
        "ShapeClass",
        "ShapesGraph",
        "Trace",
        "TripleTerm",
        "agentInstruction",
        "codeIdentifier",
        "conformanceDisallows",
        "conformsToShapesGraph",
        "formalized",
        "incomplete",
        "incompleteURIStart",
        "intent",
        "maxListLength",
        "memberShape",
        "minListLength",
        "nodeByExpression",
        "reificationRequired",
        "reifierShape",
        "rootClass",
        "shape",
        "singleLine",
        "someValue",
        "subsetOf",
        "targetWhere",
        "uniqueMembers",
        "uniqueValuesFor",
        "unit",
        "usedConfiguration",
        "usedDataGraph",
        "usedShapesGraph",
        "values",
    ]
) | {f"{name}ConstraintComponent" for name in _COMPONENTS_12}
"""The local names that SHACL 1.2 Core adds (draft of August 2026): those that act, and those that are only read."""

_RULES: Final = "SHACL-AF rules"
_EXPRESSIONS: Final = "SHACL-AF node expressions"
_EXPRESSIONS_12: Final = "SHACL 1.2 node expressions"
_VERSION_12: Final = "SHACL 1.2"
UNSUPPORTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "entailment": "entailment regimes",
        **dict.fromkeys(("rule", "Rule", "Rules", "TripleRule", "SPARQLRule"), _RULES),
        **dict.fromkeys(("subject", "predicate", "object"), _RULES),
        **dict.fromkeys(("expression", "filterShape", "nodes", "intersection", "union", "minus"), _EXPRESSIONS),
        **dict.fromkeys(
            ("js", "JSFunction", "JSTarget", "JSTargetType", "JSValidator", "JSConstraint", "JSRule", "JSLibrary"),
            "SHACL-JS",
        ),
        **dict.fromkeys(
            (
                "NodeExpression", "NodeExpressionFunction", "NamedParameterExpression",
                "NamedParameterExpressionFunction", "ListParameterExpression", "ListParameterExpressionFunction",
                "SelectExpression", "SPARQLExprExpression", "bodyExpression", "keyParameter",
                "sparqlExpr",
            ),
            _EXPRESSIONS_12,
        ),
        **dict.fromkeys(
            (
                "RuleSet", "RulesEntailment", "RulesGraph", "SPARQLRuleTemplate", "expectedPredicate", "hasRule",
                "includesRuleSet", "layer", "object", "predicate", "ruleProcessor", "runOnce", "sourceRule", "subject",
                "tempTriple",
            ),
            "SHACL 1.2 rules",
        ),
    }
)  # fmt: skip
"""Terms that go unchecked, and what they belong to: shapes that use them are refused, never passed over."""
_HINTS: Final[Mapping[str, str]] = MappingProxyType(
    {"rule": "shapes may ask for what rules add, so a verdict without them would be another one: add it to the data"}
)
SWITCH: Final = "kg validate --shacl 1.2 answers it"


def unsupported(version: Version) -> Mapping[str, str]:
    """The terms that go unchecked in a version of SHACL, and what they belong to."""
    later = {} if version == "1.2" else {"values": _EXPRESSIONS, **dict.fromkeys(TERMS_12 - {"values"}, _VERSION_12)}
    return {**UNSUPPORTED, **later}


def faults(statements: Statements) -> Iterator[tuple[Term, str, str, str | None]]:
    """The terms in SHACL's namespace that it does not have or that are not supported.

    Each with the node that uses it, the predicate of the statement, what is wrong, and a hint: the nearest name, or how
    it is answered.
    """
    beyond = unsupported(statements.version)
    known = TERMS | TERMS_12 if statements.version == "1.2" else TERMS
    rules = {value for _, value in statements.having(SH + "rule")}
    for node in statements:
        if node in rules:
            continue  # told of the shape that has it
        used = {
            (local, predicate)
            for predicate, values in statements.of(node).items()
            for local in _locals(predicate, values)
        }
        unknown = {local for local, _ in used if local not in known}
        for local, predicate in sorted(used):
            if local in beyond:
                hint = SWITCH if local in TERMS_12 else _HINTS.get(local)
                yield node, predicate, f"sh:{local} is not supported ({beyond[local]})", hint
            elif local in unknown and unknown != {name for name, _ in used}:
                # else it is no shape: somebody's data with a made-up term
                yield node, predicate, f"SHACL has no term sh:{local}", nearest(local, known)


_NAMING: Final = frozenset({TYPE, SH + "closed", SH + "severity", SH + "nodeKind"})


def _locals(predicate: str, values: list[Term]) -> Iterator[str]:
    if predicate.startswith(SH):
        yield predicate.removeprefix(SH)
    if predicate in _NAMING:
        for value in values:
            if isinstance(value, ox.NamedNode) and value.value.startswith(SH):
                yield value.value.removeprefix(SH)
