"""Where in a text the words stand that it was found by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.search.questions import Question
from kg.search.words import Word, pieces, words_of

EXCERPT: Final = 240
"""Characters of a long text that are shown."""
_BEFORE: Final = 60
"""Characters of them before the first word that was found."""
_LONGEST: Final = 100_000
"""Characters of a text in which words are looked for."""
_CUT: Final = "…"


@dataclass(frozen=True, slots=True)
class Sought:
    """The forms and stems of a question, for comparison with the words of a text."""

    forms: frozenset[str]
    stems: frozenset[str]
    openings: tuple[str, ...]

    @classmethod
    def of(cls, question: Question) -> Sought:
        """What a text may have been found by."""
        parts = [part for choice in question.wanted for part in choice]
        forms = {word.form for part in parts for word in part.words}
        loose = [word for part in parts if not part.together for word in part.words]
        stems = {stem for word in loose for stem in (word.form, *word.stems)}
        return cls(frozenset(forms), frozenset(stems), tuple(part.words[-1].form for part in parts if part.open))

    def has(self, words: tuple[Word, ...]) -> bool:
        """Whether one of the words is looked for."""
        return any(
            word.form in self.forms
            or not self.stems.isdisjoint((word.form, *word.stems))
            or word.form.startswith(self.openings or ("\0",))
            for word in words
        )


def marked(text: str, sought: Sought, language: str = "") -> tuple[tuple[str, bool], ...]:
    """A text in parts, each with whether it was found.

    >>> from kg.search.questions import read_question
    >>> marked("L'École de la Santé", Sought.of(read_question("ecoles sante")), "fr")
    (("L'", False), ('École', True), (' de la ', False), ('Santé', True))
    """
    return tuple(_joined(_parted(text, sought, language)))


def _parted(text: str, sought: Sought, language: str) -> Iterator[tuple[str, bool]]:
    last = 0
    for start, end in pieces(text[:_LONGEST]):
        if sought.has(tuple(words_of(text[start:end], language))):
            yield text[last:start], False
            yield text[start:end], True
            last = end
    yield text[last:], False


def _joined(parts: Iterator[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Words that follow one another as one part, and no empty ones."""
    held, was = "", False
    for part, found in parts:
        if found is was or (was and len(part) == 1 and not part.isalnum()):
            held += part
        elif part:
            if held:
                yield held, was
            held, was = part, found
    if held:
        yield held, was


def excerpt(parts: tuple[tuple[str, bool], ...], length: int = EXCERPT) -> tuple[tuple[str, bool], ...]:
    """The part of a marked text about the first word that was found, with dots where it is cut.

    >>> excerpt((("a" * 300 + " ", False), ("word", True), (" and more", False)), 20)
    (('… ', False), ('word', True), (' and more', False))
    """
    if sum(len(text) for text, _ in parts) <= length:
        return parts
    first = next((place for place, (_, found) in enumerate(parts) if found), 0)
    before = "".join(text for text, _ in parts[:first])
    kept = before[-min(_BEFORE, length // 4) :] if len(before) > min(_BEFORE, length // 4) else before
    shown: list[tuple[str, bool]] = []
    if kept != before:
        kept = _CUT + (kept[kept.find(" ") :] if " " in kept else kept)
    if kept:
        shown.append((kept, False))
    room = length - len(kept)
    for text, found in parts[first:]:
        if room <= 0:
            break
        shown.append((text if len(text) <= room else f"{text[:room].rstrip()}{_CUT}", found))
        room -= len(text)
    return tuple(shown)
