"""The addresses at which crawlers and programs begin, and the typed links of pages."""

from __future__ import annotations

import logging
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, g, request
from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import KgError, Problem
from kg.terms import expand
from server.discovery import signposts
from server.discovery.dataset import dataset_triples
from server.discovery.signposts import Link
from server.discovery.sitemap import Sitemap, map_of
from server.http.headers import REVALIDATED
from server.http.problems import status_of
from server.pages.addresses import RESOURCE, SAFE
from server.pages.site import refuse, release, root

blueprint = Blueprint("discovery", __name__)

_LOG = logging.getLogger(__name__)
_XML: Final = "application/xml"
_THINGS: Final = frozenset({"entity.resource", "entity.claim", "entity.table", "entity.document"})
_ROBOTS: Final = """\
# Answers to queries are for those who ask; what they say stands on the pages as well, and in the file of the dataset.
User-agent: *
Disallow: /sparql?
Disallow: /query?*query=
Disallow: /rdf-graph-store
Disallow: /reconcile
Disallow: /*?*facet=
Disallow: /*?*facet.
Disallow: /*?*is.
Disallow: /*?*during.
Allow: /

Sitemap: {root}sitemap.xml
"""


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Lead to the description of the dataset (RFC 8615; VoID, section 7.2)."""
    return Response(status=HTTPStatus.FOUND, headers={"Location": "/dataset", "Cache-Control": REVALIDATED})


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What crawlers need not ask, and where the map of the site is (RFC 9309)."""
    return Response(_ROBOTS.format(root=root()), content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The files of the map of the site."""
    try:
        return Response(_map().index(), content_type=_XML)
    except KgError as error:
        return refuse(status_of(error), error.problems)


@blueprint.get("/sitemap/<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """One file of it, with the addresses of pages in all languages."""
    try:
        body = _map().file(number)
    except KgError as error:
        return refuse(status_of(error), error.problems)
    if body is None:
        hint = "see /sitemap.xml"
        return refuse(HTTPStatus.NOT_FOUND, (Problem("not-found", "the map has no such part", hint=hint),))
    return Response(body, content_type=_XML)


def _map() -> Sitemap:
    served = release()
    modified = NamedNode(expand("dct:modified"))
    dates = (t.object for t in dataset_triples(served, root()) if t.predicate == modified)
    return _kept_map(served.path, root(), next((date.value for date in dates if isinstance(date, Literal)), ""))


@lru_cache(2)
def _kept_map(folder: Path, address: str, changed: str) -> Sitemap:
    """The map of the release that is served from a folder; of a release nothing ever changes."""
    assert folder == release().path, "the one of this request"
    return map_of(release(), address, changed)


@blueprint.app_context_processor
def _for_pages() -> dict[str, Any]:
    return {"signposts": _signposts}


@blueprint.after_app_request
def _signposted(response: Response) -> Response:
    """The links of the page in its header too, where programs look that read no page."""
    if response.status_code == HTTPStatus.OK and request.method in {"GET", "HEAD"}:
        links = _signposts() if response.mimetype == "text/html" else _of_data()
        for link in links:
            response.headers.add("Link", link.header())
    return response


def _signposts() -> tuple[Link, ...]:
    """The links of the page that this request is answered with, for its head and its header; none of most pages."""
    if "signposts" not in g:
        g.signposts = _links()
    found: tuple[Link, ...] = g.signposts
    return found


def _links() -> tuple[Link, ...]:
    about = request.endpoint == "about.dataset"
    iri = "" if about else _thing()
    triples = _described() if about or iri else ()
    if not triples:
        return ()
    if about:
        return signposts.of_dataset(release(), root(), triples)
    of = signposts.of_document if request.endpoint == "entity.document" else signposts.of_thing
    try:
        return of(release(), root(), _shared(release().path, root()), iri, _address())
    except ValueError:
        return ()


@lru_cache(8)
def _shared(folder: Path, address: str) -> tuple[Link, ...]:
    """What every page of the release in a folder links to, told once."""
    assert folder == release().path, "the one of this request"
    return signposts.of_part(release(), dataset_triples(release(), address))


def _of_data() -> tuple[Link, ...]:
    if request.endpoint == "about.dump":
        triples = _described()
        return signposts.of_file(release(), root(), triples) if triples else ()
    return signposts.of_data(_address()) if request.endpoint == "about.dataset" or _thing() else ()


def _described() -> tuple[Triple, ...]:
    """What the dataset is described by; nothing, which is logged, if that cannot be read.

    A page says what it says without it, that of a failure too; who asks for the description itself is refused.
    """
    try:
        return dataset_triples(release(), root())
    except (OSError, SyntaxError):
        _LOG.warning("the description of the release cannot be read", exc_info=True)
        return ()


def _thing() -> str:
    """The IRI of the thing that the page of this request is about; empty if it is about none."""
    if request.endpoint in _THINGS:
        return release().base + request.path.removeprefix("/")
    iri = request.args.get("iri", "") if request.path == RESOURCE else ""
    return "" if iri.startswith("_:") else iri


def _address() -> str:
    """Where the page of this request is, without its language and format."""
    place = root().removesuffix("/") + quote(request.path, safe=SAFE)
    return f"{place}?{urlencode([('iri', request.args.get('iri', ''))])}" if request.path == RESOURCE else place
