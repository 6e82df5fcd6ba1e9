"""The pages that belong to no single thing: the home page, lists of things, and the query form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, request
from pyoxigraph import RdfFormat, parse

from kg.errors import KgError, Problem, QueryError, QueryRefused
from kg.sparql.guard import Form, Query, check
from server.discovery.dataset import DUMP
from server.engine import Dataset
from server.engine.inprocess import request_of
from server.federating import service_in
from server.http.headers import NOT_KEPT
from server.http.problems import public, status_of
from server.http.protocol import ProtocolError, read_choice, read_collation, read_dataset
from server.http.results import EXPLANATIONS, JSON, N_TRIPLES, PLAIN, Format, offered
from server.lookup import Label, Row, labels, parse_boolean, parse_rows, term_of
from server.pages import describe
from server.pages.language import order
from server.pages.listing import COUNTS, read_classes, read_members
from server.pages.site import html, number, page_language, refuse, release, render

EXAMPLE: Final = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?thing ?type ?label WHERE {
  ?thing a ?type .
  OPTIONAL { ?thing rdfs:label ?label }
}
LIMIT 20
"""

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
    try:
        if explain:
            return _page(text, dataset, answers=_explanation(text, dataset, collation))
        return _page(text, dataset, answers=_answers(text, dataset, collation))
    except KgError as error:
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
    names = labels(served.engine, served.base, shown, order(page_language()))
    told = public(status, problems)
    body = render(
        "query.html",
        text=text,
        dataset=dataset,
        answers=answers,
        problems=told,
        labels=names,
    )
    response = html(body, status)
    response.headers["Cache-Control"] = NOT_KEPT  # a query may ask for the time
    return response


def _answers(text: str, dataset: Dataset, collation: str | None) -> Answers:
    query = _checked(text)
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
    told = _told(_checked(text), dataset, PLAIN, collation, explain=True)[0].decode()
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
    return check(text, release().base)
