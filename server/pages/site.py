"""What every page of the site shares: the release, the language, the addresses of things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from flask import Response, current_app, g, render_template, request
from markupsafe import Markup

from kg.errors import Problem
from kg.terms import PREFIXES, choose_language
from server.direction import direction_of
from server.engine import Dataset
from server.http import problems as rendered
from server.http import results
from server.http.address import root_of
from server.http.headers import PASSED_ON
from server.http.negotiation import choose
from server.http.protocol import ProtocolError
from server.http.results import PAGE, Format, content_type
from server.lookup import Label
from server.pages import language as languages
from server.pages.addresses import query_string
from server.pages.citing.head import Place, place_of
from server.pages.language import counted
from server.pages.phrases.dates import date_in_words
from server.pages.phrases.literals import GROUPED, in_column, is_plain, worded
from server.pages.phrases.numbers import digits, size_in_words
from server.pages.sharing.links import LINKS, Links, LinksKept
from server.pages.showing import cut, exact
from server.pages.telling import InWords, tell
from server.pages.vocabulary.kinds import has_terms
from server.releases import Release, Releases

EXTENSION: Final = "zellige-releases"
_PARTS: Final = re.compile(r"(?<=[/#])(?=[^/])")
_PAGES: Final = frozenset({"page", "facts"})
"""The parameters that number the pages of a list."""
_NUMBERED: Final = _PAGES | {"limit", "offset", "row"}
"""The parameters that are numbers, and the problems with them."""
_NUMBER_KEYS: Final = frozenset({"beyond", "wrong_number"})
_FILES: Final = frozenset({"cite", "format"})
"""The parameters that ask for a file about a thing, whatever a page shows of it,"""
_NAMING: Final = frozenset({"iri", "lang"})
"""and those that say which thing, and in which language."""
_LIST: Final = "/list"
_PROBLEM: Final = "problem.html"
_LONGEST_LOST: Final = 80
"""Characters at the end of an address that may be words."""
_MACROS: Final = "macros.html"
_PLACED: Final = frozenset({"about", "classes", "drawing", "entity", "pages", "resource", "vocabulary"})
"""The parts of the site whose pages are found again at their addresses."""
_LONG: Final = 32
"""Characters."""
_BROKEN: Final = Markup(' class="long"')
_LONGEST_OWN: Final = 500
"""Characters of the address by which a page leads to itself."""
_TITLE: Final = 120
"""Characters of a title that stand above every page."""


def release() -> Release:
    """The release that this request is answered from: the same one until its answer is complete."""
    if "release" not in g:
        releases: Releases = current_app.extensions[EXTENSION]
        g.release = releases.current()
    found: Release = g.release
    return found


def root() -> str:
    """Where the client of this request finds the site, ending in `/`, see `root_of`.

    A request that a proxy has passed on may name the proxy's own way to us: its Host is believed only of a proxy
    that is trusted, which may also say that the client came by https.
    """
    headers, environ = request.headers, request.environ
    trusted = request.remote_addr in current_app.config["TRUSTED_PROXIES"]
    passed_on = not trusted and any(name in headers for name in PASSED_ON)
    secure = headers.get("X-Forwarded-Proto", "").lower() == "https" if trusted else request.scheme == "https"
    host = "" if passed_on else environ.get("HTTP_HOST", "")
    return root_of(current_app.config["PUBLIC_URL"], host, release().base, secure=secure)


def page_language() -> str:
    """The language of the page that this request is answered with."""
    return languages.choose(request.args.get("lang"), request.headers.get("Accept-Language"))


def number(name: str, otherwise: int, last: int) -> int:
    """A parameter of this request that is a whole number from 0 to `last`; absent or empty it is `otherwise`.

    :raises ProtocolError: 400 if it is anything else
    """
    text = request.args.get(name)
    if not text:
        return otherwise
    if text.isascii() and text.isdecimal() and len(text) <= len(str(last)) and int(text) <= last:
        return int(text)
    message, written = f"the {name} {text[:40]!r} is no number from 0 to {last}", f"{name}={text[:40]}"
    problem = InWords("parameter", message, key="wrong_number", words=written, numbers=(("last", last),))
    raise ProtocolError(HTTPStatus.BAD_REQUEST, problem)


def has_long_word(text: str) -> bool:
    """Whether a text has a word that a line of a telephone could not hold, such as a checksum.

    >>> has_long_word("sha256:bfa9552e1f435cbebd72b937c1abbd01ac026f1c"), has_long_word("a text of many short words")
    (True, False)
    """
    return len(text) > _LONG and any(len(word) > _LONG for word in text.split())


def _is_identifier(text: str) -> bool:
    """Whether a text is an identifier of parts that stays in one line: from the right, its halves would be read apart.

    >>> [_is_identifier(text) for text in ("X47-lesechos", "row=14", "a site, on maghress-2.com", "x-" * 40)]
    [True, False, False, False]
    """
    return "-" in text and " " not in text and not has_long_word(text)


def _broken(text: str) -> Markup | str:
    """The class of an element whose text may be broken anywhere, as no line could hold a word of it; else nothing."""
    return _BROKEN if has_long_word(text) else ""


def parts_of(iri: str) -> list[str]:
    """An IRI in the parts between which it may go on in the next line; a short one is one part.

    >>> parts_of("https://w3id.org/zellige/ont#ActorCategory")
    ['https://', 'w3id.org/', 'zellige/', 'ont#', 'ActorCategory']
    """
    return _PARTS.split(iri) if has_long_word(iri) else [iri]


def _listing(links: Links, iri: str, number: int = 0) -> str:
    """A page of the things of a class."""
    return links.page(f"{_LIST}?{query_string([('class', iri), *([('page', str(number))] if number else [])])}")


def _here(name: str, value: str | int) -> str:
    """This address with another value of one parameter; the first page of a list is the address without a number."""
    of_thing, value = name in _FILES, str(value)
    kept = [(k, v) for k, v in request.args.items(multi=True) if k != name and (not of_thing or k in _NAMING)]
    given = [*kept, *([] if name in _PAGES and value == "0" else [(name, value)])]
    return f"{request.path}?{query_string(given)}" if given else request.path


def _switch(language: str, to: str) -> str:
    """This page in another language, or in its own; empty for the latter where a query makes the address long."""
    address = _here("lang", to)
    return "" if to == language and len(address) > _LONGEST_OWN else address


def _place(language: str) -> Place | None:
    """Where the page of this request is, in each language; None for answers to a question, which are no page."""
    if request.blueprint not in _PLACED:
        return None
    spoken = language if request.args.get("lang") == language else None
    return place_of(root(), request.path, request.args.items(multi=True), spoken)


def render(template: str, **values: Any) -> str:
    """A page in the language of the request."""
    given = {**_shared(), "located": None if template == _PROBLEM else _place(page_language()), **values}
    # Made once for the page: each template that imported them would make them anew.
    macros = current_app.jinja_env.get_template(_MACROS).make_module(given)
    return render_template(template, m=macros, **given)


def _shared() -> dict[str, Any]:
    """What every page is given."""
    language = page_language()
    served = release()
    kept: LinksKept = current_app.extensions[LINKS]
    links = kept.of(served, language, language if request.args.get("lang") == language else None)
    title, said = served.title, languages.words(language)
    shown = choose_language(title, languages.order(language)) or ""
    return {
        "language": language,
        "direction": direction_of(language),
        "direction_of": direction_of,
        "words": said,
        "language_names": languages.names(),
        "site": Label(cut(title.get(shown, "Zellige"), _TITLE, language), shown),
        "release_id": served.id,
        "base": served.base,
        "href": links.href,
        "listing": exact(partial(_listing, links)),
        "result_link": exact(result_link),
        "explain_link": exact(lambda query, dataset: links.page(explain_link(query, dataset))),
        "page": exact(lambda path: links.page(f"/{path}")),
        "here": exact(_here),
        "switch": exact(partial(_switch, language)),
        "short": links.short,
        "has_claims": served.has_claims,
        "has_vocabulary": served.has_vocabulary or (not served.has_claims and has_terms(served)),
        "has_long_word": has_long_word,
        "is_identifier": _is_identifier,
        "long": _broken,
        "parts_of": parts_of,
        "made": links.made,
        "named": links.named,
        "grid_lines": links.grid_lines,
        "literals": links.literals,
        "counted": lambda context, number: counted(language, context, number, number=digits(Decimal(number), language)),
        "worded": lambda it: worded(it, said["yes"], said["no"], language),
        "in_column": lambda it: in_column(it, said["yes"], said["no"], language),
        "is_plain": is_plain,
        "figure": lambda number: digits(Decimal(number), language, grouped=number >= GROUPED),
        "sized": lambda number: size_in_words(number, language),
        "dated": lambda text: date_in_words(text, language) or text,
        "prefix": PREFIXES,
        "zel": PREFIXES["zel"],
    }


def result_link(format_name: str, query: str, dataset: Dataset) -> str:
    """The address of the answers to a query in one format.

    >>> result_link("csv", "ASK {}", Dataset())
    '/sparql?query=ASK+%7B%7D&format=csv'
    """
    return f"/sparql?{query_string([('query', query), *_graphs(dataset), ('format', format_name)])}"


def explain_link(query: str, dataset: Dataset) -> str:
    """The address of the page that tells how the answers to a query come about.

    >>> explain_link("ASK {}", Dataset())
    '/query?query=ASK+%7B%7D&explain=true'
    """
    return f"/query?{query_string([('query', query), *_graphs(dataset), ('explain', 'true')])}"


def _graphs(dataset: Dataset) -> list[tuple[str, str]]:
    default = [("default-graph-uri", iri) for iri in dataset.default]
    view = [] if dataset.view is None else [("view", dataset.view)]
    return [*default, *(("named-graph-uri", iri) for iri in dataset.named), *view]


def html(body: str, status: int = 200) -> Response:
    """A page as an answer."""
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Language"] = page_language()
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def refuse(status: int, problems: Iterable[Problem]) -> Response:
    """An error as the answer: problem details, plain text or a page, whichever the client prefers."""
    problems = tuple(problems)
    found = rendered.public(status, problems)
    accept = request.headers.get("Accept")
    if choose(accept, (*rendered.OFFERS, PAGE)) == PAGE:
        told = tell(found, page_language())
        first = _unnumbered(problems)
        lost = _lost() if status == HTTPStatus.NOT_FOUND and not first else ""
        unfiltered = "" if first else _unfiltered(problems)
        page = render(_PROBLEM, status=status, problems=told, unfiltered=unfiltered, lost=lost, first=first)
        response = html(page, status)
    else:
        body, media_type = rendered.render(status, found, accept)
        response = Response(body, status, content_type=media_type)
    response.headers["Vary"] = "Accept, Accept-Language"
    for name, value in rendered.headers_of(found):
        response.headers[name] = value
    return response


def _unnumbered(problems: Iterable[Problem]) -> str:
    """A link to the first page, where the number of this one is the trouble."""
    if not any(isinstance(problem, InWords) and problem.key in _NUMBER_KEYS for problem in problems):
        return ""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in _NUMBERED]
    return f"{request.path}?{query_string(kept)}" if kept else request.path


def _unfiltered(problems: Iterable[Problem]) -> str:
    """A link to the page without its filters, where one of these is the trouble: nobody is left without a way."""
    if not any(isinstance(problem, InWords) and problem.code == "parameter" for problem in problems):
        return ""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name in {"class", "lang"}]
    return f"{request.path}?{query_string(kept)}" if kept else request.path


def _lost() -> str:
    """The words that an address ends in, by which what was meant can be looked for; empty where it has none."""
    named = request.args.get("iri") or request.args.get("class")
    if not named and request.path == _LIST:
        return ""
    last = re.split(r"[/#=]", (named or request.path).rstrip("/#"))[-1]
    words = " ".join(re.findall(r"[^\W_]+", last))
    return words if len(words) <= _LONGEST_LOST else ""


def wants_page(offers: Sequence[Format]) -> bool:
    """Whether the client of this request likes a page better than the formats offered."""
    return results.wants_page(request.headers.get("Accept"), offers)


def pick(offers: tuple[Format, ...], asked: str | None) -> tuple[Format, str]:
    """The format of the answer to this request and the media type to state for it, see `results.pick`."""
    return results.pick(offers, asked, request.headers.get("Accept"))


def data(body: bytes, media_type: str) -> Response:
    """A complete, serialised answer."""
    response = Response(body, content_type=content_type(media_type))
    response.headers["Vary"] = "Accept"
    return response
