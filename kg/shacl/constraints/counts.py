"""Constraints on the values of a node together: how many, in which languages, which must be there.

SHACL, sections 4.2, 4.4.5 and 4.8.2.
"""

from __future__ import annotations

from collections import Counter

from kg.shacl.engine import Engine, Found
from kg.shacl.graph.terms import ending
from kg.shacl.shapes.model import Count, HasValue, Shape, UniqueLang
from kg.shacl.values import Values


def count(engine: Engine, shape: Shape, constraint: Count, values: Values) -> Found:
    """`sh:minCount` and `sh:maxCount`."""
    number, name = constraint.number, "MinCount" if constraint.is_minimum else "MaxCount"
    for node, times in values.numbers():
        is_bad = times < number if constraint.is_minimum else times > number
        if is_bad and not (constraint.is_minimum and node in engine.incomplete):
            yield node, engine.found(shape, node, name)


def unique_lang(engine: Engine, shape: Shape, _: UniqueLang, values: Values) -> Found:
    """`sh:uniqueLang`: one result for each language that two values have; two directions are two (SHACL 1.2)."""
    forms = engine.data.terms.forms
    for node, found in values.pairs():
        if len(found) > 1:
            tails = [ending(forms[v]) for v in found if forms[v].startswith(b'"')]
            if len(set(tails)) < len(tails):
                for tail, times in Counter(tails).items():
                    if times > 1 and tail.startswith(b"@"):
                        yield node, engine.found(shape, node, "UniqueLang")


def has_value(engine: Engine, shape: Shape, constraint: HasValue, values: Values) -> Found:
    """`sh:hasValue`."""
    wanted = engine.data.terms.number(constraint.value)
    for node, found in values.pairs():
        if wanted not in found and (shape.path is None or node not in engine.incomplete):
            yield node, engine.found(shape, node, "HasValue")
