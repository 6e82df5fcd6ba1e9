"""What becomes of the cells of a column: IRIs by URI templates, literals by datatypes and formats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_PREFIXES: Final = {
    "schema": "http://schema.org/",
    "dc": "http://purl.org/dc/terms/",
    "dcterms": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Of the RDFa initial context, which compact IRIs of metadata are written by (Tabular metadata, section 5.2)."""
_HOLE: Final = re.compile(r"\{([^{}]*)\}")
_PLAIN: Final = re.compile(r"#?[A-Za-z0-9_.%\-]+")
_NUMBERS: Final = frozenset(
    {
        *("integer", "long", "int", "short", "byte", "decimal", "double", "float", "number", "nonNegativeInteger"),
        *("positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort"),
        *("unsignedByte",),
    }
)
_DATES: Final = frozenset({"date", "dateTime", "datetime", "gYearMonth", "gYear"})
_CALLED: Final = {"number": "double", "datetime": "dateTime", "any": "anyAtomicType", "binary": "base64Binary"}
_IN_RDF: Final = {"html": "HTML", "xml": "XMLLiteral", "json": "JSON"}
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a cell becomes a value: by a function with its parameters, or as it is, and of which datatype."""

    datatype: str | None
    function: str | None = None
    parameters: tuple[tuple[str, str], ...] = ()


def template_of(text: str, url: str, columns: Mapping[str, str], name: str | None = None) -> str:
    """A URI template (RFC 6570) as a template of RML; what is relative begins with the address of the table.

    :param columns: the headers of columns, by name
    :param name: of the column that it is said of
    :raises ValueError: with what is wrong

    >>> template_of("http://e/{id}#x", "d.csv", {"id": "Id"}), template_of("#r-{id}", "d.csv", {"id": "Id"})
    ('http://e/{Id}#x', 'd.csv#r-{Id}')
    >>> template_of("schema:name", "d.csv", {})
    'http://schema.org/name'
    """

    def one(found: re.Match[str]) -> str:
        hole = found[1]
        if hole == "_name":
            return name or ""
        if not _PLAIN.fullmatch(hole) or hole.startswith("_"):
            raise ValueError(f"{{{hole}}} is not supported: a hole is the name of a column, with # before it or not")
        mark, column = ("#", hole[1:]) if hole.startswith("#") else ("", hole)
        if column not in columns:
            raise ValueError(f"there is no column {column}")
        return mark + "{" + re.sub(r"([\\{}])", r"\\\1", columns[column]) + "}"

    prefix, colon, local = text.partition(":")
    if colon and prefix in _PREFIXES and not local.startswith("//"):
        text = _PREFIXES[prefix] + local
    made = _HOLE.sub(one, text)
    return url + made if made.startswith("#") else made


def reading_of(datatype: Any) -> Reading:
    """How cells of a datatype are read.

    :raises ValueError: with what is not supported

    >>> reading_of({"base": "date", "format": "dd/MM/yyyy"}).function, reading_of("integer").datatype == XSD + "integer"
    ('toDate', True)
    """
    said = {"base": datatype} if isinstance(datatype, str) else datatype
    if said is None:
        return Reading(None)
    if not isinstance(said, dict):
        raise ValueError("a datatype is a name or an object")
    base = str(said.get("base", "string"))
    form = said.get("format")
    iri = _RDF + _IN_RDF[base] if base in _IN_RDF else XSD + _CALLED.get(base, base)
    if base == "string":
        if form is not None:
            raise ValueError("a format of texts is a constraint, which is not checked here: remove it")
        return Reading(None)
    if form is None:
        return Reading(iri)
    if base in _DATES and isinstance(form, str):
        return Reading(iri, "toDate", (("format", form),))
    if base in _NUMBERS:
        return Reading(iri, "toNumber", (("locale", _locale(form)),))
    if base == "boolean" and form in {"true|false", "1|0"}:
        return Reading(iri)
    raise ValueError(f"the format {form!r} of {base} is not supported")


def _locale(form: Any) -> str:
    """Whose way of writing numbers a format is."""
    marks = form if isinstance(form, dict) else {}
    decimal, group = marks.get("decimalChar", "."), marks.get("groupChar", "," if isinstance(form, str) else None)
    if decimal == ".":
        if group not in {None, ",", " ", "\u00a0", "\u202f"}:
            raise ValueError(f"numbers with {group!r} between thousands are not supported")
        return "en"
    if decimal == ",":
        return "fr"
    raise ValueError(f"{decimal!r} as the decimal mark is not supported")
