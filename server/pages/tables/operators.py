"""The tests of filters: the words that each takes, and the values that it lets through, as SPARQL.

A test is of the values of a row one by one. Those of `DENIED` keep the rows none of whose values passes another one:
a row without any value contains nothing, and equals nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from kg.terms import expand
from server.pages.phrases.typed import NUMBER, latin, readings
from server.pages.tables.dates import is_part, within
from server.pages.tables.wildcards import MalformedForm, pattern_of

Value = NamedNode | Literal

CONTAINS: Final = "only"
GROUPS: Final = (
    ("text", (CONTAINS, "lacks", "equals", "unequal", "begins", "ends", "like", "unlike", "among", "none")),
    ("size", ("over", "least", "under", "most", "between")),
    ("date", ("during", "year", "month", "day")),
    ("cell", ("longer", "shorter", "several", "single", "empty", "filled")),
)
"""The tests of a form: of words, of numbers and dates, of the parts of a date, of a cell as a whole."""
TYPED: Final = tuple(test for _, tests in GROUPS for test in tests)
TESTS: Final = (*TYPED, "is")
"""These, and the very value that a facet counts."""
DENIED: Final[Mapping[str, str]] = MappingProxyType(
    {"lacks": CONTAINS, "unequal": "equals", "unlike": "like", "none": "among", "empty": "filled"}
)
"""The tests that no value of a row may pass, by those that it then meets."""
UNWORDED: Final = frozenset({"empty", "filled", "several", "single"})
"""The tests that need no word."""
LISTS: Final = frozenset({"among", "none"})
MOST_LISTED: Final = 50
"""Values of a list."""
_SIGNS: Final[Mapping[str, str]] = MappingProxyType({"over": ">", "least": ">=", "under": "<", "most": "<="})
_COMPARED: Final = re.compile(r"(<=|>=|<|>|=)\s*(.+)", re.DOTALL)
_DATE: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")
_APART: Final = re.compile(r"\.\.|[…/;؛،]|\s[-–—]\s")
_BETWEEN: Final = re.compile(r"[,\s]")
"""What stands between two bounds; these stand within numbers as well."""
_COMMAS: Final = re.compile("[،؛;]")
_QUOTED: Final = re.compile(r'("(?:[^"]|"")*")')
_YEAR: Final = "(^|/)[0-9]{{4}}"
_PARTS: Final[Mapping[str, tuple[str, int]]] = MappingProxyType(
    {
        "year": ("(^|/){:04d}", 9999),
        "month": (_YEAR + "-{:02d}", 12),
        "day": (_YEAR + "-[0-9]{{2}}-{:02d}", 31),
    }
)
"""Where a part of a date stands as EDTF writes it, at either end of an interval, and its largest number."""
_EDTF: Final = "^[-0-9TZ:+./~?%X]+$"
_LENGTH: Final = re.compile(r"[0-9]{1,9}")
_LABELS: Final = " ".join(
    f"<{expand(name)}>" for name in ("rdfs:label", "skos:prefLabel", "dct:title", "foaf:name", "zel:name")
)


class Untestable(ValueError):
    """The words of a filter are none that its test can use; `key` names the sentence of the pages that says so."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__(f"{key}: {words}")
        self.key, self.words = key, words


def read_words(test: str, words: str) -> str:
    """The words of a filter as its test takes them.

    :raises Untestable: if it can use none of them

    >>> read_words("over", " ٤٠ "), read_words("between", "2026 – 2024-05"), read_words("month", "5")
    ('40', '2024-05..2026', '5')
    >>> read_words("over", "many")
    Traceback (most recent call last):
    server.pages.tables.operators.Untestable: wrong_bound: many
    """
    words = words.strip()
    if test in _SIGNS:
        return _bound(words)
    if test in _PARTS:
        return _part(test, words)
    return _READERS[test](words)


def listed(words: str) -> tuple[str, ...]:
    """The values of a list: between commas or semicolons of any script; one that has such stands in quotes.

    >>> listed('metre, "10, or so"؛ قدم')
    ('metre', '10, or so', 'قدم')
    """
    parts = _QUOTED.split(words)
    line = "".join(part if place % 2 else _COMMAS.sub(",", part) for place, part in enumerate(parts))
    rows = csv.reader([line.replace("\r", " ").replace("\n", " ")], skipinitialspace=True)
    return tuple(dict.fromkeys(it.strip() for row in rows for it in row if it.strip()))


def value_of(words: str) -> Value | None:
    """The IRI or the literal that N-Triples writes so; None for anything else.

    >>> value_of('"40"^^<http://www.w3.org/2001/XMLSchema#integer>').value, value_of("<a:b>"), value_of("x } DROP")
    ('40', <NamedNode value=a:b>, None)
    """
    try:
        found = [quad.object for quad in parse(f"<a:a> <a:a> {words} .".encode(), format=RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError):
        return None
    return found[0] if len(found) == 1 and isinstance(found[0], NamedNode | Literal) else None


def is_value(node: object) -> bool:
    """Whether a filter can name a node: a blank node has no name that an address could hold."""
    match node:
        case NamedNode() | Literal():
            return True
        case BlankNode():
            return False
    raise ValueError(node)


def _bound(words: str) -> str:
    """A number, or a date.

    >>> _bound("41,31"), _bound("٢٠٢٦-٠٥")
    ('41.31', '2026-05')
    """
    if _DATE.fullmatch(date := latin(words)):
        return date
    return _number(words)


def _number(words: str) -> str:
    found = readings(words)
    if len(found) != 1:
        raise Untestable("two_numbers" if found else "wrong_bound", words)
    return found[0]


def _range(words: str) -> tuple[str, str]:
    bounds = [it.strip() for it in _APART.split(words) if it.strip()]
    if len(bounds) == 1:
        bounds = [it for it in _BETWEEN.split(words) if it]
    if len(bounds) == 2:  # noqa: PLR2004
        first, last = (_of_range(it, words) for it in bounds)
        if NUMBER.fullmatch(first) and NUMBER.fullmatch(last):
            return (first, last) if float(first) <= float(last) else (last, first)
        if _DATE.fullmatch(first) and _DATE.fullmatch(last):
            return min(first, last), max(first, last)
    raise Untestable("wrong_range", words)


def _of_range(bound: str, words: str) -> str:
    try:
        return _bound(bound)
    except Untestable as error:
        raise error if error.key == "two_numbers" else Untestable("wrong_range", words) from None


def _part(test: str, words: str) -> str:
    number, most = latin(words), _PARTS[test][1]
    lengths = {4} if test == "year" else {1, 2}
    if not (number.isdecimal() and len(number) in lengths and 1 <= int(number) <= most):
        raise Untestable(f"wrong_{test}", words)
    return str(int(number))


def _contained(words: str) -> str:
    """Words that a text contains; a sign before a number compares."""
    compared = _COMPARED.fullmatch(words)
    return f"{compared[1]} {_number(compared[2])}" if compared and readings(compared[2]) else words


def _during(words: str) -> str:
    if not is_part(date := latin(words)):
        raise Untestable("wrong_during", words)
    return date


def _list(words: str) -> str:
    if not 1 <= len(listed(words)) <= MOST_LISTED:
        raise Untestable("wrong_list", words)
    return words


def _length(words: str) -> str:
    if not _LENGTH.fullmatch(number := latin(words)):
        raise Untestable("wrong_length", words)
    return number


def _form(words: str) -> str:
    try:
        pattern_of(words.lower())
    except MalformedForm as error:
        raise Untestable("wrong_form", error.part) from None
    return words


def _named(words: str) -> str:
    value = value_of(words)
    if value is None:
        raise Untestable("wrong_value", words)
    return str(value)


_READERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        **dict.fromkeys((CONTAINS, "lacks"), _contained),
        **dict.fromkeys(("equals", "unequal", "begins", "ends"), str),
        **dict.fromkeys(("like", "unlike"), _form),
        **dict.fromkeys(LISTS, _list),
        **dict.fromkeys(("longer", "shorter"), _length),
        "during": _during,
        "between": lambda words: "..".join(_range(words)),
        "is": _named,
    }
)
"""What reads the words of the tests that are neither of a bound nor of a part of a date."""


def condition(name: str, test: str, words: str) -> str:
    """The condition that a value in the variable `name` passes a test; `words` are as `read_words` gives them."""
    match test:
        case "is":
            return f"sameTerm(?{name}, {value_of(words)})"
        case "over" | "least" | "under" | "most":
            return _compared(name, ((_SIGNS[test], words),))
        case "between":
            first, last = words.split("..")
            return _compared(name, ((">=", first), ("<=", last)))
        case "during" | "year" | "month" | "day":
            return _timed(name, test, words)
        case "longer" | "shorter":
            return f"{_is_text(name)} && STRLEN(STR(?{name})) {'>' if test == 'longer' else '<'} {words}"
        case "only" | "equals" | "begins" | "ends" | "like" | "among":
            return _worded(name, test, words)
    raise ValueError(test)


def _timed(name: str, test: str, words: str) -> str:
    if test == "during":
        return within(name, words)
    part = Literal(_PARTS[test][0].format(int(words)) + "($|[^0-9])")
    dated = f"{_is_text(name)} && REGEX(STR(?{name}), {Literal(_EDTF)})"
    return f"{dated} && REGEX(STR(?{name}), {part})"


def _is_text(name: str) -> str:
    return f"isLiteral(?{name}) && !isNumeric(?{name})"


def _compared(name: str, bounds: tuple[tuple[str, str], ...]) -> str:
    """A number is compared with numbers, a date with dates as EDTF writes them: they sort as texts do.

    What begins with a bound is within it: a day in May 2026 is neither before nor after May 2026.
    """
    text = f"STR(?{name})"
    dated = [f'{_is_text(name)} && REGEX({text}, "^[0-9]{{4}}(-|/|~|[?]|%|$)")']
    for sign, words in bounds:
        bound = str(Literal(words))
        begins = f"STRSTARTS({text}, {bound})"
        more = {">": f" && !{begins}", "<=": f" || {begins}"}.get(sign, "")
        dated.append(f"({text} {sign} {bound}{more})")
    of_dates = f"({' && '.join(dated)})"
    if not all(NUMBER.fullmatch(words) for _, words in bounds):
        return of_dates
    of_numbers = " && ".join((f"isNumeric(?{name})", *(f"?{name} {sign} {words}" for sign, words in bounds)))
    return f"({of_numbers}) || {of_dates}" if all(_DATE.fullmatch(words) for _, words in bounds) else f"({of_numbers})"


def _worded(name: str, test: str, words: str) -> str:
    """Whether a text, or the name of a thing, is as the words say; or a number is, or compares so: `>= 40`."""
    numbered = _numbered(name, test, words)
    if numbered and test == CONTAINS:
        return numbered
    fits = _fitting(test, words)
    stated = f"?{name} ?{name}p ?{name}l"
    # What a thing is called may stand in another graph than the value, which `?{name}g` binds in lists.
    label = f"{{ {{ {stated} }} UNION {{ GRAPH ?{name}h {{ {stated} }} }} }} VALUES ?{name}p {{ {_LABELS} }}"
    named = f"EXISTS {{ {label} FILTER({fits.replace('?it', f'STR(?{name}l)', 1)}) }}"
    local = f'REPLACE(STR(?{name}), "^.*[/#]", "")'
    text = fits.replace("?it", f"IF(isLiteral(?{name}), STR(?{name}), {local})", 1)
    found = f"{text} || (isIRI(?{name}) && {named})"
    return f"{numbered} || {found}" if numbered else found


def _fitting(test: str, words: str) -> str:
    """The test of the text `?it`, whatever its capitals."""
    sought = str(Literal(words.lower()))
    match test:
        case "only":
            return f"CONTAINS(LCASE(?it), {sought})"
        case "equals":
            return f"LCASE(?it) = {sought}"
        case "begins":
            return f"STRSTARTS(LCASE(?it), {sought})"
        case "ends":
            return f"STRENDS(LCASE(?it), {sought})"
        case "like":
            return f'REGEX(LCASE(?it), {Literal(pattern_of(words.lower()))}, "s")'
        case "among":
            return f"LCASE(?it) IN ({', '.join(str(Literal(it.lower())) for it in listed(words))})"
    raise ValueError(test)


def _numbered(name: str, test: str, words: str) -> str:
    """The test of a number; empty where the words name none."""
    match test:
        case "only":
            compared = _COMPARED.fullmatch(words)
            is_number = compared is not None and NUMBER.fullmatch(compared[2])
            return f"(isNumeric(?{name}) && ?{name} {compared[1]} {compared[2]})" if compared and is_number else ""
        case "equals" | "among":
            numbers = [number for it in (listed(words) if test == "among" else (words,)) for number in readings(it)]
            return f"(isNumeric(?{name}) && ?{name} IN ({', '.join(numbers)}))" if numbers else ""
        case "begins" | "ends" | "like":
            return ""
    raise ValueError(test)
