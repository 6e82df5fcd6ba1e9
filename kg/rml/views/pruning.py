"""Views without what nothing refers to: a list that nobody asks for would repeat every row for each of its values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from kg.rml.compile.needs import join_key, joins_of, references_for, references_in
from kg.rml.mapping.model import (
    Field,
    Plan,
    RefObjectMap,
    Source,
    TermMap,
    TermType,
    TriplesMap,
    View,
    ViewJoin,
    references_of,
)
from kg.rml.views.levels import spreads


def pruned(plan: Plan) -> Plan:
    """The same plan, with views that have what their triples maps need.

    A triples map that makes a node without a name, or members of a collection, for each row keeps all rows. What is
    single stays, so that triples maps over one view go on to share its rows.
    """
    if not any(one.source.view for one in plan.maps):
        return plan
    return replace(plan, maps=tuple(_with_pruned(plan, one) for one in plan.maps))


def _with_pruned(plan: Plan, triples_map: TriplesMap) -> TriplesMap:
    view = triples_map.source.view
    if view is None:
        return triples_map
    if _counts_rows(plan, triples_map):
        return triples_map
    needed = set(references_in(plan, triples_map))
    keys = {join_key(link) for one in plan.maps for link in joins_of(one) if link.parent == triples_map.name}
    for key in keys:
        needed.update(references_for(plan, key))
    return replace(triples_map, source=_pruned(triples_map.source, view, needed))


def _counts_rows(plan: Plan, triples_map: TriplesMap) -> bool:
    """Whether a triples map, or one that shares its rows, has nodes that are named by rows."""
    linked = [
        plan.map_named(made.parent).subject
        for pair in triples_map.pairs
        for made in pair.objects
        if isinstance(made, RefObjectMap) and not made.joins
    ]
    return any(map(_is_of_row, [*_terms(triples_map), *linked]))


def _terms(triples_map: TriplesMap) -> Iterator[TermMap]:
    yield triples_map.subject
    yield from triples_map.graphs
    for pair in triples_map.pairs:
        yield from (*pair.predicates, *pair.graphs)
        yield from (made for made in pair.objects if isinstance(made, TermMap))


def _is_of_row(term_map: TermMap) -> bool:
    """Whether a term is another one in every row, or a collection that takes members of each (RML-CC)."""
    if term_map.gather is not None:
        return True
    return term_map.term_type is TermType.BLANK_NODE and term_map.expression is None


def _pruned(source: Source, view: View, needed: Collection[str]) -> Source:
    """A view with what is needed of it."""
    joins = [join for join in view.joins if not join.is_left or join.is_full or _gives(join.fields, needed)]
    children = [one.child for join in joins for one in join.joins]
    needed = {*needed, *(reference.text for child in children for reference in references_of(child))}
    fields = tuple(_fields(view.fields, view.on, needed))
    on = view.on
    if on.view is not None and "#" not in needed:
        inner = [reference.text for field in fields for reference in references_of(field.expression)]
        on = _pruned(on, on.view, inner)
    made = View(on, fields, tuple(_join(join, needed) for join in joins), is_counted="#" in needed)
    return replace(source, view=made)


def _gives(fields: Iterable[Field], needed: Collection[str]) -> bool:
    return any(key in needed for field in fields for key in field.names())


def _fields(fields: Iterable[Field], source: Source, needed: Collection[str]) -> Iterator[Field]:
    for field in fields:
        within = source if field.records is None else field.records
        kept = replace(field, fields=tuple(_fields(field.fields, within, needed)))
        if _gives([field], needed) or not spreads(kept, source):
            yield kept


def _join(join: ViewJoin, needed: Collection[str]) -> ViewJoin:
    """A join with a view that has what it needs; where the position of a match is asked for, all of it."""
    if join.parent.view is None or any(f"{field.name}.#" in needed for field in join.fields):
        return join
    expressions = [*(one.parent for one in join.joins), *(field.expression for field in join.fields)]
    texts = [reference.text for expression in expressions for reference in references_of(expression)]
    return replace(join, parent=_pruned(join.parent, join.parent.view, texts))
