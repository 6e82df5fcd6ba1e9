"""The pages that belong to no single thing: the home page, and lists of things."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, current_app, request

from kg.errors import KgError, Problem, QueryError
from server.discovery.dataset import DUMP, dataset_triples
from server.http.problems import status_of
from server.http.protocol import ProtocolError
from server.lookup import Label
from server.pages import describe
from server.pages.drawing.routes import drawings
from server.pages.language import order, words
from server.pages.listing import COUNTS, read_classes, read_members
from server.pages.opening.view import OPENINGS, Openings
from server.pages.site import html, number, page_language, refuse, release, render, root

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
        page = number("page", 0, describe.LAST_PAGE)
        found = read_members(release(), kind, page, page_language())
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except (QueryError, ValueError):
        return refuse(HTTPStatus.NOT_FOUND, (Problem("not-found", "the class is named by no IRI", iri=kind or None),))
    except KgError as error:
        return refuse(status_of(error), error.problems)
    return html(render("list.html", kind=kind, view=found, number=page))
