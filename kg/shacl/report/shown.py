"""Terms of a report for the eye of a person."""

from __future__ import annotations

import re
from typing import Final

from kg.terms import PREFIXES, compress

XSD: Final = PREFIXES["xsd"]
_LITERAL: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^<>]*)>)?', re.DOTALL)
_PLAIN: Final = frozenset(
    XSD + name
    for name in (
        "integer", "decimal", "double", "float", "boolean", "date", "dateTime", "time", "gYear", "gYearMonth", "int",
        "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "dayTimeDuration", "yearMonthDuration",
    )
)  # fmt: skip


def one_line(text: str) -> str:
    """A text without line ends.

    >>> one_line(" two\\n lines ")
    'two lines'
    """
    return " ".join(text.split())


def short(term: str) -> str:
    """A term in few signs: IRIs shortened by the project's prefixes, also those inside a path or a literal.

    >>> short('"1"^^<http://www.w3.org/2001/XMLSchema#int>'), short("^<http://www.w3.org/ns/org#unitOf>")
    ('"1"^^xsd:int', '^org:unitOf')
    """
    if term.startswith('"'):
        return one_line(re.sub(r"\^\^<([^<>]*)>$", lambda found: f"^^{compress(found[1])}", term))
    return re.sub(r"<([^<>]*)>", lambda found: compress(found[1]), term) if "<" in term else compress(term)


def spoken(term: str) -> str:
    """A term within a sentence: numbers, dates and the like without their datatypes.

    >>> spoken('"5"^^<http://www.w3.org/2001/XMLSchema#integer>'), spoken('"a"@fr')
    ('5', '"a"@fr')
    """
    found = _LITERAL.fullmatch(term)
    return found[1] if found is not None and found[3] in _PLAIN else short(term)
