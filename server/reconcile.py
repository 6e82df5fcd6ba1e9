"""`/reconcile`: the Reconciliation Service API, version 0.2; the draft of version 1.0 at `/reconcile/draft`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, redirect, request

from kg.errors import KgError, Problem
from kg.terms import ZEL
from server.http.problems import status_of
from server.http.protocol import FORM, ProtocolError, parse_form
from server.lookup import Label, labels
from server.pages import language as tongues
from server.pages.addresses import address_of
from server.pages.site import page_language, refuse, release, render, root
from server.reconciliation import objects
from server.reconciliation.catalogue import Thing, best_label, vocable_iri
from server.reconciliation.keeper import Keeper
from server.reconciliation.protocol import TEXT, read_batch, read_draft_batch, read_extension, refused
from server.reconciliation.service import Service, suggest_vocables

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.sansio.blueprints import BlueprintSetupState

blueprint = Blueprint("reconcile", __name__)

_KEEPER: Final = "zellige-reconciliation"
_JSON: Final = "application/json"
_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]{0,99}(?:\.[A-Za-z_$][\w$]{0,99}){0,5}", re.ASCII)
_SUGGESTIONS: Final = 20
_LAST: Final = 10_000
_FRAMED: Final = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
_SHOWN: Final = 12


@blueprint.record_once
def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions[_KEEPER] = Keeper()


def _answered(view: Callable[..., Response]) -> Callable[..., Response]:
    """A view whose errors are told as everywhere else."""

    @wraps(view)
    def answer(**given: str) -> Response:
        try:
            return view(**given)
        except ProtocolError as error:
            return refuse(error.status, (error.problem,))
        except KgError as error:
            return refuse(status_of(error), error.problems)

    return answer


@blueprint.route("/reconcile", methods=["GET", "POST"])
@blueprint.route("/reconcile/", methods=["GET", "POST"])
@_answered
def endpoint() -> Response:
    """Version 0.2: the manifest, a batch of queries, or a data extension."""
    given = _parameters()
    if "queries" in given and "extend" in given:
        raise refused("the request has both 'queries' and 'extend'", "send two requests")
    if "queries" in given:
        service, languages = _service(), _languages(given)
        batch = read_batch(given["queries"])
        found = service.candidates(tuple(batch.values()), languages)
        results = {
            name: {"result": [objects.candidate_object(c, service.catalogue, languages) for c in candidates]}
            for name, candidates in zip(batch, found, strict=True)
        }
        return _json(results, given)
    if "extend" in given:
        return _json(_extended(given["extend"], given, draft=False), given)
    if request.method == "POST":
        raise refused("the form has neither 'queries' nor 'extend'")
    return _json(objects.manifest(_root(), _title(), page_language(), _service().catalogue, ZEL), given)


@blueprint.get("/reconcile/draft")
@blueprint.get("/reconcile/draft/")
@_answered
def draft() -> Response:
    """The manifest of the draft of version 1.0."""
    return _json(objects.draft_manifest(f"{_root()}/draft", _title(), page_language(), _service().catalogue))


@blueprint.post("/reconcile/draft/reconcile")
@_answered
def draft_batch() -> Response:
    """A batch of queries of the draft of version 1.0."""
    service, languages = _service(), _languages({})
    found = service.candidates(read_draft_batch(_body()), languages)
    listed = [
        {"candidates": [objects.candidate_object(c, service.catalogue, languages) for c in candidates]}
        for candidates in found
    ]
    return _json({"results": listed})


@blueprint.post("/reconcile/draft/extend")
@_answered
def draft_extension() -> Response:
    """A data extension of the draft of version 1.0."""
    return _json(_extended(_body(), {}, draft=True))


@blueprint.get("/reconcile/suggest/<kind>")
@blueprint.get("/reconcile/draft/suggest/<kind>")
@_answered
def suggest(kind: str) -> Response:
    """Things, types or properties for a name half typed."""
    given = _parameters()
    prefix, skip = given.get("prefix", ""), _number(given.get("cursor"), "cursor", 0)
    if len(prefix) > TEXT:
        raise refused(f"the prefix has {len(prefix)} characters, where {TEXT} are allowed")
    service, languages = _service(), _languages(given)
    catalogue = service.catalogue
    match kind:
        case "entity":
            found = service.suggest(prefix, _SUGGESTIONS, skip, languages)
            listed = [
                {
                    **objects.thing_object(thing, label, catalogue, languages),
                    "notable": [objects.kind_object(iri, catalogue, languages) for iri in thing.types],
                }
                for thing, label in found
            ]
        case "type" | "property":
            vocables = catalogue.types if kind == "type" else catalogue.properties
            named = suggest_vocables(vocables.values(), prefix, _SUGGESTIONS, skip, languages)
            listed = [objects.named(vocable.identifier, label) for vocable, label in named]
        case _:
            raise ProtocolError(HTTPStatus.NOT_FOUND, Problem("not-found", f"nothing is suggested for {kind!r}"))
    return _json({"result": listed}, given)


@blueprint.get("/reconcile/extend/propose")
@blueprint.get("/reconcile/draft/extend/propose")
@_answered
def propose() -> Response:
    """Properties that the things of a type have; without a type, all that are in use."""
    given = _parameters()
    catalogue, languages = _service().catalogue, _languages(given)
    kind = given.get("type", "")
    iris: Sequence[str] = tuple(catalogue.properties)
    if kind:
        wanted = vocable_iri(kind)
        below = [iri for iri in catalogue.types if wanted in catalogue.lineage.get(iri, ())]
        iris = tuple(dict.fromkeys(iri for one in below for iri in catalogue.proposals.get(one, ())))
    limit = _number(given.get("limit"), "limit", len(iris))
    vocables = [catalogue.properties[iri] for iri in iris[:limit] if iri in catalogue.properties]
    listed = [objects.named(v.identifier, best_label(v.labels, languages, v.identifier)) for v in vocables]
    answer: dict[str, Any] = {"properties": listed, **({"limit": limit} if "limit" in given else {})}
    return _json({**answer, **({"type": kind} if kind else {})}, given)


@blueprint.get("/reconcile/view")
@blueprint.get("/reconcile/draft/view")
@_answered
def view() -> Response:
    """Sends on to the page of a thing."""
    iri = _found().iri
    response = redirect(address_of(release(), iri) or "/", HTTPStatus.SEE_OTHER)
    return Response(response.get_data(), response.status_code, response.headers)


@blueprint.get("/reconcile/preview")
@blueprint.get("/reconcile/draft/preview")
@_answered
def preview() -> Response:
    """A small page on a thing, to be shown in a frame of any site."""
    thing, served = _found(), release()
    facts = _service().facts(thing)[:_SHOWN]
    shown = {iri for link, term in facts for iri in (link, term.value if term.kind == "iri" else link)}
    names = labels(served.engine, served.base, {thing.iri, *shown, *thing.types}, tongues.order(page_language()))
    body = render("preview.html", thing=thing, facts=facts, labels=names)
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _FRAMED
    response.headers["Content-Language"] = page_language()
    response.headers["Vary"] = "Accept-Language"
    return response


def _found() -> Thing:
    identifier = request.args.get("id", "")
    catalogue = _service().catalogue
    number = catalogue.find(identifier)
    if number is None:
        shown = identifier[:100]
        raise ProtocolError(HTTPStatus.NOT_FOUND, Problem("not-found", f"this release names nothing {shown!r}"))
    return catalogue.things[number]


def _extended(text: str, given: dict[str, str], *, draft: bool) -> objects.Object:
    service, languages = _service(), _languages(given)
    extension = read_extension(text)
    rows = service.extend(extension)
    return objects.extension_object(extension, rows, service.catalogue, languages, draft=draft)


def _title() -> Label:
    """The name of the service: the title of the graph in the best language there is."""
    titles = [Label(text, language) for language, text in release().title.items()]
    return best_label(titles, tongues.order(page_language()), "Zellige")


def _service() -> Service:
    keeper: Keeper = current_app.extensions[_KEEPER]
    return keeper.service(release())


def _languages(given: dict[str, str]) -> tuple[str, ...]:
    """The order of languages for names; a form may state its language too."""
    return tongues.order(tongues.choose(given.get("lang"), request.headers.get("Accept-Language")))


def _parameters() -> dict[str, str]:
    """The parameters of the address and of a form; the first of each name counts.

    :raises ProtocolError: 400 if they cannot be decoded, 415 if the body is no form
    """
    pairs = parse_form(request.query_string)
    if request.method == "POST":
        media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type == "multipart/form-data":
            pairs += tuple((name, value) for name, value in request.form.items() if isinstance(value, str))
        elif media_type == FORM:
            pairs += parse_form(request.get_data())
        else:
            raise refused(
                f"the media type {media_type!r} is no form", f"send {FORM}", HTTPStatus.UNSUPPORTED_MEDIA_TYPE
            )
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def _body() -> str:
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != _JSON:
        raise refused(f"the media type {media_type!r} is not JSON", f"send {_JSON}", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise refused(f"the body is not UTF-8: byte {error.start}") from None


def _number(text: str | None, name: str, otherwise: int) -> int:
    if not text:
        return otherwise
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(_LAST)):
        raise refused(f"the {name} {text[:40]!r} is no number from 0 to {_LAST}")
    return min(int(text), _LAST)


def _root() -> str:
    return f"{root()}reconcile"


def _json(value: object, given: dict[str, str] | None = None) -> Response:
    """An answer in JSON, or as a call of the function that the client names (JSONP, version 0.2)."""
    text = json.dumps(value, ensure_ascii=False)
    callback = (given or {}).get("callback")
    if callback is not None and request.method == "GET":
        if not _CALLBACK.fullmatch(callback):
            raise refused("the callback is no name of a function")
        # The comment keeps the first bytes of the answer out of the client's hands; the two separators end a line of
        # a script, though not of JSON.
        script = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        response = Response(f"/**/{callback}({script});\n", content_type="text/javascript; charset=utf-8")
    else:
        response = Response(text + "\n", content_type=_JSON)
    response.headers["Vary"] = "Accept-Language"
    return response
