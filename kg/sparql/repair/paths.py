"""Paths of length zero from and to a constant: they hold for a term that is not in the data too.

The engine looks the constant up first and gives nothing where it is not there. What it leaves out is one solution, and
exactly where `constant path constant` fails: that is added beside the path, so that the rest is evaluated as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from kg.errors import Problem
from kg.sparql.language.syntax import (
    Alternative,
    Binary,
    BlankNode,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    InlineData,
    Inverse,
    Iri,
    Literal,
    Membership,
    PathLike,
    Query,
    Repeated,
    Sequence,
    Times,
    TriplePattern,
    Triples,
    Union,
    Variable,
)
from kg.sparql.language.walking import rebuilt, walk
from kg.sparql.repair.context import Context
from kg.sparql.repair.functions.names import ITSELF
from kg.sparql.repair.patterns import patterns_replaced

_NEVER: Final = (Times.ZERO_OR_MORE, Times.ZERO_OR_ONE)


def zero_length_paths(query: Query, context: Context) -> tuple[Query, tuple[Problem, ...]]:
    """A query whose paths of length zero hold for every constant."""
    made = patterns_replaced(query, context.fresh, _is_touched, _completed)
    # To the engine a subject is no literal, also that of a path of length zero, and `=` of such is that of terms.
    subjects = frozenset(name for each in walk(query) if isinstance(each, TriplePattern) for name in _literals(each))
    return _compared_by_value(made, subjects) if subjects else made, ()


def _literals(pattern: TriplePattern) -> Iterator[str]:
    """The variable, if it is one, that the engine takes for a subject and that may be a literal all the same."""
    subject, path, other = pattern.subject, pattern.predicate, pattern.object
    while isinstance(path, Inverse):
        subject, path, other = other, path.path, subject
    if isinstance(subject, Variable) and _may_be_gone_nowhere(path):
        yield subject.name


def _may_be_gone_nowhere(path: PathLike | Variable) -> bool:
    match path:
        case Repeated(inner, times):
            return times in _NEVER or _may_be_gone_nowhere(inner)
        case Inverse(inner):
            return _may_be_gone_nowhere(inner)
        case Alternative(parts) | Sequence(parts):
            return any(map(_may_be_gone_nowhere, parts))
    return False


def _compared_by_value(node: Any, names: frozenset[str]) -> Any:
    made = rebuilt(node, lambda child: _compared_by_value(child, names))
    match made:
        case Binary("=" | "!=", left, right):
            return replace(made, left=_itself(left, names), right=_itself(right, names))
        case Membership(operand, members):
            known = tuple(_itself(member, names) for member in members)
            return replace(made, operand=_itself(operand, names), members=known)
    return made


def _itself(operand: Expression, names: frozenset[str]) -> Expression:
    if isinstance(operand, Variable) and operand.name in names:
        return Call(Iri(ITSELF), (operand,))
    return operand


def _completed(pattern: TriplePattern) -> Iterator[Element]:
    path = pattern.predicate
    if isinstance(path, Inverse):
        yield from _completed(TriplePattern(pattern.object, path.path, pattern.subject, pattern.at))
    elif isinstance(path, Alternative):
        branches = (TriplePattern(pattern.subject, part, pattern.object, pattern.at) for part in path.parts)
        yield Union(tuple(Group(tuple(_branch(branch))) for branch in branches))
    else:
        yield from _with_nothing(pattern)


def _branch(pattern: TriplePattern) -> Iterator[Element]:
    if _is_touched(pattern):
        yield from _completed(pattern)
    else:
        yield Triples((pattern,), pattern.at)


def _with_nothing(pattern: TriplePattern) -> Iterator[Element]:
    """A path that may be gone no time, of a constant and any other end."""
    subject, other = pattern.subject, pattern.object
    if isinstance(subject, Variable):
        subject, other = other, subject
    if not isinstance(subject, (Iri, Literal)):
        raise TypeError(pattern)
    itself = Triples((TriplePattern(subject, pattern.predicate, subject),))
    absent = Filter(Exists(Group((itself,)), negated=True))
    if isinstance(other, Variable):
        alone: tuple[Element, ...] = (InlineData((other,), ((subject,),)), absent)
    else:
        alone = (absent,)
    yield Union((Group((Triples((pattern,), pattern.at),)), Group(alone)))


def _is_touched(pattern: TriplePattern) -> bool:
    """Whether a constant of the pattern may be an end of a path of length zero that the engine leaves out."""
    subject, other = pattern.subject, pattern.object
    ends = [end for end in (subject, other) if isinstance(end, (Iri, Literal))]
    if not ends or (len(ends) > 1 and ends[0] != ends[1]):
        return False
    known = isinstance(subject, (Iri, Literal, Variable, BlankNode)) and isinstance(
        other, (Iri, Literal, Variable, BlankNode)
    )
    return known and _is_nullable(pattern.predicate)


def _is_nullable(path: PathLike | Variable) -> bool:
    """Whether a path relates a constant that is not in the data with itself.

    A sequence of two steps does not: what lies between them is a variable, which takes nodes of the data only (18.4).
    """
    match path:
        case Repeated(inner, times):
            return times in _NEVER or _is_nullable(inner)
        case Inverse(inner):
            return _is_nullable(inner)
        case Alternative(parts):
            return any(map(_is_nullable, parts))
    return False
