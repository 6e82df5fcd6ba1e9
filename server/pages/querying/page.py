"""`/query`: the form, the answers, what is wrong, and questions to begin with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, current_app, request

from kg.errors import ClientOverQuota, KgError, Problem
from kg.folding import fold
from kg.sparql.dataset import VIEWS
from server.discovery.dataset import ShownExample, shown_examples
from server.engine.account import may_ask
from server.http.headers import NOT_KEPT
from server.http.mistakes import EVERYWHERE, PAGE, explained, filled, still_wrong
from server.http.problems import headers_of, public, status_of
from server.http.protocol import ProtocolError, read_choice, read_collation, read_dataset
from server.pages import describe
from server.pages.addresses import query_string
from server.pages.language import order, words
from server.pages.phrases.naming import name_all
from server.pages.querying.answers import Answers, answers_to
from server.pages.querying.arranging import MOST_NAMED, MOST_SORTED, around
from server.pages.querying.asked import LONGEST, Asked, last_view, read_drawn, read_only, read_rows, read_show
from server.pages.querying.counting import MOST_COUNTED, read_facets, read_held
from server.pages.querying.drawn.network import LOOKED_AT
from server.pages.querying.exploring import COUNTED, NOTHING, explore, links_of, named_by, query_that_counts
from server.pages.querying.keeping import MOST_FILTERED
from server.pages.site import html, number, page_language, release, render, root
from server.pages.tables.asking import AskedWrongly
from server.pages.telling import tell

EXAMPLE: Final = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?thing ?type ?label WHERE {
  ?thing a ?type .
  OPTIONAL { ?thing rdfs:label ?label }
}
LIMIT 20
"""
EDITOR: Final = Path(__file__).parents[2] / "static" / "query.js"
"""The editor, which `make assets` puts here; without it the form is all there is, and does all."""
_LINKS: Final = 5_000
"""Characters of the query in the links that arrange its answers; were there more, buttons of one form do the same."""
_FURTHER: Final = 22
"""Those links at most, beside one for each column: to pages and their sizes, of names and drawings, and of formats."""
_LONGEST: Final = 200
"""Characters of the words that examples are looked for by."""

blueprint = Blueprint("querying", __name__)


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions to begin with: those that were looked for, and what they can be looked for by."""

    found: tuple[ShownExample, ...]
    keywords: tuple[str, ...]
    """Of all examples, the most frequent first."""
    total: int


@blueprint.get("/query")
def query_form() -> Response:
    """A form for a query, and its answers as a table: everything that `/sparql` gives, for a person."""
    text = request.args.get("query", "")
    pairs = last_view(request.args.items(multi=True))
    try:
        asked = Asked(
            text,
            read_dataset(pairs),
            read_choice(pairs, "explain"),
            read_collation(pairs),
            (request.args.getlist("sort") or [""])[-1],
            number("page", 0, describe.LAST_PAGE),
            read_show(pairs),
            read_drawn(pairs),
            read_rows(pairs),
            read_only(pairs),
            read_held(pairs),
            read_facets(pairs),
        )
        counted = _counts(asked)
    except AskedWrongly as error:
        return _page(Asked(text), problems=(error.problem,), status=HTTPStatus.BAD_REQUEST)
    except ProtocolError as error:
        return _page(Asked(text), problems=(error.problem,), status=error.status)
    return counted or query_page(asked)


def _counts(asked: Asked) -> Response | None:
    """The way to the query that counts a column, where a button asks for it and there is one."""
    name, _, key = request.args.get(COUNTED, "").partition("=")
    counting = read_facets([(name, key)]) if key else ()
    text = query_that_counts(asked, release().base, counting[0]) if counting else ""
    if not text:
        return None
    language = f"&{query_string([('lang', request.args['lang'])])}" if "lang" in request.args else ""
    response = Response(status=HTTPStatus.SEE_OTHER)
    response.headers["Location"] = f"{root()}{Asked(text, asked.dataset).address()}{language}"
    response.headers["Cache-Control"] = NOT_KEPT
    return response


def query_page(asked: Asked) -> Response:
    """The page of `/query`, with the answers to the query if there is one, or with how they come about."""
    text = asked.text
    if not text.strip():
        return _page(asked)
    base = release().base
    try:
        may_ask()
        return _page(asked, answers=answers_to(asked))
    except ClientOverQuota as error:
        return _mistaken(asked, error)
    except KgError as error:
        fills = current_app.config["FILL_PREFIXES"] in {PAGE, EVERYWHERE}
        again = filled(error, text, release().prefixes) if fills else None
        if again is None:
            return _mistaken(asked, explained(error, text, base))
    try:
        return _page(asked, answers=answers_to(replace(asked, text=again.text)).with_prefixes(again))
    except KgError as error:
        return _mistaken(asked, still_wrong(error, text, base))


def _mistaken(asked: Asked, error: KgError) -> Response:
    response = _page(asked, problems=error.problems, status=status_of(error))
    for name, value in headers_of(error.problems):
        response.headers[name] = value
    return response


def _page(
    asked: Asked, *, answers: Answers | None = None, problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    served = release()
    rows = answers.part.rows if answers else ()
    linked = answers is None or _is_linked(answers, asked)
    explored = NOTHING if answers is None else explore(answers, asked, page_language(), served.base, is_long=not linked)
    shown = {term.value for row in rows for term in row.values() if term.kind == "iri"}
    spoken = order(page_language())
    told = public(status, problems)
    body = render(
        "query.html",
        say=words(page_language(), "query"),
        own=words(page_language(), "drawing"),
        asked=asked,
        text=asked.text if asked.text.strip() else EXAMPLE,
        dataset=asked.dataset,
        answers=answers,
        linked=linked,
        explored=explored,
        around=() if answers is None else tuple(around(answers.part.number, answers.part.pages - 1)),
        problems=tell(told, page_language()),
        marks=_marks(told),
        is_federated=any(problem.code == "service-page" for problem in problems),
        labels={} if asked.iris else name_all(served, shown.union(named_by(explored)), page_language()),
        views=tuple(VIEWS) if served.has_views else (),
        examples=_examples(shown_examples(served, root(), spoken), request.args.get("find", "")[:_LONGEST]),
        looked=LOOKED_AT,
        find=request.args.get("find", "")[:_LONGEST],
        share=root() + asked.address(number=0) if asked.text.strip() else "",
        most_sorted=MOST_SORTED,
        most_named=MOST_NAMED,
        most_filtered=MOST_FILTERED,
        most_counted=MOST_COUNTED,
        longest=LONGEST,
        editor=EDITOR.is_file(),
    )
    response = html(body, status)
    response.headers["Cache-Control"] = NOT_KEPT  # a query may ask for the time
    return response


def _is_linked(answers: Answers, asked: Asked) -> bool:
    """Whether the query is so short that each way to arrange its answers can be a link."""
    return (
        len(query_string([("query", asked.text)])) * (len(answers.columns) + links_of(answers, asked) + _FURTHER)
        <= _LINKS
    )


def _marks(problems: Iterable[Problem]) -> str:
    """The places of mistakes as a script reads them: `line:column:length`, in characters, separated by spaces."""
    found = []
    for problem in problems:
        where, line = problem.position, getattr(problem, "line", ("", "", ""))
        if where is not None:
            found.append(f"{where.line}:{where.column or 1}:{len(line[1])}")
    return " ".join(found)


def _examples(known: tuple[ShownExample, ...], find: str) -> Examples:
    """Those that have all the words that are looked for, in question, keywords or query."""
    sought = fold(find).split()
    counted: dict[str, int] = {}
    found = []
    for it in known:
        for word in it.keywords:
            counted[word.text] = counted.get(word.text, 0) + 1
        if all(word in it.folded for word in sought):
            found.append(it)
    by_count = sorted(counted, key=lambda word: (-counted[word], word))
    return Examples(tuple(found), tuple(by_count), len(known))
