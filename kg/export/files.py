"""A file of RDF in another syntax, as a stream: what one syntax says and the other cannot is refused by name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, cast

import pyoxigraph as ox

from kg.errors import DataError, UsageError
from kg.export.formats import by_graph, check_xml, find_format, without_carriage_returns
from kg.rdf import RdfFile, syntax_of, unreadable
from kg.rdfdata.jsonld import look

_PREFIXED: Final = ("turtle", "trig", "rdfxml")
"""Formats that write IRIs by the prefixes of the file."""


def convert(path: Path, format_name: str, output: IO[bytes]) -> None:
    """Write a file of RDF to a binary file in one of `kg.export.FORMATS`.

    Relative IRIs are resolved against the file.

    :raises UsageError: if the format is unknown, or cannot hold what the file says
    :raises DataError: with file and line, if it does not parse, or is JSON-LD that would lose something
    :raises StorageError: if it cannot be read
    """
    chosen, file = find_format(format_name), RdfFile(path, syntax_of(path))
    if file.syntax == ox.RdfFormat.JSON_LD:
        looked = look(RdfFile(path, file.syntax, file.address), file.shown)
        if looked.problems:
            raise DataError(problems=looked.problems)
    with file.opened() as content, tempfile.TemporaryDirectory(prefix="kg-export-") as folder:
        parser = ox.parse(content, file.syntax, base_iri=file.address)
        quads = _read(parser, file)
        first = next(quads, None)
        prefixes = dict(parser.prefixes) if format_name in _PREFIXED else None
        given = _with(first, quads)
        if chosen.graphs:
            ox.serialize(by_graph(given, Path(folder)), output, chosen.syntax, prefixes=prefixes)
            return
        triples = _triples(given, chosen.name)
        if chosen.syntax == ox.RdfFormat.RDF_XML:
            triples, output = check_xml(triples), without_carriage_returns(output)
        ox.serialize(triples, output, chosen.syntax, prefixes=prefixes)


def _read(parser: Iterator[ox.Quad | ox.Triple], file: RdfFile) -> Iterator[ox.Quad]:
    try:
        yield from cast("Iterator[ox.Quad]", parser)
    except SyntaxError as error:
        raise unreadable(error, file.shown, file.syntax) from None


def _with(first: ox.Quad | None, rest: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    if first is not None:
        yield first
        yield from rest


def _triples(quads: Iterator[ox.Quad], name: str) -> Iterator[ox.Triple]:
    for quad in quads:
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            what = f"the file has named graphs, such as {quad.graph_name}, and {name} has none"
            raise UsageError(what, hint="use nquads, trig or jsonld")
        yield quad.triple
