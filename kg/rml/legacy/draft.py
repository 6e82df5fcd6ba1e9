"""A mapping that is being written anew: its statements, and what has been changed so far."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from kg.rml.legacy.document import Document, Property, Term
from kg.rml.legacy.edits import Edits
from kg.rml.legacy.names import Names
from kg.rml.legacy.vocabulary import local_name

_CUT: Final = 60


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is written otherwise today."""

    start: int
    line: int
    old: str
    new: str


class Draft:
    """What the rules for one part of a mapping change it by."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.names, self.edits = Names(document), Edits(document.text)
        self.changes: list[Change] = []
        self.called: dict[int, str] = {}
        """What predicates are called that mean something else where they stand, by their first character."""
        self.written: dict[int, str] = {}
        """What literals have become, by their first character."""

    def rml(self, name: str) -> str:
        """A term of RML as the document writes it."""
        return self.names.rml(name)

    def source(self, term: Term) -> str:
        """A term as it is to be written: as it was, or as it has become."""
        return self.written.get(term.start) or self.document.source(term)

    def change(self, term: Term, text: str, old: str | None = None) -> None:
        """Write a term otherwise, and tell of it."""
        self.edits.replace(term.start, term.end, text)
        self.changes.append(Change(term.start, term.line, _short(old or self.document.source(term)), _short(text)))

    def tell(self, term: Term, old: str, new: str) -> None:
        """Tell of a change that the declaration of a prefix makes."""
        self.changes.append(Change(term.start, term.line, old, new))

    def literal(self, term: Term, text: str, *, is_told: bool = True) -> None:
        """Write another text in quotes.

        :param is_told: whether it is read otherwise than it was written
        """
        self.written[term.start] = quoted(text)
        if is_told:
            self.change(term, quoted(text))
        else:
            self.edits.replace(term.start, term.end, quoted(text))

    def drop(self, one: Property) -> None:
        """Take a property out, with the semicolon behind it."""
        self.edits.replace(one.start, one.end, "")

    def named(self, node: Term) -> dict[str | None, Property]:
        """What is said of a node, by the local names of RML."""
        return {local_name(one.predicate.value): one for one in self.document.about(node)}

    def constant(self, parts: dict[str | None, Property], role: str) -> Term | None:
        """The term that stands for a role, by itself or as the constant of its map."""
        if role in parts:
            return parts[role].objects[0]
        if f"{role}Map" not in parts:
            return None
        inner = self.named(parts[f"{role}Map"].objects[0])
        return inner["constant"].objects[0] if "constant" in inner else None


def quoted(text: str) -> str:
    """A text as Turtle writes it, on one line."""
    return json.dumps(text, ensure_ascii=False)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _CUT else text[: _CUT - 1] + "…"
