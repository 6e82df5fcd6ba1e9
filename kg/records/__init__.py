"""What people write: YAML-LD claims with evidence -> quads.

`read_records` reads `sources.yaml`, `entities.yaml`, `claims/*.yaml` and the matches with Wikidata, and reports every
fault with file and line; `lines_for` turns the records into N-Quads through the project's JSON-LD context, `quads_for`
into quads; `compare` and `verify` hold quotes against texts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.collecting import uncollected
from kg.config import Config
from kg.errors import Problem, RecordError, VocabularyError
from kg.paths import layer_folders
from kg.positions import Faults, Node, Table, read_yaml
from kg.records.claims import ClaimReader, claim_name, claim_tables, declared_nodes
from kg.records.documents import read_documents, read_entities
from kg.records.evidence import Locator
from kg.records.jsonld import jsonld_documents, lines_of, writer_of
from kg.records.lock import Lock, read_lock
from kg.records.matches import read_matches
from kg.records.model import Claim, Document, Entity, Evidence, Left, LeftOut, Match, Records
from kg.records.nquads import Writer
from kg.records.quotes import QuoteReport
from kg.records.statements import Names
from kg.records.verification import Verification, compare, verify
from kg.terms import CORE, Minter
from kg.vocabulary import Vocabulary

__all__ = [
    "Claim",
    "Document",
    "Entity",
    "Evidence",
    "LeftOut",
    "Lock",
    "Match",
    "QuoteReport",
    "Read",
    "Records",
    "Verification",
    "claim_files",
    "compare",
    "documents_of",
    "lines_for",
    "quads_for",
    "read_records",
    "read_sound",
    "verify",
]
_YAML = (".yaml", ".yml")
_UNKNOWN = ("unknown-document", "unknown-entity", "unknown-name")
"""Codes of what another file may declare."""


def claim_files(config: Config) -> list[Path]:
    """The claims files of a project, in the order of their names.

    :raises RecordError: if the folder is absent or holds none, and there are neither tables nor files of RDF; or if it
        holds YAML that is not named so
    """
    folder = config.locate("claims")
    files = sorted(folder.rglob("*.yaml"))
    stray = sorted(path for path in folder.rglob("[!.]*") if path.suffix.lower() in _YAML and path not in files)
    if stray:
        told = [f"{config.name_of(path)} is not read: claims are the files *.yaml" for path in stray]
        raise RecordError(problems=[Problem(RecordError.code, text, hint="name it so") for text in told])
    if not files and not any(config.locate(name).is_dir() for name in ("tables", "rdf")):
        raise RecordError(f"no claims in {config.paths.claims}", hint="write claims/*.yaml, or set [paths] claims")
    return files


@uncollected()
def read_records(
    config: Config, vocabulary: Vocabulary, rows: Collection[str] = (), texts: Path | None = None
) -> Records:
    """Read everything that people wrote, or report everything that is wrong with it.

    `rows` are the ids of the claims that rows of tables make: written claims may be tied to them. `texts` is the folder
    of the documents' texts, by default the one that the settings name: quotes without offsets are located in them,
    or taken from the lock file.

    :raises RecordError: with all faults of all files
    :raises StorageError: if the system cannot read a file
    """
    read = read_sound(config, vocabulary, rows, texts)
    if read.problems:
        raise RecordError(problems=read.problems)
    return read.records


@dataclass(frozen=True, slots=True)
class Read:
    """What people wrote, as far as it can be read."""

    records: Records
    """All of it, with values in the place of those that are none."""
    problems: tuple[Problem, ...]
    """What is wrong, in the order of the files."""
    left: LeftOut

    def sound(self) -> Records:
        """The records of which nothing is wrong."""
        records, faulty = self.records, self.left.things
        claims = {name: claim for name, claim in records.claims.items() if name not in self.left.claims}
        documents = {slug: one for slug, one in records.documents.items() if slug not in faulty}
        entities = {slug: one for slug, one in records.entities.items() if slug not in faulty}
        return replace(records, claims=claims, documents=documents, entities=entities)


@uncollected()
def read_sound(config: Config, vocabulary: Vocabulary, rows: Collection[str] = (), texts: Path | None = None) -> Read:
    """What `read_records` reads, with everything that is wrong with it beside.

    :raises StorageError: if the system cannot read a file
    """
    faults = Faults()
    documents, entities = _described(config, vocabulary, faults)
    tables, declared, left = _claim_tables(config, rows, faults)
    mint = Minter(config.project.base)
    names = Names(
        vocabulary=vocabulary,
        mint=mint,
        documents=frozenset(documents),
        entities=frozenset(entities) | declared,
        claims=frozenset(tables).union(rows),
    )
    locator = Locator(read_lock(config, faults), config.name_of(config.locate("quotes")), texts or config.texts, faults)
    reader = ClaimReader(names, documents, locator, faults)
    # What was read of a file is let go when its last claim is made: both at once would be most of the memory.
    claims: dict[str, Claim] = {}
    for claim_id in list(tables):
        known, (file, table) = len(faults), tables.pop(claim_id)
        claims[claim_id] = reader.read(file, table, claim_id)
        if len(faults) > known:
            left.append((claim_id, table))
    things = {mint.entity(slug) for slug in names.entities}
    things.update(iri for members in vocabulary.concepts.values() for iri in members.values())
    matches = read_matches(config, things.__contains__, faults)
    faults.doubt(_UNKNOWN)
    records = Records(documents, entities, claims, matches, locator.lock(), names.entities, faults.remarks)
    return Read(records, faults.sorted(), LeftOut.of(left, faults))


_Tables = dict[str, tuple[Table, Table]]
"""For the id of each claim, what its file says of all claims, and the claim."""


def documents_of(config: Config) -> Mapping[str, Document]:
    """The documents of a project, whatever is wrong with its files.

    :raises StorageError: if the system cannot read a file
    """
    faults = Faults()
    root = _read(config, path, faults) if (path := config.locate("sources")).exists() else None
    return read_documents(root, faults) if root is not None else {}


def _described(
    config: Config, vocabulary: Vocabulary, faults: Faults
) -> tuple[Mapping[str, Document], Mapping[str, Entity]]:
    """The documents and the entities; a project of files of RDF may lack both files."""
    has_rdf = config.locate("rdf").is_dir()
    sources, register = (
        _read(config, path, faults) if (path := config.locate(name)).exists() or not has_rdf else None
        for name in ("sources", "entities")
    )
    documents = read_documents(sources, faults) if sources is not None else {}
    entities = read_entities(register, vocabulary, config.project.languages, faults) if register is not None else {}
    return documents, entities


def _claim_tables(config: Config, rows: Collection[str], faults: Faults) -> tuple[_Tables, set[str], list[Left]]:
    """The claims as their files have them, the things that they declare, and claims that cannot be told by their ids.

    Of a claim below a head that says something wrong nobody knows what it would say.
    """
    tables: _Tables = {}
    declared: set[str] = set()
    left: list[Left] = []
    for path in _found(config, faults):
        root, before = _read(config, path, faults), len(faults)
        items = [*claim_tables(root, faults)] if root is not None else []
        is_headless = len(faults) > before
        for file, table in items:
            declared.update(slug for slug, _ in declared_nodes(table.get("says") or table))
            claim_id = claim_name(table, faults)
            if is_headless or claim_id is None or claim_id in tables or claim_id in rows:
                left.append((claim_id or "", table))
            if claim_id in tables:
                first = tables[claim_id][1].keys["id"]
                faults.add("duplicate-claim", f"claim '{claim_id}' exists already", table.keys["id"], f"see {first}")
            elif claim_id in rows:
                hint = "give one of them another id"
                what = f"claim '{claim_id}' is a row of a table, or a file of RDF, already"
                faults.add("duplicate-claim", what, table.keys["id"], hint)
            elif claim_id is not None:
                tables[claim_id] = (file, table)
    return tables, declared, left


def _found(config: Config, faults: Faults) -> list[Path]:
    """The claims files; that another one is not read hides nothing that is wrong with them."""
    try:
        return claim_files(config)
    except RecordError as error:
        faults.include(error)
        return sorted(config.locate("claims").rglob("*.yaml"))


def lines_for(records: Records, ontology: Path, base: str) -> Iterator[bytes]:
    """The records as blocks of whole N-Quads lines, through the context of the core in the folder of layers `ontology`.

    A block has some MB, and ends with a line end; a line has the form that it has in a release. The lines are in no
    order, and one may come twice.

    :raises VocabularyError: if the context is missing or no JSON
    :raises RecordError: if the records make no valid JSON-LD
    """
    context = _context(ontology)
    return _blocks(jsonld_documents(records, context, Minter(base)), writer_of(context))


def _blocks(documents: Iterator[Mapping[str, Any]], writer: Writer | None) -> Iterator[bytes]:
    while True:
        with uncollected():  # of the records, which are all alive, the collector would look at each
            document = next(documents, None)
            if document is None:
                return
            block = lines_of(document, writer)
        yield block


@uncollected()
def quads_for(records: Records, ontology: Path, base: str) -> list[ox.Quad]:
    """What `lines_for` gives, as quads: for few records, since all are in memory at once.

    :raises VocabularyError: if the context is missing or no JSON
    :raises RecordError: if the records make no valid JSON-LD
    """
    return [quad for block in lines_for(records, ontology, base) for quad in ox.parse(block, ox.RdfFormat.N_QUADS)]


def _context(ontology: Path) -> Mapping[str, Any]:
    path = layer_folders(ontology)[CORE] / "context.jsonld"
    try:
        context: Mapping[str, Any] = json.loads(path.read_bytes())["@context"]
    except (OSError, ValueError, KeyError) as error:
        raise VocabularyError(f"cannot use {path.name}: {error}", hint="run kg ontology to write it anew") from None
    return context


def _read(config: Config, path: Path, faults: Faults) -> Node | None:
    try:
        return read_yaml(path, config.name_of(path), limit=config.limits.file_bytes, depth=config.limits.depth)
    except RecordError as error:
        faults.include(error)
        faults.leave(config.name_of(path), path)
        return None
