"""Ids for claims that have none: proposed once, and written down where the claims stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from kg.errors import Position
from kg.positions import Sequence, Table, Value, parse_yaml

_NUMBERED: Final = re.compile(r"([A-Za-z]+)(\d+)(?:-.*)?", re.ASCII)
_INITIAL: Final = re.compile(r"(?<![A-Za-z])[A-Za-z]", re.ASCII)
_FIRST: Final = "C"
"""What the ids of a file begin with whose claims have none, and whose name has no letters."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A claims file with an id for each claim."""

    content: bytes
    ids: tuple[tuple[str, Position], ...]
    """Those that were proposed, with the places of their claims in the file as it was."""


def claim_ids(content: bytes, name: str) -> Iterator[str]:
    """The ids that the claims of a file have.

    :raises RecordError: if it is no YAML
    """
    yield from (node.text for table in _claims(content, name) if isinstance(node := table.get("id"), Value))


def proposed(content: bytes, name: str, taken: Collection[str]) -> Proposed | None:
    """A claims file with ids for the claims that have none; None if each has one.

    They go on where those of the file end (`N3` after `N1` and `N2`), and are none of those that are `taken`.

    :raises RecordError: if it is no YAML
    """
    lacking = [table for table in _claims(content, name) if table.get("id") is None and table.entries]
    if not lacking:
        return None
    lines = content.decode("utf-8-sig").split("\n")
    fresh = _fresh([*claim_ids(content, name)], taken, PurePath(name).stem)
    given = [(next(fresh), table) for table in lacking]
    for new, table in reversed(given):
        row, column = table.position.line - 1, (table.position.column or 1) - 1
        line = lines[row]
        if table.in_braces:
            lines[row] = f"{line[: column + 1]}id: {new}, {line[column + 1 :]}"
        else:
            lines[row : row + 1] = [f"{line[:column]}id: {new}", f"{' ' * column}{line[column:]}"]
    return Proposed("\n".join(lines).encode(), tuple((new, table.position) for new, table in given))


def place_of(claim_id: str, content: bytes, name: str) -> Position:
    """Where a claim has its id.

    :raises RecordError: if it is no YAML
    :raises LookupError: if there is no such claim
    """
    for table in _claims(content, name):
        node = table.get("id")
        if isinstance(node, Value) and node.text == claim_id:
            return node.position
    raise LookupError(claim_id)


def _claims(content: bytes, name: str) -> Iterator[Table]:
    root = parse_yaml(content, name)
    body = root.get("claims") if isinstance(root, Table) else None
    yield from (item for item in body.items if isinstance(item, Table)) if isinstance(body, Sequence) else ()


def _fresh(own: Iterable[str], taken: Collection[str], stem: str) -> Iterator[str]:
    """Ids that go on where those of a file end, or begin with what its name tells.

    >>> ids = _fresh(["N1", "N2-b"], {"N1", "N2-b", "N3"}, "notice")
    >>> next(ids), next(ids), next(_fresh([], {}, "port-authority")), next(_fresh(["F099"], {"F099"}, "x"))
    ('N4', 'N5', 'PA1', 'F100')
    """
    matches = [match for name in own if (match := _NUMBERED.fullmatch(name))]
    if matches:
        start, width = matches[-1][1], len(matches[-1][2])
    else:
        start, width = "".join(_INITIAL.findall(stem)).upper() or _FIRST, 1
    numbers = [int(match[2]) for name in taken if (match := _NUMBERED.fullmatch(name)) and match[1] == start]
    number = max(numbers, default=0)
    while True:
        number += 1
        yield f"{start}{number:0{width}d}"
