"""What shapes without IRI are, in a report that can be read without the shapes: as the shapes graph describes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from kg.shacl.report.results import Result

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIRST: Final = f"{_RDF}first"
_REST: Final = f"{_RDF}rest"
_NIL: Final = f"{_RDF}nil"
_DEPTH: Final = 32


def described(results: Sequence[Result], labels: Mapping[str, str], shapes: Iterable[ox.Quad]) -> str:
    """Descriptions in Turtle of the blank nodes that results name as shapes or constraints, in the order of names.

    `labels` tell what the shapes graph calls them. A blank node of theirs that no result names is written in its place.
    """
    named = dict.fromkeys(
        name for result in results for one in result.walk() for name in (one.shape, one.constraint) if name in labels
    )
    writer = _Writer(shapes, {labels[name]: name for name in named if name is not None}) if named else None
    return "".join(f"\n{name} {body} .\n" for name in named if writer and name and (body := writer.body(labels[name])))


class _Writer:
    def __init__(self, shapes: Iterable[ox.Quad], names: Mapping[str, str]) -> None:
        self._names = names
        self._said: dict[str, dict[str, list[object]]] = {}
        for quad in shapes:
            if isinstance(quad.subject, ox.BlankNode):
                values = self._said.setdefault(str(quad.subject), {}).setdefault(quad.predicate.value, [])
                if quad.object not in values:
                    values.append(quad.object)

    def body(self, label: str, depth: int = 0) -> str:
        """The predicates and objects of a node."""
        said = sorted(self._said.get(label, {}).items())
        return " ;\n    ".join(
            f"<{predicate}> {', '.join(sorted(self._written(value, depth + 1) for value in values))}"
            for predicate, values in said
        )

    def _written(self, term: object, depth: int) -> str:
        label = str(term)
        if not isinstance(term, ox.BlankNode):
            return label
        if label in self._names:
            return self._names[label]
        if depth > _DEPTH:
            return "[]"
        members = list(self._members(label))
        if members and members[-1] == ox.NamedNode(_NIL):
            return f"( {' '.join(self._written(member, depth + 1) for member in members[:-1])} )"
        return f"[ {self.body(label, depth)} ]"

    def _members(self, label: str) -> Iterator[object]:
        """The members of a list, and `rdf:nil` at its end if it is well-formed."""
        seen: set[str] = set()
        while set(said := self._said.get(label, {})) == {_FIRST, _REST} and label not in seen:
            seen.add(label)
            (first, *more), (rest, *others) = said[_FIRST], said[_REST]
            if more or others:
                return
            yield first
            if rest == ox.NamedNode(_NIL):
                yield rest
                return
            label = str(rest)
