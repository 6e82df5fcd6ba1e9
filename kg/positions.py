"""YAML reading that remembers file and line of every key and value.

The subset is that of data, not of programs: one document, no aliases, no anchors, no tags, no duplicate keys; plain
scalars are read by the JSON schema of YAML 1.2 (section 10.2), so that `no` is a word and `2025-07` is no number.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from kg.errors import Position, Problem, RecordError, StorageError

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar and where it stands; `text` is what the file says, before any typing."""

    value: Scalar
    text: str
    position: Position


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list and where it starts."""

    items: tuple[Node, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping from text keys; `keys` tells where each key stands."""

    entries: Mapping[str, Node]
    keys: Mapping[str, Position]
    position: Position

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return iter(self.entries.items())

    def get(self, key: str) -> Node | None:
        return self.entries.get(key)


Node = Value | Sequence | Table

_DIGITS: Final = 4000
"""Longest whole number that is read as one; CPython refuses to convert far longer ones."""
_INT: Final = re.compile(r"-?(?:0|[1-9]\d*)", re.ASCII)
_FLOAT: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_WORDS: Final[Mapping[str, Scalar]] = {"null": None, "~": None, "": None, "true": True, "false": False}


def read_bytes(path: Path, name: str, limit: int) -> bytes:
    """The bytes of a file of at most `limit` bytes; `name` is what errors call it.

    :raises RecordError: if the file is absent or larger
    :raises StorageError: if the system cannot read it
    """
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        raise RecordError(f"no such file: {name}", hint="check the [paths] of kg.toml") from None
    except OSError as error:
        raise StorageError(f"cannot read {name}: {error.strerror or errno.errorcode.get(error.errno or 0)}") from None
    if len(content) > limit:
        raise RecordError(
            f"the file is larger than {limit:,} bytes",
            position=Position(name, 1),
            hint="split it, or raise [limits] file_bytes in kg.toml",
        )
    return content


def parse_yaml(content: bytes, name: str, *, depth: int = 32) -> Node:
    """Parse one YAML document into nodes that know their line.

    :raises RecordError: at the first fault of syntax, naming file and line

    >>> node = parse_yaml(b"a: 1\\nb: [x, 2025-07]\\n", "t.yaml")
    >>> [item.value for item in node.get("b").items], str(node.keys["b"])
    (['x', '2025-07'], 't.yaml:2')
    >>> parse_yaml(b"a: &x 1\\nb: *x\\n", "t.yaml")
    Traceback (most recent call last):
        ...
    kg.errors.RecordError: t.yaml:1: anchors and aliases are not allowed (write the value again)
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        raise RecordError(
            f"not UTF-8: byte 0x{content[error.start]:02x}",
            position=Position(name, line, column),
            hint="save the file as UTF-8",
        ) from None
    try:
        return _Composer(name, depth).compose(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise RecordError(
            f"character U+{ord(str(error.character)[:1] or '?'):04X} is not allowed in YAML",
            position=Position(name, line),
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        position = Position(name, mark.line + 1, mark.column + 1) if mark else Position(name, 1)
        if "nesting depth" in str(error.problem):  # newer libyaml stops at a depth of its own before the first event
            raise RecordError(f"nested more than {depth} levels deep", position=position, hint="flatten it") from None
        said = " ".join(part for part in (error.context, error.problem) if part)
        raise RecordError(f"not YAML: {said}", position=position, hint="check the indentation and the quotes") from None


def read_yaml(path: Path, name: str, *, limit: int, depth: int) -> Node:
    """Read a YAML file of at most `limit` bytes and `depth` levels.

    :raises RecordError: if it is absent, too large, or not what `parse_yaml` accepts
    :raises StorageError: if the system cannot read it
    """
    return parse_yaml(read_bytes(path, name, limit), name, depth=depth)


class _Composer:
    """Builds nodes from the event stream, without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, name: str, depth: int) -> None:
        self._name, self._depth = name, depth
        self._stack: list[_Open] = []
        self._root: Node | None = None

    def compose(self, text: str) -> Node:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        documents = 0
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error("a file holds one YAML document", event, "remove the line '---'")
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._put(self._stack.pop().close())
        if self._root is None:
            raise RecordError("the file is empty", position=Position(self._name, 1))
        return self._root

    def _node(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._error("anchors and aliases are not allowed", event, "write the value again")
        if getattr(event, "tag", None) is not None:
            raise self._error("tags are not allowed", event, "remove it")
        position = self._position(event)
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style is None or event.style == ""
            self._put(Value(_typed(event.value) if plain else event.value, event.value, position))
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            if len(self._stack) >= self._depth:
                raise self._error(f"nested more than {self._depth} levels deep", event, "flatten it")
            self._stack.append(_Open(position, is_table=isinstance(event, yaml.MappingStartEvent)))
        else:
            raise TypeError(f"unexpected YAML event: {event!r}")

    def _put(self, node: Node) -> None:
        if self._stack:
            self._stack[-1].put(node)
        else:
            self._root = node

    def _position(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        return Position(self._name, mark.line + 1, mark.column + 1) if mark else Position(self._name, 1)

    def _error(self, message: str, event: yaml.Event, hint: str) -> RecordError:
        return RecordError(message, position=self._position(event), hint=hint)


class _Open:
    """A collection whose end has not been read yet."""

    def __init__(self, position: Position, *, is_table: bool) -> None:
        self._is_table, self._position = is_table, position
        self._items: list[Node] = []
        self._entries: dict[str, Node] = {}
        self._keys: dict[str, Position] = {}
        self._key: Value | None = None

    def put(self, node: Node) -> None:
        if not self._is_table:
            self._items.append(node)
        elif self._key is not None:
            self._entries[self._key.text] = node
            self._key = None
        elif not isinstance(node, Value):
            raise RecordError("a key must be a word", position=node.position, hint="quote it")
        elif node.text in self._entries:
            first = self._keys[node.text]
            raise RecordError(
                f"'{node.text}' stands here a second time", position=node.position, hint=f"first on line {first.line}"
            )
        else:
            self._key = node
            self._keys[node.text] = node.position

    def close(self) -> Node:
        if self._is_table:
            return Table(self._entries, self._keys, self._position)
        return Sequence(tuple(self._items), self._position)


def _typed(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text) and len(text) <= _DIGITS:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


class Faults:
    """Gathers the problems of a run, so that all of them are reported at once."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []

    def add(self, code: str, message: str, position: Position, hint: str | None = None) -> None:
        self._problems.append(Problem(code, message, position, hint=hint))

    def include(self, error: RecordError) -> None:
        self._problems.extend(error.problems)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was gathered, in the order of finding."""
        return tuple(self._problems)

    def __bool__(self) -> bool:
        return bool(self._problems)

    def raise_any(self) -> None:
        """Raise one `RecordError` with every problem, in the order of the files.

        :raises RecordError: if there is any
        """
        if self._problems:
            at_end = Position("\uffff", 0)
            raise RecordError(problems=sorted(self._problems, key=lambda p: (p.position or at_end, p.message)))
