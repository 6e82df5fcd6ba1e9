"""The order of the steps from a project folder to a release, and nothing else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path

from kg import rdfdata, release, shacl, store
from kg.collecting import give_back, uncollected
from kg.config import Config
from kg.errors import DataError, ShapeViolation, UsageError
from kg.inputs import hashed_inputs
from kg.ontology.own import published_context
from kg.paths import program_digest
from kg.pipeline.faults import Tried, everything
from kg.pipeline.stating import (
    PARTS,
    Composed,
    Stated,
    before,
    compose,
    gather,
    names_of,
    parts_of,
    proofs,
    read_whole,
)
from kg.preparation import Prepared, Tell, prepare
from kg.records import Verification
from kg.records.lock import Locking
from kg.runs import Workshop
from kg.runs.contents import origin
from kg.runs.sealing import made as sealed
from kg.tables import Keeper

__all__ = [
    "PARTS",
    "Composed",
    "Stated",
    "before",
    "build",
    "check",
    "compose",
    "gather",
    "hashed_inputs",
    "prepare",
    "proofs",
]
_VERSIONED = ("zellige", "pyoxigraph", "pyshacl", "rdflib")
_TOLD = 5
"""How many warnings of one kind are told."""


@uncollected()
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
        with _all_told(Tried(config, (tell, warn), texts, workshop)) as read:
            prepared = replace(prepare(config, tell), locking=Locking.FORBIDDEN if is_locked else Locking.KEPT)
            read.append(prepared)
            known, versions, builder = _known(config, prepared)
            if known is not None and _renewed(known, config, prepared, (tell, warn), texts):
                return known
            stated = gather(config, tell, texts, workshop, prepared)
        warnings: list[str] = []

        def warned(text: str) -> None:
            warnings.append(text)
            warn(text)

        _warn_of((*prepared.vocabulary.remarks, *prepared.tables.remarks, *stated.remarks), warned)
        for text in stated.warnings:
            warned(text)
        drawn, proof = _proved(config, tell, warned, stated, prepared.levels)
        tell(f"the shapes hold ({proof.told}); writing the release")
        contents = _contents(config, prepared, stated, (drawn, proof), (versions, builder, warnings))
        complete = _completing(config, tell, stated.quotes, stated.rdf)
        published = release.publish(contents, config.releases, quotes=stated.quotes.report, complete=complete)
        _keep(proof, published.id, warn)
        return published


def _contents(
    config: Config,
    prepared: Prepared,
    stated: Stated,
    proved: tuple[Composed, shacl.Proof],
    made: tuple[Mapping[str, str], str, Sequence[str]],
) -> release.ReleaseContents:
    """What a release is made of: what was `proved`, and the versions, the builder and the warnings of its making."""
    (drawn, proof), (versions, builder, warnings) = proved, made
    return release.ReleaseContents(
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


def _known(config: Config, prepared: Prepared) -> tuple[release.Release | None, Mapping[str, str], str]:
    """The release that was built of the same files by the same program, if there is one; its versions, and that."""
    versions, builder = {name: version(name) for name in _VERSIONED}, program_digest()
    of = origin(config.project, prepared.rule, prepared.inputs, versions)
    return release.find(config.releases, of, builder), versions, builder


@contextmanager
def _all_told(tried: Tried) -> Iterator[list[Prepared]]:
    """Steps before the proof: a fault in one of them is told with all else that is wrong.

    The list takes what was read before the claims.
    """
    prepared: list[Prepared] = []
    try:
        yield prepared
    except (DataError, UsageError) as error:
        raise everything(error, tried, next(iter(prepared), None)) from None


def _keep(proof: shacl.Proof, release_id: str, warn: Tell) -> None:
    """Keep the proof for the next build, if that can be done."""
    try:
        proof.keep(release_id)
    except OSError as error:
        warn(f"the proof cannot be kept for the next build: {error}")


def _completing(config: Config, tell: Tell, quotes: Verification, rdf: rdfdata.RdfData | None) -> release.Complete:
    from kg.export.downloads import completing

    further = completing(config.limits.table_claims, quotes.public, tell)

    def complete(made: release.Release) -> None:
        further(made)
        if rdf is not None and rdf.files:
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
    check(proof.report, drawn, warn, levels, config)
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
    with parts_of(config, prepared.tables) as parts:
        records, rows, quotes = read_whole(config, prepared, Keeper(parts, tell), texts)
        if not records.lock.is_kept(config.locate("quotes")):
            return False
        parts.keep()
    rdf = rdfdata.RdfData(config, names_of(config, prepared, records, rows))
    prepared.check(config)
    tell("nothing has changed: the release is there")
    for text in release.renew(known, quotes.report, complete=_completing(config, tell, quotes, rdf)):
        warn(text)
    return True


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


def check(report: shacl.Report, drawn: Composed, warn: Tell, levels: shacl.Levels, config: Config) -> None:
    """Tell of what was found that is no violation, and of what the shapes did not reach.

    :raises ShapeViolation: with every result that is a violation, each at the file and line of its claim
    """
    problems = drawn.problems(report, levels, config)
    if report.violations:
        raise ShapeViolation(report, problems)
    if report.results:
        kinds = Counter(result.severity.rpartition("#")[2].lower() for result in report.results)
        counts = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        warn(f"the shapes hold, with {len(report)} results that are no violations ({counts}; all in report.json):")
    _warn_of(problems, warn)
    _warn_of(levels.remarks(report.coverage), warn)


def _warn_of(things: Iterable[object], warn: Tell) -> None:
    """Tell the first of many things, and how many more there are."""
    told = [str(thing) for thing in things]
    for text in told[:_TOLD]:
        warn(text)
    if len(told) > _TOLD:
        warn(f"and {len(told) - _TOLD} more")
