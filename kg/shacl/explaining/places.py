"""Where results are written in the files that were validated: read a second time, and only when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO, Final, cast

import pyoxigraph as ox

from kg.errors import Position
from kg.rdf import STDIN, FollowedLines, RdfFile, numbered_label, whole_lines
from kg.shacl.graph.terms import form
from kg.shacl.report import Report, Result
from kg.shacl.shapes.files import ShapesGraph

_BY_LINE: Final = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_WITH_LINES: Final = (*_BY_LINE, ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)
_SUBJECT: Final = re.compile(rb"[ \t]*+([^ \t\r\n]*+).*\n")
Key = tuple[str, str | None, str | None]
"""A node, its property and its value; None for any, and an empty value where the node is one itself."""


def located(report: Report, files: Sequence[RdfFile], shapes: ShapesGraph) -> Report:
    """The report with the places of its results in `files`, and those of its shapes.

    The blank nodes of a file are called as `kg.rdf.blocks_of_lines` calls them, with its number among the files before
    that (`_:f1-b0`), or without it if it was the only one.

    Files have lines if they are Turtle, TriG, N-Triples, N-Quads or RDF/XML, packed or not; what came by standard input
    has none. Of a result the place of its value is told, else that of its property, else that of its focus node.
    """

    def shape(name: str) -> Position | None:
        label = report.labels.get(name, name)
        node = ox.BlankNode(label[2:]) if label.startswith("_:") else ox.NamedNode(label)
        return next((place for file in shapes.files if (place := file.places.get((node, None, None)))), None)

    places = _Places(report)
    for number, file in enumerate(files if report.results else (), 1):
        places.read(file, number)
    return report.located(places.of, shape)


class _Places:
    """The places of what a report is about."""

    def __init__(self, report: Report) -> None:
        about = [one for result in report.results for one in result.walk()]
        self._wanted = {one.focus for one in about}
        names = {term for one in about for term in (one.focus, one.value) if term is not None}
        self._labels = {report.labels[name]: name for name in names if name in report.labels}
        """From what a blank node was called when it was validated to what the report calls it."""
        self._read: set[object] = set()
        self._found: dict[Key, Position] = {}

    def read(self, file: RdfFile, number: int) -> None:
        """Note the places in the file that was read as the one of this number."""
        if file.path != STDIN and file.path.resolve() not in self._read:
            self._read.add(file.path.resolve())
            with file.opened() as content, suppress(SyntaxError):  # it was read once, and is another one by now
                if file.syntax in _BY_LINE:
                    self._read_lines(content, file, number)
                elif file.syntax in _WITH_LINES:
                    self._read_text(content, file, number)

    def _read_lines(self, content: BinaryIO, file: RdfFile, number: int) -> None:
        """N-Triples and N-Quads: only lines about what is wanted are parsed."""
        named = {f"<{name}>".encode(): name for name in self._wanted}
        marks = _marks(number)
        for label, name in self._labels.items():
            mark = next((mark for mark in marks if label.startswith(mark)), None)
            if mark is not None:
                named[b"_:" + label.removeprefix(mark).encode()] = name
        before = 0
        for block in whole_lines(content, file.shown):
            subjects = _SUBJECT.findall(block)
            hits = [number for number, subject in enumerate(subjects) if subject in named]
            lines = block.split(b"\n") if hits else []
            for line in hits:
                for quad in ox.parse(lines[line], file.syntax):
                    value = named.get(str(quad.object).encode()) or _text(quad.object)
                    self._note(
                        named[subjects[line]], quad.predicate.value, value, Position(file.shown, before + line + 1)
                    )
            before += block.count(b"\n")

    def _read_text(self, content: BinaryIO, file: RdfFile, number: int) -> None:
        lines, names = FollowedLines(content), _Names(self._labels, number)
        read = cast("BinaryIO", lines)
        for quad in ox.parse(read, file.syntax, base_iri=file.address, rename_blank_nodes=True):
            subject, value = names.of(quad)
            is_subject, is_value = subject in self._wanted, value in self._wanted
            if is_subject or is_value:
                place = Position(file.shown, lines.line_of(quad))
                if is_subject:
                    self._note(subject, quad.predicate.value, value, place)
                if is_value:
                    self._found.setdefault((value, None, ""), place)

    def _note(self, node: str, predicate: str, value: str, place: Position) -> None:
        for key in ((node, None, None), (node, predicate, None), (node, predicate, value)):
            self._found.setdefault(key, place)

    def of(self, result: Result) -> Position | None:
        focus, path, value = result.focus, result.path, result.value
        keys: tuple[Key, ...] = ((focus, path, value), (focus, path, None), (focus, None, None), (focus, None, ""))
        return next((place for key in keys if (place := self._found.get(key)) is not None), None)


def _marks(file: int) -> tuple[str, ...]:
    """How the labels of the blank nodes of a file may begin; the first one may have been alone."""
    return (f"_:f{file}-", "_:") if file == 1 else (f"_:f{file}-",)


def _text(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    return form(term).decode() if isinstance(term, ox.Triple) else str(term)


class _Names:
    """The terms of a file as a report calls them; blank nodes are known by the number in which they are met."""

    def __init__(self, labels: Mapping[str, str], file: int) -> None:
        self._labels, self._marks = labels, _marks(file)
        self._met: dict[str, str] = {}

    def of(self, quad: ox.Quad) -> tuple[str, str]:
        """The subject and the object of a statement."""
        subject, value, _ = map(self._name, (quad.subject, quad.object, quad.graph_name))
        return subject, value

    def _name(self, term: object) -> str:
        if isinstance(term, ox.BlankNode):
            known = self._met.get(term.value)
            return self._next(term.value) if known is None else known
        if isinstance(term, ox.Triple):
            for inner in (term.subject, term.object):
                self._name(inner)
        return _text(term)

    def _next(self, label: str) -> str:
        called = [mark + numbered_label(len(self._met)).removeprefix("_:") for mark in self._marks]
        name = next((self._labels[one] for one in called if one in self._labels), "_:")
        self._met[label] = name
        return name
