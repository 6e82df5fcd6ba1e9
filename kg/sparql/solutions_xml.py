"""SPARQL results in XML, read as a stream of events; a document type is refused, so no entity can grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from xml.parsers import expat

from kg.errors import Cause
from kg.sparql.unusable import UnusableAnswer, incomplete

_NAMESPACE: Final = "http://www.w3.org/2005/sparql-results#"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_TERMS: Final = ("uri", "literal", "bnode")


def read_xml(body: bytes) -> tuple[list[str], list[Mapping[str, str | dict[str, str]]]]:
    """The variables and the rows, each term as SPARQL results in JSON write it.

    :raises UnusableAnswer: if the body is cut, or is no result of SELECT
    """
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(body, True)  # noqa: FBT003 -- the signature is that of expat
    except expat.ExpatError as error:
        raise incomplete(body, b"<", error) from None
    if not reader.is_table:
        raise UnusableAnswer(Cause.NO_RESULTS, "the answer is XML, but no table of SPARQL results")
    return reader.names, reader.rows


def _refuse_doctype(*_: object) -> None:
    raise UnusableAnswer(Cause.NO_RESULTS, "the answer is XML with a document type, which no SPARQL result has")


class _Reader:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.rows: list[Mapping[str, str | dict[str, str]]] = []
        self.is_table = False
        self._row: dict[str, str | dict[str, str]] = {}
        self._name = ""
        self._term: dict[str, str] | None = None
        self._pieces: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.partition(" ")
        if namespace != _NAMESPACE:
            raise UnusableAnswer(Cause.NO_RESULTS, f"the answer is XML, but no SPARQL result: it holds <{tag[:40]}>")
        if name == "variable":
            self.names.append(attributes.get("name", ""))
        elif name == "results":
            self.is_table = True
        elif name == "result":
            self._row = {}
        elif name == "binding":
            self._name = attributes.get("name", "")
        elif name in _TERMS:
            self._pieces = []
            self._term = {"type": name}
            if "datatype" in attributes:
                self._term["datatype"] = attributes["datatype"]
            if f"{_XML} lang" in attributes:
                self._term["xml:lang"] = attributes[f"{_XML} lang"]
        elif name == "triple":
            raise UnusableAnswer(Cause.TERM, "the answer holds a triple term")

    def text(self, piece: str) -> None:
        self._pieces.append(piece)

    def end(self, tag: str) -> None:
        name = tag.rpartition(" ")[2]
        if name in _TERMS and self._term is not None:
            self._term["value"] = "".join(self._pieces)
            self._row[self._name] = self._term
            self._term = None
        elif name == "result":
            self.rows.append(self._row)
