"""Metadata of tables as they are written: tables, columns, and what columns inherit (Tabular metadata, section 5)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kg.errors import MappingError, Position, StorageError
from kg.rml.mapping.json_text import NotJson, parsed

CONTEXT: Final = "http://www.w3.org/ns/csvw"
_INHERITED: Final = (
    *("aboutUrl", "datatype", "default", "lang", "null", "ordered", "propertyUrl", "required", "separator"),
    *("textDirection", "valueUrl"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column with what it inherits."""

    name: str
    titles: tuple[str, ...]
    """What its header may be; without titles, its name."""
    said: Mapping[str, Any]
    position: Position
    is_virtual: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns."""

    url: str
    dialect: Mapping[str, Any]
    columns: tuple[Column, ...]
    position: Position


class Document:
    """A metadata document, which tells where something in it stands."""

    def __init__(self, path: Path) -> None:
        try:
            self._text = path.read_text(encoding="utf-8-sig")
            root = parsed(self._text)
        except FileNotFoundError:
            raise MappingError(f"there is no mapping {path}") from None
        except OSError as error:
            raise StorageError(f"cannot read {path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise MappingError("not UTF-8", position=Position(str(path), 1)) from None
        except NotJson as error:
            place = Position(str(path), error.line, error.column)
            raise MappingError(str(error), position=place, hint=error.hint) from None
        except RecursionError:
            raise MappingError("not JSON: nested too deeply", position=Position(str(path), 1)) from None
        self._path = path
        given = root.get("@context") if isinstance(root, dict) else None
        context = given if isinstance(given, list) else [given]
        if CONTEXT not in context:
            hint = f'"@context": "{CONTEXT}"'
            raise MappingError("no metadata of tables", position=Position(str(path), 1), hint=hint)
        self._root: Mapping[str, Any] = root
        self.language = next((c["@language"] for c in context if isinstance(c, dict) and "@language" in c), None)

    def place(self, text: str, after: int = 1) -> Position:
        """The first line, from one on, that has a text in quotes."""
        quoted = json.dumps(text, ensure_ascii=False)
        lines = self._text.splitlines()
        found = next((n for n, line in enumerate(lines[after - 1 :], after) if quoted in line), after)
        return Position(str(self._path), found)

    def tables(self) -> Iterator[Table]:
        """Its tables, but for those whose output is suppressed.

        :raises MappingError: if one is not described as it should be
        """
        listed = self._root.get("tables", [self._root])
        for table in listed if isinstance(listed, list) else [listed]:
            if not isinstance(table, dict) or not isinstance(table.get("url"), str):
                raise MappingError("a table has no url", position=Position(str(self._path), 1))
            if table.get("suppressOutput") is not True:
                yield self._table(table)

    def _table(self, table: Mapping[str, Any]) -> Table:
        position = self.place(table["url"])
        schema = table.get("tableSchema") or self._root.get("tableSchema") or {}
        if not isinstance(schema, dict):
            hint = "write the schema into the metadata"
            raise MappingError("a schema elsewhere is not fetched", position=position, hint=hint)
        dialect = table.get("dialect") or self._root.get("dialect") or {}
        if not isinstance(dialect, dict):
            raise MappingError(
                "a dialect elsewhere is not fetched", position=position, hint="write it into the metadata"
            )
        above = _inherited(self._root) | _inherited(table) | _inherited(schema)
        columns = tuple(
            self._column(number, column, above, position.line)
            for number, column in enumerate(schema.get("columns") or [], 1)
            if isinstance(column, dict)
        )
        return Table(table["url"], dialect, columns, position)

    def _column(self, number: int, column: Mapping[str, Any], above: Mapping[str, Any], line: int) -> Column:
        titles = tuple(_titles(column.get("titles")))
        name = column.get("name") or (titles[0] if titles else f"_col.{number}")
        said = dict(above) | _inherited(column) | {"suppressOutput": column.get("suppressOutput", False)}
        position = self.place(column.get("name") or (titles[0] if titles else ""), line)
        return Column(name, titles, said, position, column.get("virtual") is True)


def _inherited(said: Mapping[str, Any]) -> dict[str, Any]:
    return {key: said[key] for key in _INHERITED if key in said}


def _titles(given: Any) -> Iterator[str]:
    match given:
        case str():
            yield given
        case list():
            for one in given:
                yield from _titles(one)
        case dict():
            for one in given.values():
                yield from _titles(one)
