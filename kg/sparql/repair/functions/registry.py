"""The functions and aggregates that a rewritten query names, as `Store.query` takes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from kg.sparql.repair.functions import aggregates, casts, names, order, values
from kg.sparql.repair.functions.notes import AGGREGATE, EXPRESSION, Notes, Tell, spelt

_NAME: Final = re.compile(re.escape(names.NAMESPACE) + r"[A-Za-z0-9/%._~;\-]*")
_KEPT: Final = 4_096
_VALUES: Final[Mapping[str, Callable[..., values.Term | None]]] = MappingProxyType(
    {
        names.EQUAL: values.equal,
        names.LESS: values.less,
        names.ADD: values.add,
        names.SUBTRACT: values.subtract,
        names.MULTIPLY: values.multiply,
        names.DIVIDE: values.divide,
        names.NEGATE: values.negate,
        names.IS_NUMERIC: values.is_numeric,
        names.TRUTH: values.truth,
        names.REPLACEMENT: values.replacement,
        names.LABELLED: values.labelled,
        names.ITSELF: lambda term: term,
    }
)

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        names.MINIMUM: "MIN",
        names.MAXIMUM: "MAX",
        names.SAMPLE: "SAMPLE",
        names.SUM: "SUM",
        names.SUM_DISTINCT: "SUM",
        names.AVERAGE: "AVG",
        names.AVERAGE_DISTINCT: "AVG",
    }
)
_TOLD: Final = 3
"""Values that are told of an expression."""


@dataclass(frozen=True, slots=True)
class Callables:
    """Arguments of `Store.query`."""

    functions: dict[NamedNode, Any]
    aggregates: dict[NamedNode, Any]
    tell: bool = False
    """Whether one of them may have something to tell, at any time until the evaluation has ended."""


def callables(text: str, notes: Notes) -> Callables:
    """What the text of a query names; a name that is none of ours is left for the engine to refuse.

    >>> found = callables("SELECT * { ?s ?p ?o } ORDER BY <x-zellige://engine/order>(?o)", Notes())
    >>> [*found.functions], [*found.aggregates]
    ([<NamedNode value=x-zellige://engine/order>], [])
    """
    functions: dict[NamedNode, Any] = {}
    made: dict[NamedNode, Any] = {}
    noted = False
    for name in sorted({*_NAME.findall(text)}):
        what, _, place = name.partition(";")
        function = _function(what, place, notes)
        if function is not None:
            functions[NamedNode(name)] = function
            noted = noted or what.startswith(names.NOTED)
            continue
        maker = aggregates.maker(what)
        if maker is not None:
            tell = partial(notes.take, AGGREGATE, _WORDS.get(what, "GROUP_CONCAT"), place)
            made[NamedNode(name)] = partial(maker, tell)
    return Callables(functions, made, tell=noted or bool(made))


def _function(name: str, place: str, notes: Notes) -> Callable[..., values.Term | None] | None:
    if name == names.ORDER:
        return _Ordered()
    if name == names.AGAIN:
        return notes.ask_again
    if name.startswith(names.NOTED):
        return partial(_noted, partial(notes.take, EXPRESSION, f"?{names.parameter(name)}", place))
    if name.startswith(names.COLLATION):
        return _collated(names.parameter(name))
    return _VALUES.get(name) or casts.function(name)


def _noted(tell: Tell, *given: values.Term) -> None:
    known = [spelt(term) for term in given[:_TOLD]]
    tell(f"its expression is an error with {', '.join(known)}" if known else "its expression is an error")


class _Ordered:
    """The keys of one query; the first of many different terms are kept, for those that come again."""

    def __init__(self, text: order.Text | None = None) -> None:
        self._text = text
        self._known: dict[values.Term, Literal] = {}

    def __call__(self, term: values.Term) -> Literal:
        found = self._known.get(term)
        if found is None:
            found = Literal(order.key(term, self._text))
            if len(self._known) < _KEPT:
                self._known[term] = found
        return found


def _collated(language: str) -> Callable[[values.Term], Literal]:
    from kg.sparql.repair.functions.collation import sort_key

    return _Ordered(sort_key(language))
