"""What can be known of a plan and its sources before the first row: columns that are named, paths that are walked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from kg.errors import DataError, MappingError, Problem, nearest
from kg.rml.jsonpath import parse_path
from kg.rml.model import (
    Expression,
    Formulation,
    Plan,
    Reference,
    RefObjectMap,
    Source,
    TermMap,
    TriplesMap,
    references_of,
)
from kg.rml.rows import is_plain
from kg.rml.sources.csv import header_of


def check_references(plan: Plan, elsewhere: Collection[str] = ()) -> None:
    """Every reference of a plan has a meaning in its source.

    :param elsewhere: names of sources that are not opened here (see `check_header`)
    :raises MappingError: with all that have none
    :raises DataError: if sources cannot be asked
    """
    problems: list[Problem] = []
    unreadable: list[Problem] = []
    headers: dict[Source, tuple[str, ...]] = {}
    for source in dict.fromkeys(triples_map.source for triples_map in plan.maps):
        try:
            if source.formulation is Formulation.CSV and is_plain(source) and source.name not in elsewhere:
                headers[source] = header_of(source)
        except DataError as error:
            unreadable += error.problems
        if source.formulation is Formulation.JSON_PATH and source.iterator is not None:
            problems += _path_problem(Reference(source.iterator, source.position))
    for source, reference in _used(plan):
        if source.formulation is Formulation.JSON_PATH:
            problems += _path_problem(reference)
        elif source in headers:
            problems += _column_problem(source.name, headers[source], reference)
    if problems:
        unique = dict.fromkeys((*problems, *unreadable))
        raise MappingError(problems=sorted(unique, key=lambda p: (str(p.position and p.position.path), _line(p))))
    if unreadable:
        raise DataError(problems=dict.fromkeys(unreadable))


def _line(problem: Problem) -> int:
    return problem.position.line if problem.position else 0


def check_header(plan: Plan, source: Source, file: Source) -> None:
    """Every column that a plan names of a source is in a file that is read in its place.

    :raises MappingError: with all that are not
    :raises DataError: if the file has no header
    """
    header = header_of(file)
    named = dict.fromkeys(reference for owner, reference in _used(plan) if owner == source)
    problems = [problem for reference in named for problem in _column_problem(file.name, header, reference)]
    if problems:
        raise MappingError(problems=sorted(dict.fromkeys(problems), key=_line))


def _column_problem(name: str, header: Sequence[str], reference: Reference) -> list[Problem]:
    if reference.text in header:
        return []
    hint = nearest(reference.text, header) or f"columns: {', '.join(header)}"[:300]
    return [Problem("mapping", f"{name} has no column '{reference.text}'", reference.position, hint=hint)]


def _path_problem(reference: Reference) -> list[Problem]:
    try:
        parse_path(reference.text)
    except ValueError as error:
        return [Problem("mapping", str(error), reference.position)]
    return []


def _used(plan: Plan) -> Iterator[tuple[Source, Reference]]:
    """Every reference, with the source that it is about."""
    for triples_map in plan.maps:
        source = triples_map.source
        for term_map in _terms(triples_map):
            for reference in _in_term(term_map):
                yield source, reference
        for pair in triples_map.pairs:
            for made in pair.objects:
                if isinstance(made, RefObjectMap):
                    yield from _in_joins(plan, source, made)


def _in_joins(plan: Plan, source: Source, link: RefObjectMap) -> Iterator[tuple[Source, Reference]]:
    parent = plan.map_named(link.parent).source
    for join in link.joins:
        sides: tuple[tuple[Source, Expression], ...] = ((source, join.child), (parent, join.parent))
        for side, expression in sides:
            for reference in references_of(expression):
                yield side, reference


def _terms(triples_map: TriplesMap) -> Iterator[TermMap]:
    yield triples_map.subject
    yield from triples_map.graphs
    for pair in triples_map.pairs:
        yield from pair.predicates
        yield from pair.graphs
        yield from (made for made in pair.objects if isinstance(made, TermMap))


def _in_term(term_map: TermMap) -> Iterator[Reference]:
    yield from references_of(term_map.expression)
    for more in (term_map.language, term_map.datatype):
        if more is not None:
            yield from _in_term(more)
