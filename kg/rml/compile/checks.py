"""What can be known of a plan and its sources before the first row: columns that are named, paths that are walked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from kg.errors import DataError, KgError, MappingError, Position, Problem
from kg.rml.layout.headers import missing
from kg.rml.layout.titles import rows_above
from kg.rml.mapping.jsonpath import parse_path
from kg.rml.mapping.model import (
    TREES,
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
from kg.rml.mapping.xpath import check_xpath
from kg.rml.sources.rows import columns_of
from kg.rml.sources.table import column_named


def check_references(plan: Plan, elsewhere: Collection[str] = ()) -> None:
    """Every reference of a plan has a meaning in its source, and there is something in every source.

    :param elsewhere: names of sources that are not opened here (see `check_file`)
    :raises MappingError: with all that have none
    :raises DataError: if sources are not what they should be
    :raises KgError: if a source cannot be asked
    """
    problems: list[Problem] = []
    failures: list[KgError] = []
    columns: dict[Source, tuple[str, ...]] = {}
    for source in dict.fromkeys(triples_map.source for triples_map in plan.maps):
        if source.formulation in TREES and source.iterator is not None:
            problems += _path_problem(source, Reference(source.iterator, source.position))
        if source.name in elsewhere:
            continue
        try:
            known = columns_of(source)
        except KgError as error:
            failures.append(error)
        else:
            if known is not None:
                columns[source] = known
    for source, reference in _used(plan):
        if source.formulation in TREES:
            problems += _path_problem(source, reference)
    for source, header in columns.items():
        problems += _column_problems(plan, source, source, header)
    _raise_all(problems, failures)


def check_file(plan: Plan, source: Source, file: Source) -> None:
    """There is something in a file that is read in the place of a source, and every column that a plan names.

    :raises MappingError: with all columns that are not
    :raises DataError: if the file is not what it should be
    :raises KgError: if it cannot be read
    """
    columns = columns_of(file)
    if columns is not None:
        _raise_all(_column_problems(plan, source, file, columns), [])


def _raise_all(problems: list[Problem], failures: list[KgError]) -> None:
    """Everything as one error: of the mapping if that has a fault, else of the kind of the first source that fails."""
    found = [*problems, *(problem for error in failures for problem in error.problems)]
    if not found:
        return
    unique = in_order(found)
    in_mapping = any(problem.code == MappingError.code for problem in problems)
    if in_mapping or any(isinstance(error, MappingError) for error in failures):
        raise MappingError(problems=unique)
    raise (type(failures[0]) if failures else DataError)(problems=unique)


def _column_problems(plan: Plan, source: Source, file: Source, header: Sequence[str]) -> list[Problem]:
    """The references to a source that are no columns of a file; where another row has them, that is told."""
    named = dict.fromkeys(reference for owner, reference in _used(plan) if owner == source)
    problems = [problem for reference in named for problem in _column_problem(file, header, reference)]
    if not any(problem.code == MappingError.code for problem in problems):
        return problems
    above = rows_above(file, {reference.text for reference in named})
    if not above or above == file.dialect.skip_rows:
        return problems
    hint = f"row {above + 1} has it: write csvw:dialect [ csvw:skipRows {above} ] in the source"
    return [replace(problem, hint=hint) for problem in problems]


def _column_problem(source: Source, header: Sequence[str], reference: Reference) -> list[Problem]:
    is_exact = source.formulation is Formulation.CSV
    name = reference.text if is_exact else column_named(reference.text, header) or reference.text
    found = missing(name, header)
    if found is None:
        return []
    message, hint = found
    if name in header:
        return [Problem("data", message, Position(source.name, source.dialect.skip_rows + 1), hint=hint)]
    return [Problem("mapping", f"{source.name} {message}", reference.position, hint=hint)]


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems, each once, by file and line."""

    def place(problem: Problem) -> tuple[str, int, str]:
        where = problem.position
        return ("", 0, problem.message) if where is None else (where.path, where.line, problem.message)

    return sorted(dict.fromkeys(problems), key=place)


def _path_problem(source: Source, reference: Reference) -> list[Problem]:
    try:
        if source.formulation is Formulation.XPATH:
            check_xpath(reference.text, dict(source.namespaces))
        else:
            parse_path(reference.text)
    except ValueError as error:
        return [Problem("mapping", str(error), reference.position)]
    return []


def references_to(plan: Plan, source: Source, names: Collection[str]) -> Iterator[Reference]:
    """The references to a source with some names, each name once."""
    seen: set[str] = set()
    for owner, reference in _used(plan):
        if owner == source and reference.text in names and reference.text not in seen:
            seen.add(reference.text)
            yield reference


def _used(plan: Plan) -> Iterator[tuple[Source, Reference]]:
    """Every reference, with the source that it is about."""
    for triples_map in plan.maps:
        source = triples_map.source
        for reference in (*_in(triples_map.conditions), *(r for t in _terms(triples_map) for r in _in_term(t))):
            yield source, reference
        for pair in triples_map.pairs:
            yield from ((source, reference) for reference in _in(pair.conditions))
            for made in pair.objects:
                if isinstance(made, RefObjectMap):
                    yield from ((source, reference) for reference in _in(made.conditions))
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


def _in(expressions: Iterable[Expression]) -> Iterator[Reference]:
    for expression in expressions:
        yield from references_of(expression)


def _in_term(term_map: TermMap) -> Iterator[Reference]:
    yield from references_of(term_map.expression)
    yield from _in(term_map.conditions)
    for more in (term_map.language, term_map.datatype):
        if more is not None:
            yield from _in_term(more)
