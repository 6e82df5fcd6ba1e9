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
from kg.quoting import hint_for_line, in_quotes, quoted, swallowed

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
    in_braces: bool = False
    """Whether it is written `{a: 1, b: 2}`, where a comma ends a text."""

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


def parse_yaml(content: bytes, name: str, *, depth: int = 32, prose: bool = True) -> Node:
    """Parse one YAML document into nodes that know their line.

    With `prose` the file holds words that people copied: a `#` before a word, which would make a comment of the rest
    of a text, is a fault.

    :raises RecordError: at the first fault of syntax, naming file and line; of texts that YAML would cut, all

    >>> node = parse_yaml(b"a: 1\\nb: [x, 2025-07]\\n", "t.yaml")
    >>> [item.value for item in node.get("b").items], str(node.keys["b"])
    (['x', '2025-07'], 't.yaml:2')
    >>> parse_yaml(b"a: &x 1\\nb: *x\\n", "t.yaml")
    Traceback (most recent call last):
        ...
    kg.errors.RecordError: t.yaml:1: anchors and aliases are not allowed (write the value again; a text goes in quotes)
    >>> parse_yaml(b"a: {exact: on March 27, 2026}\\n", "t.yaml")
    Traceback (most recent call last):
        ...
    kg.errors.RecordError: t.yaml:1: '2026' has no value, for within { } a comma ends a text \
(put the text in quotes: exact: "on March 27, 2026")
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
        return _Composer(name, depth, text, prose=prose).compose()
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
        hint = _hint(text, error.problem_mark, error.context_mark) or "check the indentation and the quotes"
        raise RecordError(f"not YAML: {said}", position=position, hint=hint) from None


def _hint(text: str, *marks: yaml.Mark | None) -> str | None:
    """What to write in place of a text that is the reason why a document does not parse."""
    lines = text.split("\n")
    places = (mark.line for mark in marks if mark is not None and mark.line < len(lines))
    return next((hint for place in places if (hint := hint_for_line(lines[place]))), None)


def read_yaml(path: Path, name: str, *, limit: int, depth: int, prose: bool = True) -> Node:
    """Read a YAML file of at most `limit` bytes and `depth` levels; for `prose` see `parse_yaml`.

    :raises RecordError: if it is absent, too large, or not what `parse_yaml` accepts
    :raises StorageError: if the system cannot read it
    """
    return parse_yaml(read_bytes(path, name, limit), name, depth=depth, prose=prose)


class _Composer:
    """Builds nodes from the event stream, without recursion, so that no nesting can exhaust the stack."""

    def __init__(self, name: str, depth: int, text: str, *, prose: bool) -> None:
        self._name, self._depth, self._text, self._prose = name, depth, text, prose
        self._stack: list[_Open] = []
        self._root: Node | None = None
        self._faults = Faults()

    def compose(self) -> Node:
        """The document.

        :raises RecordError: if it is not in the subset, or YAML would cut texts of it
        """
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        documents = 0
        for event in yaml.parse(self._text, Loader=loader):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error("a file holds one YAML document", event, "remove the line '---'")
            elif isinstance(event, yaml.NodeEvent):
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._put(self._stack.pop().close())
        self._faults.raise_any()
        if self._root is None:
            raise RecordError("the file is empty", position=Position(self._name, 1))
        return self._root

    def _node(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            hint = "write the value again; a text goes in quotes"
            raise self._error("anchors and aliases are not allowed", event, hint)
        if getattr(event, "tag", None) is not None:
            raise self._error("tags are not allowed", event, "remove it; a text goes in quotes")
        position = self._position(event)
        if isinstance(event, yaml.ScalarEvent):
            span = _span(event)
            self._put(self._value(event, position, span), span)
        elif isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            if len(self._stack) >= self._depth:
                raise self._error(f"nested more than {self._depth} levels deep", event, "flatten it")
            is_table = isinstance(event, yaml.MappingStartEvent)
            in_braces = bool(event.flow_style)
            self._stack.append(_Open(position, self._text, self._faults, is_table=is_table, in_braces=in_braces))
        else:
            raise TypeError(f"unexpected YAML event: {event!r}")

    def _value(self, event: yaml.ScalarEvent, position: Position, span: _Span) -> Value:
        if event.style:
            return Value(event.value, event.value, position)
        stop = self._text.find("\n", span.end)
        rest = self._text[span.end : stop if stop >= 0 else None]
        lost = swallowed(rest) if self._prose and event.value else ""
        if lost:
            whole = quoted(f"{self._text[span.begin : span.end]} {lost}")
            hint = f"put the text in quotes: {whole}; a remark has a blank after its #"
            self._faults.add(RecordError.code, f"{lost!r} reads as a remark and is no part of the text", position, hint)
        return Value(_typed(event.value), event.value, position)

    def _put(self, node: Node, span: _Span | None = None) -> None:
        if self._stack:
            self._stack[-1].put(node, span)
        else:
            self._root = node

    def _position(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        return Position(self._name, mark.line + 1, mark.column + 1) if mark else Position(self._name, 1)

    def _error(self, message: str, event: yaml.Event, hint: str) -> RecordError:
        return RecordError(message, position=self._position(event), hint=hint)


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a scalar stands in the text of its file, in characters; whether it is a text without quotes."""

    begin: int
    end: int
    is_plain: bool


def _span(event: yaml.ScalarEvent) -> _Span:
    begin, end = event.start_mark, event.end_mark
    return _Span(begin.index if begin else 0, end.index if end else 0, not event.style and bool(event.value))


class _Open:
    """A collection whose end has not been read yet."""

    def __init__(self, position: Position, text: str, faults: Faults, *, is_table: bool, in_braces: bool) -> None:
        self._is_table, self._position, self._in_braces = is_table, position, in_braces
        self._text, self._faults = text, faults
        self._items: list[Node] = []
        self._entries: dict[str, Node] = {}
        self._keys: dict[str, Position] = {}
        self._key: Value | None = None
        self._key_ends = 0
        self._last: tuple[str, int] | None = None
        """The key before this one and where its text begins, if that is a text without quotes."""
        self._cut: tuple[Value, int] | None = None
        """The first key without a colon, and where the last one ends."""

    def put(self, node: Node, span: _Span | None) -> None:
        """Take the next node; `span` is that of a scalar."""
        if not self._is_table:
            self._items.append(node)
        elif self._key is not None:
            self._close_entry(self._key, node, span)
            self._key = None
        elif not isinstance(node, Value):
            raise RecordError("a key must be a word", position=node.position, hint="quote it")
        elif node.text in self._entries and self._cut is None:
            first = self._keys[node.text]
            raise RecordError(
                f"'{node.text}' stands here a second time", position=node.position, hint=f"first on line {first.line}"
            )
        else:
            self._key = node
            self._keys.setdefault(node.text, node.position)
            self._key_ends = span.end if span is not None else 0

    def close(self) -> Node:
        """The collection, whole."""
        self._tell_cut()
        if self._is_table:
            return Table(self._entries, self._keys, self._position, self._in_braces)
        return Sequence(tuple(self._items), self._position)

    def _close_entry(self, key: Value, node: Node, span: _Span | None) -> None:
        has_no_colon = span is not None and span.begin == span.end == self._key_ends
        if self._in_braces and has_no_colon:
            self._cut = (self._cut[0] if self._cut else key, self._key_ends)
            return
        self._tell_cut()
        self._entries[key.text] = node
        self._last = (key.text, span.begin) if span is not None and span.is_plain else None

    def _tell_cut(self) -> None:
        if self._cut is None:
            return
        (key, ends), self._cut = self._cut, None
        if self._last is None:
            hint = f"write {key.text}: …, or put the text that it belongs to in quotes"
        else:
            hint = in_quotes(self._last[0], self._text[self._last[1] : ends])
        message = f"'{key.text}' has no value, for within {{ }} a comma ends a text"
        self._faults.add(RecordError.code, message, key.position, hint)


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
