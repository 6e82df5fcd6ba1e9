"""The order of the steps from a project folder to a release, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from kg import ontology, release, shacl, store
from kg.config import FILE_NAME, Config
from kg.errors import DataError, ShapeViolation, StorageError, UsageError, VocabularyError
from kg.paths import data_dir
from kg.rdf import read_folder
from kg.records import QuoteReport, Records, claim_files, compare, quads_for, read_records
from kg.records.locations import Locate, locations
from kg.rml.run.folder import PartFolder, part_folder
from kg.tables import Keeper, Tables
from kg.terms import Minter
from kg.vocabulary import read_vocabulary

_VERSIONED = ("zellige", "pyoxigraph", "pyshacl", "rdflib")
RULE_FILE = "default-graph.rq"
_TOLD = 5
"""How many warnings of one kind are told."""
PARTS = ".parts"
"""The folder of what was mapped, beside the releases: deleting it costs time and nothing else."""


def build(
    config: Config,
    tell: Callable[[str], None],
    texts: Path | None = None,
    *,
    warn: Callable[[str], None] = lambda _: None,
) -> release.Release:
    """Read, map, derive, prove and publish; `tell` hears what is being done, `warn` what is no reason to stop.

    `texts` is the folder of the documents' texts, by default the one that the settings name.

    :raises DataError: if records, vocabulary or shapes refuse the data, or if a quote of a reviewed claim does not
        hold against a text that is at hand: nothing is published
    :raises StorageError: if the release cannot be written: the current one stays
    """
    folder = config.locate("ontology")
    stated = gather(config, tell, texts or config.texts)
    mint, quads = Minter(config.project.base), stated.quads
    terms = read_folder(folder, mint.graph("ontology"))
    rule = store.parse_rule(_text(folder / RULE_FILE))
    derivation = store.derive_default([*quads, *terms], rule.text, config.project.base)
    tell(f"default graph: {len(derivation.triples)} triples, {len(derivation.withheld)} claims withheld")
    lines = tuple(store.canonical_lines([*quads, *terms, *derivation.quads]))
    report = prove(config, lines, stated.locate, warn, stated.levels)
    tell("the shapes hold; writing the release")
    contents = release.ReleaseContents(
        lines=lines,
        project=config.project,
        rule=rule,
        inputs=stated.inputs,
        versions={name: version(name) for name in _VERSIONED},
        report_json=json.dumps(report.to_json(), ensure_ascii=False, indent=2, sort_keys=True) + "\n",
        report_ttl=report.to_turtle(),
        withheld=derivation.reasons,
        counts=stated.counts,
        context=(folder / ontology.CONTEXT_FILE).read_bytes(),
    )
    return release.publish(contents, config.releases, quotes=stated.quotes)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a project states, before anything is derived or proved."""

    quads: tuple[ox.Quad, ...]
    """Claims, what is known of them, and the editors' register."""
    inputs: Mapping[str, str]
    """SHA-256 by path, as `hashed_inputs` gives them."""
    counts: Mapping[str, int]
    locate: Locate
    """From an IRI to the line that a person can edit."""
    quotes: QuoteReport
    """How many quotes hold against the texts at hand."""
    levels: shacl.Levels
    """The shapes, as the inputs have them."""


def gather(config: Config, tell: Callable[[str], None], texts: Path | None = None) -> Stated:
    """Read the claims, hold them against the `texts` at hand, and map the tables, or take what was mapped before.

    :raises DataError: if records, tables or the vocabulary are not what they should be
    :raises EvidenceError: with every quote of a reviewed claim that does not hold
    :raises MappingError: if a mapping of tables cannot be run
    :raises ShapesError: if the shapes are malformed: this is told before a row is read
    :raises StorageError: if the folder of parts cannot be written, or a file of the project changes meanwhile
    """
    config.check_paths()
    folder = config.locate("ontology")
    tell("reading the vocabulary")
    vocabulary, shapes = read_vocabulary(folder), shape_files(config)
    # The shapes of terms that are used: a project may have a file of that name beside the packaged ontology.
    if stale := ontology.stale(folder, shapes.terms[0].parent):
        raise VocabularyError(f"generated files are stale: {', '.join(stale)}", hint="run kg ontology")
    tables = Tables(config, vocabulary)
    inputs = hashed_inputs(config, tables)
    levels = shacl.read_levels(shapes, config.name_of)
    with _parts(config, tables) as parts:
        keeper = Keeper(parts, tell)
        rows = tables.claim_ids(keeper)
        tell("reading the claims")
        records = read_records(config, vocabulary, rows)
        verification = compare(records, texts)
        verification.raise_any(of_reviewed=True)
        quads = quads_for(records, folder, config.project.base)
        tell(f"{len(records.claims)} claims of {len(records.documents)} documents: {len(quads)} quads")
        tabular = tables.assemble(records, {*records.claims, *rows}, keeper)
    if tables.tables:
        tell(f"{tabular.rows} rows of {len(tables.tables)} tables: {len(tabular.quads)} quads")
    if hashed_inputs(config, tables) != inputs:
        raise StorageError("files of the project changed while they were read", hint="build again")
    counts = {**_counts(records), "tables": len(tables.tables), "rows": tabular.rows}
    locate = _first(locations(records, Minter(config.project.base)), tabular.locate)
    return Stated((*quads, *tabular.quads), inputs, counts, locate, verification.report, levels)


def prove(
    config: Config,
    lines: Sequence[str],
    locate: Locate,
    warn: Callable[[str], None],
    levels: shacl.Levels,
) -> shacl.Report:
    """Run the gate on what is published: shapes of claims over all of it, those of terms over both, the others over
    the default graph.

    :raises ShapesError: if a query of a shape cannot be evaluated
    :raises EngineFailed: if a query of a shape takes too long, or too much memory
    :raises ShapeViolation: with every result that is a violation, each at the file and line of its claim
    """
    ontology_graph = Minter(config.project.base).graph("ontology")
    report = shacl.gate(lines, ontology_graph, *levels, query_seconds=config.limits.query_seconds)
    problems = report.problems(locate, origins=shacl.Origins(lines, levels))
    if report.violations:
        raise ShapeViolation(report, problems)
    if report.results:
        kinds = Counter(result.severity.rpartition("#")[2].lower() for result in report.results)
        counts = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        warn(f"the shapes hold, with {len(report)} results that are no violations ({counts}; all in report.json):")
    _warn_of(problems, warn)
    _warn_of(levels.remarks(report.coverage), warn)
    return report


def _warn_of(things: Iterable[object], warn: Callable[[str], None]) -> None:
    """Tell the first of many things, and how many more there are."""
    told = [str(thing) for thing in things]
    for text in told[:_TOLD]:
        warn(text)
    if len(told) > _TOLD:
        warn(f"and {len(told) - _TOLD} more")


def shape_files(config: Config) -> shacl.ShapeFiles:
    """The files of shapes that prove a project: the packaged ones, and those of its own folder.

    :raises ShapesError: if something in its folder looks like shapes and would not be read
    """
    return shacl.shape_files(data_dir("shapes"), config.root / config.paths.shapes, config.name_of)


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


def hashed_inputs(config: Config, tables: Tables) -> dict[str, str]:
    """The SHA-256 of every file that a build reads, by its path relative to the project.

    Files that came with the installation are named `zellige/...`.

    :raises UsageError: if one of them is absent
    """
    found: dict[str, str] = {}
    for path in (*_input_files(config), *tables.files()):
        name = _input_name(config, path)
        try:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        except FileNotFoundError:
            raise UsageError(f"no such file: {name}", hint="check the [paths] of kg.toml") from None
    return dict(sorted(found.items()))


def _input_name(config: Config, path: Path) -> str:
    """What a manifest calls a file, wherever the installation lies: it may be within the project, as `.venv` is."""
    is_packaged = any(path.is_relative_to(data_dir(name)) for name in ("ontology", "shapes"))
    is_inside = path.is_relative_to(config.root)
    if is_packaged and not (is_inside and config.root.is_relative_to(data_dir())):
        return Path("zellige", path.parent.name, path.name).as_posix()
    return Path(os.path.relpath(path, config.root)).as_posix()


def _input_files(config: Config) -> Iterator[Path]:
    yield config.root / FILE_NAME
    yield config.locate("sources")
    yield config.locate("entities")
    yield from claim_files(config)
    if config.locate("wikidata").exists():
        yield config.locate("wikidata")
    yield from shape_files(config)
    # Named by what is read: a stray file beside them must not give the same content another id.
    folder = config.locate("ontology")
    yield from (folder / name for name in ("terms.csv", ontology.CONTEXT_FILE, RULE_FILE))
    yield from sorted(folder.rglob("*.ttl"))


def _counts(records: Records) -> dict[str, int]:
    quoted = sum(1 for claim in records.claims.values() if any(e.exact is not None for e in claim.evidence))
    return {"claims_quoted": quoted, "entities_registered": len(records.entities)}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UsageError(f"no such file: {path}", hint="restore it from the installation") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8: byte {error.start}") from None
