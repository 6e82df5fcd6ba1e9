"""The pages that belong to no single thing: the home page, lists of things, and the query form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, request
from pyoxigraph import RdfFormat, parse

from kg.errors import KgError, Problem, QueryError, QueryRefused
from kg.sparql.dataset import VIEWS, View
from kg.sparql.guard import Form, Query, check
from kg.sparql.messages.prefixes import as_written
from server.discovery.dataset import DUMP
from server.engine import Dataset
from server.engine.inprocess import request_of
from server.federating import service_in
from server.http.headers import NOT_KEPT
from server.http.mistakes import EVERYWHERE, PAGE, Filled, checked, explained, filled, still_wrong
from server.http.problems import public, status_of
from server.http.protocol import ProtocolError, read_choice, read_collation, read_dataset
from server.http.results import EXPLANATIONS, JSON, N_TRIPLES, PLAIN, TSV, Format, offered
from server.http.views import seen
from server.lookup import Label, Row, parse_boolean, parse_rows, term_of
from server.pages import describe
from server.pages.language import order
from server.pages.listing import COUNTS, read_classes, read_members
from server.pages.phrases.naming import name_all
from server.pages.site import html, number, page_language, refuse, release, render
from server.pages.telling import tell

EXAMPLE: Final = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?thing ?type ?label WHERE {
  ?thing a ?type .
  OPTIONAL { ?thing rdfs:label ?label }
}
LIMIT 20
"""

_PATIENCE: Final = 1.0
"""How long the answers of a wider view are counted, in seconds."""

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a query as a page shows them; `verdict` is that of an ASK query."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    formats: tuple[Format, ...]
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


@blueprint.get("/")
def home() -> Response:
    """What the release holds, and where to go from here."""
    served = release()
    tag = next((tag for tag in order(page_language()) if tag in served.description), None)
    return html(
        render(
            "home.html",
            description=None if tag is None else Label(served.description[tag], tag),
            file=(served.path / DUMP).is_file(),
            counts=served.counts,
            quotes=served.quotes.current(),
            classes=read_classes(served, page_language(), current_app.extensions[COUNTS]),
        )
    )


@blueprint.get("/list")
def members() -> Response:
    """The things of one class, a page at a time."""
    kind = request.args.get("class", "")
    try:
        page = number("page", 0, describe.LAST_PAGE)
        found = read_members(release(), kind, page, page_language())
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except (QueryError, ValueError):
        return refuse(HTTPStatus.NOT_FOUND, (Problem("not-found", "the class is named by no IRI", iri=kind or None),))
    except KgError as error:
        return refuse(status_of(error), error.problems)
    return html(render("list.html", kind=kind, view=found, number=page))


@blueprint.get("/query")
def query_form() -> Response:
    """A form for a query, and its answers as a table: everything that `/sparql` gives, for a person."""
    text = request.args.get("query")
    try:
        asked = tuple(request.args.items(multi=True))
        explain, collation = read_choice(asked, "explain"), read_collation(asked)
        return query_page(text, read_dataset(asked), explain=explain, collation=collation)
    except ProtocolError as error:
        return _page(text or EXAMPLE, Dataset(), problems=(error.problem,), status=error.status)


def query_page(text: str | None, dataset: Dataset, *, explain: bool = False, collation: str | None = None) -> Response:
    """The page of `/query`, with the answers to `text` if there is one, or with how they come about.

    `collation` is the language in whose order ORDER BY puts texts, by its tag.
    """
    if text is None or not text.strip():
        return _page(EXAMPLE, dataset)
    shown = _explanation if explain else _answers
    base = release().base
    try:
        return _page(text, dataset, answers=shown(text, dataset, collation))
    except KgError as error:
        fills = current_app.config["FILL_PREFIXES"] in {PAGE, EVERYWHERE}
        again = filled(error, text) if fills else None
        if again is None:
            return _mistaken(text, dataset, explained(error, text, base))
    try:
        return _page(text, dataset, answers=_with_prefixes(shown(again.text, dataset, collation), again))
    except KgError as error:
        return _mistaken(text, dataset, still_wrong(error, text, base))


def _with_prefixes(answers: Answers, again: Filled) -> Answers:
    """The answers to a query with prefixes declared in a line before it; places are told by the lines of the query."""
    return replace(answers, filled=again, warnings=tuple(map(as_written, answers.warnings)))


def _mistaken(text: str, dataset: Dataset, error: KgError) -> Response:
    return _page(text, dataset, problems=error.problems, status=status_of(error))


def _page(
    text: str,
    dataset: Dataset,
    *,
    answers: Answers | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    served = release()
    shown = (term.value for row in (answers.rows if answers else ()) for term in row.values() if term.kind == "iri")
    body = render(
        "query.html",
        text=text,
        dataset=dataset,
        answers=answers,
        problems=tell(public(status, problems), page_language()),
        labels=name_all(served, shown, page_language()),
        views=tuple(VIEWS) if served.has_views else (),
    )
    response = html(body, status)
    response.headers["Cache-Control"] = NOT_KEPT  # a query may ask for the time
    return response


def _answers(text: str, dataset: Dataset, collation: str | None) -> Answers:
    asked, graphs = seen(text, dataset, release())
    answers = _over(_checked(asked), graphs, collation)
    view = VIEWS.get(graphs.view or "") if release().has_views else None
    if view is None or view.wider is None or answers.verdict is not None:
        return replace(answers, view=view)
    return replace(answers, view=view, wider=_counted(text, view.wider))


def _counted(text: str, view: str) -> int | None:
    """How many answers another view has: a second evaluation, which is given little time."""
    try:
        asked, graphs = seen(text, Dataset(view=view), release())
        query = check(asked, release().base)
        kind = TSV if query.form is Form.SELECT else N_TRIPLES
        wanted = request_of(query, graphs, kind.media_type, without=release().without)
        body, _ = release().strangers.told(wanted, timeout=_PATIENCE)
    except KgError:
        return None
    # Neither format has line ends within a line (SPARQL 1.1 TSV, section 4; RDF 1.1 N-Triples, section 2).
    return body.count(b"\n") - 1 if kind is TSV else len(set(body.splitlines()))


def _over(query: Query, dataset: Dataset, collation: str | None) -> Answers:
    formats = offered(query.form)
    match query.form:
        case Form.SELECT:
            body, warnings = _told(query, dataset, JSON, collation)
            columns, rows = parse_rows(body)
            return Answers(columns, tuple(rows[: describe.LIMIT]), len(rows), formats, warnings=warnings)
        case Form.ASK:
            body, warnings = _told(query, dataset, JSON)
            return Answers((), (), 0, formats, parse_boolean(body), warnings)
        case Form.CONSTRUCT | Form.DESCRIBE:
            triples, warnings = _told(query, dataset, N_TRIPLES, collation)
            rows = [
                {"subject": term_of(t.subject), "property": term_of(t.predicate), "value": term_of(t.object)}
                for t in parse(triples, format=RdfFormat.N_TRIPLES)
            ]
            shown = tuple(rows[: describe.LIMIT])
            return Answers(("subject", "property", "value"), shown, len(rows), formats, warnings=warnings)
    raise ValueError(query.form)


def _explanation(text: str, dataset: Dataset, collation: str | None) -> Answers:
    asked, graphs = seen(text, dataset, release())
    told = _told(_checked(asked), graphs, PLAIN, collation, explain=True)[0].decode()
    return Answers((), (), 0, EXPLANATIONS, explanation=told)


def _told(
    query: Query, dataset: Dataset, wanted: Format, collation: str | None = None, *, explain: bool = False
) -> tuple[bytes, tuple[Problem, ...]]:
    asked = request_of(query, dataset, wanted.media_type, without=release().without)
    return release().strangers.told(replace(asked, explain=explain, collation=collation))


def _checked(text: str) -> Query:
    if current_app.config["FEDERATES"] and service_in(text) is not None:
        # A page is made by one of a few threads, which must not wait for somebody else's server.
        hint = "ask for a format, as in /sparql?format=csv"
        raise QueryRefused(
            problems=[Problem("service-page", "a query with SERVICE is answered as data only", hint=hint)]
        )
    return checked(text, release().base, release().engine)
