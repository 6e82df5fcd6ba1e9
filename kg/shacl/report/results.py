"""Results as values: what does not conform, why, and where."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from kg.errors import Position
from kg.shacl.report.reason import Reason
from kg.shacl.report.shown import one_line, short
from kg.shacl.report.words import LANGUAGES, Language, language_of, sentence, word
from kg.terms import LANGUAGES as RANKED
from kg.terms import PREFIXES

SH: Final = PREFIXES["sh"]
VIOLATION: Final = SH + "Violation"
SEVERITIES: Final = (VIOLATION, SH + "Warning", SH + "Info")
"""Those that SHACL names, the gravest first."""


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One text of a result and its language, if it has one."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that does not conform.

    An IRI is a plain string, a blank node begins with `_:`, and a literal is written as N-Triples writes it
    (`"a"@fr`), so the three never look alike. `path` is an IRI, or a SPARQL property path when it is more than that.
    """

    focus: str
    severity: str
    component: str
    shape: str | None = None
    path: str | None = None
    value: str | None = None
    messages: tuple[Message, ...] = ()
    """What the shape says, and it alone (SHACL, section 2.1.5)."""
    constraint: str | None = field(default=None, compare=False)
    """The constraint of `sh:sparql` that made it (`sh:sourceConstraint`; SHACL, section 5.3.2)."""
    reason: Reason | None = field(default=None, compare=False)
    """What words are made of where the shape says nothing."""
    details: tuple[Result, ...] = field(default=(), compare=False)
    """Why a value does not fit the shapes that it was held against (`sh:detail`; SHACL, section 3.6.2.4)."""
    left_out: int = field(default=0, compare=False)
    """How many details are not told, since there are too many."""
    position: Position | None = field(default=None, compare=False)
    """Where what does not conform is written."""
    shape_position: Position | None = field(default=None, compare=False)

    def message(self, language: str = "en") -> str:
        """The text of the result in `language`, else in the language nearest to hand.

        What the shape says is never set aside for words of ours, whatever its language.

        :raises UsageError: if the shape says nothing and there are no words in `language`

        >>> Result("urn:x", VIOLATION, SH + "InConstraintComponent", messages=(Message("non", "fr"),)).message()
        'non'
        """
        return self.said(language).text

    def said(self, language: str = "en") -> Message:
        """The same with the language in which it is."""
        wanted = (language, None, *RANKED)
        ranked = sorted(self.messages, key=lambda m: (_rank(m.language, wanted), m.text))
        return ranked[0] if ranked else Message(self._sentence(language_of(language)), language)

    def texts(self) -> tuple[Message, ...]:
        """What the shape says, or else our words in all of our languages."""
        made = (Message(self._sentence(found), found.code) for found in LANGUAGES.values())
        return self.messages or tuple(sorted(made, key=lambda m: m.language or ""))

    def _sentence(self, language: Language) -> str:
        return sentence(language, self.component, self.reason, self.path)

    def rank(self) -> int:
        """How grave it is: 0 for a violation, 1 for a warning, 2 for information; what only a shape knows is grave."""
        return SEVERITIES.index(self.severity) if self.severity in SEVERITIES else 0

    def kind(self, language: str = "en") -> str:
        """The severity as a word; one that SHACL does not name is its IRI."""
        if self.severity not in SEVERITIES:
            return short(self.severity).lower()
        return word(language_of(language), self.severity.removeprefix(SH).lower())

    def summary(self, language: str = "en") -> str:
        """One line without the place: severity, message, focus, path, value and shape."""
        return f"{self.kind(language)}: {self.told(language)}"

    def told(self, language: str = "en") -> str:
        """The same without the severity."""
        seen = [short(part) for part in (self.focus, self.path, self.value) if part is not None]
        return f"{one_line(self.message(language))} [{' '.join(seen)}]{self._by(language_of(language))}"

    def _by(self, language: Language) -> str:
        if self.shape is None:
            return ""
        if self.shape.startswith("_:") and self.shape_position is not None:
            return f" ({word(language, 'at')} {self.shape_position})"
        return f" ({word(language, 'shape')} {short(self.shape)})"

    def walk(self) -> Iterator[Result]:
        """The result and its details, and theirs."""
        yield self
        for detail in self.details:
            yield from detail.walk()

    def located(self, place: Callable[[Result], Position | None], shape: Callable[[str], Position | None]) -> Result:
        """The same with the places where it, its details and their shapes are written, as far as they are known."""
        return replace(
            self,
            details=tuple(detail.located(place, shape) for detail in self.details),
            position=place(self),
            shape_position=None if self.shape is None else shape(self.shape),
        )


Locate = Callable[[str], Position | None]
Origin = Callable[[Result], Collection[str]]
"""From a result to the graphs that state what it is about."""


def _rank(language: str | None, wanted: tuple[str | None, ...]) -> int:
    plain = language.lower().split("-")[0] if language else None
    return wanted.index(plain) if plain in wanted else len(wanted)
