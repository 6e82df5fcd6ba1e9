"""A text in passages, as a page shows it: each with the claims whose words begin there, and its words in segments.

Words of several claims may overlap: a segment is what has the same claims from its first character to its last.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from server.direction import direction_of

LONGEST: Final = 1_200
"""Characters of a passage; a longer paragraph is divided, where sentences end if they do."""
FULL: Final = 5_000
"""Characters of a page."""
_PARAGRAPH: Final = re.compile(r"[^\n\r\u2028\u2029]*\S[^\n\r\u2028\u2029]*")
_SENTENCE: Final = re.compile(r"[.!?؟۔。][\"'”»)\]]*\s+")
_STRONG: Final = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_BLANKS: Final = 100
_LOOKED_AT: Final = 2_000
"""Characters by which the direction of a passage is told."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where the words of a claim stand, in characters; the end is behind the last one."""

    number: int
    """Of the claim on all pages of the document, from 1."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a text, with the numbers of the claims that are shown beside it."""

    start: int
    end: int
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that carry the same claims."""

    text: str
    numbers: tuple[int, ...]
    """Of the claims that they carry."""
    ended: tuple[int, ...]
    """Of those whose words end here."""


def divided(text: str) -> Iterator[Passage]:
    """The paragraphs of a text, or parts of them, without the blanks around.

    >>> [("One. Two.\\n\\nThree.")[it.start : it.end] for it in divided("One. Two.\\n\\nThree.")]
    ['One. Two.', 'Three.']
    """
    for found in _PARAGRAPH.finditer(text):
        start, end = found.span()
        while end - start > LONGEST:
            cut = _cut(text, start, start + LONGEST)
            yield Passage(start, cut)
            start = cut
        yield Passage(start, end)


def _cut(text: str, start: int, end: int) -> int:
    """Where a paragraph is divided: behind a sentence in the second half, else at a blank, else anywhere."""
    half = (start + end) // 2
    sentences = [found.end() for found in _SENTENCE.finditer(text, half, end)]
    blank = text.rfind(" ", half, end) + 1
    return sentences[-1] if sentences else blank or end


def pages(text: str, spans: Sequence[Span], rest: Sequence[int], most: int) -> list[tuple[Passage, ...]]:
    """A text on pages, each with `most` claims at most, and some `FULL` characters.

    A passage with more claims stands on several pages. Claims without words in the text, the `rest`, come last.

    :param spans: by their starts
    """
    found: list[tuple[Passage, ...]] = []
    page: list[Passage] = []
    held = size = reach = 0
    for passage in _with_claims(text, spans, rest, most):
        is_full = size + passage.end - passage.start > FULL and (reach <= passage.start or size > 2 * FULL)
        if page and (is_full or held + len(passage.numbers) > most):
            found.append(tuple(page))
            page, held, size, reach = [], 0, 0, 0
        page.append(passage)
        held, size = held + len(passage.numbers), size + passage.end - passage.start
        # Words that go on in the next passage are not torn apart.
        reach = max([reach, *(spans[n - 1].end for n in passage.numbers if n <= len(spans))])
    return [*found, tuple(page)] if page else found


def _with_claims(text: str, spans: Sequence[Span], rest: Sequence[int], most: int) -> Iterator[Passage]:
    place = 0
    for part in divided(text):
        first = place
        while place < len(spans) and spans[place].start < part.end:
            place += 1
        numbers = tuple(span.number for span in spans[first:place])
        for begin in range(0, len(numbers) or 1, most):
            yield Passage(part.start, part.end, numbers[begin : begin + most])
    left = (*(span.number for span in spans[place:]), *rest)
    for begin in range(0, len(left), most):
        yield Passage(len(text), len(text), left[begin : begin + most])


def segments(text: str, passage: Passage, spans: Sequence[Span]) -> tuple[Segment, ...]:
    """The words of a passage, divided where the words of a claim begin or end.

    >>> spans = (Span(1, 0, 7), Span(2, 4, 9))
    >>> [(it.text, it.numbers) for it in segments("one two 3 four", Passage(0, 14), spans)]
    [('one ', (1,)), ('two', (1, 2)), (' 3', (2,)), (' four', ())]
    """
    here = [span for span in spans if span.start < passage.end and span.end > passage.start]
    edges = {at for span in here for at in (span.start, span.end) if passage.start < at < passage.end}
    found = []
    for start, end in pairwise(sorted({passage.start, passage.end, *edges})):
        over = tuple(span.number for span in here if span.start <= start and span.end >= end)
        # Words that end in the blanks behind a passage end with it.
        last = {end} if end < passage.end else set(range(end, passage.end + _BLANKS))
        ended = tuple(it.number for it in here if it.end in last and not text[end : it.end].strip())
        found.append(Segment(text[start:end], over, ended))
    return tuple(found)


def direction_in(text: str, language: str) -> str:
    """The direction of a passage of a text in a language: that of the language, unless no letter of it runs so.

    >>> [direction_in(text, "ar") for text in ("AI: قال الوزير", "a quote in English", "2030")]
    ['rtl', 'ltr', 'rtl']
    """
    usual = direction_of(language)
    if usual == "auto":
        return usual
    runs = {_STRONG[kind] for kind in map(unicodedata.bidirectional, text[:_LOOKED_AT]) if kind in _STRONG}
    return next(iter(runs)) if len(runs) == 1 else usual
