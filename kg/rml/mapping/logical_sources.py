"""The logical sources of a mapping (RML-IO): read and checked; which files and databases they may be."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from kg.errors import Position, nearest
from kg.rml.layout.columns import read_columns
from kg.rml.mapping.access import Access
from kg.rml.mapping.address import parse_address
from kg.rml.mapping.description import CSVW, D2RQ, RDF_TYPE, RML, Description, Node
from kg.rml.mapping.dialects import Written, read_dialect
from kg.rml.mapping.model import PACKED, TREES, Compression, Database, Dialect, Formulation, Source
from kg.rml.mapping.statements import Statement

_SYNONYMS: Final = {"SQLTable": Formulation.SQL_TABLE, "SQLQuery": Formulation.SQL_QUERY}
"""The names of the registry of RML-IO for what RML-IO itself calls by the year of the standard."""
_TABLES: Final = (Formulation.SQL_TABLE, Formulation.SQL_QUERY)
_TABLE_SUFFIXES: Final = (".xlsx", ".xlsm", ".ods", ".parquet", ".sqlite", ".sqlite3", ".duckdb")
_TEXT_SUFFIXES: Final = (".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson")
"""What a query may read packed, too: it is unpacked first."""
_SHEETS: Final = (".xlsx", ".xlsm", ".ods")
REFUSED: Final = {
    "http://www.w3.org/ns/dcat#Distribution": "nothing is fetched from a web address",
    "http://www.w3.org/ns/dcat#Dataset": "nothing is fetched from a web address",
    "http://www.w3.org/ns/sparql-service-description#Service": "no SPARQL endpoint is asked",
    "http://rdfs.org/ns/void#Dataset": "no endpoint is asked, and no dump is fetched",
    "https://www.w3.org/2019/wot/td#Thing": "nothing is read over the network (HTTP, MQTT, Kafka, WebSocket)",
    "https://www.w3.org/2019/wot/td#PropertyAffordance": "nothing is read over the network (HTTP, MQTT, Kafka)",
}
"""Kinds of sources that are never read, and why."""
_FILE_DSN: Final = re.compile(r"jdbc:(?:sqlite|duckdb):(?P<path>.+)")
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", re.ASCII)
_EXAMPLES: Final = {Formulation.JSON_PATH: '"$.people[*]"', Formulation.XPATH: '"/people/person"'}


class SourceReader:
    """Reads the logical sources of one mapping; what makes no sense is remembered in the description."""

    def __init__(self, description: Description, path: Path, access: Access) -> None:
        self._description, self._path, self._access = description, path, access

    def read(self, link: Statement) -> Source | None:
        """The source that a triples map names."""
        described = self._description
        node = described.node_of(link)
        if node is None:
            return None
        if node not in described.subjects():
            described.fault("the logical source is not described", link.position)
            return None
        named = described.one_of(node, "referenceFormulation", "the logical source", link.position)
        formulation = self.formulation_of(named) if named is not None else None
        iterator = self._iterator(node, formulation, link.position)
        written = described.one_of(node, "source", "the logical source", link.position)
        place = described.node_of(written) if written is not None else None
        if place is None or written is None or formulation is None or named is None:
            return None
        namespaces = self.namespaces_of(named) if formulation is Formulation.XPATH else ()
        dsn = described.optional(place, D2RQ + "jdbcDSN", "the source")
        if dsn is not None:
            return self._database(place, dsn, formulation, iterator)
        return self._file(place, written.position, formulation, iterator, namespaces)

    def finish(self) -> None:
        """Read what no triples map names, where its faults are to be told."""

    def formulation_of(self, statement: Statement) -> Formulation | None:
        """How values are named, as a statement says."""
        described = self._description
        name = statement.object.value.removeprefix(RML)
        kinds = {s.object.value for s in described.about(statement.object) if s.predicate.value == RDF_TYPE}
        if RML + "XPathReferenceFormulation" in kinds or name == "XPathReferenceFormulation":
            return Formulation.XPATH
        if name in _SYNONYMS:
            return _SYNONYMS[name]
        known = [str(kind) for kind in Formulation if kind is not Formulation.VIEW]
        if name not in known:
            hint = nearest(name, known) or f"known: {', '.join(f'rml:{kind}' for kind in known)}"
            described.fault(f"unknown reference formulation {name}", statement.position, hint)
            return None
        return Formulation(name)

    def _iterator(self, node: Node, formulation: Formulation | None, position: Position) -> str | None:
        """What the source is walked through with: `rml:iterator`, or as older mappings write it for databases."""
        described = self._description
        found = [s for name in ("iterator", "query", "tableName") for s in described.all_of(node, name)]
        for extra in found[1:]:
            described.fault("the logical source has more than one iterator", extra.position)
        if not found:
            if formulation in TREES:
                example = f"for example {_EXAMPLES[formulation]}"
                described.fault("the logical source has no rml:iterator", position, example)
            if formulation is Formulation.SQL_QUERY:
                described.fault("the logical source has no query", position, 'rml:iterator "SELECT ..."')
            return None
        if formulation is Formulation.CSV:
            described.fault("a table in CSV has no rml:iterator: it is read by rows", found[0].position, "remove it")
        name = found[0].predicate.value.removeprefix(RML)
        fits = {"query": Formulation.SQL_QUERY, "tableName": Formulation.SQL_TABLE}.get(name, formulation)
        if fits is not formulation:
            described.fault(f"rml:{name} belongs to rml:{fits}", found[0].position)
        return described.text_of(found[0])

    def namespaces_of(self, statement: Statement) -> tuple[tuple[str, str], ...]:
        """The prefixes of an `rml:XPathReferenceFormulation`."""
        described = self._description
        found: dict[str, str] = {}
        for one in described.about(statement.object):
            if one.predicate.value != RML + "namespace":
                continue
            node = described.node_of(one)
            prefix = described.one_of(node, "namespacePrefix", "the namespace", one.position) if node else None
            url = described.one_of(node, "namespaceURL", "the namespace", one.position) if node else None
            if prefix is None or url is None:
                continue
            name = prefix.object.value
            if not re.fullmatch(r"[^\W\d][\w.\-]*", name) or found.get(name, url.object.value) != url.object.value:
                described.fault(f"'{name}' is no prefix that could be declared here", prefix.position)
                continue
            found[name] = url.object.value
        return tuple(sorted(found.items()))

    def _file(
        self,
        file: Node,
        position: Position,
        formulation: Formulation,
        iterator: str | None,
        namespaces: tuple[tuple[str, str], ...],
    ) -> Source | None:
        described = self._description
        where = described.optional(file, CSVW + "url", "the source")
        if where is None:
            where = self._path_of(file, position)
        name = described.text_of(where) if where is not None else None
        path = self._confined(name, file, where.position) if name is not None and where is not None else None
        if name is None or where is None or path is None:
            return None
        nulls = frozenset(
            described.text_of(s) or "" for key in ("null", CSVW + "null") for s in described.all_of(file, key)
        )
        compression = self._compression(file, path)
        source = Source(path, name, formulation, iterator, nulls=nulls, compression=compression)
        written = read_dialect(described, file, source.suffix)
        is_laid_out = formulation is Formulation.CSV or source.suffix in _SHEETS
        self._check_kind(source, written, where.position)
        return Source(
            path,
            name,
            formulation,
            iterator,
            written.encoding,
            nulls,
            written.dialect if is_laid_out or formulation is Formulation.SQL_QUERY else Dialect(),
            compression,
            namespaces,
            None,
            where.position,
            self._access.limits,
            () if formulation in TREES else read_columns(described, file),
        )

    def _path_of(self, file: Node, position: Position) -> Statement | None:
        described = self._description
        kinds = [s.object.value for s in described.all_of(file, RDF_TYPE)]
        other = [kind for kind in kinds if not kind.startswith((RML, CSVW, D2RQ))]
        if other and not described.all_of(file, "path"):
            reason = next((REFUSED[kind] for kind in other if kind in REFUSED), None)
            hint = "sources are files below the folder of the mapping (rml:RelativePathSource), and d2rq:Database"
            told = f": {reason}" if reason else ""
            described.fault(f"sources of the kind <{other[0]}> are not read{told}", position, hint)
            return None
        return described.one_of(file, "path", "the source", position)

    def _check_kind(self, source: Source, written: Written, position: Position) -> None:
        """The formulation fits the file, as far as its name tells."""
        described = self._description
        is_table = source.formulation in _TABLES
        if not is_table and source.suffix in _TABLE_SUFFIXES:
            hint = "write rml:referenceFormulation rml:SQL2008Table"
            described.fault(f"'{source.name}' is not read as rml:{source.formulation}", position, hint)
        is_asked = source.formulation is Formulation.SQL_QUERY and source.suffix in _TEXT_SUFFIXES
        if is_table and source.compression is not Compression.NONE and not is_asked:
            described.fault(f"'{source.name}' is read where it lies, not packed", position, "unpack it")
        if is_table and written.encoding != "utf-8":
            described.fault(f"'{source.name}' tells its encoding itself", position, "remove rml:encoding")
        is_plain = written.dialect == Dialect(written.dialect.delimiter)
        if source.formulation is not Formulation.CSV and source.suffix not in _SHEETS and not is_plain:
            described.fault(f"rml:{source.formulation} has no csvw:dialect", position, "remove it")

    def _compression(self, file: Node, path: Path) -> Compression:
        """How a file is packed: as the mapping says, or as its suffix does."""
        described = self._description
        statement = described.optional(file, "compression", "the source")
        if statement is None:
            file_name = path.name.lower()
            return next((kind for suffix, kind in PACKED.items() if file_name.endswith(suffix)), Compression.NONE)
        name = statement.object.value.removeprefix(RML)
        name = {"targzip": "targz"}.get(name, name)
        known = [str(kind) for kind in Compression]
        if name not in known:
            hint = nearest(name, known) or f"known: {', '.join(f'rml:{kind}' for kind in known)}"
            described.fault(f"unknown compression {name}", statement.position, hint)
            return Compression.NONE
        return Compression(name)

    def _confined(self, name: str, file: Node, position: Position) -> Path | None:
        """The file, which lies at or below the folder of the mapping, wherever links lead."""
        described = self._description
        if name in self._access.elsewhere:
            return Path(name)
        root = described.optional(file, "root", "the source")
        if root is None or root.object.value == RML + "MappingDirectory":
            return confined(described, Root.of_mapping(self._path), name, position)
        if isinstance(root.object, Literal):
            return confined(described, Root.of_mapping(self._path), f"{root.object.value}/{name}", position)
        if root.object.value != RML + "CurrentWorkingDirectory":
            hint = "known: rml:MappingDirectory, rml:CurrentWorkingDirectory, or a folder in quotes"
            described.fault(f"unknown root {root.object.value.removeprefix(RML)}", root.position, hint)
        elif self._access.working is None:
            hint = "write rml:root rml:MappingDirectory, or run it with --working-directory FOLDER"
            described.fault("sources lie below the folder of the mapping", root.position, hint)
        else:
            working = Path(os.path.realpath(self._access.working))
            return confined(described, Root(working, working, "the working directory"), name, position)
        return None

    def _database(
        self, place: Node, statement: Statement, formulation: Formulation, iterator: str | None
    ) -> Source | None:
        described, position = self._description, statement.position
        if formulation not in _TABLES:
            hint = "write rml:SQL2008Table or rml:SQL2008Query"
            described.fault(f"a database is not read as rml:{formulation}", position, hint)
            return None
        if formulation is Formulation.SQL_TABLE and iterator is None:
            described.fault("the logical source names no table", position, 'rml:iterator "name"')
            return None
        for name in ("encoding", "compression", CSVW + "dialect"):
            for extra in described.all_of(place, name):
                described.fault("a database has no encoding, compression or dialect", extra.position, "remove it")
        dsn = described.text_of(statement) or ""
        in_file = _FILE_DSN.fullmatch(dsn)
        name = dsn if in_file is None else in_file["path"]
        path = Path() if in_file is None else self._confined(name, place, position)
        if path is None or (in_file is None and not self._is_allowed(dsn, position)):
            return None
        return Source(
            path,
            name,
            formulation,
            iterator,
            nulls=frozenset(described.text_of(s) or "" for s in described.all_of(place, "null")),
            database=Database(dsn, self._user(place), self._password(place)) if in_file is None else None,
            position=position,
            limits=self._access.limits,
        )

    def _is_allowed(self, dsn: str, position: Position) -> bool:
        described = self._description
        try:
            parse_address(dsn)
        except ValueError as error:
            described.fault(str(error), position)
            return False
        if dsn in self._access.databases:
            return True
        hint = f"if you trust the mapping with it: --allow-database '{dsn}'"
        described.fault(f"the database {dsn} is not allowed", position, hint)
        return False

    def _user(self, place: Node) -> str | None:
        statement = self._description.optional(place, D2RQ + "username", "the source")
        return None if statement is None else self._description.text_of(statement)

    def _password(self, place: Node) -> str | None:
        """The variable that holds the password: a mapping is no place for a secret."""
        described = self._description
        statement = described.optional(place, D2RQ + "password", "the source")
        if statement is None or not statement.object.value:
            return None
        found = _VARIABLE.fullmatch(statement.object.value)
        if found is None:
            hint = 'write d2rq:password "${NAME}", and set NAME in the environment'
            described.fault("a password does not belong into a mapping", statement.position, hint)
            return None
        return found[1]


@dataclass(frozen=True, slots=True)
class Root:
    """Where paths of a mapping begin, and what they may not leave."""

    start: Path
    within: Path
    """As the system knows it, without links."""
    name: str
    """What faults call it."""

    @classmethod
    def of_mapping(cls, mapping: Path) -> Root:
        """The folder of a mapping."""
        return cls(mapping.parent, Path(os.path.realpath(mapping)).parent, "the folder of the mapping")


def confined(described: Description, root: Root, name: str, position: Position) -> Path | None:
    """A file that lies at or below a folder, wherever links lead; what does not is a fault."""
    if "\0" in name or not name or "://" in name:
        advice = "sources are not fetched: download it beside the mapping" if "://" in name else None
        described.fault(f"{name!r} is no path of a file", position, advice)
        return None
    path = Path(os.path.realpath(root.start / name))
    if not path.is_relative_to(root.within):
        hint = "put the file beside the mapping, or the mapping higher up"
        described.fault(f"'{name}' leads out of {root.name}", position, hint)
    elif not path.is_file():
        described.fault(*_no_file(name, path, position))
    else:
        return path
    return None


def _no_file(name: str, path: Path, position: Position) -> tuple[str, Position, str]:
    """The fault of a path at which there is no file that could be read."""
    if path.is_dir():
        return f"'{name}' is a folder", position, "name a file within"
    if path.exists():
        return f"'{name}' is no file, but a pipe or a device", position, "write its content into a file"
    near = nearest(path.name, [p.name for p in path.parent.iterdir()]) if path.parent.is_dir() else None
    return f"there is no file '{name}'", position, near or "paths are relative to the mapping"
