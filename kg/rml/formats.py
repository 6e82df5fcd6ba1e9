"""What a file is that is no table of delimited text, by its name or by how it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file, and what to do with one in place of a first mapping."""

    name: str
    advice: str


_BY_HAND: Final = "a mapping of it is written by hand: rml:referenceFormulation"
_RDF: Final = Format(
    "RDF", "it needs no mapping: kg serve shows it; if it is a mapping itself, kg map runs it without --init"
)
_YAML: Final = Format("YAML", "if it is a mapping in YARRRML, kg map runs it without --init")
_XML: Final = Format("XML", f"{_BY_HAND} rml:XPath")
_JSON: Final = Format("JSON", f"{_BY_HAND} rml:JSONPath")
_HTML: Final = Format("HTML", "save its table as CSV in UTF-8")
_WORKBOOK: Final = Format("a workbook", f"save the sheet as CSV in UTF-8; or {_BY_HAND} rml:SQL2008Table")
_OLD_WORKBOOK: Final = Format("a workbook", "save the sheet as CSV in UTF-8")
_ZIP: Final = Format("a spreadsheet or zip archive", "save the sheet as CSV in UTF-8, or unpack it")
_DATABASE: Final = Format("a database", f"{_BY_HAND} rml:SQL2008Table")
_PARQUET: Final = Format("a Parquet file", f"{_BY_HAND} rml:SQL2008Table")
_BINARY: Final = Format("a table in a binary format", "save it as CSV in UTF-8")
_DOCUMENT: Final = Format("a document", "save its table as CSV in UTF-8")
_QUERY: Final = Format("a query", "kg query runs it")

_NAMES: Final[Mapping[str, Format]] = MappingProxyType(
    {
        **dict.fromkeys((".ttl", ".nt", ".nq", ".trig", ".n3", ".rdf", ".owl", ".jsonld", ".trix", ".hdt"), _RDF),
        **dict.fromkeys((".yml", ".yaml"), _YAML),
        **dict.fromkeys((".xml", ".xsd", ".xsl", ".kml", ".gml", ".rss", ".svg"), _XML),
        **dict.fromkeys((".json", ".jsonl", ".ndjson", ".geojson", ".topojson"), _JSON),
        **dict.fromkeys((".html", ".htm", ".xhtml"), _HTML),
        **dict.fromkeys((".xlsx", ".xlsm"), _WORKBOOK),
        **dict.fromkeys((".xls", ".xlsb", ".ods", ".fods", ".numbers"), _OLD_WORKBOOK),
        **dict.fromkeys((".sqlite", ".sqlite3", ".db", ".duckdb"), _DATABASE),
        **dict.fromkeys((".mdb", ".accdb", ".dbf", ".dta", ".sav", ".sas7bdat"), _BINARY),
        **dict.fromkeys((".feather", ".arrow", ".orc", ".avro", ".pkl", ".rds"), _BINARY),
        ".parquet": _PARQUET,
        **dict.fromkeys((".pdf", ".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx"), _DOCUMENT),
        **dict.fromkeys((".rq", ".sparql"), _QUERY),
        **dict.fromkeys(
            (".gz", ".bz2", ".xz", ".zst", ".zip", ".tar", ".tgz", ".txz", ".7z", ".rar", ".br", ".lz4"),
            Format("packed", "unpack it; kg map itself reads packed tables"),
        ),
    }
)
_BEGINNINGS: Final[tuple[tuple[bytes, Format], ...]] = (
    (b"PK\x03\x04", _ZIP),
    (b"\xd0\xcf\x11\xe0", Format("an old Excel file", "save the sheet as CSV in UTF-8")),
    (b"\x1f\x8b", Format("a gzip file", "unpack it")),
    (b"BZh", Format("a bzip2 file", "unpack it")),
    (b"\xfd7zXZ\x00", Format("an xz file", "unpack it")),
    (b"\x28\xb5\x2f\xfd", Format("a zstd file", "unpack it")),
    (b"7z\xbc\xaf\x27\x1c", Format("a 7z archive", "unpack it")),
    (b"PAR1", _PARQUET),
    (b"SQLite format 3\x00", _DATABASE),
    (b"%PDF-", _DOCUMENT),
)
_OPENINGS: Final[tuple[tuple[re.Pattern[str], Format], ...]] = (
    (re.compile(r"<rdf:RDF\b|@(?:prefix|base)\s|(?:PREFIX\s+[\w.-]*:|BASE)\s*<", re.IGNORECASE), _RDF),
    (re.compile(r"<[a-z][a-z0-9+.-]*:[^<>\s]*>\s+<[^<>\s]+>\s"), _RDF),
    (re.compile(r"<!doctype\s+html\b|<html\b", re.IGNORECASE), _HTML),
    (re.compile(r"<\?xml\s|<!doctype\b", re.IGNORECASE), _XML),
    (re.compile(r'\{\s*"|\[\s*[{\[]'), _JSON),
)
"""How texts begin that no table begins like; a header such as `[id],[name]` is one."""


def format_of_name(name: str) -> Format | None:
    """The format that the name of a file tells, if it is none of a table.

    >>> format_of_name("shapes.TTL").name, format_of_name("table.csv.gz").name, format_of_name("table.csv")
    ('RDF', 'packed', None)
    """
    return _NAMES.get(PurePath(name).suffix.lower())


def format_of_bytes(content: bytes) -> Format | None:
    """The format that is no text, by how a file begins."""
    return next((found for magic, found in _BEGINNINGS if content.startswith(magic)), None)


def format_of_text(text: str) -> Format | None:
    """The format that a text is in, by how it begins, if it is none of a table.

    >>> format_of_text('{"id": 1}').name, format_of_text("[id],[name]")
    ('JSON', None)
    """
    start = text[:10_000].lstrip()
    return next((found for pattern, found in _OPENINGS if pattern.match(start)), None)
