"""The application: a factory, so that tests and WSGI servers can make as many as they like."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Flask, Response, jsonify, request, send_from_directory
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, PreconditionFailed, RequestedRangeNotSatisfiable

from kg.errors import KgError, Problem
from kg.sparql.language import parse
from server import interface, reconcile, sparql
from server.discovery import views as discovery
from server.engine import Engine
from server.engine.health import Health
from server.engine.pool import Pool, PoolEngine
from server.http.codes import code_of
from server.http.finishing import finish
from server.http.headers import EVERY, NOT_KEPT, PREFLIGHT
from server.http.operation import ALIVE, LIVE
from server.http.problems import UNFORESEEN, status_of
from server.http.protocol import ProtocolError, check_coding
from server.limits import limits_of
from server.pages import about, entity
from server.pages import home as pages
from server.pages.classes import routes as classes
from server.pages.classes.reading import CLASSES, Pictured
from server.pages.drawing import routes as drawing
from server.pages.drawing.keeping import DRAWINGS, Drawings
from server.pages.language import shipped, speak, with_those_of
from server.pages.listing import COUNTS, Counts
from server.pages.opening.view import OPENINGS, Openings
from server.pages.phrases.dates import date_in_words
from server.pages.plain import resource
from server.pages.querying import cells
from server.pages.querying import page as querying
from server.pages.querying.known import ANSWERS, AnswersKept
from server.pages.sharing.links import LINKS, LinksKept
from server.pages.sharing.templates import compiled
from server.pages.showing import as_given, shown
from server.pages.site import EXTENSION, refuse, release
from server.pages.tables.ordering import ORDERS, Orders
from server.pages.vocabulary import routes as vocabulary
from server.pages.vocabulary.keeping import VOCABULARY, Kept
from server.releases import Releases
from server.search import routes as searching
from server.settings import Settings

_LOG = logging.getLogger(__name__)
_STATIC: Final = Path(__file__).parent / "static"
_TEMPLATES: Final = "pages/templates"
_COLLECTED: Final = (2_000, 10, 20)
"""After how many new objects Python looks for cycles, and after how many such times in older ones. A page leaves some
hundreds in cycles (a template and its macros): with many more at a time, one page in fifty pays for all the others."""
_TOLD: Final = ("Allow", "Content-Range")
"""What HTTP demands of an error (RFC 9110, sections 15.5.6 and 15.5.17)."""


def create_app(settings: Settings, open_engine: Callable[[Path], Engine] | None = None) -> Flask:
    """The application that serves the release the settings name.

    `open_engine` makes the engine of strangers' queries from the folder of a store; by default a pool of processes
    within the limits of the settings.

    :raises ReleaseError: if there is no such release
    :raises ConfigError: if a catalogue of words cannot be used
    """
    app = Flask(__name__, template_folder=_TEMPLATES, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    app.config["THREADS"] = settings.threads
    app.config.update(settings.told)
    # The front says otherwise, where there is one.
    app.config["FEDERATES"] = False
    app.config["LIMITS"] = limits_of(settings, fronted=False)
    if open_engine is None:
        open_engine = partial(PoolEngine, limits=settings.limits, pool=Pool(settings.limits))
    app.extensions[EXTENSION] = Releases(settings, open_engine)
    app.extensions[COUNTS] = Counts()
    app.extensions[VOCABULARY] = Kept()
    app.extensions[OPENINGS] = Openings()
    app.extensions[ORDERS] = Orders()
    app.extensions[DRAWINGS] = Drawings()
    app.extensions[CLASSES] = Pictured()
    app.extensions[LINKS] = LinksKept()
    app.extensions[ANSWERS] = AnswersKept()
    _dress(app)
    named = (sparql, entity, resource, vocabulary, about, pages, querying, reconcile, discovery, interface, searching)
    for part in (*named, drawing, classes, cells):
        app.register_blueprint(part.blueprint)
    # An IRI with two slashes names something else than with one; and a redirection would have to name our host.
    app.url_map.merge_slashes = False
    app.add_url_rule("/static/<path:filename>", "static", _static, methods=["GET"])
    app.add_url_rule("/favicon.ico", "favicon", _favicon, methods=["GET"])
    app.add_url_rule("/healthz", "healthz", partial(_health, Health()), methods=["GET"])
    app.add_url_rule(LIVE, "livez", _live, methods=["GET"])
    site = with_those_of(Path(settings.locale)) if settings.locale else None
    app.before_request(partial(speak, site))
    app.before_request(_check_body)
    app.register_error_handler(Exception, _failed)
    app.after_request(_headed)
    app.teardown_request(lambda _: speak(None))
    return app


def _dress(app: Flask) -> None:
    """How templates are read, and what they may use."""
    # A name that no view gives is a fault, not an empty place on a page.
    strict = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "finalize": shown}
    app.jinja_options = {**app.jinja_options, **strict, "bytecode_cache": compiled()}
    app.add_template_filter(as_given)


@cache
def prepare() -> None:
    """Do what any application of this process does once, before somebody waits for it: read the words of the program
    and how its languages write dates, compile the templates of its pages and the patterns that queries are read by.
    """
    for language in shipped():
        date_in_words("2026-01-31", language)
    parse("ASK {}")
    app = Flask(__name__, template_folder=_TEMPLATES, static_folder=None)
    _dress(app)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    # What is here stays: Python need not look through all of it for cycles, nor begin with what a page is made of.
    gc.freeze()
    gc.set_threshold(*_COLLECTED)


def from_environment() -> Flask:
    """The application for any WSGI server, with the settings in `KG_SERVER_SETTINGS`.

    :raises ConfigError: if the variable is absent or wrong
    :raises ReleaseError: if there is no such release
    """
    return create_app(Settings.from_environment())


def _health(health: Health) -> Response:
    """Whether queries are answered: for who sends clients here."""
    served = release()
    failure = health.failure(served.path / "store", served.strangers)
    if failure is None:
        response = jsonify(ok=True, release=served.id)
    else:
        problem = Problem("unhealthy", "queries are not answered", hint=UNFORESEEN.hint)
        response = refuse(HTTPStatus.SERVICE_UNAVAILABLE, (problem,))
    response.headers["Cache-Control"] = NOT_KEPT
    return response


def _live() -> Response:
    """That the process answers: for who starts it again otherwise."""
    return Response(ALIVE, content_type="application/json", headers={"Cache-Control": NOT_KEPT})


def _check_body() -> Response | None:
    try:
        if request.method == "POST" and request.url_rule is not None:
            check_coding(request.headers.get("Content-Encoding", ""))
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    return None


def _static(filename: str) -> Response:
    # What is asked about a file is answered in one place with all else, `finish`, which knows its coding.
    return send_from_directory(_STATIC, filename, conditional=False)


def _favicon() -> Response:
    return _static("favicon.ico")


def _headed(response: Response) -> Response:
    try:
        finish(response, request)
    except RequestedRangeNotSatisfiable as error:
        response.close()
        response = _refused(error)
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        response.close()
        response = _refused(PreconditionFailed())  # Flask's own has nothing to read
    response.headers.remove("Date")  # the server states it
    for name, value in EVERY:
        response.headers.setdefault(name, value)
    if "Allow" in response.headers:
        for name, value in PREFLIGHT:
            response.headers.setdefault(name, value)
    return response


def _failed(error: Exception) -> Response:
    """Every error that no route has answered; what nobody foresaw is logged and told without its details."""
    match error:
        case HTTPException():
            return _refused(error)
        case KgError():
            return refuse(status_of(error), error.problems)
    return _unforeseen(error)


def _refused(error: HTTPException) -> Response:
    standard = error.get_response()
    if standard.status_code < HTTPStatus.BAD_REQUEST:
        return Response(standard.get_data(), standard.status_code, standard.headers)
    status = HTTPStatus(standard.status_code)
    response = refuse(status, (Problem(code_of(status), _message(status)),))
    for name in _TOLD:
        if name in standard.headers:
            response.headers[name] = standard.headers[name]
    return response


def _message(status: HTTPStatus) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "there is nothing at this address"
    return status.description[:1].lower() + status.description[1:] or status.phrase


def _unforeseen(error: Exception) -> Response:
    _LOG.error("a request failed", exc_info=error)
    return refuse(HTTPStatus.INTERNAL_SERVER_ERROR, (UNFORESEEN,))
