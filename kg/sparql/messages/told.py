"""A mistake as a problem: with its line and column, the words of the query that it is about, and what to do."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from kg.errors import FunctionUnknown, KgError, Position, Problem, QueryError, QueryRefused
from kg.sparql.language.tokens import PATH, Source, Token
from kg.sparql.language.tokens import Kind as Is
from kg.sparql.messages.finding import find
from kg.sparql.messages.mistake import Kind, Mistake, named
from kg.sparql.messages.prefixes import as_written
from kg.sparql.messages.products import expanded, foreign, known, mistake
from kg.sparql.messages.reading import ENDING, Reading, read, resolved
from kg.sparql.messages.wording import ENGLISH, Piece, Wording, cause, cure, plain

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_GUARD: Final = frozenset({"no-update", "no-load", "no-service", "reserved-name"})
_UNPLANNED: Final = "service-unplanned"
"""The code of what cannot be read in a query with SERVICE."""
_LONGEST: Final = 60_000
"""Characters of a query that is read again; of a longer one the place alone is told, by the engine."""
_WIDEST: Final = 160
"""Characters of a line of a query that are shown."""


class ForeignName(QueryRefused):
    """The SPARQL text is legal, and uses a name of another product that means nothing here."""

    code = "foreign-name"


@dataclass(frozen=True, slots=True)
class Explained(Problem):
    """A problem of a query that can be told in three languages, and shown in its line."""

    mistake: str = ""
    """The name of the mistake, for programs."""
    words: str = ""
    cure_words: str = ""
    named: tuple[tuple[str, str], ...] = ()
    line: tuple[str, str, str] = field(default=("", "", ""), compare=False)
    """The line that it stands in: what is before it, itself, and what follows."""

    def __str__(self) -> str:
        where = self.position
        place = f"{where.path}:{where.line}:{where.column}: " if where else ""
        return f"{place}{self.message}" + (f" ({self.hint})" if self.hint else "")

    def to_json(self) -> dict[str, object]:
        """The error object that the command line and the HTTP server share, with the name of the mistake."""
        return {**Problem.to_json(self), "mistake": self.mistake}

    def cause(self, said: Wording = ENGLISH) -> tuple[Piece, ...]:
        """What is wrong."""
        return cause(self.words, dict(self.named), said)

    def cure(self, said: Wording = ENGLISH) -> tuple[Piece, ...]:
        """What to do; nothing if nobody can tell."""
        return cure(self.cure_words, dict(self.named), said)

    def excerpt(self) -> tuple[str, ...]:
        """The line, and a mark under what is wrong in it."""
        if self.position is None:
            return ()
        start, wrong, end = self.line
        number = f"{self.position.line:>5} | "
        return f"{number}{start}{wrong}{end}", f"{' ' * len(number[:-2])}| {_blank(start)}{'^' * (_width(wrong) or 1)}"


def explained(error: QueryError, text: str, base: str | None = None, path: str = PATH) -> QueryError:
    """The same error in the words of people, if the text of the query is the cause; else the error as it is.

    :param text: the query as it was written
    :param base: what its relative IRIs are resolved against
    :param path: what stands for a file in the places

    >>> print(explained(QueryError("no", position=Position(PATH, 1)), "SELECT * WHER { ?s ?p ?o }"))
    query:1:10: WHER is no word of SPARQL (did you mean WHERE?)
    """
    if any(isinstance(problem, Explained) for problem in error.problems):
        return error
    source = resolved(text)
    if error.problems and all(problem.code in _GUARD for problem in error.problems):
        if len(source.text) > _LONGEST:
            return error
        reading = read(source.text, base)
        return QueryRefused(problems=[_refused(problem, reading, source, path) for problem in error.problems])
    if isinstance(error, FunctionUnknown):
        return FunctionUnknown(problems=[_function(problem, source, path) for problem in error.problems])
    if is_of_text(error) and all(problem.position is not None for problem in error.problems):
        return _read_again(error, source, base, path)
    return error


def _read_again(error: QueryError, source: Source, base: str | None, path: str) -> QueryError:
    """The error for a query that cannot be read, with its causes."""
    is_unplanned = isinstance(error, QueryRefused)
    found = () if len(source.text) > _LONGEST else find(source.text, base)
    if not found:
        # The engine alone has something against it; or nobody but the planner of SERVICE.
        return error if is_unplanned else QueryError(problems=[_of_engine(p, source, path) for p in error.problems])
    problems = sorted((_problem(one, source, path) for one in found), key=_place_of)
    if is_unplanned:
        return QueryRefused(problems=[replace(problem, code=_UNPLANNED) for problem in problems])
    return QueryError(problems=problems)


def _place_of(problem: Problem) -> Position:
    return problem.position or Position("", 0)


def is_of_text(error: KgError) -> bool:
    """Whether an error says that the text of a query cannot be read."""
    unplanned = isinstance(error, QueryRefused) and all(problem.code == _UNPLANNED for problem in error.problems)
    unread = type(error) is QueryError and all(problem.code == QueryError.code for problem in error.problems)
    return unread or unplanned


def without_filled(error: QueryError) -> QueryError:
    """The error without the prefixes that were declared for the person, if anything else is wrong."""
    left = [one for one in error.problems if not (isinstance(one, Explained) and one.words == "prefix-known")]
    return type(error)(problems=left) if left and is_of_text(error) else error


def at_lines_written(error: QueryError) -> QueryError:
    """An error of a query that was filled, and that nobody has explained, at its place in the query as written."""
    if any(isinstance(problem, Explained) for problem in error.problems):
        return error
    return type(error)(problems=tuple(map(as_written, error.problems)))


def refuse_foreign(text: str, base: str | None, has: Callable[[str], bool]) -> None:
    """See that a query uses no name of another product that means nothing here; see `products.foreign`.

    :raises ForeignName: naming each

    >>> refuse_foreign("ASK { ?s <bif:xcontains> 'a' }", None, lambda iri: False)
    Traceback (most recent call last):
    ...
    kg.sparql.messages.told.ForeignName: query:1:10: <bif:xcontains> belongs to Virtuoso; here it would find nothing \
(search with ?text bif:contains "word", or FILTER(CONTAINS(LCASE(STR(?text)), "word")))
    """
    found = foreign(text, base, has)
    if found:
        source = resolved(text)
        raise ForeignName(problems=[_problem(one, source, PATH) for one in found])


def _problem(found: Mistake, source: Source, path: str) -> Explained:
    at, cure_words = source.position(found.start), found.hint or found.words
    told = dict(found.named)
    code = ForeignName.code if found.kind is Kind.FOREIGN else QueryError.code
    return Explained(
        code,
        plain(cause(found.words, told)),
        replace(at, path=path),
        hint=plain(cure(cure_words, told)) or None,
        mistake=found.kind.value,
        words=found.words,
        cure_words=cure_words,
        named=found.named,
        line=_line(source, found.start, found.end),
    )


def _line(source: Source, start: int, end: int) -> tuple[str, str, str]:
    """The line of a place as it was written, in three parts; a long one is cut before and behind."""
    at, until = source.position(start), source.position(max(start, end))
    lines = _LINE_END.split(source.original)
    whole = lines[at.line - 1] if at.line <= len(lines) else ""
    begins = (at.column or 1) - 1
    ends = len(whole) if until.line > at.line else (until.column or 1) - 1
    before, wrong, after = whole[:begins], whole[begins:ends], whole[ends:]
    if len(before) > _WIDEST // 2:
        before = "…" + before[-_WIDEST // 2 :]
    if len(wrong) > _WIDEST // 2:
        wrong = wrong[: _WIDEST // 2] + "…"
    return before, wrong, after if len(after) <= _WIDEST // 2 else after[: _WIDEST // 2] + "…"


def _refused(problem: Problem, reading: Reading, source: Source, path: str) -> Explained:
    """What the guard refuses, at its word."""
    place = _token_at(reading, source, problem.position)
    start, end = (place.start, place.end) if place else (0, 0)
    told = named(word=problem.message.partition(" ")[0])
    if problem.code == "no-service" and place is not None:
        name = reading.token(reading.index(place.end))
        product = known(expanded(reading, name.text), "service")
        if product is not None:
            other = _problem(mistake(product, name.start, name.end, name.text), source, path)
            return replace(other, code=problem.code)
    found = Mistake(Kind.REFUSED, problem.code, start, end, told, certain=True)
    return replace(_problem(found, source, path), code=problem.code)


def _token_at(reading: Reading, source: Source, position: Position | None) -> Token | None:
    """The token that begins at a place."""
    if position is None:
        return None

    def place_of(token: Token) -> tuple[int, int]:
        at = source.position(token.start)
        return at.line, at.column or 1

    sought = position.line, position.column or 1
    found = reading.token(bisect_left(reading.tokens, sought, key=place_of))
    return found if found is not ENDING and place_of(found) == sought else None


_IRI: Final = re.compile(r"<([^>]*)>")


def _function(problem: Problem, source: Source, path: str) -> Problem:
    """A function that the engine does not have, where it is called."""
    iri = _IRI.search(problem.message)
    reading = read(source.text)
    names = (token for token in reading.tokens if token.kind in {Is.IRI, Is.NAME})
    called = next((token for token in names if iri and expanded(reading, token.text) == iri[1]), None)
    if called is None:
        return problem
    found = Mistake(Kind.FUNCTION, "function-unknown", called.start, called.end, named(word=called.text), certain=True)
    return replace(_problem(found, source, path), code=problem.code, message=problem.message)


_SET: Final = re.compile(r"\[[^\]]*\](?:\.\.=\[[^\]]*\])?")
_SENTENCE: Final = re.compile(r"[A-Z][a-z].*")


def _of_engine(problem: Problem, source: Source, path: str) -> Explained:
    """What the engine alone has against a query: its own words, without the sets of letters."""
    at = problem.position
    assert at is not None, "only what has a place comes here"
    said = problem.message.removeprefix("expected ").removeprefix("one of ")
    parts = [part.strip().strip('"') for part in _split(said)]
    sentence = next((part for part in parts if _SENTENCE.match(part)), "")
    expected = " ".join(part for part in parts if part and part.isprintable() and " " not in part and "[" not in part)
    lines = _LINE_END.split(source.original)
    whole = lines[at.line - 1] if at.line <= len(lines) else ""
    column = min((at.column or 1) - 1, len(whole))
    token = whole[column : column + 20].split(" ")[0]
    words, told = (
        ("rule", named(token=token, reason=sentence))
        if sentence
        else ("unreadable" if token else "unfinished", named(token=token, expected=expected))
    )
    shown = replace(at, path=path, column=column + 1)
    return Explained(
        problem.code,
        plain(cause(words, dict(told))),
        shown,
        hint=plain(cure(words, dict(told))) or None,
        mistake=Kind.UNREADABLE.value,
        words=words,
        cure_words=words,
        named=told,
        line=(whole[:column], token, whole[column + len(token) :]),
    )


def _split(said: str) -> Iterable[str]:
    """The alternatives that an engine has expected; its sets of letters are none."""
    return _SET.sub("", said).split(",")


def _width(text: str) -> int:
    """The columns of a terminal that a text takes."""
    return sum(
        2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text if not unicodedata.combining(sign)
    )


def _blank(text: str) -> str:
    """As much room as a text takes; a tab is as wide as it is."""
    return "".join(sign if sign == "\t" else " " * _width(sign) for sign in text)
