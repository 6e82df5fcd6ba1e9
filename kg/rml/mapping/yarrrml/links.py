"""Links from one mapping of a YARRRML document to another, and the conditions on which rows belong together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.errors import MappingError, Position
from kg.positions import Node, Sequence
from kg.rml.mapping.yarrrml.calls import parameter_of, read_value, short_call, side_of
from kg.rml.mapping.yarrrml.fields import Field, each, fields_of, text_of
from kg.rml.mapping.yarrrml.model import Equality
from kg.rml.mapping.yarrrml.terms import Prefixes
from kg.rml.mapping.yarrrml.terms import Value as Given

_EQUAL: Final = ("equal", "idlab-fn:equal")
_AND: Final = ("and", "grel:boolean_and")
_NAMES: Final = {"str1": "own", "str2": "other", "valueParameter": "own", "valueParameter2": "other"}


class Conditions:
    """Reads the conditions of the links to one mapping."""

    def __init__(self, prefixes: Prefixes, mapping: str) -> None:
        self._prefixes, self._mapping = prefixes, mapping

    def read(self, field: Field | None) -> tuple[Equality, ...]:
        """The pairs of values that must be equal, all of them.

        :raises MappingError: at the first condition that is none of `equal`, or of several by `and`
        """
        if field is None:
            return ()
        return tuple(one for item in each(field.node) for one in self._equalities(item))

    def _equalities(self, node: Node) -> Iterator[Equality]:
        fields = fields_of(node, "a condition", ("function", "parameters", "mapping"))
        if "function" not in fields:
            raise MappingError("the condition has no 'function'", position=node.position, hint="function: equal")
        if "mapping" in fields and text_of(fields["mapping"].node, "a mapping") != self._mapping:
            raise MappingError("the condition is about another mapping than its link", position=node.position)
        field = fields["function"]
        name = text_of(field.node, "a function")
        if name in _AND:
            for item in each(fields["parameters"].node) if "parameters" in fields else ():
                yield from self._equalities(self._inner(item))
            return
        if "(" in name:
            call = short_call(name, field.node.position, self._prefixes)
            name = name.partition("(")[0].strip()
            given = [(_side(_named(parameter, name, value), value.position), value) for parameter, value in call.inputs]
        else:
            given = [
                self._parameter(item) for item in (each(fields["parameters"].node) if "parameters" in fields else ())
            ]
        if name not in _EQUAL:
            raise MappingError(
                f"the function '{name}' is not part of this subset of YARRRML",
                position=field.node.position,
                hint="links know 'equal', and several of them by 'and'",
            )
        yield _equality(given, node.position)

    def _inner(self, node: Node) -> Node:
        """What one parameter of `and` takes."""
        if isinstance(node, Sequence) and len(node.items) == 2:  # noqa: PLR2004 -- a name and a value
            return node.items[1]
        fields = fields_of(node, "a parameter", ("parameter", "value"))
        if "value" not in fields:
            raise MappingError("a parameter has 'parameter' and 'value'", position=node.position)
        return fields["value"].node

    def _parameter(self, node: Node) -> tuple[str, Given]:
        """The side that a parameter speaks of, and its value: `[str1, $(a), s]` or `{parameter: str1, value: $(a)}`."""
        name, value, side = parameter_of(node, "from")
        sides: list[str] = []
        read = read_value(value, self._prefixes, sides)
        said = {*sides, *([side_of(side)] if side is not None else [])}
        if len(said) > 1:
            raise MappingError("a value is of one side of the link", position=node.position, hint="all s, or all o")
        return (said.pop() if said else _side(text_of(name, "a parameter"), node.position)), read


def _equality(given: list[tuple[str, Given]], position: Position) -> Equality:
    sides: dict[str, Given] = {}
    for side, template in given:
        if side in sides:
            raise MappingError("two parameters for the same side of the link", position=template.position)
        sides[side] = template
    if set(sides) != {"own", "other"}:
        raise MappingError("'equal' compares two values", position=position, hint="[[str1, $(own)], [str2, $(other)]]")
    return Equality(sides["own"], sides["other"], position)


def _named(parameter: str, function: str, value: Given) -> str:
    """The name of a parameter in the short form."""
    name = parameter.rpartition("#")[2]
    if name.isdigit():
        what = "its value" if value.constant is None else f"'{value.constant}'"
        raise MappingError(f"{what} is no parameter of '{function}'", position=value.position, hint="str1 = $(own)")
    return name


def _side(name: str, position: Position) -> str:
    local = name.rpartition(":")[2]
    if local not in _NAMES:
        raise MappingError(f"'equal' has no parameter '{name}'", position=position, hint="str1 and str2")
    return _NAMES[local]
