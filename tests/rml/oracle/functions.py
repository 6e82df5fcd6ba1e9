"""The oracle's functions: a table of plain Python, called for one row at a time.

A function that cannot be called leaves a `Bad` in its place; whoever uses that value fails then.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from rdflib import Graph, Namespace
from rdflib.term import Node
from rml.oracle.terms import RML, Fault

FN = Namespace("https://w3id.org/zellige/fn#")
BLANKS = " \t\n\r\f\v\xa0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff\u200e\u200f" + "".join(
    map(chr, range(0x2000, 0x200C))
)


class Bad:
    """Stands where a value should."""


def substring(text: str, start: int, end: int | None = None) -> str | None:
    return None if start > len(text) else text[start:end]


def split(text: str, separator: str = ",") -> list[str]:
    return [part.strip() for part in text.split(separator) if part.strip()]


def first(*values: object) -> object:
    return next((value for value in values if value not in {None, ""}), None)


TABLE: dict[str, tuple[str, Callable]] = {
    "toUpperCase": ("text", str.upper),
    "toLowerCase": ("text", str.lower),
    "trim": ("text", lambda text: text.strip(BLANKS)),
    "replace": ("text text text", str.replace),
    "concat": ("text text text", lambda a, b, c="": a + c + b),
    "substring": ("text int int", substring),
    "length": ("text", len),
    "split": ("text text", split),
    "join": ("texts text", lambda values, by="": by.join(values) if values else None),
    "equal": ("text text", lambda a, b: a == b),
    "notEqual": ("text text", lambda a, b: a != b),
    "contains": ("text text", lambda a, b: b in a),
    "startsWith": ("text text", str.startswith),
    "inList": ("text texts", lambda a, b: a in b),
    "isNull": ("any", lambda value: value in {None, ""}),
    "isNotNull": ("any", lambda value: value not in {None, ""}),
    "coalesce": ("any any any any", first),
    "if": ("bool? any any", lambda test, then, other=None: then if test else other),
    "trueCondition": ("bool any", lambda test, value: value if test else None),
    "and": ("bool bool", lambda a, b: a and b),
    "not": ("bool", lambda a: not a),
}
"""What each takes, in its order, and what it does."""


def read_call(graph: Graph, node: Node, expression: Callable) -> dict:
    """An execution: parameters are numbers."""
    inputs: dict[int, list] = {}
    for item in graph.objects(node, RML.input):
        number = int(str(graph.value(item, RML.parameter)).removeprefix(str(FN)))
        fixed, inner = graph.value(item, RML.inputValue), graph.value(item, RML.inputValueMap)
        inputs.setdefault(number, []).append({"constant": fixed} if inner is None else expression(graph, inner))
    return {"name": str(graph.value(node, RML.function)).removeprefix(str(FN)), "inputs": inputs}


def taken(kind: str, value: object, lexical: Callable) -> object:
    """A value as a parameter takes it."""
    if kind == "any" or value is None:
        return value
    if isinstance(value, Bad):
        raise Fault("a value that failed")
    text = lexical(value)
    if kind == "int":
        if not re.fullmatch(r"[+-]?\d+", text, re.ASCII):
            raise Fault("no whole number")
        return int(text)
    if kind.startswith("bool"):
        if text not in {"true", "false", "1", "0"}:
            raise Fault("neither true nor false")
        return text in {"true", "1"}
    return text


def evaluate(call: dict, row: dict, values_of: Callable, lexical: Callable) -> list[object]:
    """The values of a function for a row: one for each choice of what it takes."""
    kinds, function = TABLE[call["name"]]
    choices: list[list] = []
    for number, kind in enumerate(kinds.split(), 1):
        if number not in call["inputs"]:
            break
        found = [value for item in call["inputs"][number] for value in values_of(item, row)]
        if kind == "texts":
            choices.append([found])
        else:
            choices.append(found or ([None] if kind == "any" or kind.endswith("?") else []))
    made: list[object] = []
    for values in itertools.product(*choices):
        try:
            given = [
                [taken("text", one, lexical) for one in value] if kind == "texts" else taken(kind, value, lexical)
                for kind, value in zip(kinds.split(), values, strict=False)
            ]
            result = function(*given)
        except Fault:
            result = Bad()
        made += result if isinstance(result, list) else [] if result is None else [result]
    return made


def holds(conditions: list[dict], row: dict, values_of: Callable, lexical: Callable) -> bool:
    """Whether all conditions do, each looked at only where those before do."""
    return all(any(taken("bool", value, lexical) for value in values_of(item, row)) for item in conditions)
