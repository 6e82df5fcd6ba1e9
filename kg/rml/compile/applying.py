"""Functions over whole columns: how a generated program applies a function of single values to a batch.

Most columns are one value for each row, all of them there: such a function is mapped over them in C. A function that
can make nothing of a row leaves a `Failed` there, which is raised only if the value is used: what `if` does not choose
is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, product, repeat
from typing import Any, Final

from kg.errors import Position
from kg.rml.compile.columns import Fault, Shape, as_lists
from kg.rml.mapping.functions import LONGEST, MOST, Kind, Parameter, Refused
from kg.rml.mapping.model import Call
from kg.rml.mapping.values import Failed, Untyped, as_kind

_SHOWN: Final = 200
"""Characters of a value that a fault holds."""
_IN_WORDS: Final = 60
"""Those that its message tells."""
Column = Sequence[Any]


class Tainted(list[Any]):
    """A column in which some value has failed."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The columns that a parameter takes, or the value that it has in every row."""

    parameter: Parameter
    shapes: tuple[Shape, ...]
    is_text: bool = False
    """Whether what is there is of the kind that is wanted."""
    value: Any = None

    @property
    def is_list(self) -> bool:
        """Whether it takes all values of a row at once."""
        return self.parameter.kind is Kind.TEXTS


class Applied:
    """A function as a program calls it: with the size of the batch, then the columns that it takes."""

    def __init__(self, call: Call, taken: Sequence[Taken]) -> None:
        self._function, self._position, self._taken = call.function, call.position, tuple(taken)
        self._run = call.function.run
        has_many = any(Shape.MANY in one.shapes and not one.is_list for one in taken)
        self.shape = Shape.MANY if has_many or call.function.gives_many else Shape.OPTIONAL
        is_simple = not has_many and all(not one.shapes or not one.is_list for one in taken)
        self._each = self._one if not has_many else self._several
        self._is_fast = is_simple
        self._by_column = tuple(one for one in taken for _ in one.shapes)
        self._kept = _without_defaults(self._taken)
        self._bulk = self._of_column()

    def __call__(self, size: int, *columns: Column) -> Column:
        if not columns:
            return [self._single([one.value for one in self._taken])] * size
        if self._is_fast and not any(type(column) is Tainted for column in columns):
            made = self._mapped(columns)
            if made is not None:
                return made
        rows = [self._each(row) for row in zip(*columns, strict=True)]
        return Tainted(rows) if any(type(made) is Failed for made in rows) or self._holds_failed(rows) else rows

    def _of_column(self) -> Callable[..., list[Any]] | None:
        """What is called with a whole column, if the first parameter is one and the others are the same in all rows."""
        whole, kept = self._function.column, self._kept
        if whole is None or not kept or not kept[0].shapes or any(one.shapes for one in kept[1:]):
            return None
        values = [one.value for one in kept[1:]]
        return lambda column, *_: whole(column, *values)

    def _holds_failed(self, rows: list[Any]) -> bool:
        return self.shape is Shape.MANY and any(type(one) is Failed for row in rows for one in row)

    def _mapped(self, columns: Sequence[Column]) -> Column | None:
        """The results where no row fails; those that lack a value have none."""
        needed = [c for c, one in zip(columns, self._by_column, strict=True) if not one.parameter.takes_absent]
        lacking = [column for column in needed if None in column]
        if not lacking:
            return self._mapped_whole(columns)
        there = [None not in row for row in zip(*lacking, strict=True)]
        made = self._mapped_whole([list(compress(column, there)) for column in columns])
        if made is None:
            return None
        results = iter(made)
        nothing: Any = () if self._function.gives_many else None
        return [next(results) if is_there else nothing for is_there in there]

    def _mapped_whole(self, columns: Sequence[Column]) -> list[Any] | None:
        """The results of rows that have all values, if none fails."""
        given: list[Iterable[Any]] = []
        left = iter(columns)
        for one in self._kept:
            if not one.shapes:
                given.append(repeat(one.value))
                continue
            column: Column | None = next(left)
            if not one.is_text:
                column = self._converted(one.parameter, column or ())
                if column is None:
                    return None
            given.append(column or ())
        try:
            made = list(map(self._run, *given)) if self._bulk is None else self._bulk(*given)
        except (Refused, ArithmeticError, UnicodeEncodeError):
            return None
        return made if self._is_bounded(made) else None

    def _is_bounded(self, made: list[Any]) -> bool:
        function = self._function
        if function.gives_many and max(map(len, made), default=0) > MOST:
            return False
        if not function.grows or function.returns is not Kind.TEXT:
            return True
        return not _is_too_long([text for texts in made for text in texts] if function.gives_many else made)

    @staticmethod
    def _converted(parameter: Parameter, column: Column) -> Column | None:
        kind = parameter.kind
        if kind in {Kind.TEXT, Kind.ANY} and set(map(type, column)) <= {str}:
            return column
        try:
            return [None if value is None else as_kind(value, kind) for value in column]
        except (Refused, Untyped):
            return None

    def _one(self, row: Sequence[Any]) -> Any:
        """The result of one row of which every parameter takes one value, or all of them at once."""
        values, at = [], 0
        for one in self._taken:
            if not one.shapes:
                values.append(one.value)
            elif one.is_list:
                values.append([v for n, shape in enumerate(one.shapes) for v in _present(row[at + n], shape)])
            else:
                values.append(row[at])
            at += len(one.shapes)
        return self._single(values)

    def _several(self, row: Sequence[Any]) -> Sequence[Any]:
        """The results of one row with several values: one for every choice of them."""
        choices: list[Sequence[Any]] = []
        at, count = 0, 1
        for one in self._taken:
            if not one.shapes:
                choices.append((one.value,))
            elif one.is_list:
                choices.append(([v for n, shape in enumerate(one.shapes) for v in _present(row[at + n], shape)],))
            else:
                found = _present(row[at], one.shapes[0])
                choices.append(found or ((None,) if one.parameter.takes_absent else ()))
            count *= len(choices[-1])
            at += len(one.shapes)
        if count > MOST:
            return [self._failed(Refused(f"more than {MOST:,} choices of its values"), ())]
        made: list[Any] = []
        for values in product(*choices):
            result = self._single(values)
            made.extend(result if isinstance(result, list | tuple) else () if result is None else (result,))
            if len(made) > MOST:
                return [self._failed(Refused(f"more than {MOST:,} values"), ())]
        return made

    def _single(self, values: Sequence[Any]) -> Any:
        """The result of single values: none if one is missing, or what went wrong."""
        many = self._function.gives_many
        given = []
        for one, value in zip(self._taken, values, strict=True):
            if not one.shapes or one.parameter.kind is Kind.ANY:
                given.append(value)
                continue
            inner = value if one.is_list else (value,)
            failed = next((v for v in inner if type(v) is Failed), None)
            if failed is not None:
                return [failed] if many else failed
            if value is None and not one.parameter.takes_absent:
                return () if many else None
            try:
                kind = one.parameter.kind
                told = [as_kind(v, kind) if v is not None else None for v in inner]
            except Refused as refused:
                return self._as_result(refused, values)
            except Untyped as untyped:
                return self._as_result(Refused(f"a value is {untyped}"), values)
            given.append(told if one.is_list else told[0])
        if self._lacks_any(values):
            return () if many else None
        return self._made(given, values)

    def _lacks_any(self, values: Sequence[Any]) -> bool:
        return any(
            value is None and one.shapes and not one.parameter.takes_absent
            for one, value in zip(self._taken, values, strict=True)
        )

    def _made(self, given: Sequence[Any], values: Sequence[Any]) -> Any:
        try:
            made = self._run(*given)
        except Refused as refused:
            return self._as_result(refused, values)
        except ArithmeticError:
            return self._as_result(Refused("the numbers are too large"), values)
        except UnicodeEncodeError as error:
            half = f"the value holds half a character, U+{ord(error.object[error.start]):04X}"
            return self._as_result(Refused(half, "remove it"), values)
        texts = made if isinstance(made, list | tuple) else (made,)
        if self._function.grows and _is_too_long(texts):
            return self._as_result(Refused(f"the text would have more than {LONGEST:,} characters"), values)
        if self._function.gives_many and len(texts) > MOST:
            return self._as_result(Refused(f"more than {MOST:,} values"), values)
        return made

    def _as_result(self, refused: Refused, values: Sequence[Any]) -> Any:
        failed = self._failed(refused, values)
        return [failed] if self._function.gives_many else failed

    def _failed(self, refused: Refused, values: Sequence[Any]) -> Failed:
        value = refused.value
        if value is None and values and values[0] is not None and self._taken[0].shapes:
            value = str(values[0])
        shown = None if value is None else value[:_SHOWN]
        message = f"{self._function.name}: {refused}"
        if shown is not None and shown[:_IN_WORDS] not in message:
            message = f"{self._function.name} of {shown[:_IN_WORDS]!r}: {refused}"
        return Failed(Fault(message, self._position, refused.hint, shown))


def _present(cell: Any, shape: Shape) -> Sequence[Any]:
    if shape is Shape.MANY:
        return [value for value in cell if value is not None]
    return () if cell is None else (cell,)


def _without_defaults(taken: tuple[Taken, ...]) -> tuple[Taken, ...]:
    """Without the last ones that are what Python takes anyway."""
    while taken and not taken[-1].shapes and not taken[-1].parameter.is_required:
        if taken[-1].value != taken[-1].parameter.default:
            break
        taken = taken[:-1]
    return taken


def _is_too_long(made: Sequence[Any]) -> bool:
    try:
        return max(map(len, filter(None, made)), default=0) > LONGEST
    except TypeError:  # not all of them are texts
        return any(len(text) > LONGEST for text in made if type(text) is str)


def truth(position: Position) -> Callable[[Shape], Callable[..., list[Any]]]:
    """What tells, for each row, whether a condition holds: `True`, or `None`; several values hold if one does."""

    def one(value: Any) -> bool:
        if value is True or value is False:
            return bool(value)
        if type(value) is Failed:
            raise value.fault
        try:
            return bool(as_kind(value, Kind.BOOLEAN))
        except Refused as refused:
            raise Fault(
                f"the condition is neither true nor false: {refused}", position, refused.hint, refused.value
            ) from None
        except Untyped as untyped:
            raise Fault(f"the condition is {untyped}", position) from None

    def of(shape: Shape) -> Callable[..., list[Any]]:
        lists = as_lists(shape)

        def holds(column: Column, *before: Column) -> list[Any]:
            rows = lists(column)
            if not before:
                return [True if any(map(one, row)) else None for row in rows]
            return [
                True if allowed and any(map(one, row)) else None for allowed, row in zip(before[0], rows, strict=True)
            ]

        return holds

    return of


def masked(shape: Shape) -> Callable[[Column, Column], Column]:
    """A column without the values of rows in which a condition does not hold."""
    nothing: Any = () if shape is Shape.MANY else "" if shape is Shape.TABLE else None

    def mask(column: Column, holds: Column) -> Column:
        if None not in holds:
            return column
        kept = [value if allowed else nothing for value, allowed in zip(column, holds, strict=True)]
        return Tainted(kept) if type(column) is Tainted else kept

    return mask


def settled(column: Column) -> Column:
    """A column of which all values have been made.

    :raises Fault: that of the first value that has failed
    """
    if type(column) is Tainted:
        for cell in column:
            for value in cell if isinstance(cell, list | tuple) else (cell,):
                if type(value) is Failed:
                    raise value.fault
    return column


def optional(column: Column) -> Column:
    """Cells of a table as values: the empty one is none."""
    return column if "" not in column else [value or None for value in column]
