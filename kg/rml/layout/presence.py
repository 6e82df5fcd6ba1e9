"""References that nothing in a tree answers to: found while it is read, and told with what there is instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from kg.errors import DataError, Problem, nearest
from kg.rml.layout.members import Records, records_of
from kg.rml.layout.tracing import trace
from kg.rml.mapping.model import TREES, Batch, Formulation, Reference, Source

_SHOWN: Final = 300


class Presence:
    """Which references of a source have had a value so far, and how many records lack one."""

    def __init__(self, source: Source, references: Sequence[str]) -> None:
        self._source, self._references = source, tuple(references)
        self.records = 0
        self.lacking = dict.fromkeys(self._references, 0)
        """Records without a value, by reference; rows without one, of a view by the names of its fields."""

    @property
    def counted(self) -> Mapping[str, int]:
        """How many records lack a reference, where rows are records: not those of a view."""
        return {} if self._source.view is not None else self.lacking

    def look(self, batch: Batch) -> None:
        """Count a batch with all references."""
        self.records += batch.size
        for reference, column in zip(self._references, batch.columns, strict=True):
            self.lacking[reference] += column.count(None) or sum(
                1 for cell in column if isinstance(cell, list) and not cell
            )

    def absent(self, references: Sequence[Reference]) -> list[Problem]:
        """What is told of references that no record has; one that is there and empty throughout is none of them."""
        doubtful = [one for one in references if self.records and self.lacking[one.text] == self.records]
        if self._source.view is not None:
            return _absent_in_view(self._source, doubtful)
        if not doubtful and (self.records or self._source.formulation is not Formulation.XPATH):
            return []
        try:
            records = records_of(self._source)
            if not self.records:
                return _nothing(self._source, records)
            return [_absent(self._source, records, one) for one in doubtful if not records.has(one.text)]
        except DataError:  # larger than what may be held whole: it was read as a stream
            message = f"no record of {self._source.name} has a value for"
            return [Problem("absent", f"{message} {one.text}", one.position) for one in doubtful]


def presence_of(source: Source, references: Sequence[str]) -> Presence | None:
    """What looks after the references of a tree, or of a view on one; columns are known before a table is read."""
    leaf = source
    while leaf.view is not None:
        leaf = leaf.view.on
    return Presence(source, references) if leaf.formulation in TREES else None


def _absent_in_view(source: Source, doubtful: Sequence[Reference]) -> list[Problem]:
    """The members that the fields of a view are made of, where no record of its tree has them."""
    found: list[Problem] = []
    for one in doubtful:
        traced = trace(source, one.text)
        if traced is None:
            continue
        try:
            records = records_of(traced.source)
            if traced.is_known_to(records) and not records.has(traced.reference.text):
                found.append(_absent(traced.source, records, traced.reference))
        except DataError:  # larger than what may be held whole, and a row of a view does not tell of all its records
            continue
    return found


def _absent(source: Source, records: Records, reference: Reference) -> Problem:
    found = records.namespaces(reference.text)
    members = records.members()
    hint = _declared(found) or nearest(reference.text, members) or f"there are: {', '.join(members)}"[:_SHOWN]
    return Problem("absent", f"no record of {source.name} has {reference.text}", reference.position, hint=hint)


def _nothing(source: Source, records: Records) -> list[Problem]:
    """An iterator that finds nothing because the names in it have no namespace, and those of the document have."""
    iterator = source.iterator or "/"
    found = records.namespaces(iterator, of_iterator=True)
    if not found:
        return []
    message = (
        f"{iterator} finds nothing in {source.name}, whose elements are of {' and '.join(f'<{n}>' for n in found)}"
    )
    return [Problem("absent", message, source.position, hint=_declared(found))]


def _declared(namespaces: Sequence[str]) -> str | None:
    """How namespaces are declared in a mapping."""
    if not namespaces:
        return None
    return (
        "declare it, and write it before names, as in d:name: rml:referenceFormulation [ "
        "a rml:XPathReferenceFormulation ; "
        f'rml:namespace [ rml:namespacePrefix "d" ; rml:namespaceURL "{namespaces[0]}" ] ]'
    )
