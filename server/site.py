"""What every page of the site shares: the release, the language, the addresses of things."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Response, current_app, g, render_template, request

from kg.errors import EngineBusy, Problem
from kg.terms import PREFIXES, compress
from server import language as languages
from server.engine import Dataset
from server.lookup import Label
from server.negotiation import choose
from server.problems import problem_object
from server.protocol import ProtocolError
from server.releases import Release, Releases
from server.results import Format, content_type, named

EXTENSION: Final = "zellige-releases"
PAGE: Final = "text/html"
_OFFERS: Final = ("application/problem+json", "application/json", "text/plain", PAGE)


def release() -> Release:
    """The release that this request is answered from: the same one until its answer is complete."""
    if "release" not in g:
        releases: Releases = current_app.extensions[EXTENSION]
        g.release = releases.current()
    found: Release = g.release
    return found


def page_language() -> str:
    """The language of the page that this request is answered with."""
    return languages.choose(request.args.get("lang"), request.headers.get("Accept-Language"))


def local_path(iri: str, base: str) -> str:
    """The address of a thing on this server, where it has one; the IRI itself, where it is a web address.

    >>> local_path("https://w3id.org/zellige/claim/F014#evidence-1", "https://w3id.org/zellige/")
    '/claim/F014#evidence-1'
    >>> local_path("urn:x", "https://w3id.org/zellige/")
    ''
    """
    if iri.startswith(base):
        return "/" + quote(iri[len(base) :], safe="/#:@!$&'()*+,;=~-._")
    return iri if iri.startswith(("https://", "http://")) else ""


def short_name(iri: str, base: str) -> str:
    """What a page shows for an IRI that has no label.

    >>> short_name("https://w3id.org/zellige/id/a", "https://w3id.org/zellige/")
    'id/a'
    >>> short_name("http://www.w3.org/ns/org#Post", "https://w3id.org/zellige/")
    'org:Post'
    """
    short = compress(iri)
    return iri[len(base) :] if short == iri and iri.startswith(base) and iri != base else short


def render(template: str, **values: Any) -> str:
    """A page in the language of the request."""
    language = page_language()
    asked = request.args.get("lang") == language
    served = release()

    def href(iri: str) -> str:
        path = local_path(iri, served.base)
        if not (asked and path.startswith("/")):
            return path
        place, mark, fragment = path.partition("#")
        return f"{place}?lang={language}{mark}{fragment}"

    def switch(to: str) -> str:
        kept = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
        return f"{request.path}?{urlencode([*kept, ('lang', to)])}"

    def listing(iri: str, number: int = 0) -> str:
        given = [("class", iri), *([("page", str(number))] if number else []), *([("lang", language)] if asked else [])]
        return f"/list?{urlencode(given)}"

    title = served.title
    shown = next((tag for tag in languages.order(language) if tag in title), "")
    return render_template(
        template,
        language=language,
        direction=languages.direction(language),
        words=languages.words(language),
        language_names=languages.NAMES,
        site=Label(title.get(shown, "Zellige"), shown),
        release_id=served.id,
        href=href,
        listing=listing,
        result_link=result_link,
        page=lambda path: href(served.base + path),
        switch=switch,
        short=lambda iri: short_name(iri, served.base),
        prefix=PREFIXES,
        zel=PREFIXES["zel"],
        **values,
    )


def result_link(format_name: str, query: str, dataset: Dataset) -> str:
    """The address of the answers to a query in one format.

    >>> result_link("csv", "ASK {}", Dataset())
    '/sparql?query=ASK+%7B%7D&format=csv'
    """
    graphs = [("default-graph-uri", iri) for iri in dataset.default] + [
        ("named-graph-uri", iri) for iri in dataset.named
    ]
    return f"/sparql?{urlencode([('query', query), *graphs, ('format', format_name)])}"


def html(body: str, status: int = 200) -> Response:
    """A page as an answer."""
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = page_language()
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def refuse(status: int, problems: Iterable[Problem]) -> Response:
    """An error as the answer: problem details, plain text or a page, whichever the client prefers."""
    found = tuple(problems)
    # A client that accepts none of these is told all the same: an error that nobody can read helps nobody.
    media_type = choose(request.headers.get("Accept"), _OFFERS) or _OFFERS[0]
    match media_type:
        case "application/problem+json" | "application/json":
            body = json.dumps(problem_object(status, found), ensure_ascii=False, indent=1) + "\n"
            response = Response(body, status, content_type=media_type)
        case "text/plain":
            text = "".join(f"{problem}\n" for problem in found)
            response = Response(text, status, content_type="text/plain; charset=utf-8")
        case "text/html":
            response = html(render("problem.html", status=status, problems=found), status)
        case _:
            raise ValueError(media_type)
    response.headers["Vary"] = "Accept, Accept-Language"
    if any(problem.code == EngineBusy.code for problem in found):
        response.headers["Retry-After"] = "1"
    return response


def wants_page(offers: Sequence[Format]) -> bool:
    """Whether the client likes a page better than the formats offered; a program that names no type does not."""
    accepted = [media_type for offer in offers for media_type in offer.media_types]
    return choose(request.headers.get("Accept"), [*accepted, PAGE]) == PAGE


def pick(offers: tuple[Format, ...], asked: str | None) -> tuple[Format, str]:
    """The format of an answer and the media type to state for it; `asked` is what `?format=` says.

    :raises ProtocolError: 406 if the client accepts none of the formats offered
    """
    listed = ", ".join(offer.name for offer in offers)
    if asked:
        found = named(asked, offers)
        if found is None:
            problem = Problem("not-acceptable", f"no format {asked!r} for this answer", hint=f"one of {listed}")
            raise ProtocolError(HTTPStatus.NOT_ACCEPTABLE, problem)
        return found, found.media_type
    by_type: dict[str, Format] = {}
    for offer in offers:
        for media_type in offer.media_types:
            by_type.setdefault(media_type, offer)
    chosen = choose(request.headers.get("Accept"), tuple(by_type))
    if chosen is None:
        problem = Problem("not-acceptable", "none of the accepted formats fits this answer", hint=f"one of {listed}")
        raise ProtocolError(HTTPStatus.NOT_ACCEPTABLE, problem)
    return by_type[chosen], chosen


def data(body: bytes, media_type: str) -> Response:
    """A complete, serialised answer."""
    response = Response(body, content_type=content_type(media_type))
    response.headers["Vary"] = "Accept"
    return response
