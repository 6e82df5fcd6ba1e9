"""Events of a YAML parser -> nodes that know where they stand.

Without recursion, so that no nesting can exhaust the stack; and with little work for each event, since a project of
10,000 claims makes 600,000 of them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Protocol, cast

import yaml

from kg.errors import Position, RecordError
from kg.positions.faults import Faults
from kg.positions.nodes import Node, Scalar, Sequence, Table, Value, pack, position_of
from kg.quoting import in_quotes, may_swallow, quoted, swallowed

_DIGITS: Final = 4000
"""Longest whole number that is read as one; CPython refuses to convert far longer ones."""
_INT: Final = re.compile(r"-?(?:0|[1-9]\d*)", re.ASCII)
_FLOAT: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_BEGIN_NUMBERS: Final = frozenset("-0123456789")
_WORDS: Final[Mapping[str, Scalar]] = MappingProxyType(
    {"null": None, "~": None, "": None, "true": True, "false": False}
)
_LINE: Final = pack(1)
"""What a place grows by from one line to the next."""
_FIRST: Final = pack(1, 1)
"""The place of a document's first character: a parser counts from 0."""


class Composer:
    """Builds the one node of a document; `name` is what errors call the file."""

    def __init__(self, name: str, depth: int, text: str, *, prose: bool) -> None:
        self._name, self._depth, self._text = name, depth, text
        self._may_lose = prose and may_swallow(text)
        self._faults = Faults()
        self._documents = 0
        self._root = _OpenList(name, _FIRST)
        self._open: _Open = self._root
        self._around: list[_Open] = []
        """The collections around the one that is open."""

    def compose(self) -> Node:
        """The document.

        :raises RecordError: if it is not in the subset, or YAML would cut texts of it
        """
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        takers: Mapping[type[yaml.Event], Callable[[Any], None]] = {
            yaml.StreamStartEvent: _pass,
            yaml.DocumentStartEvent: self._begin_document,
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._refuse,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.DocumentEndEvent: _pass,
            yaml.StreamEndEvent: _pass,
        }
        for event in iter(loader(self._text).get_event, None):
            takers[type(event)](event)
        self._faults.raise_any()
        if not self._root.items:
            hint = "write what it should hold, or delete it"
            raise RecordError("the file is empty", position=Position(self._name, 1), hint=hint)
        return self._root.items[0]

    def _begin_document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._error("a file holds one YAML document", event, "remove the line '---'")

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse(event)
        text, mark = event.value, event.start_mark
        assert mark is not None
        place = mark.line * _LINE + mark.column + _FIRST
        if self._may_lose and text and not event.style:
            self._tell_lost(event, place)
        collection = self._open
        if collection.awaits_key:
            collection.take_key(text, place, event)
        else:
            collection.take(Value(text if event.style else _typed(text), text, self._name, place), event)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._refuse(event)
        if len(self._around) >= self._depth:
            raise self._error(f"nested more than {self._depth} levels deep", event, "flatten it")
        self._around.append(self._open)
        place = _place(event)
        if isinstance(event, yaml.SequenceStartEvent):
            self._open = _OpenList(self._name, place)
        elif event.flow_style:
            self._open = _OpenBraces(self._name, place, self._text, self._faults)
        else:
            self._open = _OpenTable(self._name, place)

    def _end(self, _event: yaml.CollectionEndEvent) -> None:
        node = self._open.close()
        self._open = self._around.pop()
        self._open.take(node, None)

    def _refuse(self, event: yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            hint = "write the value again; a text goes in quotes"
            raise self._error("anchors and aliases are not allowed", event, hint)
        raise self._error("tags are not allowed", event, "remove it; a text goes in quotes")

    def _tell_lost(self, event: yaml.ScalarEvent, place: int) -> None:
        """Tell what follows a text without quotes and reads as a remark."""
        assert event.start_mark is not None
        assert event.end_mark is not None
        begin, end = event.start_mark.index, event.end_mark.index
        if lost := swallowed(self._text, end):
            whole = quoted(f"{self._text[begin:end]} {lost}")
            hint = f"put the text in quotes: {whole}; a remark has a blank after its #"
            message = f"{lost!r} reads as a remark and is no part of the text"
            self._faults.add(RecordError.code, message, position_of(self._name, place), hint)

    def _error(self, message: str, event: yaml.Event, hint: str) -> RecordError:
        return RecordError(message, position=position_of(self._name, _place(event)), hint=hint)


def _pass(_event: yaml.Event) -> None:
    """Where a stream begins and ends says nothing, nor where a document ends."""


def _place(event: yaml.Event) -> int:
    mark = event.start_mark
    assert mark is not None
    return mark.line * _LINE + mark.column + _FIRST


def _typed(text: str) -> Scalar:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _BEGIN_NUMBERS:
        return text
    if _INT.fullmatch(text) and len(text) <= _DIGITS:
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


# --- collections whose end has not been read yet


class _Open(Protocol):
    """A collection whose end has not been read yet."""

    awaits_key: bool

    def take_key(self, text: str, place: int, event: yaml.ScalarEvent) -> None:
        """Take the next scalar as a key."""

    def take(self, node: Node, event: yaml.ScalarEvent | None) -> None:
        """Take the next node; `event` is that of a scalar."""

    def close(self) -> Node:
        """The collection, whole."""


class _OpenList:
    awaits_key = False

    def __init__(self, name: str, place: int) -> None:
        self._name, self._place = name, place
        self.items: list[Node] = []

    def take_key(self, text: str, place: int, event: yaml.ScalarEvent) -> None:
        raise TypeError(f"a list has no keys: {text!r} at {position_of(self._name, place)}, {event!r}")

    def take(self, node: Node, event: yaml.ScalarEvent | None) -> None:
        del event
        self.items.append(node)

    def close(self) -> Node:
        return Sequence(tuple(self.items), self._name, self._place)


class _OpenTable:
    """A mapping in lines of its own."""

    in_braces = False

    def __init__(self, name: str, place: int) -> None:
        self._name, self._place = name, place
        self._entries: dict[str, Node] = {}
        self._places: dict[str, int] = {}
        self._key = ""
        self.awaits_key = True

    def take_key(self, text: str, place: int, event: yaml.ScalarEvent) -> None:
        del event
        if text in self._entries:
            raise self._second(text, place)
        self._key = text = sys.intern(text)  # the same few words, in every claim
        self._places[text] = place
        self.awaits_key = False

    def take(self, node: Node, event: yaml.ScalarEvent | None) -> None:
        del event
        if self.awaits_key:
            raise self._no_word(node)
        self._entries[self._key] = node
        self.awaits_key = True

    def close(self) -> Node:
        return Table(self._entries, self._places, self._name, self._place, self.in_braces)

    def _second(self, text: str, place: int) -> RecordError:
        first = position_of(self._name, self._places[text])
        where = position_of(self._name, place)
        return RecordError(f"'{text}' stands here a second time", position=where, hint=f"first on line {first.line}")

    def _no_word(self, node: Node) -> RecordError:
        return RecordError("a key must be a word", position=node.position, hint="quote it")


class _OpenBraces(_OpenTable):
    """A mapping within { }, where a comma ends a text: the rest of the text is then a key without a colon."""

    in_braces = True

    def __init__(self, name: str, place: int, text: str, faults: Faults) -> None:
        super().__init__(name, place)
        self._text, self._faults = text, faults
        self._key_place, self._key_ends = place, cast("Any", None)
        self._last: tuple[str, Any] | None = None
        """The key before this one and the mark where its text begins, if that is a text without quotes."""
        self._cut: tuple[str, int, int] | None = None
        """The first key without a colon, its place, and where the last one ends."""

    def take_key(self, text: str, place: int, event: yaml.ScalarEvent) -> None:
        if text in self._entries and self._cut is None:
            raise self._second(text, place)
        self._key = text = sys.intern(text)
        self._places.setdefault(text, place)
        self._key_place, self._key_ends = place, event.end_mark
        self.awaits_key = False

    def take(self, node: Node, event: yaml.ScalarEvent | None) -> None:
        if self.awaits_key:
            raise self._no_word(node)
        self.awaits_key = True
        is_plain = event is not None and not event.style
        if event is not None and is_plain and not event.value and self._has_no_colon(event):
            key, place, _ = self._cut or (self._key, self._key_place, 0)
            self._cut = (key, place, self._key_ends.index)
            return
        if self._cut is not None:
            self._tell_cut(*self._cut)
        self._entries[self._key] = node
        self._last = (self._key, event.start_mark) if event is not None and is_plain and event.value else None

    def close(self) -> Node:
        if self._cut is not None:
            self._tell_cut(*self._cut)
        return super().close()

    def _has_no_colon(self, event: yaml.ScalarEvent) -> bool:
        """Whether an empty value stands right where its key ends."""
        assert event.start_mark is not None
        return bool(event.start_mark.index == self._key_ends.index)

    def _tell_cut(self, key: str, place: int, ends: int) -> None:
        self._cut = None
        if self._last is None:
            hint = f"write {key}: …, or put the text that it belongs to in quotes"
        else:
            hint = in_quotes(self._last[0], self._text[self._last[1].index : ends])
        message = f"'{key}' has no value, for within {{ }} a comma ends a text"
        self._faults.add(RecordError.code, message, position_of(self._name, place), hint)
