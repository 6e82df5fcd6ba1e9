"""The verdict as a value: results in one fixed order, written as text, JSON and Turtle."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph as ox

from kg.errors import Position, Problem
from kg.shacl.report.descriptions import described
from kg.shacl.report.jsonform import coverage_json, result_json
from kg.shacl.report.results import SEVERITIES, Locate, Origin, Result
from kg.shacl.report.shown import short
from kg.shacl.report.text import lines_of, reason_of
from kg.shacl.report.turtle import report_turtle
from kg.shacl.report.words import language_of, word

_PART: Final = re.compile(r'"(?:[^"\\]|\\.)*"|_:[^\s>]+')
"""Of a triple term: a text, or a blank node."""


@dataclass(frozen=True, slots=True)
class Report:
    """Whether data conform (SHACL, section 3.6.1: no result of any severity), and every result if they do not.

    In SHACL 1.2 results of severities that are not `disallowed` leave them conforming.
    """

    results: tuple[Result, ...] = ()
    coverage: Mapping[str, int] = field(default_factory=dict, compare=False)
    """How many focus nodes each shape with targets had; a shape without IRI begins with `_:`."""
    is_counted: bool = field(default=False, compare=False)
    """Whether focus nodes were counted at all; without it `coverage` tells nothing."""
    labels: Mapping[str, str] = field(default_factory=dict, compare=False)
    """What the blank nodes of the report are called in what was validated and in its shapes."""
    shape_positions: Mapping[str, Position] = field(default_factory=dict, compare=False)
    """Where shapes are written that have no IRI, by what `coverage` calls them."""
    disallowed: frozenset[str] | None = field(default=None, compare=False)
    """The severities of results that make data not conform; None stands for all."""

    @property
    def conforms(self) -> bool:
        return not any(map(self._is_disallowed, self.results))

    def _is_disallowed(self, result: Result) -> bool:
        return self.disallowed is None or result.severity in self.disallowed

    @property
    def focus_nodes(self) -> int:
        """How many focus nodes were validated; 0 means that nothing was checked, and `conforms` says nothing."""
        return sum(self.coverage.values())

    @property
    def unreached(self) -> tuple[str, ...]:
        """The shapes with targets that no node of the data is a target of."""
        return tuple(sorted(name for name, count in self.coverage.items() if not count))

    @property
    def violations(self) -> tuple[Result, ...]:
        """The results that are more than a warning or a piece of information."""
        return self.failing("violation")

    def failing(self, severity: str) -> tuple[Result, ...]:
        """The results that are at least as grave as `violation`, `warning` or `info`, of those that are disallowed.

        >>> Report((Result("urn:x", SEVERITIES[1], "urn:c"),)).failing("violation")
        ()
        """
        most = ("violation", "warning", "info").index(severity)
        return tuple(result for result in self.results if result.rank() <= most and self._is_disallowed(result))

    def __len__(self) -> int:
        return len(self.results)

    def located(
        self, place: Callable[[Result], Position | None], shape: Callable[[str], Position | None] = lambda _: None
    ) -> Report:
        """The same with the places where what does not conform, and the shape that says so, are written."""
        unnamed = {name: shape(name) for name in self.coverage if name.startswith("_:")}
        return replace(
            self,
            results=tuple(result.located(place, shape) for result in self.results),
            shape_positions={name: found for name, found in unnamed.items() if found is not None},
        )

    def shapes(self) -> tuple[tuple[str, int], ...]:
        """The shapes that have targets, by IRI or else by place, and how many focus nodes each had."""
        return tuple((short(name), count) for name, count in self._coverage().items())

    def _coverage(self) -> dict[str, int]:
        return coverage_json({str(self.shape_positions.get(name, name)): n for name, n in self.coverage.items()})

    def problems(
        self, locate: Locate | None = None, language: str = "en", origins: Origin | None = None
    ) -> tuple[Problem, ...]:
        """The results as the problems that an error carries, each with the place where it is written.

        That is the first of the places of its `origins`, the claims that say what does not conform; where there are
        none, that of its focus node. The first of the reasons of a result stands behind its message.
        """

        def place(result: Result) -> Position | None:
            return result.position if locate is None else place_of(result, locate, origins)

        return tuple(
            Problem("shape-violation", r.summary(language) + reason_of(r, language), place(r), iri=r.focus)
            for r in self.results
        )

    def to_text(self, locate: Locate | None = None, language: str = "en") -> str:
        """One line for each result, `file:line: severity: message [focus path value] (shape …)`, its reasons below it.

        :raises UsageError: if there are no words in `language`
        """
        return "\n".join([*lines_of(self.results, locate, language), self.verdict(language)]) + "\n"

    def verdict(self, language: str = "en") -> str:
        """The verdict in one line.

        >>> Report().verdict("fr")
        'conforme'
        """
        words = language_of(language)
        if self.is_counted and not self.focus_nodes:
            return word(words, "unchecked")
        return word(words, "conforms") if self.conforms else word(words, "results", len(self.results))

    def to_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        found = {"conforms": self.conforms, "results": [result_json(result) for result in self.results]}
        if not self.is_counted:
            return found
        return {**found, "focus_nodes": self.focus_nodes, "coverage": self._coverage()}

    def to_turtle(self, shapes: Iterable[ox.Quad] = ()) -> str:
        """The report as an `sh:ValidationReport` (SHACL, section 3.6), the same bytes for the same results.

        Shapes and constraints without IRI that results name are described by what `shapes` say of them.
        """
        body = report_turtle(self.results, self.disallowed, conforms=self.conforms)
        return body + described(self.results, self.labels, shapes)


def place_of(result: Result, locate: Locate, origins: Origin | None = None) -> Position | None:
    """The first of the places of what says something that does not conform, else that of what it is said of."""
    found = [position for iri in (origins(result) if origins else ()) if (position := locate(iri)) is not None]
    return min(found, default=None) or locate(result.focus)


def make_report(
    results: Iterable[Result], coverage: Mapping[str, int] | None = None, disallowed: frozenset[str] | None = None
) -> Report:
    """A report whose results stand in the one order, with blank nodes named by their first appearance."""
    names: dict[str, str] = {}

    def named(term: str) -> str:
        if term.startswith("<<("):
            return _PART.sub(lambda part: named(part[0]), term)
        return names.setdefault(term, f"_:node{len(names) + 1}") if term.startswith("_:") else term

    ordered = tuple(renamed(result, named) for result in _sorted(results))
    labels = {name: label for label, name in names.items()}
    return Report(ordered, coverage or {}, is_counted=coverage is not None, labels=labels, disallowed=disallowed)


def _sorted(results: Iterable[Result]) -> Iterable[Result]:
    return sorted((replace(r, details=tuple(_sorted(r.details))) if r.details else r for r in results), key=_order)


def renamed(result: Result, named: Callable[[str], str]) -> Result:
    """A result, and all below it, with other names for what may be a blank node: nodes, values, shapes."""
    return replace(
        result,
        focus=named(result.focus),
        shape=None if result.shape is None else named(result.shape),
        value=None if result.value is None else named(result.value),
        constraint=None if result.constraint is None else named(result.constraint),
        reason=None if result.reason is None else result.reason.named(named),
        details=tuple(renamed(detail, named) for detail in result.details),
    )


def _order(result: Result) -> tuple[object, ...]:
    blank = [None if _is_blank(part) else part for part in (result.focus, result.shape)]
    rank = SEVERITIES.index(result.severity) if result.severity in SEVERITIES else len(SEVERITIES)
    value = "" if result.value is None or _is_blank(result.value) else result.value
    texts = tuple((m.text, m.language or "") for m in result.messages)
    key = (rank, blank[0] or "", result.path or "", result.component, blank[1] or "", value, texts, result.severity)
    return (*key, result.reason.order() if result.reason else (), tuple(map(_order, result.details)))


def _is_blank(term: str | None) -> bool:
    """Whether the name of a term is made up: it is a blank node, or a triple term that has one."""
    return term is None or term.startswith("_:") or (term.startswith("<<(") and "_:" in term)
