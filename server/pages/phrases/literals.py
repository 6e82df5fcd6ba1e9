"""Literals in words: dates, numbers and truth, by their datatypes."""

from __future__ import annotations

from typing import Final

from kg.terms import expand
from server.lookup import Term
from server.pages.phrases.dates import date_in_words
from server.pages.phrases.numbers import digits, number_of

_DATES: Final = frozenset(map(expand, ("edtf:EDTF", "xsd:date", "xsd:gYear", "xsd:gYearMonth")))
_DECIMALS: Final = frozenset(map(expand, ("xsd:decimal", "xsd:double", "xsd:float")))
_INTEGER: Final = expand("xsd:integer")
_BOOLEAN: Final = expand("xsd:boolean")
_TRUTH: Final = frozenset({"true", "1"})
_FALSEHOOD: Final = frozenset({"false", "0"})
_GROUPED: Final = 10_000
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
            if number is None or (abs(number) < _GROUPED and kind == _INTEGER):
                return None
            said = digits(number, language)
            return said if said != term.value else None
    return None
