"""The limit, class or list of a constraint, and what was met instead: a function for each kind of constraint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from kg.shacl.engine import Engine, Finding
from kg.shacl.graph.terms import Terms
from kg.shacl.graph.xsd import compare
from kg.shacl.report import Reason
from kg.shacl.shapes import model
from kg.shacl.shapes.model import SH
from kg.shacl.values import Values

_KINDS: Final[Mapping[bytes, str]] = MappingProxyType({b"<": SH + "IRI", b"_": SH + "BlankNode", b'"': SH + "Literal"})
Explain = Callable[[Engine, Finding, Any], Reason | None]
"""From a finding to its reason: the third argument is the constraint, of the class that it is registered for."""


def reason(engine: Engine, finding: Finding) -> Reason | None:
    """What the constraint of a finding asks for and what it met.

    None where no more is to be said than the name of the constraint component.
    """
    explain = _REASONS.get(type(finding.constraint))
    return None if explain is None else explain(engine, finding, finding.constraint)


def values_of(engine: Engine, finding: Finding) -> Sequence[int]:
    """The value nodes of the focus node of a finding."""
    return next(Values(engine.data, finding.shape.path, (finding.focus,)).pairs())[1]


def _count(engine: Engine, finding: Finding, constraint: model.Count) -> Reason:
    key = "MinCount" if constraint.is_minimum else "MaxCount"
    return Reason(key, number=constraint.number, count=len(values_of(engine, finding)))


def _unique_lang(engine: Engine, finding: Finding, _: model.UniqueLang) -> Reason:
    terms = engine.data.terms
    values = [value for value in values_of(engine, finding) if terms.is_literal(value)]
    languages = Counter(terms.parts(value)[2] for value in values)
    return Reason("UniqueLang", tuple(sorted(found for found, times in languages.items() if found and times > 1)))


def _has_value(_: Engine, finding: Finding, constraint: model.HasValue) -> Reason:
    return Reason("HasValueNode" if finding.shape.path is None else "HasValue", (_text(constraint.value),))


def _class(_: Engine, __: Finding, constraint: model.Class) -> Reason:
    return Reason("Class", (_text(constraint.iri),))


def _datatype(engine: Engine, finding: Finding, constraint: model.Datatype) -> Reason:
    terms, value, wanted = engine.data.terms, _value(finding), constraint.iri
    if not terms.is_literal(value):
        return Reason("DatatypeKind", (_kind(terms, value), wanted))
    found = terms.parts(value)[1]
    return Reason("DatatypeForm", (wanted,)) if found == wanted else Reason("Datatype", (found, wanted))


def _node_kind(engine: Engine, finding: Finding, constraint: model.NodeKind) -> Reason:
    kinds = tuple(kind for start, kind in _KINDS.items() if start in constraint.starts)
    return Reason("NodeKind", (_kind(engine.data.terms, _value(finding)), *kinds), number=len(kinds))


def _range(_: Engine, __: Finding, constraint: model.Range) -> Reason:
    return Reason(constraint.component, (_text(constraint.limit),))


def _length(engine: Engine, finding: Finding, constraint: model.Length) -> Reason:
    terms, value = engine.data.terms, _value(finding)
    if terms.is_blank(value):
        return Reason("NoLength")
    key = "MinLength" if constraint.is_minimum else "MaxLength"
    return Reason(key, number=constraint.number, count=len(terms.value(value)))


def _pattern(_: Engine, __: Finding, constraint: model.Pattern) -> Reason:
    flags = constraint.flags
    return Reason("PatternFlags", (constraint.pattern, flags)) if flags else Reason("Pattern", (constraint.pattern,))


def _language_in(_: Engine, __: Finding, constraint: model.LanguageIn) -> Reason:
    return Reason("LanguageIn", constraint.ranges)


def _in(_: Engine, __: Finding, constraint: model.In) -> Reason:
    return Reason("In", tuple(sorted(map(_text, constraint.members))))


def _pair(engine: Engine, finding: Finding, constraint: model.Pair) -> Reason:
    predicate, component = constraint.predicate, constraint.component
    if component == "Equals":
        is_node = finding.shape.path is None
        is_other = not is_node and finding.value not in values_of(engine, finding)
        return Reason("EqualsNode" if is_node else "EqualsOther" if is_other else "Equals", (predicate,))
    if component == "Disjoint":
        return Reason(component, (predicate,))
    terms, others = engine.data.terms, engine.data.column(predicate).forward.get(finding.focus, [])
    allowed = {-1} if component == "LessThan" else {-1, 0}
    wrong = [other for other in others if _order(terms, _value(finding), other) not in allowed]
    return Reason(component, (predicate, *map(terms.text, wrong)))


def _logic(engine: Engine, finding: Finding, constraint: model.Logic) -> Reason:
    if constraint.component == "Xone":
        value = (_value(finding),)
        fitted = tuple(name for name in constraint.shapes if not engine.failing(name, value))
        return Reason("XoneSeveral", fitted, count=len(fitted)) if fitted else Reason("Xone", constraint.shapes)
    return Reason(constraint.component, constraint.shapes)


def _qualified(engine: Engine, finding: Finding, constraint: model.Qualified) -> Reason:
    values = values_of(engine, finding)
    fitting = set(values) - engine.failing(constraint.shape, values)
    for sibling in constraint.siblings:
        fitting &= engine.failing(sibling, fitting)
    key = "QualifiedMinCount" if constraint.is_minimum else "QualifiedMaxCount"
    return Reason(key, (constraint.shape,), constraint.number, sum(value in fitting for value in values))


def _closed(_: Engine, __: Finding, ___: model.Closed) -> Reason:
    return Reason("Closed")


def _component(_: Engine, __: Finding, constraint: model.Select | model.Ask) -> Reason | None:
    given = tuple(part for name, form in constraint.bound for part in (name, _text(form)))
    return Reason("Component", given) if given else None


def _value(finding: Finding) -> int:
    """The value node: of a shape without a path the focus node itself."""
    return finding.focus if finding.value is None else finding.value


def _kind(terms: Terms, value: int) -> str:
    return _KINDS[terms.forms[value][:1]]


def _order(terms: Terms, value: int, other: int) -> int | None:
    if not terms.is_literal(value) or not terms.is_literal(other):
        return None
    return compare(terms.parts(value), terms.parts(other))


def _text(form: bytes) -> str:
    """A form as a report holds terms."""
    text = form.decode()
    return text[1:-1] if text.startswith("<") else text


_REASONS: Final[Mapping[type, Explain]] = MappingProxyType(
    {
        model.Count: _count,
        model.UniqueLang: _unique_lang,
        model.HasValue: _has_value,
        model.Class: _class,
        model.Datatype: _datatype,
        model.NodeKind: _node_kind,
        model.Range: _range,
        model.Length: _length,
        model.Pattern: _pattern,
        model.LanguageIn: _language_in,
        model.In: _in,
        model.Pair: _pair,
        model.Logic: _logic,
        model.Qualified: _qualified,
        model.Closed: _closed,
        model.Select: _component,
        model.Ask: _component,
    }
)
