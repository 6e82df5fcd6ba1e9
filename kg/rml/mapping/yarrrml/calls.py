"""Functions as YARRRML writes them: `function` with `parameters`, or all of it in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.errors import MappingError, Position
from kg.positions import Node, Sequence, Table, Value
from kg.rml.mapping.functions import FN
from kg.rml.mapping.yarrrml.fields import each, fields_of, text_of
from kg.rml.mapping.yarrrml.terms import Call, Prefixes, parse_template
from kg.rml.mapping.yarrrml.terms import Value as Given

_NAME: Final = r"[^\W\d][\w-]*(?::[\w.-]+)?"
_CALL: Final = re.compile(rf"\s*({_NAME}|<[^<>\s]+>)\s*\(")
_PARAMETER: Final = re.compile(rf"\s*({_NAME}|<[^<>\s]+>)\s*(?:=|:(?=[\s$\"']))\s*")
_QUOTED: Final = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*(?=[,)])""", re.DOTALL)
_BLANKS: Final = re.compile(r"\s+")
_KEYS: Final = ("function", "parameters")
SIDES: Final = {"s": "own", "subject": "own", "o": "other", "object": "other"}
"""What the two rows of a link are called."""
_DEEPEST: Final = 40
"""Functions within one another, in one line."""


def is_call(node: Node) -> bool:
    """Whether a node is a function."""
    return isinstance(node, Table) and bool({"function", "fn", "f"} & set(node.entries))


def read_call(node: Node, prefixes: Prefixes, sides: list[str] | None = None) -> Call:
    """The function of a table with `function` and `parameters`, or of a text in the short form.

    :param sides: takes the sides of a link that parameters name; without it, there is one row only
    :raises MappingError: if it is none
    """
    if isinstance(node, Value):
        return short_call(text_of(node, "a function"), node.position, prefixes)
    fields = fields_of(node, "a function", _KEYS)
    if "function" not in fields:
        raise MappingError("the function has no 'function'", position=node.position, hint="function: toUpperCase")
    field = fields["function"].node
    name = text_of(field, "a function")
    if "(" in name:
        if "parameters" in fields:
            what = "parameters stand in parentheses, or under 'parameters'"
            raise MappingError(what, position=fields["parameters"].key, hint="keep one of them")
        return short_call(name, field.position, prefixes)
    inputs: list[tuple[str, Given]] = []
    if "parameters" in fields:
        inputs = [one for item in each(fields["parameters"].node) for one in _inputs(item, prefixes, sides)]
    return Call(_iri(name, field.position, prefixes), tuple(inputs), field.position)


def parameter_of(node: Node, further: str) -> tuple[Node, Node, Node | None]:
    """The name of a parameter, its value, and the side of a link that it is of, where one is told.

    It is `[name, value]`, `[name, value, side]` or `{parameter: name, value: value}`, with one `further` key: `from`
    tells the side, and of `type` nothing follows.

    :raises MappingError: if it is none of these
    """
    if isinstance(node, Sequence):
        match node.items:
            case (name, value):
                return name, value, None
            case (name, value, side):
                return name, value, side
            case _:
                what = "a parameter is [name, value], or in links [name, value, s or o]"
                raise MappingError(what, position=node.position)
    fields = fields_of(node, "a parameter", ("parameter", "value", further))
    if not {"parameter", "value"} <= set(fields):
        raise MappingError("a parameter has 'parameter' and 'value'", position=node.position)
    told = fields["from"].node if "from" in fields else None
    return fields["parameter"].node, fields["value"].node, told


def _inputs(node: Node, prefixes: Prefixes, sides: list[str] | None) -> Iterator[tuple[str, Given]]:
    """A parameter with its value: `[name, value]` or `{parameter: name, value: value}`; of a list, one for each."""
    name, value, side = parameter_of(node, "type")
    iri = _iri(text_of(name, "a parameter"), name.position, prefixes)
    for one in each(value):
        given = read_value(one, prefixes, sides)
        if side is not None:
            _take_side(side_of(side), given, sides)
        yield iri, given


def side_of(node: Node) -> str:
    """The side of a link that a parameter speaks of."""
    said = text_of(node, "a side")
    if said not in SIDES:
        raise MappingError(f"'{said}' is no side of a link", position=node.position, hint="s or o")
    return SIDES[said]


def _take_side(side: str, given: Given, sides: list[str] | None) -> None:
    """A constant is the same on every side."""
    if given.constant is not None:
        return
    if sides is not None:
        sides.append(side)
    elif side == "other":
        message = "there is no other row here: only the condition of a link has one"
        raise MappingError(message, position=given.position, hint="leave out the o")


def read_value(node: Node, prefixes: Prefixes, sides: list[str] | None = None) -> Given:
    """A text with its references, or a function."""
    if is_call(node):
        return read_call(node, prefixes, sides)
    return prefixes.value(text_of(node, "a value"), node.position)


def short_call(text: str, position: Position, prefixes: Prefixes) -> Call:
    """A function in one line: `join(values: split(text: $(tags), separator: ";"), separator: "|")`.

    :raises MappingError: if it is none

    >>> call = short_call('replace($(n), find: " ", replacement = "-")', Position("m.yml", 1), Prefixes({}))
    >>> [(name.rpartition("#")[2], value.constant) for name, value in call.inputs]
    [('1', None), ('find', ' '), ('replacement', '-')]
    """
    call, end = _Line(text, position, prefixes).call(0, 0)
    if text[end:].strip():
        raise MappingError(f"'{text[end:].strip()[:40]}' stands behind the function", position=position)
    return call


def _iri(name: str, position: Position, prefixes: Prefixes) -> str:
    """The IRI of a function or a parameter; a name without a prefix is one of ours."""
    if name.startswith("<") or ":" in name:
        return prefixes.iri(name, position).value
    if not re.fullmatch(_NAME, name):
        raise MappingError(f"'{name}' is no name of a function or a parameter", position=position)
    return FN + name


class _Line:
    """Reads functions that are written in one line."""

    def __init__(self, text: str, position: Position, prefixes: Prefixes) -> None:
        self._text, self._position, self._prefixes = text, position, prefixes

    def _fault(self, what: str) -> MappingError:
        hint = "written trim(text: $(name)), texts with , or ) in quotes"
        return MappingError(f"{what} in '{self._text[:60]}'", position=self._position, hint=hint)

    def call(self, at: int, depth: int) -> tuple[Call, int]:
        """The function that begins somewhere, and where it ends."""
        found = _CALL.match(self._text, at)
        if found is None:
            raise self._fault("no function")
        if depth > _DEEPEST:
            raise self._fault(f"more than {_DEEPEST} functions in one another")
        function = _iri(found[1], self._position, self._prefixes)
        inputs: list[tuple[str, Given]] = []
        at = self._blanks(found.end())
        while self._text[at : at + 1] != ")":
            if at >= len(self._text):
                raise self._fault("a parenthesis is not closed")
            if inputs:
                if self._text[at] != ",":
                    raise self._fault(f"no comma at {at}")
                at += 1
            name, at = self._name(at, len(inputs) + 1)
            value, at = self._value(at, depth)
            inputs.append((name, value))
            at = self._blanks(at)
        return Call(function, tuple(inputs), self._position), at + 1

    def _blanks(self, at: int) -> int:
        found = _BLANKS.match(self._text, at)
        return at if found is None else found.end()

    def _name(self, at: int, number: int) -> tuple[str, int]:
        found = _PARAMETER.match(self._text, at)
        if found is None:
            return f"{FN}{number}", at
        return _iri(found[1], self._position, self._prefixes), found.end()

    def _value(self, at: int, depth: int) -> tuple[Given, int]:
        if _CALL.match(self._text, at):
            return self.call(at, depth + 1)
        quoted = _QUOTED.match(self._text, at)
        if quoted is not None:
            text = re.sub(r"\\(.)", r"\1", quoted[1] if quoted[1] is not None else quoted[2], flags=re.DOTALL)
            return parse_template(text, self._position), quoted.end()
        end, open_ones = at, 0
        while end < len(self._text) and (open_ones or self._text[end] not in ",)"):
            open_ones += {"(": 1, ")": -1}.get(self._text[end], 0)
            end += 1
        text = self._text[at:end].strip()
        if not text:
            raise self._fault("a value is missing")
        if text[0] in "\"'":
            raise self._fault("a quote that is not closed before a comma or a parenthesis")
        return self._prefixes.value(text, self._position), end


def read_conditions(node: Node, prefixes: Prefixes) -> tuple[Call, ...]:
    """The conditions of a mapping, a predicateobject or an object: one, or a list of which all must hold.

    :raises MappingError: if one is no function
    """
    return tuple(read_call(item, prefixes) for item in each(node))
