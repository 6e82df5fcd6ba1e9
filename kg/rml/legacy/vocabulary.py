"""What terms of older vocabularies are called today (R2RML; RML of 2014 to 2023 with its query languages, functions
and targets; RML-Core and its modules, sections on differences)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from kg.rml.mapping.description import RML

RR: Final = "http://www.w3.org/ns/r2rml#"
OLD_RML: Final = "http://semweb.mmlab.be/ns/rml#"
QL: Final = "http://semweb.mmlab.be/ns/ql#"
FNML: Final = "http://semweb.mmlab.be/ns/fnml#"
OLD: Final = (
    RR,
    OLD_RML,
    QL,
    FNML,
    "http://semweb.mmlab.be/ns/rml-target#",
    "http://semweb.mmlab.be/ns/rml-compression#",
)
"""Namespaces whose terms are those of RML today, most of them under the same local name."""
EXECUTES: Final = ("https://w3id.org/function/ontology#executes", "http://w3id.org/function/ontology#executes")
_CHANGED: Final[Mapping[str, str]] = MappingProxyType(
    {
        RR + "column": "reference",
        RR + "tableName": "iterator",
        RR + "sqlQuery": "iterator",
        RR + "logicalTable": "logicalSource",
        RR + "LogicalTable": "LogicalSource",
        RR + "BaseTableOrView": "LogicalSource",
        RR + "R2RMLView": "LogicalSource",
        OLD_RML + "query": "iterator",
        OLD_RML + "BaseSource": "LogicalSource",
        FNML + "functionValue": "functionExecution",
        FNML + "execution": "functionExecution",
        FNML + "valueMap": "inputValueMap",
        FNML + "value": "inputValue",
        FNML + "FunctionTermMap": "TermMap",
        FNML + "FunctionMap": "TermMap",
    }
)
_VERSIONS: Final = frozenset(
    {
        *("SQL2008", "Oracle", "MySQL", "MSSQLServer", "HSQLDB", "PostgreSQL", "DB2", "Informix", "Ingres", "Progress"),
        *("SybaseASE", "SybaseSQLAnywhere", "Virtuoso", "Firebird", "SQLite", "MariaDB", "DuckDB"),
    }
)
SILENT: Final = frozenset({RR + "sqlVersion", RR + "inverseExpression"})
"""Properties that say nothing to the mapper, and are none of RML."""


def is_silent(predicate: str, values: Iterable[str]) -> bool:
    """Whether a property says nothing to the mapper; a version of SQL that R2RML has no name for is not passed over.

    >>> is_silent(RR + "sqlVersion", [RR + "SQL2008"]), is_silent(RR + "sqlVersion", [RR + "SQL1979"])
    (True, False)
    """
    unknown = (one for one in values if one.startswith(RR) and one.removeprefix(RR) not in _VERSIONS)
    return predicate in SILENT and (predicate != RR + "sqlVersion" or not any(unknown))


def modern_name(iri: str) -> str | None:
    """The local name in RML of a term of an older vocabulary; of any other term, nothing.

    >>> modern_name(RR + "template"), modern_name(RR + "column"), modern_name("http://e/x")
    ('template', 'reference', None)
    """
    if iri in _CHANGED:
        return _CHANGED[iri]
    return next((iri[len(space) :] for space in OLD if iri.startswith(space)), None)


def local_name(iri: str) -> str | None:
    """The local name in RML of a term of whatever age."""
    return iri[len(RML) :] if iri.startswith(RML) else modern_name(iri)
