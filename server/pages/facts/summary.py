"""A thing in one line, for those who find its page elsewhere: its class, and the first of what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from server.lookup import Label, Term
from server.pages.facts.matrix import Row
from server.pages.facts.page import ThingView
from server.pages.language import words
from server.pages.phrases.literals import worded
from server.pages.phrases.names import shortened
from server.pages.statements import TYPE

_SAID = 3
"""Facts that are told."""


def summary(view: ThingView, language: str) -> str:
    """What the page of a thing is about, in at most as many characters as a name has."""
    said = words(language)
    told = [view.labels[kind].text for kind in view.kinds if kind in view.labels][:1]
    facts = view.matrix.facts if view.matrix else ()
    for fact in [fact for fact in facts if fact.property != TYPE.value][:_SAID]:
        values = "; ".join(_values(fact.rows[0], view.labels, language)) if fact.property in view.labels else ""
        if values:
            told.append(f"{view.labels[fact.property].text}{said['colon']}{values}")
    return shortened(". ".join(told))


def _values(row: Row, labels: Mapping[str, Label], language: str) -> Iterator[str]:
    for term in row.said.values:
        if term.kind == "literal":
            yield _literal(term, language)
        elif term.value in row.phrases:
            yield row.phrases[term.value].text
        elif term.name in labels:
            yield labels[term.name].text


def _literal(term: Term, language: str) -> str:
    said = words(language)
    return worded(term, said["yes"], said["no"], language) or term.value
