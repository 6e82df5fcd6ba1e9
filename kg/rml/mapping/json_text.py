"""JSON (RFC 8259) as people write it: what a reader of JSON would lose in silence is an error with its place.

A member that stands twice in one object (section 4: names should be unique) has one value for most readers, the last;
a number beyond all doubles (section 6) becomes infinite. `NaN` and `Infinity` are no JSON at all.
"""

from __future__ import annotations

import json
import math
import re
from types import MappingProxyType
from typing import Any, Final, NoReturn

_FRACTION: Final = re.compile(r"-?\d+(?=[.eE])(?:\.\d+)?(?:[eE][+-]?\d+)?")
_SHOWN: Final = 40
"""Characters of a name or a number that are told."""
_PYTHON: Final = re.compile(r"(?:True|False|None|undefined|nil)\b")
_HINTS: Final = MappingProxyType(
    {
        "Extra data": "a file has one document; where every line is one, name it .jsonl, and end each with its line",
        "Expecting ',' delimiter": 'a comma is missing before it, or a quote within a text, which is written \\"',
        "Expecting property name": 'names stand in double quotes: "name"',
        "Invalid control character": "a line end within a text is written \\n, a tab \\t",
        "Invalid \\escape": "a backslash within a text is written twice",
        "Unterminated string": "its last quote is missing",
    }
)
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:]|[^\s{}\[\],:"]+', re.DOTALL)


class NotJson(ValueError):
    """A text that is no JSON, or says what would be lost, with the line and the column where."""

    def __init__(self, message: str, line: int, column: int | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.line, self.column, self.hint = line, column, hint


class _Lost(ValueError):
    """Something would be lost; where it stands is looked for then."""


def parsed(text: str) -> Any:
    """The value of a text.

    :raises NotJson: if it is none, or a reader would keep only a part of what it says
    :raises RecursionError: if it is nested too deeply

    >>> parsed('{"a": [1, 2.5]}')
    {'a': [1, 2.5]}
    """
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg}"
        raise NotJson(message, error.lineno, error.colno, _hint(text, error.msg, error.pos)) from None
    except _Lost:
        raise _lost_in(text) from None
    except ValueError as error:
        raise NotJson(f"not JSON: {error}", 1) from None


def _hint(text: str, message: str, at: int) -> str | None:
    """What to do about a fault of the grammar, by what stands where the reader stopped."""
    sign, before = text[at : at + 1], text[:at].rstrip()[-1:]
    if sign in {"'", "‘", "’", "“", "”", "«"}:
        return 'names and texts stand in double quotes: "'
    if message.startswith("Illegal trailing") or (before == "," and sign in {"}", "]"}):
        return "take out the comma behind the last one"
    if not sign and before:
        return "it ends too early: was the file cut?"
    if _PYTHON.match(text, at):
        return "write true, false and null"
    if sign == "<" and not before:
        return "it begins like XML or a page of the web"
    return next((hint for start, hint in _HINTS.items() if message.startswith(start)), None)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _Lost
    return made


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Lost
    return number


def _constant(_: str) -> NoReturn:
    raise _Lost


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_constant=_constant)
"""Made once: for a short text, making it would take as long as reading."""


def _lost_in(text: str) -> NotJson:
    """What is the first that would be lost in a text which is JSON so far."""
    objects: list[dict[str, int] | None] = []
    before: re.Match[str] | None = None
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "{":
                objects.append({})
            case "[":
                objects.append(None)
            case "}" | "]":
                objects.pop()
            case ":":
                assert before is not None
                names = objects[-1]
                assert names is not None
                name = json.loads(before[0], strict=False)
                if name in names:
                    return _twice(text, name, names[name], before.start())
                names[name] = before.start()
            case "NaN" | "Infinity" | "-Infinity":
                hint = "write null where there is no value"
                return NotJson(f"not JSON: {token[0]} is no number", *_place(text, token.start()), hint)
            case other if _FRACTION.fullmatch(other) and not math.isfinite(float(other)):
                shown = other if len(other) <= _SHOWN else f"{other[:_SHOWN]}..."
                message = f"{shown} is larger than numbers can be (a double, up to 1.8e308)"
                return NotJson(message, *_place(text, token.start()), "write it as a text, in quotes")
        before = token
    raise AssertionError("the text says nothing that would be lost")


def _twice(text: str, name: str, first: int, second: int) -> NotJson:
    (line, column), (again, further) = _place(text, first), _place(text, second)
    where = f"in line {line}" if line != again else f"at column {column}"
    message = f"{name[:_SHOWN]!r} stands twice in one object, first {where}"
    hint = "readers of JSON keep one of them: take one out, call it otherwise, or make a list of both values"
    return NotJson(message, again, further, hint)


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
