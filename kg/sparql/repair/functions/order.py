"""The total order of terms as a string for each: strings by code points are in the order of their terms.

SPARQL 1.1, 15.1, gives unbound values, blank nodes, IRIs and literals their turn, and literals that an operator `<`
compares their order; all else it leaves open. Here literals stand by kind, in this order:

- numbers, by their exact value whatever their type; NaN before all others;
- what has a place on the line of time (dateTime, date, gYearMonth, gYear), by the instant it begins with; without a
  zone it counts as UTC; at one instant the coarser one is first;
- times of a day, then durations (a month counts as an average one);
- booleans, false first;
- text, by code points, then by language tag (none is first) and direction;
- all others, ill-typed ones of the kinds above among them, by datatype and lexical form.

Then come triple terms, by subject, predicate and object. Values that `=` calls equal have one key, if they have one
value: 1, 1.0 and 1e0 do. What has no key is an unbound value, which the engine puts before all keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.sparql.repair.functions import numbers, times
from kg.sparql.repair.functions.numbers import XSD

_BLANK, _IRI, _NUMBER, _BOOLEAN, _TEXT, _OTHER, _TRIPLE = "123789:"
_STRING: Final = XSD + "string"
_TRUTH: Final = MappingProxyType({"false": "0", "0": "0", "true": "1", "1": "1"})
_END: Final = "\0\0"
"""After a part that another follows: nothing in a part is less, since each NUL in it is followed by U+0001."""
Text = Callable[[str], str]
"""From a text to a string that is in the order of code points as the texts are in that of a language."""


def key(term: NamedNode | BlankNode | Literal | Triple, text: Text | None = None) -> str:
    """The key of a term; `text` gives what texts are sorted by, code points if None.

    :raises TypeError: for what is no term

    >>> key(NamedNode("urn:z")) < key(Literal(9)) < key(Literal(10)) < key(Literal("n/a"))
    True
    """
    if type(term) is Literal:
        return _literal(term, text)
    if type(term) is NamedNode:
        return _IRI + term.value
    if type(term) is BlankNode:
        return _BLANK + term.value
    if isinstance(term, Triple):
        parts = (term.subject, term.predicate, term.object)
        return _TRIPLE + _END.join(_escaped(key(part, text)) for part in parts)
    raise TypeError(f"no term: {term!r}")


def _literal(term: Literal, text: Text | None) -> str:
    value, datatype = term.value, term.datatype.value
    if datatype == _STRING:
        return _TEXT + _escaped(value) if text is None else _collated(value, "", text)
    made = _BY_DATATYPE.get(datatype)
    if made is not None:
        return made(value, datatype) or _other(value, datatype)
    if term.language is None:
        return _other(value, datatype)
    tag = term.language if term.direction is None else f"{term.language}--{term.direction.value}"
    return f"{_TEXT}{_escaped(value)}{_END}{tag}" if text is None else _collated(value, tag, text)


def _collated(value: str, tag: str, text: Text) -> str:
    """Texts that the language takes for the same are by code points, so that the order is total."""
    return f"{_TEXT}{_escaped(text(value))}{_END}{_escaped(value)}{_END}{tag}"


def _escaped(part: str) -> str:
    return part.replace("\0", "\0\1") if "\0" in part else part


def _other(value: str, datatype: str) -> str:
    return f"{_OTHER}{datatype}{_END}{value}"


def _number(value: str, datatype: str) -> str | None:
    found = numbers.place(value, datatype)
    return None if found is None else _NUMBER + found


def _boolean(value: str, datatype: str) -> str | None:
    del datatype
    found = _TRUTH.get(value)
    return None if found is None else _BOOLEAN + found


def _time(value: str, datatype: str) -> str | None:
    kind, found = times.place(value, datatype)
    return None if found is None else kind + found


_BY_DATATYPE: Final[Mapping[str, Callable[[str, str], str | None]]] = MappingProxyType(
    dict.fromkeys(numbers.TYPES, _number) | dict.fromkeys(times.PLACES, _time) | {XSD + "boolean": _boolean}
)
