"""RDF serialisations of a release: same release, same bytes.

The serialisers are pyoxigraph's. Two faults of its RDF/XML (0.5.13) are mended here: a carriage return in a literal is
written as a character reference, since XML turns a raw one into a line feed (XML 1.0, section 2.11); and a property or
a character that XML cannot name is refused, where it would write a document that is not well-formed.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final, Literal, cast

import pyoxigraph as ox

from kg.errors import UsageError, nearest
from kg.release import Release
from kg.rml.run.distinct import Sorter
from kg.store import parse_lines
from kg.terms import PREFIXES, Minter

Selection = Literal["default", "claims", "all"]
"""`default`: the derived default graph; `claims`: the claims' graphs and their metadata; `all`: every statement."""

SELECTIONS: Final[tuple[Selection, ...]] = ("default", "claims", "all")


@dataclass(frozen=True, slots=True)
class Format:
    """One RDF serialisation."""

    name: str
    media_type: str
    extension: str
    syntax: ox.RdfFormat
    graphs: bool
    """Whether it can hold named graphs."""


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        f.name: f
        for f in (
            Format("turtle", "text/turtle", "ttl", ox.RdfFormat.TURTLE, graphs=False),
            Format("ntriples", "application/n-triples", "nt", ox.RdfFormat.N_TRIPLES, graphs=False),
            Format("rdfxml", "application/rdf+xml", "rdf", ox.RdfFormat.RDF_XML, graphs=False),
            Format("nquads", "application/n-quads", "nq", ox.RdfFormat.N_QUADS, graphs=True),
            Format("trig", "application/trig", "trig", ox.RdfFormat.TRIG, graphs=True),
            Format("jsonld", "application/ld+json", "jsonld", ox.RdfFormat.JSON_LD, graphs=True),
        )
    }
)


def serialise(release: Release, format_name: str, output: IO[bytes], graph: Selection | None = None) -> None:
    """Write a release to a binary file in one of `FORMATS`.

    Without `graph`, formats of triples write the default graph and formats of quads everything. JSON-LD is in
    expanded form.

    :raises UsageError: if the format or the selection is unknown, or the format cannot hold what is selected
    :raises ReleaseError: if the release cannot be read
    """
    chosen = find_format(format_name)
    selection = _check_selection(chosen, graph)
    wanted = _Wanted(selection, release.base)
    prefixes = _prefixes(wanted.of(release))
    if chosen.graphs:
        with tempfile.TemporaryDirectory(prefix="kg-export-") as folder:
            quads = by_graph(wanted.of(release), Path(folder))
            ox.serialize(quads, output, chosen.syntax, prefixes=prefixes)
        return
    if chosen.syntax == ox.RdfFormat.RDF_XML:
        for _ in check_xml(quad.triple for quad in wanted.of(release)):
            pass
        output = without_carriage_returns(output)
    ox.serialize((quad.triple for quad in wanted.of(release)), output, chosen.syntax, prefixes=prefixes)


def find_format(name: str) -> Format:
    """One of `FORMATS` by name.

    :raises UsageError: if there is no such format

    >>> find_format("trig").media_type
    'application/trig'
    """
    try:
        return FORMATS[name]
    except KeyError:
        known = (*FORMATS, "csv", "statements")
        raise UsageError(f"no export format '{name}'", hint=nearest(name, known) or ", ".join(known)) from None


def _check_selection(chosen: Format, graph: Selection | None) -> Selection:
    if graph is None:
        return "all" if chosen.graphs else "default"
    if graph not in SELECTIONS:
        raise UsageError(f"no selection '{graph}'", hint=nearest(graph, SELECTIONS) or ", ".join(SELECTIONS))
    if graph != "default" and not chosen.graphs:
        raise UsageError(
            f"{chosen.name} has no named graphs, and every claim is one", hint="use nquads, trig or jsonld"
        )
    return graph


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The statements of a selection."""

    selection: Selection
    base: str

    def of(self, release: Release) -> Iterator[ox.Quad]:
        """Those of a release in their order, read as they are asked for."""
        if self.selection == "all":
            return parse_lines(release.lines())
        mint = Minter(self.base)
        claims, metadata = mint.claim(""), mint.graph("claims")

        def is_wanted(name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> bool:
            if self.selection == "default":
                return isinstance(name, ox.DefaultGraph)
            return isinstance(name, ox.NamedNode) and (name.value == metadata or name.value.startswith(claims))

        return (quad for quad in parse_lines(release.lines()) if is_wanted(quad.graph_name))


def by_graph(quads: Iterable[ox.Quad], folder: Path) -> Iterator[ox.Quad]:
    """The statements, sorted, those of one graph after those of another; what is sorted lies in a folder."""
    sorter = Sorter(folder)
    for quad in quads:
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
        # No character of a name comes before the one that ends it.
        sorter.write(f"{name}\0{quad} .\n".encode())
    return parse_lines(line.partition(b"\0")[2].decode() for lines in sorter.blocks() for line in lines)


def _prefixes(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """The prefixes that some IRI of the statements begins with."""
    namespaces = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for quad in quads for iri in _iris(quad)}
    return {name: iri for name, iri in PREFIXES.items() if iri in namespaces}


def _iris(quad: ox.Quad) -> Iterator[str]:
    for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal):
            yield term.datatype.value


# --- RDF/XML

_NAME_START: Final = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ENDS_IN_NAME: Final = re.compile(f"[{_NAME_START}][{_NAME_START}\\-.0-9\u00b7\u0300-\u036f\u203f-\u2040]*$")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def check_xml(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples, as long as XML 1.0 can hold them.

    :raises UsageError: for a property without a local name, or a control character (section 2.2)
    """
    for triple in triples:
        if not _ENDS_IN_NAME.search(triple.predicate.value):
            raise UsageError(f"RDF/XML cannot name the property {triple.predicate}", hint="use turtle")
        if isinstance(triple.object, ox.Literal) and (found := _NOT_XML.search(triple.object.value)):
            raise UsageError(f"RDF/XML cannot hold U+{ord(found[0]):04X} in {triple}", hint="use turtle")
        yield triple


def without_carriage_returns(output: IO[bytes]) -> IO[bytes]:
    """A file that takes RDF/XML and writes every carriage return as a character reference."""
    return cast("IO[bytes]", _CarriageReturns(output))


@dataclass(frozen=True, slots=True)
class _CarriageReturns:
    """A file that writes every carriage return as a character reference; only literals contain one."""

    output: IO[bytes]

    def write(self, data: bytes) -> int:
        self.output.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        self.output.flush()
