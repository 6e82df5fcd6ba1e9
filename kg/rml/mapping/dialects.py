"""How a table in CSV is written, as a mapping says it (CSVW metadata vocabulary, dialect descriptions)."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal

from kg.errors import nearest
from kg.rml.mapping.description import CSVW, RDF_TYPE, RML, Description, Node
from kg.rml.mapping.model import Dialect, Trim
from kg.rml.mapping.statements import Statement

_ENCODINGS: Final = {"UTF-8": "utf-8", "UTF-16": "utf-16"}
_LINE_ENDS: Final = frozenset({"\n", "\r\n"})
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_KNOWN: Final = (
    *("commentPrefix", "delimiter", "doubleQuote", "encoding", "header", "headerRowCount", "lineTerminators"),
    *("quoteChar", "skipBlankRows", "skipColumns", "skipInitialSpace", "skipRows", "trim"),
)
_MOST: Final = 1_000_000
_MOST_HEADERS: Final = 9
LAYOUT: Final = "https://w3id.org/zellige/layout#"
"""What CSVW has no word for: `mergedCells` of a dialect, `fillDown` of a column."""


@dataclass(frozen=True, slots=True)
class Written:
    """How the bytes of a source become cells."""

    dialect: Dialect
    encoding: str


def read_dialect(description: Description, file: Node, suffix: str) -> Written:
    """The dialect and the encoding of a source; a file of tabs needs none to say so.

    What is not supported is remembered as a fault, so that nothing is read in another way than it was meant.

    :param suffix: of the file, in small letters
    """
    encoding = "utf-8"
    given = description.optional(file, "encoding", "the source")
    if given is not None:
        name = given.object.value.removeprefix(RML)
        encoding = _ENCODINGS.get(name, "")
        if not encoding:
            description.fault(f"unknown encoding {name}", given.position, 'write csvw:encoding "name" in a dialect')
            encoding = "utf-8"
    start = Dialect(delimiter="\t" if suffix in {".tsv", ".tab"} else ",")
    link = description.optional(file, CSVW + "dialect", "the source")
    node = description.node_of(link) if link is not None else None
    if node is None:
        return Written(start, encoding)
    reader = _Reader(description)
    dialect = start
    for statement in description.about(node):
        name = statement.predicate.value.removeprefix(CSVW)
        if statement.predicate.value == RDF_TYPE:
            continue
        if statement.predicate.value == f"{LAYOUT}mergedCells":
            dialect = replace(dialect, fills_merged=reader.fills(statement))
        elif not statement.predicate.value.startswith(CSVW) or name not in _KNOWN:
            hint = nearest(name, _KNOWN) or f"known: {', '.join(_KNOWN)}"
            description.fault(f"a dialect has no property {name}", statement.position, hint)
        elif name == "encoding":
            encoding = reader.encoding(statement, encoding)
        else:
            dialect = reader.with_property(dialect, name, statement)
    return Written(dialect, encoding)


class _Reader:
    """Reads the values of a dialect; what is none is remembered in the description."""

    def __init__(self, description: Description) -> None:
        self._description = description

    def with_property(self, dialect: Dialect, name: str, statement: Statement) -> Dialect:
        """A dialect with one more thing said about it."""
        made: dict[str, object] = {}
        match name:
            case "delimiter":
                made["delimiter"] = self._character(statement, dialect.delimiter)
            case "quoteChar":
                is_none = isinstance(statement.object, Literal) and not statement.object.value
                made["quote"] = "" if is_none else self._character(statement, dialect.quote)
            case "commentPrefix":
                made["comment"] = self._description.text_of(statement) or ""
            case "skipRows":
                made["skip_rows"] = self._count(statement, _MOST)
            case "skipColumns":
                made["skip_columns"] = self._count(statement, _MOST)
            case "headerRowCount":
                count = self._count(statement, _MOST_HEADERS)
                made |= {"has_header": count > 0, "header_rows": max(count, 1)}
            case "trim":
                made["trim"] = self._trim(statement)
            case "lineTerminators":
                self._line_ends(statement)
            case _:
                made |= self._chosen(name, statement)
        return replace(dialect, **made)  # type: ignore[arg-type]

    def _chosen(self, name: str, statement: Statement) -> dict[str, object]:
        chosen = self._choice(statement)
        match name:
            case "doubleQuote":
                return {"doubles_quotes": chosen}
            case "header":
                return {"has_header": chosen}
            case "skipInitialSpace":
                return {"skip_initial_space": chosen}
            case "skipBlankRows":
                if not chosen:
                    self._fault(statement, "blank lines are no rows here: csvw:skipBlankRows false is not supported")
                return {}
        raise ValueError(name)

    def fills(self, statement: Statement) -> bool:
        """Whether merged cells are filled."""
        if statement.object.value not in {"fill", "first"}:
            self._fault(statement, "mergedCells is fill or first")
        return statement.object.value == "fill"

    def encoding(self, statement: Statement, default: str) -> str:
        """An encoding that Python knows."""
        name = statement.object.value
        try:
            codecs.lookup(name)
        except LookupError:
            self._fault(statement, f"unknown encoding '{name}'")
            return default
        return name

    def _fault(self, statement: Statement, message: str, hint: str | None = None) -> None:
        self._description.fault(message, statement.position, hint)

    def _character(self, statement: Statement, default: str) -> str:
        text = statement.object.value
        if len(text) == 1:
            return text
        if text == "\\t":  # as yarrrml-parser writes a tab
            return "\t"
        name = statement.predicate.value.removeprefix(CSVW)
        self._fault(statement, f"csvw:{name} is one character")
        return default

    def _count(self, statement: Statement, most: int) -> int:
        text = statement.object.value
        if text.isascii() and text.isdigit() and int(text[:9]) <= most:
            return int(text)
        name = statement.predicate.value.removeprefix(CSVW)
        self._fault(statement, f"csvw:{name} is a number from 0 to {most}")
        return 0

    def _choice(self, statement: Statement) -> bool:
        text = statement.object.value
        if text not in _BOOLEANS:
            name = statement.predicate.value.removeprefix(CSVW)
            self._fault(statement, f"csvw:{name} is true or false")
        return _BOOLEANS.get(text, True)

    def _trim(self, statement: Statement) -> Trim:
        known = [str(kind) for kind in Trim]
        if statement.object.value in known:
            return Trim(statement.object.value)
        self._fault(statement, f"csvw:trim is one of {', '.join(known)}")
        return Trim.NONE

    def _line_ends(self, statement: Statement) -> None:
        if statement.object.value not in _LINE_ENDS:
            self._fault(statement, "rows end with line ends: other csvw:lineTerminators are not supported")
