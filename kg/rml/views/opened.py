"""Views that are read: batches of flat rows, as any source gives them, and the indexes of their joins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg.errors import KgError
from kg.rml.compile.applying import optional
from kg.rml.joins.index import JoinIndex, KeyIndex
from kg.rml.joins.unlinked import Unlinked
from kg.rml.mapping.model import Batch, Field, Formulation, Source, View, ViewJoin
from kg.rml.sources import xml
from kg.rml.sources.csv import Layout, Range
from kg.rml.sources.rows import batches_of, is_divisible
from kg.rml.views.frames import Column, Frame, Step, Steps
from kg.rml.views.joining import Joined, Match, Seen, Unmatched, has_many, keys_column, keys_step
from kg.rml.views.levels import Level, cells_among, paths_at, paths_beneath, records_column, steps_of
from kg.rml.views.telling import told_of_fields, told_of_join, told_of_source

_ROW: Final = "\0row"
"""The column of the rows of the source that rows are made of."""
_POSITION: Final = "#"


class OpenView:
    """A view as rows with some of its keys, of which none is a list."""

    def __init__(
        self,
        source: Source,
        references: Sequence[str],
        folder: Path | None = None,
        unlinked: Unlinked | None = None,
    ) -> None:
        """Open a view; nothing is read yet.

        :param folder: where indexes of joins go that would not fit into memory
        :param unlinked: what takes rows of other views whose key cannot be made; without it, they are an error
        """
        view = source.view
        assert view is not None
        self._references = tuple(references)
        self._unmatched, self.unlinked = Unmatched(), unlinked
        self._joins = [_Join(source, join, number, folder, unlinked) for number, join in enumerate(view.joins)]
        steps = steps_of(view.fields, Level(view.on), cells_among(view.fields, source))
        steps += [one.keys() for one in self._joins]
        steps += [Match(one.join, one.number, one.joined, self._unmatched, one.seen) for one in self._joins]
        self._cells = cells_among(view.fields, source)
        self._rows = _Rows(view.on, view.fields, steps, self._references, folder, unlinked)
        self._failure: KgError | None = None
        self._is_ready = False

    def prepare(self) -> None:
        """Read the views that it joins; what goes wrong is raised when its rows are asked for.

        Processes that are begun afterwards share what was read.
        """
        if self._is_ready:
            return
        self._is_ready = True
        try:
            self._rows.prepare()
            for one in self._joins:
                one.fill()
        except KgError as error:
            self._failure = error

    def batches(self, part: Range | None = None) -> Iterator[Batch]:
        """The rows, or those of a part of the table that it is a view on, counted from its beginning.

        :raises DataError: with file and line, where a source is not what it should be
        """
        self.prepare()
        if self._failure is not None:
            raise self._failure
        self._unmatched.take()
        first = 1
        for batch in self._rows.batches(part):
            self._unmatched.count += batch.unmatched
            for frame, lines in self._rows.frames(batch):
                columns = tuple(frame.columns[name] for name in self._references)
                yield Batch(columns, frame.size, first, lines, self._unmatched.take(), batch.source)
                first += frame.size
        for batch in self._others(first):
            yield replace(batch, unmatched=self._unmatched.take())
        if left := self._unmatched.take():
            yield Batch(tuple(() for _ in self._references), 0, first, None, left)

    def _others(self, first: int) -> Iterator[Batch]:
        """The rows of other views that none matches, of full joins (RML-LV of 2026-09-01, section 5.1)."""
        for one in self._joins:
            for frame, lines, source in one.others():
                columns = tuple(self._column(one, frame, name) for name in self._references)
                yield Batch(columns, frame.size, first, lines, source=source)
                first += frame.size

    def _column(self, join: _Join, frame: Frame, name: str) -> Column:
        """A column of such rows: of the own fields, they have none."""
        if name in frame.columns:
            return frame.columns[name]
        of = name.removesuffix(".#")
        if of != name and of in frame.columns:
            present = optional(frame.columns[of]) if of in join.joined.cells else frame.columns[of]
            return [None if value is None else 0 for value in present]
        return ["" if name in self._cells else None] * frame.size

    def told(self, *, in_parts: bool) -> Iterator[str]:
        """What it is made of, in lines.

        :param in_parts: whether workers share its rows
        """
        yield from self._rows.told(in_parts=in_parts)
        for one in self._joins:
            yield told_of_join(one.join)
            yield from (f"  {line}" for line in one.told())

    def close(self) -> None:
        """Let go of what was read of other views."""
        self._rows.close()
        for one in self._joins:
            one.close()


class _Rows:
    """Rows of a source or a view, and what steps make of them."""

    def __init__(  # noqa: PLR0913, PLR0917 -- what they are made of, and how they are read
        self,
        on: Source,
        fields: Sequence[Field],
        steps: Sequence[Step],
        wanted: Sequence[str],
        folder: Path | None,
        unlinked: Unlinked | None,
    ) -> None:
        self._on, self._fields, self._wanted = on, fields, tuple(wanted)
        self._steps = Steps(steps, (*wanted, _ROW))
        needs = self._steps.needs
        before = Level(on).column("")
        self._references = tuple(sorted(n.removeprefix(before) for n in needs if n.startswith(before)))
        paths = paths_at(fields, on) if on.formulation is Formulation.XPATH else ()
        self._paths = tuple(path for path in paths if records_column(f"\0{path}") in needs)
        self._beneath = paths_beneath(fields)
        self._names = (
            *map(Level(on).column, self._references),
            *(records_column(f"\0{path}") for path in self._paths),
        )
        self._is_counted = _POSITION in needs
        self._inner = None if on.view is None else OpenView(on, self._references, folder, unlinked)
        self._layout = Layout(on)

    def told(self, *, in_parts: bool, is_joined: bool = False) -> Iterator[str]:
        """How they are read, and the fields that are made of them, in lines.

        :param is_joined: whether they are those of the other view of a join, with what that one gives
        """
        if self._inner is None:
            within = (*self._paths, *self._beneath)
            yield f"on {told_of_source(self._on, self._references, within, in_parts=in_parts)}"
        else:
            yield "rows of the other view" if is_joined else f"on a view ({self._on.position})"
            yield from (f"  {line}" for line in self._inner.told(in_parts=in_parts))
        yield from (f"{'' if is_joined else '  '}{line}" for line in told_of_fields(self._fields, self._on))

    def prepare(self) -> None:
        """Read what the view that it is on joins."""
        if self._inner is not None:
            self._inner.prepare()

    def close(self) -> None:
        """Let go of it."""
        if self._inner is not None:
            self._inner.close()

    def batches(self, part: Range | None = None) -> Iterator[Batch]:
        """The rows as they are."""
        if self._inner is not None:
            return self._inner.batches(part)
        if self._paths:
            return xml.batches(self._on, self._references, self._paths, self._beneath)
        return batches_of(self._on, self._references, part, self._layout if part is not None else None)

    def frames(self, batch: Batch) -> Iterator[tuple[Frame, Callable[[int], int] | None]]:
        """What becomes of some rows, and where they stand."""
        columns: dict[str, Column] = dict(zip(self._names, batch.columns, strict=True))
        columns[_ROW] = range(batch.size)
        if self._is_counted:
            columns[_POSITION] = range(batch.first - 1, batch.first - 1 + batch.size)
        for frame in self._steps.run(Frame(batch.size, columns)):
            if frame.size:
                yield frame, None if batch.lines is None else _Lines(batch.lines, frame.columns[_ROW])


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where the rows of a view begin: where those do that they are made of."""

    lines: Callable[[int], int]
    rows: Column

    def __call__(self, index: int) -> int:
        return self.lines(self.rows[index])


class _Join:
    """A join, and the rows of the other view."""

    def __init__(
        self, source: Source, join: ViewJoin, number: int, folder: Path | None, unlinked: Unlinked | None
    ) -> None:
        """Of a view, with a folder for its index."""
        self.join, self.number, self._source, self._folder = join, number, source, folder
        self._unlinked = unlinked
        self._is_many = has_many(source, join)
        self._cells = cells_among(join.fields, source)
        self.joined = Joined(JoinIndex(folder), join, self._cells, unlinked, is_many=self._is_many)
        self.seen = Seen(KeyIndex(folder), is_many=self._is_many) if join.is_full else None

    def keys(self) -> Step:
        """What makes the keys by which rows of the other view are looked for."""
        return keys_step(self.join, self.number, self._source, str, is_many=self._is_many)

    def told(self) -> Iterator[str]:
        """What it reads of the other view, in lines."""
        yield from self._parents(None)[0].told(in_parts=False, is_joined=True)

    def _parents(self, unlinked: Unlinked | None) -> tuple[_Rows, tuple[str, ...]]:
        """The rows of the other view, and the columns that are kept of them: keys, then fields."""
        level = Level(self.join.parent)
        keys = keys_step(self.join, self.number, None, level.column, is_many=self._is_many)
        wanted = (keys_column(self.number, "parent"), *(field.name for field in self.join.fields))
        steps = [keys, *steps_of(self.join.fields, level, self._cells)]
        return _Rows(self.join.parent, self.join.fields, steps, wanted, self._folder, unlinked), wanted

    def fill(self) -> None:
        """Read the other view.

        :raises DataError: if one of its sources is not what it should be, or the key of a row cannot be made and is no
            row that is left out
        """
        rows, wanted = self._parents(self._unlinked)
        try:
            for batch in rows.batches():
                for frame, lines in rows.frames(batch):
                    columns = tuple(frame.columns[name] for name in wanted)
                    self.joined.take(Batch(columns, frame.size, batch.first, lines, source=batch.source))
        finally:
            rows.close()
        self.joined.freeze()

    def others(self) -> Iterator[tuple[Frame, Callable[[int], int] | None, str]]:
        """The fields of the rows that a full join leaves over, where they stand, and in which file.

        The other view is read once more for them: so nothing of it is held but its index.
        """
        if self.seen is None:
            return
        self.seen.freeze()
        # What has no key was told when it was read for the index.
        rows, (keys, *kept) = self._parents(self._unlinked and Unlinked(0))
        try:
            for batch in rows.batches():
                for frame, lines in rows.frames(batch):
                    order = self.seen.lacking(frame.columns[keys])
                    if order:
                        made = Frame(len(order), frame.taken(order, kept))
                        yield made, lines and _Lines(lines, order), batch.source or self.join.parent.name
        finally:
            rows.close()

    def close(self) -> None:
        """Let go of the rows."""
        self.joined.close()
        if self.seen is not None:
            self.seen.close()


def may_be_cut(view: View) -> bool:
    """Whether a part of the table that a view is on gives the same rows as when all of it is read."""
    if view.is_counted or any(join.is_full for join in view.joins):
        return False
    return may_be_cut(view.on.view) if view.on.view is not None else is_divisible(view.on)
