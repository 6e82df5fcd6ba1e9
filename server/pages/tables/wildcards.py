r"""Forms of texts: `*` for any characters, `?` for one, `[a-c]` for one of a set, `[!a-c]` or `[^a-c]` for any other.

As in the shell (POSIX.1-2017, XCU 2.13.1), with code points in place of a locale's order and no names of classes:
`]` at the beginning of a set and `-` at its beginning or end stand for themselves. After `\` so do `*`, `?`, `[`, `]`
and `\`, and all characters within a set. A set that nothing closes is a mistake, and so is a range that runs backwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

_SPECIAL: Final = re.compile(r"[\\|.\-^?*+{}()\[\]$]")
"""What XPath's regular expressions may escape, and must (XPath and XQuery Functions 3.1, section 5.6.1)."""
_WILD: Final[Mapping[str, str]] = MappingProxyType({"*": ".*", "?": "."})
_PIECE: Final = re.compile(
    r"""\\(?P<escaped>[][*?\\])
      | \[(?P<none>[!^]?)(?P<set>\]?(?:\\.|[^]\\])*)(?P<end>\]?)
      | (?P<one>.)""",
    re.DOTALL | re.VERBOSE,
)
_MEMBER: Final = re.compile(r"(\\.|.)(?:-(\\.|[^]\\]))?", re.DOTALL)


class MalformedForm(ValueError):
    """A set of characters has no end, or a range in it runs backwards; `part` is where."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def pattern_of(form: str) -> str:
    r"""A form as a regular expression of XPath, which is one of most other languages too.

    :raises MalformedForm: if a set in it is none

    >>> print(pattern_of(r"lab*.?\*"), pattern_of("[!a-cb]?[]x-]"))
    ^lab.*\..\*$ ^[^a-c].[\-\]x]$
    >>> pattern_of("a[b")
    Traceback (most recent call last):
    server.pages.tables.wildcards.MalformedForm: [b
    """
    return f"^{''.join(map(_regular, _PIECE.finditer(form)))}$"


def _regular(piece: re.Match[str]) -> str:
    if piece["set"] is None:
        one = piece["escaped"] or piece["one"]
        return _WILD[one] if piece["one"] in _WILD else _escaped(one)
    if not (piece["end"] and piece["set"]):
        raise MalformedForm(piece[0])
    ranges = _merged(_ranges(piece["set"]))
    return f"[{'^' if piece['none'] else ''}{''.join(map(_range, ranges))}]"


def _ranges(members: str) -> Iterable[tuple[int, int]]:
    for found in _MEMBER.finditer(members):
        first, last = found[1][-1], (found[2] or found[1])[-1]
        if last < first:
            raise MalformedForm(found[0])
        yield ord(first), ord(last)


def _merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same characters in the fewest ranges: `&&` or `--` in a set would be operators to some languages."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return found


def _range(ends: tuple[int, int]) -> str:
    first, last = (_escaped(chr(end)) for end in ends)
    return first if first == last else f"{first}-{last}" if ends[1] - ends[0] > 1 else first + last


def _escaped(one: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", one)
