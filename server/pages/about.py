"""What belongs to the release as a whole: its description, and the file of all its statements."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request, send_file

from kg.errors import Problem
from server.http.protocol import ProtocolError
from server.http.results import GRAPHS
from server.pages.dataset import DUMP, dataset_triples, read_dataset_view
from server.pages.formats import graph_answer
from server.pages.language import order
from server.pages.site import html, page_language, pick, refuse, release, render, root, wants_page

blueprint = Blueprint("about", __name__)

_SERVICES: Final = (
    ("endpoint", "sparql"), ("query", "query"), ("graph_store", "rdf-graph-store?default&format=turtle"),
    ("reconciliation", "reconcile"), ("interface", "openapi.json"), ("vocabulary", "ont"),
)  # fmt: skip
"""What a person calls each service of the site, and where it is."""


@blueprint.get("/dataset")
def dataset() -> Response:
    """What the release is: for programs in VoID and DCAT, for people what it holds, and how to get and to cite it."""
    served, asked = release(), request.args.get("format")
    triples = dataset_triples(served, root())
    try:
        if asked == "html" or (not asked and wants_page(GRAPHS)):
            view = read_dataset_view(triples, served.base, order(page_language()))
            file = (served.path / DUMP).is_file()
            told = {"services": _SERVICES, "root": root(), "file": file, "counts": served.counts}
            return html(render("dataset.html", view=view, **told))
        return graph_answer(triples, *pick(GRAPHS, asked))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))


@blueprint.get(f"/download/{DUMP}")
def dump() -> Response:
    """The artefact of record: every quad of the release, sorted N-Quads, compressed."""
    path = release().path / DUMP
    if not path.is_file():
        problem = Problem("not-found", "this release has no such file", iri=f"{release().base}download/{DUMP}")
        return refuse(HTTPStatus.NOT_FOUND, (problem,))
    return send_file(path.resolve(), mimetype="application/gzip", as_attachment=True, download_name=DUMP)
