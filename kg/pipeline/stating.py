"""What a project states, and all that a release of it says: everything before the proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kg import rdfdata, release, shacl
from kg.collecting import give_back
from kg.config import Config
from kg.errors import Problem, ReleaseError
from kg.inputs import hashed_inputs
from kg.ontology.own import layer_quads, own_quads
from kg.pipeline.withholding import explained
from kg.preparation import Prepared, Tell
from kg.records import Records, Verification, compare, lines_for, read_records
from kg.records.locations import Locate, locations
from kg.records.statements import Names
from kg.rml.run.folder import PartFolder, part_folder
from kg.runs import Drawing, Graph, Workshop
from kg.tables import Keeper, Tables
from kg.terms import Minter

PARTS: Final = ".parts"
"""The folder of what was mapped, beside the releases: deleting it costs time and nothing else."""


@dataclass(frozen=True, slots=True)
class Composed:
    """All that a release would say, before it is proved."""

    graph: Graph
    withheld: Mapping[str, int]
    """How many claims each reason kept out of the default graph."""
    locate: Locate
    """From an IRI to the line that a person can edit."""
    columns: shacl.GateColumns | None
    """What the gate judges, where everything is to be proved."""

    in_files: frozenset[str] = frozenset()
    """The claims that whole graphs of files are: of their statements the place is that in the file."""

    def problems(self, report: shacl.Report, levels: shacl.Levels, config: Config) -> tuple[Problem, ...]:
        """What a report finds, each result at the line of its claim, in their order."""
        found = report.problems(self.locate, origins=self.origins(report, levels))
        return explained(report, found, self.graph, Minter(config.project.base))

    def origins(self, report: shacl.Report, levels: shacl.Levels) -> shacl.Origins:
        """Which claims state what the results of a report are about."""
        return shacl.Origins(self.graph, levels, {result.focus for result in report.results}, self.in_files)


def compose(config: Config, tell: Tell, stated: Stated, *, is_whole: bool) -> Composed:
    """Derive the default graph and sort all lines; the columns of the proof are filled meanwhile if it `is_whole`.

    :raises DataError: for statements that no release can hold
    :raises KgError: if the rule of the default graph is not what it should be
    :raises OSError: if the disk is full
    """
    columns = shacl.GateColumns(Minter(config.project.base).graph("ontology")) if is_whole else None
    if columns is None:
        drawn = stated.drawing.draw(shacl.Terms().number)
    else:
        drawn = stated.drawing.draw(columns.union.terms.number, columns.add_rows)
    # What the lines took beside their columns makes room for the indexes of the proof.
    give_back()
    withheld = sum(drawn.withheld.values())
    tell(f"default graph: {drawn.graph.counts.default_triples} triples, {withheld} claims withheld")
    return Composed(drawn.graph, drawn.withheld, stated.located(drawn.graph.lines), columns, stated.in_files)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a project states, before anything is derived or proved."""

    drawing: Drawing
    """Claims, what is known of them, the editors' register and the vocabulary: all but the default graph."""
    counts: Mapping[str, int]
    located: Callable[[Callable[[], Iterable[str]]], Locate]
    """From the lines of the graph, which are read when something is wrong, to a function from an IRI to the line that a
    person can edit."""
    quotes: Verification
    """How many quotes hold against the texts at hand, and which of these may be given away."""
    inputs: Mapping[str, str]
    """The inputs, with the lock file as it is by now."""
    rdf: rdfdata.RdfData | None
    """The files of RDF; None where they are not asked for again."""
    warnings: tuple[str, ...] = ()
    """What is to be told of these, and is no reason to stop."""
    in_files: frozenset[str] = frozenset()
    """The claims that whole graphs of them are."""
    remarks: tuple[Problem, ...] = ()
    """What a steward is to be told of what was written."""


def gather(config: Config, tell: Tell, texts: Path | None, workshop: Workshop, prepared: Prepared) -> Stated:
    """Read the claims, hold them against the `texts` at hand, and map the tables, or take what was mapped before.

    What they state lies in the workshop, as far as it is too much for the memory.

    :raises DataError: if records or tables are not what they should be
    :raises EvidenceError: with every quote of a reviewed claim that does not hold
    :raises StorageError: if the folder of parts cannot be written, or a file of the project changes meanwhile
    """
    folder, mint, tables = config.locate("ontology"), Minter(config.project.base), prepared.tables
    drawing = Drawing(config.project.base, prepared.rule, workshop.folder)
    with parts_of(config, tables) as parts:
        keeper = Keeper(parts, tell)
        records, rows, quotes = read_whole(config, prepared, keeper, texts)
        if prepared.locking.keep(records.lock, config, tell):
            prepared = replace(prepared, inputs=hashed_inputs(config, tables))
        number = 0
        for block in lines_for(records, folder, config.project.base):
            number += block.count(b"\n")
            drawing.entry.stated(block)
        tell(f"{len(records.claims)} claims of {len(records.documents)} documents: {number} lines")
        tabular = tables.assemble(records, {*records.claims, *rows}, keeper, drawing.entry)
    if tables.tables:
        others = f", {tabular.left_out} others left out" if tabular.left_out else ""
        tell(f"{tabular.rows} rows of {len(tables.tables)} tables{others}: {tabular.lines} lines")
    rdf = rdfdata.RdfData(config, names_of(config, prepared, records, rows))
    stated = rdf.assemble(drawing.entry, workshop.folder, records.documents)
    if rdf.files:
        tell(f"{stated.counts['rdf_statements']} statements of {len(rdf.files)} files of RDF")
    drawing.entry.quads(layer_quads(prepared.vocabulary, mint.graph("ontology")))
    drawing.entry.quads(own_quads(prepared.vocabulary, config, mint.graph("ontology")))
    prepared.check(config)
    counts = {**_counts(records), "tables": len(tables.tables), "rows": tabular.rows, **stated.counts}

    def located(lines: Callable[[], Iterable[str]]) -> Locate:
        return first_of(locations(config, prepared.vocabulary), tabular.located(lines), stated.located)

    return Stated(
        drawing, counts, located, quotes, prepared.inputs, rdf, stated.warnings, stated.claims, records.remarks
    )


def names_of(config: Config, prepared: Prepared, records: Records, rows: frozenset[str]) -> Names:
    """What the register of files of RDF may name."""
    claims = rows.union(records.claims)
    mint = Minter(config.project.base)
    return Names(prepared.vocabulary, mint, frozenset(records.documents), records.things, claims)


def read_whole(
    config: Config, prepared: Prepared, keeper: Keeper, texts: Path | None
) -> tuple[Records, frozenset[str], Verification]:
    """The records, the ids of the claims that rows make, and what became of the quotes."""
    rows = prepared.tables.claim_ids(keeper)
    keeper.tell("reading the claims")
    records = read_records(config, prepared.vocabulary, rows | rdfdata.claim_ids(config), texts)
    verification = compare(records, texts or config.texts)
    verification.raise_any(of_reviewed=True)
    return records, rows, verification


def proofs(config: Config, levels: shacl.Levels) -> shacl.Proofs:
    """What is kept of the proofs of a project's releases."""
    folder = config.releases / PARTS / shacl.PROOFS
    ontology_graph = Minter(config.project.base).graph("ontology")
    return shacl.Proofs(folder, ontology_graph, tuple(levels), config.limits.query_seconds)


def before(config: Config, release_id: str | None = None) -> shacl.Before | None:
    """The release with which a graph is compared, the current one unless another is named; None if there is no such."""
    try:
        found = release.open_release(config.releases, release_id)
    except ReleaseError:
        return None
    return shacl.Before(found.id, found.graph_path)


@contextmanager
def parts_of(config: Config, tables: Tables | None) -> Iterator[PartFolder]:
    """The parts of earlier builds; where there never were tables, there is no such folder."""
    folder = config.releases / PARTS
    if (tables is not None and tables.tables) or folder.exists():
        with part_folder(folder) as parts:
            yield parts
    else:
        yield PartFolder(folder)


def first_of(*locators: Locate) -> Locate:
    """The place that the first of them knows."""
    return lambda iri: next((place for locate in locators if (place := locate(iri)) is not None), None)


def _counts(records: Records) -> dict[str, int]:
    quoted = sum(1 for claim in records.claims.values() if any(e.exact is not None for e in claim.evidence))
    return {"claims_quoted": quoted, "entities_registered": len(records.entities)}
