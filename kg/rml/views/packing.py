r"""Rows of values as texts without line ends, which an index of joins can hold, on disk too, and as values again.

Values that are texts stand between separators, a single one before one, so that no row is empty; a row with any other,
or with a text that holds such a sign, is JSON, in which kinds that JSON does not know are named.

>>> unpacked(packed([["a", None], ["b", "c"]]), 2)
[['a', None], ['b', 'c']]
>>> unpacked(packed([[1, "x\ny"]]), 1)
[[1, 'x\ny']]
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from kg.errors import Position
from kg.rml.compile.columns import Fault
from kg.rml.mapping.values import Failed, Typed, Unusable
from kg.rml.views.frames import Column

_BETWEEN: Final = "\x1f"
"""Between the values of a row."""
_CODED: Final = "\x1e"
"""Before a row that is JSON; between rows, while they are made into one text."""
_LINE: Final = "\x1d"
"""Stands for a line end."""
_NOTHING: Final = "\0"
"""Stands where there is no value."""
_SIGNS: Final = (_BETWEEN, _CODED, _LINE, _NOTHING)
_TEXTS: Final = frozenset({str, type(None)})


def packed(columns: Sequence[Column]) -> list[str]:
    """The rows of columns as texts, of which none is empty."""
    kinds = set().union(*(map(type, column) for column in columns))
    if not kinds <= _TEXTS:
        return list(map(_coded, zip(*columns, strict=True)))
    texts, nothings = columns, 0
    if kinds != {str}:
        texts = [[_NOTHING if v is None else v for v in column] if None in column else column for column in columns]
        nothings = sum(column.count(None) for column in columns)
    if len(columns) == 1:
        texts = [texts[0], [""] * len(texts[0])]
    rows = list(map(_BETWEEN.join, zip(*texts, strict=True)))
    text = _CODED.join(rows)
    signs = {_BETWEEN: len(rows) * (len(texts) - 1), _CODED: len(rows) - 1, _NOTHING: nothings, _LINE: 0}
    if any(text.count(sign) != count for sign, count in signs.items()) or not _is_whole(text):
        return [_packed(row) for row in zip(*columns, strict=True)]
    return text.replace("\n", _LINE).split(_CODED) if "\n" in text else rows


def _packed(row: Sequence[str | None]) -> str:
    joined = "".join(filter(None, row))
    if any(sign in joined for sign in _SIGNS) or not _is_whole(joined):
        return _coded(row)
    texts = [_NOTHING if v is None else v for v in row]
    return _BETWEEN.join((*texts, "") if len(texts) == 1 else texts).replace("\n", _LINE)


def _is_whole(text: str) -> bool:
    """Whether a text holds no half of a character, which could not be written."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unpacked(rows: Sequence[str], width: int) -> list[Column]:
    """The columns that rows were packed from."""
    joined = _BETWEEN.join(rows)
    if _CODED in joined:
        made = [_decoded(row)[:width] for row in rows]
        return [list(column) for column in zip(*made, strict=True)]
    if _LINE in joined:
        joined = joined.replace(_LINE, "\n")
    flat: list[Any] = joined.split(_BETWEEN) if rows else []
    if _NOTHING in joined:
        flat = [None if text == _NOTHING else text for text in flat]
    return [flat[number :: max(width, 2)] for number in range(width)]


def _decoded(row: str) -> list[Any]:
    if row.startswith(_CODED):
        return [_value(one) for one in json.loads(row[1:])]
    return [None if text == _NOTHING else text for text in row.replace(_LINE, "\n").split(_BETWEEN)]


def _coded(row: Sequence[Any]) -> str:
    return _CODED + json.dumps([_stated(value) for value in row], separators=(",", ":"))


_WAYS: Final[Mapping[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]]] = MappingProxyType(
    {
        "decimal": (Decimal, str, Decimal),
        "dateTime": (datetime, datetime.isoformat, datetime.fromisoformat),
        "date": (date, date.isoformat, date.fromisoformat),
        "time": (time, time.isoformat, time.fromisoformat),
        "duration": (
            timedelta,
            lambda value: [value.days, value.seconds, value.microseconds],
            lambda parts: timedelta(parts[0], parts[1], parts[2]),
        ),
        "bytes": (bytes, bytes.hex, bytes.fromhex),
        "typed": (Typed, lambda value: [value.text, value.datatype], lambda parts: Typed(*parts)),
        "unusable": (Unusable, lambda value: value.reason, Unusable),
        "failed": (Failed, lambda value: _of_fault(value.fault), lambda parts: Failed(_fault(*parts))),
    }
)
"""How a kind of value is written and read; a date with a time is one of the dates, and so stands before them."""


def _stated(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict | list):  # no value: what is made of it says so
        return {"unusable": "an object" if isinstance(value, dict) else "an array"}
    for name, (kind, write, _) in _WAYS.items():
        if isinstance(value, kind):
            return {name: write(value)}
    if isinstance(value, bytearray | memoryview):
        return {"bytes": bytes(value).hex()}
    return {"unusable": f"a {type(value).__name__}"}


def _value(stated: Any) -> Any:
    if not isinstance(stated, dict):
        return stated
    ((name, written),) = stated.items()
    return _WAYS[name][2](written)


def _of_fault(fault: Exception) -> list[Any]:
    assert isinstance(fault, Fault)
    place = fault.position
    return [fault.message, [place.path, place.line, place.column], fault.hint, fault.value]


def _fault(message: str, place: list[Any], hint: str | None, value: str | None) -> Fault:
    return Fault(message, Position(*place), hint, value)
