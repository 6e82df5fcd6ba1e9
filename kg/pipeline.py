"""The order of the steps from a project folder to a release, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from kg import rdfdata, release, shacl, store
from kg.collecting import give_back
from kg.config import Config
from kg.errors import Problem, ReleaseError, ShapeViolation
from kg.inputs import hashed_inputs
from kg.ontology.own import layer_quads, own_quads, published_context
from kg.paths import program_digest
from kg.preparation import Prepared, Tell, prepare
from kg.records import Records, Verification, compare, lines_for, read_records
from kg.records.locations import Locate, locations
from kg.records.lock import Locking
from kg.records.statements import Names
from kg.rml.run.folder import PartFolder, part_folder
from kg.runs import Drawing, Graph, Workshop
from kg.runs.contents import origin
from kg.runs.sealing import made as sealed
from kg.tables import Keeper, Tables
from kg.terms import Minter

_VERSIONED = ("zellige", "pyoxigraph", "pyshacl", "rdflib")
_TOLD = 5
"""How many warnings of one kind are told."""
PARTS = ".parts"
"""The folder of what was mapped, beside the releases: deleting it costs time and nothing else."""


def build(
    config: Config, tell: Tell, texts: Path | None = None, *, warn: Tell = lambda _: None, is_locked: bool = False
) -> release.Release:
    """Read, map, derive, prove and publish; `tell` hears what is being done, `warn` what is no reason to stop.

    `texts` is the folder of the documents' texts, by default the one that the settings name. Quotes that are located
    in them are kept in the lock file, which must not change if it `is_locked`.

    :raises DataError: if records, vocabulary or shapes refuse the data, or if a quote of a reviewed claim does not
        hold against a text that is at hand: nothing is published
    :raises StorageError: if the release cannot be written: the current one stays
    """
    with _storage_errors(config.releases), Workshop(config.releases) as workshop:
        prepared = replace(prepare(config, tell), locking=Locking.FORBIDDEN if is_locked else Locking.KEPT)
        versions, builder = {name: version(name) for name in _VERSIONED}, program_digest()
        known = release.find(config.releases, origin(config.project, prepared.rule, prepared.inputs, versions), builder)
        if known is not None and _renewed(known, config, prepared, (tell, warn), texts):
            return known
        warnings: list[str] = []

        def warned(text: str) -> None:
            warnings.append(text)
            warn(text)

        stated = gather(config, tell, texts, workshop, prepared)
        _warn_of((*prepared.vocabulary.remarks, *prepared.tables.remarks, *stated.remarks), warned)
        for text in stated.warnings:
            warned(text)
        drawn, proof = _proved(config, tell, warned, stated, prepared.levels)
        tell(f"the shapes hold ({proof.told}); writing the release")
        contents = release.ReleaseContents(
            graph=drawn.graph,
            project=config.project,
            rule=prepared.rule,
            inputs=stated.inputs,
            versions=versions,
            report_json=json.dumps(proof.report.to_json(), ensure_ascii=False, indent=2, sort_keys=True) + "\n",
            report_ttl=proof.report.to_turtle(),
            withheld=drawn.withheld,
            counts=stated.counts,
            context=published_context(prepared.vocabulary),
            builder=builder,
            warnings=tuple(warnings),
            presented=prepared.presented,
            display=prepared.display,
        )
        complete = _completing(config, tell, stated.quotes, stated.rdf)
        published = release.publish(contents, config.releases, quotes=stated.quotes.report, complete=complete)
        _keep(proof, published.id, warn)
        return published


def _keep(proof: shacl.Proof, release_id: str, warn: Tell) -> None:
    """Keep the proof for the next build, if that can be done."""
    try:
        proof.keep(release_id)
    except OSError as error:
        warn(f"the proof cannot be kept for the next build: {error}")


def _completing(config: Config, tell: Tell, quotes: Verification, rdf: rdfdata.RdfData) -> release.Complete:
    from kg.export.downloads import completing

    further = completing(config.limits.table_claims, quotes.public, tell)

    def complete(made: release.Release) -> None:
        further(made)
        if rdf.files:
            folder, graph = made.path / rdfdata.LINES, made.manifest["files"]["graph.nq"]["sha256"]
            sealed(folder, graph, program_digest(), partial(rdf.write_lines, folder))

    return complete


def _proved(
    config: Config, tell: Tell, warn: Tell, stated: Stated, levels: shacl.Levels
) -> tuple[Composed, shacl.Proof]:
    """All that a release says, and its proof; the columns of the proof are gone afterwards."""
    kept, last = proofs(config, levels), before(config)
    drawn = compose(config, tell, stated, is_whole=not kept.is_kept(last))
    proof = kept.prove(drawn.graph, last, sha256=drawn.graph.sha256, columns=drawn.columns)
    check(proof.report, drawn, warn, levels)
    drawn = replace(drawn, columns=None)
    give_back()  # the columns make room for the store
    return drawn, proof


def _renewed(
    known: release.Release, config: Config, prepared: Prepared, say: tuple[Tell, Tell], texts: Path | None
) -> bool:
    """Make a release the current one that was built of the same files by the same program: only texts may be others.

    If those have the quotes elsewhere by now, it is another release, and nothing is done.
    """
    tell, warn = say
    with _parts(config, prepared.tables) as parts:
        records, rows, quotes = _read(config, prepared, Keeper(parts, tell), texts)
        if not records.lock.is_kept(config.locate("quotes")):
            return False
        parts.keep()
    rdf = rdfdata.RdfData(config, _names(config, prepared, records, rows))
    prepared.check(config)
    tell("nothing has changed: the release is there")
    for text in release.renew(known, quotes.report, complete=_completing(config, tell, quotes, rdf)):
        warn(text)
    return True


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
        drawn = stated.drawing.draw(shacl.Terms().number, lambda _: None)
    else:
        drawn = stated.drawing.draw(columns.union.terms.number, columns.add_block)
    # What the lines took beside their columns makes room for the indexes of the proof.
    give_back()
    withheld = sum(drawn.withheld.values())
    tell(f"default graph: {drawn.graph.counts.default_triples} triples, {withheld} claims withheld")
    return Composed(drawn.graph, drawn.withheld, stated.located(drawn.graph.lines), columns, stated.in_files)


@contextmanager
def _storage_errors(releases: Path) -> Iterator[None]:
    """A refusal of the file system, in words."""
    try:
        yield
    except BrokenPipeError:
        # Whoever heard what is being done has gone: nothing is wrong with the disk.
        raise
    except OSError as error:
        raise store.storage_error(error, releases) from error


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
    rdf: rdfdata.RdfData
    """The files of RDF."""
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
    with _parts(config, tables) as parts:
        keeper = Keeper(parts, tell)
        records, rows, quotes = _read(config, prepared, keeper, texts)
        if prepared.locking.keep(records.lock, config, tell):
            prepared = replace(prepared, inputs=hashed_inputs(config, tables))
        number = 0
        for block in lines_for(records, folder, config.project.base):
            number += block.count(b"\n")
            drawing.entry.stated(block)
        tell(f"{len(records.claims)} claims of {len(records.documents)} documents: {number} lines")
        tabular = tables.assemble(records, {*records.claims, *rows}, keeper, drawing.entry)
    if tables.tables:
        tell(f"{tabular.rows} rows of {len(tables.tables)} tables: {tabular.lines} lines")
    rdf = rdfdata.RdfData(config, _names(config, prepared, records, rows))
    stated = rdf.assemble(drawing.entry, workshop.folder, records.documents)
    if rdf.files:
        tell(f"{stated.counts['rdf_statements']} statements of {len(rdf.files)} files of RDF")
    drawing.entry.quads(layer_quads(prepared.vocabulary, mint.graph("ontology")))
    drawing.entry.quads(own_quads(prepared.vocabulary, config, mint.graph("ontology")))
    prepared.check(config)
    counts = {**_counts(records), "tables": len(tables.tables), "rows": tabular.rows, **stated.counts}

    def located(lines: Callable[[], Iterable[str]]) -> Locate:
        return _first(locations(config, prepared.vocabulary), tabular.located(lines), stated.located)

    return Stated(
        drawing, counts, located, quotes, prepared.inputs, rdf, stated.warnings, stated.claims, records.remarks
    )


def _names(config: Config, prepared: Prepared, records: Records, rows: frozenset[str]) -> Names:
    """What the register of files of RDF may name."""
    claims = rows.union(records.claims)
    mint = Minter(config.project.base)
    return Names(prepared.vocabulary, mint, frozenset(records.documents), records.things, claims)


def _read(
    config: Config, prepared: Prepared, keeper: Keeper, texts: Path | None
) -> tuple[Records, frozenset[str], Verification]:
    """The records, the ids of the claims that rows make, and what became of the quotes."""
    rows = prepared.tables.claim_ids(keeper)
    keeper.tell("reading the claims")
    records = read_records(config, prepared.vocabulary, rows | rdfdata.claim_ids(config), texts)
    verification = compare(records, texts or config.texts)
    verification.raise_any(of_reviewed=True)
    return records, rows, verification


def check(report: shacl.Report, drawn: Composed, warn: Tell, levels: shacl.Levels) -> None:
    """Tell of what was found that is no violation, and of what the shapes did not reach.

    :raises ShapeViolation: with every result that is a violation, each at the file and line of its claim
    """
    problems = report.problems(drawn.locate, origins=drawn.origins(report, levels))
    if report.violations:
        raise ShapeViolation(report, problems)
    if report.results:
        kinds = Counter(result.severity.rpartition("#")[2].lower() for result in report.results)
        counts = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        warn(f"the shapes hold, with {len(report)} results that are no violations ({counts}; all in report.json):")
    _warn_of(problems, warn)
    _warn_of(levels.remarks(report.coverage), warn)


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


def _warn_of(things: Iterable[object], warn: Tell) -> None:
    """Tell the first of many things, and how many more there are."""
    told = [str(thing) for thing in things]
    for text in told[:_TOLD]:
        warn(text)
    if len(told) > _TOLD:
        warn(f"and {len(told) - _TOLD} more")


@contextmanager
def _parts(config: Config, tables: Tables) -> Iterator[PartFolder]:
    """The parts of earlier builds; where there never were tables, there is no such folder."""
    folder = config.releases / PARTS
    if tables.tables or folder.exists():
        with part_folder(folder) as parts:
            yield parts
    else:
        yield PartFolder(folder)


def _first(*locators: Locate) -> Locate:
    """The place that the first of them knows."""
    return lambda iri: next((place for locate in locators if (place := locate(iri)) is not None), None)


def _counts(records: Records) -> dict[str, int]:
    quoted = sum(1 for claim in records.claims.values() if any(e.exact is not None for e in claim.evidence))
    return {"claims_quoted": quoted, "entities_registered": len(records.entities)}
