"""Lines of N-Quads -> columns, a block of lines at a time.

A block is taken apart by one pattern that is quick because it believes what it sees: a term ends at the mark that ends
it. That is checked afterwards, in two ways. Each match is one whole line, so nothing may be left between them; and each
term that is new must be spelled canonically (`kg.shacl.graph.spelling`), so it cannot hold a mark inside. A block in
which a line has another form (a comment, a tab, `\\r\\n`, a quote after the literal) is read line by line, and
Oxigraph's parser has the word on every line that is not certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, compress, groupby
from typing import Final

import pyoxigraph as ox

from kg.shacl.graph.spelling import are_canonical, canonical
from kg.shacl.graph.terms import Terms

BLOCK: Final = 1 << 17
"""Bytes of a block: what is held of a file beside its columns. What its lines are taken apart into, some five times as
much, is near to the processor; greater ones take a tenth more time."""
_FEW: Final = 1 << 14
"""Bytes of a block that it does not pay to part, so that only what is around a line of another form is read by line."""
_MOST: Final = 0.9
"""The share of lines that are rows in a block that it does pay to part."""
# What a mark is missing for is not looked for to the end of the block.
_ROWS: Final = re.compile(
    rb"(?m)^(<[^>]{0,999}+>|_:[^ ]{0,999}+) (<[^>]{0,999}+>) "
    rb'(<[^>]{0,999}+>|_:[^ ]{0,999}+|(?>".*")(?:@[A-Za-z0-9-]*+|\^\^<[^>]{0,999}+>)?+)'
    rb"(?: (<[^>]{0,999}+>|_:[^ ]{0,999}+))?+ \.\n"
)
_PARTS: Final = 5
"""A line is taken apart into what was before it, subject, predicate, object and graph name, as they are spelled."""
_NO_GRAPH: Final = b""
Row = tuple[bytes, bytes, bytes, bytes]
"""Subject, predicate, object and graph name as they are spelled; the default graph has none."""
Forms = Sequence[bytes]
Numbers = Sequence[int]
Sink = Callable[[Iterable[tuple[int, int, int]]], None]
"""What takes statements, their terms as numbers."""
Level = tuple[Sink, frozenset[bytes] | None]
"""A data graph, and the names of the graphs whose union it is, `b""` for the default graph; None for all of them."""


class Lines:
    """What takes lines of N-Quads apart, and hands their statements to data graphs that have one table of terms.

    >>> terms, found = Terms(), []
    >>> lines = Lines(terms, [(found.extend, None)])
    >>> lines.add_block(b'<urn:a> <urn:p> "1" .\\n# another one\\n<urn:a> <urn:p> "\\\\u0032" .\\n')
    >>> [[terms.text(number) for number in statement] for statement in found]
    [['urn:a', 'urn:p', '"1"'], ['urn:a', 'urn:p', '"2"']]
    """

    def __init__(
        self, terms: Terms, levels: Sequence[Level], syntax: ox.RdfFormat = ox.RdfFormat.N_QUADS, apart: str = ""
    ) -> None:
        """With `apart`, a word for a file, its blank nodes are none of another file's, whatever their labels."""
        self._terms, self._syntax = terms, syntax
        # A pattern that finds no name of a graph gives None.
        self._levels: list[tuple[Sink, frozenset[bytes | None] | None]] = [
            (sink, wanted | {None} if wanted and _NO_GRAPH in wanted else wanted) for sink, wanted in levels
        ]
        self._read = 0
        self.statements = 0
        """How many statements were added; one that stands twice counts twice."""
        terms.keep_apart(apart)

    def add_block(self, block: bytes) -> None:
        """Add whole lines; the last one may lack its line end.

        :raises SyntaxError: with the number of the line since the first block, if one is ill-formed
        """
        if not block:
            return
        parts = _ROWS.split(block if block.endswith(b"\n") else block + b"\n")
        rows = len(parts) // _PARTS
        if not any(parts[::_PARTS]) and self._place(parts):
            self._read += rows
            return
        count = block.count(b"\n") + (not block.endswith(b"\n"))
        if (middle := block.find(b"\n", len(block) // 2) + 1) and len(block) > _FEW and rows > count * _MOST:
            self.add_block(block[:middle])
            self.add_block(block[middle:])
        else:
            self._line_by_line(block)
            self._read += count

    def add_rows(self, rows: Sequence[Row], block: bytes) -> None:
        """Add whole lines that were taken apart already, each a row, by a pattern that believes what it sees.

        :raises SyntaxError: with the number of the line since the first block, if one is ill-formed
        """
        if not rows:
            return
        subjects, predicates, values, graphs = zip(*rows, strict=True)
        if self._placed(subjects, predicates, values, graphs):
            self._read += len(rows)
        else:
            self.add_block(block)

    def _place(self, parts: list[bytes]) -> bool:
        subjects, predicates, values, graphs = (parts[place::_PARTS] for place in range(1, _PARTS))
        return self._placed(subjects, predicates, values, graphs)

    def _placed(self, subjects: Forms, predicates: Forms, values: Forms, graphs: Sequence[bytes | None]) -> bool:
        """Hand on rows, unless there is a term among them that cannot be told without its line."""
        names = {name for name in graphs if name} if any(graphs) else set()
        if names and (self._syntax is ox.RdfFormat.N_TRIPLES or not are_canonical([*names])):
            return False
        terms, before = self._terms, len(self._terms.forms)
        nodes = terms.numbered(chain.from_iterable(zip(subjects, values, strict=True)))  # in the order of the lines
        keys = terms.numbered(predicates)
        if not are_canonical(terms.forms[before:]):
            if not self._respell(before):
                return False
            nodes, keys = (
                terms.numbered(chain.from_iterable(zip(subjects, values, strict=True))),
                terms.numbered(predicates),
            )
        self._add(nodes[::2], keys, nodes[1::2], graphs)
        return True

    def _respell(self, first: int) -> bool:
        """Let spellings that are new and not canonical be other names of their terms; whether all are terms."""
        forms, are_terms = self._terms.forms, True
        for number in range(first, len(forms)):
            if are_canonical([forms[number]]) or (known := canonical(forms[number])) == forms[number]:
                continue
            spelling = self._terms.withdraw(number)
            if known is None:
                are_terms = False
            else:
                self._terms.alias(spelling, known)
        for number in () if are_terms else range(first, len(forms)):
            if forms[number].startswith(b"_"):  # line by line they are met again, in the order of the lines
                self._terms.withdraw(number)
        return are_terms

    def _add(self, subjects: Numbers, predicates: Numbers, values: Numbers, graphs: Sequence[bytes | None]) -> None:
        self.statements += len(subjects)
        for add, wanted in self._levels:
            if wanted is None:
                add(zip(subjects, predicates, values, strict=True))
            else:
                inside = [name in wanted for name in graphs]
                add(zip(*(compress(column, inside) for column in (subjects, predicates, values)), strict=True))

    def _line_by_line(self, block: bytes) -> None:
        """Lines that are certain and others, in the order in which they stand."""
        for is_certain, run in groupby(block.split(b"\n"), self._is_certain):
            text = b"\n".join(run) + b"\n"
            if is_certain:
                self._place(_ROWS.split(text))
                continue
            try:
                self._parse(text)
            except SyntaxError:
                self._parse(b"\n" * self._read + block)
                raise

    def _is_certain(self, line: bytes) -> bool:
        """Whether a line holds a statement beyond doubt, spelled canonically."""
        found = _ROWS.fullmatch(line + b"\n")
        if found is None or (found[4] and self._syntax is ox.RdfFormat.N_TRIPLES):
            return False
        return are_canonical([term for term in found.groups() if term])

    def _parse(self, lines: bytes) -> None:
        quads = list(ox.parse(lines, format=self._syntax))
        of = self._terms.of
        nodes = [of(term) for quad in quads for term in (quad.subject, quad.object)]  # in the order of the lines
        self._add(nodes[::2], [of(quad.predicate) for quad in quads], nodes[1::2], [_name(quad) for quad in quads])


def _name(quad: ox.Quad) -> bytes:
    return _NO_GRAPH if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name).encode()


def in_blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines, with or without their ends, in blocks.

    >>> list(in_blocks([b"a", b"b\\n"]))
    [b'a\\nb\\n']
    """
    waiting: list[bytes] = []
    size = 0
    for line in lines:
        waiting.append(line if line.endswith(b"\n") else line + b"\n")
        size += len(line)
        if size >= BLOCK:
            yield b"".join(waiting)
            waiting.clear()
            size = 0
    if waiting:
        yield b"".join(waiting)
