"""How the page of this request is cited, and what its head tells."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, request

from kg.errors import Problem
from server.http.protocol import ProtocolError
from server.lookup import Label
from server.pages.addresses import RESOURCE, name_of
from server.pages.citing.formats import STYLES, Style
from server.pages.citing.head import Head, place_of
from server.pages.citing.markup import About, thing_markup
from server.pages.citing.reference import reference_to
from server.pages.phrases.naming import name_all
from server.pages.site import page_language, release, root


def head_of(about: About) -> Head:
    """What the page about a thing tells in its head."""
    served = release()
    shown = about.name or Label(name_of(served, about.iri))
    reference = reference_to(served, about.iri, shown, page_language())
    return Head(about.description, thing_markup(served, about, _address()), reference)


def cited(iri: str, style: Style) -> Response | None:
    """The reference to a thing in a format of bibliographies, as a file; None if the release says nothing of it.

    :raises ValueError: if `iri` is no absolute IRI
    """
    served, language = release(), page_language()
    if not (served.engine.about(iri, 1) or served.engine.towards(iri, 1)):
        return None
    name = name_all(served, (iri,), language).get(iri) or Label(name_of(served, iri))
    reference = reference_to(served, iri, name, language)
    response = Response(style.write(reference))
    response.content_type = style.media_type if style.name == "csl" else f"{style.media_type}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{reference.key}.{style.suffix}"'
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language"
    return response


def asked_style() -> Style | None:
    """The format of bibliographies that this request asks for, if any.

    :raises ProtocolError: 400 if there is no such format
    """
    name = request.args.get("cite")
    if not name:
        return None
    for style in STYLES:
        if style.name == name:
            return style
    known = ", ".join(style.name for style in STYLES)
    problem = Problem("parameter", f"a page cannot be cited as {name[:40]!r}", hint=f"ask for one of {known}")
    raise ProtocolError(HTTPStatus.BAD_REQUEST, problem)


def _address() -> str:
    """Where the page of this request is, without its language and what else only shows it in another way."""
    given = [("iri", request.args.get("iri", ""))] if request.path == RESOURCE else []
    return place_of(root(), request.path, given, None).canonical
