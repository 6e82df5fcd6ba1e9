"""What became of the questions and cases of a project, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree as ET

from kg.errors import Position, Problem
from kg.shacl.report.junit import clean, count, document

Kind = Literal["question", "case"]
_SUITES: Final[Mapping[Kind, str]] = {"question": "questions", "case": "shape cases"}
_SHOWN: Final = 20
"""Differences of one trial that are told to a person."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One question or one case, and what was found."""

    kind: Kind
    name: str
    position: Position
    found: str = ""
    """What was found, in a few words."""
    problems: tuple[Problem, ...] = ()
    """What differs from what is expected."""
    unchecked: str = ""
    """Why it was not tried."""

    def to_json(self) -> dict[str, object]:
        """The trial as an object."""
        return {
            "kind": self.kind,
            "name": self.name,
            "file": self.position.path,
            "line": self.position.line,
            "result": _result(self),
            "found": self.found,
            "differences": [problem.to_json() for problem in self.problems],
            **({"why": self.unchecked} if self.unchecked else {}),
        }


def _result(trial: Trial) -> str:
    return "failed" if trial.problems else "not tried" if trial.unchecked else "passed"


def to_text(trials: Sequence[Trial]) -> str:
    """The trials in lines: those that passed in one each, the others with what differs."""
    lines: list[str] = []
    for trial in trials:
        told = trial.unchecked or trial.found
        lines.append(f"{_result(trial):9} {trial.kind} {trial.name}: {told}")
        lines += [f"  {problem}" for problem in trial.problems[:_SHOWN]]
        if len(trial.problems) > _SHOWN:
            lines.append(f"  and {len(trial.problems) - _SHOWN} more")
    results = [_result(trial) for trial in trials]
    told = ", ".join(
        f"{number} {name}" for name in ("passed", "failed", "not tried") if (number := results.count(name))
    )
    return "\n".join([*lines, told or "nothing to try"]) + "\n"


def to_json(trials: Sequence[Trial]) -> dict[str, object]:
    """The trials as an object, with how many passed."""
    results = [_result(trial) for trial in trials]
    counts = {"passed": results.count("passed"), "failed": results.count("failed")}
    return {**counts, "not_tried": results.count("not tried"), "trials": [trial.to_json() for trial in trials]}


def to_junit(trials: Sequence[Trial]) -> str:
    """The trials as JUnit XML: a suite of the questions, one of the cases."""
    root = ET.Element("testsuites", name="kg test")
    for kind, name in _SUITES.items():
        suite = ET.SubElement(root, "testsuite", name=name)
        for trial in trials:
            if trial.kind == kind:
                _case(suite, trial)
        count(suite)
    count(root)
    return document(root)


def _case(suite: ET.Element, trial: Trial) -> None:
    place = trial.position
    case = ET.SubElement(
        suite,
        "testcase",
        classname=suite.get("name", ""),
        name=clean(trial.name),
        file=place.path,
        line=str(place.line),
    )
    if trial.problems:
        message = clean(trial.problems[0].message)
        told = clean("\n".join(map(str, trial.problems)))
        ET.SubElement(case, "failure", type=trial.problems[0].code, message=message).text = told
    elif trial.unchecked:
        ET.SubElement(case, "skipped", message=clean(trial.unchecked))
