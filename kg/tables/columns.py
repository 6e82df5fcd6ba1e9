"""In which order the columns of a table's page stand: that of the cells which its values are made of.

A release holds no cells, and so does not know which column of the file came first; the mapping does, with the header.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.rml.mapping.model import Constant, Field, RefObjectMap, Source, TermMap, TriplesMap, references_of
from kg.rml.sources.rows import columns_of
from kg.rml.sources.table import column_named

Columns = tuple[tuple[str, ...], ...]
"""Each by the properties from what a row speaks of to its values: one, or two where an amount lies between."""


def columns_in_order(maps: Sequence[TriplesMap], source: Source) -> Columns:
    """What the rows of a table state, in the order of the columns of its file.

    A value that is made of several cells stands where the first of them does that does not name the row itself. What
    is made of no cell has no place. The members of a record have no order of their own (RFC 8259, section 1): there it
    is the one in which the mapping names them.

    :param maps: the triples maps of the table, as the mapping has them
    :param source: what its rows are read of in the end, beneath any view
    :raises DataError: if the header cannot be read
    """
    header = columns_of(source) or ()
    places = {name: number for number, name in reversed(list(enumerate(header)))}
    found: dict[tuple[str, ...], int] = {}
    for path, cells in _stated(maps):
        known = [_place(cell, header, places) for cell in cells]
        if known:
            found[path] = min(*known, found.get(path, known[0]))
    return tuple(sorted(found, key=found.__getitem__))


def _place(cell: str, header: Sequence[str], places: dict[str, int]) -> int:
    """The place of a cell; what the header does not have comes after it, in the order in which it is met."""
    name = column_named(cell, header) or cell
    return places.setdefault(name, len(places) + len(header))


def _stated(maps: Sequence[TriplesMap]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each path of the mapping, in its order, with the cells that its values are made of."""
    for triples_map in maps:
        for predicate, made in _pairs(triples_map):
            yield (predicate,), _cells(triples_map, made, maps)
            for inner in _led_to(made, maps):
                for further, value in _pairs(inner):
                    yield (predicate, further), _cells(inner, value, maps)


def _pairs(triples_map: TriplesMap) -> Iterator[tuple[str, TermMap | RefObjectMap]]:
    for pair in triples_map.pairs:
        for predicate in pair.predicates:
            if isinstance(predicate.expression, Constant):
                yield from ((predicate.expression.term.value, made) for made in pair.objects)


def _led_to(made: TermMap | RefObjectMap, maps: Iterable[TriplesMap]) -> Iterator[TriplesMap]:
    """The triples maps of the same rows that speak of a value."""
    for other in maps:
        if isinstance(made, RefObjectMap):
            leads = made.parent == other.name and not made.joins
        else:
            leads = made.expression is not None and made.expression == other.subject.expression
        if leads:
            yield other


def _cells(triples_map: TriplesMap, made: TermMap | RefObjectMap, maps: Iterable[TriplesMap]) -> tuple[str, ...]:
    """The cells of a value; those that name the row only where it has no other."""
    if isinstance(made, RefObjectMap):
        parents = [other.subject.expression for other in maps if other.name == made.parent]
        expressions = [join.child for join in made.joins] or parents
    else:
        expressions = [made.expression]
    source = triples_map.source
    own = {cell for one in references_of(triples_map.subject.expression) for cell in _beneath(source, one.text)}
    cells = [cell for it in expressions for one in references_of(it) for cell in _beneath(source, one.text)]
    return tuple(cell for cell in cells if cell not in own) or tuple(cells)


def _beneath(source: Source, name: str) -> Iterator[str]:
    """What a reference is in the file: of a field of a view, what the field is made of."""
    if source.view is None:
        yield name
        return
    for field in _fields(source.view.fields):
        if field.name == name:
            for one in references_of(field.expression):
                yield from _beneath(source.view.on, one.text)


def _fields(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _fields(field.fields)
