"""The addresses of the drawings: `/timeline`, `/targets`, `/partners` and `/sources`."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, request

from kg.errors import KgError, Problem
from server.direction import direction_of
from server.http.problems import status_of
from server.http.protocol import ProtocolError
from server.pages import describe
from server.pages.drawing import partners, sources, targets, timeline
from server.pages.drawing.keeping import DRAWINGS, Drawings
from server.pages.drawing.model.sourcing import MOST
from server.pages.drawing.sayings import Showing
from server.pages.language import words
from server.pages.phrases.naming import Naming
from server.pages.site import html, number, page_language, refuse, release, render

blueprint = Blueprint("drawing", __name__)
_ECHOED: Final = 200
"""Characters of a parameter that an error repeats."""


def drawings() -> tuple[str, ...]:
    """The drawings that have something to draw, by the last step of their addresses."""
    return _kept().present(release())


def _kept() -> Drawings:
    found: Drawings = current_app.extensions[DRAWINGS]
    return found


@blueprint.get("/timeline")
def show_timeline() -> Response:
    """When things happened or are to happen."""
    return _answered(_timeline)


@blueprint.get("/targets")
def show_targets() -> Response:
    """What is to be reached, and from where."""
    return _answered(_targets)


@blueprint.get("/partners")
def show_partners() -> Response:
    """Who takes part in what."""
    return _answered(_partners)


@blueprint.get("/sources")
def show_sources() -> Response:
    """Which documents agree or differ."""
    return _answered(_sources)


def _answered(page: Callable[[Showing, int], str]) -> Response:
    language = page_language()
    try:
        to = Showing(Naming(release(), language), language, mirrored=direction_of(language) == "rtl")
        return html(page(to, number("page", 0, describe.LAST_PAGE)))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _timeline(to: Showing, asked: int) -> str:
    model, chosen = _kept().timeline(release()), request.args.get("of", "")
    if chosen and not any(it.link == chosen for it in model.things):
        told = f"no date is given by the property {chosen[:_ECHOED]!r}"
        hint = "name one of the properties that /timeline lists, by its IRI"
        raise ProtocolError(HTTPStatus.NOT_FOUND, Problem("not-found", told, hint=hint))
    view = timeline.show(model, to, asked, chosen)
    own = words(to.language, "drawing")
    return render("drawing_timeline.html", view=view, own=own, drawn="timeline", drawings=drawings(), most=MOST)


def _targets(to: Showing, asked: int) -> str:
    view = targets.show(_kept().targets(release()), to, asked)
    own = words(to.language, "drawing")
    return render("drawing_targets.html", view=view, own=own, drawn="targets", drawings=drawings(), most=MOST)


def _partners(to: Showing, asked: int) -> str:
    view = partners.show(_kept().partners(release()), to, asked)
    own = words(to.language, "drawing")
    return render("drawing_partners.html", view=view, own=own, drawn="partners", drawings=drawings(), most=MOST)


def _sources(to: Showing, asked: int) -> str:
    view = sources.show(_kept().documents(release()), to, asked)
    own = words(to.language, "drawing")
    return render("drawing_sources.html", view=view, own=own, drawn="sources", drawings=drawings(), most=MOST)
