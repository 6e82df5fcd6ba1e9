"""The known word that a misspelt one is nearest to."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

_ALIKE: Final = 0.7
_SHORT: Final = 4
"""Letters of a word in which one slip is forgiven, and not two."""


def distance(one: str, other: str) -> int:
    """Letters to add, leave out, replace or exchange with their neighbour, to make one word of the other.

    >>> distance("SELCT", "SELECT"), distance("FITLER", "FILTER"), distance("a", "b")
    (1, 1, 1)
    """
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, sign in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def nearest(word: str, words: Iterable[str], most: int) -> tuple[str, ...]:
    """The words that are near to one, the nearest first, `most` of them; nothing is near to a very long one.

    >>> nearest("OPTINAL", ("OPTIONAL", "ORDER"), 2)
    ('OPTIONAL',)
    """
    known = sorted(words)
    allowed = 1 if len(word) <= _SHORT else 2
    if len(word) > max(map(len, known), default=0) + allowed:
        return ()
    alike = difflib.get_close_matches(word, known, n=most + 2, cutoff=_ALIKE)
    near = [(_far(word, other), other) for other in {*alike, *(w for w in known if abs(len(w) - len(word)) <= 1)}]
    return tuple(other for far, other in sorted(near) if 0 < far[0] <= allowed)[:most]


def _far(word: str, other: str) -> tuple[int, bool]:
    """How far a word is from another; letters that are only exchanged are nearer than those that are others."""
    return distance(word, other), sorted(word) != sorted(other)
