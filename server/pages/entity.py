"""Dereferencing: every address under the base answers with what the release says of it, as data or as a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request, send_file
from pyoxigraph import RdfFormat, Triple, parse, serialize

from kg.errors import KgError, Problem, QueryError
from server import graph_store
from server.http.problems import status_of
from server.http.protocol import ProtocolError
from server.http.results import GRAPHS, Format
from server.lookup import construct, labels, select, term_of, used_prefixes
from server.pages import describe, plain
from server.pages.language import order
from server.pages.site import data, html, page_language, pick, refuse, release, render, wants_page
from server.pages.views import Statement, claim_iris, read_claims, read_resource, read_vocabulary

blueprint = Blueprint("entity", __name__)

_THINGS: Final = frozenset(f"{blueprint.name}.{view}" for view in ("resource", "claim", "table", "ontology"))
_ABSENT: Final = Problem("not-found", "this release says nothing of it")


@blueprint.get("/id/<path:name>")
@blueprint.get("/doc/<path:name>")
@blueprint.get("/scheme/<path:name>")
def resource(name: str) -> Response:
    """A thing, a document, a concept or a scheme of concepts."""
    del name  # the whole path names it
    return thing(_here())


@blueprint.get("/claim/<path:name>")
def claim(name: str) -> Response:
    """A claim: what it states, who says so, where, and in which words."""
    del name
    return _dereferenced(_here(), lambda iri: describe.claim(iri, release().base), _claim_page)


@blueprint.get("/table/<path:name>")
def table(name: str) -> Response:
    """A table: its file, its rows, the run that made claims of them."""
    del name
    return _dereferenced(_here(), lambda iri: describe.table(iri, release().base), _resource_page)


@blueprint.get(f"{graph_store.BELOW}<path:name>")
def graph(name: str) -> Response:
    """A graph that is no claim, whole: the graph store's direct identification of it."""
    del name
    iri = _here()
    asked = request.args.get("format")
    try:
        if asked == "html" or (not asked and wants_page(GRAPHS)):
            body = _graph_page(iri)
            return refuse(HTTPStatus.NOT_FOUND, (_absent(iri),)) if body is None else html(body)
        return _whole(graph_store.read_direct(iri, request.query_string))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


@blueprint.get(graph_store.PATH)
def store() -> Response:
    """A graph that the query string names, whole (SPARQL 1.1 Graph Store HTTP Protocol, section 5.2)."""
    try:
        return _whole(graph_store.read_indirect(request.query_string))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _whole(reading: graph_store.Reading) -> Response:
    chosen, media_type = pick(GRAPHS, reading.format)
    wanted = graph_store.request_for(reading, release().engine, chosen.media_type)
    return data(release().strangers.answer(wanted, timeout=reading.timeout), media_type)


@blueprint.get("/ont")
def ontology() -> Response:
    """The vocabulary: every term with its labels and definitions, at its own anchor."""
    return _dereferenced(release().minter.graph("ontology"), describe.graph, lambda _: _ontology_page())


@blueprint.get("/dataset")
def dataset() -> Response:
    """What the release is, in VoID and DCAT, at the address that the description itself names."""
    try:
        chosen, media_type = pick(GRAPHS, request.args.get("format"))
        content = (release().path / "void.ttl").read_bytes()
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except FileNotFoundError:
        return refuse(HTTPStatus.NOT_FOUND, (_absent(_here()),))
    return data(_written([quad.triple for quad in parse(content, RdfFormat.TURTLE)], chosen), media_type)


@blueprint.get("/download/graph.nq.gz")
def dump() -> Response:
    """The artefact of record: every quad of the release, sorted N-Quads, compressed."""
    path = release().path / "graph.nq.gz"
    if not path.is_file():
        return refuse(HTTPStatus.NOT_FOUND, (_absent(_here()),))
    return send_file(path.resolve(), mimetype="application/gzip", as_attachment=True, download_name="graph.nq.gz")


def thing(iri: str) -> Response:
    """What a release says of any IRI, with the claims about it."""
    return _dereferenced(iri, lambda it: describe.resource(it, release().base), _resource_page)


@blueprint.before_request
def _of_plain_rdf() -> Response | None:
    """Where there are no claims and no tables, the addresses of things answer with all that any graph says of them."""
    described = request.method in {"GET", "HEAD"} and request.endpoint in _THINGS
    return plain.answer(_here()) if described and not release().has_claims else None


def _here() -> str:
    """The IRI that the path of the request stands for."""
    return release().base + request.path.removeprefix("/")


def _dereferenced(iri: str, pattern: Callable[[str], str], page: Callable[[str], str | None]) -> Response:
    asked = request.args.get("format")
    try:
        if asked == "html" or (not asked and wants_page(GRAPHS)):
            body = page(iri)
            return refuse(HTTPStatus.NOT_FOUND, (_absent(iri),)) if body is None else html(body)
        chosen, media_type = pick(GRAPHS, asked)
        triples = construct(release().engine, pattern(iri))
        return data(_written(triples, chosen), media_type) if triples else refuse(HTTPStatus.NOT_FOUND, (_absent(iri),))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except (QueryError, ValueError):
        # The only part of these queries that comes from outside is the path: it makes no IRI.
        return refuse(HTTPStatus.NOT_FOUND, (_ABSENT,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _absent(iri: str) -> Problem:
    return Problem(_ABSENT.code, _ABSENT.message, iri=iri)


def _written(triples: Sequence[Triple], into: Format) -> bytes:
    """The triples with the project's prefixes, those alone that occur."""
    used = dict(used_prefixes(triples))
    return serialize(triples, format=RdfFormat.from_media_type(into.media_type), prefixes=used) or b""


def _resource_page(iri: str) -> str | None:
    view = read_resource(release(), iri, page_language())
    if view is None:
        return None
    return render("resource.html", view=view, labels=view.labels)


def _claim_page(iri: str) -> str | None:
    served = release()
    found = read_claims(served, (iri,))
    if not found:
        return None
    names = labels(served.engine, served.base, claim_iris(found[0]), order(page_language()))
    return render("claim.html", claim=found[0], labels=names)


def _graph_page(iri: str) -> str | None:
    served = release()
    try:
        triples = construct(served.engine, describe.graph(iri, describe.LIMIT))
        (counted,) = select(served.engine, describe.size(iri))
    except ValueError:
        return None  # the path makes no IRI
    if not triples:
        return None
    rows = [Statement(*map(term_of, (t.subject, t.predicate, t.object))) for t in triples]
    shown = {term.value for row in rows for term in (row.subject, row.property, row.value) if term.kind == "iri"}
    names = labels(served.engine, served.base, shown, order(page_language()))
    total = int(counted["count"].value)
    more = total > describe.COUNTED
    return render("graph.html", iri=iri, rows=rows, total=min(total, describe.COUNTED), more=more, labels=names)


def _ontology_page() -> str | None:
    terms, names = read_vocabulary(release(), page_language())
    return render("ontology.html", terms=terms, labels=names) if terms else None
