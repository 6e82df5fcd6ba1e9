"""The sources of a YARRRML document."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from kg.errors import MappingError, Position, nearest
from kg.positions import Node, Sequence, Table, Value
from kg.rml.legacy.paths import modern_path
from kg.rml.mapping.yarrrml.fields import Field, each, fields_of, text_of

_FORMULATIONS: Final = ("csv", "jsonpath", "xpath", "table", "sql")
_DATABASES: Final = ("postgresql", "mysql", "mariadb")
_KEYS: Final = (
    *("access", "type", "referenceFormulation", "iterator", "delimiter", "encoding", "compression", "namespaces"),
    *("table", "query", "queryFormulation", "credentials"),
)
_TAB: Final = {"\\t": "\t"}
_EXAMPLES: Final = {"jsonpath": "$.people[*]", "xpath": "/people/person", "sql": "SELECT * FROM people"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file or a database, how it is walked through, and how values are named in it; equal wherever it is written."""

    path: str
    """Of a database, its address."""
    formulation: str
    iterator: str | None
    position: Position = field(compare=False)
    delimiter: str | None = None
    encoding: str | None = None
    compression: str | None = None
    namespaces: tuple[tuple[str, str], ...] = ()
    is_database: bool = False
    user: str | None = None
    password: str | None = None
    is_at_home: bool = False
    """Whether it lies in the database that whoever runs the mapping names, as tables of R2RML do."""


def read_sources(node: Node) -> dict[str, Source]:
    """The sources that a document declares by name.

    :raises MappingError: at the first that cannot be read
    """
    if not isinstance(node, Table):
        raise MappingError("'sources' is written as names with values", position=node.position)
    return {name: _source(value) for name, value in node}


def sources_of(node: Node, declared: Mapping[str, Source]) -> tuple[Source, ...]:
    """The sources of one mapping: names of declared ones, or sources written in place, one or a list of them.

    :raises MappingError: if one cannot be read, or a name is not declared
    """
    if isinstance(node, Sequence) and not _is_short(node):
        return tuple(source for item in node.items for source in sources_of(item, declared))
    if isinstance(node, Value) and "~" not in node.text:
        name = text_of(node, "a source")
        if name not in declared:
            hint = nearest(name, declared) or "declare it under 'sources', or write file~csv"
            raise MappingError(f"there is no source '{name}'", position=node.position, hint=hint)
        return (declared[name],)
    return (_source(node),)


def _is_short(node: Sequence) -> bool:
    """Whether a list is one source, `[file~csv]` or `[file~jsonpath, iterator]`, and not a list of sources."""
    first = node.items[0] if node.items else None
    second = node.items[1] if len(node.items) > 1 else None
    alone = second is None or (isinstance(second, Value) and "~" not in second.text)
    return isinstance(first, Value) and "~" in first.text and alone


def _source(node: Node) -> Source:
    if isinstance(node, Table):
        return _long(node)
    match tuple(each(node)):
        case (file,):
            iterator = None
        case (file, second):
            iterator = text_of(second, "an iterator")
        case _:
            hint = "the iterator is left out for csv"
            raise MappingError("a source is [file~formulation, iterator]", position=node.position, hint=hint)
    path, tilde, formulation = text_of(file, "a source").rpartition("~")
    if not tilde:
        raise MappingError(
            f"'{formulation}' does not say how it is read",
            position=file.position,
            hint=f"write {formulation}~csv, ~jsonpath, ~xpath, ~table or ~sql",
        )
    return _checked(Source(path, formulation, iterator, node.position))


def _long(node: Table) -> Source:
    fields = fields_of(node, "a source", _KEYS)
    tables = ("namespaces", "credentials")
    texts = {name: text_of(field.node, f"'{name}'") for name, field in fields.items() if name not in tables}
    if "access" not in texts and {"table", "query"} & texts.keys():
        return _at_home(node, texts)
    for name in ("access", "referenceFormulation"):
        if name not in texts:
            raise MappingError(f"the source has no '{name}'", position=node.position)
    kind = _kind(texts.get("type", "localfile"), fields)
    if texts.get("queryFormulation", "sql2008") != "sql2008":
        position = fields["queryFormulation"].node.position
        raise MappingError("queries are those of SQL", position=position, hint="queryFormulation: sql2008")
    walked = [name for name in ("iterator", "table", "query") if name in texts]
    if len(walked) > 1:
        raise MappingError(f"the source has {' and '.join(walked)}", position=node.position, hint="keep one")
    user, password = _credentials(fields["credentials"].node) if "credentials" in fields else (None, None)
    is_database = kind in _DATABASES
    return _checked(
        Source(
            _address(kind, texts["access"]) if is_database else texts["access"],
            _formulation(texts),
            texts[walked[0]] if walked else None,
            node.position,
            _TAB.get(texts.get("delimiter", ""), texts.get("delimiter")),
            texts.get("encoding"),
            texts.get("compression"),
            _namespaces(fields["namespaces"].node) if "namespaces" in fields else (),
            is_database,
            user,
            password,
        )
    )


def _at_home(node: Table, texts: Mapping[str, str]) -> Source:
    """A table or a query without a database; which SQL it is, that database knows."""
    others = texts.keys() - {"table", "query", "queryFormulation", "referenceFormulation"}
    if others or {"table", "query"} <= texts.keys():
        message = "a source without 'access' has a table or a query, and nothing else"
        raise MappingError(message, position=node.position, hint="the database is that of --database")
    formulation = "sql" if "query" in texts else "table"
    iterator = texts.get("query", texts.get("table", "")).strip()
    return Source("", formulation, iterator, node.position, is_database=True, is_at_home=True)


def _address(kind: str, access: str) -> str:
    """The address of a database as JDBC writes it; YARRRML puts any scheme before it."""
    return f"jdbc:{kind}://{access.partition('://')[2] or access}"


def _kind(kind: str, fields: Mapping[str, Field]) -> str:
    if kind in {"localfile", *_DATABASES}:
        return kind
    raise MappingError(
        f"sources of type '{kind}' are not part of this subset of YARRRML",
        position=fields["type"].node.position,
        hint=f"known: localfile, {', '.join(_DATABASES)}",
    )


def _formulation(texts: Mapping[str, str]) -> str:
    """How values are named; rows of a query are those of a table in CSV, as YARRRML says it."""
    named = texts["referenceFormulation"]
    if named != "csv" or not {"query", "table"} & texts.keys():
        return named
    return "sql" if "query" in texts else "table"


def _credentials(node: Node) -> tuple[str | None, str | None]:
    fields = fields_of(node, "the credentials", ("username", "password"))
    texts = {name: text_of(field.node, f"'{name}'") for name, field in fields.items()}
    return texts.get("username"), texts.get("password")


def _namespaces(node: Node) -> tuple[tuple[str, str], ...]:
    if not isinstance(node, Table):
        raise MappingError("'namespaces' is written as prefixes with IRIs", position=node.position)
    return tuple((prefix, text_of(value, "a namespace")) for prefix, value in node)


def _modern(source: Source) -> Source:
    """A source whose iterator is one of RFC 9535: tools of YARRRML take `$.[*]`, as its own examples are written."""
    if source.formulation != "jsonpath" or source.iterator is None:
        return source
    return replace(source, iterator=modern_path(source.iterator) or source.iterator)


def _checked(source: Source) -> Source:
    position = source.position
    if source.formulation not in _FORMULATIONS:
        hint = nearest(source.formulation, _FORMULATIONS) or f"known: {', '.join(_FORMULATIONS)}"
        raise MappingError(f"unknown reference formulation '{source.formulation}'", position=position, hint=hint)
    if "://" in source.path and not source.is_database:
        raise MappingError(
            f"'{source.path}' is no file",
            position=position,
            hint="sources are files below the folder of the mapping",
        )
    if source.is_database and source.formulation not in {"table", "sql"}:
        raise MappingError("a database has a query or a table", position=position, hint=f"query: {_EXAMPLES['sql']}")
    is_table = source.formulation == "csv"
    if is_table and source.iterator is not None:
        raise MappingError("a CSV source has no iterator: it is read by rows", position=position, hint="remove it")
    if source.formulation in _EXAMPLES and source.iterator is None:
        what = "query" if source.formulation == "sql" else "iterator"
        example = _EXAMPLES[source.formulation]
        raise MappingError(f"the source has no {what}", position=position, hint=f'for example "{example}"')
    if source.namespaces and source.formulation != "xpath":
        raise MappingError("'namespaces' are those of an XPath source", position=position)
    if source.delimiter is not None and not (is_table and len(source.delimiter) == 1):
        raise MappingError("'delimiter' is one character, of a CSV source", position=position)
    if source.encoding is not None:
        try:
            codecs.lookup(source.encoding)
        except LookupError:
            raise MappingError(f"unknown encoding '{source.encoding}'", position=position) from None
    return _modern(source)
