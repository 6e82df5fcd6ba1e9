"""`/sparql`: the SPARQL 1.1 Protocol for queries, and the service description."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, current_app, request

from kg.errors import KgError, QueryError
from server.discovery.service import Service, describe_service
from server.engine.inprocess import request_of
from server.engine.told.warnings import HEADER, header
from server.http.headers import PREFIXES
from server.http.mistakes import EVERYWHERE, checked, explained, filled, still_wrong
from server.http.problems import status_of
from server.http.protocol import Operation, ProtocolError, parse_form, read_operation
from server.http.results import DATASETS, EXPLANATIONS, TABLES, offered
from server.http.views import placed, view_headers
from server.pages.formats import graph_answer
from server.pages.querying.asked import Asked
from server.pages.querying.page import query_page
from server.pages.site import data, pick, refuse, release, root, wants_page

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"])
@blueprint.route("/sparql/", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, or describe the service to a GET that brings none."""
    try:
        operation = read_operation(
            request.method, request.query_string, request.headers.get("Content-Type", ""), request.get_data()
        )
        return _description() if operation is None else _evaluated(operation)
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _evaluated(operation: Operation) -> Response:
    if operation.format is None and wants_page((*TABLES, *DATASETS)):
        return query_page(
            Asked(operation.query, operation.dataset, explain=operation.explain, collation=operation.collation)
        )
    base = release().base
    try:
        return _answered(operation)
    except QueryError as error:
        fills = current_app.config["FILL_PREFIXES"] == EVERYWHERE
        again = filled(error, operation.query, release().prefixes) if fills else None
        if again is None:
            raise explained(error, operation.query, base) from None
    try:
        response = _answered(replace(operation, query=again.text))
    except QueryError as error:
        raise still_wrong(error, operation.query, base) from None
    response.headers[PREFIXES] = again.header
    return response


def _answered(operation: Operation) -> Response:
    operation = placed(operation, release())
    query = checked(operation.query, release().base, release().engine)
    chosen, media_type = pick(EXPLANATIONS if operation.explain else offered(query.form), operation.format)
    request = request_of(query, operation.dataset, chosen.media_type, without=release().without)
    request = replace(request, explain=operation.explain, collation=operation.collation)
    body, warnings = release().strangers.told(request, timeout=operation.timeout)
    answer = data(body, media_type)
    for name, value in view_headers(operation.dataset, release()):
        answer.headers[name] = value
    if warnings:
        answer.headers[HEADER] = header(warnings)
    return answer


def _description() -> Response:
    asked = dict(parse_form(request.query_string)).get("format")
    if not asked and wants_page(DATASETS):
        return query_page(Asked(""))
    chosen, media_type = pick(DATASETS, asked)
    service = Service(root(), current_app.config["LIMITS"], current_app.config["FEDERATES"])
    return graph_answer(describe_service(service, release()), chosen, media_type)
