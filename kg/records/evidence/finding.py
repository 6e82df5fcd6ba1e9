"""Every place of a text that has some words: exactly, or written otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.records.model import Document
from kg.records.spelling import Difference
from kg.records.texts import Text

_AROUND: Final = 40
"""Characters of the text that are shown on either side."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place of a text that has the words that were looked for."""

    start: int
    end: int
    exact: str
    """The words as the text has them."""
    sentence: int | None
    """Number of the sentence that holds them, if the document has sentences and one holds them whole."""
    occurrence: int
    """The how-manieth place of just these characters it is, counted from 1."""
    of: int
    """How many places have just these characters."""
    before: str
    after: str
    goes_on: bool
    """Whether the text goes on behind `after`."""
    differences: tuple[Difference, ...]
    """What the text writes otherwise than the words that were looked for."""
    crosses: bool
    """Whether the document has sentences, and none of them holds the words whole."""


def find(document: Document, text: Text, words: str) -> Iterator[Found]:
    """Every place that has the words exactly, then those that have them but for spelling."""
    exact = places(text.characters, words)
    for at in exact:
        yield _found(document, text, (at, at + len(words)), ())
    taken = {(at, at + len(words)) for at in exact}
    for likeness in text.folded.find_all(words):
        if (likeness.start, likeness.end) not in taken:
            yield _found(document, text, (likeness.start, likeness.end), likeness.differences)


def matched(text: Text, words: str) -> str:
    """The longest beginning of the words, word by word, that the text has in any spelling.

    >>> matched(Text("It will cost about 40 million euros.", True), "about 40 million dollars")
    'about 40 million'
    """
    parts = words.split()
    known, unknown = 0, len(parts) + 1
    while unknown - known > 1:
        middle = (known + unknown) // 2
        if next(text.folded.find_all(" ".join(parts[:middle])), None) is None:
            unknown = middle
        else:
            known = middle
    return " ".join(parts[:known])


def places(text: str, words: str) -> list[int]:
    """Where the text has just these characters.

    >>> places("a quay, a quay", "quay")
    [2, 10]
    """
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    return found


def _found(document: Document, text: Text, span: tuple[int, int], differences: tuple[Difference, ...]) -> Found:
    start, end = span
    exact = text.characters[start:end]
    same = places(text.characters, exact)
    holding = (n for n, (first, last) in enumerate(document.sentences, 1) if first <= start and end <= last)
    return Found(
        start=start,
        end=end,
        exact=exact,
        sentence=(sentence := next(holding, None)),
        occurrence=same.index(start) + 1,
        of=len(same),
        before=text.characters[max(start - _AROUND, 0) : start],
        after=text.characters[end : end + _AROUND],
        goes_on=end + _AROUND < len(text.characters),
        differences=differences,
        crosses=bool(document.sentences) and sentence is None,
    )
