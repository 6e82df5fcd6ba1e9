"""`/search`: what the texts of the release say, for people and as JSON; and its description for browsers."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request
from pyoxigraph import Literal

from kg.errors import KgError, Problem
from kg.search import TextQueryError, read_question
from kg.terms import PREFIXES, choose_language
from server.engine.account import may_ask
from server.http.negotiation import choose
from server.http.problems import public, status_of
from server.http.protocol import ProtocolError
from server.http.results import PAGE
from server.lookup import Label, iri_ref, labels
from server.pages import language as tongues
from server.pages.addresses import address_of
from server.pages.phrases.naming import name_all
from server.pages.showing import exact
from server.pages.site import html, number, page_language, refuse, release, render, root
from server.reconciliation.catalogue import vocable_iri
from server.search import FORMATS, LANGUAGE, LIMIT, LONGEST_TYPE, MOST, MOST_AT_ONCE
from server.search.results import Asked, Results, search

blueprint = Blueprint("search", __name__)

JSON: Final = "application/json"
DESCRIPTION: Final = "application/opensearchdescription+xml"
_LANGUAGE: Final = re.compile(LANGUAGE)
_FIELDS: Final = ("q", "type", "in", "lang", "limit", "offset")


@dataclass(frozen=True, slots=True)
class Form:
    """What a request asks for, as it asks."""

    text: str
    kind: str
    """A class: its IRI, or its prefixed name."""
    language: str
    """The language of the texts; empty for any."""
    limit: int
    offset: int

    @property
    def kinds(self) -> tuple[str, ...]:
        """The IRI of the class, if one is asked for."""
        return (vocable_iri(self.kind),) if self.kind else ()

    @property
    def query(self) -> str:
        """The SPARQL of the same search, to be changed on the page of queries.

        >>> print(Form('"a" lab', "", "fr", 10, 0).query)
        PREFIX text: <http://jena.apache.org/text#>
        SELECT ?thing ?score ?literal WHERE {
          (?thing ?score ?literal) text:query ("\\"a\\" lab" 1000 "lang:fr") .
        }
        ORDER BY DESC(?score)
        """
        more = f' "lang:{self.language}"' if self.language else ""
        of = "".join(
            f"  GRAPH ?g {{ ?thing a ?class }}\n  GRAPH ?ontology {{ ?class rdfs:subClassOf* {iri_ref(kind)} }}\n"
            for kind in self.kinds
        )
        prefixes = f"PREFIX rdfs: <{PREFIXES['rdfs']}>\n" if of else ""
        return (
            f"{prefixes}PREFIX text: <http://jena.apache.org/text#>\n"
            f"SELECT {'DISTINCT ' if of else ''}?thing ?score ?literal WHERE {{\n"
            f"  (?thing ?score ?literal) text:query ({Literal(self.text)} 1000{more}) .\n{of}}}\n"
            "ORDER BY DESC(?score)"
        )

    def asked(self) -> Asked:
        """The search.

        :raises TextQueryError: if nothing can be looked for
        """
        languages = (self.language,) if self.language else ()
        question = read_question(self.text, self.language)
        return Asked(question, self.text, self.limit, self.offset, self.kinds, languages)


@blueprint.get("/search")
def page() -> Response:
    """Things whose texts have the words of `q`; without `q`, a form."""
    try:
        form = _form()
        if form.text.strip():
            may_ask()
        if _wants_json(request.args.get("format")):
            return _json(form, search(release().texts, form.asked(), tongues.order(page_language())))
        return _page(form)
    except ProtocolError as error:
        return refuse(error.status, (error.problem,))
    except KgError as error:
        return refuse(status_of(error), error.problems)


def _wants_json(asked: str | None) -> bool:
    """Whether the client wants JSON, and no page.

    :raises ProtocolError: 406 if it wants neither
    """
    chosen = asked or choose(request.headers.get("Accept"), (JSON, PAGE))
    if chosen not in FORMATS:
        problem = Problem("not-acceptable", "a search is answered as JSON or as a page", hint="one of json, html")
        raise ProtocolError(HTTPStatus.NOT_ACCEPTABLE, problem)
    return chosen in {"json", JSON}


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """The description of the search for browsers (OpenSearch 1.1, draft 6)."""
    language = page_language()
    words = tongues.words(language)
    address = f"{root()}search?q={{searchTerms}}"
    paged = f"&offset={{startIndex?}}&limit={{count?}}&lang={language}"
    title = _title(language).text
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{escape(title[:16])}</ShortName>\n"
        f"<LongName>{escape(title[:48])}</LongName>\n"
        f"<Description>{escape(words['search_about'])}</Description>\n"
        f'<Url type="text/html" indexOffset="0" template="{escape(f"{address}{paged}&format=html")}"/>\n'
        f'<Url type="{JSON}" indexOffset="0" template="{escape(f"{address}{paged}&format=json")}"/>\n'
        f'<Url type="{DESCRIPTION}" rel="self" template="{escape(f"{root()}opensearch.xml?lang={language}")}"/>\n'
        f'<Image width="32" height="32" type="image/x-icon">{escape(root())}favicon.ico</Image>\n'
        f"<Language>{language}</Language>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n<OutputEncoding>UTF-8</OutputEncoding>\n"
        "</OpenSearchDescription>\n"
    )
    response = Response(body, content_type=f"{DESCRIPTION}; charset=utf-8")
    response.headers["Vary"] = "Accept-Language"
    return response


def _form() -> Form:
    """What the request asks for; a parameter that comes twice counts once, the first time.

    :raises ProtocolError: 400 for a parameter that has no meaning
    """
    language, kind = request.args.get("in", "").strip().lower(), request.args.get("type", "").strip()
    if language and not _LANGUAGE.fullmatch(language):
        problem = Problem("parameter", f"the language {language[:40]!r} is no language tag", hint="as in in=ar")
        raise ProtocolError(HTTPStatus.BAD_REQUEST, problem)
    if len(kind) > LONGEST_TYPE:
        problem = Problem("parameter", f"the type has {len(kind)} characters, where {LONGEST_TYPE} are allowed")
        raise ProtocolError(HTTPStatus.BAD_REQUEST, problem)
    limit, offset = number("limit", LIMIT, MOST_AT_ONCE), number("offset", 0, MOST)
    return Form(request.args.get("q", ""), kind, language, limit, offset)


def _page(form: Form) -> Response:
    language = page_language()
    found: Results | None = None
    problems: tuple[Problem, ...] = ()
    status = int(HTTPStatus.OK)
    if form.text.strip():
        try:
            found = search(release().texts, form.asked(), tongues.order(language))
        except TextQueryError as error:
            status, problems = HTTPStatus.BAD_REQUEST, error.problems
        except KgError as error:
            status = status_of(error)
            problems = public(status, error.problems)
    body = render(
        "search.html",
        form=form,
        found=found,
        problems=problems,
        labels=name_all(release(), _shown(found, form), language),
        tongues=tuple(tongues.spoken()),
        link=exact(_link),
        query="" if found is None else _query(form),
        heard=tongues.words(language, "facts"),
        numbers=(form.offset + 1, form.offset + len(found.results)) if found else (0, 0),
    )
    return html(body, status)


def _query(form: Form) -> str:
    """The SPARQL of a search; none where its class is no IRI."""
    try:
        return form.query
    except ValueError:
        return ""


def _labels(found: Results | None, form: Form, language: str) -> Mapping[str, Label]:
    served = release()
    return labels(served.engine, served.base, _shown(found, form), tongues.order(language))


def _shown(found: Results | None, form: Form) -> frozenset[str]:
    """Every node that an answer names."""
    shown = set(form.kinds)
    for result in found.results if found else ():
        shown |= {result.iri, *result.types, *(text.link for text in result.texts)}
    shown |= {kind for kind, _ in (found.types if found else ())}
    return frozenset(shown)


def _title(language: str) -> Label:
    title = release().title
    tag = choose_language(title, tongues.order(language)) or ""
    return Label(title.get(tag, "Zellige"), tag)


def _link(**changes: str) -> str:
    """This search with other parameters; one that is empty is left out."""
    given = {name: value for name, value in request.args.items() if name in _FIELDS}
    kept = {**given, **changes}
    return f"/search?{urlencode([(name, value) for name, value in kept.items() if value])}"


def _json(form: Form, found: Results) -> Response:
    language = page_language()
    served, names = release(), _labels(found, form, language)

    def named(iri: str) -> dict[str, str]:
        label = names.get(iri)
        return {"iri": iri, **({"label": label.text, "lang": label.language} if label else {})}

    def page_of(iri: str) -> dict[str, str]:
        path = address_of(served, iri)
        return {"page": root() + path[1:] if path.startswith("/") else path} if path else {}

    end = form.offset + len(found.results)
    answer = {
        "query": form.text,
        "total": found.total,
        "cut": found.cut,
        "offset": form.offset,
        "limit": form.limit,
        "results": [
            {
                **named(result.iri),
                **page_of(result.iri),
                "types": [named(kind) for kind in result.types],
                "score": result.score,
                "texts": [
                    {
                        "property": shown.link,
                        "value": shown.text,
                        "lang": shown.language,
                        "graphs": [graph or "default" for graph in shown.graphs],
                        "parts": [{"text": text, "found": is_found} for text, is_found in shown.parts],
                    }
                    for shown in result.texts
                ],
            }
            for result in found.results
        ],
        "types": [{**named(kind), "count": count} for kind, count in found.types],
        **({"instead": found.instead} if found.instead else {}),
        **({"next": root() + _link(offset=str(end), format="json")[1:]} if end < found.total else {}),
    }
    response = Response(json.dumps(answer, ensure_ascii=False) + "\n", content_type=JSON)
    response.headers["Vary"] = "Accept, Accept-Language"
    return response
