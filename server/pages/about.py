"""What belongs to the release as a whole: its description, and the file of all its statements."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Final

from flask import Blueprint, Response, current_app, request, send_file

from kg.errors import Problem
from kg.sparql.dataset import VIEWS, address
from server.discovery.dataset import DUMP, dataset_triples, read_dataset_view
from server.discovery.markup import dataset_markup
from server.http.headers import FOR_EVER
from server.http.protocol import ProtocolError
from server.http.results import DATASETS, JSON_LD
from server.pages.citing.formats import bibtex
from server.pages.citing.reference import Reference
from server.pages.formats import graph_answer
from server.pages.language import order
from server.pages.phrases.licences import licence_name
from server.pages.site import EXTENSION, html, page_language, pick, refuse, release, render, root, wants_page
from server.releases import Releases

blueprint = Blueprint("about", __name__)

STATEMENTS: Final = MappingProxyType(
    {
        "statements.csv": "text/csv; header=present",
        "statements.parquet": "application/vnd.apache.parquet",
    }
)
"""The media types of the tables, by the names of their files (RFC 4180, section 3)."""
_SERVICES: Final = (
    ("endpoint", "sparql"), ("query", "query"), ("graph_store", "rdf-graph-store?default&format=turtle"),
    ("reconciliation", "reconcile"), ("interface", "openapi.json"),
    ("vocabulary", "ont"), ("context", "context.jsonld"),
)  # fmt: skip
"""What a person calls each service of the site, and where it is."""


@blueprint.get("/dataset")
def dataset() -> Response:
    """What the release is: for programs in VoID and DCAT, for people what it holds, and how to get and to cite it."""
    served, asked = release(), request.args.get("format")
    triples = dataset_triples(served, root())
    try:
        if asked == "html" or (not asked and wants_page(DATASETS)):
            view = read_dataset_view(triples, served.base, order(page_language()))
            title = view.title
            cited = Reference(view.iri, title.text, title.language, "", view.publisher, served.id, view.issued)
            body = render(
                "dataset.html",
                view=view,
                bibtex=bibtex(cited).rstrip(),
                licence=licence_name(view.licence),
                services=_SERVICES,
                root=root(),
                file=(served.path / DUMP).is_file(),
                tables=tuple(name for name in STATEMENTS if (served.path / "download" / name).is_file()),
                counts=served.counts,
                quotes=served.quotes.current(),
                markup=dataset_markup(served, root(), triples, order(page_language())),
            )
            return html(body)
        return graph_answer(triples, *pick(DATASETS, asked), about=f"{served.base}dataset")
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))


@blueprint.get("/view/<name>")
def view(name: str) -> Response:
    """The address of a view of the release: the description of the release tells what it is."""
    if name not in VIEWS or not release().has_views:
        problem = Problem("not-found", "the release has no such view", iri=address(release().base, name))
        return refuse(HTTPStatus.NOT_FOUND, (problem,))
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = "/dataset"
    return response


@blueprint.get("/context.jsonld")
def context() -> Response:
    """The JSON-LD context of the ontology, as it is now."""
    return Response(release().context, content_type=JSON_LD.media_type)


@blueprint.get("/context/<version>.jsonld")
def context_version(version: str) -> Response:
    """One version of the context: what answers in JSON-LD refer to, the same bytes for ever."""
    releases: Releases = current_app.extensions[EXTENSION]
    content = releases.context(version)
    if content is None:
        problem = Problem("not-found", "no release here has this version of the context", hint="see /context.jsonld")
        return refuse(HTTPStatus.NOT_FOUND, (problem,))
    response = Response(content, content_type=JSON_LD.media_type)
    response.headers["Cache-Control"] = FOR_EVER
    response.set_etag(version)
    return response


@blueprint.get(f"/download/{DUMP}")
def dump() -> Response:
    """The artefact of record: every quad of the release, sorted N-Quads, compressed."""
    return _file(release().path / DUMP, "application/gzip")


@blueprint.get("/download/statements.csv")
@blueprint.get("/download/statements.parquet")
def statements_table() -> Response:
    """The table of all statements, which a build makes beside a release that is not too large for it."""
    name = request.path.rpartition("/")[2]
    hint = f"kg export statements -o {name} makes it of any release"
    return _file(release().path / "download" / name, STATEMENTS[name], hint)


def _file(path: Path, media_type: str, hint: str | None = None) -> Response:
    if not path.is_file():
        address = f"{release().base}download/{path.name}"
        problem = Problem("not-found", "this release has no such file", iri=address, hint=hint)
        return refuse(HTTPStatus.NOT_FOUND, (problem,))
    return send_file(path.resolve(), mimetype=media_type, as_attachment=True, download_name=path.name)
