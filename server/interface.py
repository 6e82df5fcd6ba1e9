"""`/openapi.json`: the interface of the server, for those who write clients and for the tools that test it."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, request

from kg.terms import choose_language
from server.engine.coding import coded
from server.http.headers import REVALIDATED
from server.http.negotiation import codings
from server.openapi import ADDRESS, LINK, document
from server.pages.language import order
from server.pages.site import release

blueprint = Blueprint("interface", __name__)

_ENTRANCES: Final = frozenset({"/", "/sparql", "/sparql/", "/dataset", "/healthz"})


@blueprint.get(ADDRESS)
def openapi() -> Response:
    """The OpenAPI document; the same bytes for as long as the release is served."""
    served = release()
    title = served.title.get(choose_language(served.title, order("en")) or "", "Zellige")
    root = current_app.config["PUBLIC_URL"].rstrip("/") + "/"
    body, coding, etag = _written((title, served.id, root), codings(request.headers.get("Accept-Encoding", "")))
    response = Response(body, content_type="application/json")
    if coding:
        response.headers["Content-Encoding"] = coding
    response.headers["Cache-Control"] = REVALIDATED
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(etag)
    response.make_conditional(request)
    return response


@blueprint.after_app_request
def _led(response: Response) -> Response:
    """Lead to the document from where a client looks first."""
    if request.path in _ENTRANCES and response.status_code == HTTPStatus.OK:
        response.headers.add("Link", LINK)
    return response


@lru_cache(16)
def _written(told: tuple[str, str, str], accepted: tuple[str, ...]) -> tuple[bytes, str, str]:
    """The document in bytes, its content coding and its entity tag."""
    text = json.dumps(document(*told), ensure_ascii=False, indent=1) + "\n"
    body, coding = coded(text.encode(), accepted)
    return body, coding, hashlib.sha256(body).hexdigest()[:32]
