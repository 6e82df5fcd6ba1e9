"""Literals in words: dates, numbers and truth, by their datatypes."""

from __future__ import annotations

import re
from typing import Final

from kg.terms import expand
from server.lookup import Term
from server.pages.phrases.dates import date_in_words
from server.pages.phrases.numbers import digits, number_of

_DATES: Final = frozenset(map(expand, ("edtf:EDTF", "xsd:date", "xsd:gYear", "xsd:gYearMonth")))
_DECIMALS: Final = frozenset(map(expand, ("xsd:decimal", "xsd:double", "xsd:float")))
_INTEGER: Final = expand("xsd:integer")
_BOOLEAN: Final = expand("xsd:boolean")
_PLAIN_DATE: Final = re.compile(r"-?[0-9]{4,}(-[0-9]{2}){0,2}")
_TRUTH: Final = frozenset({"true", "1"})
_FALSEHOOD: Final = frozenset({"false", "0"})
GROUPED: Final = 10_000
"""From here on the digits of a whole number are grouped: below, it may be a year."""


def worded(term: Term, yes: str, no: str, language: str) -> str | None:
    """A typed literal in the language of a page; None for what stands as it is written.

    >>> worded(Term("literal", "2026-01", datatype=expand("edtf:EDTF")), "yes", "no", "en")
    'January 2026'
    >>> [worded(Term("literal", n, datatype=_INTEGER), "yes", "no", "en") for n in ("2030", "10800")]
    [None, '10,800']
    """
    match term.datatype:
        case kind if kind in _DATES:
            said = date_in_words(term.value, language)
            return said if said != term.value else None
        case kind if kind == _BOOLEAN:
            return yes if term.value in _TRUTH else no if term.value in _FALSEHOOD else None
        case kind if kind in _DECIMALS or kind == _INTEGER:
            number = number_of(term.value)
            if number is None or (abs(number) < GROUPED and kind == _INTEGER):
                return None
            said = digits(number, language)
            return said if said != term.value else None
    return None


def in_column(term: Term, yes: str, no: str, language: str) -> str | None:
    """A typed literal in a column of a table; None for what stands as it is written.

    Nobody said what a column of whole numbers is: years, codes and identifiers are not grouped, and neither is what
    has four digits. A decimal is an amount, and has the point and the groups of its language.

    >>> [in_column(Term("literal", n, datatype=_INTEGER), "yes", "no", "en") for n in ("20250", "2030")]
    [None, None]
    >>> [in_column(Term("literal", n, datatype=expand("xsd:decimal")), "", "", "fr") for n in ("41.31", "2030", "87")]
    ['41,31', None, None]
    """
    if term.datatype == _INTEGER:
        return None
    if term.datatype not in _DECIMALS:
        return worded(term, yes, no, language)
    number = number_of(term.value)
    said = term.value if number is None else digits(number, language, grouped=abs(number) >= GROUPED)
    return said if said != term.value else None


def is_plain(term: Term) -> bool:
    """Whether a literal is a number, a date or a truth value as anybody reads it: nobody has to be told its datatype.

    >>> [is_plain(Term("literal", text, datatype=_INTEGER)) for text in ("12", "a dozen")]
    [True, False]
    >>> [is_plain(Term("literal", text, datatype=expand("edtf:EDTF"))) for text in ("2030", "2030/..", "203X")]
    [True, False, False]
    """
    match term.datatype:
        case kind if kind in _DATES:
            return _PLAIN_DATE.fullmatch(term.value) is not None
        case kind if kind in _DECIMALS or kind == _INTEGER:
            return number_of(term.value) is not None
    return False
