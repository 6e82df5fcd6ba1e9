"""The questions of the Reconciliation Service API, read from JSON: version 0.2, and the draft of 1.0.

Version 0.2 names its queries and has `query`, `type`, `type_strict` and `properties`; the draft has a list of queries
with `conditions`. Both become the same values here. What no version allows is refused with the place it stands at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from kg.errors import Problem
from server.http.protocol import ProtocolError
from server.reconciliation.catalogue import vocable_iri

BATCH: Final = 50
"""Queries in one batch."""
TEXT: Final = 500
"""Characters of a name or a value."""
CANDIDATES: Final = 50
"""The most candidates for one query; a larger limit gives as many."""
DEFAULT_CANDIDATES: Final = 10
CONDITIONS: Final = 20
"""Conditions of one query, and values of one condition."""
IDENTIFIERS: Final = 200
"""Things of one data extension."""
COLUMNS: Final = 20
"""Properties of one data extension."""
STRICTNESS: Final = ("any", "all", "should")
QUANTIFIERS: Final = ("any", "all", "none")


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a thing is compared with: a text, or a thing by its identifier."""

    text: str
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What a property of a candidate should be."""

    identifier: str
    """The property as it was given."""
    values: tuple[Given, ...]
    quantifier: str = "any"
    required: bool = False

    @property
    def iri(self) -> str:
        """The IRI of the property."""
        return vocable_iri(self.identifier)


@dataclass(frozen=True, slots=True)
class Question:
    """One reconciliation query."""

    name: str | None
    types: tuple[str, ...] = ()
    """The IRIs of the classes wanted."""
    strictness: str = "any"
    limit: int = DEFAULT_CANDIDATES
    conditions: tuple[Condition, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A property that a data extension asks for; without a language, in all of them."""

    identifier: str
    language: str | None = None

    @property
    def iri(self) -> str:
        """The IRI of the property."""
        return vocable_iri(self.identifier)


@dataclass(frozen=True, slots=True)
class Extension:
    """A data extension query: values of some properties of some things."""

    identifiers: tuple[str, ...]
    columns: tuple[Column, ...]


def refused(message: str, hint: str | None = None, status: int = HTTPStatus.BAD_REQUEST) -> ProtocolError:
    """The error for a request that the API does not allow."""
    return ProtocolError(status, Problem("reconciliation", message, hint=hint))


def read_batch(text: str) -> dict[str, Question]:
    """The queries of a batch of version 0.2, by their names.

    :raises ProtocolError: 400 if it is no such batch, 413 if it is too large

    >>> read_batch('{"q0": {"query": "Rabat", "type": "schema:Place", "limit": 3}}')["q0"].limit
    3
    """
    batch = _object(_parsed(text), "the batch")
    _check_number(len(batch))
    return {name: _question(name, _object(query, name)) for name, query in batch.items()}


def read_draft_batch(text: str) -> tuple[Question, ...]:
    """The queries of a batch of the draft of version 1.0, in their order.

    :raises ProtocolError: 400 if it is no such batch, 413 if it is too large
    """
    queries = _list(_object(_parsed(text), "the batch").get("queries"), "queries")
    _check_number(len(queries))
    return tuple(_draft_question(f"queries[{at}]", query) for at, query in enumerate(queries))


def read_extension(text: str) -> Extension:
    """A data extension query, which both versions write alike.

    :raises ProtocolError: 400 if it is none, 413 if it is too large
    """
    asked = _object(_parsed(text), "the extension")
    identifiers = tuple(_text(value, "ids") for value in _list(asked.get("ids"), "ids"))
    columns = tuple(_column(value) for value in _list(asked.get("properties"), "properties"))
    if len(identifiers) > IDENTIFIERS or len(columns) > COLUMNS:
        message = f"an extension takes {IDENTIFIERS} ids and {COLUMNS} properties at most"
        raise refused(message, "send it in parts", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return Extension(identifiers, columns)


def _check_number(queries: int) -> None:
    if queries > BATCH:
        message = f"{queries} queries in one batch, where {BATCH} are allowed"
        raise refused(message, "send smaller batches", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def _question(place: str, query: Mapping[str, Any]) -> Question:
    given = query.get("type", [])
    types = [given] if isinstance(given, str) else [] if given is None else _list(given, f"{place}.type")
    properties = _list(query.get("properties", []), f"{place}.properties")
    name = query.get("query")
    if name is None and not properties:
        raise refused(f"{place} has neither a query nor properties")
    return Question(
        name=None if name is None else _text(name, f"{place}.query"),
        types=tuple(vocable_iri(_text(kind, f"{place}.type")) for kind in types),
        strictness=_choice(query.get("type_strict", "any"), STRICTNESS, f"{place}.type_strict"),
        limit=_limit(query.get("limit"), f"{place}.limit"),
        conditions=_conditions(properties, f"{place}.properties"),
        language=_language(query.get("lang"), f"{place}.lang"),
    )


def _draft_question(place: str, value: object) -> Question:
    query = _object(value, place)
    conditions = _list(query.get("conditions"), f"{place}.conditions")
    if not conditions:
        raise refused(f"{place} has no conditions")
    named: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for at, item in enumerate(conditions):
        condition = _object(item, f"{place}.conditions[{at}]")
        way = _choice(condition.get("matchType"), ("name", "property"), f"{place}.conditions[{at}].matchType")
        (named if way == "name" else others).append(condition)
    if len(named) > 1:
        raise refused(f"{place} has {len(named)} conditions on the name, where one is allowed")
    names = _names(named[0].get("v"), f"{place}.conditions") if named else ()
    kind = query.get("type")
    return Question(
        name=names[0] if names else None,
        types=() if kind is None else (vocable_iri(_text(kind, f"{place}.type")),),
        limit=_limit(query.get("limit"), f"{place}.limit"),
        conditions=_conditions(others, f"{place}.conditions"),
        language=_language(query.get("lang"), f"{place}.lang"),
    )


def _names(value: object, place: str) -> tuple[str, ...]:
    """The name that a query asks for; it may stand in a list."""
    names = tuple(_text(name, place) for name in (value if isinstance(value, list) else [value]))
    if len(names) != 1:
        raise refused(f"{place} has {len(names)} names, where one is allowed", "send one query for each name")
    return names


def _conditions(items: Sequence[object], place: str) -> tuple[Condition, ...]:
    if len(items) > CONDITIONS:
        raise refused(f"{place} has {len(items)} entries, where {CONDITIONS} are allowed")
    found = []
    for at, item in enumerate(items):
        here = f"{place}[{at}]"
        condition = _object(item, here)
        quantifier = _choice(condition.get("matchQuantifier", "any"), QUANTIFIERS, f"{here}.matchQuantifier")
        required = condition.get("required", False)
        if not isinstance(required, bool):
            raise refused(f"{here}.required is neither true nor false")
        values = _values(condition.get("v"), f"{here}.v")
        found.append(Condition(_text(condition.get("pid"), f"{here}.pid"), values, quantifier, required))
    return tuple(found)


def _values(value: object, place: str) -> tuple[Given, ...]:
    values = value if isinstance(value, list) else [value]
    if not 0 < len(values) <= CONDITIONS:
        raise refused(f"{place} has {len(values)} values, where 1 to {CONDITIONS} are allowed")
    return tuple(_given(one, place) for one in values)


def _given(value: object, place: str) -> Given:
    match value:
        case str():
            return Given(_text(value, place))
        case bool():
            return Given("true" if value else "false")
        case int() | float():
            return Given(json.dumps(value))
        case dict():
            identifier = _text(value.get("id"), f"{place}.id")
            name = value.get("name")
            return Given(identifier if name is None else _text(name, f"{place}.name"), identifier)
    raise refused(f"{place} is no text, number, truth value or object with an id")


def _column(value: object) -> Column:
    column = _object(value, "properties")
    settings = column.get("settings")
    language = None if settings is None else _object(settings, "properties.settings").get("language")
    language = None if language == "" else language  # the choice of all languages
    return Column(_text(column.get("id"), "properties.id"), _language(language, "properties.settings.language"))


def _language(value: object, place: str) -> str | None:
    return None if value is None else _text(value, place).lower()


def _limit(value: object, place: str) -> int:
    if value is None:
        return DEFAULT_CANDIDATES
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not isinstance(value, int | float) or not whole or value < 1:
        raise refused(f"{place} is no whole number above 0")
    return int(min(value, CANDIDATES))


def _choice(value: object, choices: Sequence[str], place: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise refused(f"{place} is none of {', '.join(choices)}")
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise refused(f"{place} is no text")
    if len(value) > TEXT:
        raise refused(f"{place} has {len(value)} characters, where {TEXT} are allowed")
    return value


def _list(value: object, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise refused(f"{place} is no list")
    return value


def _object(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise refused(f"{place} is no object")
    return value


def _parsed(text: str) -> object:
    try:
        value: object = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise refused("the request holds half of a surrogate pair, which is no character") from None
    except (ValueError, RecursionError) as error:
        raise refused(f"the request is not JSON: {error}") from None
    return value
