"""What is wrong with a query: every cause is proved by its cure before it is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final, TypeAlias

from kg.sparql.messages.brackets import bare_expressions, bare_groups, is_left_open, unmatched
from kg.sparql.messages.judging import Verdict, expected, judge
from kg.sparql.messages.mistake import Detector, Edit, Kind, Mistake, before, cured, named
from kg.sparql.messages.prefixes import bare_iris, declarations, undeclared_prefixes
from kg.sparql.messages.products import foreign_names, given
from kg.sparql.messages.reading import ENDING, Reading, read
from kg.sparql.messages.statements import separators, trailing
from kg.sparql.messages.strays import signs_in_words, strays
from kg.sparql.messages.words import missing_words, signs, unknown_words

_DETECTORS: Final[tuple[Detector, ...]] = (
    strays,
    signs_in_words,
    bare_iris,
    declarations,
    foreign_names,
    undeclared_prefixes,
    signs,
    unknown_words,
    bare_expressions,
    unmatched,
    bare_groups,
    separators,
    missing_words,
    trailing,
)
"""In this order: what stands before explains what comes later."""
_Progress: TypeAlias = tuple[int, int, int, int]
_LONGEST: Final = 12_000
"""Characters of a query that is looked at; for a longer one only the place is told."""
_WORK: Final = 100_000
"""Characters that are read again in all, to prove cures."""
_MOST: Final = 10
"""Mistakes of one query that are told."""


def find(text: str, base: str | None = None) -> tuple[Mistake, ...]:
    """The mistakes of a query, escapes resolved, in the order in which they were found; none if it is right.

    A cause is named if its cure, after those before it, lets the query be read to its end, or, for what is a mistake
    whatever else there is, further than before. If there is none such, the place is told, and what may stand there.

    >>> [mistake.words for mistake in find("SELECT * WHER { ?x foaf:name ?n ")]
    ['word-near', 'prefix-known', 'bracket-unclosed']
    """
    return _Search(text, base).found()


def correct(text: str, base: str | None = None) -> str | None:
    """A mistaken query, escapes resolved, with the cures of all its mistakes; None if they do not make it right.

    >>> correct("SELECT * WHER { ?x ?y ?z")
    'SELECT * WHERE { ?x ?y ?z} '
    """
    search = _Search(text, base)
    search.found()
    return search.right


class _Search:
    """One search; it ends when its work is done or spent."""

    def __init__(self, text: str, base: str | None) -> None:
        self._given = given(read(text, base))
        self._text, self._base, self._work = cured(text, self._given), base, _WORK
        self._first = read(self._text, base)
        self.right: str | None = None
        """The text with every cure, once it is right."""

    def found(self) -> tuple[Mistake, ...]:
        """The mistakes."""
        reading, verdict = self._first, judge(self._first)
        start = verdict
        chosen: list[tuple[Mistake, Mistake]] = []
        cures = [self._given]
        while not verdict.is_right and len(chosen) < _MOST and len(self._text) <= _LONGEST:
            step = self._step(reading, verdict)
            if step is None:
                break
            mistake, following, after = step
            chosen.append((mistake, _moved(mistake, cures)))
            cures.append(mistake.cure)
            reading, verdict = following, after
        if verdict.is_right and chosen:
            self.right = reading.text
            return tuple(moved for _, moved in chosen)
        sure = [moved for mistake, moved in chosen if mistake.certain]
        sure += [] if sure else self._left(reading, verdict, cures)
        if verdict.is_right and not chosen:
            return ()
        return tuple(sure) or (_moved(self._unreadable(start), cures[:1]),)

    def _step(self, reading: Reading, verdict: Verdict) -> tuple[Mistake, Reading, Verdict] | None:
        """The likeliest mistake of a text, the text without it, and how far that can be read."""
        rivals: list[Mistake] = []
        best: tuple[_Progress, Mistake, Reading, Verdict] | None = None
        for mistake in self._candidates(reading, verdict):
            if not mistake.cure:
                continue
            following = read(cured(reading.text, mistake.cure), self._base)
            if len(following.text) > self._work:
                break
            self._work -= len(following.text)
            after = judge(following)
            progress = _progress(after, mistake.cure)
            if progress <= _progress(verdict, ()):
                continue
            if after.is_right and mistake.kind is not Kind.SEPARATOR:
                return mistake, following, after
            if after.is_right:
                rivals.append(mistake)
            elif rivals or (best is not None and best[1].certain and not _is_variant(best[1], mistake)):
                break
            if best is None or mistake.certain > best[1].certain or progress > best[0]:
                best = progress, mistake, following, after
        if best is None:
            return None
        _, chosen, following, after = best
        return _one_of(rivals) if rivals else chosen, following, after

    @staticmethod
    def _candidates(reading: Reading, verdict: Verdict) -> Iterable[Mistake]:
        if verdict.is_read:
            return verdict.mistakes
        found = chain.from_iterable(detector(reading, verdict.place) for detector in _DETECTORS)
        if is_left_open(reading, verdict.place):
            return (mistake for mistake in found if mistake.kind is not Kind.SEPARATOR)
        return found

    def _left(self, reading: Reading, verdict: Verdict, cures: list[tuple[Edit, ...]]) -> Iterator[Mistake]:
        """What is a mistake whatever else there is, and could not be proved by a cure."""
        for mistake in self._candidates(reading, verdict):
            if mistake.certain:
                yield _moved(mistake, cures)
                return

    def _unreadable(self, verdict: Verdict) -> Mistake:
        reading = self._first
        token = reading.token(reading.index(verdict.place))
        may = () if len(self._text) > _LONGEST else expected(reading, verdict.place)
        told = named(token=reading.shown(token), expected=" ".join(may), cure="SELECT * { ?s ?p ?o } LIMIT 10")
        words = "empty" if not reading.tokens else "unfinished" if token is ENDING else "unreadable"
        last = reading.tokens[-1].end if reading.tokens else 0
        start, end = (last, last) if token is ENDING else (verdict.place, token.end)
        return Mistake(Kind.UNREADABLE, words, start, end, told, certain=True)


def _progress(verdict: Verdict, edits: tuple[Edit, ...]) -> _Progress:
    """How good a text is, so that it can be compared with the text before the edits."""
    if verdict.is_read:
        return 0, 1, -len(verdict.mistakes), 0
    return -verdict.strays, 0, 0 if verdict.strays else before(verdict.place, edits), -verdict.left_open


def _one_of(rivals: list[Mistake]) -> Mistake:
    """One mistake for several signs each of which makes a query right: nobody can tell which is meant."""
    operator = next((rival for rival in rivals if rival.words == "separator-operator"), None)
    if operator is not None:  # the signs of a path are operators there
        rivals = [rival for rival in rivals if rival.words != "separator-path"]
    if len(rivals) == 1:
        return rivals[0]
    signs = " ".join(dict.fromkeys(dict(rival.named)["sign"] for rival in rivals))
    first = min(rivals, key=lambda rival: rival.start)
    end = max(rival.end for rival in rivals)
    return replace(first, words="separator-any", end=end, named=(*first.named, *named(expected=signs)))


def _is_variant(one: Mistake, other: Mistake) -> bool:
    """Whether two are the same mistake with other cures."""
    return (one.words, one.start) == (other.words, other.start)


def _moved(mistake: Mistake, cures: list[tuple[Edit, ...]]) -> Mistake:
    """A mistake at its place in the text as it was written, before the cures of others."""
    start, end = mistake.start, mistake.end
    for edits in reversed(cures):
        start, end = before(start, edits), before(end, edits)
    return replace(mistake, start=start, end=max(start, end))
