"""The files of RDF of a project as lines of a build: what they state, each graph in its claim, and what is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kg.config import Config
from kg.errors import DataError, Position, Problem
from kg.positions import Table, read_yaml
from kg.rdf import RdfFile
from kg.rdf.rows import ROW
from kg.rdfdata.checks import Checks, Declared, OwnTerms
from kg.rdfdata.graphs import Entry, Graphs, claim_in
from kg.rdfdata.lines import write_lines
from kg.rdfdata.model import DataFile
from kg.rdfdata.places import graph_places, places
from kg.rdfdata.provenance import describe
from kg.rdfdata.reading import Reading, followed, home_of
from kg.rdfdata.register import REGISTER, claim_of, data_paths, ontology_files, read_register
from kg.records.documents import renew
from kg.records.locations import Locate
from kg.records.model import Document
from kg.records.statements import Names
from kg.rml.run.folder import digest
from kg.shacl.origins import place_in_file
from kg.terms import ONTOLOGY_BASE, is_claim_id

_ONTOLOGY: Final = "ontology/"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the files of RDF of a project say."""

    counts: Mapping[str, int]
    """Figures for the manifest; none without such files."""
    warnings: tuple[str, ...] = ()
    claims: frozenset[str] = frozenset()
    """The IRIs of the claims that whole graphs of files are."""
    located: Locate = lambda _: None
    """From the IRI of a document, of a claim or of a thing to where it is written."""


def input_files(config: Config) -> Iterator[Path]:
    """Every file that a build reads of them."""
    paths = data_paths(config)
    register = config.locate("rdf") / REGISTER
    if paths or register.exists():
        yield register
    yield from paths
    yield from (one.file.path for one in ontology_files(config))


def claim_ids(config: Config) -> frozenset[str]:
    """The ids of the claims that the register names, as far as it can be read: it is checked when it is used."""
    path = config.locate("rdf") / REGISTER
    if not path.is_file():
        return frozenset()
    try:
        root = read_yaml(path, config.name_of(path), limit=config.limits.file_bytes, depth=config.limits.depth)
    except DataError:
        return frozenset()
    body = root.get("files") if isinstance(root, Table) else None
    found: set[str] = set()
    for slug, node in body if isinstance(body, Table) else ():
        found.add(slug)
        graphs = node.get("graphs") if isinstance(node, Table) else None
        for iri, said in graphs if isinstance(graphs, Table) else ():
            own = said.get("id") if isinstance(said, Table) else None
            found.add(getattr(own, "text", None) or claim_of(slug, iri))
    return frozenset(name for name in found if is_claim_id(name))


class RdfData:
    """The files of RDF of a project, whose register is sound.

    :raises RecordError: with everything that is wrong with the register
    :raises StorageError: if the system cannot read it
    """

    def __init__(self, config: Config, names: Names) -> None:
        self._config, self._names, self._mint = config, names, names.mint
        self._home = home_of(config.project.base)
        self.files = read_register(config, names)
        self.ontology = ontology_files(config)

    def assemble(self, entry: Entry, folder: Callable[[], Path], documents: Mapping[str, Document]) -> Stated:
        """Read the files and hand on all lines.

        :param folder: gives the folder for what is too much for the memory
        :param documents: those of `sources.yaml`
        :raises DataError: with everything that is wrong with the files
        :raises StorageError: if the system cannot read one, or the disk is full
        """
        told = _Told()
        terms = self._read_ontology(entry, folder, told)
        owners: dict[str, DataFile] = {}
        for data in self.files:
            graphs = self._read(data, terms, entry, folder, told)
            told.problems += self._hash(data, documents)
            owners.update(dict.fromkeys(graphs.claims, data))
        if told.problems:
            unique = dict.fromkeys(told.problems)
            raise DataError(problems=sorted(unique, key=lambda p: (p.position or Position("", 0), p.message)))
        figures = told.figures(len(self.files), len(self.ontology))
        return Stated(figures, told.texts(), frozenset(map(self._mint.claim, owners)), self._located(owners))

    def _read(self, data: DataFile, terms: OwnTerms, entry: Entry, folder: Callable[[], Path], told: _Told) -> Graphs:
        checks = Checks(self._mint, self._names.vocabulary, terms, self._home)
        graphs = Graphs(self._mint, data, checks, entry)
        reading = self._reading(data, folder)
        reading.read(graphs.take)
        found = [*reading.problems, *graphs.problems()]
        if not reading.problems:
            found += checks.problems(data.file, data.name)
            told.warnings += checks.warnings(data.file, data.name)
        told.problems += found
        told.warnings += reading.warnings
        if not reading.is_canonical:
            what = "some blank nodes are told apart by their order in the file alone"
            told.warnings.append(Problem("blank-node", what, Position(data.name, 1), hint="give them IRIs"))
        if not found:
            entry.stated(describe(data, digest(data.file.path), reading.lines, graphs.claims, self._mint))
        told.graphs += len(graphs.claims)
        told.statements += graphs.statements
        told.blank_nodes += reading.blank_nodes
        spoken, labelled = checks.things()
        told.things |= spoken
        told.labelled |= labelled
        return graphs

    def write_lines(self, folder: Path) -> None:
        """Write the lines of all statements into a folder (`kg.rdfdata.lines`).

        :raises OSError: if the disk is full, read-only or not permitted
        """
        files: dict[str, str] = {}

        def placed() -> Iterator[tuple[str, str, str, int]]:
            for data in self.files:
                with TemporaryDirectory(prefix="reading-", dir=folder.parent) as aside:
                    reading = self._reading(data, lambda: Path(aside))
                    for subject, predicate, line, graph in graph_places(data.file, reading):
                        claim, _ = claim_in(data, graph)
                        files[claim] = data.name
                        yield claim, subject, predicate, line

        write_lines(folder, placed(), files)

    def _reading(self, data: DataFile, folder: Callable[[], Path]) -> Reading:
        return Reading(data.file, data.name, self._home, self._salt(data.slug), folder)

    def _salt(self, name: str) -> str:
        return f"{self._mint.base}\0{name}"

    def _read_ontology(self, entry: Entry, folder: Callable[[], Path], told: _Told) -> OwnTerms:
        """Hand on the project's ontology; gives what it declares."""
        declared = Declared()
        graph = f"<{self._mint.graph('ontology')}>".encode()
        shipped = f"<{ONTOLOGY_BASE}".encode()
        for own in self.ontology:
            changed: set[bytes] = set()

            def take(block: bytes, changed: set[bytes] = changed) -> None:
                rows = ROW.findall(block)
                declared.take(rows)
                changed.update(row[0] for row in rows if row[0].startswith(shipped))
                entry.graphs(b"".join([b"%s %s %s %s .\n" % (*row[:3], graph) for row in rows]))

            reading = Reading(own.file, own.name, self._home, self._salt(_ONTOLOGY + own.name), folder)
            reading.read(take)
            told.problems += reading.problems
            told.warnings += reading.warnings
            for iri in sorted(changed) if self._mint.base != ONTOLOGY_BASE else ():
                what = f"this changes a term that came with zellige: {iri.decode()}"
                place = _first_of(own.file, own.name, iri)
                told.problems.append(Problem("shipped-term", what, place, hint="put a term of your own below it"))
        return declared.own()

    def _hash(self, data: DataFile, documents: Mapping[str, Document]) -> Iterator[Problem]:
        """A file that is a document of `sources.yaml`, which has another hash."""
        document = documents.get(data.slug)
        if data.document is None and document is not None and document.sha256 != (found := digest(data.file.path)):
            what = f"{data.name} has the hash {found}, and document '{data.slug}' "
            what += f"has {document.sha256}" if document.sha256 else "has none"
            yield Problem("hash", what, data.position, hint=renew(data.name, document))

    def _located(self, owners: Mapping[str, DataFile]) -> Locate:
        @cache
        def known() -> dict[str, Position]:
            found: dict[str, Position] = {}
            for own in self.ontology:
                for quad, line in followed(own.file):
                    subject = getattr(quad.subject, "value", "")
                    for key in (subject, place_in_file(subject, quad.predicate.value)):
                        found.setdefault(key, Position(own.name, line))
            for data in self.files:
                with TemporaryDirectory(prefix="kg-places-") as folder:
                    for iri, line in places(data.file, self._reading(data, lambda: Path(folder))):
                        found.setdefault(iri, Position(data.name, line))
                found[self._mint.document(data.slug)] = data.position
            found.update((self._mint.claim(claim), data.position) for claim, data in owners.items())
            return found

        return lambda iri: known().get(iri) or known().get(iri.partition("#")[0])


@dataclass(slots=True)
class _Told:
    """What is gathered while files are read."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    graphs: int = 0
    statements: int = 0
    blank_nodes: int = 0
    things: set[int] = field(default_factory=set)
    labelled: set[int] = field(default_factory=set)

    def figures(self, files: int, ontology: int) -> Mapping[str, int]:
        """For the manifest; nothing of what a project has none of."""
        found = {"ontology_files": ontology} if ontology else {}
        if files:
            found |= {
                "rdf_files": files,
                "rdf_graphs": self.graphs,
                "rdf_statements": self.statements,
                "rdf_blank_nodes": self.blank_nodes,
                "rdf_things_unlabelled": len(self.things - self.labelled),
            }
        return found

    def texts(self) -> tuple[str, ...]:
        """The warnings in words."""
        bare = len(self.things - self.labelled)
        what = f"{bare:,} of the {len(self.things):,} things in files of RDF have no label (rdfs:label or another name)"
        return (*map(str, self.warnings), *([what] if bare else []))


def _first_of(file: RdfFile, name: str, subject: bytes) -> Position:
    found = (line for quad, line in followed(file) if str(quad.subject).encode() == subject)
    return Position(name, next(found, 1))
