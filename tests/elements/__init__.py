"""The elements of a page, and the rows of its tables as a reader takes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass
class Element:
    """An element of a page and what is in it."""

    tag: str
    given: dict[str, str | None] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        return [one for one in self.inside if isinstance(one, Element)]

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def take(self, kind: str) -> list[Element]:
        """The sections of a class at any depth, which are no longer there afterwards."""
        found = [one for one in self.elements if one.tag == "section" and one.given.get("class") == kind]
        self.inside = [one for one in self.inside if one not in found]
        return [*found, *(taken for one in self.elements for taken in one.take(kind))]

    def all(self, *tags: str) -> list[Element]:
        """The elements of these names at any depth, not within one another."""
        found = []
        for one in self.elements:
            found += [one] if one.tag in tags else one.all(*tags)
        return found


def cells_of(lines: Iterable[Element]) -> Iterator[list[Element]]:
    """The cells of each row, with the first one of a row above where that stands for this one, too."""
    above: list[Element] = []
    left = 0
    for line in lines:
        cells = line.all("th", "td")
        if left:
            cells, left = [*above, *cells], left - 1
        elif cells and (span := int(cells[0].given.get("rowspan") or 1)) > 1:
            above, left = cells[:1], span - 1
        yield cells
