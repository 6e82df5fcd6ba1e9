"""Templates of RML-Core: text with references in braces, and backslashes before what is meant literally."""

from __future__ import annotations

import re
from typing import Final

from kg.errors import Position
from kg.rml.mapping.model import Reference, Template

_TOKEN: Final = re.compile(r"\\[\\{}]|[\\{}]|[^\\{}]+")


def escaped(text: str) -> str:
    r"""A text as a template without references writes it.

    >>> escaped("a{b}")
    'a\\{b\\}'
    """
    return re.sub(r"[\\{}]", lambda found: "\\" + found[0], text)


def parse_template(text: str, position: Position) -> Template:
    r"""The parts of a template (RML-Core, template expressions).

    :raises ValueError: with what is wrong

    >>> parse_template("a-{b}", Position("m.ttl", 1)).parts
    ('a-', Reference(text='b', position=Position(path='m.ttl', line=1, column=None)))
    >>> parse_template(r"\{{a\\}", Position("m.ttl", 1)).parts[0]
    '{'
    """
    parts: list[str | Reference] = []
    piece, inside = "", False
    for found in _TOKEN.finditer(text):
        character = found[0]
        if character == "\\":
            raise ValueError("a backslash stands before {, } or another backslash only")
        if character[0] == "\\":
            piece += character[1]
        elif character == "{":
            if inside:
                raise ValueError("a brace opens within a reference: write \\{ if it belongs to the name")
            if piece:
                parts.append(piece)
            piece, inside = "", True
        elif character == "}":
            if not inside or not piece:
                raise ValueError("a brace closes what was not opened, or nothing: write \\} for a brace")
            parts.append(Reference(piece, position))
            piece, inside = "", False
        else:
            piece += character
    if inside:
        raise ValueError("a brace is not closed")
    return Template((*parts, piece) if piece else tuple(parts))
