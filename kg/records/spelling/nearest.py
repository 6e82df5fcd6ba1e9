"""The words of a text that are nearest to words that it does not have: a slip of a letter, of a word, of a figure.

Words are compared as they are read (`kg.records.spelling`). An alignment of the words of a quote with those of the
text may begin and end anywhere in the text, as in P. H. Sellers, The theory and computation of evolutionary distances
(Journal of Algorithms 1, 1980). It is made only where rare words of the quote, or words like them, stand in the text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import takewhile
from re import finditer
from typing import Final

from kg.records.spelling import Folded

_AROUND_WORDS: Final = "[^\\s.,:;!?\"'()\\[\\]{}…-](?:\\S*[^\\s.,:;!?\"'()\\[\\]{}…-])?"
"""A word without the signs around it; signs within, as in 1,2, are part of it."""
_LONGEST: Final = 60
"""Words of a quote that are compared; the shapes of claims allow no quote that has more."""
_OFTEN: Final = 200
"""A word that stands more often in a text does not tell where a quote may stand."""
_TRIED: Final = 4
"""Places that are looked at closely."""
_FAR: Final = 0.45
"""What is farther than this part of its words from a quote is not near to it."""
_TOLD: Final = 3
"""Words that are told one by one."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Words of a text that are nearly those of a quote.

    >>> print(Nearest(0, 7, "one two", (("two", "tow"),)))
    nearest to it are the words at 0-7, 'one two': 'two', where the quote has 'tow'
    """

    start: int
    end: int
    exact: str
    changes: tuple[tuple[str, str], ...]
    """What the text has, and what the quote has instead; either may be empty."""

    def __str__(self) -> str:
        if not self.changes:
            return f"nearest to it are the words at {self.start}-{self.end}, {self.exact!r}: other signs between them"
        more = len(self.changes) - _TOLD
        told = "; ".join(_changed(*change) for change in self.changes[:_TOLD]) + (f"; {more} more" if more > 0 else "")
        return f"nearest to it are the words at {self.start}-{self.end}, {self.exact!r}: {told}"


def _changed(text: str, quote: str) -> str:
    if not quote:
        return f"{text!r}, which the quote lacks"
    return f"{text!r}, where the quote has {quote!r}" if text else f"no {quote!r}, which the quote has"


@dataclass(frozen=True, slots=True)
class _Word:
    plain: str
    start: int
    """Offset in the text that it stands in."""
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, as quotes that it does not have are compared with them."""

    text: str
    words: Sequence[_Word]
    places: Mapping[str, Sequence[int]]
    """For each word the numbers of those that are spelled so."""

    @classmethod
    def of(cls, folded: Folded) -> Words:
        """The words of a folded text."""
        words = tuple(_words(folded))
        places: defaultdict[str, list[int]] = defaultdict(list)
        for number, word in enumerate(words):
            places[word.plain].append(number)
        return cls(folded.text, words, dict(places))

    def nearest(self, quote: str) -> Nearest | None:
        """Where the text has most of the words of `quote`, the first of equals; None if it has too few of them.

        >>> words = Words.of(Folded.of("It will cost about 1,2 billion dirhams."))
        >>> str(words.nearest("cost about 1.2 billion"))
        "nearest to it are the words at 8-30, 'cost about 1,2 billion': '1,2', where the quote has '1.2'"
        >>> words.nearest("forty million euros") is None
        True
        """
        wanted = tuple(_words(Folded.of(quote)))[:_LONGEST]
        if not wanted:
            return None
        length = len(wanted)
        windows = [(max(at - length, 0), at + 2 * length) for at in self._candidates(wanted)]
        found = [_aligned(wanted, self.words[first:last], first) for first, last in windows]
        best = min(found, key=lambda one: (one.cost, one.first), default=None)
        if best is None or best.cost > length * _FAR or best.last <= best.first:
            return None
        start, end = self._span(best, wanted)
        changes = tuple(
            ("" if i is None else self._spelled(i), "" if j is None else quote[wanted[j].start : wanted[j].end])
            for i, j in best.changes
        )
        return Nearest(start, end, self.text[start:end], changes)

    def _span(self, found: _Alignment, wanted: Sequence[_Word]) -> tuple[int, int]:
        """Where the words stand; a quote may begin and end within a word, as behind an Arabic conjunction."""
        first, last = self.words[found.first], self.words[found.last - 1]
        start, end = first.start, last.end
        if first.plain != wanted[0].plain and first.plain.endswith(wanted[0].plain):
            start += Folded.of(self.text[first.start : first.end]).places[-len(wanted[0].plain)]
        if last.plain != wanted[-1].plain and last.plain.startswith(wanted[-1].plain):
            end = last.start + Folded.of(self.text[last.start : last.end]).place(len(wanted[-1].plain))
        return start, end

    def _spelled(self, number: int) -> str:
        return self.text[self.words[number].start : self.words[number].end]

    def _candidates(self, wanted: Sequence[_Word]) -> list[int]:
        """The numbers of words at which the quote may begin: those that most of its words speak for."""
        votes: Counter[int] = Counter()
        for number, word in enumerate(wanted):
            known = self.places.get(word.plain)
            for at in known if known is not None and len(known) <= _OFTEN else self._like(word.plain, known):
                votes[at - number] += 1
        # A word more or less in between moves what follows by one.
        near = {at: sum(votes[at + step] for step in (-2, -1, 0, 1, 2)) for at in votes}
        return nsmallest(_TRIED, near, key=lambda at: (-near[at], -votes[at], at))

    def _like(self, word: str, known: Sequence[int] | None) -> list[int]:
        """Places of words that are like one that the text does not have; none of one that it has all too often."""
        if known is not None:
            return []
        like = [other for other in self.places if _cost(word, other) < 1]
        closest = nsmallest(_TRIED, like, key=lambda other: (_cost(word, other), self.places[other][0]))
        return [at for other in closest for at in self.places[other][:_OFTEN]]


def _words(folded: Folded) -> Iterator[_Word]:
    for found in finditer(_AROUND_WORDS, folded.plain):
        yield _Word(found[0], folded.place(found.start()), folded.place(found.end()))


def _cost(one: str, other: str) -> float:
    """0 for equal words, 1 for different ones; less for those that begin and end alike."""
    if one == other:
        return 0
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if longer[0] != shorter[0] and longer[-1] != shorter[-1]:
        return 1
    begin = _shared(longer, shorter)
    end = _shared(longer[begin:][::-1], shorter[begin:][::-1])
    alike = (begin + end) / len(longer)
    return 1 - alike if alike >= 0.5 else 1  # noqa: PLR2004 -- half of it


def _shared(one: str, other: str) -> int:
    """With how many equal characters two texts begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@dataclass(frozen=True, slots=True)
class _Alignment:
    """Words of a text, from the number `first` to `last`, beside those of a quote."""

    cost: float
    first: int
    last: int
    changes: tuple[tuple[int | None, int | None], ...]
    """Words that differ, by their numbers in the text and in the quote; None where one has none."""


def _aligned(wanted: Sequence[_Word], words: Sequence[_Word], offset: int) -> _Alignment:
    """The cheapest alignment of all of `wanted` with some of `words`, the first of which has the number `offset`."""
    costs = [[_cost(word.plain, other.plain) for other in words] for word in wanted]
    costs[0] = [
        0 if other.plain.endswith(wanted[0].plain) else cost for other, cost in zip(words, costs[0], strict=True)
    ]
    ends = [
        0 if other.plain.startswith(wanted[-1].plain) else cost for other, cost in zip(words, costs[-1], strict=True)
    ]
    costs[-1] = ends
    rows = [[0.0] * (len(words) + 1)]
    for j in range(len(wanted)):
        row = [j + 1.0]
        for i in range(len(words)):
            row.append(min(rows[j][i] + costs[j][i], rows[j][i + 1] + 1, row[i] + 1))
        rows.append(row)
    last = min(range(len(words) + 1), key=lambda i: (rows[-1][i], i))
    i, j, changes = last, len(wanted), list[tuple[int | None, int | None]]()
    while j:
        here = rows[j][i]
        cost = costs[j - 1][i - 1] if i else 1
        if i and here == rows[j - 1][i - 1] + cost:
            i, j = i - 1, j - 1
            if cost:
                changes.append((offset + i, j))
        elif here == rows[j - 1][i] + 1:
            j -= 1
            changes.append((None, j))
        else:
            i -= 1
            changes.append((offset + i, None))
    return _Alignment(rows[-1][last], offset + i, offset + last, tuple(reversed(changes)))
