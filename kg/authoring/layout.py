"""A claims file as lines: its head, and for each claim the lines of each key with the remarks above them.

Files are laid out anew by moving and leaving out whole lines, so that remarks and the spelling of texts stay what they
are; a file whose claims do not stand in lines of their own is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kg.positions import Node, Table, Value
from kg.positions import Sequence as Items
from kg.quoting import exactly

WIDTH: Final = 110
"""Characters of a line in which several keys may stand."""
_DASH: Final = re.compile(r" *- +")
_REMARK: Final = re.compile(r" *(?:#.*)?")
_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w ./()’-]*[\w.)])?|\d{4}-\d\d(?:-\d\d)?")
"""A text that YAML takes whole without quotes, within braces too."""
_WORDS: Final = frozenset(("true", "false", "null"))


@dataclass(frozen=True, slots=True)
class Segment:
    """The lines of one key, from the margin, and the remarks above them."""

    key: str
    lines: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether nothing would be lost with the lines but the key and its value."""
        return not self.remarks and not any("#" in line for line in self.lines)

    def at(self, indent: int) -> Iterator[str]:
        """The lines with so many blanks before them."""
        for line in (*self.remarks, *self.lines):
            yield f"{' ' * indent}{line}" if line.strip() else ""


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one mapping, by its keys, and the remarks above it."""

    segments: tuple[Segment, ...]
    remarks: tuple[str, ...] = ()


class Unlaid(ValueError):
    """A mapping whose keys do not stand in lines of their own."""


def block(table: Table, lines: Sequence[str], end: int) -> Block:
    """The lines of a mapping that ends before the line `end`, counted from 0.

    :raises Unlaid: if its keys do not stand in lines of their own, one below the other
    """
    starts = [(key, table.keys[key]) for key in table.entries]
    numbers = [position.line - 1 for _, position in starts]
    columns = {position.column for _, position in starts}
    if table.in_braces or len(columns) != 1 or numbers != sorted(set(numbers)):
        raise Unlaid
    margin = (columns.pop() or 1) - 1
    first = lines[numbers[0]][:margin]
    if first.strip() and not _DASH.fullmatch(first):
        raise Unlaid
    begins = [
        numbers[0],
        *(_above(lines, number, last + 1) for last, number in pairwise(numbers)),
    ]
    segments = []
    for (key, _), number, begin, stop in zip(starts, numbers, begins, [*begins[1:], end], strict=True):
        remarks = _told(lines[begin:number])
        own = [lines[number][margin:], *(_shifted(line, margin) for line in lines[number + 1 : stop])]
        while own and not own[-1].strip():
            own.pop()
        segments.append(Segment(key, tuple(own), remarks))
    return Block(tuple(segments))


def _above(lines: Sequence[str], number: int, least: int) -> int:
    """Where the remarks begin that stand right above a line, as far as `least`."""
    indent = len(lines[number]) - len(lines[number].lstrip())
    while number > least and lines[number - 1].strip().startswith("#"):
        if len(lines[number - 1]) - len(lines[number - 1].lstrip()) > indent:
            break  # within a text of several lines
        number -= 1
    return number


def _shifted(line: str, margin: int) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(blanks, margin) :]


def blocks(items: Items, lines: Sequence[str]) -> tuple[list[Block], tuple[str, ...]]:
    """The claims of a file, each with the remarks above it, and the remarks below the last one.

    :raises Unlaid: if there is none, or one of them does not stand in lines of its own
    """
    tables = [item for item in items.items if isinstance(item, Table)]
    if not tables or len(tables) != len(items.items):
        raise Unlaid
    starts = [table.position.line - 1 for table in tables]
    if not all(_DASH.match(lines[start]) for start in starts):
        raise Unlaid
    begins = [_remarked(lines, start, starts[0]) for start in starts]
    last = _remarked(lines, len(lines), starts[0])
    found = [
        Block(block(table, lines, stop).segments, _told(lines[begin:start]))
        for table, start, begin, stop in zip(tables, starts, begins, [*begins[1:], last], strict=True)
    ]
    return found, _told(lines[last:])


def _told(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines if line.strip())


def _remarked(lines: Sequence[str], start: int, first: int) -> int:
    """Where the remarks and empty lines begin that stand above a line; claims stand as deep as the line `first`."""
    indent = len(lines[first]) - len(lines[first].lstrip())
    at = start
    while at > 0 and _REMARK.fullmatch(lines[at - 1]):
        if len(lines[at - 1]) - len(lines[at - 1].lstrip()) > indent + 1:
            break  # within a text of several lines
        at -= 1
    return at


# --- nodes in one line


def flow(node: Node) -> str:
    """A node in one line, as YAML reads it back."""
    if isinstance(node, Table):
        return f"{{{', '.join(f'{key}: {flow(value)}' for key, value in node)}}}"
    if isinstance(node, Items):
        return f"[{', '.join(map(flow, node.items))}]"
    if isinstance(node, Value):
        return scalar(node.text) if isinstance(node.value, str) else node.text
    raise TypeError(f"unexpected node: {node!r}")


def scalar(text: str) -> str:
    """A text, without quotes where it needs none.

    >>> scalar("Ministry"), scalar("on March 27, 2026"), scalar("true"), scalar("2031"), scalar("2031-05")
    ('Ministry', '"on March 27, 2026"', '"true"', '"2031"', '2031-05')
    """
    return text if _PLAIN.fullmatch(text) and text not in _WORDS else exactly(text)


def plain(node: Node) -> object:
    """A node without its places: what it says."""
    if isinstance(node, Table):
        return {key: plain(value) for key, value in node}
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    if isinstance(node, Value):
        return node.text
    raise TypeError(f"unexpected node: {node!r}")


def ordered(segments: Sequence[Segment], order: Mapping[str, int]) -> list[Segment]:
    """The segments in the order of their keys; unknown ones stay where they are, behind those."""
    return sorted(segments, key=lambda one: order.get(one.key, len(order)))
