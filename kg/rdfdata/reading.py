"""A file of RDF of any syntax -> lines of N-Quads whose blank nodes have IRIs: a stream, whatever its size.

Statements with blank nodes are set aside, sorted on disk where they are many, until the file has been read: their names
follow from all of them (`kg.rdfdata.neighbourhoods`). All others pass at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO, Final, cast
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.errors import DataError, Position, Problem
from kg.rdf import FollowedLines, RdfFile, serialised, unreadable
from kg.rdf.rows import ROW
from kg.rdfdata.jsonld import look
from kg.rdfdata.neighbourhoods import name_blank_nodes
from kg.rml.run.distinct import Sorter

GENID: Final = "/.well-known/genid/"
"""Where the IRIs of blank nodes live, below the host (RDF 1.1 Concepts, section 3.5)."""
TOLD: Final = 100
"""Faulty lines of a file that are told one by one."""
_BY_LINE: Final = (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
_BLANK: Final = b"_:"
_TERMS: Final = re.compile(rb"_:[A-Za-z0-9]++")
_BEYOND: Final = re.compile(rb'<<\(|"@[A-Za-z0-9-]+--(?:ltr|rtl)[ )]')
"""What is beyond RDF 1.1, or stands in a literal and looks so."""
_RELATIVE: Final = "No scheme found in an absolute IRI"
_NO_BASE: Final = "write it in full, or give the file a base: @base in it, or 'base:' where it is described"


def home_of(base: str) -> str:
    """Where the IRIs of blank nodes begin, for a project's base.

    >>> home_of("https://example.org/harbours/")
    'https://example.org/.well-known/genid/'
    """
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}{GENID}"


class Reading:
    """One file as it is read: its lines go to `take` in blocks, what is wrong with it to `problems`.

    The file is called `name` in errors. `folder` gives a folder for what is too much for the memory. `salt` tells its
    blank nodes from those of other files.
    """

    def __init__(self, file: RdfFile, name: str, home: str | None, salt: str, folder: Callable[[], Path]) -> None:
        """Without a `home` of IRIs, blank nodes stay such, and their names are their labels."""
        self._file, self._name, self._home, self._salt, self._folder = file, name, home, salt.encode(), folder
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.lines = 0
        """Of the file."""
        self.blank_nodes = 0
        self.is_canonical = True
        """Whether the names of its blank nodes follow from its statements alone."""
        self._iris: Mapping[bytes, bytes] = {}

    def read(self, take: Callable[[bytes], object]) -> None:
        """Read it to its end.

        :raises StorageError: if the system cannot read it, or the disk is full
        """
        # A folder of its own: sorters call their files by numbers.
        aside = Sorter(cache(lambda: Path(mkdtemp(prefix="blank-", dir=self._folder()))))
        try:
            for block in self._blocks():
                sound = self._without_beyond(block) if _BEYOND.search(block) else block
                with_blank, others = _parted(sound) if _BLANK in sound else (b"", sound)
                if with_blank:
                    aside.write(with_blank)
                if others:
                    take(others)
            if not self.problems:
                self._named(aside, take)
        except DataError as error:
            self.problems.extend(error.problems)
        finally:
            aside.clear()

    def iri_of(self, label: str) -> str:
        """The IRI of a blank node by its label, once the file has been read; the empty text for none."""
        return self._iris.get(label.encode(), b"").strip(b"<>").decode()

    def _blocks(self) -> Iterator[bytes]:
        with self._file.opened() as content:
            counted = _Counted(content)
            if self._file.syntax == ox.RdfFormat.JSON_LD:
                found = look(self._file, self._name)
                self.problems += found.problems
                self.warnings += found.warnings
                if found.problems:
                    return
            try:
                yield from serialised(cast("BinaryIO", counted), self._file.syntax, self._name, self._file.base)
            except DataError:
                self.problems += faults_of(self._file, self._name)
            self.lines = counted.lines

    def _without_beyond(self, block: bytes) -> bytes:
        kept = []
        for line in block.splitlines(keepends=True):
            if _BEYOND.search(line) and (what := _beyond(line)):
                self.problems.append(Problem(DataError.code, what, Position(self._name, self._line_of(line))))
            else:
                kept.append(line)
        return b"".join(kept)

    def _line_of(self, line: bytes) -> int:
        (wanted,) = ox.parse(line, ox.RdfFormat.N_QUADS)
        places = (n for quad, n in followed(self._file) if quad.predicate == wanted.predicate and _alike(quad, wanted))
        return next(places, 1)

    def _named(self, aside: Sorter, take: Callable[[bytes], object]) -> None:
        names = name_blank_nodes((b"".join(lines) for lines in aside.blocks()), self._salt)
        self.blank_nodes, self.is_canonical = len(names.by_label), names.is_canonical
        form = "_:b{}" if self._home is None else f"<{self._home}{{}}>"
        self._iris = iris = {label: form.format(name).encode() for label, name in names.by_label.items()}
        for lines in aside.blocks():
            take(b"".join(_with_iris(row, iris) for row in ROW.findall(b"".join(lines))))


def _alike(quad: ox.Quad, wanted: ox.Quad) -> bool:
    """Whether two statements are the same but for the labels of blank nodes."""
    return _TERMS.sub(b"", str(quad).encode()) == _TERMS.sub(b"", str(wanted).encode())


def _beyond(line: bytes) -> str:
    (quad,) = ox.parse(line, ox.RdfFormat.N_QUADS)
    if isinstance(quad.object, ox.Triple):
        return "a triple term is no part of RDF 1.1, which a release holds"
    if isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
        return "a base direction is no part of RDF 1.1, which a release holds: keep the language"
    return ""


def _parted(block: bytes) -> tuple[bytes, bytes]:
    """The lines with blank nodes, and the others."""
    blank: list[bytes] = []
    others: list[bytes] = []
    for line in block.splitlines(keepends=True):
        found = ROW.fullmatch(line) if _BLANK in line else None
        is_blank = found is not None and any(part is not None and part.startswith(_BLANK) for part in found.groups())
        (blank if is_blank else others).append(line)
    return b"".join(blank), b"".join(others)


def _with_iris(row: tuple[bytes, bytes, bytes, bytes], iris: Mapping[bytes, bytes]) -> bytes:
    subject, predicate, value, graph = row
    named = (iris.get(subject, subject), predicate, iris.get(value, value))
    return b"%s %s %s %s .\n" % (*named, graph) if graph else b"%s %s %s .\n" % named


class _Counted:
    """A file whose lines are counted as it is read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self._ends = 0
        self._last = b"\n"

    def read(self, size: int = -1) -> bytes:
        piece = self._content.read(size)
        if piece:
            self._ends += piece.count(b"\n")
            self._last = piece[-1:]
        return piece

    @property
    def lines(self) -> int:
        """So far; the last one may lack its end."""
        return self._ends + (self._last != b"\n")


def followed(file: RdfFile) -> Iterator[tuple[ox.Quad, int]]:
    """The statements of a file, each with its line: slower than a reading without lines.

    What does not parse ends it, without a word.
    """
    with file.opened() as content:
        lines = FollowedLines(content)
        try:
            for quad in ox.parse(cast("BinaryIO", lines), file.syntax, base_iri=file.base, rename_blank_nodes=True):
                yield quad, lines.line_of(quad)
        except (SyntaxError, DataError):
            return


def faults_of(file: RdfFile, name: str) -> list[Problem]:
    """What does not parse in a file: all faulty lines, if each line is a statement, else the first fault."""
    with file.opened() as content:
        lines = FollowedLines(content)
        if file.syntax in _BY_LINE:
            return _faulty_lines(lines, file.syntax, name)
        try:
            for _ in ox.parse(cast("BinaryIO", lines), file.syntax, base_iri=file.base):
                pass
        except SyntaxError as error:
            return [_told(unreadable(error, name, file.syntax, error.lineno or lines.number or 1).problems[0])]
        except DataError as error:
            return list(error.problems)
    return []


def _faulty_lines(lines: FollowedLines, syntax: ox.RdfFormat, name: str) -> list[Problem]:
    found: list[Problem] = []
    more = 0
    while line := lines.read():
        try:
            list(ox.parse(line, syntax))
        except SyntaxError as error:
            if len(found) < TOLD:
                found.append(_told(unreadable(error, name, syntax, lines.number).problems[0]))
            else:
                more += 1
    if more:
        found.append(Problem(DataError.code, f"{more:,} more lines of {name} are not {syntax.name}"))
    return found


def _told(problem: Problem) -> Problem:
    """The same with what to do about a relative IRI."""
    if _RELATIVE not in problem.message:
        return problem
    where = problem.position
    return Problem("relative-iri", f"a relative IRI has no base: {problem.message}", where, hint=_NO_BASE)
