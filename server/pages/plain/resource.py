"""`/resource?iri=…`: the page of any thing that the release describes, wherever its IRI lives."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from kg.errors import Problem
from server.pages import entity
from server.pages.addresses import RESOURCE, own_path
from server.pages.plain import answers
from server.pages.plain.nodes import is_name
from server.pages.site import refuse, release

blueprint = Blueprint("resource", __name__)

_ECHOED: Final = 200
"""Characters of a parameter that an error repeats."""


@blueprint.get(RESOURCE)
def resource() -> Response:
    """A thing by its IRI; one that has an address of its own here is found there."""
    names = set(request.args.getlist("iri"))
    name = next(iter(names), "")
    if len(names) > 1 or not name:
        what = "several things are named at once" if names > {""} else "nothing is named"
        return _wrong(what, "name one thing, as in /resource?iri=http://example.org/a")
    if not is_name(name):
        return _wrong(f"{name[:_ECHOED]!r} is no absolute IRI", "write its scheme too, and percent-encode it")
    served = release()
    if path := own_path(name, served.base):
        return _moved(path)
    return entity.thing(name) if served.has_claims else answers.answer(name)


def _wrong(what: str, hint: str) -> Response:
    return refuse(HTTPStatus.BAD_REQUEST, (Problem("parameter", what, hint=hint),))


def _moved(path: str) -> Response:
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "iri"]
    place, mark, fragment = path.partition("#")
    to = f"{place}{'?' if kept else ''}{urlencode(kept)}{mark}{fragment}"
    response = redirect(to, HTTPStatus.SEE_OTHER)
    return Response(response.get_data(), response.status_code, response.headers)
