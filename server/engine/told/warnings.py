"""What may be wrong in an answer, on its way to the client: between processes, in results, and as a header."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from kg.errors import Position, Problem

HEADER: Final = "Query-Warnings"
"""What may be wrong in an answer (a list of RFC 9651).

HTTP has given up its own `Warning`, which spoke of caches (RFC 9111, section 5.5): this is a name of ours.
"""
_PRINTABLE: Final = "!#$&'()*+,/:;=?@[]^`{|}~ <>"
_LONGEST: Final = 300


def dump(warnings: Iterable[Problem]) -> bytes:
    """Warnings as a list of problems in JSON.

    >>> load(dump((Problem("graph-name", "?g is none"),)))[0].code
    'graph-name'
    """
    return json.dumps([warning.to_json() for warning in warnings]).encode()


def load(data: bytes) -> tuple[Problem, ...]:
    """Read what `dump` wrote."""
    return tuple(_problem(**told) for told in json.loads(data))


def _problem(
    code: str, message: str, where: dict[str, object] | None, hint: str | None, value: str | None = None
) -> Problem:
    place = None
    if where is not None:
        line, column = where["line"], where.get("column")
        place = Position(str(where["file"]), _number(line), None if column is None else _number(column))
    return Problem(code, message, place, hint=hint, value=value)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def header(warnings: Iterable[Problem]) -> str:
    """Warnings in one line: the code of each, with its message, and the line and column it speaks of.

    Characters beyond ASCII are percent-encoded, as in a URI.

    >>> header((Problem("graph-name", "?g is none", Position("query", 1, 7)),))
    'graph-name;message="?g is none";line=1;column=7'
    """
    return ", ".join(map(_item, warnings))


def _item(warning: Problem) -> str:
    place = warning.position
    where = "" if place is None else f";line={place.line}"
    if place is not None and place.column is not None:
        where += f";column={place.column}"
    return f'{warning.code};message="{quote(warning.message[:_LONGEST], safe=_PRINTABLE)}"{where}'
