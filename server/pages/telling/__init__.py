"""What is wrong with a query, as a page tells it: cause, place and cure in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.errors import Problem
from kg.sparql.messages.told import Explained
from kg.sparql.messages.wording import Piece, Wording
from server.pages.language import DEFAULT, words

_CUT: Final = 80
"""Characters of what somebody wrote that a sentence about it repeats."""


@dataclass(frozen=True, slots=True)
class InWords(Problem):
    """A problem that the pages have a sentence for."""

    key: str = ""
    """The sentence, in the room `pages`; `{words}` in it stands for what was written."""
    words: str = ""
    numbers: tuple[tuple[str, int], ...] = ()
    """What stands in its other places."""


def in_words(code: str, key: str, written: str = "", **numbers: int) -> InWords:
    """A problem with what somebody wrote, told in English to programs and on pages in the reader's language.

    >>> print(in_words("parameter", "wrong_bound", "many"))
    'many' is neither a number nor a date such as 2026-05
    """
    cut = written[:_CUT]
    message = words(DEFAULT)[key].format(words=repr(cut), **numbers)
    return InWords(code, message, key=key, words=cut, numbers=tuple(numbers.items()))


def absent(iri: str | None) -> Problem:
    """What is told of an address at which a release has nothing.

    >>> print(absent("https://e.org/id/lab"))
    https://e.org/id/lab: this release says nothing of it
    """
    message = "this release says nothing of it"
    if iri is None:
        return Problem("not-found", message)
    return InWords("not-found", message, iri=iri, key="absent", words=iri)


@dataclass(frozen=True, slots=True)
class Told:
    """One problem on a page."""

    cause: tuple[Piece, ...]
    cure: tuple[Piece, ...] = ()
    place: str = ""
    """Line and column, in the language of the page."""
    line: tuple[str, str, str] = ("", "", "")
    """The line of the query: what is before the mistake, the mistake, and what follows."""
    original: str = ""
    """The problem in English, where there is no cause, or one that only says what kind it is of."""


def tell(problems: Iterable[Problem], language: str) -> tuple[Told, ...]:
    """Problems in the language of a page.

    >>> from kg.errors import Position, QueryError
    >>> from kg.sparql.messages.told import explained
    >>> error = explained(QueryError("no", position=Position("query", 1)), "SELECT * WHER { }")
    >>> [("".join(piece.text for piece in told.cause), told.place, told.line) for told in tell(error.problems, "fr")]
    [("WHER n'est pas un mot de SPARQL", 'ligne 1, colonne 10 :', ('SELECT * ', 'WHER', ' { }'))]
    """
    return tuple(_told(problem, language) for problem in problems)


def wording_of(language: str) -> Wording:
    """The sentences by which mistakes in queries are told in one language.

    :raises KeyError: if pages are not made in it
    """
    comma = words(language)["comma"]
    return Wording(words(language, "causes"), words(language, "cures"), words(language, "expected"), comma)


def _told(problem: Problem, language: str) -> Told:
    where = problem.position
    place = "" if where is None else words(language)["place"].format(line=where.line, column=where.column or 1)
    if isinstance(problem, Explained):
        said = wording_of(language)
        return Told(problem.cause(said), problem.cure(said), place, problem.line)
    if isinstance(problem, InWords):
        return Told(_sentence(words(language)[problem.key], problem))
    kinds, english = words(language, "problems"), words(DEFAULT, "problems")
    cause = kinds.get(problem.code, "")
    if cause == english.get(problem.code):  # the problem itself says more
        cause = ""
    return Told((Piece(cause, is_code=False),) if cause else (), original=str(problem))


def _sentence(text: str, problem: InWords) -> tuple[Piece, ...]:
    before, named, after = text.partition("{words}")
    said = [Piece(part.format(**dict(problem.numbers)), is_code=False) for part in (before, after)]
    pieces = (said[0], Piece(problem.words, is_code=True), said[1]) if named else (said[0],)
    return tuple(piece for piece in pieces if piece.text)
