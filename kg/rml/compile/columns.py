"""Whole columns of values at once: escaped, percent-encoded, checked.

The fast way looks at the values of a column joined into one text, so that a column of which all is well costs a few
scans in C. Each function takes present values only; `Shape` says what absence looks like and how to leave it alone.

What stands in lines is in UTF-8, a character for each byte (`bytewise`): lines of such text are put together and
written in half the time of lines that hold Arabic as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from itertools import accumulate, chain
from types import MappingProxyType
from typing import Any, Final

from kg.errors import Position
from kg.rdf.grammar import (
    NOT_IN_IRI,
    ODD_AUTHORITY,
    SCHEME,
    XSD,
    column_pattern,
    is_iri,
    is_lexical,
    lexical,
    not_unreserved,
    percent_encoded,
)
from kg.rml.mapping.values import Failed, Typed, Untyped, form_of
from kg.terms import is_language

_LONGEST: Final = 200
NUL: Final = "the value holds U+0000, which no literal should"
"""What is said of it."""
Values = Sequence[str]
Bulk = Callable[[Sequence[Any]], Sequence[Any]]


class Fault(Exception):
    """A value that a term cannot be made of."""

    def __init__(self, message: str, position: Position, hint: str | None = None, value: str | None = None) -> None:
        super().__init__(message)
        self.message, self.position, self.hint, self.value = message, position, hint, value


class Shape(Enum):
    """What a column holds."""

    TABLE = "table"
    """Texts; the empty one is none."""
    OPTIONAL = "optional"
    """Values, or `None`."""
    MANY = "many"
    """Lists of values."""


def over(shape: Shape, function: Bulk, *, keeps_empty: bool = False) -> Bulk:
    """A function of present values as one of columns of a shape: absence stays where it is.

    :param keeps_empty: whether the function makes the empty text of the empty text, which may be among the values then
    """
    if keeps_empty and shape is Shape.TABLE:
        return function

    def table(column: Sequence[Any]) -> Sequence[Any]:
        if "" not in column:
            return function(column)
        made = iter(function([value for value in column if value]))
        return [next(made) if value else "" for value in column]

    def optional(column: Sequence[Any]) -> Sequence[Any]:
        if None not in column:
            return function(column)
        made = iter(function([value for value in column if value is not None]))
        return [None if value is None else next(made) for value in column]

    def many(column: Sequence[Any]) -> Sequence[Any]:
        flat = list(chain.from_iterable(column))
        made = function(flat)
        if made is flat:
            return column
        ends = list(accumulate(map(len, column)))
        return [made[start:end] for start, end in zip((0, *ends), ends, strict=False)]

    return {Shape.TABLE: table, Shape.OPTIONAL: optional, Shape.MANY: many}[shape]


def bytewise(text: str) -> str:
    """A text as it stands in a program: a character for each byte of its UTF-8.

    :raises UnicodeEncodeError: if it holds half a surrogate pair

    >>> bytewise("é"), bytewise("é").encode("latin-1").decode("utf-8")
    ('Ã©', 'é')
    """
    return text if text.isascii() else text.encode("utf-8").decode("latin-1")


def _all_bytewise(values: Values) -> Values:
    return values if "".join(values).isascii() else [bytewise(value) for value in values]


def as_lists(shape: Shape) -> Bulk:
    """A column of lists of one of any shape."""
    if shape is Shape.MANY:
        return lambda column: column
    absent = "" if shape is Shape.TABLE else None
    return lambda column: [() if value == absent else (value,) for value in column]


def lists(column: Sequence[Any]) -> list[Sequence[Any]]:
    """A column whose cells are values, none or several, as one of lists."""
    return [
        () if cell is None else [v for v in cell if v is not None] if isinstance(cell, list | tuple) else (cell,)
        for cell in column
    ]


@dataclass(frozen=True, slots=True)
class Encoders:
    """The functions that a generated program calls, for one place in the mapping."""

    position: Position
    padded: dict[Position, list[str]] = field(default_factory=dict, compare=False)
    """Values with blanks around them that went into IRIs, by the place that asks for them: for who runs the program."""

    def fault(self, message: str, hint: str | None = None, value: str | None = None) -> Fault:
        """A fault of this place."""
        return Fault(message, self.position, hint, None if value is None else _short(value))

    def lexical(self, column: Sequence[Any]) -> Values:
        """Values as texts (RML-Core, natural mapping)."""
        if set(map(type, column)) <= {str}:
            return column
        return [value if isinstance(value, str) else self._text(value) for value in column]

    def _text(self, value: object) -> str:
        return self._form(value)[0]

    def _form(self, value: object) -> tuple[str, str | None]:
        try:
            return form_of(value)
        except Untyped as error:
            if isinstance(value, Failed):
                raise value.fault from None
            kind = str(error)
            hint = "add [*] to reach its values, or name a member" if kind in {"an object", "an array"} else None
            if kind == "a formula that was never calculated":
                hint = "open the workbook in a spreadsheet program, which calculates, and save it"
            raise self.fault(f"the reference leads to {kind}", hint) from None

    def natural(self, column: Sequence[Any]) -> Values:
        """Values as literals whose datatype is that of the value."""
        kinds = set(map(type, column))
        if kinds == {str}:
            return [f'"{value}"' for value in self.escaped(column)]
        if len(kinds) == 1 and (of_one := kinds.pop()) in _PLAIN:
            form, end = _PLAIN[of_one]
            if of_one is not date and len(distinct := set(column)) * 4 <= len(column):
                known = {value: f'"{form(value)}{end}' for value in distinct}
                return list(map(known.__getitem__, column))
            return [f'"{text}{end}' for text in map(form, column)]
        made = []
        for value in column:
            if isinstance(value, str):
                if "\0" in value:
                    raise self.fault(NUL, value=value)
                made.append(f'"{escape(value)}"')
            elif isinstance(value, float):
                made.append(f'"{canonical_double(value)}"^^<{XSD}double>')
            else:
                text, datatype = self._form(value)
                if isinstance(value, Typed) and not is_lexical(text, value.datatype):
                    raise self.fault(f"{_quoted(text)} is no xsd:{value.datatype.removeprefix(XSD)}", None, text)
                made.append(f'"{text}"^^<{datatype}>')
        return _all_bytewise(made)

    def escaped(self, column: Values) -> Values:
        """Values as they stand between quotes."""
        joined = "\0".join(column)
        if joined.count("\0") != max(len(column) - 1, 0):
            raise self.fault(NUL)
        if '"' in joined or "\\" in joined or "\n" in joined or "\r" in joined:
            return bytewise(escape(joined)).split("\0")
        return column if joined.isascii() else bytewise(joined).split("\0")

    def labels(self, column: Values) -> Values:
        """Labels of blank nodes: the same for the same value, in the whole dataset."""
        return [
            f"b{value}" if value.isascii() and value.isalnum() else f"x{value.encode('utf-8', 'surrogatepass').hex()}"
            for value in column
        ]

    def encoded(self, *, ascii_only: bool) -> Callable[[Values], Values]:
        """Values percent-encoded for an IRI, or for a URI; not yet as they stand in lines."""

        def encode(column: Values) -> Values:
            joined = "".join(column)
            if joined.isalnum() and (not ascii_only or joined.isascii()):
                return column
            pattern = not_unreserved(ascii_only=ascii_only)
            if not pattern.search(joined):
                return column
            if "\0" in joined:
                raise self.fault("the value holds U+0000, which no IRI should")
            if " " in joined or "\t" in joined or "\xa0" in joined:
                odd = [value for value in column if value != value.strip()]
                if odd:
                    self.padded.setdefault(self.position, []).extend(odd)
            return [percent_encoded(v, ascii_only=ascii_only) if pattern.search(v) else v for v in column]

        return encode

    def encoded_bytewise(self, *, ascii_only: bool) -> Callable[[Values], Values]:
        """The same, as they stand in lines."""
        encode = self.encoded(ascii_only=ascii_only)
        return lambda column: _all_bytewise(encode(column))

    def iris(self, base: str | None, *, ascii_only: bool) -> Callable[[Values], Values]:
        """Values as IRIs: as they are if they are absolute, else behind the base."""
        kind = "a URI" if ascii_only else "an IRI"

        def one(value: str) -> str:
            if is_iri(value, ascii_only=ascii_only):
                return value
            if base is not None and is_iri(base + value, ascii_only=ascii_only):
                return base + value
            if base is None and is_iri("x:" + value, ascii_only=ascii_only):
                raise self.fault(f"{_quoted(value)} is relative", "give a base: rml:baseIRI or --base", value)
            raise self.fault(f"{_quoted(value)} is not {kind}", _iri_hint(value), value)

        def make(column: Values) -> Values:
            joined = "/".join((base or "", *column))
            is_plain = not NOT_IN_IRI.search(joined) and not ODD_AUTHORITY.search(joined)
            if "#" in joined:
                is_plain = is_plain and "#" not in (base or "") and all(value.count("#") <= 1 for value in column)
            if is_plain and not (ascii_only and not joined.isascii()):
                absolute = SCHEME.match
                if base is not None:
                    # Text that has no forbidden character is an IRI with a scheme, or behind a base that has one.
                    return _all_bytewise([value if absolute(value) else base + value for value in column])
                if all(map(absolute, column)):
                    return _all_bytewise(column)
            return _all_bytewise([one(value) for value in column])

        return make

    def unsafe_iris(self, base: str | None) -> Callable[[Values], Values]:
        """Values as IRIs without a check; what N-Quads cannot hold is written as `\\uXXXX`."""

        def make(column: Values) -> Values:
            if base is None and not all(map(SCHEME.match, column)):
                raise self.fault("the IRI is relative", "give a base: rml:baseIRI or --base")
            absolute = [value if SCHEME.match(value) else f"{base}{value}" for value in column]
            escaped = ("".join(f"\\u{ord(c):04X}" if c <= " " or c in '<>"{}|^`\\' else c for c in v) for v in absolute)
            return [bytewise(value) for value in escaped]

        return make

    def typed(self, datatype: str) -> Callable[[Values], Values]:
        """Values that are lexical forms of a built-in datatype: none of them needs escapes."""
        whole = column_pattern(datatype)
        name = datatype.removeprefix(XSD)

        def check(column: Values) -> Values:
            joined = "\n".join(column)
            doubtful: Iterable[str] = column
            if whole is not None and whole.fullmatch(joined + "\n"):
                if "02-29" not in joined:
                    return column
                # The pattern knows no leap years; all other values are as they should be.
                doubtful = (value for value in column if "02-29" in value)
            for value in doubtful:
                if not is_lexical(value, datatype):
                    raise self.fault(f"{_quoted(value)} is no xsd:{name}", _EXAMPLES.get(name), value)
            return column

        return check

    def language_literal(self, value: str, tag: str) -> str:
        """A literal whose language is in the data."""
        if not is_language(tag):
            raise self.fault(f"{_quoted(tag)} is no language tag", 'tags are written "ar", "fr", "en-GB"', tag)
        return f'"{self.escaped((value,))[0]}"@{tag}'

    def typed_literal(self, value: str, datatype: str) -> str:
        """A literal whose datatype is in the data."""
        if not is_lexical(value, datatype):
            name = datatype.removeprefix(XSD)
            raise self.fault(f"{_quoted(value)} is no xsd:{name}", _EXAMPLES.get(name), value)
        return f'"{self.escaped((value,))[0]}"^^<{datatype}>'


def pairs(function: Callable[[str, str], str], first: Shape, second: Shape) -> Callable[..., list[Any]]:
    """A function of two values as one of two columns; a column of lists if one of them is one."""
    if Shape.MANY in {first, second}:
        left, right = as_lists(first), as_lists(second)

        def many(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
            rows = zip(left(one), right(other), strict=True)
            return [[function(a, b) for a in values for b in others] for values, others in rows]

        return many
    absent = "" if first is Shape.TABLE else None

    def single(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
        rows = zip(one, other, strict=True)
        return [absent if absent in {a, b} else function(a, b) for a, b in rows]

    return single


def escape(text: str) -> str:
    r"""A text as it stands between the quotes of N-Quads (section 4, canonical form).

    >>> escape('say "no"\n')
    'say \\"no\\"\\n'
    """
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")


def canonical_double(value: float) -> str:
    """The canonical lexical form of a double (XML Schema part 2, section 3.3.5.2).

    >>> canonical_double(30.0), canonical_double(0.00125), canonical_double(float("inf"))
    ('3.0E1', '1.25E-3', 'INF')
    """
    if not math.isfinite(value):
        return form_of(value)[0]
    mantissa, _, exponent = repr(value).partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.removeprefix("-").partition(".")
    power = int(exponent or 0)
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return f"{sign}0.0E0"
    power += len(whole) - 1 - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return f"{sign}{digits[0]}.{digits[1:] or '0'}E{power}"


_EXAMPLES: Final = {
    "date": "dates are written 2030-01-31; fn:toDate reads others",
    "dateTime": "written 2030-01-31T12:00:00Z",
    "time": "written 12:00:00",
    "gYear": "years are written 2030",
    "boolean": "written true or false; fn:toBoolean reads words",
    "integer": "whole numbers have digits only; fn:toInteger reads others",
    "decimal": "written with a point: 3.14; fn:toNumber reads others",
    "double": "written with a point: 3.14",
}
"""What a person should have written."""


_PLAIN: Final[Mapping[type, tuple[Callable[[Any], str], str]]] = MappingProxyType(
    {
        int: (repr, f'"^^<{XSD}integer>'),
        bool: (lambda value: "true" if value else "false", f'"^^<{XSD}boolean>'),
        date: (date.isoformat, f'"^^<{XSD}date>'),
    }
)
"""Kinds of values of which nothing can be wrong: the lexical form, and what stands behind it."""


def is_checked(datatype: str) -> bool:
    """Whether values of a datatype can be wrong."""
    return lexical(datatype) is not None


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"


def _quoted(value: str) -> str:
    return repr(_short(value))


def _iri_hint(value: str) -> str:
    found = NOT_IN_IRI.search(value)
    if found is None:
        return "use rml:IRI for characters outside of ASCII"
    return f"{found[0]!r} is not allowed: use a template, which percent-encodes, or rml:UnsafeIRI"
