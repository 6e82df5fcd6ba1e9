"""Changes to a text that leave every line where it is, so that errors still name the lines that a person wrote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edit:
    """Some characters, and what stands there instead."""

    start: int
    end: int
    text: str


class Edits:
    """Changes to one text."""

    def __init__(self, text: str) -> None:
        self._text, self._edits = text, list[Edit]()

    def replace(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of some characters, or between two of them."""
        self._edits.append(Edit(start, end, text))

    def applied(self) -> str:
        """The changed text; a change within what another one replaces is none."""
        made, at = [], 0
        for edit in sorted(self._edits, key=lambda one: (one.start, one.end > one.start, -one.end)):
            if edit.start < at:
                continue
            lost = self._text.count("\n", edit.start, edit.end) - edit.text.count("\n")
            made += [self._text[at : edit.start], edit.text, "\n" * lost]
            at = edit.end
        return "".join((*made, self._text[at:]))


def without_emptied(before: str, after: str) -> str:
    r"""A changed text without the lines that the changes have emptied.

    >>> without_emptied("a\nb\n\nc", "a\n\n\nd")
    'a\n\nd'
    """
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    return "\n".join(new.rstrip() if new != old else new for old, new in pairs if new.strip() or not old.strip())
