"""The terms of a first mapping as the project's own vocabulary: OWL in Turtle, to be edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kg.errors import UsageError
from kg.rml.guesses.predicates import Property
from kg.rml.guesses.turtle import quoted
from kg.rml.guesses.writing import told_of
from kg.rml.starter import told_by
from kg.tables.starting.model import Begun, local

_RANGES: Final = frozenset({"boolean", "date", "dateTime", "decimal", "double", "gYear", "integer"})
_CLASS, _DATA, _OBJECT = "Class", "DatatypeProperty", "ObjectProperty"
_HEAD: Final = """\
# What the tables speak of: a class for the rows of each, a property for each column. Labels are the names of columns in
# every language of the project: say them better, and what is meant in words, as an rdfs:comment.
@prefix : <{namespace}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@dataclass(frozen=True, slots=True)
class _Term:
    name: str
    kind: str
    label: str
    said_of: str | None = None
    range: str | None = None


def vocabulary(tables: Sequence[Begun], namespace: str, languages: Sequence[str]) -> str:
    """The terms of some tables, each once.

    :raises UsageError: if a column has things in one table and texts in another
    """
    found: dict[str, list[_Term]] = {}
    for table in tables:
        for term in _terms(table):
            found.setdefault(term.name, []).append(term)
    blocks = [_HEAD.format(namespace=namespace)]
    for name, terms in found.items():
        if len({term.kind for term in terms}) > 1:
            what = f"'{name}' is a link in one table and text or a number in another"
            raise UsageError(what, hint="give the columns names of their own")
        blocks.append("\n".join(_block(terms, languages)))
    return "\n".join(blocks)


def _terms(table: Begun) -> Iterator[_Term]:
    draft = table.draft
    yield _Term(draft.kind, _CLASS, draft.slug.replace("-", " "))
    seen = set()
    for one in draft.properties:
        if one.predicate.startswith("ex:") and one.predicate not in seen:
            seen.add(one.predicate)
            yield from _of_column(one, draft.kind)
    if draft.periods:
        yield _Term("Observation", _CLASS, "observation")
        yield _Term("year", _DATA, "year", "Observation", "gYear")
        yield _Term("of", _OBJECT, "of", "Observation")
    for period in draft.periods:
        for told in told_of(period.value, None):
            name = f"{period.predicate}{told.suffix}"
            yield _Term(name, _DATA, period.stem if period.stem and not told.suffix else name, "Observation")


def _of_column(one: Property, kind: str) -> Iterator[_Term]:
    column = one.column
    if column.datatype in {"iri", "item"} and column.separator is None:
        yield _Term(local(one), _OBJECT, one.title, kind)
        return
    said = told_by(one)
    is_plain = len(said) == 1 and not (column.is_typed or column.is_spoken or column.locale or column.form)
    is_plain = is_plain and not (column.parts or column.separator or one.language)
    ranges = column.datatype if is_plain and column.datatype in _RANGES else None
    for predicate, _ in said:
        name = predicate.partition(":")[2]
        yield _Term(name, _DATA, one.title if predicate == one.predicate else name, kind, ranges)


def _block(terms: Sequence[_Term], languages: Sequence[str]) -> Iterator[str]:
    """A term; a domain or range only where all tables that have it agree on it."""
    first = terms[0]
    parts = [f"a owl:{first.kind}", f"rdfs:label {' , '.join(f'{quoted(first.label)}@{tag}' for tag in languages)}"]
    said_of, ranges = _one(term.said_of for term in terms), _one(term.range for term in terms)
    parts += [f"rdfs:domain :{said_of}"] if said_of else []
    parts += [f"rdfs:range xsd:{ranges}"] if ranges else []
    yield f":{first.name} " + " ;\n    ".join(parts) + " .\n"


def _one(found: Iterable[str | None]) -> str | None:
    different = set(found)
    return different.pop() if len(different) == 1 else None
