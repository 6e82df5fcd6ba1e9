"""What is read for `kg validate`: data, the ontology of their classes, and shapes, from files, folders or stdin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.cli.output import Talk
from kg.cli.validate.catalogue import Catalogue, import_options
from kg.cli.validate.options import Command, grouped
from kg.errors import UsageError

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.rdf import RdfFile
    from kg.shacl import Columns, ShapesGraph
    from kg.shacl.shapes.model import Version

SYNTAXES: Final = ("ttl", "nt", "nq", "trig", "rdf", "jsonld")
FILE: Final = click.Path(path_type=Path, allow_dash=True)
OWL: Final = "http://www.w3.org/2002/07/owl#"
SHAPES_GRAPH: Final = "http://www.w3.org/ns/shacl#shapesGraph"
_STDIN: Final = Path("-")


@dataclass(frozen=True, slots=True)
class Read:
    """The data graph, and what it was read from."""

    columns: Columns
    files: tuple[RdfFile, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is read beside DATA and the shapes, and how."""

    ontology: tuple[Path, ...]
    data_format: str | None
    version: Version
    catalogue: Catalogue

    def check(self, *named: tuple[Path, ...]) -> None:
        """That standard input is named once at most.

        :raises UsageError: if it is named twice
        """
        if list(chain(self.ontology, *named)).count(_STDIN) > 1:
            raise UsageError("standard input can be read once", hint="name one of the others as a file")

    def shapes(self, paths: tuple[Path, ...], also: tuple[str, ...] = (), *, lenient: bool) -> ShapesGraph:
        """The shapes, with what they import, and what somebody else names `also`.

        :raises ShapesError: as `kg.shacl.read_shapes`
        """
        from kg import shacl

        files, stdin = self.catalogue.files, self._stdin()
        return shacl.read_shapes(*paths, catalogue=files, stdin=stdin, also=also, lenient=lenient, version=self.version)

    def data(self, data: tuple[Path, ...], talk: Talk) -> Read:
        """The union of the graphs of data and ontology, with what they import as far as the catalogue has it.

        :raises UsageError: if a file is absent, or its name tells no syntax
        :raises DataError: with file and line, if it does not parse
        """
        from kg.shacl import Columns

        files = self._files((*data, *self.ontology))
        sizes: dict[RdfFile, int] = {}
        columns = Columns()
        is_alone = len(files) == 1 and not self.catalogue.files
        for number, file in enumerate(files, 1):
            sizes[file] = _add(columns, file, "" if is_alone else f"f{number}", talk)
        files += self._import(columns, files, sizes, talk)
        empty = tuple(f"{file.shown} states nothing" for file in files if not sizes[file])
        return Read(columns, tuple(files), (*_lost(files), *empty))

    def with_shapes_of_data(
        self, graph: ShapesGraph, read: Read, paths: tuple[Path, ...], *, lenient: bool
    ) -> ShapesGraph:
        """The shapes, with those that `sh:shapesGraph` of the data names and the catalogue has.

        :raises UsageError: if they were read from standard input, which cannot be read again
        """
        known = {iri.removesuffix("#") for file in graph.files for iri in file.ontologies}
        named = _asked(read.columns, SHAPES_GRAPH) - known
        found = tuple(sorted(named & self.catalogue.files.keys()))
        if found and _STDIN in paths:
            hint = f"name the file of {found[0]} with --shapes as well"
            raise UsageError("shapes from standard input were read before data named others", hint=hint)
        return self.shapes(paths, found, lenient=lenient) if found else graph

    def _stdin(self) -> ox.RdfFormat:
        from kg.rdf import named

        syntax = named(self.data_format or SYNTAXES[0])
        assert syntax is not None
        return syntax

    def _files(self, paths: tuple[Path, ...]) -> list[RdfFile]:
        """The files of paths, each once."""
        from kg.rdf import RdfFile, rdf_files

        found: dict[Path, RdfFile] = {}
        for path in paths:
            for file in (path,) if path == _STDIN else rdf_files(path):
                key = file if file == _STDIN else file.resolve()
                found.setdefault(key, RdfFile(file, self._syntax(file)))
        return list(found.values())

    def _syntax(self, file: Path) -> ox.RdfFormat:
        from kg.rdf import bare, named, syntax_of

        if file == _STDIN:
            return self._stdin()
        if self.data_format and named(bare(file).suffix) is None:
            return self._stdin()
        try:
            return syntax_of(file)
        except UsageError as error:
            problem = error.problems[0]
            raise UsageError(problem.message, hint=f"{problem.hint}, or tell its syntax: --data-format") from None

    def _import(self, columns: Columns, files: list[RdfFile], sizes: dict[RdfFile, int], talk: Talk) -> list[RdfFile]:
        """What the data import and the catalogue has, and what that imports, added to the data."""
        from kg.rdf import RdfFile

        paths = {file.path.resolve() for file in files if file.path != _STDIN}
        done: list[RdfFile] = []
        seen: set[str] = set()
        while new := (_asked(columns, OWL + "imports") & self.catalogue.files.keys()) - seen:
            seen |= new
            for iri in sorted(new):
                path = self.catalogue.files[iri]
                file = RdfFile(path, self._syntax(path), iri)
                done.append(file)
                if path.resolve() in paths:
                    sizes[file] = 1
                    continue
                paths.add(path.resolve())
                sizes[file] = _add(columns, file, f"f{len(files) + len(done)}", talk)
        return done


def values(columns: Columns, predicate: str) -> set[str]:
    """The IRIs that are values of a predicate."""
    terms = columns.terms
    return {terms.value(value) for _, value in columns.column(predicate).pairs() if terms.is_iri(value)}


def _lost(files: list[RdfFile]) -> Iterator[str]:
    """What JSON-LD among the files says and its statements do not: a shape would find it missing."""
    import pyoxigraph as ox

    if any(file.syntax == ox.RdfFormat.JSON_LD for file in files):
        from kg.rdfdata.jsonld import lost_in

        for file in files:
            yield from lost_in(file)


def _asked(columns: Columns, predicate: str) -> set[str]:
    return {iri.removesuffix("#") for iri in values(columns, predicate)}


def _add(columns: Columns, file: RdfFile, apart: str, talk: Talk) -> int:
    """Add a file; how many statements it has. With `apart`, its blank nodes are those of no other file."""
    from kg.shacl.graph.reading import add_file

    with file.opened() as content:
        count = add_file(columns, content, file, apart=apart)
    talk.detail(f"{file.shown}: {count} statements")
    return count


def input_options(function: Command) -> Command:
    """`--ontology`, `--data-format`, `--shacl`, and where imports lie."""
    given: Callable[[Command], Command] = grouped(
        "inputs",
        Inputs,
        click.option("--ontology", multiple=True, type=FILE, help="Classes of the data: a file or a folder."),
        click.option(
            "--data-format",
            type=click.Choice(SYNTAXES),
            help="The syntax of standard input (ttl), and of files whose names tell none.",
        ),
        click.option(
            "--shacl",
            "version",
            type=click.Choice(["1.0", "1.2"]),
            default="1.0",
            show_default=True,
            help="How shapes are read: as the standard, or as the draft of SHACL 1.2 Core.",
        ),
        import_options,
    )
    return given(function)
