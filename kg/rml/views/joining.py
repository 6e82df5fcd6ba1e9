"""Joins of views: the rows of the other view in an index that spills, and the step that looks them up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from kg.errors import DataError, Position, Problem
from kg.rml.compile.applying import optional
from kg.rml.compile.columns import Fault, Shape
from kg.rml.compile.shapes import shapes_of
from kg.rml.joins.index import JoinIndex, KeyIndex, apart, as_one
from kg.rml.joins.unlinked import Unlinked
from kg.rml.mapping.model import Batch, Expression, Field, Reference, Source, ViewJoin, references_of
from kg.rml.mapping.values import Failed
from kg.rml.views.frames import ROWS, Column, Derived, Frame, Step
from kg.rml.views.levels import Evaluated
from kg.rml.views.packing import packed, unpacked

_EMPTY: Final = "\1"
"""Stands for the empty text, which is a key like others."""
_WAITING: Final = 1 << 19
"""Characters of keys and rows that wait for the index."""
_LINE: Final = "\n"
"""Stands in no packed row."""


@dataclass(slots=True)
class Unmatched:
    """Counts rows for which a join finds nothing."""

    count: int = 0

    def take(self) -> int:
        """The count since it was last taken."""
        found, self.count = self.count, 0
        return found


def keys_column(number: int, side: str) -> str:
    """The name of the column of the keys of a join, for the view or for the other one."""
    return f"\0keys\0{side}\0{number}"


def keys_step(
    join: ViewJoin, number: int, child: Source | None, column: Callable[[str], str], *, is_many: bool
) -> Derived:
    """What makes the keys of a row: one text or none, or a list of them; cells of a table are keys as they are.

    :param child: the view whose rows they are, if not those of the view that it joins
    :param column: the name of the column of a reference
    """
    source, side = (join.parent, "parent") if child is None else (child, "child")
    expressions = [one.parent if child is None else one.child for one in join.joins]
    evaluated = [_evaluated(expression, source) for expression in expressions]
    references = tuple(dict.fromkeys(name for _, names in evaluated for name in names))
    if not is_many and len(expressions) == 1 and isinstance(expressions[0], Reference):
        (name,) = references
        if shapes_of(source, references)[name] is Shape.TABLE:
            return Derived([column(name)], [keys_column(number, side)], lambda _, cells: (cells,))

    def made(size: int, *columns: Column) -> Sequence[Column]:
        known = dict(zip(references, columns, strict=True))
        sides = [one(size, *(known[name] for name in names))[0] for one, names in evaluated]
        if not is_many:
            return (_single(sides),)
        shapes = [one.shape for one, _ in evaluated]
        return ([_several(row, shapes) for row in zip(*sides, strict=True)],)

    return Derived([column(name) for name in references], [keys_column(number, side)], made)


def _evaluated(expression: Expression, source: Source) -> tuple[Evaluated, tuple[str, ...]]:
    names = tuple(dict.fromkeys(reference.text for reference in references_of(expression)))
    return Evaluated(expression, names, shapes_of(source, names), is_key=True), names


def has_many(source: Source, join: ViewJoin) -> bool:
    """Whether a row of a view, or of one that it joins, may have several keys."""
    sides = [side for one in join.joins for side in ((one.child, source), (one.parent, join.parent))]
    return any(_evaluated(*side)[0].shape is Shape.MANY for side in sides)


def _single(sides: Sequence[Column]) -> Column:
    if len(sides) == 1:
        return [_EMPTY if key == "" else key for key in sides[0]] if "" in sides[0] else sides[0]
    made: list[Any] = []
    for row in zip(*sides, strict=True):
        failed = next((key for key in row if type(key) is Failed), None)
        made.append(failed if failed is not None else None if None in row else "\0".join(row))
    return made


def _several(row: Sequence[Any], shapes: Sequence[Shape]) -> Sequence[Any]:
    listed = [
        cell if shape is Shape.MANY else () if cell is None else (cell,)
        for cell, shape in zip(row, shapes, strict=True)
    ]
    failed = next((key for keys in listed for key in keys if type(key) is Failed), None)
    if failed is not None:
        return (failed,)
    return ["\0".join(keys) or _EMPTY for keys in product(*map(dict.fromkeys, listed))]


class Joined:
    """The rows of another view by their keys."""

    def __init__(
        self, index: JoinIndex, join: ViewJoin, cells: Collection[str], unlinked: Unlinked | None, *, is_many: bool
    ) -> None:
        """In an index.

        :param cells: the fields that are cells of a table, of which the empty one is no value
        :param unlinked: what takes rows whose key cannot be made; without it, they are an error
        :param is_many: whether a row may have several keys
        """
        self._index, self._parent, self.cells, self.is_many = index, join.parent, cells, is_many
        self._unlinked = unlinked
        self._rows = 0
        self._waiting: list[tuple[str | list[str], str | list[str]]] = []
        self._size = 0
        nothing = ["" if field.name in cells else None for field in join.fields]
        self.nothing = packed([[value] for value in (["0", *nothing] if is_many else nothing)])[0]
        """The packed row of a match with nothing."""

    def take(self, batch: Batch) -> None:
        """Take some rows: keys, then the values of the fields.

        :raises DataError: if the key of a row cannot be made, unless such rows are left out
        """
        keys, *values = batch.columns
        kinds = set() if self.is_many else set(map(type, keys))
        if self.is_many or Failed in kinds:
            keys = self._sound_keys(keys, batch)
        if self.is_many:
            numbers = [str(self._rows + number) for number in range(batch.size)]
            rows = packed([numbers, *values])
            pairs = [(key, row) for found, row in zip(keys, rows, strict=True) for key in found]
            self._add([key for key, _ in pairs], [row for _, row in pairs])
        elif kinds != {str}:
            rows = packed(values)
            pairs = [(key, row) for key, row in zip(keys, rows, strict=True) if key is not None]
            self._add([key for key, _ in pairs], [row for _, row in pairs])
        else:
            self._add(keys, packed(values))
        self._rows += batch.size

    def _add(self, keys: Sequence[str], rows: Sequence[str]) -> None:
        """Let rows with their keys wait, as few long texts.

        What stays would lie scattered among cells that are let go, and looking it up would take longer.
        """
        if keys:
            self._waiting.append((as_one(keys), as_one(rows, _LINE)))
            self._size += sum(map(len, keys)) + sum(map(len, rows))
        if self._size >= _WAITING:
            self._settle()

    def _settle(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        keys = [key for one, _ in waiting for key in apart(one)]
        rows = [row for _, one in waiting for row in apart(one, _LINE)]
        self._index.add_alone(keys, rows)

    def _sound_keys(self, keys: Column, batch: Batch) -> Column:
        """Keys without those that cannot be made, which are told."""
        made = list(keys)
        for row, found in enumerate(keys):
            failed = next((key for key in (found if self.is_many else (found,)) if type(key) is Failed), None)
            if failed is None:
                continue
            problem = self._faulty(failed.fault, batch, row)
            if self._unlinked is None:
                raise DataError(problems=[problem])
            self._unlinked.take(problem)
            made[row] = () if self.is_many else None
        return made

    def _faulty(self, fault: Exception, batch: Batch, row: int) -> Problem:
        assert isinstance(fault, Fault)
        line = 1 if batch.lines is None else batch.lines(row)
        place = Position(batch.source or self._parent.name, line)
        return Problem("data", fault.message, place, hint=fault.hint, mapping=fault.position, value=fault.value)

    def find_alone(self, keys: Column) -> list[str | None] | None:
        """The packed row of each key, where none failed and none has several; else nothing."""
        if self.is_many or Failed in set(map(type, keys)):
            return None
        return self._index.find_alone(keys)

    def find(self, keys: Column) -> list[Sequence[Any]]:
        """The packed rows of each key or list of keys; for one that failed, what is wrong."""
        if not self.is_many:
            if Failed not in set(map(type, keys)):
                return self._index.find(keys)
            found = self._index.find([None if type(key) is Failed else key for key in keys])
            return [(key,) if type(key) is Failed else rows for key, rows in zip(keys, found, strict=True)]
        made: list[Sequence[Any]] = []
        for failed, rows in zip(keys, self._index.find_all(_sound(keys)), strict=True):
            is_failed = len(failed) == 1 and type(failed[0]) is Failed
            made.append((failed[0],) if is_failed else sorted(rows, key=_number))
        return made

    def freeze(self) -> None:
        """Say that nothing more comes."""
        if self._waiting:
            self._settle()
        self._index.freeze()

    def close(self) -> None:
        """Let go of the rows."""
        self._index.close()


def _sound(keys: Column) -> list[Sequence[str]]:
    return [() if len(found) == 1 and type(found[0]) is Failed else found for found in keys]


def _number(row: str) -> int:
    return int(unpacked([row], 1)[0][0]) if row[0] == "\x1e" else int(row.partition("\x1f")[0])


class Seen:
    """The keys that the rows of a view have, for a full join: which rows of the other view none of them matches."""

    def __init__(self, index: KeyIndex, *, is_many: bool) -> None:
        """In an index.

        :param is_many: whether a row may have several keys
        """
        self._index, self._is_many = index, is_many

    def take(self, keys: Column) -> None:
        """Take those of some rows."""
        found = [key for some in keys for key in some] if self._is_many else keys
        sound = [key for key in found if key and type(key) is not Failed]
        self._index.add_alone(sound, sound)

    def freeze(self) -> None:
        """Say that nothing more comes."""
        self._index.freeze()

    def lacking(self, keys: Column) -> list[int]:
        """The rows of which no key is here, by their numbers; not those of which nobody knows a key."""
        if self._is_many:
            sound = _sound(keys)
            known: Sequence[Any] = self._index.known_lists(sound)
            failed = [len(some) != len(own) for some, own in zip(keys, sound, strict=True)]
        else:
            failed = [type(key) is Failed for key in keys]
            known = self._index.known([None if not key or type(key) is Failed else key for key in keys])
        return [number for number, some in enumerate(known) if not some and not failed[number]]

    def close(self) -> None:
        """Let go of them."""
        self._index.close()


class Match(Step):
    """A row for each row of the other view that has a key of it (RML-LV, section 5.1)."""

    def __init__(
        self, join: ViewJoin, number: int, joined: Joined, unmatched: Unmatched, seen: Seen | None = None
    ) -> None:
        super().__init__()
        self._seen = seen
        self._fields: tuple[Field, ...] = join.fields
        self._keys, self._is_left = keys_column(number, "child"), join.is_left
        self._joined, self._unmatched = joined, unmatched

    @property
    def needs(self) -> frozenset[str]:
        return frozenset({self._keys})

    @property
    def makes(self) -> frozenset[str]:
        return frozenset(key for field in self._fields for key in field.names())

    @property
    def changes_rows(self) -> bool:
        return True

    def run(self, frame: Frame) -> Iterator[Frame]:
        keys = frame.columns[self._keys]
        if self._seen is not None:
            self._seen.take(keys)
        alone = self._joined.find_alone(keys)
        lacks = alone is not None and type(None) in set(map(type, alone))
        if alone is not None and (self._is_left or not lacks):
            self._unmatched.count += alone.count(None) if lacks else 0
            yield self._extended(frame.columns, alone, [0] * frame.size)
            return
        found = self._joined.find(keys)
        counts = list(map(len, found))
        self._unmatched.count += counts.count(0)
        kept = self._kept - self.makes
        if not self._is_left and any(rows and type(rows[0]) is Failed for rows in found):
            frame = frame.with_columns(_marked(frame, found, kept))
        for order, rows, firsts in self._in_parts(found):
            yield self._extended(frame.taken(order, kept), rows, firsts)

    def _in_parts(self, found: Sequence[Sequence[Any]]) -> Iterator[tuple[list[int], list[Any], list[int]]]:
        """The numbers of rows, what was found, and which of what was found for the row it is."""
        order: list[int] = []
        rows: list[Any] = []
        places: list[int] = []
        for number, matches in enumerate(found):
            listed = matches or ((None,) if self._is_left else ())
            for start in range(0, len(listed), ROWS):
                some = listed[start : start + ROWS]
                order += [number] * len(some)
                rows += some
                places += range(start, start + len(some))
                if len(order) >= ROWS:
                    yield order, rows, places
                    order, rows, places = [], [], []
        if order:
            yield order, rows, places

    def _extended(self, columns: Any, rows: Sequence[Any], places: Sequence[int]) -> Frame:
        width = len(self._fields) + self._joined.is_many
        kinds = set(map(type, rows))
        if type(None) in kinds:
            rows = [self._joined.nothing if row is None else row for row in rows]
        if Failed not in kinds:
            values = unpacked(rows, width)
        else:
            there = unpacked([row for row in rows if type(row) is str], width)
            values = [_filled(rows, iter(column)) for column in there]
        made = dict(columns)
        for field, column in zip(self._fields, values[self._joined.is_many :], strict=True):
            made[field.name] = column
            index = f"{field.name}.#"
            if index in self._kept:
                present = optional(column) if field.name in self._joined.cells else column
                made[index] = [None if v is None else n for v, n in zip(present, places, strict=True)]
        return Frame(len(rows), made)


def _marked(frame: Frame, found: Sequence[Sequence[Any]], kept: Iterable[str]) -> dict[str, Column]:
    """The fields of rows of which nobody knows whether they join: whoever uses one is told why."""
    failed = [rows[0] if rows and type(rows[0]) is Failed else None for rows in found]
    own = [name for name in kept if not name.startswith("\0")]
    return {
        name: [value if fault is None else fault for fault, value in zip(failed, frame.columns[name], strict=True)]
        for name in own
    }


def _filled(rows: Sequence[Any], values: Iterator[Any]) -> list[Any]:
    return [next(values) if type(row) is str else row for row in rows]
