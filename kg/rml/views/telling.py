"""What a person is told of a view: its fields, what is compared, and how its sources are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.rml.joins.index import BUDGET
from kg.rml.mapping.model import Field, Source, ViewJoin, shown
from kg.rml.sources.rows import is_held
from kg.rml.views.levels import spreads


def told_of_source(source: Source, references: Sequence[str], within: Sequence[str], *, in_parts: bool) -> str:
    """What is read of a source, and how.

    :param within: what is asked of records within its records
    :param in_parts: whether several workers may read it
    """
    how = "held in memory whole" if is_held(source, (*references, *within)) else "read as a stream"
    shared = ", shared among workers" if in_parts else ""
    records = f" {source.iterator}" if source.iterator else ""
    read = f": {', '.join(references)}" if references else ""
    return f"{source.name}{records} (rml:{source.formulation}), {how}{shared}{read}"


def told_of_fields(fields: Iterable[Field], source: Source) -> Iterator[str]:
    """Fields with what they are made of, each below the one that it lies in."""
    for field in fields:
        records = source if field.records is None else field.records
        made = f"records {records.iterator or 'of a table'}" if field.expression is None else shown(field.expression)
        yield f"field {field.name}: {made}{', a row for each' if spreads(field, source) else ''}"
        yield from (f"  {line}" for line in told_of_fields(field.fields, records))


def told_of_join(join: ViewJoin) -> str:
    """What a join compares, and where the rows of the other view are meanwhile."""
    kind = "full" if join.is_full else "left" if join.is_left else "inner"
    compared = " and ".join(f"{shown(one.child)} = {shown(one.parent)}" for one in join.joins)
    kept = f"read before the first row and held by key, on disk beyond {BUDGET >> 20} MB"
    if join.is_full:
        kept += ", and once more after the last row for what none matches"
    return f"{kind} join where {compared} ({join.position}); the other view is {kept}"
