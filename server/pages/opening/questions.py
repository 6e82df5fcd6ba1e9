"""The questions of a project, each with its first answers in words."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from kg.errors import KgError
from kg.sparql.guard import Form, check
from kg.sparql.language import parse, write
from kg.sparql.language.syntax import Select
from server.discovery.dataset import ShownExample
from server.engine.inprocess import request_of
from server.federating import service_in
from server.http.results import JSON
from server.http.views import NONE, seen
from server.lookup import Label, Row, Term, parse_boolean, parse_rows
from server.pages.opening.wording import shortened
from server.releases import Release

SHOWN: Final = 6
"""How many questions the home page shows."""
ANSWERS: Final = 3
"""How many answers it shows of each."""
GENERAL: Final = frozenset({"classes", "properties", "labels"})
"""The examples that any data answer, by what their IRIs end with: they are no questions of a project."""
PATIENCE: Final = 6.0
"""How long all of them are answered, in seconds."""
_EACH: Final = 2.0
_ROWS: Final = 200
"""How many rows the first answers are chosen from."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rows:
    """The answers to a query, in its own order; `columns` is None where there was no answer in time."""

    columns: tuple[str, ...] | None
    rows: tuple[Row, ...] = ()
    verdict: bool | None = None
    """That of an ASK query."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its first answers."""

    question: Label
    text: str
    """The query."""
    answers: tuple[tuple[Term, ...], ...]
    """Each is what a row says, column by column."""
    verdict: bool | None = None
    late: bool = False
    """Whether nobody could answer it in time."""


def own_examples(examples: Iterable[ShownExample], base: str) -> tuple[ShownExample, ...]:
    """The first questions of the project's own that a page can answer: a table or a yes, and nobody else's data."""
    general = {f"{base}query/{name}" for name in GENERAL}
    return tuple(it for it in examples if it.iri not in general and _is_asked_here(it.text))[:SHOWN]


def _is_asked_here(text: str) -> bool:
    try:
        return service_in(text) is None and check(text).form in {Form.SELECT, Form.ASK}
    except KgError:
        return False


def ask_all(release: Release, examples: Iterable[ShownExample]) -> dict[str, Rows]:
    """The answers to all of them by their queries, within `PATIENCE`; as strangers' queries are answered."""
    end = time.monotonic() + PATIENCE
    found: dict[str, Rows] = {}
    for example in examples:
        left = min(_EACH, end - time.monotonic())
        try:
            found[example.text] = _ask(release, example.text, left) if left > 0 else Rows(None)
        except KgError as error:
            _LOG.warning("the question %s of the home page is not answered: %s", example.iri, error)
            found[example.text] = Rows(None)
    return found


def _ask(release: Release, text: str, timeout: float) -> Rows:
    asked, graphs = seen(_begun(text, release.base), NONE, release)
    query = check(asked, release.base)
    request = request_of(query, graphs, JSON.media_type, without=release.without)
    body, _ = release.strangers.told(request, timeout=timeout)
    if query.form is Form.ASK:
        return Rows((), verdict=parse_boolean(body))
    columns, rows = parse_rows(body)
    return Rows(columns, tuple(rows[:_ROWS]))


def _begun(text: str, base: str) -> str:
    """The query for its first rows; what only the engine can read is asked as it is."""
    try:
        query = parse(text, base)
    except KgError:
        return text
    body = query.body
    if not isinstance(body, Select):
        return text
    limit = _ROWS if body.modifiers.limit is None else min(_ROWS, body.modifiers.limit)
    return write(replace(query, body=replace(body, modifiers=replace(body.modifiers, limit=limit))))


def chosen(found: Rows, language: str) -> list[Row]:
    """The rows that a reader of a language is shown: those in it first, and each thing once.

    >>> here, there = Term("literal", "a lab", "en"), Term("literal", "un labo", "fr")
    >>> lab = Term("iri", "http://example.org/lab")
    >>> rows = ({"thing": lab, "label": here}, {"thing": lab, "label": there})
    >>> [row["label"].value for row in chosen(Rows(("thing", "label"), rows), "fr")]
    ['un labo']
    """
    first: list[Row] = []
    others: list[Row] = []
    subjects: set[str] = set()
    known: set[tuple[str, ...]] = set()
    for row in sorted(found.rows, key=lambda row: sum(_is_foreign(term, language) for term in row.values())):
        named = tuple(term.name for term in row.values() if term.kind != "literal")
        whole = named or tuple(term.value for term in row.values())
        if whole and whole not in known:
            (others if whole[0] in subjects else first).append(row)
            known.add(whole)
            subjects.add(whole[0])
    return [*first, *others][:ANSWERS]


def _is_foreign(term: Term, language: str) -> bool:
    return bool(term.language) and term.language.partition("-")[0] != language


def in_words(row: Row, columns: Iterable[str], said: Mapping[str, Label]) -> tuple[Term, ...]:
    """What a row says: things by their words (`said`), and values; words that stand beside their thing are said once.

    What has no words is left out, unless nothing else is there.
    """
    terms = [row[name] for name in columns if name in row]
    told = {said[term.name].text for term in terms if term.kind != "literal" and term.name in said}
    kept = tuple(dict.fromkeys(_kept(terms, said, told))) or tuple(terms)
    return tuple(replace(term, value=shortened(term.value)) if term.kind == "literal" else term for term in kept)


def _kept(terms: Iterable[Term], said: Mapping[str, Label], told: set[str]) -> Iterator[Term]:
    for term in terms:
        if shortened(term.value) not in told if term.kind == "literal" else term.name in said:
            yield term
