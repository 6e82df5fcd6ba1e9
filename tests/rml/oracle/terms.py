"""What the oracle allows as templates, IRIs, language tags and lexical forms."""

from __future__ import annotations

import re

from rdflib import XSD, Namespace, URIRef
from rdflib.term import Node

RML = Namespace("http://w3id.org/rml/")
CSVW = Namespace("http://www.w3.org/ns/csvw#")
Quad = tuple[Node, Node, Node, Node | None]


class Fault(Exception):
    """The mapping or the data are not what RML-Core allows."""


def parse_template(template: str) -> list[tuple[str, str]]:
    """The parts of a template: ("text", ...) and ("reference", ...)."""
    parts: list[tuple[str, str]] = []
    text, at, inside = "", 0, False
    while at < len(template):
        character = template[at]
        if character == "\\":
            if template[at + 1 : at + 2] not in {"\\", "{", "}"}:
                raise Fault("a lone backslash in a template")
            text += template[at + 1]
            at += 1
        elif character == "{":
            if inside:
                raise Fault("a brace within a reference")
            parts.append(("text", text))
            text, inside = "", True
        elif character == "}":
            if not inside or not text:
                raise Fault("a brace that closes nothing")
            parts.append(("reference", text))
            text, inside = "", False
        else:
            text += character
        at += 1
    if inside:
        raise Fault("a brace that is not closed")
    return [*parts, ("text", text)]


UCSCHAR = [(0xA0, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFEF)]
UCSCHAR += [(plane << 16, (plane << 16) + 0xFFFD) for plane in range(1, 14)] + [(0xE1000, 0xEFFFD)]


def percent_encode(text: str, charset: str) -> str:
    """IRI-safe or URI-safe version of a string: all but the (i)unreserved of RFC 3987 and RFC 3986."""
    result = ""
    for character in text:
        plain = re.fullmatch(r"[A-Za-z0-9._~-]", character) is not None
        wide = charset == "IRI" and any(low <= ord(character) <= high for low, high in UCSCHAR)
        result += character if plain or wide else "".join(f"%{byte:02X}" for byte in character.encode("utf-8"))
    return result


IRI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*:(?!//[^/?#]*[:@\[])(?!.*#.*#)(?:[^\x00-\x20<>\"{}|\\^`%\[\]\x7f-\x9f\ud800-\udfff\ue000-\uf8ff]|%[0-9A-Fa-f]{2})*"
)
LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.IGNORECASE,
)
DATE = r"-?(?:[1-9]\d{3,}|0\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
LEXICAL = {
    XSD.integer: r"[+-]?\d+",
    XSD.decimal: r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    XSD.double: r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    XSD.boolean: r"true|false|1|0",
    XSD.date: DATE + ZONE,
    XSD.time: TIME + ZONE,
    XSD.dateTime: f"{DATE}T{TIME}{ZONE}",
    XSD.hexBinary: r"(?:[0-9A-Fa-f]{2})*",
}
DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def check_language(tag: str) -> None:
    if not LANGUAGE.fullmatch(tag):
        raise Fault(f"not a language tag: {tag}")


def check_lexical(text: str, datatype: str) -> None:
    """A literal with a datatype that can be checked is not ill-typed (RML-Core, datatype-override RDF literal)."""
    pattern = LEXICAL.get(URIRef(datatype))
    if pattern is None:
        return
    if not re.fullmatch(pattern, text, re.ASCII):
        raise Fault(f"ill-typed: {text}")
    if URIRef(datatype) in {XSD.date, XSD.dateTime}:
        year, month, day = (int(part) for part in re.match(r"(-?\d+)-(\d\d)-(\d\d)", text).groups())
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        if day > DAYS[month - 1] or (month == 2 and day == 29 and not leap):
            raise Fault(f"no such day: {text}")
