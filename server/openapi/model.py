"""The parts of an OpenAPI document as values, and their objects (OpenAPI 3.1.1, sections 4.8.8 to 4.8.20)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation."""

    name: str
    place: str
    """`query`, `path` or `header`."""
    schema: Mapping[str, Any]
    description: str
    required: bool = False
    in_json: bool = False
    """Whether its value is written in JSON."""
    may_be_empty: bool = False
    """Whether an empty value is as good as none: forms send their empty fields too."""
    is_exploded: bool = False
    """Whether it is an object whose members are parameters of their own (style `form`)."""

    def to_object(self) -> Object:
        """The parameter object."""
        needed: Object = {"required": True} if self.required else {}
        if self.may_be_empty:
            needed["allowEmptyValue"] = True
        if self.is_exploded:
            needed |= {"style": "form", "explode": True}
        schema = {"schema": dict(self.schema)}
        return {
            "name": self.name,
            "in": self.place,
            "description": self.description,
            **needed,
            **({"content": {"application/json": schema}} if self.in_json else schema),
        }


@dataclass(frozen=True, slots=True)
class Content:
    """The media types that a body may have, all with one schema; the schema is the name of a component."""

    media_types: tuple[str, ...]
    schema: str

    def to_object(self) -> Object:
        """The media type objects, by media type."""
        return {media_type: {"schema": reference("schemas", self.schema)} for media_type in self.media_types}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers with one status; `headers` are names of components, those with `!` always there."""

    status: int
    description: str
    contents: tuple[Content, ...] = ()
    headers: tuple[str, ...] = ()

    def to_object(self) -> Object:
        """The response object."""
        found: Object = {"description": self.description}
        if self.headers:
            found["headers"] = {name: reference("headers", name) for name in self.headers}
        if self.contents:
            found["content"] = merged(content.to_object() for content in self.contents)
        return found


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method does at an address."""

    method: str
    """In small letters, as the document has it."""
    identifier: str
    summary: str
    tag: str
    answers: tuple[Answer | str, ...]
    """An answer, or the name of a component that is one."""
    parameters: tuple[Parameter | str, ...] = ()
    """Likewise."""
    body: tuple[Content, ...] = ()
    description: str = ""

    def to_object(self, suffix: str = "") -> Object:
        """The operation object; `suffix` tells the operations of an alias from those of the address."""
        found: Object = {"operationId": self.identifier + suffix, "summary": self.summary, "tags": [self.tag]}
        if self.description:
            found["description"] = self.description
        if self.parameters:
            found["parameters"] = [
                reference("parameters", given) if isinstance(given, str) else given.to_object()
                for given in self.parameters
            ]
        if self.body:
            found["requestBody"] = {"required": True, "content": merged(content.to_object() for content in self.body)}
        found["responses"] = dict(sorted(_responses(self.answers)))
        return found


@dataclass(frozen=True, slots=True)
class Route:
    """An address, other spellings of it, and what it does."""

    path: str
    operations: tuple[Operation, ...]
    aliases: tuple[str, ...] = ()

    def to_items(self) -> Iterable[tuple[str, Object]]:
        """The path item objects, by address."""
        for number, path in enumerate((self.path, *self.aliases)):
            suffix = f"Alias{number}" if number else ""
            yield path, {operation.method: operation.to_object(suffix) for operation in self.operations}


def _responses(answers: Iterable[Answer | str]) -> Iterable[tuple[str, Object]]:
    for answer in answers:
        if isinstance(answer, str):
            yield answer.removeprefix("Problem")[:3], reference("responses", answer)
        else:
            yield str(answer.status), answer.to_object()


def reference(kind: str, name: str) -> Object:
    """A reference object to a component.

    >>> reference("schemas", "Problem")
    {'$ref': '#/components/schemas/Problem'}
    """
    return {"$ref": f"#/components/{kind}/{name}"}


def merged(parts: Iterable[Mapping[str, Any]]) -> Object:
    """One object of many; a media type that two contents share takes either schema.

    >>> merged([{"text/csv": {"schema": {"type": "string"}}}, {"text/csv": {"schema": {"type": "null"}}}])
    {'text/csv': {'schema': {'anyOf': [{'type': 'string'}, {'type': 'null'}]}}}
    """
    found: Object = {}
    for part in parts:
        for media_type, value in part.items():
            before = found.get(media_type)
            if before is None or before == value:
                found[media_type] = value
                continue
            known = before["schema"].get("anyOf", [before["schema"]])
            found[media_type] = {"schema": {"anyOf": [*known, value["schema"]]}}
    return found
