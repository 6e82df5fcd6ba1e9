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
_STATISTICS: Final = "save it as CSV in UTF-8 there, or as Parquet: in Python, pandas reads it"
_STATA: Final = Format("a table of Stata", _STATISTICS)
_SPSS: Final = Format("a table of SPSS", _STATISTICS)
_SAS: Final = Format("a table of SAS", _STATISTICS)
_FEATHER: Final = Format("a Feather file (Arrow)", "write it as Parquet: in Python, pandas does")
_ORC: Final = Format("an ORC file", "write it as Parquet: in Python, pyarrow does")
_AVRO: Final = Format("an Avro file", "write it as Parquet or as lines of JSON")
_DOCUMENT: Final = Format("a document", "save its table as CSV in UTF-8")
_QUERY: Final = Format("a query", "kg query runs it")

_NAMES: Final[Mapping[str, Format]] = MappingProxyType(
    {
        **dict.fromkeys((".ttl", ".nt", ".nq", ".trig", ".n3", ".rdf", ".owl", ".jsonld", ".trix", ".hdt"), _RDF),
        **dict.fromkeys((".yml", ".yaml"), _YAML),
        **dict.fromkeys((".xml", ".xsd", ".xsl", ".kml", ".gml", ".rss", ".svg"), _XML),
        **dict.fromkeys((".json", ".jsonl", ".ndjson", ".geojson", ".topojson"), _JSON),
        **dict.fromkeys((".html", ".htm", ".xhtml"), _HTML),
        **dict.fromkeys((".xlsx", ".xlsm", ".ods"), _WORKBOOK),
        **dict.fromkeys((".xls", ".xlsb", ".fods", ".numbers"), _OLD_WORKBOOK),
        **dict.fromkeys((".sqlite", ".sqlite3", ".db", ".duckdb"), _DATABASE),
        **dict.fromkeys((".mdb", ".accdb", ".dbf", ".pkl", ".rds"), _BINARY),
        **dict.fromkeys((".feather", ".arrow"), _FEATHER),
        ".orc": _ORC,
        ".avro": _AVRO,
        ".dta": _STATA,
        ".sav": _SPSS,
        ".sas7bdat": _SAS,
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
    (b"\x1f\x8b", Format("a gzip file", "unpack it")),
    (b"BZh", Format("a bzip2 file", "unpack it")),
    (b"\xfd7zXZ\x00", Format("an xz file", "unpack it")),
    (b"\x28\xb5\x2f\xfd", Format("a zstd file", "unpack it")),
    (b"7z\xbc\xaf\x27\x1c", Format("a 7z archive", "unpack it")),
    (b"PAR1", _PARQUET),
    (b"SQLite format 3\x00", _DATABASE),
    (b"%PDF-", _DOCUMENT),
)
_UNREAD: Final[tuple[tuple[re.Pattern[bytes], Format], ...]] = (
    # What stands behind the letters tells them from columns named ORCID or FEA1.
    (re.compile(rb"ARROW1\0|FEA1[\x00-\x08]"), _FEATHER),
    (re.compile(rb"ORC[\x00-\x08\x0b\x0c\x0e-\x1f]"), _ORC),
    (re.compile(rb"Obj\x01"), _AVRO),
    (re.compile(rb"<stata_dta>|[\x69-\x73][\x01\x02]\x01\x00"), _STATA),
    (re.compile(rb"\$FL[23]@"), _SPSS),
    (re.compile(rb"\0{12}\xc2\xea\x81\x60"), _SAS),
    (re.compile(rb"\0\x01\0\0Standard "), Format("a database of Access", "save its tables as .xlsx or CSV in UTF-8")),
    (re.compile(rb"\xd0\xcf\x11\xe0"), Format("a workbook of Excel before 2007", "save it as .xlsx")),
)
"""Tables that nothing here reads."""
_AS_TABLES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"PK\x03\x04", "a workbook or an archive"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "a database of SQLite"),
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
    return next((found for magic, found in _BEGINNINGS if content.startswith(magic)), None) or unread_format(content)


def unread_format(start: bytes) -> Format | None:
    """The format of a table that no mapping can read, by how the file begins.

    >>> unread_format(b"ARROW1\\0\\0").name, unread_format(b"id,name")
    ('a Feather file (Arrow)', None)
    >>> unread_format(b"ORCID,name"), unread_format(b"ORC\\x11\\0").name
    (None, 'an ORC file')
    """
    return next((found for pattern, found in _UNREAD if pattern.match(start)), None)


def format_that_is_no_text(start: bytes) -> Format | None:
    """The format of a file that a mapping takes for text, by how it begins.

    >>> format_that_is_no_text(b"PAR1\\x15").advice
    'write rml:referenceFormulation rml:SQL2008Table (YARRRML: file~table)'
    """
    advice = "write rml:referenceFormulation rml:SQL2008Table (YARRRML: file~table)"
    return unread_format(start) or next(
        (Format(name, advice) for magic, name in _AS_TABLES if start.startswith(magic)), None
    )


def format_of_text(text: str) -> Format | None:
    """The format that a text is in, by how it begins, if it is none of a table.

    >>> format_of_text('{"id": 1}').name, format_of_text("[id],[name]")
    ('JSON', None)
    """
    start = text[:10_000].lstrip()
    return next((found for pattern, found in _OPENINGS if pattern.match(start)), None)
