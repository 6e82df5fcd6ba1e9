"""The verdict as a value: results in one fixed order, written as text, JSON and Turtle."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from kg.errors import Position, Problem
from kg.shacl.paths import parse_path, path_turtle
from kg.terms import LANGUAGES, PREFIXES, compress

SH: Final = PREFIXES["sh"]
VIOLATION: Final = SH + "Violation"

_SEVERITIES: Final = (VIOLATION, SH + "Warning", SH + "Info", SH + "Debug", SH + "Trace")
_SAID: Final = {
    "And": "does not fit all the shapes required",
    "Class": "is not of the class required",
    "Closed": "has a property that is not allowed",
    "Datatype": "is not of the datatype required",
    "Disjoint": "is also a value of the other property",
    "Equals": "differs from the values of the other property",
    "HasValue": "lacks the value required",
    "In": "is not in the list",
    "LanguageIn": "is not in one of the languages allowed",
    "LessThan": "is not less than the other value",
    "LessThanOrEquals": "is greater than the other value",
    "MaxCount": "too many values",
    "MaxExclusive": "is too great",
    "MaxInclusive": "is too great",
    "MaxLength": "is too long",
    "MaxListLength": "is no list, or one of too many members",
    "MemberShape": "is no list, or has a member that does not fit the shape",
    "MinCount": "too few values",
    "MinExclusive": "is too small",
    "MinInclusive": "is too small",
    "MinLength": "is too short",
    "MinListLength": "is no list, or one of too few members",
    "Node": "does not fit the shape required",
    "NodeByExpression": "does not fit the shape required",
    "NodeKind": "is not of the kind required (IRI, blank node or literal)",
    "Not": "fits a shape that is not allowed",
    "Or": "fits none of the shapes",
    "Pattern": "does not match the pattern",
    "QualifiedMaxCount": "too many values that fit",
    "QualifiedMinCount": "too few values that fit",
    "ReifierShape": "is said by a triple that no reifier tells of, or by one that does not fit the shape",
    "RootClass": "is not the class required, nor below it",
    "SingleLine": "has more than one line",
    "SomeValue": "has no value that fits the shape",
    "SubsetOf": "is not among the values of the other property",
    "UniqueLang": "has two texts in one language",
    "UniqueMembers": "is no list, or has a member twice",
    "UniqueValuesFor": "has the same values as another node",
    "Xone": "does not fit exactly one of the shapes",
}
_ESCAPES: Final = str.maketrans(
    {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
    | {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}
)
_PART: Final = re.compile(r'"(?:[^"\\]|\\.)*"|_:[^\s>]+')
"""Of a triple term: a text, or a blank node."""
_UNSAFE_IRI: Final = re.compile(r'[\x00-\x20<>"{}|^`\\]')

Locate = Callable[[str], Position | None]


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """One text of a result and its language, if it has one."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that does not conform.

    An IRI is a plain string, a blank node begins with `_:`, and a literal is written as N-Triples writes it
    (`"a"@fr`), so the three never look alike; nor does a triple term of RDF 1.2, which begins with `<<(`. `path` is an
    IRI, or a SPARQL property path when it is more than that.
    """

    focus: str
    severity: str
    component: str
    shape: str | None = None
    path: str | None = None
    value: str | None = None
    messages: tuple[Message, ...] = ()

    def message(self, language: str = "en") -> str:
        """The text of the result in `language`, else in the language nearest to hand.

        >>> Result("urn:x", VIOLATION, SH + "InConstraintComponent", messages=(Message("non", "fr"),)).message()
        'non'
        """
        wanted = (language, None, *LANGUAGES)
        ranked = sorted(self.messages, key=lambda m: (_rank(m.language, wanted), m.text))
        return ranked[0].text if ranked else _generic(self.component)

    def summary(self, language: str = "en") -> str:
        """One line without the place: severity, message, focus, path, value and shape."""
        seen = [_short(part) for part in (self.focus, self.path, self.value) if part is not None]
        shape = f" (shape {_short(self.shape)})" if self.shape else ""
        severity = self.severity.removeprefix(SH).lower()
        return f"{severity}: {_one_line(self.message(language))} [{' '.join(seen)}]{shape}"

    def to_json(self) -> dict[str, object]:
        """The result as an object of the JSON report."""
        return {
            "focus": self.focus,
            "path": self.path,
            "value": self.value,
            "severity": self.severity,
            "component": self.component,
            "shape": self.shape,
            "messages": [{"text": m.text, "language": m.language} for m in self.messages],
        }


Origin = Callable[[Result], Collection[str]]
"""From a result to the graphs that state what it is about."""


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
    disallowed: frozenset[str] | None = field(default=None, compare=False)
    """The severities of results that make data not conform; None stands for all."""

    @property
    def conforms(self) -> bool:
        return not any(self.disallowed is None or result.severity in self.disallowed for result in self.results)

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
        return tuple(r for r in self.results if r.severity not in _SEVERITIES[1:])

    def __len__(self) -> int:
        return len(self.results)

    def problems(
        self, locate: Locate | None = None, language: str = "en", origins: Origin | None = None
    ) -> tuple[Problem, ...]:
        """The results as the problems that an error carries, each with the place where it is written.

        That is the first of the places of its `origins`, the claims that say what does not conform; where there are
        none, that of its focus node.
        """

        def place(result: Result) -> Position | None:
            if locate is None:
                return None
            found = [position for iri in (origins(result) if origins else ()) if (position := locate(iri)) is not None]
            return min(found, default=None) or locate(result.focus)

        return tuple(Problem("shape-violation", r.summary(language), place(r), iri=r.focus) for r in self.results)

    def to_text(self, locate: Locate | None = None, language: str = "en") -> str:
        """One line for each result: `file:line: severity: message [focus path value] (shape …)`."""
        lines = []
        for result in self.results:
            position = locate(result.focus) if locate else None
            lines.append((f"{position}: " if position else "") + result.summary(language))
        count = len(self.results)
        verdict = "conforms" if self.conforms else f"does not conform: {count} result{'s' if count > 1 else ''}"
        if self.is_counted and not self.focus_nodes:
            verdict = "0 focus nodes: nothing was checked"
        return "\n".join([*lines, verdict]) + "\n"

    def to_json(self) -> dict[str, object]:
        """The report as one JSON object."""
        found = {"conforms": self.conforms, "results": [result.to_json() for result in self.results]}
        if not self.is_counted:
            return found
        named = {name: count for name, count in sorted(self.coverage.items()) if not name.startswith("_:")}
        return {**found, "focus_nodes": self.focus_nodes, "shapes": named}

    def to_turtle(self) -> str:
        """The report as an `sh:ValidationReport` (SHACL, section 3.6), the same bytes for the same results."""
        lines = [f"@prefix sh: <{SH}> .", ""]
        names = [f"_:result{number}" for number in range(1, len(self.results) + 1)]
        head = f"_:report a sh:ValidationReport ;\n    sh:conforms {str(self.conforms).lower()}"
        if self.disallowed is not None and self.disallowed != frozenset(_SEVERITIES[:3]):
            head += f" ;\n    sh:conformanceDisallows {', '.join(map(_turtle, sorted(self.disallowed)))}"
        lines.append(head + (f" ;\n    sh:result {', '.join(names)} ." if names else " ."))
        for name, result in zip(names, self.results, strict=True):
            body = " ;\n".join(f"    {predicate} {value}" for predicate, value in _statements(result))
            lines += ["", f"{name} a sh:ValidationResult ;\n{body} ."]
        return "\n".join(lines) + "\n"


def make_report(
    results: Iterable[Result], coverage: Mapping[str, int] | None = None, disallowed: frozenset[str] | None = None
) -> Report:
    """A report whose results stand in the one order, with blank nodes named by their first appearance."""
    ordered = sorted(results, key=_order)
    names: dict[str, str] = {}

    def named(term: str | None) -> str | None:
        if term and term.startswith("<<("):
            return _PART.sub(lambda part: named(part[0]) or "" if part[0].startswith("_:") else part[0], term)
        return names.setdefault(term, f"_:node{len(names) + 1}") if term and term.startswith("_:") else term

    return Report(
        tuple(replace(r, focus=named(r.focus) or r.focus, shape=named(r.shape), value=named(r.value)) for r in ordered),
        coverage or {},
        is_counted=coverage is not None,
        disallowed=disallowed,
    )


def _order(result: Result) -> tuple[object, ...]:
    blank = [None if _is_blank(part) else part for part in (result.focus, result.shape)]
    rank = _SEVERITIES.index(result.severity) if result.severity in _SEVERITIES else len(_SEVERITIES)
    value = "" if _is_blank(result.value) else result.value
    texts = tuple((m.text, m.language or "") for m in result.messages)
    return (rank, blank[0] or "", result.path or "", result.component, blank[1] or "", value, texts, result.severity)


def _is_blank(term: str | None) -> bool:
    """Whether the name of a term is made up: it is a blank node, or a triple term that has one."""
    return term is None or term.startswith("_:") or (term.startswith("<<(") and "_:" in term)


def _generic(component: str) -> str:
    """What is said in English where a shape has no message."""
    local = component.removeprefix(SH).removesuffix("ConstraintComponent")
    return _SAID.get(local, f"breaks {_short(component)}")


def _rank(language: str | None, wanted: tuple[str | None, ...]) -> int:
    plain = language.lower().split("-")[0] if language else None
    return wanted.index(plain) if plain in wanted else len(wanted)


def _short(term: str) -> str:
    """A term for the eye: IRIs shortened by the project's prefixes, also those inside a path or a literal."""
    if term.startswith('"'):
        return _one_line(re.sub(r"\^\^<([^<>]*)>$", lambda found: f"^^{compress(found[1])}", term))
    return re.sub(r"<([^<>]*)>", lambda found: compress(found[1]), term) if "<" in term else compress(term)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _statements(result: Result) -> Iterator[tuple[str, str]]:
    yield "sh:focusNode", _turtle(result.focus)
    if result.path is not None:
        yield "sh:resultPath", path_turtle(parse_path(result.path), _turtle)
    if result.value is not None:
        yield "sh:value", _turtle(result.value)
    yield "sh:resultSeverity", _turtle(result.severity)
    yield "sh:sourceConstraintComponent", _turtle(result.component)
    if result.shape is not None:
        yield "sh:sourceShape", _turtle(result.shape)
    for message in result.messages:
        yield "sh:resultMessage", literal_text(message.text, language=message.language)


def _turtle(term: str) -> str:
    if term.startswith(("_:", '"', "<<(")):
        return term
    return f"<{_UNSAFE_IRI.sub(lambda found: f'%{ord(found[0]):02X}', term)}>"


def literal_text(value: str, datatype: str | None = None, language: str | None = None) -> str:
    """A literal as N-Triples writes it.

    >>> print(literal_text('say "oui"', language="fr"), literal_text("1", "urn:d"), literal_text("a"))
    "say \\"oui\\""@fr "1"^^<urn:d> "a"
    """
    quoted = value.translate(_ESCAPES)
    if language:
        return f'"{quoted}"@{language}'
    return f'"{quoted}"^^{_turtle(datatype)}' if datatype else f'"{quoted}"'
