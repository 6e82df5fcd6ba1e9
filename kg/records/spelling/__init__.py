"""Words that a reader takes for the same, written in two ways: where a text has them, and what is different.

A quote is right only to the character (Web Annotation Data Model, section 4.2.4). What a person sees is less than
that: marks of direction, kinds of spaces, digits of two scripts and composed letters look alike on a screen. So a
quote that does not hold is looked for once more without them, and the error names each place that is different.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Final

from kg.folding import SPELLINGS

_IGNORABLE: Final = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Characters that are not seen: Default_Ignorable_Code_Point of the Unicode Character Database."""
_SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys("‘’‚‛ʼʻʽʹ′`´ˋˊ‹›＇", "'"),
        **dict.fromkeys("“”„‟«»″〝〞〟＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－⁃", "-"),
        **dict.fromkeys("،٬", ","),
        **dict.fromkeys("٫۔", "."),
        "؛": ";",
        "؟": "?",
        "٪": "%",
        "٭": "*",
    }
)
"""Signs that stand for one another: those of the typographer and of the typewriter, the Arabic and the Latin."""
_CONTROLS: Final[Mapping[str, str]] = MappingProxyType(
    {"\t": "tab", "\n": "line feed", "\r": "carriage return", "\x85": "next line"}
)
_SCRIPTS: Final = ("Arabic", "Latin", "Greek", "Cyrillic", "Hebrew", "Tifinagh", "Indic", "Persian")
_TOLD: Final = 3
"""Differences of one quote that are told one by one."""


def is_ignorable(character: str) -> bool:
    """Whether a character is not seen: marks of direction, soft hyphens, joiners, spaces without width.

    >>> is_ignorable("\\u200f"), is_ignorable("\\u0640")
    (True, False)
    """
    place = bisect_right(_IGNORABLE, (ord(character), 0x110000))
    return place > 0 and ord(character) <= _IGNORABLE[place - 1][1]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where a text writes words otherwise than a quote does.

    >>> print(Difference(12, "\\u200f", ""))
    a right-to-left mark at 12, which the quote lacks
    >>> print(Difference(3, "٢", "2"))
    an Arabic-Indic digit two at 3, where the quote has a digit two
    >>> print(Difference(3, "é", "e\\u0301"))
    the composition of 'é' at 3 (equal after NFC)
    """

    offset: int
    """Code points of the text before it."""
    text: str
    """What the text has there; empty if it has nothing."""
    quote: str
    """What the quote has instead; empty if it has nothing."""

    def __str__(self) -> str:
        if not self.quote:
            return f"{named(self.text)} at {self.offset}, which the quote lacks"
        if not self.text:
            return f"{named(self.quote)} in the quote, which the text lacks at {self.offset}"
        composed = unicodedata.normalize("NFC", self.text)
        if composed == unicodedata.normalize("NFC", self.quote):
            return f"the composition of {composed!r} at {self.offset} (equal after NFC)"
        return f"{named(self.text)} at {self.offset}, where the quote has {named(self.quote)}"


def told(differences: Sequence[Difference]) -> str:
    """The first differences in words, and how many more there are."""
    more = len(differences) - _TOLD
    others = f"; and {more} more" if more > 0 else ""
    return "; ".join(map(str, differences[:_TOLD])) + others


@dataclass(frozen=True, slots=True)
class Likeness:
    """Where a text has the words of a quote, written otherwise."""

    start: int
    end: int
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        return f"equal but for {told(self.differences)}; the text has these words at {self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Folded:
    """A text as it is compared: without what is not seen, and one spelling for those that are read alike."""

    text: str
    plain: str
    """The spelling that is compared."""
    places: Sequence[int]
    """For each character of `plain`, the offset in `text` of the character that it comes from."""

    @classmethod
    def of(cls, text: str) -> Folded:
        """Fold a text.

        >>> Folded.of("l’été\\u00a0\\n٢٠٣٠").plain
        "l'ete 2030"
        """
        plain: list[str] = []
        places: list[int] = []
        for place, character in enumerate(text):
            for part in _plain(character):
                if part != " " or plain[-1:] != [" "]:
                    plain.append(part)
                    places.append(place)
        return cls(text, "".join(plain), places)

    def find(self, quote: str, near: int) -> Likeness | None:
        """Where the text has the words of `quote`, as close to the offset `near` as can be; None if nowhere.

        >>> print(Folded.of("in March\\u200f 2031").find("March 2031", 3))
        equal but for a right-to-left mark at 8, which the quote lacks; the text has these words at 3-14
        """
        wanted = Folded.of(quote)
        if not wanted.plain.strip():
            return None
        found = self._nearest(wanted.plain, near)
        return None if found is None else _compared(self, found, wanted)

    def find_all(self, quote: str) -> Iterator[Likeness]:
        """Every place where the text has the words of `quote`, in the order of the text; blanks at its ends are none.

        >>> [(one.start, one.end) for one in Folded.of("Mars ٢٠٣٠, mars 2030").find_all(" MARS 2030")]
        [(0, 9), (11, 20)]
        """
        wanted = Folded.of(quote.strip())
        if wanted.plain.strip():
            for at in self._from(wanted.plain, 0, len(self.plain)):
                yield _compared(self, at, wanted)

    def _nearest(self, plain: str, near: int) -> int | None:
        """Where `plain` stands nearest to the offset `near`, looked for outwards from there."""
        middle = bisect_left(self.places, near)
        before = next(self._before(plain, middle), None)
        # No further than where a place would be farther than the one before.
        far = len(self.text) if before is None else 2 * near - self.places[before]
        after = next(self._from(plain, middle, bisect_right(self.places, far) + len(plain)), None)
        found = [at for at in (before, after) if at is not None]
        return min(found, key=lambda at: abs(self.places[at] - near), default=None)

    def starts(self, index: int) -> bool:
        """Whether a character of the text begins with the character `index` of `plain`, or the text ends there."""
        return index in {0, len(self.plain)} or self.places[index] != self.places[index - 1]

    def place(self, index: int) -> int:
        """The offset of the character that the character `index` of `plain` comes from, or the end of the text."""
        return self.places[index] if index < len(self.plain) else len(self.text)

    def _before(self, plain: str, middle: int) -> Iterator[int]:
        """Where whole characters spell `plain`, from `middle` backwards; what begins at `middle` is none of them."""
        at = self.plain.rfind(plain, 0, middle + len(plain) - 1)
        while at >= 0:
            if self.starts(at) and self.starts(at + len(plain)):
                yield at
            at = self.plain.rfind(plain, 0, at + len(plain) - 1)

    def _from(self, plain: str, middle: int, end: int) -> Iterator[int]:
        """The same from `middle` onwards, as far as `end`."""
        at = self.plain.find(plain, middle, end)
        while at >= 0:
            if self.starts(at) and self.starts(at + len(plain)):
                yield at
            at = self.plain.find(plain, at + 1, end)


def named(characters: str) -> str:
    """Characters by their names in Unicode, which no font and no direction can hide.

    >>> named("\\u00a0"), named("..."), named("\\n")
    ('a no-break space', "'...'", 'a line feed')
    """
    if len(characters) > 1 and characters.isascii() and characters.isprintable():
        return repr(characters)
    return " and ".join(map(_named, characters))


def _named(character: str) -> str:
    name = _CONTROLS.get(character) or unicodedata.name(character, "").lower()
    if not name:
        return f"U+{ord(character):04X}"
    for script in _SCRIPTS:
        name = name.replace(script.lower(), script)
    return f"{'an' if name[0] in 'aeioAEIO' else 'a'} {name}"


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """What a character is compared as: nothing, if it is not seen or a mark on another one."""
    if character in _SIGNS:
        return _SIGNS[character]
    # Case folding may compose anew what decomposition took apart.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(map(_bare, decomposed))


def _bare(character: str) -> str:
    if ord(character) in SPELLINGS:
        return SPELLINGS[ord(character)]
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] == "M" or is_ignorable(character):
        return ""
    return " " if character.isspace() else _SIGNS.get(character, character)


# --- what is different where two texts are read alike

_Parts = list[tuple[str, int]]
"""Characters of a canonical decomposition, each with the offset of the character that it is part of."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a text: what is compared of it, and what follows that and is not."""

    text: str
    at: int
    compared: _Parts
    rest: _Parts

    @classmethod
    def of(cls, folded: Folded, first: int, last: int) -> _Piece:
        """What the characters from `first` to `last` of `plain` come from."""
        begins, ends = folded.place(first), folded.place(last)
        parts = _decomposed(folded.text[begins:ends], begins)
        places = set(folded.places[first:last])
        cut = 1 + max((i for i, (part, place) in enumerate(parts) if place in places and _plain(part)), default=0)
        return cls(folded.text[begins:ends], begins, parts[:cut], parts[cut:])

    def as_far_as(self, quote: _Piece) -> _Piece:
        """Without what follows and is no part of the quote that ends here."""
        rest = _as_far_as(self.rest, quote.rest, {place for _, place in self.compared})
        ends = 1 + max(place for _, place in (*self.compared, *rest))
        return _Piece(self.text[: ends - self.at], self.at, self.compared, rest)

    def differences(self, quote: _Piece) -> Iterator[Difference]:
        """What the piece of a quote that is read alike is written otherwise."""
        changed = False
        following = self.rest[0][1] if self.rest else self.at + len(self.text)
        for found, wanted, end in (
            (self.compared, quote.compared, following),
            (self.rest, quote.rest, self.at + len(self.text)),
        ):
            for difference in _differences(found, wanted, end):
                changed = True
                yield difference
        if not changed and self.text != quote.text:
            yield Difference(self.at, self.text, quote.text)


def _compared(text: Folded, at: int, quote: Folded) -> Likeness:
    """Both cut where a character of either begins; each piece is compared on its own."""
    cuts = [i for i in range(len(quote.plain) + 1) if text.starts(at + i) and quote.starts(i)]
    start, differences = _before(text, at, quote)
    end = start
    for first, last in pairwise(cuts):
        wanted = _Piece.of(quote, first, last)
        found = _Piece.of(text, at + first, at + last)
        if last == len(quote.plain):
            found = found.as_far_as(wanted)
        end = found.at + len(found.text)
        differences.extend(found.differences(wanted) if found.text != wanted.text else ())
    return Likeness(start, end, tuple(differences))


def _before(text: Folded, at: int, quote: Folded) -> tuple[int, list[Difference]]:
    """What a quote begins with and is not compared, beside what the text has there; and where that starts."""
    begins, ends = text.places[at - 1] + 1 if at else 0, text.places[at]
    wanted = _decomposed(quote.text[: quote.places[0]], 0)
    found = _as_far_as(_decomposed(text.text[begins:ends], begins)[::-1], wanted[::-1], set())[::-1]
    return min((place for _, place in found), default=ends), list(_differences(found, wanted, ends))


def _decomposed(piece: str, at: int) -> _Parts:
    """Canonical decomposition and order (The Unicode Standard, section 3.11), with offsets."""
    parts = [(part, at + i) for i, character in enumerate(piece) for part in unicodedata.normalize("NFD", character)]
    ordered: _Parts = []
    for are_marks, run in groupby(parts, key=lambda part: unicodedata.combining(part[0]) > 0):
        group = list(run)
        ordered.extend(sorted(group, key=lambda part: unicodedata.combining(part[0])) if are_marks else group)
    return ordered


def _changes(found: _Parts, wanted: _Parts) -> list[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, [c for c, _ in found], [c for c, _ in wanted], autojunk=False)
    return [change for change in matcher.get_opcodes() if change[0] != "equal"]


def _as_far_as(found: _Parts, wanted: _Parts, taken: set[int]) -> _Parts:
    """What a text has of the end of a quote; a character whose offset is `taken` is not taken apart."""
    kind, first, last, _, _ = [("equal", 0, 0, 0, 0), *_changes(found, wanted)][-1]
    inside = taken.union(place for _, place in found[:first])
    if kind in {"delete", "replace"} and last == len(found) and inside.isdisjoint(place for _, place in found[first:]):
        return found[:first]
    return found


def _differences(found: _Parts, wanted: _Parts, end: int) -> Iterator[Difference]:
    """What parts of a text, which stop at the offset `end`, differ by from those of a quote."""
    for _, first, last, begin, to in _changes(found, wanted):
        place = found[first][1] if first < len(found) else end
        yield Difference(place, _joined(found[first:last]), _joined(wanted[begin:to]))


def _joined(parts: _Parts) -> str:
    return unicodedata.normalize("NFC", "".join(character for character, _ in parts))
