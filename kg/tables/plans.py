"""What the plan of a mapping becomes in a build: every triple goes to the claim of its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from kg.errors import MappingError, Position, Problem, nearest
from kg.rml.compile.reading.checks import check_references
from kg.rml.mapping.model import (
    Constant,
    Field,
    Plan,
    Reference,
    Source,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    ViewJoin,
)
from kg.rml.targets.places import targets_in
from kg.tables.calls import hash_of, rows_of_it
from kg.tables.columns import Columns, columns_in_order
from kg.tables.model import Table
from kg.tables.register import REGISTER
from kg.tables.rows import reference
from kg.terms import Minter, expand

REGISTRABLE: Final = tuple(expand(name) for name in ("rdf:type", "rdfs:label", "skos:editorialNote"))
"""The properties that the editors' register takes, as `entities.yaml` does."""


class Placement:
    """Places the triples of one mapping, whose tables are known; what cannot be is told, all of it."""

    def __init__(self, tables: Sequence[Table], mint: Minter, others: Iterable[Table] = ()) -> None:
        """`tables` are those that the register reads by this mapping, `others` all of the project."""
        self._tables = {table.path.resolve(): table for table in tables}
        self._elsewhere = {table.path.resolve(): table for table in others}
        self._mint = mint
        self._problems: list[Problem] = []
        self.sources: dict[str, Source] = {}
        """What the mapping reads of each table, by slug, once a plan was placed."""
        self.columns: dict[str, Columns] = {}
        """What rows state in the order of their file, by slug, likewise."""

    def __call__(self, plan: Plan) -> Plan:
        """The plan, with the claim of its row as the graph of every triple.

        :raises MappingError: for sources that are no table of the project, tables that are not read or read in two
            ways, graphs of the mapping's own other than the register, and blank nodes
        """
        sources = self.sources
        maps = []
        for triples_map in plan.maps:
            table = self._tables.get(triples_map.source.path)
            if table is None:
                self._fault_of_source(triples_map.source)
                continue
            for join in _view_joins(triples_map.source):
                hint = "each row states what it holds itself: map the other table on its own, and link the two"
                self._fault("a view of a project joins no other", join.position, hint)
            source = replace(_rows_of(triples_map.source), name=table.name)
            if sources.setdefault(table.slug, source) != source:
                hint = "one row makes one claim: use the same iterator and dialect in all triples maps of a table"
                self._fault(f"'{table.name}' is read in two ways", source.position, hint)
            self._check(triples_map)
            paths = [reference(part.path, source) for part in table.id.parts if not isinstance(part, str)]
            told = [reference(path.path, source) for one in table.left_out if (path := one.cell.reference) is not None]
            viewed, names = with_fields(triples_map.source, table.name, [*paths, *told])
            graphs = self._graphs(triples_map, table, names[: len(paths)])
            conditions = (*triples_map.conditions, *rows_of_it(table, names[len(paths) :]))
            maps.append(replace(triples_map, source=viewed, graphs=graphs, conditions=conditions))
        for table in self._tables.values():
            if table.slug not in sources and not self._problems:
                message = f"the mapping {table.mapping_name} does not read '{table.name}'"
                self._fault(message, table.position, "name the mapping that does")
        if self._problems:
            raise MappingError(problems=dict.fromkeys(self._problems))
        placed = replace(plan, maps=tuple(maps))
        check_references(Plan(plan.path, tuple(self._probes(sources))))
        for file, table in self._tables.items():
            own = [triples_map for triples_map in plan.maps if triples_map.source.path == file]
            self.columns[table.slug] = columns_in_order(own, sources[table.slug])
        return placed

    def _fault(self, message: str, position: Position, hint: str | None = None) -> None:
        self._problems.append(Problem(MappingError.code, message, position, hint=hint))

    def _graphs(self, triples_map: TriplesMap, table: Table, names: Sequence[str]) -> tuple[TermMap, ...]:
        """The claim of a row, by what the source calls the parts of its id, and the graphs of the mapping."""
        left = iter(names)
        parts = (part if isinstance(part, str) else Reference(next(left), table.id.position) for part in table.id.parts)
        text, home = tuple(parts), self._mint.claim("")
        claim = hash_of(table, home, text) if table.is_hashed else Template((home, *text))
        return (TermMap(claim, TermType.IRI, None, table.id.position), *triples_map.graphs)

    def _fault_of_source(self, source: Source) -> None:
        other = self._elsewhere.get(source.path)
        if other is None:
            message = f"'{source.name}' is no table of {REGISTER}"
            hint = nearest(source.path.name, [path.name for path in self._tables]) or f"describe it in {REGISTER}"
        else:
            message = f"'{source.name}' has a mapping of its own in {REGISTER}: {other.mapping_name}"
            hint = "tables that are joined share one: put the maps of both into it, and give both tables its name"
        self._fault(message, source.position, hint)

    def _check(self, triples_map: TriplesMap) -> None:
        self._check_targets(triples_map)
        for term_map in _terms(triples_map):
            if term_map.term_type is TermType.BLANK_NODE:
                hint = "give the thing a template, so that others can speak of it"
                self._fault("a release holds no blank node", term_map.position, hint)
            elif term_map.gather is not None:
                hint = "state each member with a property of its own, or a number beside it"
                self._fault("a release holds no collection", term_map.position, hint)
        own = [graph for graph in triples_map.graphs if self._is_other(graph)]
        registers = [graph for graph in triples_map.graphs if not self._is_other(graph)]
        for pair in triples_map.pairs:
            own += [graph for graph in pair.graphs if self._is_other(graph)]
            here = registers + [graph for graph in pair.graphs if not self._is_other(graph)]
            if here and not all(_is_registrable(predicate) for predicate in pair.predicates):
                hint = "it takes rdf:type, rdfs:label and skos:editorialNote; what is stated needs no graph"
                self._fault("the register does not take this property", here[0].position, hint)
        for graph in own:
            hint = (
                f"remove it: triples go to the claim of their row; only <{self._mint.graph('entities')}> may be named"
            )
            self._fault("a mapping of a project has no graphs of its own", graph.position, hint)

    def _check_targets(self, triples_map: TriplesMap) -> None:
        """What a row states is in the release, or nowhere: a file beside it would have no evidence and no proof."""
        for target in targets_in(Plan(Path(), (triples_map,))):
            hint = "remove rml:logicalTarget: kg export writes files of a release, kg map --targets those of a mapping"
            self._fault(f"a project writes no '{target.name}': its triples go to the release", target.position, hint)

    def _is_other(self, graph: TermMap) -> bool:
        register = NamedNode(self._mint.graph("entities"))
        return not (isinstance(graph.expression, Constant) and graph.expression.term == register)

    def _probes(self, sources: Mapping[str, Source]) -> Iterator[TriplesMap]:
        """What a table has for its claims, as a triples map whose columns can be looked up."""
        for table in self._tables.values():
            source = sources[table.slug]
            references = [
                Reference(reference(part.path, source), text.position)
                for text in table.texts()
                for part in text.parts
                if not isinstance(part, str)
            ]
            subject = TermMap(Template(tuple(references)), TermType.IRI, None, table.position)
            yield TriplesMap(table.slug, source, subject, (), (), (), table.position)


def with_fields(source: Source, name: str, references: Sequence[str]) -> tuple[Source, tuple[str, ...]]:
    """A source by another name, and what it calls some references: a view gets fields for them.

    :param references: to the records that the source, or the view in the end, is made of
    """
    if source.view is None:
        return replace(source, name=name), tuple(references)
    on, known = with_fields(source.view.on, name, references)
    names = tuple(f"\0id {number}" for number, _ in enumerate(known))  # no mapping could have such names
    added = tuple(Field(own, Reference(text, source.position)) for own, text in zip(names, known, strict=True))
    return replace(source, name=name, view=replace(source.view, on=on, fields=(*source.view.fields, *added))), names


def _rows_of(source: Source) -> Source:
    """What the rows of a source are made of: of a view, the table that it is on in the end."""
    return source if source.view is None else _rows_of(source.view.on)


def _view_joins(source: Source) -> Iterator[ViewJoin]:
    if source.view is not None:
        yield from source.view.joins
        yield from _view_joins(source.view.on)


def _is_registrable(predicate: TermMap) -> bool:
    expression = predicate.expression
    return isinstance(expression, Constant) and expression.term.value in REGISTRABLE


def _terms(triples_map: TriplesMap) -> Iterator[TermMap]:
    """What subjects and objects are made by, those that are gathered included."""
    made = (triples_map.subject, *(made for pair in triples_map.pairs for made in pair.objects))
    for one in made:
        if isinstance(one, TermMap):
            yield one
            yield from (member for member in one.within() if isinstance(member, TermMap))


def told_by(problem: Problem, path: Path, name: str) -> Problem:
    """A problem of a mapping, which is called by its name in the project."""
    message = problem.message.replace(str(path), name)
    return replace(
        problem,
        message=message,
        position=_renamed(problem.position, path, name),
        mapping=_renamed(problem.mapping, path, name),
    )


def _renamed(position: Position | None, path: Path, name: str) -> Position | None:
    if position is None or position.path not in {str(path), path.as_posix()}:
        return position
    return replace(position, path=name)
