"""Fields of views, traced back to the members of the tree that they are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.rml.layout.members import Records
from kg.rml.mapping.jsonpath import rooted
from kg.rml.mapping.model import Field, Formulation, Reference, Source


@dataclass(frozen=True, slots=True)
class Traced:
    """A reference to a tree, and that to the records within its records that it is about."""

    source: Source
    reference: Reference
    within: str | None = None

    def is_known_to(self, records: Records) -> bool:
        """Whether a reference that nothing answers to is a mistake: not where there are no records within at all."""
        if self.within is None or not records.has(self.within):
            return True
        if self.source.formulation is Formulation.XPATH:
            return True
        return any(member.startswith((f"{self.within}.", f"{self.within}[")) for member in records.members())


def trace(source: Source, name: str) -> Traced | None:
    """What a field of a view is in the tree; nothing if it is made by a function, a template or a join.

    :param source: a view, or a view on one
    """
    if source.view is None:
        return None
    for expression, within in _fields(source.view.fields, name, None, source.view.on):
        on = source.view.on
        if on.view is not None:
            return trace(on, expression.text) if within is None else None
        if expression.text.startswith("^"):
            return None
        text = _joined(within, expression.text, on)
        return Traced(on, Reference(text, expression.position), within)
    return None


def _fields(
    fields: tuple[Field, ...], name: str, within: str | None, on: Source
) -> Iterator[tuple[Reference, str | None]]:
    """The plain reference of a field, with the iterator that it lies in."""
    for field in fields:
        if field.name == name and isinstance(field.expression, Reference):
            yield field.expression, within
        if field.expression is None and field.records is not None:
            iterator = _joined(within, field.records.iterator or ".", on)
            yield from _fields(field.fields, name, iterator, on)


def _joined(within: str | None, text: str, on: Source) -> str:
    """A path below another one.

    >>> from pathlib import Path
    >>> tree = Source(Path("a"), "a", Formulation.JSON_PATH)
    >>> _joined("$.a[*]", "b.c", tree), _joined(None, "b", tree)
    ('$.a[*].b.c', 'b')
    """
    if within is None:
        return text
    if on.formulation is Formulation.JSON_PATH:
        return rooted(within) + rooted(text).removeprefix("$")
    return within if text == "." else f"{within}/{text}"
