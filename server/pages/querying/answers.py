"""The answers to a query as a page shows them."""

from __future__ import annotations

import json
import time
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from flask import current_app
from pyoxigraph import RdfFormat, Triple, parse

from kg.errors import KgError, Problem, QueryRefused
from kg.sparql.dataset import VIEWS, View
from kg.sparql.guard import Form, Query, check
from kg.sparql.messages.prefixes import as_written
from server.engine import Dataset
from server.engine.evaluation import Request
from server.engine.inprocess import request_of
from server.federating import service_in
from server.http.keeping import keeps
from server.http.mistakes import Filled, checked
from server.http.results import EXPLANATIONS, JSON, N_TRIPLES, PLAIN, TSV, Format, offered
from server.http.views import seen
from server.lookup import Label, Row, Term, parse_boolean, term_of, term_told
from server.pages.addresses import name_of
from server.pages.language import words
from server.pages.phrases.naming import name_all
from server.pages.querying.arranging import NOTHING, Part, Table, arrange
from server.pages.querying.asked import Asked
from server.pages.querying.counting import NOT_NARROWED, Narrowed, count, ends_at_limit, narrow
from server.pages.querying.drawn.drawing import NO_DRAWING, Drawing, Wanted, draw, suited_by
from server.pages.querying.keeping import Kept, Said, keep
from server.pages.querying.known import ANSWERS, AnswersKept, Told
from server.pages.site import page_language, release
from server.pages.tables.dates import parts_in

_DATED: Final = 100
"""Rows in which dates are looked for, to be counted by."""
_PATIENCE: Final = 1.0
"""How long the answers of a wider view are counted, in seconds."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a query as a page shows them; `verdict` is that of an ASK query."""

    formats: tuple[Format, ...]
    columns: tuple[str, ...] = ()
    part: Part = NOTHING
    kept: Kept | None = None
    """Which of its rows have the words that were asked for; None of a verdict."""
    counted: Narrowed = NOT_NARROWED
    """What its columns hold, and which of its rows are shown."""
    dates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The parts of the dates of its columns, by which they can be counted."""
    is_limited: bool = False
    """Whether it ends where its query says so, and nobody knows what there is beyond."""
    verdict: bool | None = None
    warnings: tuple[Problem, ...] = ()
    """What may be wrong in them."""
    explanation: str = ""
    """How they come about, in lines, in their place."""
    filled: Filled | None = None
    """The query that was answered, where prefixes were declared for it."""
    view: View | None = None
    """The view that they were given over, where there are views."""
    wider: int | None = None
    """How many answers the next wider view has; None where that was not counted."""
    milliseconds: int = 0
    """The time from the question to the answer, without that of making the page."""
    was_kept: bool = False
    """Whether they were given before, and that is the time which they took then."""
    drawing: Drawing = NO_DRAWING
    """What its columns suit, and what is drawn of them."""
    changes: bool = False
    """Whether the same query may have another answer when it is asked again, as for the next page of rows."""

    def with_prefixes(self, again: Filled) -> Answers:
        """The same of a query with prefixes declared in a line before it; places are told by the lines of the query."""
        return replace(self, filled=again, warnings=tuple(map(as_written, self.warnings)))


def answers_to(asked: Asked) -> Answers:
    """The answers to a query, or how they come about.

    :raises KgError: if there are none
    """
    text, graphs = seen(asked.text, asked.dataset, release())
    query = _checked(text)
    if asked.explain:
        request = _request(query, graphs, PLAIN, asked.collation, explain=True)
        return Answers(EXPLANATIONS, explanation=release().strangers.told(request)[0].decode())
    answers = _over(query, graphs, asked)
    view = VIEWS.get(graphs.view or "") if release().has_views else None
    if view is None or view.wider is None or answers.verdict is not None:
        return replace(answers, view=view)
    return replace(answers, view=view, wider=_counted(asked.text, view.wider))


def _counted(text: str, view: str) -> int | None:
    """How many answers another view has: a second evaluation, which is given little time."""
    try:
        asked, graphs = seen(text, Dataset(view=view), release())
        query = check(asked, release().base)
        kind = TSV if query.form is Form.SELECT else N_TRIPLES
        wanted = request_of(query, graphs, kind.media_type, without=release().without)
        return _kept().of(release(), "number", wanted, lambda: (_number(wanted, kind), 0))
    except KgError:
        return None


def _number(wanted: Request, kind: Format) -> int:
    body, _ = release().strangers.told(wanted, timeout=_PATIENCE)
    # Neither format has line ends within a line (SPARQL 1.1 TSV, section 4; RDF 1.1 N-Triples, section 2).
    return body.count(b"\n") - 1 if kind is TSV else len(set(body.splitlines()))


def _kept() -> AnswersKept:
    found: AnswersKept = current_app.extensions[ANSWERS]
    return found


def _over(query: Query, graphs: Dataset, asked: Asked) -> Answers:
    wanted = N_TRIPLES if query.form in {Form.CONSTRUCT, Form.DESCRIBE} else JSON
    request = _request(query, graphs, wanted, None if query.form is Form.ASK else asked.collation)
    fresh: list[Told] = []

    def tell() -> tuple[Told, int]:
        found, size = _told(query.form, request)
        fresh.append(found)
        return found, size

    told = _kept().of(release(), "answer", request, tell)
    answers = Answers(
        offered(query.form),
        warnings=told.warnings,
        milliseconds=told.milliseconds,
        was_kept=not fresh,
        changes=not keeps(query.text),
    )
    table = told.table
    if table is None:
        return replace(answers, verdict=told.verdict)
    served, language = release(), page_language()

    def names(things: Iterable[str]) -> Mapping[str, Label]:
        return {} if asked.iris else name_all(served, things, language)

    given = None if asked.iris else names
    said = words(language)
    narrowed = narrow(table, asked.held)
    kept = replace(
        keep(narrowed.table, asked.only, given, Said(said["yes"], said["no"], language, partial(name_of, served))),
        total=len(table.raw),
    )
    counted = count(replace(narrowed, table=kept.table), asked.facets)
    rows = arrange(kept.table, asked.sort, given, language)
    beside = int(bool(counted.facets))
    part = rows.part(asked.number, asked.rows, beside=beside)
    drawing = draw(rows.table, part, Wanted(asked.drawn, told.suited), names, language)
    if drawing.is_of_many:
        part = rows.part(asked.number, asked.rows, beside=beside + 1)
    return replace(
        answers,
        columns=table.columns,
        part=part,
        kept=kept,
        drawing=drawing,
        counted=counted,
        dates=told.dates,
        is_limited=bool(asked.facets) and ends_at_limit(query.text, len(table.raw)),
    )


def _told(form: Form, request: Request) -> tuple[Told, int]:
    """The answer to a query, and its bytes."""
    begun = time.perf_counter()
    body, warnings = release().strangers.told(request)
    milliseconds = round(1000 * (time.perf_counter() - begun))
    match form:
        case Form.SELECT:
            found = json.loads(body)
            table = Table(tuple(found["head"]["vars"]), found["results"]["bindings"], _Reading().row, cell=_cell)
        case Form.ASK:
            return Told(warnings, milliseconds, parse_boolean(body)), len(body)
        case Form.CONSTRUCT | Form.DESCRIBE:
            triples = [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]
            table = Table(("subject", "property", "value"), triples, _row)
        case _:
            raise ValueError(form)
    return Told(warnings, milliseconds, None, table, suited_by(table), _dates(table)), len(body)


def _dates(table: Table) -> Mapping[str, tuple[str, ...]]:
    sample = table.sample(_DATED)
    return {name: parts_in(row[name] for row in sample if name in row) for name in table.columns}


def _cell(binding: Mapping[str, Any], column: str) -> tuple[Hashable, Mapping[str, Any]]:
    value = binding.get(column)
    return (None, {}) if value is None else (_key(value), {column: value})


def _key(value: Mapping[str, Any]) -> Hashable:
    """What is the same of equal terms; a triple holds terms in its turn."""
    return repr(value) if value["type"] == "triple" else tuple(value.values())


class _Reading:
    """Reads the rows of one answer: each is looked at several times, and the same terms stand in many."""

    def __init__(self) -> None:
        self._terms: dict[Hashable, Term] = {}

    def row(self, binding: Mapping[str, Any]) -> Row:
        """A row, as `row_of` reads it."""
        terms, row = self._terms, {}
        for name, value in binding.items():
            key = _key(value)
            term = terms.get(key)
            if term is None:
                term = terms[key] = term_told(value)
            row[name] = term
        return row


def _row(triple: Triple) -> Row:
    return {
        "subject": term_of(triple.subject),
        "property": term_of(triple.predicate),
        "value": term_of(triple.object),
    }


def _request(
    query: Query, dataset: Dataset, wanted: Format, collation: str | None = None, *, explain: bool = False
) -> Request:
    asked = request_of(query, dataset, wanted.media_type, without=release().without)
    return replace(asked, explain=explain, collation=collation)


def _checked(text: str) -> Query:
    if current_app.config["FEDERATES"] and service_in(text) is not None:
        # A page is made by one of a few threads, which must not wait for somebody else's server.
        hint = "ask for a format, as in /sparql?format=csv"
        raise QueryRefused(
            problems=[Problem("service-page", "a query with SERVICE is answered as data only", hint=hint)]
        )
    return checked(text, release().base, release().engine)
