"""From findings, whose terms are numbers, to results."""

from __future__ import annotations

from collections.abc import Sequence

from kg.shacl.engine import Engine, Finding
from kg.shacl.explaining.details import DEPTH, MOST, Details
from kg.shacl.explaining.reasons import reason
from kg.shacl.paths import path_text
from kg.shacl.report import Message, Result
from kg.shacl.shapes.model import Select, ShapeId, Text


def told(engine: Engine, findings: Sequence[Finding], *, details: bool) -> list[Result]:
    """The results of findings, each with its reason, and with `details` with those below it."""
    below = Details(engine, findings) if details else None
    return [_Telling(engine, below).result(finding) for finding in findings]


class _Telling:
    """One result with all that is told below it, each shape and node once."""

    def __init__(self, engine: Engine, details: Details | None) -> None:
        self._engine, self._below = engine, details
        self._seen: set[tuple[ShapeId, int]] = set()
        self._told = 0

    def result(self, finding: Finding, depth: int = 0) -> Result:
        details: list[Result] = []
        left_out = 0
        for pair, findings in self._below.below(finding) if self._below else ():
            if pair in self._seen:
                continue
            self._seen.add(pair)
            if findings is None or depth == DEPTH:
                left_out += 1
                continue
            for below in findings:
                if self._told < MOST:
                    self._told += 1
                    details.append(self.result(below, depth + 1))
                else:
                    left_out += 1
        return self._result(finding, tuple(details), left_out)

    def _result(self, finding: Finding, details: tuple[Result, ...], left_out: int) -> Result:
        shape, terms = finding.shape, self._engine.data.terms
        path = None if shape.path is None else path_text(shape.path)
        return Result(
            focus=terms.text(finding.focus),
            severity=shape.severity,
            component=finding.component,
            shape=shape.id,
            path=path if finding.path is None else terms.text(finding.path),
            value=None if finding.value is None else terms.text(finding.value),
            messages=tuple(sorted(map(_message, finding.messages), key=lambda m: (m.language or "", m.text))),
            constraint=finding.constraint.node if isinstance(finding.constraint, Select) else None,
            reason=reason(self._engine, finding),
            details=details,
            left_out=left_out,
        )


def _message(text: Text) -> Message:
    return Message(text.text, text.language)
