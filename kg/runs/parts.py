"""Which properties the members of each class have, and where they lead, found while sorted rows pass."""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from kg.description import Part
from kg.rdf.rows import Row
from kg.terms import expand

_TYPE: Final = f"<{expand('rdf:type')}>".encode()
_STRING: Final = expand("xsd:string")
_LANGUAGE_STRING: Final = expand("rdf:langString")
_DATATYPE: Final = re.compile(rb'"(?:@[A-Za-z0-9-]+|\^\^<([^>]*)>)?$')
_SUBJECT: Final = itemgetter(0)


class Parts:
    """Learns from sorted rows of one graph; a subject has its classes with it, its values have theirs elsewhere.

    What is kept is one number for each row that leads to a node, by kind of subject and property, so that millions of
    them take some bytes each. `number` tells terms apart, in 64 bits.
    """

    def __init__(self, number: Callable[[bytes], int]) -> None:
        self._number = number
        self._kinds: dict[tuple[bytes, ...], int] = {(): 0}
        """A number for each set of classes that some subject has."""
        self._kind_of: dict[int, int] = {}
        self._links: defaultdict[tuple[int, bytes], array[int]] = defaultdict(lambda: array("q"))
        self._literals: Counter[tuple[int, bytes, str]] = Counter()
        self._waiting: list[Row] = []

    def take(self, rows: Sequence[Row]) -> None:
        """Take some rows; those about one subject may be parted."""
        if not rows:
            return
        waiting = self._waiting
        last = rows[-1][0]
        for subject, group in groupby(rows, _SUBJECT):
            if waiting and waiting[0][0] != subject:
                self._learn(waiting)
                waiting = []
            waiting.extend(group)
            if subject != last:
                self._learn(waiting)
                waiting = []
        self._waiting = waiting

    def _learn(self, rows: list[Row]) -> None:
        """Learn from all rows about one subject."""
        kinds = tuple(row[2] for row in rows if row[1] == _TYPE)
        kind = self._kinds.setdefault(kinds, len(self._kinds))
        if kind:
            self._kind_of[self._number(rows[0][0])] = kind
        else:
            return
        for _, predicate, value, _ in rows:
            if value.startswith(b'"'):
                self._literals[kind, predicate, _datatype(value)] += 1
            else:
                self._links[kind, predicate].append(self._number(value))

    def partitions(self) -> dict[str, dict[str, Part]]:
        """What was learnt of all rows, sorted."""
        if self._waiting:
            self._learn(self._waiting)
            self._waiting = []
        classes = {number: tuple(map(_iri, kinds)) for kinds, number in self._kinds.items()}
        triples: Counter[tuple[str, str]] = Counter()
        targets: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        datatypes: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        for (kind, predicate), numbers in self._links.items():
            found = Counter(self._kind_of.get(number, 0) for number in numbers)
            for key in ((one, _iri(predicate)) for one in classes[kind]):
                triples[key] += len(numbers)
                for target, count in found.items():
                    for name in classes[target]:
                        targets[key][name] += count
        for (kind, predicate, datatype), count in self._literals.items():
            for key in ((one, _iri(predicate)) for one in classes[kind]):
                triples[key] += count
                datatypes[key][datatype] += count
        return _nested((key, Part(n, _sorted(targets[key]), _sorted(datatypes[key]))) for key, n in triples.items())


def _nested(parts: Iterable[tuple[tuple[str, str], Part]]) -> dict[str, dict[str, Part]]:
    found: dict[str, dict[str, Part]] = {}
    for (kind, predicate), part in sorted(parts, key=itemgetter(0)):
        found.setdefault(kind, {})[predicate] = part
    return found


def _sorted(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items()))


def _iri(term: bytes) -> str:
    """The IRI, or whatever else may stand for a class."""
    text = term.decode()
    return text[1:-1] if text.startswith("<") else text


def _datatype(literal: bytes) -> str:
    """The datatype of a literal as N-Quads writes it.

    >>> [_datatype(literal).rpartition("#")[2] for literal in (b'"1"^^<http://e.org/d#t>', b'"a"@fr', b'"a"')]
    ['t', 'langString', 'string']
    """
    found = _DATATYPE.search(literal)
    if found is None:
        raise ValueError(literal)
    if found[1] is not None:
        return found[1].decode()
    return _LANGUAGE_STRING if found[0] != b'"' else _STRING
