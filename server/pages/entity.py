"""Dereferencing: every address under the base answers with what the release says of it, as data or as a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, request
from pyoxigraph import NamedNode

from kg.errors import KgError, QueryError
from kg.terms import expand
from server import graph_store
from server.engine.account import may_ask
from server.http.problems import status_of
from server.http.protocol import ProtocolError
from server.http.results import DATASETS, GRAPHS, PAGE
from server.lookup import construct, iri_ref, select, term_of
from server.pages import describe
from server.pages.addresses import name_of
from server.pages.citing.head import Head
from server.pages.citing.markup import About
from server.pages.citing.showing import asked_style, cited, head_of
from server.pages.documents.reading import LAST_PAGE as LAST_OF_DOCUMENT
from server.pages.documents.reading import read_document
from server.pages.evidence import Statement
from server.pages.facts.showing import asked_part, claim_page, thing_page
from server.pages.formats import further, graph_answer, rows_file
from server.pages.language import words
from server.pages.phrases.names import Name
from server.pages.phrases.naming import name_all
from server.pages.plain import answers
from server.pages.rows import LAST_PAGE
from server.pages.site import data, html, number, page_language, pick, refuse, release, render, wants_page
from server.pages.statements import TYPE, Description, describe_claim, describe_graph, describe_table, describe_thing
from server.pages.tables.asking import AskedWrongly, read_asked
from server.pages.tables.columns import Column
from server.pages.tables.ordering import ORDERS, Orders
from server.pages.tables.reading import TableView, read_table
from server.pages.tables.written import ROWS, asked_rows, write_csv, write_rows
from server.pages.telling import absent
from server.pages.views import ResourceView
from server.pages.vocabulary.kinds import has_terms
from server.pages.vocabulary.routes import index_data, index_page
from server.releases import Release

blueprint = Blueprint("entity", __name__)

_VERSION: Final = expand("owl:versionIRI")
_THINGS: Final = frozenset(
    f"{blueprint.name}.{view}" for view in ("resource", "document", "claim", "table", "ontology")
)
_INDEX: Final = f"{blueprint.name}.ontology"


@blueprint.get("/id/<path:name>")
@blueprint.get("/scheme/<path:name>")
def resource(name: str) -> Response:
    """A thing, a concept or a scheme of concepts."""
    del name  # the whole path names it
    return thing(_here())


@blueprint.get("/doc/<path:name>")
def document(name: str) -> Response:
    """A document: what it says, in the order of its text."""
    del name
    part = _wrong_part(lambda: number("page", 0, LAST_OF_DOCUMENT))
    return part or _dereferenced(_here(), describe_thing, _document_page)


@blueprint.get("/claim/<path:name>")
def claim(name: str) -> Response:
    """A claim: what it states, who says so, where, and in which words."""
    del name
    return _dereferenced(_here(), describe_claim, claim_page)


@blueprint.get("/table/<path:name>")
def table(name: str) -> Response:
    """A table: its file, its rows, the run that made claims of them."""
    del name
    described = (media_type for offer in DATASETS for media_type in offer.media_types)
    wanted = asked_rows(request.args.get("format"), request.headers.get("Accept"), *described, PAGE)
    if wanted:
        return _table_rows(_here(), wanted)
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
            return refuse(HTTPStatus.NOT_FOUND, (absent(iri),)) if body is None else html(body)
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
    """The vocabulary: an index of its terms, each at its own anchor."""
    part = _wrong_part(lambda: number("page", 0, describe.LAST_PAGE))
    return part or _dereferenced(release().minter.graph("ontology"), describe_graph, lambda _: index_page())


@blueprint.get("/ont/<path:name>")
def version(name: str) -> Response:
    """The vocabulary at the address of its version (`owl:versionIRI`), where that is the version of the release."""
    del name
    return _dereferenced(_here(), _version, lambda iri: index_page() if _version(release(), iri) else None)


def _version(served: Release, iri: str) -> Description | None:
    graph = served.minter.graph("ontology")
    named = served.engine.quads(None, NamedNode(_VERSION), NamedNode(iri_ref(iri)[1:-1]), NamedNode(graph))
    return describe_graph(served, graph) if any(True for _ in named) else None


def thing(iri: str) -> Response:
    """What a release says of any IRI, with the claims about it."""
    try:
        asked = asked_part()
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    return _dereferenced(iri, describe_thing, partial(thing_page, asked=asked))


def _wrong_part(read: Callable[[], object]) -> Response | None:
    """The refusal of a part of a page that there cannot be, to those too who ask for the data, which have no parts."""
    try:
        read()
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    return None


@blueprint.before_request
def _of_plain_rdf() -> Response | None:
    """Where there are no claims and no tables, the addresses of things answer with all that any graph says of them."""
    if request.method not in {"GET", "HEAD"} or request.endpoint not in _THINGS or release().has_claims:
        return None
    if request.endpoint != _INDEX or not has_terms(release()):
        return answers.answer(_here())
    return _index_of_plain_rdf()


def _index_of_plain_rdf() -> Response | None:
    """Terms of any origin as data; None for a client that wants the index, which is a page as that of a project is."""
    asked = request.args.get("format")
    if asked == "html" or (not asked and wants_page(DATASETS)):
        return None
    if release().engine.describes(_here()):
        return answers.answer(_here())
    try:
        return index_data(asked)
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _here() -> str:
    """The IRI that the path of the request stands for."""
    return release().base + request.path.removeprefix("/")


def _dereferenced(
    iri: str, describes: Callable[[Release, str], Description | None], page: Callable[[str], str | None]
) -> Response:
    asked = request.args.get("format")
    try:
        style = asked_style()
        if style is not None or asked == "html" or (not asked and wants_page(DATASETS)):
            found = _shown(page, iri) if style is None else cited(iri, style)
            return found or refuse(HTTPStatus.NOT_FOUND, (absent(iri),))
        chosen, media_type = pick(DATASETS, asked)
        told = describes(release(), iri)
        if told is None or not told.quads:
            return refuse(HTTPStatus.NOT_FOUND, (absent(iri),))
        return graph_answer(told.triples, chosen, media_type, told.quads, iri)
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except (QueryError, ValueError):
        # The only part of these queries that comes from outside is the path: it makes no IRI.
        return refuse(HTTPStatus.NOT_FOUND, (absent(None),))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _shown(page: Callable[[str], str | None], iri: str) -> Response | None:
    body = page(iri)
    return None if body is None else html(body)


def _document_page(iri: str) -> str | None:
    view = read_document(release(), iri, number("page", 0, LAST_OF_DOCUMENT), page_language())
    if view is None:
        return thing_page(iri, asked_part())
    head, heard = _head(iri, view.resource), words(page_language(), "facts")
    return render(
        "document.html", view=view.resource, said=view, labels=view.labels, view_iri=iri, head=head, heard=heard
    )


def _table(iri: str, *, exactly: bool = False) -> TableView | None:
    row = number("row", 0, LAST_PAGE) or None
    try:
        asked = read_asked(request.args.items(multi=True), number("page", 0, LAST_PAGE), row)
    except AskedWrongly as error:
        raise ProtocolError(HTTPStatus.BAD_REQUEST, error.problem) from None
    if asked.only or asked.facets:
        may_ask()
    orders: Orders = current_app.extensions[ORDERS]
    return read_table(release(), iri, replace(asked, exactly=exactly), page_language(), orders)


def _table_page(iri: str) -> str | None:
    """The page of a table; what is known of it beside its rows stands on the first."""
    view = _table(iri)
    if view is None:
        return None
    head, heard = _head(iri, view.resource), words(page_language(), "facts")
    return render("table.html", view=view.resource, grid=view, labels=view.labels, view_iri=iri, head=head, heard=heard)


def _head(iri: str, view: ResourceView) -> Head:
    """What the head of the page of a document or a table tells."""
    kinds = {fact.value.value for fact in view.facts if fact.property.value == TYPE.value}
    name = view.labels.get(iri)
    beside = [note.text for note in name.notes] if isinstance(name, Name) else []
    return head_of(About(iri, name, kinds, "" if name is None else ", ".join((name.text, *beside))))


def _table_rows(iri: str, wanted: str) -> Response:
    """What the page shows, as CSV or JSON."""
    try:
        view = _table(iri, exactly=True)
        if view is None:
            return refuse(HTTPStatus.NOT_FOUND, (absent(iri),))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except ValueError:
        return refuse(HTTPStatus.NOT_FOUND, (absent(None),))
    except KgError as error:
        return refuse(status_of(error), error.problems)
    said, served, names = words(page_language()), release(), view.labels

    def name(column: Column) -> str:
        parts = (names[iri].text if iri in names else name_of(served, iri) for iri in column.path)
        return " · ".join(parts)

    if wanted == ROWS:
        return rows_file(write_rows(iri, view, name, further), wanted)
    return rows_file(write_csv(view, said["row"], said["claims"], name, lambda node: name_of(served, node)), wanted)


def _graph_page(iri: str) -> str | None:
    served = release()
    try:
        triples = construct(served.engine, describe.graph(iri, describe.LIMIT * 2 // 5))
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
