"""What is asked of an index, read from what a person or a query writes, and as the index wants it.

All words must be there. `OR` between two leaves the choice, `NOT` or a minus before one forbids it, quotation marks
hold words together, and an asterisk behind a word stands for any ending. Nothing else means anything: signs part words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from kg.errors import QueryError
from kg.search.words import SMALL, Word, words_of

LONGEST: Final = 1_000
"""Characters of a question."""
MOST: Final = 32
"""Words of a question."""
_LEAST_OPENING: Final = 2
"""Letters before an asterisk."""
_PARTS: Final = re.compile(r'"([^"]*+)"?+|(\S++)')
_QUOTES: Final = str.maketrans(dict.fromkeys("«»“”„‟″＂", '"'))
_FORMS: Final = "{name text}"
_ALL: Final = "{name name_stem text text_stem}"


class TextQueryError(QueryError):
    """The words that are looked for are too many, or none."""

    code = "text-query"


@dataclass(frozen=True, slots=True)
class Part:
    """Words that are looked for together."""

    words: tuple[Word, ...]
    together: bool = False
    """Whether they must stand one after the other."""
    open: bool = False
    """Whether the last one may have any ending."""

    @property
    def small(self) -> bool:
        """Whether most texts have it."""
        return not (self.together or self.open) and all(word.form in SMALL for word in self.words)

    def matched(self) -> str:
        """The part as FTS5 matches it; nothing but letters and digits of ours stands in the quotation marks."""
        forms = " ".join(word.form for word in self.words)
        exact = f'{_FORMS} : "{forms}"{" *" if self.open else ""}'
        if self.together or len(self.words) > 1:
            return exact
        stems = dict.fromkeys(stem for word in self.words for stem in (word.form, *word.stems))
        loose = " OR ".join(f'"{stem}"' for stem in stems)
        return f"({exact} OR {_ALL} : ({loose}))" if self.open else f"{_ALL} : ({loose})"


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: every one of `wanted`, each with alternatives, and none of `unwanted`."""

    wanted: tuple[tuple[Part, ...], ...]
    unwanted: tuple[Part, ...] = ()

    @property
    def words(self) -> tuple[Word, ...]:
        """All words that a text may be found by."""
        return tuple(word for choice in self.wanted for part in choice for word in part.words)

    def matched(self) -> str:
        """The question as FTS5 matches it."""
        choices = [_either(part.matched() for part in choice) for choice in self.wanted]
        without = "".join(f" NOT {part.matched()}" for part in self.unwanted)
        return f"({' AND '.join(choices)}){without}"


def read_question(text: str, language: str = "") -> Question:
    """Read what somebody looks for; `language` is that of the words, if it is known.

    :raises TextQueryError: if it is too long, has too many words, or none that a text could have

    >>> read_question('"10.8" ministries').matched()
    '(({name text} : "10 8") AND ({name name_stem text text_stem} : ("ministries" OR "ministr" OR "ministri")))'
    >>> read_question("Rabat OR Fez").matched()
    '(({name name_stem text text_stem} : ("rabat") OR {name name_stem text text_stem} : ("fez")))'
    """
    if len(text) > LONGEST:
        raise TextQueryError(f"{len(text)} characters are looked for, where {LONGEST} are allowed", hint="ask for less")
    wanted: list[list[Part]] = []
    unwanted: list[Part] = []
    forbidden = joined = False
    for part in _parts(text, language):
        if part is None or isinstance(part, str):
            forbidden, joined = part == "NOT", part == "OR" and bool(wanted)
            continue
        if forbidden:
            unwanted.append(part)
        elif joined:
            wanted[-1].append(part)
        else:
            wanted.append([part])
        forbidden = joined = False
    if sum(len(part.words) for choice in (*wanted, unwanted) for part in choice) > MOST:
        raise TextQueryError(f"more than {MOST} words are looked for", hint="ask for less")
    kept = [choice for choice in wanted if not all(part.small for part in choice)] or wanted
    if not kept:
        raise TextQueryError("no word is looked for", hint="give letters or digits")
    return Question(tuple(map(tuple, kept)), tuple(unwanted))


def _parts(text: str, language: str) -> Iterator[Part | str | None]:
    """The parts in their order, and between them the operators."""
    # `'...'` is how Virtuoso quotes a phrase: a mark within a word, as in l'école, is none.
    plain = re.sub(r"(?<!\S)'([^']*+)'(?!\S)", r'"\1"', text.translate(_QUOTES))
    for phrase, chunk in _PARTS.findall(plain):
        if chunk in {"AND", "OR", "NOT"}:
            yield chunk
            continue
        if chunk.startswith("-") and chunk.strip("-*"):
            yield "NOT"
        words = tuple(words_of(phrase or chunk, language))
        ending = chunk.endswith("*") and bool(words)
        if ending and len(words[-1].form) < _LEAST_OPENING:
            hint = "give two letters or more before an asterisk"
            raise TextQueryError(f"{chunk!r} would stand for too many words", hint=hint)
        if words:
            yield Part(words, together=bool(phrase) or len(words) > 1, open=ending)


def _either(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"
