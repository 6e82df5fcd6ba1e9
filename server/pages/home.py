"""The pages that belong to no single thing: the home page, and lists of things."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, current_app, request

from kg.errors import KgError, Problem, QueryError
from server.discovery.dataset import DUMP, dataset_triples
from server.engine.account import may_ask
from server.http.problems import status_of
from server.http.protocol import ProtocolError
from server.http.results import PAGE
from server.lookup import Label
from server.pages import describe
from server.pages.addresses import name_of
from server.pages.drawing.routes import drawings
from server.pages.formats import further, rows_file
from server.pages.language import order, words
from server.pages.listing import COUNTS, read_classes
from server.pages.opening.view import OPENINGS, Openings
from server.pages.site import html, number, page_language, refuse, release, render, root
from server.pages.tables.asking import AskedWrongly, read_asked
from server.pages.tables.members import SORTED, ListView, read_members
from server.pages.tables.ordering import ORDERS
from server.pages.tables.written import MEDIA_TYPES, ROWS, asked_rows, write_members, write_members_csv
from server.pages.telling import InWords

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Response:
    """What the release is, what it answers, where its sources disagree, and where to go from here."""
    served, address = release(), root()
    tag = next((tag for tag in order(page_language()) if tag in served.description), None)
    openings: Openings = current_app.extensions[OPENINGS]
    return html(
        render(
            "home.html",
            description=None if tag is None else Label(served.description[tag], tag),
            opening=openings.of(served, page_language(), lambda: dataset_triples(served, address)),
            file=(served.path / DUMP).is_file(),
            drawings=drawings(),
            pictured=words(page_language(), "drawing"),
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
        wanted = _wanted()
        asked = read_asked(request.args.items(multi=True), number("page", 0, describe.LAST_PAGE), None)
        if asked.only or asked.facets:
            may_ask()
        facets = current_app.extensions[ORDERS].facets
        found = read_members(release(), kind, replace(asked, sort=None), page_language(), facets)
    except AskedWrongly as error:
        return refuse(HTTPStatus.BAD_REQUEST, (error.problem,))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except (QueryError, ValueError):
        message = "the class is named by no IRI"
        none = InWords("not-found", message, iri=kind or None, key="list_of_nothing")
        return refuse(HTTPStatus.NOT_FOUND, (none,))
    except KgError as error:
        return refuse(status_of(error), error.problems)
    return _listed(kind, found, wanted)


def _wanted() -> str:
    """The format in which rows are asked for; empty for a page.

    :raises ProtocolError: 406 if it is none of ours
    """
    asked = request.args.get("format")
    if asked and asked not in {"html", *MEDIA_TYPES}:
        problem = Problem("not-acceptable", "a list is given as a page, as CSV or as JSON", hint="html, csv or rows")
        raise ProtocolError(HTTPStatus.NOT_ACCEPTABLE, problem)
    return asked_rows(asked, request.headers.get("Accept"), PAGE)


def _listed(kind: str, found: ListView, wanted: str) -> Response:
    """The things of a page: the page itself, or a file for programs."""
    if not wanted:
        heard = words(page_language(), "facts")
        return html(render("list.html", kind=kind, view=found, heard=heard, most_counted=SORTED))
    if wanted == ROWS:
        return rows_file(write_members(kind, found, further), wanted)
    served, head = release(), ("IRI", words(page_language())["label"])
    return rows_file(write_members_csv(found, head, lambda node: name_of(served, node)), wanted)
