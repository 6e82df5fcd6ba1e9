"""Claims files in their short form: what goes without saying is left out, keys stand in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from kg.authoring.layout import WIDTH, Block, Segment, Unlaid, block, blocks, flow, ordered, plain, scalar
from kg.positions import Node, Table, Value, parse_yaml
from kg.positions import Sequence as Items
from kg.records.claims import DEFAULTS

Shorten = Callable[[str, Table], str | None]
"""From the name of a document and evidence with offsets to evidence without them; None if that is not the same."""

_ORDER: Final[Mapping[str, int]] = MappingProxyType(
    {
        name: number
        for number, name in enumerate(
            ("id", "factId", "statedIn", "assertedBy", "reviewStatus", "gloss", "modality", "nuance", "checkable",
             "inferred", "inferredFrom", "contradicts", "agreesWith", "compatibleWith", "says", "evidence", "note")
        )
    }
)  # fmt: skip
_LIFTED: Final = ("statedIn", "assertedBy", "reviewStatus")
"""What a file says once where all its claims say the same."""


def formatted(content: bytes, name: str, shorten: Shorten) -> str | None:
    """A claims file in its short form; None if its claims do not stand in lines of their own.

    :raises RecordError: if it is no YAML
    """
    text = content.decode("utf-8-sig").replace("\r\n", "\n")
    root = parse_yaml(content, name)
    try:
        return _File(root, text.split("\n"), shorten).text()
    except Unlaid:
        return None


class _File:
    def __init__(self, root: Node, lines: Sequence[str], shorten: Shorten) -> None:
        body = root.get("claims") if isinstance(root, Table) else None
        if not isinstance(root, Table) or not isinstance(body, Items) or [*root.entries][-1] != "claims":
            raise Unlaid
        self._claims = [item for item in body.items if isinstance(item, Table)]
        self._blocks, self._below = blocks(body, lines)
        start = root.keys["claims"].line
        self._head = block(root, lines, start)
        first = root.keys[next(iter(root.entries))].line - 1
        self._top = tuple(line.rstrip() for line in lines[:first])
        self._shorten = shorten
        self._said = {key: plain(root.entries[key]) for key in DEFAULTS if key in root.entries}
        if self._speaks_for_itself():
            del self._said["assertedBy"]
        self._lifted = {key: node for key in _LIFTED if key not in self._said and (node := self._shared(key))}

    def _speaks_for_itself(self) -> bool:
        """Whether the head of the file names as the voice of its claims what goes without saying: their document."""
        part = next((part for part in self._head.segments if part.key == "assertedBy"), None)
        is_alike = part is not None and self._said["assertedBy"] == self._said.get("statedIn")
        return (
            is_alike and part is not None and part.is_bare and all(one.get("statedIn") is None for one in self._claims)
        )

    def _shared(self, key: str) -> Node | None:
        """What all claims say under a key, if there are several claims and all say the same in a line of its own."""
        nodes = [claim.get(key) for claim in self._claims]
        if key == "assertedBy" and all(_says(one, key) == self._document(one) for one in self._claims):
            return None
        parts = [next((part for part in one.segments if part.key == key), None) for one in self._blocks]
        alike = all(
            isinstance(node, Value) and plain(node) == plain(nodes[0]) for node in nodes if nodes[0] is not None
        )
        if len(nodes) > 1 and nodes[0] is not None and alike and all(part and part.is_bare for part in parts):
            return nodes[0]
        return None

    def text(self) -> str:
        """The whole file."""
        lines = [*self._top, *self._head_lines()]
        known = {**self._said, **{key: plain(node) for key, node in self._lifted.items()}}
        for number, (table, one) in enumerate(zip(self._claims, self._blocks, strict=True)):
            lines.extend([""] if number else [])
            lines.extend(f"  {remark}" for remark in one.remarks)
            lines.extend(_item(self._short(table, one, known)))
        lines.extend(f"  {remark}" for remark in self._below)
        return "\n".join(lines).rstrip("\n") + "\n"

    def _head_lines(self) -> Iterator[str]:
        own = [part for part in self._head.segments if part.key != "claims"]
        own = [part for part in own if part.key not in DEFAULTS or part.key in self._said]
        own = [
            part for part in own if not (part.key == "checkable" and part.is_bare and self._said["checkable"] == "true")
        ]
        own += [Segment(key, (f"{key}: {flow(node)}",)) for key, node in self._lifted.items()]
        for part in ordered(own, _ORDER):
            yield from part.at(0)
        yield from [""] if own else []
        yield from (part for segment in self._head.segments[-1:] for part in replace(segment, lines=("claims:",)).at(0))

    def _document(self, table: Table) -> str:
        """The document of a claim."""
        return _says(table, "statedIn") or str(self._said.get("statedIn", ""))

    def _short(self, table: Table, one: Block, known: Mapping[str, Any]) -> list[Segment]:
        name = self._document(table)
        kept = [part for part in one.segments if not (part.is_bare and self._goes_without(table, part.key, known))]
        return ordered([self._segment(table, part, name) for part in kept], _ORDER)

    def _goes_without(self, table: Table, key: str, known: Mapping[str, Any]) -> bool:
        """Whether a key says what is so without it."""
        value, claim_id = plain(table.entries[key]), table.get("id")
        if key in known:
            return bool(value == known[key])
        if key == "checkable":
            return value == "true"
        if key == "assertedBy":
            return bool(value == self._document(table))
        return key == "factId" and isinstance(claim_id, Value) and value == claim_id.text.partition("-")[0]

    def _segment(self, table: Table, part: Segment, document: str) -> Segment:
        node = table.entries[part.key]
        if not part.is_bare:
            return part
        if part.key == "says":
            only = node.items[0] if isinstance(node, Items) and len(node.items) == 1 else node
            line = f"says: {flow(only)}"
            return replace(part, lines=(line,)) if isinstance(only, Table) and len(line) + 4 <= WIDTH else part
        if part.key == "evidence":
            items = node.items if isinstance(node, Items) else (node,)
            told = [self._evidence(item, document) for item in items]
            if len(told) == 1:
                return replace(part, lines=(f"evidence: {told[0]}",))
            return replace(part, lines=("evidence:", *(f"  - {one}" for one in told)))
        return part

    def _evidence(self, node: Node, document: str) -> str:
        short = self._shorten(document, node) if isinstance(node, Table) else None
        return flow(node) if short is None else short


def _says(table: Table, key: str) -> str | None:
    node = table.get(key)
    return node.text if isinstance(node, Value) else None


def _item(segments: Sequence[Segment]) -> Iterator[str]:
    """The lines of a claim, the first of them with its dash."""
    lines = [line for part in segments for line in part.at(4)]
    dashed = next(number for number, line in enumerate(lines) if not line.lstrip().startswith("#"))
    yield from lines[:dashed]
    yield f"  - {lines[dashed].lstrip()}"
    yield from lines[dashed + 1 :]


def words(exact: str, occurrence: int | None) -> str:
    """Evidence by its words: the words alone, unless they stand several times or would be read as something else.

    >>> words("a new quay", None), words("document", None), words("2031", None), words("a quay", 2)
    ('a new quay', '{exact: document}', '"2031"', '{exact: a quay, occurrence: 2}')
    """
    if occurrence is not None:
        return f"{{exact: {scalar(exact)}, occurrence: {occurrence}}}"
    return f"{{exact: {exact}}}" if exact == "document" else scalar(exact)
