"""Wikibase JSON: entities as `wbeditentity` and the bots of Wikidata take them (Wikibase/DataModel/JSON)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from kg.export.wikidata.model import Item, ItemValue, Quantity, Reference, Statement, Time, Value
from kg.export.wikidata.properties import REFERENCE_URL, RETRIEVED, Kind
from kg.terms import PREFIXES

_CALENDAR: Final = PREFIXES["wd"] + "Q1985727"
"""The proleptic Gregorian calendar."""


def to_json(items: Sequence[Item]) -> str:
    """A JSON array of entities; an item to create has no `id`."""
    return json.dumps([_entity(item) for item in items], ensure_ascii=False, indent=2) + "\n"


def _entity(item: Item) -> dict[str, Any]:
    claims: dict[str, list[dict[str, Any]]] = {}
    for statement in item.statements:
        claims.setdefault(statement.property, []).append(_claim(statement))
    entity: dict[str, Any] = {"type": "item"}
    if item.qid is not None:
        return {**entity, "id": item.qid, "claims": claims}
    return {
        **entity,
        "labels": {language: _text(language, text) for language, text in item.labels.items()},
        "descriptions": {language: _text(language, text) for language, text in item.descriptions.items()},
        "aliases": {language: [_text(language, one) for one in aliases] for language, aliases in item.aliases.items()},
        "claims": claims,
    }


def _text(language: str, text: str) -> dict[str, str]:
    return {"language": language, "value": text}


def _claim(statement: Statement) -> dict[str, Any]:
    return {
        "type": "statement",
        "rank": "normal",
        "mainsnak": _snak(statement.property, statement.value),
        "references": [_reference(reference) for reference in statement.references],
    }


def _reference(reference: Reference) -> dict[str, Any]:
    snaks = {
        REFERENCE_URL: [_snak(REFERENCE_URL, reference.url)],
        RETRIEVED: [_snak(RETRIEVED, Time.of_day(reference.retrieved))],
    }
    return {"snaks": snaks, "snaks-order": [*snaks]}


def _snak(name: str, value: Value | str) -> dict[str, Any]:
    kind, datavalue = _datavalue(value)
    return {"snaktype": "value", "property": name, "datatype": kind.value, "datavalue": datavalue}


def _datavalue(value: Value | str) -> tuple[Kind, dict[str, Any]]:
    match value:
        case str():
            return Kind.URL, {"type": "string", "value": value}
        case ItemValue():
            item = {"entity-type": "item", "numeric-id": int(value.qid[1:]), "id": value.qid}
            return Kind.ITEM, {"type": "wikibase-entityid", "value": item}
        case Time():
            time = {"time": value.text, "precision": value.precision, "calendarmodel": _CALENDAR}
            return Kind.TIME, {"type": "time", "value": {**time, "timezone": 0, "before": 0, "after": 0}}
        case Quantity():
            numbers = {"amount": value.amount, "lowerBound": value.lower, "upperBound": value.upper}
            amounts = {name: f"{number:+f}" for name, number in numbers.items() if number is not None}
            unit = PREFIXES["wd"] + value.unit if value.unit else "1"
            return Kind.QUANTITY, {"type": "quantity", "value": {**amounts, "unit": unit}}
    raise ValueError(value)
