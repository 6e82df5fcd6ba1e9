"""Nodes of which a data graph says that it tells only part of them (SHACL 1.2 Core, "Incomplete Data").

What may be told elsewhere is no fault of such a node: a class, a value that must be there, a shape that values must
fit.
"""

from __future__ import annotations

from typing import Final

from kg.errors import DataError
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.xsd import XSD
from kg.terms import PREFIXES

_SH: Final = PREFIXES["sh"]


class Incomplete:
    """The incomplete nodes of a data graph.

    >>> import pyoxigraph as ox
    >>> said = b"<urn:a> <http://www.w3.org/ns/shacl#incomplete> true ."
    >>> data = Columns.from_quads(ox.parse(said, format=ox.RdfFormat.TURTLE))
    >>> data.terms.iri("urn:a") in Incomplete(data), data.terms.iri("urn:b") in Incomplete(data)
    (True, False)
    """

    def __init__(self, data: Columns) -> None:
        """Read what the data say.

        :raises DataError: if they say it of no boolean, or of no start of an IRI
        """
        self._forms = data.terms.forms
        self._flagged: dict[bool, set[int]] = {True: set(), False: set()}
        for node, value in data.column(_SH + "incomplete").pairs():
            self._flagged[_boolean(data, value)].add(node)
        starts = {_start(data, value) for value in data.column(_SH + "incompleteURIStart").inverse}
        self._starts = tuple(f"<{start}".encode() for start in sorted(starts))

    def __bool__(self) -> bool:
        return bool(self._flagged[True] or self._starts)

    def __contains__(self, node: object) -> bool:
        if not isinstance(node, int) or node in self._flagged[False]:
            return False
        form = self._forms[node]
        return node in self._flagged[True] or (form.startswith(self._starts) and not form.startswith(b"<<"))


def _boolean(data: Columns, value: int) -> bool:
    text, datatype, _ = data.terms.parts(value) if data.terms.is_literal(value) else ("", "", None)
    if datatype != XSD + "boolean" or text not in {"true", "false"}:
        raise DataError(f"sh:incomplete is neither true nor false: {data.terms.text(value)}")
    return text == "true"


def _start(data: Columns, value: int) -> str:
    text, datatype, _ = data.terms.parts(value) if data.terms.is_literal(value) else ("", "", None)
    if datatype != XSD + "anyURI":
        raise DataError(f"sh:incompleteURIStart is no xsd:anyURI: {data.terms.text(value)}")
    return text
