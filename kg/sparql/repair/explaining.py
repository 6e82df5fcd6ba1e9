"""EXPLAIN: what became of a query before it was evaluated, as one object, and as lines for people.

The engine shows no plan to Python: told is the algebra that it is given, not the order in which it goes about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import QueryError
from kg.sparql.repair import Repaired


def explanation(
    text: str, base: str | None, done: Repaired, answered: Mapping[str, object], milliseconds: Mapping[str, float]
) -> dict[str, Any]:
    """How the answer to a query came about: `answered` says what was answered from where, `milliseconds` the time."""
    return {
        "query": text,
        "rewritten": done.text if done.rules else None,
        "algebra": _algebra(text, base, done),
        "rules": [{"name": rule.name, "sentence": rule.sentence, "section": rule.section} for rule in done.rules],
        "warnings": [warning.to_json() for warning in done.warnings],
        "answered": dict(answered),
        "milliseconds": {name: round(value, 3) for name, value in milliseconds.items()},
    }


def _algebra(text: str, base: str | None, done: Repaired) -> str | None:
    from kg.sparql.language import parse
    from kg.sparql.language.sexpressions import algebra_text

    try:
        return algebra_text(done.query or parse(text, base))
    except QueryError:
        return None  # only the engine can read it


def lines(explained: Mapping[str, Any]) -> Iterator[str]:
    """An explanation, for people; the first character is always a number sign."""
    yield "# Rules that acted"
    for rule in explained["rules"]:
        yield f"{rule['name']}: {rule['sentence']} [{rule['section']}]"
    if not explained["rules"]:
        yield "none: the query was evaluated as it is written"
    for warning in explained["warnings"]:
        yield f"warning: {warning['message']}" + (f" ({warning['hint']})" if warning["hint"] else "")
    yield from ("", "# Algebra", explained["algebra"] or "only the engine can read the query")
    if explained["rewritten"] is not None:
        yield from ("", "# Query as it was evaluated", explained["rewritten"])
    yield from ("", "# Answered")
    yield from (f"{name}: {value}" for name, value in explained["answered"].items() if value != [])
    yield from (f"{name}: {value} ms" for name, value in explained["milliseconds"].items())
