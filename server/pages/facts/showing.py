"""The pages of things and of claims, for this request."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import request

from kg.errors import Problem
from kg.terms import ZEL, expand
from server.http.protocol import ProtocolError
from server.lookup import Label, iri_ref
from server.pages.addresses import query_string
from server.pages.citing.markup import About
from server.pages.citing.showing import head_of
from server.pages.evidence import ClaimView
from server.pages.facts import incoming, matrix
from server.pages.facts.claim import LAST_PAGE, read_claim
from server.pages.facts.page import read_thing
from server.pages.facts.summary import summary
from server.pages.language import order, words
from server.pages.site import number, page_language, release, render

_OF_VIEW = frozenset({"show", "facts", "of", "page", "format", "cite"})
_DESCRIBED = tuple(map(expand, ("skos:definition", "dct:description", "schema:description", "rdfs:comment")))


def thing_page(iri: str, asked: matrix.Asked) -> str | None:
    """The part of the page of a thing that is asked for; None if the release says nothing of it.

    :raises ValueError: if `iri` is no absolute IRI
    """
    language = page_language()
    view = read_thing(release(), iri, language, asked)
    if view is None:
        return None
    described = _described(iri) or summary(view, language)
    head = head_of(About(iri, view.labels.get(iri), view.kinds, described, view.items))
    return render(
        "thing.html",
        view=view,
        view_iri=iri,
        labels=view.labels,
        heard=words(language, "facts"),
        head=head,
        only=bool(asked.of),
        shown=lambda name: address_of({"show": name} if name != matrix.SHOWS[0] else {}),
        shown_of=lambda link: address_of({"of": link}),
        whole_page=address_of({}),
    )


def claim_page(iri: str) -> str | None:
    """The page of a claim; None if there is none of this name.

    :raises ProtocolError: 400 for a page of it that there cannot be
    :raises ValueError: if `iri` is no absolute IRI
    """
    language = page_language()
    view = read_claim(release(), iri, language, number("page", 0, LAST_PAGE))
    if view is None:
        return None
    name = view.labels.get(iri)
    described = "" if name is None else name.text
    about = About(iri, name, (expand("zel:Claim"),), described, more=_of_claim(view.claim, view.labels))
    return render(
        "claim.html", view=view, view_iri=iri, labels=view.labels, heard=words(language, "facts"), head=head_of(about)
    )


def _of_claim(claim: ClaimView, labels: Mapping[str, Label]) -> Mapping[str, Any]:
    """What schema.org has of a claim: its words, and where they stand."""
    documents = (quote.document for quote in claim.quotes if quote.document)
    stated = (term.value for term in claim.metadata.get(f"{ZEL}statedIn", ()) if term.kind == "iri")
    document = next(documents, "") or next(stated, "")
    title = labels[document].text if document in labels else ""
    work = {"@type": "CreativeWork", "@id": document, **({"name": title} if title else {})}
    quote = next((quote for quote in claim.quotes if quote.text is not None), None)
    said = {"@value": quote.text, "@language": quote.language} if quote and quote.language else quote and quote.text
    return {"identifier": claim.identifier, "appearance": work if document else "", "text": said or ""}


def _described(iri: str) -> str:
    """What the release says of a thing in a text, in the first language of the reader."""
    for link in _DESCRIBED:
        texts: dict[str, str] = {}
        for quad in sorted(release().engine.values(iri, link), key=str):
            texts.setdefault(getattr(quad.object, "language", None) or "", str(getattr(quad.object, "value", "")))
        tag = next((tag for tag in (*order(page_language()), "") if tag in texts), None)
        if tag is not None:
            return texts[tag]
    return ""


def asked_part() -> matrix.Asked:
    """Which part of the page this request asks for.

    :raises ProtocolError: 400 if there can be no such part
    """
    show = request.args.get("show") or matrix.SHOWS[0]
    if show not in matrix.SHOWS:
        _wrong(f"{show[:40]!r} are no claims to show", f"show one of {', '.join(matrix.SHOWS)}")
    of = request.args.get("of", "")
    try:
        of = iri_ref(of)[1:-1] if of else ""
    except ValueError:
        _wrong(f"{of[:40]!r} is no property", "name it by its absolute IRI")
    page = number("page", 0, incoming.LAST_PAGE)
    return matrix.Asked(show, number("facts", 0, matrix.LAST_PAGE), of, page if of else 0)


def _wrong(what: str, hint: str) -> None:
    raise ProtocolError(HTTPStatus.BAD_REQUEST, Problem("parameter", what, hint=hint))


def address_of(changes: Mapping[str, str]) -> str:
    """This page with another part shown."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in _OF_VIEW]
    given = [*kept, *changes.items()]
    return f"{request.path}?{query_string(given)}" if given else request.path
