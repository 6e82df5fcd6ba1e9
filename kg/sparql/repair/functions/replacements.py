"""Replacements of fn:replace in the spelling of the engine's library (XPath 2.0 functions, 7.6.3)."""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"\\(?P<escaped>[\\$])|\$(?P<group>[0-9]+)|(?P<text>[^\\$]+)")
_OPENING: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]?|(?P<group>\((?!\?))", re.DOTALL)


def groups_of(pattern: str) -> int:
    r"""The groups of a regular expression that a replacement may name: its brackets, but `(?:` and those in classes.

    >>> groups_of(r"(a)(?:b)\([(]((c))")
    3
    """
    return sum(found["group"] is not None for found in _OPENING.finditer(pattern))


def replaced(text: str, groups: int) -> str | None:
    r"""A replacement of fn:replace as the engine's REPLACE reads it: `\$` is `$$` there, and `$1x` is `${1}x`.

    A number of two digits or more that names no group is a shorter number and digits after it (XPath 2.0 functions,
    7.6.3). None for a `$` without a number, or a backslash before anything but itself and `$` (err:FORX0004).

    >>> replaced(r"\$ $1x $12 \\", 1), replaced("$", 1)
    ('$$ ${1}x ${1}2 \\', None)
    """
    pieces: list[str] = []
    at = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            return None
        at = found.end()
        pieces.append(_piece(found, groups))
    return "".join(pieces)


def _piece(found: re.Match[str], groups: int) -> str:
    if found["escaped"] is not None:
        return "$$" if found["escaped"] == "$" else "\\"
    if found["group"] is None:
        return found["text"]
    digits = found["group"]
    length = len(digits)
    while length > 1 and (length > len(str(groups)) or int(digits[:length]) > groups):
        length -= 1
    name, rest = digits[:length], digits[length:]
    return f"${{{name}}}{rest}" if int(name) <= groups else rest
