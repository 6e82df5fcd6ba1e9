"""A report as SARIF 2.1.0 (OASIS Standard), which code hosts show beside the lines of files.

Written by hand: the packages for it are generated from an old schema, or no longer kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from kg.errors import Position
from kg.shacl.report.results import SH, Result
from kg.shacl.report.shown import one_line, short
from kg.shacl.report.text import reason_of
from kg.shacl.report.verdict import Report
from kg.shacl.report.words import language_of, sentence

_LEVELS: Final = ("error", "warning", "note", "note", "note")
_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_HELP: Final = "https://www.w3.org/TR/shacl/#{}"


def to_sarif(report: Report, version: str, language: str = "en", warnings: Sequence[str] = ()) -> str:
    """A report as SARIF: a rule for each constraint component, a result for each result.

    :param warnings: what was not checked, told as notifications (section 3.20.21)
    :raises UsageError: if there are no words in `language`
    """
    components = sorted({result.component for result in report.results})
    driver = {
        "name": "zellige",
        "version": version,
        "rules": [_rule(component, language) for component in components],
    }
    notes = [{"level": "warning", "message": {"text": text}} for text in warnings]
    run = {
        "tool": {"driver": driver},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [_result(result, components.index(result.component), language) for result in report.results],
    }
    body = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _rule(component: str, language: str) -> dict[str, object]:
    text = sentence(language_of(language), component, None, None)
    rule: dict[str, object] = {"id": short(component), "shortDescription": {"text": text}}
    if component.startswith(SH):
        rule["name"] = component.removeprefix(SH)
        rule["helpUri"] = _HELP.format(component.removeprefix(SH))
    return rule


def _result(result: Result, rule: int, language: str) -> dict[str, object]:
    location: dict[str, object] = {"logicalLocations": [{"fullyQualifiedName": result.focus, "kind": "resource"}]}
    if result.position is not None:
        location["physicalLocation"] = _physical(result.position)
    about = {"focus": result.focus, "path": result.path, "value": result.value, "shape": result.shape}
    found: dict[str, object] = {
        "ruleId": short(result.component),
        "ruleIndex": rule,
        "level": _LEVELS[result.rank()],
        "message": {"text": one_line(result.message(language)) + reason_of(result, language)},
        "locations": [location],
        "partialFingerprints": {"shaclResult/v1": _fingerprint(result)},
        "properties": {"severity": result.severity, **{key: value for key, value in about.items() if value}},
    }
    if result.shape_position is not None:
        found["relatedLocations"] = [
            {
                "id": 1,
                "physicalLocation": _physical(result.shape_position),
                "message": {"text": short(result.shape or "")},
            }
        ]
    return found


def _fingerprint(result: Result) -> str:
    """The same for the same thing wrong, wherever its lines move to; names of blank nodes have no part in it."""
    parts = (result.focus, result.path, result.value, result.component, result.shape)
    text = "\n".join("_:" if (part or "").startswith("_:") else part or "" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _physical(position: Position) -> dict[str, object]:
    path = Path(position.path)
    uri = path.as_uri() if path.is_absolute() else quote(path.as_posix())
    return {"artifactLocation": {"uri": uri}, "region": {"startLine": position.line}}
