"""Constraints on the values of a node together: how many, in which languages, which must be there.

SHACL, sections 4.2, 4.4.5 and 4.8.2.
"""

from __future__ import annotations

from collections import Counter

from kg.shacl.engine import Engine, Found
from kg.shacl.shapes.model import Count, HasValue, Shape, UniqueLang
from kg.shacl.values import Values


def count(engine: Engine, shape: Shape, constraint: Count, values: Values) -> Found:
    """`sh:minCount` and `sh:maxCount`."""
    number, name = constraint.number, "MinCount" if constraint.is_minimum else "MaxCount"
    for node, found in values.pairs():
        is_bad = len(found) < number if constraint.is_minimum else len(found) > number
        if is_bad and not (constraint.is_minimum and node in engine.incomplete):
            yield node, engine.found(shape, node, name)


def unique_lang(engine: Engine, shape: Shape, _: UniqueLang, values: Values) -> Found:
    """`sh:uniqueLang`: one result for each language that two values have; two directions are two (SHACL 1.2)."""
    terms = engine.data.terms
    for node, found in values.pairs():
        if len(found) > 1:
            languages = Counter(map(terms.tag, found))
            for language, times in languages.items():
                if language and times > 1:
                    yield node, engine.found(shape, node, "UniqueLang")


def has_value(engine: Engine, shape: Shape, constraint: HasValue, values: Values) -> Found:
    """`sh:hasValue`."""
    wanted = engine.data.terms.number(constraint.value)
    for node, found in values.pairs():
        if wanted not in found and (shape.path is None or node not in engine.incomplete):
            yield node, engine.found(shape, node, "HasValue")
