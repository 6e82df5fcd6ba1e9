"""The addresses of the vocabulary's pages: `/ont` and its versions as an index, and `/term` for each term."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, request
from pyoxigraph import Quad

from kg.errors import AnswerTooLarge, KgError, Problem
from kg.terms import ZEL
from server.http.problems import status_of
from server.http.protocol import ProtocolError
from server.http.results import DATASETS
from server.pages import describe
from server.pages.addresses import RESOURCE, SAFE, TERM, own_path, term_path
from server.pages.formats import graph_answer
from server.pages.language import words
from server.pages.plain.nodes import describe_node, is_name
from server.pages.site import html, number, page_language, pick, refuse, release, render, wants_page
from server.pages.statements import LARGEST
from server.pages.telling import InWords, in_words
from server.pages.vocabulary.index import read_index
from server.pages.vocabulary.keeping import VOCABULARY, Kept
from server.pages.vocabulary.kinds import is_term
from server.pages.vocabulary.term import read_term
from server.pages.vocabulary.uses import Question
from server.releases import Release

blueprint = Blueprint("vocabulary", __name__)

_ECHOED: Final = 200
"""Characters of a parameter that an error repeats."""


@dataclass(frozen=True, slots=True)
class Ways:
    """Addresses that the pages of the vocabulary lead to, without the slash that they begin with."""

    served: Release

    def term(self, iri: str) -> str:
        """The page of a term."""
        return term_path(self.served, iri)[1:]

    def index(self, anchor: str, page: int = 0) -> str:
        """A place in the index."""
        return f"ont{f'?page={page}' if page else ''}#{quote(anchor, safe=SAFE)}"

    def asked(self, question: Question) -> str:
        """The answers to a query."""
        view = [] if question.view is None else [("view", question.view)]
        return f"query?{urlencode([('query', question.text), *view])}"

    def said(self, iri: str) -> str:
        """The page of all that is said of a thing."""
        return (own_path(iri, self.served.base) or f"{RESOURCE}?{urlencode([('iri', iri)])}")[1:]


def kept() -> Kept:
    """What the application keeps of its vocabulary."""
    found: Kept = current_app.extensions[VOCABULARY]
    return found


def index_page() -> str | None:
    """The index, a page of it; None where the release describes no term.

    :raises ProtocolError: 400 if the page is named by no number, 404 if it is beyond the last one
    """
    language, page = page_language(), number("page", 0, describe.LAST_PAGE)
    view = read_index(kept(), release(), language, page)
    if view is None and page:
        raise ProtocolError(HTTPStatus.NOT_FOUND, in_words("not-found", "beyond"))
    if view is None:
        return None
    return render("ontology.html", view=view, own=words(language, "vocabulary"), ways=Ways(release()))


def index_data(asked: str | None) -> Response:
    """What the release says of its terms, where they have no graph of their own.

    :raises ProtocolError: 400 if there is no such page, 406 if no format suits the client
    :raises AnswerTooLarge: if there are more statements than one description has
    """
    number("page", 0, describe.LAST_PAGE)
    chosen, media_type = pick(DATASETS, asked)
    vocabulary = kept().vocabulary(release())
    quads: set[Quad] = set()
    for iri in (*(header.iri for header in vocabulary.headers), *vocabulary.entries):
        found = describe_node(release().engine, iri, describe.COUNTED, 0)
        quads.update(() if found is None else found.every)
        if len(quads) > LARGEST:
            raise AnswerTooLarge(f"the vocabulary has more than {LARGEST:,} statements", hint="ask /sparql for a part")
    stated = sorted(quads, key=str)
    return graph_answer(sorted({quad.triple for quad in stated}, key=str), chosen, media_type, stated)


@blueprint.get(f"{TERM}/<path:name>")
def own(name: str) -> Response:
    """A term of the vocabulary by its name: of the project's own, else of the shipped one."""
    homes = (f"{release().base}ont#", ZEL)
    iris = [home + name for home in homes if is_name(home + name)]
    iri = next((iri for iri in iris if is_term(release(), iri)), None)
    return refuse(HTTPStatus.NOT_FOUND, (_absent(next(iter(iris), None)),)) if iri is None else _term(iri)


@blueprint.get(TERM)
def any_other() -> Response:
    """A term of any namespace by its IRI."""
    iris = set(request.args.getlist("iri"))
    iri = next(iter(iris), "")
    if len(iris) != 1 or not is_name(iri) or iri.startswith("_:"):
        told = f"{iri[:_ECHOED]!r} is no absolute IRI" if len(iris) == 1 else "one term is to be named"
        hint = "name one term, as in /term?iri=http://xmlns.com/foaf/0.1/Person"
        return refuse(HTTPStatus.BAD_REQUEST, (Problem("parameter", told, hint=hint),))
    if not is_term(release(), iri):
        return refuse(HTTPStatus.NOT_FOUND, (_absent(iri),))
    return _term(iri)


def _absent(iri: str | None) -> Problem:
    message = "the vocabulary of this release has no such term"
    if iri is None:
        return Problem("not-found", message)
    return InWords("not-found", message, iri=iri, key="no_term", words=iri)


def _term(iri: str) -> Response:
    asked = request.args.get("format")
    try:
        if asked == "html" or (not asked and wants_page(DATASETS)):
            return html(_page(iri))
        chosen, media_type = pick(DATASETS, asked)
        found = describe_node(release().engine, iri, describe.COUNTED, 0)
        if found is None:
            return refuse(HTTPStatus.NOT_FOUND, (_absent(iri),))
        return graph_answer(found.triples, chosen, media_type, found.every, iri)
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _page(iri: str) -> str:
    language = page_language()
    view = read_term(kept(), release(), iri, language)
    if view is None:  # the vocabulary has more terms than are read
        raise ProtocolError(HTTPStatus.NOT_FOUND, _absent(iri))
    return render(
        "term.html",
        view=view,
        own=words(language, "vocabulary"),
        meant=words(language, "terms"),
        labels=view.labels,
        ways=Ways(release()),
    )
