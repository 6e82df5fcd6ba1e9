"""Mappings in Turtle of whatever age, read as RML-Core; and written anew as such."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from kg.errors import MappingError, Position, Problem
from kg.rml.legacy.row_targets import with_row_targets
from kg.rml.legacy.vocabulary import OLD
from kg.rml.mapping.access import Access
from kg.rml.mapping.description import RML
from kg.rml.mapping.statements import Statement
from kg.rml.mapping.turtle import DOCUMENT, content_of, statements_of

if TYPE_CHECKING:
    from kg.rml.legacy.rewriting import Rewritten

_JSON = (f"{RML}JSONPath", "http://semweb.mmlab.be/ns/ql#JSONPath")


def read_mapping(path: Path, access: Access) -> tuple[tuple[Statement, ...], tuple[Problem, ...]]:
    """The statements of a mapping as RML-Core has them, and what is told of a mapping that is written otherwise.

    :raises MappingError: if there is no such file, it is not Turtle, or nobody has said where its tables are, or what
        the targets of its rows are
    :raises StorageError: if the system cannot read it
    """
    content = content_of(path)
    statements = statements_of(content, path)
    if not _may_be_older(statements):
        return with_row_targets(statements), ()
    made = _rewritten(path, content, access)
    if not made.changes:
        return with_row_targets(statements), ()
    return with_row_targets(statements_of(made.text.encode(), path)), (_note(path, made),)


def upgraded(path: Path, access: Access) -> str:
    """A mapping as RML-Core, with what is right already, its comments and its layout as they are.

    :raises MappingError: as `read_mapping` does
    :raises StorageError: if the system cannot read it
    """
    from kg.rml.legacy.edits import without_emptied

    content = content_of(path)
    statements_of(content, path)
    made = _rewritten(path, content, access)
    statements_of(made.text.encode(), path)
    return without_emptied(content.decode("utf-8"), made.text)


def _may_be_older(statements: Iterable[Statement]) -> bool:
    """Whether anything in a mapping is written as it was once."""
    for one in statements:
        predicate, value = one.predicate.value, one.object.value
        if predicate.startswith(OLD) or (predicate == f"{RML}source" and isinstance(one.object, Literal)):
            return True
        if not isinstance(one.object, Literal) and value.startswith((*OLD, *_JSON)):
            return True
    return False


def _rewritten(path: Path, content: bytes, access: Access) -> Rewritten:
    from kg.rml.legacy.rewriting import rewritten  # most mappings are not old, and pay nothing

    made = rewritten(content.decode("utf-8"), DOCUMENT, access.home)
    if made is None:
        message = "the mapping is not written in a way that can be read as RML-Core"
        hint = "write it in Turtle 1.1, without triples about triples"
        raise MappingError(message, position=Position(str(path), 1), hint=hint)
    if made.homeless:
        hint = (
            "R2RML leaves it to whoever runs it: --database jdbc:postgresql://host/name, or --database FILE of SQLite"
        )
        lines = made.homeless
        raise MappingError(
            problems=[
                Problem("mapping", "the database of the logical table is not named", Position(str(path), n), hint=hint)
                for n in lines
            ]
        )
    return made


def _note(path: Path, made: Rewritten) -> Problem:
    """One remark for a whole mapping: the first thing that is written otherwise today, and how many there are."""
    first, more = made.changes[0], len(made.changes) - 1
    others = f", and {more} more like it" if more else ""
    message = f"an older way of writing: {first.old} is {first.new} in RML-Core{others}"
    hint = f"it is read as such; kg map --upgrade {path.name} writes it anew"
    return Problem("mapping", message, Position(str(path), first.line), hint=hint)
