"""The application: a factory, so that tests and WSGI servers can make as many as they like."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, jsonify
from werkzeug.exceptions import HTTPException

from kg.errors import KgError, Problem
from server import entity, pages, reconcile, sparql
from server.engine import Engine
from server.engine.pool import Pool, PoolEngine
from server.headers import EVERY, PREFLIGHT
from server.limits import limits_of
from server.problems import status_of
from server.releases import Releases
from server.settings import Settings
from server.site import EXTENSION, refuse, release

_LOG = logging.getLogger(__name__)


def create_app(settings: Settings, open_engine: Callable[[Path], Engine] | None = None) -> Flask:
    """The application that serves the release the settings name.

    `open_engine` makes the engine of strangers' queries from the folder of a store; by default a pool of processes
    within the limits of the settings.

    :raises ReleaseError: if there is no such release
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    app.config["THREADS"] = settings.threads
    app.config["TRUSTED_PROXIES"] = settings.trusted_proxies
    # The front says otherwise, where there is one.
    app.config["FEDERATES"] = False
    app.config["LIMITS"] = limits_of(settings, fronted=False)
    if open_engine is None:
        open_engine = partial(PoolEngine, limits=settings.limits, pool=Pool(settings.limits))
    app.extensions[EXTENSION] = Releases(settings, open_engine)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    for blueprint in (sparql.blueprint, entity.blueprint, pages.blueprint, reconcile.blueprint):
        app.register_blueprint(blueprint)
    app.add_url_rule("/healthz", "healthz", _health, methods=["GET"])
    app.register_error_handler(Exception, _failed)
    app.after_request(_headed)
    return app


def from_environment() -> Flask:
    """The application for any WSGI server, with the settings in `KG_SERVER_SETTINGS`.

    :raises ConfigError: if the variable is absent or wrong
    :raises ReleaseError: if there is no such release
    """
    return create_app(Settings.from_environment())


def _health() -> Response:
    return jsonify(ok=True, release=release().id)


def _headed(response: Response) -> Response:
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
    response = refuse(status, (Problem(status.phrase.lower().replace(" ", "-"), _message(status)),))
    if "Allow" in standard.headers:
        response.headers["Allow"] = standard.headers["Allow"]
    return response


def _message(status: HTTPStatus) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "there is nothing at this address"
    return status.description[:1].lower() + status.description[1:] or status.phrase


def _unforeseen(error: Exception) -> Response:
    _LOG.error("a request failed", exc_info=error)
    problem = Problem("internal", "the server failed on this request", hint="the operator finds the reason in its log")
    return refuse(HTTPStatus.INTERNAL_SERVER_ERROR, (problem,))
