"""What is done to each answer of the pages before it leaves: it may be kept and asked about, and it is compressed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Request, Response

from server.engine.coding import SMALLEST, coded
from server.http.headers import NOT_KEPT, REVALIDATED
from server.http.negotiation import codings

_TEXTS: Final = frozenset(
    f"application/{name}" for name in ("json", "xml", "n-triples", "n-quads", "trig", "javascript", "sparql-query")
)


def finish(response: Response, request: Request) -> None:
    """Let a complete answer be kept and asked about, answer 304 to those who have it, and compress what is sent.

    Each coding of an answer is a representation of its own, with its own strong entity tag (RFC 9110, section 8.8.3.3);
    which one is sent depends on Accept-Encoding, and Vary says so. Errors are not kept. A part that was asked for by
    `Range` is one of the answer as it is.

    :raises RequestedRangeNotSatisfiable: if there is no such part
    """
    accepted: tuple[str, ...] = ()
    if is_text(response.mimetype or "") and "Content-Encoding" not in response.headers:
        response.vary.add("Accept-Encoding")
        if "Range" not in request.headers:
            accepted = codings(request.headers.get("Accept-Encoding", ""))
    whole = response.status_code not in {HTTPStatus.NO_CONTENT, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED}
    if not (accepted and whole and _size(response) >= SMALLEST):
        accepted = ()
    _validate(response, request, accepted[:1])
    if accepted and response.status_code not in {HTTPStatus.NOT_MODIFIED, HTTPStatus.PRECONDITION_FAILED}:
        _compress(response, accepted)


def is_text(media_type: str) -> bool:
    """Whether a body of this type is worth compressing.

    >>> is_text("application/ld+json"), is_text("text/html"), is_text("application/gzip"), is_text("image/svg+xml")
    (True, True, False, True)
    """
    return media_type.startswith("text/") or media_type.endswith(("+json", "+xml")) or media_type in _TEXTS


def _size(response: Response) -> int:
    stated = response.headers.get("Content-Length", type=int)
    return len(response.get_data()) if stated is None else stated


def _validate(response: Response, request: Request, coding: tuple[str, ...]) -> None:
    """`coding` is the one that the answer will have, if any."""
    own = "ETag" in response.headers
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        response.headers["Cache-Control"] = NOT_KEPT
    elif response.status_code == HTTPStatus.OK and request.method in {"GET", "HEAD"}:
        if "Cache-Control" in response.headers and not own:
            return
        response.headers.setdefault("Cache-Control", REVALIDATED)
        response.add_etag()
        tag, _ = response.get_etag()
        if coding:
            response.set_etag(f"{tag}-{coding[0]}")
        response.make_conditional(
            request, accept_ranges=response.direct_passthrough and not coding, complete_length=_size(response)
        )


def _compress(response: Response, accepted: tuple[str, ...]) -> None:
    response.direct_passthrough = False
    body, coding = coded(response.get_data(), accepted)
    response.set_data(body)
    response.headers["Content-Encoding"] = coding
