"""The rows of an answer that have some words: looked for in all of them, in what a page shows of each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kg.folding import fold
from server.lookup import Label, Row, Term
from server.pages.phrases.literals import worded
from server.pages.querying.arranging import MOST_NAMED, Names, Table

MOST_FILTERED: Final = 100_000
"""Cells of an answer in which words are looked for; in more of them a query itself looks for them."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a page says values: the words for truth and falsehood, its language, and what stands for nameless things."""

    yes: str
    no: str
    language: str
    short: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows that have the words, in the order of the answer."""

    table: Table
    total: int
    """How many rows the answer has."""
    is_filtered: bool = True
    """Whether they were looked for: not in more than `MOST_FILTERED` cells."""
    by_names: bool = True
    """Whether they were looked for in what stands for things, and not in their IRIs, which they are of many things."""


def keep(table: Table, words: str, names: Names | None, said: Said) -> Kept:
    """The rows that have all the words, each somewhere in it, in one form of letters, marks and digits.

    `names` gives the names by which things are shown, None where they are shown by their IRIs.
    """
    sought, total = fold(words).split(), len(table.raw)
    if not sought:
        return Kept(table, total)
    if total * len(table.columns) > MOST_FILTERED:
        return Kept(table, total, is_filtered=False)
    things = {it.name for row in table.raw for it in table.read(row).values() if it.kind in {"iri", "blank"}}
    by_names = len(things) <= MOST_NAMED
    known = names(frozenset(things)) if by_names and names is not None else {}
    texts = _Texts(known, said if by_names else replace(said, short=str))
    raw = [row for row in table.raw if _has(sought, table.columns, table.read(row), texts)]
    return Kept(table.with_rows(raw), total, by_names=by_names)


def _has(sought: Sequence[str], columns: Sequence[str], row: Row, texts: _Texts) -> bool:
    # A word never goes over from one cell to the next.
    text = "\n".join(texts.of(row[name]) for name in columns if name in row)
    return all(word in text for word in sought)


class _Texts:
    """What cells say, in one form; of equal ones it is found once."""

    def __init__(self, known: Mapping[str, Label], said: Said) -> None:
        self._known, self._said = known, said
        self._found: dict[Term, str] = {}

    def of(self, term: Term) -> str:
        """The folded text of a term."""
        text = self._found.get(term)
        if text is None:
            text = self._found[term] = "\n".join(map(fold, self._shown(term)))
        return text

    def _shown(self, term: Term) -> Iterator[str]:
        said = self._said
        match term.kind:
            case "iri" | "blank":
                label = self._known.get(term.name)
                yield label.text if label else said.short(term.name)
            case "literal":
                yield term.value
                if term.datatype and (words := worded(term, said.yes, said.no, said.language)) is not None:
                    yield words
            case "triple":
                yield term.value
            case _:
                raise ValueError(term.kind)
