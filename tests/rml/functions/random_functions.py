"""Random functions in one another, and conditions, as the inside of term maps."""

from __future__ import annotations

from hypothesis import strategies as st
from rml.generated_sources import Source, quoted

TESTS = ("equal", "notEqual", "contains", "startsWith", "isNull", "isNotNull", "inList", "not", "and")
TEXTS = ("toUpperCase", "toLowerCase", "trim", "replace", "concat", "substring", "length", "split", "join", "coalesce",
         "if", "trueCondition")  # fmt: skip
TAKES = {
    "toUpperCase": "t", "toLowerCase": "t", "trim": "t", "replace": "tcc", "concat": "ttc", "substring": "tii",
    "length": "t", "split": "ts", "join": "mc", "equal": "tt", "notEqual": "tc", "contains": "tc", "startsWith": "tc",
    "inList": "tm", "isNull": "t", "isNotNull": "t", "coalesce": "ttt", "if": "btt", "trueCondition": "bt", "and": "bb",
    "not": "b",
}  # fmt: skip
"""Texts, constants, separators, whole numbers, many texts, tests."""
LEAST = {"substring": 2, "concat": 2, "coalesce": 2, "if": 2, "split": 1, "join": 1}
"""How many of them must be given; of others, all."""


def reference(draw: st.DrawFn, source: Source) -> str:
    column = draw(st.sampled_from(["t", "t", "key", "key", "n", "d", "lang", *source.odd[:1]]))
    path = source.reference(column)
    if source.kind in {"json", "xml"} and draw(st.sampled_from([False, False, True])):
        path = "$.list[*]" if source.is_json else "list"
    return f"rml:reference {quoted(path)}"


def argument(draw: st.DrawFn, source: Source, kind: str, depth: int) -> str:
    if kind in "cs":
        return f"rml:inputValue {quoted(draw(st.sampled_from([',', 'a', ';', 'é'] + ['', '1'] * (kind == 'c'))))}"
    if kind == "i":
        if draw(st.integers(0, 7)) == 7:
            return f"rml:inputValueMap [ rml:reference {quoted(source.reference(draw(st.sampled_from(['n', 'd']))))} ]"
        return f"rml:inputValue {quoted(str(draw(st.integers(-2, 4))))}"
    if kind == "b":
        return f"rml:inputValueMap [ {call(draw, source, TESTS, depth - 1)} ]"
    return f"rml:inputValueMap [ {text(draw, source, depth)} ]"


def text(draw: st.DrawFn, source: Source, depth: int) -> str:
    """A function, a template or a reference."""
    if depth > 1 and draw(st.booleans()):
        return call(draw, source, TEXTS, depth - 1)
    if draw(st.integers(0, 4)) == 4:
        return "rml:template " + quoted("x-{" + source.reference("key") + "}")
    return reference(draw, source)


def call(draw: st.DrawFn, source: Source, names: tuple[str, ...], depth: int = 3) -> str:
    """A function, as the inside of a map."""
    allowed = [name for name in names if depth > 1 or "b" not in TAKES[name]]
    name = draw(st.sampled_from(allowed))
    kinds = TAKES[name][: draw(st.integers(LEAST.get(name, len(TAKES[name])), len(TAKES[name])))]
    inputs = []
    for number, kind in enumerate(kinds, 1):
        many = range(draw(st.integers(1, 2)) if kind == "m" else 1)
        inputs += [f"[ rml:parameter fn:{number} ; {argument(draw, source, kind, depth)} ]" for _ in many]
    return f"rml:functionExecution [ rml:function fn:{name} ; rml:input {' , '.join(inputs)} ]"


def called_objects(draw: st.DrawFn, source: Source) -> str:
    """Literals of every kind, IRIs and blank nodes that functions give."""
    made = call(draw, source, (*TEXTS, *TESTS))
    more = draw(
        st.sampled_from(["", "", "", "rml:datatype ex:type", 'rml:language "fr"', "rml:termType rml:BlankNode"])
    )
    return f"{made} ; {more}" if more else made


@st.composite
def conditions(draw: st.DrawFn, source: Source, often: int = 18) -> str:
    """A condition now and then, or two; else nothing."""
    number = draw(st.sampled_from([0] * often + [1, 2]))
    made = " , ".join(f"[ {call(draw, source, TESTS, 2)} ]" for _ in range(number))
    return f"rml:condition {made}" if made else ""


def keys(draw: st.DrawFn, path: str) -> str:
    """One side of a join: a function that always gives something."""
    name = draw(st.sampled_from(["toUpperCase", "trim", "toLowerCase"]))
    taken = f"[ rml:parameter fn:1 ; rml:inputValueMap [ rml:reference {quoted(path)} ] ]"
    return f"rml:functionExecution [ rml:function fn:{name} ; rml:input {taken} ]"
