"""Where results are written in the files that were validated: read a second time, and only when something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO, Final, cast

import pyoxigraph as ox

from kg.errors import Position
from kg.rdf import STDIN, RdfFile
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.terms import form
from kg.shacl.report import Report, Result
from kg.shacl.shapes.files import ShapesGraph

_BY_LINE: Final = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_WITH_LINES: Final = (*_BY_LINE, ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG, ox.RdfFormat.RDF_XML)
_BACK: Final = 100
"""How many lines a value may reach over before its end."""
_LOCAL: Final = re.compile(r"[^#/:]*[#/:]?$")
_MARKED: Final = re.compile(rb"_:f\d+-")
Key = tuple[str, str | None, str | None]
"""A node, its property and its value; None for any, and an empty value where the node is one itself."""


def located(report: Report, files: Sequence[RdfFile], data: Columns, shapes: ShapesGraph) -> Report:
    """The report with the places of its results in `files`, whose statements are `data`, and those of its shapes.

    Files have lines if they are Turtle, TriG, N-Triples, N-Quads or RDF/XML, packed or not; what came by standard input
    has none. Of a result the place of its value is told, else that of its property, else that of its focus node.
    """

    def shape(name: str) -> Position | None:
        label = report.labels.get(name, name)
        node = ox.BlankNode(label[2:]) if label.startswith("_:") else ox.NamedNode(label)
        return next((place for file in shapes.files if (place := file.places.get((node, None, None)))), None)

    places = _Places(report, data)
    for number, file in enumerate(files if report.results else (), 1):
        places.read(file, number, is_first_of_several=number == 1 and len(files) > 1)
    return report.located(places.of, shape)


class _Places:
    """The places of what a report is about."""

    def __init__(self, report: Report, data: Columns) -> None:
        about = [one for result in report.results for one in result.walk()]
        self._wanted = {one.focus for one in about}
        names = {term for one in about for term in (one.focus, one.value) if term is not None}
        self._labels = {report.labels[name]: name for name in names if name in report.labels}
        """From what a blank node was called when it was validated to what the report calls it."""
        self._numbers = _numbered(data, self._labels) if self._labels else {}
        self._met: dict[str, int] = {}
        self._read: set[object] = set()
        self._found: dict[Key, Position] = {}

    def read(self, file: RdfFile, number: int, *, is_first_of_several: bool) -> None:
        """Note the places in the file that was read as the one of this number."""
        if file.path == STDIN:
            self._numbers = {}  # its blank nodes cannot be counted again, so that those of others are not known
        elif file.path.resolve() not in self._read:
            self._read.add(file.path.resolve())
            with file.opened() as content, suppress(SyntaxError):  # it was read once, and is another one by now
                if file.syntax in _BY_LINE:
                    self._read_lines(content, file, number)
                    if is_first_of_several:
                        self._numbers = {}  # it may be that its labels are counted among those of the others
                else:
                    self._read_text(content, file)

    def _read_lines(self, content: BinaryIO, file: RdfFile, number: int) -> None:
        """N-Triples and N-Quads: only lines about what is wanted are parsed."""
        named = {f"<{name}>".encode(): name for name in self._wanted}
        named |= {label.replace(f"_:f{number}-", "_:", 1).encode(): name for label, name in self._labels.items()}
        for line, text in enumerate(content, 1):
            subject = text.split(None, 1)[:1]
            if subject and subject[0] in named:
                for quad in ox.parse(text, file.syntax):
                    value = named.get(str(quad.object).encode()) or _text(quad.object)
                    self._note(named[subject[0]], quad.predicate.value, value, Position(file.shown, line))

    def _read_text(self, content: BinaryIO, file: RdfFile) -> None:
        lines = _Lines(content)
        for quad in ox.parse(cast("BinaryIO", lines), file.syntax, base_iri=file.address, rename_blank_nodes=True):
            subject, value = self._name(quad.subject), self._name(quad.object)
            is_subject, is_value = subject in self._wanted, value in self._wanted
            if file.syntax in _WITH_LINES and (is_subject or is_value):
                place = Position(file.shown, lines.line_of(quad))
                if is_subject:
                    self._note(subject, quad.predicate.value, value, place)
                if is_value:
                    self._found.setdefault((value, None, ""), place)

    def _note(self, node: str, predicate: str, value: str, place: Position) -> None:
        for key in ((node, None, None), (node, predicate, None), (node, predicate, value)):
            self._found.setdefault(key, place)

    def _name(self, term: object) -> str:
        """A term as the report calls it; a blank node is known by the number in which it is met."""
        if isinstance(term, ox.BlankNode):
            number = self._met.setdefault(term.value, len(self._met))
            return self._numbers.get(number, f"_:{number}")
        return _text(term)

    def of(self, result: Result) -> Position | None:
        focus, path, value = result.focus, result.path, result.value
        keys: tuple[Key, ...] = ((focus, path, value), (focus, path, None), (focus, None, None), (focus, None, ""))
        return next((place for key in keys if (place := self._found.get(key)) is not None), None)


def _text(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return term.value
    return form(term).decode() if isinstance(term, ox.Triple) else str(term)


def _numbered(data: Columns, labels: Mapping[str, str]) -> dict[int, str]:
    """What blank nodes are called, by the number in which they are met: another reading gives them other labels.

    Those of N-Triples and N-Quads among several files keep their labels after a mark, and are not counted.
    """
    unmarked: Iterable[bytes] = (f for f in data.terms.forms if f.startswith(b"_") and not _MARKED.match(f))
    names = ((number, labels.get(form.decode())) for number, form in enumerate(unmarked))
    return {number: name for number, name in names if name is not None}


class _Lines:
    """A file that is read a line at a time.

    The parser of Oxigraph tells no lines. Given one line at a time, it tells a statement as soon as it has read the end
    of it: the line that was read last is that of the statement, or one shortly after it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._number = file, 0
        self._last: list[bytes] = []

    def read(self, _: int = -1) -> bytes:
        """The next line, however much is asked for."""
        line = self._file.readline()
        if line:
            self._number += 1
            self._last.append(line)
            del self._last[:-_BACK]
        return line

    def line_of(self, quad: ox.Quad) -> int:
        """The line in which the value of a statement begins that was told just now."""
        text = _words_of(quad.predicate if isinstance(quad.object, ox.BlankNode) else quad.object)
        for back, line in enumerate(reversed(self._last)) if text else ():
            if text in line:
                return self._number - back
        return self._number


def _words_of(value: object) -> bytes:
    """What must stand in the line of a value: the beginning of a literal, the end of an IRI."""
    if isinstance(value, ox.Literal):
        return value.value.partition("\n")[0].partition('"')[0].partition("\\")[0].strip().encode()
    found = _LOCAL.search(value.value) if isinstance(value, ox.NamedNode) else None
    return found[0].encode() if found else b""
