"""What can be known of a plan and its sources before the first row: columns that are named, paths that are walked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from kg.errors import DataError, KgError, MappingError, Position, Problem, nearest
from kg.rml.layout.headers import DELIMITERS, missing
from kg.rml.layout.titles import rows_above
from kg.rml.mapping.jsonpath import parse_path, rooted, split_path
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
    expressions_of,
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
    for source in _sources(plan):
        if source.formulation in TREES and source.iterator is not None:
            problems += _path_problem(source, Reference(source.iterator, source.position))
        if source.name in elsewhere:
            continue
        try:
            known = columns_of(source) if source.view is None else None
        except KgError as error:
            failures.append(error)
        else:
            if known is not None:
                columns[source] = known
    within = (pair for source in _sources(plan) for pair in _within(source))
    used = (*_used(plan), *within)
    for owner, reference in used:
        problems += _reference_problem(owner, reference) if owner not in columns else ()
    for owner, header in columns.items():
        problems += _column_problems(owner, header, [reference for one, reference in used if one == owner])
    _raise_all(problems, failures)


def _reference_problem(source: Source, reference: Reference) -> list[Problem]:
    """What is wrong with a reference to a view or a tree; columns are seen to together."""
    if source.view is not None:
        return _field_problem(source.view.names(), reference)
    return _path_problem(source, reference) if source.formulation in TREES else []


def check_file(plan: Plan, source: Source, file: Source) -> None:
    """There is something in a file that is read in the place of a source, and every column that a plan names.

    :raises MappingError: with all columns that are not
    :raises DataError: if the file is not what it should be
    :raises KgError: if it cannot be read
    """
    columns = columns_of(file)
    if columns is not None:
        references = [reference for owner, reference in _used(plan) if owner == source]
        _raise_all(_column_problems(file, columns, references), [])


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


def _column_problems(file: Source, header: Sequence[str], references: Iterable[Reference]) -> list[Problem]:
    """The references that are no columns of a file; where another row has them, that is told."""
    named = dict.fromkeys(references)
    problems = [problem for reference in named for problem in _column_problem(file, header, reference)]
    if not any(problem.code == MappingError.code for problem in problems):
        return problems
    if hint := _other_delimiter(file, header, named):
        return [replace(problem, hint=hint) for problem in problems]
    above = rows_above(file, {reference.text for reference in named})
    if not above or above == file.dialect.skip_rows:
        return problems
    hint = f"row {above + 1} has it: write csvw:dialect [ csvw:skipRows {above} ] in the source"
    return [replace(problem, hint=hint) for problem in problems]


def _other_delimiter(file: Source, header: Sequence[str], references: Collection[Reference]) -> str | None:
    """What to write where the header has all columns that are named, but between other signs."""
    if file.formulation is not Formulation.CSV:
        return None
    text = file.dialect.delimiter.join(header)
    names = {reference.text for reference in references}
    for sign in DELIMITERS:
        if sign in text and names <= {cell.strip(' "') for cell in text.split(sign)}:
            shown = sign.replace("\t", "\\t")
            in_yaml = next(iter(references)).position.path.endswith((".yml", ".yaml"))
            written = f'{{access: {file.name}, referenceFormulation: csv, delimiter: "{shown}"}}'
            written = written if in_yaml else f'csvw:dialect [ a csvw:Dialect ; csvw:delimiter "{shown}" ]'
            return f"its columns stand between {DELIMITERS[sign]}: write {written} in the source"
    return None


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


def _field_problem(keys: Sequence[str], reference: Reference) -> list[Problem]:
    """A reference to what is no key of a view, or one of records, which have no value (RML-LV, section 3.2)."""
    text = reference.text
    if text in keys:
        return []
    if text == "<it>" or f"{text}.#" in keys:
        inner = [key for key in keys if key.startswith(f"{text}.") and not key.endswith("#")]
        hint = f"refer to {inner[0]}, or to its position, {text}.#" if inner else "name its values as fields"
        return [Problem("mapping", f"'{text}' is a record, which has no value", reference.position, hint=hint)]
    shown = [key for key in keys if not key.endswith("#")]
    hint = nearest(text, keys) or f"fields: {', '.join(shown)}"[:300]
    return [Problem("mapping", f"the view has no field '{text}'", reference.position, hint=hint)]


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
        elif levels := parse_path(rooted(reference.text)).up:
            split_path(rooted(source.iterator or "$"), levels)
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
        for made in triples_map.links():
            own = _in((*made.conditions, *expressions_of(made.targets)))
            yield from ((source, reference) for reference in own)
            yield from _in_joins(plan, source, made)


def _sources(plan: Plan) -> tuple[Source, ...]:
    """The sources of a plan, and those that their views are made of."""
    pending = [triples_map.source for triples_map in plan.maps]
    found: dict[Source, None] = {}
    while pending:
        source = pending.pop(0)
        if source not in found and source.view is not None:
            pending += [source.view.on, *(join.parent for join in source.view.joins)]
        found.setdefault(source)
    return tuple(found)


def _within(source: Source) -> Iterator[tuple[Source, Reference]]:
    """The references of a view to what it is made of, but for those to records within records."""
    view = source.view
    if view is None:
        return
    for field in view.fields:
        yield from ((view.on, reference) for reference in references_of(field.expression))
    own = replace(source, view=replace(view, joins=()))
    for join in view.joins:
        for field in join.fields:
            yield from ((join.parent, reference) for reference in references_of(field.expression))
        for one in join.joins:
            yield from ((own, reference) for reference in references_of(one.child))
            yield from ((join.parent, reference) for reference in references_of(one.parent))


def _in_joins(plan: Plan, source: Source, link: RefObjectMap) -> Iterator[tuple[Source, Reference]]:
    parent = plan.map_named(link.parent).source
    for join in link.joins:
        sides: tuple[tuple[Source, Expression], ...] = ((source, join.child), (parent, join.parent))
        for side, expression in sides:
            for reference in references_of(expression):
                yield side, reference


def _terms(triples_map: TriplesMap) -> Iterator[TermMap]:
    return (made for made in triples_map.terms() if isinstance(made, TermMap))


def _in(expressions: Iterable[Expression]) -> Iterator[Reference]:
    for expression in expressions:
        yield from references_of(expression)


def _in_term(term_map: TermMap) -> Iterator[Reference]:
    yield from references_of(term_map.expression)
    yield from _in((*term_map.conditions, *expressions_of(term_map.targets)))
    for more in (term_map.language, term_map.datatype):
        if more is not None:
            yield from _in_term(more)
