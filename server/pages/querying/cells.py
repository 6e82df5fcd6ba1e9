"""`/query/cells`: terms of an answer as a table shows them, for the script that has the rows and not the names."""

from __future__ import annotations

from flask import Blueprint, Response, request

from server.http.headers import NOT_KEPT
from server.http.protocol import ProtocolError
from server.pages.phrases.naming import name_all
from server.pages.querying.asked import read_show
from server.pages.querying.terms import read_terms
from server.pages.site import html, page_language, refuse, release, render

blueprint = Blueprint("cells", __name__)


@blueprint.post("/query/cells")
def cells() -> Response:
    """One item of a list for each term that was sent, in the same order."""
    try:
        terms = read_terms(request.headers.get("Content-Type", ""), request.get_data())
        iris = read_show(tuple(request.args.items(multi=True)))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    named = [] if iris else [term.name for term in terms if term.kind != "literal"]
    labels = name_all(release(), named, page_language())
    response = html(render("query_cells.html", terms=terms, labels=labels))
    response.headers["Cache-Control"] = NOT_KEPT
    return response
