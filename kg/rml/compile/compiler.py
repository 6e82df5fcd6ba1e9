"""Programs of triples maps: the one that makes lines, and the one that feeds the index of a join."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product

from kg.rml.compile.columns import Bulk, Shape, as_lists
from kg.rml.compile.gathering import has_scopes, is_split, some
from kg.rml.compile.generate import Gathered, TermWriter
from kg.rml.compile.naming import named
from kg.rml.compile.needs import (
    JoinKey,
    has_calls,
    join_key,
    map_expressions,
    number_of,
    references_for,
    references_in,
    subject_expressions,
)
from kg.rml.compile.several import MARK
from kg.rml.compile.shapes import shapes_of
from kg.rml.compile.writer import Channel, Piece, Program, Writer, finished, in_line
from kg.rml.joins.index import KeyIndex, Lookup
from kg.rml.mapping.description import RDF_TYPE
from kg.rml.mapping.model import (
    Plan,
    PredicateObjectMap,
    RefObjectMap,
    Target,
    Template,
    TermMap,
    TriplesMap,
)
from kg.rml.targets.reading import targets_of

Targets = tuple[Target, ...]


def compile_index(plan: Plan, key: JoinKey, *, keys: bool = True) -> Program:
    """The program that gives the keys and the subjects of a batch for an index; without `keys`, the subjects alone.

    It gives whether they are one key and one subject for each row (`JoinIndex.add_alone`), and the columns.
    """
    parent = plan.map_named(key.parent)
    references = references_for(plan, key)
    calls = has_calls((*key.expressions, *subject_expressions(plan, parent)))
    writer = Writer(references, shapes_of(parent.source, references), calls=calls)
    terms = TermWriter(writer, number_of(plan, key.parent), scopes=has_scopes(plan))
    with terms.where(parent.conditions) as mask:
        columns = [terms.raw(expression) for expression in key.expressions if keys]
        columns.append(writer.collected(terms.term(parent.subject).where(mask)))
    head = f"index of {key.parent}"
    if [shape for _, shape in columns] == [Shape.TABLE, Shape.TABLE]:
        return finished(writer, references, f"(True, ({columns[0][0]}, {columns[1][0]}))", head)
    listed = ", ".join(_listed(writer, *column) for column in columns)
    return finished(writer, references, f"(False, ({listed},))", head)


def _listed(writer: Writer, column: str, shape: Shape) -> str:
    return f"{writer.function('as_lists', as_lists(shape))}({column})"


def compile_lines(plan: Plan, triples_map: TriplesMap, indexes: Mapping[JoinKey, Lookup | KeyIndex]) -> Program:
    """The program that makes the lines of a batch: a list of texts, one for each row with triples."""
    references = references_in(plan, triples_map)
    source = triples_map.source
    calls = has_calls(map_expressions(plan, triples_map))
    writer = Writer(references, shapes_of(source, references), calls=calls)
    compiler = _Lines(plan, triples_map, indexes, writer)
    result, channels = compiler.result()
    return finished(writer, references, result, triples_map.name, channels)


class _Lines:
    """Puts the terms of a triples map together."""

    def __init__(
        self, plan: Plan, triples_map: TriplesMap, indexes: Mapping[JoinKey, Lookup | KeyIndex], writer: Writer
    ) -> None:
        self._plan, self._map, self._indexes, self._writer = plan, triples_map, indexes, writer
        self._scopes = has_scopes(plan)
        self._terms = self._writer_of(triples_map.name)
        self._lists: set[str] = set()
        """Variables of a row that hold several values, or none."""

    def _writer_of(self, name: str) -> TermWriter:
        return TermWriter(self._writer, number_of(self._plan, name), self._object, scopes=self._scopes)

    def result(self) -> tuple[str, tuple[Channel, ...]]:
        """What the program gives, and where that goes."""
        with self._terms.where(self._map.conditions) as mask:
            lines = self._lines(mask)
        if not is_split(self._plan):
            return self._comprehension([line for _, line in lines]), ()
        by_channel: dict[Channel, list[Piece]] = {}
        for channel, line in lines:
            by_channel.setdefault(channel, []).append(line)
        made = [self._comprehension(every) for every in by_channel.values()]
        return f"({', '.join(made)},)" if made else "()", tuple(by_channel)

    def _lines(self, mask: str | None) -> list[tuple[Channel, Piece]]:
        made = self._map.subject
        subject = self._alone(self._terms.term(made).where(mask), "s", shared=True)
        said = self._terms.gathered()
        own = [self._graph(graph) for graph in self._map.graphs]
        rdf_type, targets = Piece(f"<{RDF_TYPE}>"), targets_of(made)
        lines = [
            self._to((*targets, *more), subject, rdf_type, in_line(str(name)), graph)
            for name in self._map.classes
            for graph, more in own or [(Piece(""), ())]
        ]
        within = dict(own) if own or not self._map.classes else {Piece(""): ()}
        for pair in self._map.pairs:
            with self._terms.where(pair.conditions) as held:
                graphs = _together(own + [self._graph(graph) for graph in pair.graphs])
                lines += self._pair(subject, pair, graphs, held)
                within |= graphs
        for graph, more in (within or {Piece(""): ()}).items():
            lines += self._said(said, (), graph, (*targets, *more))
        return lines

    def _pair(
        self, subject: Piece, pair: PredicateObjectMap, graphs: Mapping[Piece, Targets], held: str | None
    ) -> list[tuple[Channel, Piece]]:
        to = targets_of(self._map.subject)
        predicates, objects = [], []
        for predicate in pair.predicates:
            piece = self._alone(self._terms.term(predicate).where(held), "p")
            predicates.append((piece, targets_of(predicate), self._terms.gathered()))
        for made in pair.objects:
            piece = self._alone(self._object(made), "o")
            objects.append((piece, targets_of(made), self._terms.gathered()))
        lines, said = [], []
        for (verb, of_verb, gathered), (piece, of_piece, more) in product(predicates, objects):
            for end, of_graph in graphs.items():
                targets = (*to, *of_verb, *of_piece, *of_graph)
                lines.append(self._to(targets, subject, verb, piece, end))
                said += self._said([*gathered, *more], (subject, verb), end, targets)
        return [*lines, *dict.fromkeys(said)]

    def _graph(self, graph: TermMap) -> tuple[Piece, Targets]:
        return self._alone(self._terms.graph(graph), "g"), targets_of(graph)

    def _to(self, targets: Targets, *terms: Piece) -> tuple[Channel, Piece]:
        """A line with the channel that it goes to."""
        line = named(self._terms, self._writer, targets, self._line(*terms))
        if self._scopes:
            line = replace(line, text=f"{terms[-1].text}\\t{line.text}")
        return Channel(tuple(dict.fromkeys(targets))), line

    def _said(
        self, said: Sequence[Gathered], within: Sequence[Piece], graph: Piece, targets: Targets
    ) -> list[tuple[Channel, Piece]]:
        """What makes nodes the heads of collections, in the rows in which other terms of the triple are there."""
        to = tuple(dict.fromkeys(targets))
        needs = tuple(name for piece in within for name in self._needed(piece))
        lines = []
        for one in said:
            end = f"{graph.text}\\t" if one.are_entries or self._scopes else ""
            text = f"{one.piece.text}\\n" if one.are_entries else f"{one.piece.text}{graph.text} .\\n"
            names = tuple(dict.fromkeys((*one.piece.names, *graph.names, *needs)))
            must = tuple(dict.fromkeys((*one.piece.needs, *graph.needs, *needs)))
            lines.append((Channel(to, one.are_entries), Piece(end + text, names, must, one.piece.loops + graph.loops)))
        return lines

    def _needed(self, piece: Piece) -> tuple[str, ...]:
        """Variables that have a value in the rows in which a term has one."""
        several = [self._writer.derived("some", some, source.upper()).lower() for _, source in piece.loops]
        return (*piece.needs, *several)

    def _object(self, made: TermMap | RefObjectMap) -> Piece:
        if isinstance(made, TermMap):
            return self._terms.term(made)
        with self._terms.where(made.conditions) as mask:
            return self._linked(made).where(mask)

    def _linked(self, made: RefObjectMap) -> Piece:
        writer = self._writer
        if not made.joins:
            other = self._plan.map_named(made.parent)
            parent = self._writer_of(made.parent)
            with parent.where(other.conditions) as held:
                return parent.term(other.subject).where(held)
        index = self._indexes[join_key(made)]
        columns = [self._terms.raw(join.child) for join in made.joins]
        if isinstance(index, KeyIndex):
            return self._made_of_key(made, index, *columns[0])
        lookup: Callable[..., Sequence[Sequence[str]]] = index.find_all
        if len(columns) == 1 and columns[0][1] is not Shape.MANY:
            lookup = index.find_texts if columns[0][1] is Shape.TABLE else index.find
            arguments = columns[0][0]
        else:
            arguments = ", ".join(_listed(writer, *column) for column in columns)
        called = writer.function("join", lookup, made.position)
        return self._terms.piece(writer.assign(f"{called}({arguments})"), Shape.MANY)

    def _made_of_key(self, made: RefObjectMap, index: KeyIndex, column: str, shape: Shape) -> Piece:
        """The subject of a parent, made of the key that child and parent share."""
        lookups: dict[Shape, Bulk] = {
            Shape.TABLE: index.known_texts,
            Shape.OPTIONAL: index.known,
            Shape.MANY: index.known_lists,
        }
        called = self._writer.function("join", lookups[shape], made.position)
        key = self._writer.given(self._writer.assign(f"{called}({column})"), shape, made.position)
        subject = self._plan.map_named(made.parent).subject
        expression = subject.expression
        if isinstance(expression, Template):
            parts = tuple(part if isinstance(part, str) else key for part in expression.parts)
            return self._terms.term(replace(subject, expression=Template(parts)))
        return self._terms.term(replace(subject, expression=key))

    def _alone(self, piece: Piece, role: str, *, shared: bool = False) -> Piece:
        """A term that is run over on its own, or, when it is used often, has a column of its own."""
        if not piece.loops and not (shared and piece.names):
            return piece
        if len(piece.loops) == 1 and not piece.names and (text := piece.with_variable(role)) is not None:
            return Piece(text, (), (), ((role, piece.loops[0][1]),))
        column, shape = self._writer.collected(piece)
        name = column.lower()
        if shape is Shape.MANY:
            return Piece(f"{{{role}}}", (), (), ((role, name),))
        return Piece(f"{{{name}}}", (name,), (name,))

    @staticmethod
    def _line(*terms: Piece) -> Piece:
        subject, predicate, made, graph = terms
        text = f"{subject.text} {predicate.text} {made.text}{graph.text} .\\n"
        names = tuple(dict.fromkeys(name for term in terms for name in term.names))
        needs = tuple(dict.fromkeys(name for term in terms for name in term.needs))
        return Piece(text, names, needs, tuple(loop for term in terms for loop in term.loops))

    def _comprehension(self, lines: list[Piece]) -> str:
        if not lines:
            return "[]"
        if len(lines) == 1:
            return self._over_rows(f"f'{lines[0].text}'", lines, lines[0].needs, lines[0].loops)
        lines = [self._several(line) for line in lines]
        common = [name for name in lines[0].needs if all(name in line.needs for line in lines)]
        parts: list[tuple[tuple[str, ...], str]] = []
        for line in lines:
            needs = tuple(name for name in line.needs if name not in common)
            if line.loops:
                inner = " ".join(f"for {variable} in {source}" for variable, source in line.loops)
                parts.append((needs, f"''.join([f'{line.text}' {inner}])"))
            elif parts and parts[-1][0] == needs and parts[-1][1].startswith("f'"):
                parts[-1] = (needs, f"{parts[-1][1][:-1]}{line.text}'")
            else:
                parts.append((needs, f"f'{line.text}'"))
        pieces = [f"{text} if {self._test(needs)} else ''" if needs else text for needs, text in parts]
        # Put together at once: a sum of texts copies what it has so far, again and again.
        made = pieces[0] if len(pieces) == 1 else f"''.join(({', '.join(pieces)}))"
        return self._over_rows(made, lines, common)

    def _several(self, line: Piece) -> Piece:
        """A line of which one part has several values, as one text: what stands between them is made once for a row."""
        if len(line.loops) != 1:
            return line
        ((variable, source),) = line.loops
        before, _, after = line.text.partition(f"{{{variable}}}")
        if before.endswith("{") or after.startswith("}") or f"{{{variable}}}" in after:
            return line
        between = Piece(after + before, tuple(name for name in line.names if f"{{{name}}}" in after + before))
        joined = self._writer.collected(between)[0].lower()
        if marked := self._writer.marked.get(source.upper()):
            self._writer.namespace["MARK"] = MARK
            source = marked.lower()
            made = f"{source}.replace(MARK, {joined})"
        else:
            self._lists.add(source)
            made = f"{joined}.join({source})"
        return Piece(f"{before}{{{made}}}{after}", (*line.names, joined, source), (*line.needs, source))

    def _over_rows(
        self, made: str, lines: list[Piece], needs: Iterable[str], loops: Iterable[tuple[str, str]] = ()
    ) -> str:
        """A list of what is made of each row, or of each turn of its loops."""
        names = sorted(
            {name for line in lines for name in (*line.names, *(source for _, source in line.loops))},
            key=lambda name: (name[0], int(name[1:])),
        )
        test = self._test(needs)
        rest = "".join([f" if {test}" if test else "", *(f" for {each} in {source}" for each, source in loops)])
        if not names:
            return f"[{made} for _ in range(batch.size){rest}]"
        rows = f"zip({', '.join(name.upper() for name in names)})" if len(names) > 1 else names[0].upper()
        return f"[{made} for {', '.join(names)} in {rows}{rest}]"

    def _test(self, needs: Iterable[str]) -> str:
        return " and ".join(name if name in self._lists else self._writer.present(name) for name in needs)


def _together(graphs: Iterable[tuple[Piece, Targets]]) -> dict[Piece, Targets]:
    """The graphs of some triples, each once with all its targets; the default graph if there is none."""
    found: dict[Piece, Targets] = {}
    for graph, targets in graphs:
        found[graph] = (*found.get(graph, ()), *targets)
    return found or {Piece(""): ()}
