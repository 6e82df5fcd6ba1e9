"""Templates of RML-Core: text with references in braces, and backslashes before what is meant literally."""

from __future__ import annotations

from kg.errors import Position
from kg.rml.model import Reference, Template


def parse_template(text: str, position: Position) -> Template:
    r"""The parts of a template (RML-Core, template expressions).

    :raises ValueError: with what is wrong

    >>> parse_template("a-{b}", Position("m.ttl", 1)).parts
    ('a-', Reference(text='b', position=Position(path='m.ttl', line=1, column=None)))
    >>> parse_template(r"\{{a\\}", Position("m.ttl", 1)).parts[0]
    '{'
    """
    parts: list[str | Reference] = []
    piece, inside, at = "", False, 0
    while at < len(text):
        character = text[at]
        if character == "\\":
            at += 1
            if text[at : at + 1] not in {"\\", "{", "}"}:
                raise ValueError("a backslash stands before {, } or another backslash only")
            piece += text[at]
        elif character == "{":
            if inside:
                raise ValueError("a brace opens within a reference: write \\{ if it belongs to the name")
            if piece:
                parts.append(piece)
            piece, inside = "", True
        elif character == "}":
            if not inside:
                raise ValueError("a brace closes what was not opened: write \\} for a brace")
            if not piece:
                raise ValueError("the braces name nothing")
            parts.append(Reference(piece, position))
            piece, inside = "", False
        else:
            piece += character
        at += 1
    if inside:
        raise ValueError("a brace is not closed")
    return Template((*parts, piece) if piece else tuple(parts))
