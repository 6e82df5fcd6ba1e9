"""Answers about a node of plain RDF, as data or as a page: files that are served without a project."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from flask import Response, request

from kg.errors import KgError
from server import graph_store
from server.http.problems import status_of
from server.http.protocol import ProtocolError
from server.http.results import DATASETS
from server.pages.citing.showing import asked_style, cited
from server.pages.facts.showing import address_of, asked_part
from server.pages.formats import graph_answer
from server.pages.language import words
from server.pages.plain.nodes import read_node, read_referring, whole
from server.pages.showing import exact
from server.pages.site import html, page_language, pick, refuse, release, render, wants_page
from server.pages.telling import absent


def answer(node: str) -> Response:
    """What the release says of a node, in the format that the client wants; 404 if it says nothing."""
    asked = request.args.get("format")
    try:
        if (style := asked_style()) is not None:
            found = cited(node, style)
        else:
            found = _page(node) if asked == "html" or (not asked and wants_page(DATASETS)) else _data(node, asked)
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except KgError as error:
        return refuse(status_of(error), error.problems)
    if found is None:
        return refuse(HTTPStatus.NOT_FOUND, (absent(node),))
    return found


def _page(node: str) -> Response | None:
    asked, language = asked_part(), page_language()
    if asked.of:
        view = read_referring(release(), node, language, asked.of, asked.page)
    else:
        view = read_node(release(), node, language)
    if view is None:
        return None
    body = render(
        "node.html",
        view=view,
        labels=view.labels,
        heard=words(language, "facts"),
        only=bool(asked.of),
        graph_link=exact(_graph_link),
        shown_of=lambda link: address_of({"of": link}),
        whole_page=address_of({}),
    )
    return html(body)


def _data(node: str, asked: str | None) -> Response | None:
    chosen, media_type = pick(DATASETS, asked)
    found = whole(release().engine, node)
    if found is None:
        return None
    return graph_answer(found.triples, chosen, media_type, found.every)


def _graph_link(iri: str) -> str:
    return f"{graph_store.PATH}?{urlencode([('graph', iri), ('format', 'turtle')])}"
