"""What the JSON schemas of the Reconciliation Service API demand of a service's answers, as checks of our own.

Written from the specification (Entity Reconciliation Community Group: version 0.2, final report of April 2023, and the
draft of 1.0). Members that a schema does not name are allowed, except where it forbids them: in the values of a data
extension.
"""

from __future__ import annotations

import re
from typing import Any

DATE = re.compile(
    r"^(-?(?:[1-9][0-9]*)?[0-9]{4})-(1[0-2]|0[1-9])-(3[01]|0[1-9]|[12][0-9])"
    r"T(2[0-3]|[01][0-9]):([0-5][0-9]):([0-5][0-9])(\.[0-9]+)?(Z|[+-](?:2[0-3]|[01][0-9]):[0-5][0-9])?$"
)
SETTINGS = {"number": (int, float), "text": str, "checkbox": bool, "select": str}


def text(value: Any) -> None:
    assert isinstance(value, str), value
    assert value


def number(value: Any) -> None:
    assert isinstance(value, int | float), value
    assert not isinstance(value, bool), value


def tongue(item: dict[str, Any]) -> None:
    """`lang` and `dir` of the draft, wherever they stand."""
    if "lang" in item:
        assert re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", item["lang"]), item
    if "dir" in item:
        assert item["dir"] in {"ltr", "rtl", "auto"}, item


def named(item: Any) -> None:
    """An entity, type or property: `id` and `name` are required."""
    assert isinstance(item, dict), item
    text(item["id"])
    text(item["name"])
    if "description" in item:
        text(item["description"])
    tongue(item)


def kinds(items: Any) -> None:
    """Types of an entity: objects with an id, or ids."""
    assert isinstance(items, list)
    for item in items:
        if isinstance(item, str):
            continue
        text(item["id"])
        if "name" in item:
            text(item["name"])
        for broader in item.get("broader", []):
            named(broader)


def candidate(item: Any, *, draft: bool) -> None:
    named(item)
    if not draft or "score" in item:
        number(item["score"])
        assert 0 <= item["score"] <= 100
    if "match" in item:
        assert isinstance(item["match"], bool)
    kinds(item.get("type", []))
    seen = set()
    for feature in item.get("features", []):
        text(feature["id"])
        assert feature["id"] not in seen
        seen.add(feature["id"])
        assert isinstance(feature["value"], bool | int | float)
        if draft:
            text(feature["name"])


def _sorted(candidates: list[dict[str, Any]]) -> None:
    scores = [item["score"] for item in candidates]
    assert scores == sorted(scores, reverse=True)


def results(answer: Any) -> None:
    """A result batch of version 0.2."""
    assert isinstance(answer, dict)
    for result in answer.values():
        assert isinstance(result["result"], list)
        for item in result["result"]:
            candidate(item, draft=False)
        _sorted(result["result"])


def draft_results(answer: Any) -> None:
    """A result batch of the draft."""
    assert isinstance(answer["results"], list)
    for result in answer["results"]:
        assert isinstance(result["candidates"], list)
        for item in result["candidates"]:
            candidate(item, draft=True)
        _sorted(result["candidates"])


def suggestions(answer: Any, *, entities: bool = False) -> None:
    assert isinstance(answer["result"], list)
    for item in answer["result"]:
        named(item)
        if entities:
            kinds(item.get("notable", []))


def proposal(answer: Any) -> None:
    assert isinstance(answer["properties"], list)
    for item in answer["properties"]:
        named(item)
    if "limit" in answer:
        number(answer["limit"])
    if "type" in answer:
        text(answer["type"])


def value(item: Any, *, draft: bool) -> None:
    """A value of a data extension: exactly one of six forms, and no further member."""
    assert isinstance(item, dict)
    members = set(item) - ({"lang", "dir"} if draft and {"str", "id"} & set(item) else set())
    if draft:
        tongue(item)
    if "id" in item:
        assert members in ({"id", "name"}, {"id", "name", "description"})
        text(item["id"])
        text(item["name"])
        return
    assert len(members) <= 1, item
    match members.pop() if members else None:
        case None:
            pass
        case "str":
            assert isinstance(item["str"], str)
        case "float":
            number(item["float"])
        case "int":
            assert type(item["int"]) is int
        case "date":
            assert DATE.match(item["date"]), item
        case other:
            raise AssertionError(other)


def _meta(items: Any) -> None:
    assert isinstance(items, list)
    for item in items:
        named(item)
        if "type" in item:
            text(item["type"]["id"])
        if "service" in item:
            assert item["service"].startswith(("http://", "https://"))


def extension(answer: Any) -> None:
    """A data extension of version 0.2."""
    _meta(answer["meta"])
    columns = {item["id"] for item in answer["meta"]}
    for row in answer["rows"].values():
        assert set(row) == columns
        for values in row.values():
            for item in values:
                value(item, draft=False)


def draft_extension(answer: Any) -> None:
    """A data extension of the draft."""
    _meta(answer["meta"])
    columns = [item["id"] for item in answer["meta"]]
    for row in answer["rows"]:
        text(row["id"])
        assert [column["id"] for column in row["properties"]] == columns
        for column in row["properties"]:
            for item in column["values"]:
                value(item, draft=True)


def _setting(item: Any, *, draft: bool) -> None:
    kind = SETTINGS[item["type"]]
    text(item["name"])
    text(item["id"] if draft else item["label"])
    if "default" in item:
        assert isinstance(item["default"], kind)
    if item["type"] == "select":
        for choice in item["choices"]:
            assert isinstance(choice["value"], str)
            text(choice["name"])


def _manifest(answer: Any, version: str) -> None:
    assert version in answer["versions"]
    text(answer["name"])
    if "documentation" in answer:
        assert answer["documentation"].startswith(("http://", "https://"))
    for kind in answer.get("defaultTypes", []):
        named(kind)
        kinds([kind])
    ids = [kind["id"] for kind in answer.get("defaultTypes", [])]
    assert len(set(ids)) == len(ids)
    if "batchSize" in answer:
        assert answer["batchSize"] > 0
    tongue(answer)


def manifest(answer: Any) -> None:
    """A manifest of version 0.2."""
    _manifest(answer, "0.2")
    for space in ("identifierSpace", "schemaSpace"):
        assert answer[space].startswith(("http://", "https://"))
    assert "{{id}}" in answer["view"]["url"]
    preview = answer["preview"]
    assert "{{id}}" in preview["url"]
    assert type(preview["width"]) is type(preview["height"]) is int
    for kind in ("entity", "type", "property"):
        text(answer["suggest"][kind]["service_url"])
        text(answer["suggest"][kind]["service_path"])
    text(answer["extend"]["propose_properties"]["service_url"])
    for item in answer["extend"]["property_settings"]:
        _setting(item, draft=False)


def draft_manifest(answer: Any) -> None:
    """A manifest of the draft."""
    _manifest(answer, "1.0-draft")
    assert re.match(r".*\{.*id.*\}.*", answer["view"]["url"])
    assert type(answer["preview"]["width"]) is type(answer["preview"]["height"]) is int
    assert {type(answer["suggest"][kind]) for kind in ("entity", "type", "property")} == {bool}
    assert isinstance(answer["extend"]["proposeProperties"], bool)
    for item in answer["extend"]["propertySettings"]:
        _setting(item, draft=True)
    assert isinstance(answer["standardizedScore"], bool)
