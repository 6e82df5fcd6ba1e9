"""Terms of a vocabulary that are near to what columns are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Final

from kg.folding import fold

_NEAR: Final = 0.8
_SHORT: Final = 3


@dataclass(frozen=True, slots=True)
class Term:
    """A property of a vocabulary, by its name with a prefix."""

    name: str
    iri: str
    labels: tuple[str, ...]
    said: str
    """What it is said of, and what its values are."""


class Known:
    """The properties that a project has.

    >>> known = Known([Term("my:height", "http://e/height", ("Height", "hauteur", "الارتفاع"), "of my:Dam")])
    >>> known.near("Hauteur"), known.near("hieght (m)"), known.near("colour")
    ('my:height is "hauteur": of my:Dam', 'my:height is "Height": of my:Dam', None)
    """

    def __init__(self, terms: Sequence[Term] = ()) -> None:
        self._terms = terms

    @cached_property
    def _named(self) -> Mapping[str, tuple[Term, str]]:
        found: dict[str, tuple[Term, str]] = {}
        for term in self._terms:
            for label in (term.name.rpartition(":")[2], *term.labels):
                found[fold(label)] = (term, label)
        return found

    def near(self, column: str) -> str | None:
        """What is told of the term that the name of a column is nearest to, if one is near."""
        name = fold(column.partition("(")[0].replace("_", " ")).strip()
        if len(name) < _SHORT or not self._named:
            return None
        close = [name] if name in self._named else get_close_matches(name, self._named, 1, _NEAR)
        if not close:
            return None
        term, label = self._named[close[0]]
        return f'{term.name} is "{label}": {term.said}'
