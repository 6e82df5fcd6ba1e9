"""A language of reports: its sentences, and how it counts, lists and quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Sentence = str | tuple[str, str]
"""A sentence with places for terms, or two: the first where the number counts as one."""


@dataclass(frozen=True, slots=True)
class Language:
    """The words of one language.

    Sentences hold `{subject}` (the value of a path), `{path}`, `{0}` and `{1}` (the first terms), `{all}` and
    `{or_all}`, `{others}` and `{or_others}` (all terms but the first), `{number}` and `{has}` (how many there are).
    """

    code: str
    is_rtl: bool
    subject: str
    """What begins a sentence about a value, with `{path}`."""
    node: str
    """The same where there is no path."""
    has: tuple[str, str]
    """How many there are: none, and `{count}`."""
    ones: frozenset[int]
    """The numbers that take the form for one."""
    quotes: tuple[str, str]
    comma: str
    colon: str
    neither: str
    """Between things that are all refused."""
    either: str
    """Between things of which one is asked for."""
    more: str
    """After the first of a long list, with `{number}` for all of them."""
    unnamed: str
    """A shape that has no IRI, after the word for it."""
    unnamed_one: str
    """The same in a list of several."""
    kinds: Mapping[str, str]
    sentences: Mapping[str, Sentence]
    general: Mapping[str, str]
    """What is said of a component where no reason is known."""
    other: str
    """What is said of a component that nobody knows, with `{component}`."""
    report: Mapping[str, Sentence]
    """The words around results."""
