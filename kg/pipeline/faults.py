"""Everything that is wrong with a project, told at once: what one fault keeps from being judged is little.

A build stops at the first step that finds a fault. Then the steps behind it are tried here all the same, with what is
sound: claims without those that cannot be read, tables and files of RDF unless something is wrong with them. The
shapes are proved over that rest, and of what they find only that is told which does not follow from what is left out
(`kg.pipeline.rest`). Nothing of this is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from kg import rdfdata, shacl
from kg.config import Config
from kg.errors import ConfigError, DataError, Gathering, KgError, Problem, RecordError, UsageError
from kg.inputs import shape_files
from kg.ontology.own import layer_quads, own_of, own_quads
from kg.pipeline.rest import Rest
from kg.pipeline.stating import Stated, before, compose, first_of, parts_of, proofs
from kg.positions.faults import by_place, words_of
from kg.preparation import Prepared, Tell, read_shapes, rule_of
from kg.records import Read, Records, Verification, compare, lines_for, read_sound
from kg.records.locations import Locate, locations
from kg.records.statements import Names
from kg.runs import Drawing, Workshop
from kg.tables import Keeper, Tables, Tabular
from kg.terms import Minter
from kg.vocabulary import Vocabulary, read_vocabulary

Value = TypeVar("Value")
_UNKNOWN_CLAIM: Final = "unknown-name"
"""The code of what may be a row: where tables cannot be read, nobody knows."""
_UNKNOWN: Final = ("unknown-document", "unknown-entity", "unknown-name")
"""Codes of what a file of claims, of documents or of things may declare that cannot be read."""
_ROWS: Final = "the rows of tables"
_FILES: Final = "the files of RDF"
_UNKNOWN_TERM: Final = ("unknown-term", "unknown-key", "unknown-name")
"""Codes of what a vocabulary may declare that cannot be read."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A build that was tried."""

    config: Config
    say: tuple[Tell, Tell]
    """Hear what is being done, and what the shapes were proved without."""
    texts: Path | None
    workshop: Workshop


def everything(error: KgError, tried: Tried, prepared: Prepared | None) -> KgError:
    """The error that stopped a build, with all else that is wrong with the project.

    :param prepared: what was read before the claims, if that could be done
    """
    gathering = Gathering()
    with gathering:
        raise error
    if not isinstance(error, ConfigError):  # where nobody knows what the project is, nothing can be told of it
        try:
            _Trial(tried.config, tried.say, tried.texts or tried.config.texts, tried.workshop, gathering).run(prepared)
        except (KgError, OSError) as stop:  # what stopped the build is told whatever happens to the rest
            tried.say[1](f"not everything could be judged: {stop}")
    try:
        gathering.raise_any()
    except KgError as whole:
        whole.problems = _in_order(whole.problems)
        return whole
    return error


def _in_order(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """What is wrong with the files, in their order; then what the shapes find."""
    found = [one for one in problems if one.code == "shape-violation"]
    return (*by_place(one for one in problems if one not in found), *found)


@dataclass(slots=True)
class _Trial:
    """Steps of a build, each tried; what is wrong is gathered."""

    config: Config
    say: tuple[Tell, Tell]
    texts: Path | None
    workshop: Workshop
    gathering: Gathering
    words: frozenset[str] = frozenset()
    """Those of a vocabulary of the project's own that cannot be read."""

    def run(self, prepared: Prepared | None) -> None:
        vocabulary, is_whole = self._vocabulary(prepared)
        if vocabulary is None:
            return
        levels = self._levels(vocabulary) if prepared is None else prepared.levels
        tables = self._tables(vocabulary) if prepared is None else prepared.tables
        rows = None if tables is None else self._tried(tables.claim_ids)
        read = self._read(vocabulary, rows)
        quotes = self._quotes(read.records)
        self._prove(vocabulary, levels if is_whole else None, read, quotes, None if rows is None else tables)

    def _tried(self, step: Callable[[], Value]) -> Value | None:
        with self.gathering:
            return step()
        return None

    def tell(self, problems: Iterable[Problem]) -> None:
        with self.gathering:
            raise RecordError(problems=problems)

    def _vocabulary(self, prepared: Prepared | None) -> tuple[Vocabulary | None, bool]:
        """The vocabulary, and whether it has what the project brings along."""
        if prepared is not None:
            return prepared.vocabulary, True
        folder, extends = self.config.locate("ontology"), self.config.vocabulary.extends
        found = self._tried(lambda: read_vocabulary(folder, own_of(self.config), extends))
        if found is not None:
            return found, True
        files = [path for path in self.config.locate("vocabulary").glob("*") if path.is_file()]
        self.words = frozenset().union(*(words_of(path.read_text("utf-8", "replace")) for path in files))
        return self._tried(lambda: read_vocabulary(folder, None, extends)), False

    def _levels(self, vocabulary: Vocabulary) -> shacl.Levels | None:
        return self._tried(lambda: read_shapes(self.config, vocabulary, shape_files(self.config, vocabulary)))

    def _tables(self, vocabulary: Vocabulary) -> Tables | None:
        try:
            return Tables(self.config, vocabulary)
        except (DataError, UsageError) as error:
            self.tell(one for one in error.problems if not self._may_declare(one))
        return None

    def _read(self, vocabulary: Vocabulary, rows: frozenset[str] | None) -> Read:
        """What people wrote, as far as it can be read."""
        ids = (rows or frozenset()) | rdfdata.claim_ids(self.config)
        read = read_sound(self.config, vocabulary, ids, self.texts)
        told = [one for one in read.problems if rows is not None or one.code != _UNKNOWN_CLAIM]
        self.tell(one for one in told if not self._may_declare(one))
        return read

    def _may_declare(self, problem: Problem) -> bool:
        """Whether a problem is that a name is unknown, which stands in a vocabulary that cannot be read."""
        named = words_of(" ".join(re.findall(r"'([^']*)'", problem.message)))
        return problem.code in _UNKNOWN_TERM and not self.words.isdisjoint(named)

    def _quotes(self, records: Records) -> Verification:
        told = {problem.position for problem in self.gathering.problems}
        found = compare(records, self.texts)
        wrong = [one.problem for one in found.mismatches if one.of_reviewed]
        self.tell(one for one in wrong if one.position not in told)
        return found

    def _prove(
        self,
        vocabulary: Vocabulary,
        levels: shacl.Levels | None,
        read: Read,
        quotes: Verification,
        tables: Tables | None,
    ) -> None:
        """Prove what is sound, and tell what the shapes find in it; without shapes, rows and files of RDF are read."""
        may_declare = _UNKNOWN if read.left.files or self.words else ()
        drawer = _Drawer(self, vocabulary, read, quotes, may_declare)
        with parts_of(self.config, tables) as parts:
            stated = drawer.stated(tables, Keeper(parts, self.say[0]))
        if levels is None:
            self.say[1]("the shapes were not proved: mend the vocabulary and the shapes first")
            return
        rest = Rest(Minter(self.config.project.base), vocabulary, read.left, drawer.without)
        kept, last = proofs(self.config, levels), before(self.config)
        drawn = compose(self.config, self.say[0], stated, is_whole=not kept.is_kept(last))
        graph = drawn.graph
        report = kept.prove(graph, last, sha256=graph.sha256, columns=drawn.columns, is_kept=False).report
        problems = drawn.problems(report, levels, self.config)
        self.tell(rest.told(report, problems, drawn.origins(report, levels)))
        if told := str(rest):
            self.say[1](told)


@dataclass(slots=True)
class _Drawer:
    """Hands on what is sound: the records, and tables and files of RDF in which nothing is wrong."""

    trial: _Trial
    vocabulary: Vocabulary
    read: Read
    quotes: Verification
    may_declare: Collection[str]
    """Codes of what files may declare that cannot be read."""
    without: list[str] = field(default_factory=list)

    def stated(self, tables: Tables | None, keeper: Keeper) -> Stated:
        """What a project states without what is left out."""
        config, mint = self.trial.config, Minter(self.trial.config.project.base)
        records = self.read.records
        rows = frozenset[str]() if tables is None else tables.claim_ids()
        claims = rows.union(records.claims)
        names = Names(self.vocabulary, mint, frozenset(records.documents), records.things, claims)

        def of_tables(drawing: Drawing) -> Tabular:
            return Tabular() if tables is None else tables.assemble(records, claims, keeper, drawing.entry)

        def of_rdf(drawing: Drawing) -> rdfdata.Stated:
            files = rdfdata.RdfData(config, names)
            return files.assemble(drawing.entry, self.trial.workshop.folder, records.documents)

        if tables is None:
            self.without.append(_ROWS)
        drawing = self._drawing()
        tabular, stated = self._step(_ROWS, of_tables, drawing), self._step(_FILES, of_rdf, drawing)
        if tabular is None or stated is None:  # some lines of theirs have been taken: without them, once more
            drawing = self._drawing()
            tabular = Tabular() if tabular is None else of_tables(drawing)
            stated = rdfdata.Stated({}) if stated is None else of_rdf(drawing)
        for block in lines_for(self.read.sound(), config.locate("ontology"), mint.base):
            drawing.entry.stated(block)
        drawing.entry.quads(layer_quads(self.vocabulary, mint.graph("ontology")))
        drawing.entry.quads(own_quads(self.vocabulary, config, mint.graph("ontology")))
        given = stated

        def located(lines: Callable[[], Iterable[str]]) -> Locate:
            return first_of(locations(config, self.vocabulary), tabular.located(lines), given.located)

        return Stated(drawing, {}, located, self.quotes, {}, None, in_files=given.claims)

    def _drawing(self) -> Drawing:
        config = self.trial.config
        return Drawing(config.project.base, rule_of(self.vocabulary), self.trial.workshop.folder)

    def _step(self, what: str, step: Callable[[Drawing], Value], drawing: Drawing) -> Value | None:
        """What a step gives; None if something is wrong, which is told, but for names that unread files may declare."""
        try:
            return step(drawing)
        except (DataError, UsageError) as error:
            self.without.append(what)
            self.trial.tell(one for one in error.problems if one.code not in self.may_declare)
        return None
