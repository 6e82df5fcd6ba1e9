"""Results as the objects of a JSON report."""

from __future__ import annotations

from collections.abc import Mapping

from kg.errors import Position
from kg.shacl.report.results import Result


def result_json(result: Result) -> dict[str, object]:
    """A result as an object: what it is about, what is said of it, and its details where there are any."""
    found: dict[str, object] = {
        "focus": result.focus,
        "path": result.path,
        "value": result.value,
        "severity": result.severity,
        "component": result.component,
        "shape": result.shape,
        "messages": [{"text": m.text, "language": m.language} for m in result.texts()],
    }
    if result.constraint is not None:
        found["constraint"] = result.constraint
    if result.details:
        found["details"] = [result_json(detail) for detail in result.details]
    if result.left_out:
        found["details_left_out"] = result.left_out
    if result.position is not None:
        found["where"] = _place(result.position)
    if result.shape_position is not None:
        found["shape_where"] = _place(result.shape_position)
    return found


def coverage_json(coverage: Mapping[str, int]) -> dict[str, int]:
    """How many focus nodes each shape had; shapes without IRI are numbered, those with fewest first."""
    named = {name: count for name, count in sorted(coverage.items()) if not name.startswith("_:")}
    others = sorted(count for name, count in coverage.items() if name.startswith("_:"))
    return named | {f"_:shape{number}": count for number, count in enumerate(others, 1)}


def _place(position: Position) -> dict[str, object]:
    return {"file": position.path, "line": position.line}
