r"""Rows of values as texts without line ends, which an index of joins can hold, on disk too, and as values again.

Values that are plain texts stand between separators; a row with any other is JSON, in which kinds that JSON does not
know are named.

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
_CODED: Final = "\x1e"
_NOTHING: Final = "\0"
_SPECIAL: Final = (_BETWEEN, _CODED, _NOTHING, "\n")
_TEXTS: Final = frozenset({str, type(None)})


def packed(columns: Sequence[Column]) -> list[str]:
    """The rows of columns as texts, of which none is empty."""
    if all(map(_is_plain, columns)):
        texts = [[_NOTHING if v is None else v for v in column] if None in column else column for column in columns]
        if len(texts) > 1:
            return list(map(_BETWEEN.join, zip(*texts, strict=True)))
        if "" not in texts[0]:
            return list(texts[0])
    return list(map(_coded, zip(*columns, strict=True)))


def _is_plain(column: Column) -> bool:
    if not set(map(type, column)) <= _TEXTS:
        return False
    joined = "".join(filter(None, column))
    if any(sign in joined for sign in _SPECIAL):
        return False
    return joined.isascii() or _is_whole(joined)


def _is_whole(text: str) -> bool:
    """Whether a text holds no half of a character, which could not be written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unpacked(rows: Sequence[str], width: int) -> list[Column]:
    """The columns that rows were packed from."""
    joined = "".join(rows)
    if _CODED not in joined:
        if width == 1 and _NOTHING not in joined:
            return [rows]
        columns = list(zip(*(row.split(_BETWEEN) for row in rows), strict=True)) or [()] * width
        if _NOTHING not in joined:
            return list(columns)
        return [[None if v == _NOTHING else v for v in column] for column in columns]
    made = [_decoded(row) for row in rows]
    return [list(column) for column in zip(*made, strict=True)]


def _decoded(row: str) -> list[Any]:
    if row.startswith(_CODED):
        return [_value(one) for one in json.loads(row[1:])]
    return [None if text == _NOTHING else text for text in row.split(_BETWEEN)]


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
