"""`rdf.yaml`: which files of RDF a project has, where they come from, and how what they state is reviewed.

What stands beside `files:` is said of all of them; a file, and a graph of a file, say it anew. A file that the register
does not name is a fault: nothing is published of which nobody said how it is put and reviewed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from kg.config import Config
from kg.errors import Position, UsageError, nearest
from kg.positions import Faults, Node, Table, Value, read_yaml
from kg.rdf import RdfFile, bare, rdf_files, syntax_of
from kg.rdfdata.model import DataFile, Document, OntologyFile, StatedGraph
from kg.records.fields import Fields, describe, language_map
from kg.records.statements import Names, Resolver
from kg.rml.compile.columns import escape
from kg.terms import ZEL, is_claim_id, is_edtf, is_language, is_slug

REGISTER: Final = "rdf.yaml"
OF_CLAIMS: Final = ("modality", "reviewStatus", "assertedBy", "nuance", "checkable", "gloss")
"""What may be said of all files, of one, or of one of its graphs."""
_REQUIRED: Final = ("modality", "reviewStatus")
_OF_DOCUMENT: Final = ("title", "language", "publisher", "licence", "date", "address")
_OF_FILE: Final = ("file", "document", "base", "graphs", *_OF_DOCUMENT, *OF_CLAIMS)
_OF_ALL: Final = ("publisher", "licence", "language", "date", "base", *OF_CLAIMS)
_UNDETERMINED: Final = "und"
"""The language of data that say theirs with each text (ISO 639-2)."""
_TRUE: Final = b'"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'


def data_paths(config: Config) -> tuple[Path, ...]:
    """The files of RDF in the project's folder of data, in the order of their names.

    :raises StorageError: if the folder cannot be read
    """
    return _files(config.locate("rdf"))


def ontology_files(config: Config) -> tuple[OntologyFile, ...]:
    """The RDF files of the vocabulary of a project that has data in RDF: they are published whole, as the data are.

    :raises StorageError: if the folder cannot be read
    """
    paths = _files(config.locate("vocabulary")) if config.locate("rdf").is_dir() else ()
    return tuple(OntologyFile(RdfFile(path, syntax_of(path)), config.name_of(path)) for path in paths)


def _files(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        return ()
    try:
        return tuple(path for path in rdf_files(folder) if not any(p.startswith(".") for p in path.parts[-1:]))
    except UsageError:  # none in it
        return ()


def read_register(config: Config, names: Names) -> tuple[DataFile, ...]:
    """The files of RDF of a project, in the order of the register.

    :raises RecordError: with everything that is wrong with the register, and for files that it does not name
    :raises StorageError: if the system cannot read it
    """
    paths = data_paths(config)
    path = config.locate("rdf") / REGISTER
    if not paths and not path.exists():
        return ()
    faults = Faults()
    if not path.exists():
        hint = f"write {config.name_of(path)}; kg init --from rdf writes one"
        told = [f"{config.name_of(one)} is not described" for one in paths]
        for text in told:
            faults.add("rdf", text, Position(config.name_of(path), 1), hint)
        faults.raise_any()
    root = read_yaml(path, config.name_of(path), limit=config.limits.file_bytes, depth=config.limits.depth)
    files = tuple(_Reader(config, names, faults).files(root))
    named = {file.file.path for file in files}
    if not faults:
        for one in paths:
            if one not in named:
                hint = "name it below 'files:', with its modality and its reviewStatus, or move it elsewhere"
                faults.add("rdf", f"{config.name_of(one)} is not described", root.position, hint)
    faults.raise_any()
    return files


class _Reader:
    """Reads the entries; what is wrong goes to `faults`."""

    def __init__(self, config: Config, names: Names, faults: Faults) -> None:
        self._config, self._names, self._faults = config, names, faults
        self._folder = config.locate("rdf")
        self._resolver = Resolver(names, faults)
        self._claims: dict[str, Position] = {}

    def files(self, root: Node) -> Iterator[DataFile]:
        body = root.get("files") if isinstance(root, Table) else None
        if not isinstance(root, Table) or not isinstance(body, Table):
            self._faults.add("wrong-type", "the file must hold a key 'files:' with a mapping", root.position)
            return
        fields = Fields(root, self._faults, "the file")
        fields.only([*_OF_ALL, "files"])
        for slug, node in body:
            place = body.keys[slug]
            if not is_slug(slug):
                hint = "use small Latin letters, digits and hyphens, and name the file by 'file:'"
                self._faults.add("slug", f"'{slug}' cannot name a document", place, hint)
            elif not isinstance(node, Table) and not (isinstance(node, Value) and node.value is None):
                self._faults.add("wrong-type", f"'{slug}' must be a mapping, not {describe(node)}", place)
            else:
                table = node.at(body.places[slug]) if isinstance(node, Table) else _nothing(place, body, slug)
                file = self._file(slug, table, fields)
                if file is not None:
                    yield file

    def _file(self, slug: str, table: Table, above: Fields) -> DataFile | None:
        fields = Fields(table, self._faults, f"file '{slug}'")
        fields.only(_OF_FILE)
        path = self._path(slug, fields)
        known = fields.text("document")
        if known is not None and known not in self._names.documents:
            hint = nearest(known, self._names.documents) or "describe it in sources.yaml"
            self._faults.add("unknown-document", f"unknown document '{known}'", fields.place("document"), hint)
        if known is None and slug in self._names.documents:
            hint = f"write 'document: {slug}' if the file is that document, or call it otherwise"
            self._faults.add("rdf", f"sources.yaml has a document '{slug}'", fields.position, hint)
        document = self._document(slug, fields, above) if known is None else None
        if known is not None:
            for key in _OF_DOCUMENT:
                if fields.node(key) is not None:
                    what = f"'{slug}' is a document of sources.yaml: it has no '{key}' of its own"
                    self._faults.add("rdf", what, fields.place(key), "sources.yaml describes it")
        whole = self._stated(slug, self._names.mint.document(known or slug), (fields, above))
        graphs = self._graphs(slug, known or slug, (fields, above))
        base = fields.text("base") or above.text("base")
        if path is None or whole is None:
            return None
        file = RdfFile(path, syntax_of(path), base)
        name = self._config.name_of(path)
        return DataFile(known or slug, file, name, document, whole, graphs, table.position)

    def _path(self, slug: str, fields: Fields) -> Path | None:
        """The file that is named, or the one with the name of the entry."""
        name = fields.text("file")
        known = {path.relative_to(self._folder).as_posix(): path for path in _files(self._folder)}
        if name is not None and name in known:
            return self._inside(known[name], fields)
        usual = [path for path in known.values() if bare(path).stem == slug and path.parent == self._folder]
        if name is None and len(usual) == 1:
            return self._inside(usual[0], fields)
        if name is None and usual:
            what = f"'{slug}' may be {' or '.join(path.name for path in usual)}"
            self._faults.add("rdf", what, fields.position, "name the one that is meant: 'file:'")
            return None
        hint = nearest(name or slug, known) or "name it: 'file:'"
        what = f"there is no file '{name or slug}' of RDF in {self._config.paths.rdf}"
        self._faults.add("rdf", what, fields.place("file"), hint)
        return None

    def _inside(self, path: Path, fields: Fields) -> Path | None:
        if path.resolve().is_relative_to(self._folder.resolve()):
            return path
        hint = f"put it at or below {self._config.paths.rdf}"
        self._faults.add("rdf", f"'{path.name}' leads out of the folder", fields.place("file"), hint)
        return None

    def _document(self, slug: str, fields: Fields, above: Fields) -> Document:
        def text(key: str) -> str | None:
            return fields.text(key) or above.text(key)

        date, language = text("date"), text("language") or _UNDETERMINED
        if date is not None and not is_edtf(date):
            hint = "write 2025, 2025-07 or 2025-07-01"
            self._faults.add("date", f"'{date}' is no EDTF date of the calendar", fields.place("date"), hint)
        if not is_language(language):
            self._faults.add("language-tag", f"'{language}' is no language tag", fields.place("language"))
        project = self._config.project
        publisher = text("publisher") or project.publisher
        if not publisher:
            hint = "add 'publisher:' here, or to [project] of kg.toml"
            self._faults.add("missing-key", f"file '{slug}' has no 'publisher'", fields.position, hint)
        titles = fields.node("title")
        is_plain = isinstance(titles, Value) and titles.value is not None
        title = {"": titles.text} if is_plain and isinstance(titles, Value) else fields.languages("title")
        licence = text("licence") or project.licence
        return Document(title or {"": slug}, language, publisher, licence, date, fields.address("address"))

    def _graphs(self, slug: str, document: str, above: tuple[Fields, ...]) -> Mapping[str, StatedGraph]:
        node = above[0].node("graphs")
        if node is None:
            return {}
        if not isinstance(node, Table):
            self._faults.add("wrong-type", f"'graphs' must be a mapping, not {describe(node)}", node.position)
            return {}
        found = {}
        for iri, said in node:
            if not isinstance(said, Table):
                what = f"a graph must be a mapping, not {describe(said)}"
                self._faults.add("wrong-type", what, node.keys[iri])
                continue
            fields = Fields(said.at(node.places[iri]), self._faults, f"graph <{iri}>")
            fields.only(["id", *OF_CLAIMS])
            name = fields.text("id") or claim_of(slug, iri)
            made = self._stated(name, self._names.mint.document(document), (fields, *above))
            if made is not None:
                found[iri] = made
        return found

    def _stated(self, claim: str, document: str, layers: tuple[Fields, ...]) -> StatedGraph | None:
        """What is said of a claim: by its own layer, else by the one above it."""
        own = layers[0]
        if not is_claim_id(claim):
            self._faults.add("claim-id", f"'{claim}' cannot name a claim", own.place("id"), "use letters and digits")
        if claim in self._names.claims or claim in self._claims:
            hint = "give one of them another name"
            self._faults.add("duplicate-claim", f"claim '{claim}' exists already", own.position, hint)
        self._claims.setdefault(claim, own.position)
        said: dict[str, tuple[bytes, ...]] = {}
        for key in OF_CLAIMS:
            layer = next((layer for layer in layers if layer.node(key) is not None), None)
            if layer is not None:
                node = layer.node(key)
                assert node is not None
                term = self._names.vocabulary.properties[key]
                said[term.iri] = self._gloss(node) if key == "gloss" else self._values(term, node)
            elif key in _REQUIRED:
                hint = f"add '{key}:' to it, or beside 'files:' for all of them"
                self._faults.add("missing-key", f"'{claim}' has no '{key}'", own.position, hint)
        said.setdefault(f"{ZEL}assertedBy", (b"<%s>" % document.encode(),))
        said.setdefault(f"{ZEL}checkable", (_TRUE,))
        return StatedGraph(claim, said, own.position)

    def _values(self, term: Any, node: Node) -> tuple[bytes, ...]:
        made = self._resolver.value(term, node)
        return tuple(_written(one) for one in (made if isinstance(made, list) else [made]) if one)

    def _gloss(self, node: Node) -> tuple[bytes, ...]:
        texts = language_map(node, "gloss", self._faults)
        return tuple(f'"{escape(text)}"@{tag}'.encode() for tag, some in texts.items() for text in some)


def _nothing(place: Position, body: Table, slug: str) -> Table:
    return Table({}, {}, place.path, body.places[slug])


def _written(value: Mapping[str, Any]) -> bytes:
    """A value of JSON-LD as a term of N-Quads."""
    if "@id" in value:
        return f"<{value['@id']}>".encode()
    text = value["@value"]
    lexical = str(text).lower() if isinstance(text, bool) else str(text)
    return (f'"{escape(lexical)}"' + (f"^^<{value['@type']}>" if "@type" in value else "")).encode()


def claim_of(slug: str, graph: str) -> str:
    """The id of the claim that a graph of a file becomes, unless the register gives it one.

    >>> claim_of("plan", "http://example.org/g")
    'plan-d81c7dc68a4c'
    """
    return f"{slug}-{hashlib.sha256(graph.encode()).hexdigest()[:12]}"
