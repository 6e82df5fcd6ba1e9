"""Dereferencing: every address under the base answers with what the release says of it, as data or as a page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode

from kg.errors import KgError, Problem, QueryError
from kg.terms import expand
from server import graph_store
from server.http.problems import status_of
from server.http.protocol import ProtocolError
from server.http.results import DATASETS, GRAPHS
from server.lookup import construct, iri_ref, select, term_of
from server.pages import describe
from server.pages.evidence import Statement
from server.pages.formats import graph_answer
from server.pages.phrases.naming import name_all
from server.pages.plain import answers
from server.pages.rows import LAST_PAGE, read_rows
from server.pages.site import data, html, number, page_language, pick, refuse, release, render, wants_page
from server.pages.statements import Description, describe_claim, describe_graph, describe_table, describe_thing
from server.pages.views import read_claim, read_resource, read_vocabulary
from server.releases import Release

blueprint = Blueprint("entity", __name__)

_VERSION: Final = expand("owl:versionIRI")
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
    return _dereferenced(_here(), describe_claim, _claim_page)


@blueprint.get("/table/<path:name>")
def table(name: str) -> Response:
    """A table: its file, its rows, the run that made claims of them."""
    del name
    return _dereferenced(_here(), describe_table, _table_page)


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
    return _dereferenced(release().minter.graph("ontology"), describe_graph, lambda _: _ontology_page())


@blueprint.get("/ont/<path:name>")
def version(name: str) -> Response:
    """The vocabulary at the address of its version (`owl:versionIRI`), where that is the version of the release."""
    del name
    return _dereferenced(_here(), _version, lambda iri: _ontology_page() if _version(release(), iri) else None)


def _version(served: Release, iri: str) -> Description | None:
    graph = served.minter.graph("ontology")
    named = served.engine.quads(None, NamedNode(_VERSION), NamedNode(iri_ref(iri)[1:-1]), NamedNode(graph))
    return describe_graph(served, graph) if any(True for _ in named) else None


def thing(iri: str) -> Response:
    """What a release says of any IRI, with the claims about it."""
    return _dereferenced(iri, describe_thing, _resource_page)


@blueprint.before_request
def _of_plain_rdf() -> Response | None:
    """Where there are no claims and no tables, the addresses of things answer with all that any graph says of them."""
    described = request.method in {"GET", "HEAD"} and request.endpoint in _THINGS
    return answers.answer(_here()) if described and not release().has_claims else None


def _here() -> str:
    """The IRI that the path of the request stands for."""
    return release().base + request.path.removeprefix("/")


def _dereferenced(
    iri: str, describes: Callable[[Release, str], Description | None], page: Callable[[str], str | None]
) -> Response:
    asked = request.args.get("format")
    try:
        if asked == "html" or (not asked and wants_page(DATASETS)):
            body = page(iri)
            return refuse(HTTPStatus.NOT_FOUND, (_absent(iri),)) if body is None else html(body)
        chosen, media_type = pick(DATASETS, asked)
        found = describes(release(), iri)
        if found is None or not found.quads:
            return refuse(HTTPStatus.NOT_FOUND, (_absent(iri),))
        return graph_answer(found.triples, chosen, media_type, found.quads, iri)
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except (QueryError, ValueError):
        # The only part of these queries that comes from outside is the path: it makes no IRI.
        return refuse(HTTPStatus.NOT_FOUND, (_ABSENT,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _absent(iri: str) -> Problem:
    return Problem(_ABSENT.code, _ABSENT.message, iri=iri)


def _resource_page(iri: str) -> str | None:
    view = read_resource(release(), iri, page_language())
    if view is None:
        return None
    return render("resource.html", view=view, labels=view.labels)


def _table_page(iri: str) -> str | None:
    """The page of a table; what is known of it beside its rows stands on the first."""
    view = read_resource(release(), iri, page_language())
    if view is None:
        return None
    rows = read_rows(release(), iri, number("page", 0, LAST_PAGE), page_language())
    return render("table.html", view=view, labels=view.labels, rows=rows)


def _claim_page(iri: str) -> str | None:
    found = read_claim(release(), iri, page_language())
    if found is None:
        return None
    return render("claim.html", view=found, labels=found.labels)


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
    names = name_all(served, shown, page_language())
    total = int(counted["count"].value)
    more = total > describe.COUNTED
    return render("graph.html", iri=iri, rows=rows, total=min(total, describe.COUNTED), more=more, labels=names)


def _ontology_page() -> str | None:
    terms, names = read_vocabulary(release(), page_language())
    return render("ontology.html", terms=terms, labels=names) if terms else None
