"""All statements of a release as one table: what is said, by whom, in which words, and who says otherwise.

A row for each triple of each claim, those of rejected claims too: `review_status` tells. Where a statement is about an
amount, or leads to one, its number, bounds, unit and wording stand beside it. Where the value is a date, `date` has it
as it was said (EDTF), `date_first` and `date_last` the days between which it lies. A cell of a CSV file that holds
several values joins them by ` | `; in Parquet the columns of `SEVERAL` are lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.export.amounts import NUMBERS, PARTS, Amount, Amounts
from kg.export.days import days
from kg.export.lookups import Lookups, Term, Values, languages_of
from kg.export.tables import SEPARATOR, Row, Table, evidence, place, texts, value_of
from kg.release import Release
from kg.terms import compress, expand

STATEMENTS: Final = "statements"
_KNOWN: Final = 10_000
"""Documents whose description is remembered."""
_DATES: Final = frozenset(
    map(expand, ("edtf:EDTF", "xsd:date", "xsd:dateTime", "xsd:gYear", "xsd:gYearMonth"))
)  # fmt: skip


def columns(languages: Iterable[str]) -> tuple[str, ...]:
    """The columns of the table of a release whose things have labels in these languages."""
    tags = tuple(languages)

    def labels_of(name: str) -> tuple[str, ...]:
        return tuple(f"{name}_label_{tag}" for tag in tags)

    return (
        "claim", "claim_id", "fact_id", "gloss",
        "subject", *labels_of("subject"),
        "property", *labels_of("property"),
        "value", *labels_of("value"), "datatype", "language",
        *NUMBERS, "unit", *labels_of("unit"), "exactness", "as_worded", "amount_from", "date", "date_first",
        "date_last", "modality", "review_status", "asserted_by", "asserted_by_label", "contested_by", "agrees_with",
        "quote", "quote_start", "quote_end",
        "document", "document_title", "publisher", "document_date", "address", "row",
    )  # fmt: skip


SEVERAL: Final = (
    "asserted_by", "asserted_by_label", "contested_by", "agrees_with", "quote", "quote_start", "quote_end",
    "amount_from", "row",
)  # fmt: skip
"""Columns that may hold several values."""
Cells: TypeAlias = Mapping[str, str | Sequence[str]]
"""The cells of one row by column: texts, and sequences of texts in `SEVERAL`."""


def statements(release: Release) -> Table:
    """The table of all statements of a release, in the order of its claims.

    :raises ReleaseError: if the store of the release does not open
    """
    cells = cells_of(release)
    return Table(lambda: columns(languages_of(release)), lambda: map(joined, cells()))


def cells_of(release: Release) -> Callable[[], Iterator[Cells]]:
    """What makes the rows of the table, anew each time.

    :raises ReleaseError: if the store of the release does not open
    """
    return _Statements(Lookups(release), languages_of(release)).rows


def joined(row: Cells) -> Row:
    """A row as a CSV file has it, several values of a cell in one text."""
    return {name: cell if isinstance(cell, str) else SEPARATOR.join(cell) for name, cell in row.items()}


class _Statements:
    def __init__(self, lookups: Lookups, languages: Sequence[str]) -> None:
        self._lookups, self._languages = lookups, languages
        self._amounts = Amounts(lookups)
        self._document = lru_cache(_KNOWN)(self._described)

    def rows(self) -> Iterator[Cells]:
        for claim in self._lookups.claims():
            about = self._claim(claim)
            for quad in self._lookups.statements(claim):
                yield {**about, **self._statement(quad, claim)}

    def _claim(self, claim: str) -> dict[str, str | Sequence[str]]:
        said = self._lookups.metadata(claim)
        documents, voices = texts(said, "zel:statedIn"), texts(said, "zel:assertedBy")
        found = evidence(self._lookups, said)
        cells: dict[str, list[str]] = {
            "claim_id": texts(said, "dct:identifier"),
            "fact_id": texts(said, "zel:factId"),
            "gloss": texts(said, "zel:gloss"),
            "modality": _names(said, "zel:modality"),
            "review_status": _names(said, "zel:reviewStatus"),
            "asserted_by": voices,
            "asserted_by_label": [self._name_of(ox.NamedNode(voice)) for voice in voices],
            "contested_by": texts(said, "zel:contradicts"),
            "agrees_with": texts(said, "zel:agreesWith"),
            "quote": found["quote"],
            "quote_start": found["start"],
            "quote_end": found["end"],
            "document": documents,
            "row": [place(self._lookups, row) for row in texts(said, "prov:wasDerivedFrom")],
        }
        for document in documents:
            for column, values in self._document(document).items():
                cells.setdefault(column, []).extend(values)
        joined = {name: values if name in SEVERAL else SEPARATOR.join(values) for name, values in cells.items()}
        return {"claim": claim, **joined}

    def _described(self, document: str) -> Mapping[str, list[str]]:
        said = self._lookups.metadata(document)
        publishers = [self._name_of(one) for one in said.get(expand("dct:publisher"), ())]
        return MappingProxyType(
            {
                "document_title": texts(said, "dct:title"),
                "publisher": publishers,
                "document_date": texts(said, "dct:issued"),
                "address": texts(said, "schema:url"),
            }
        )

    def _name_of(self, term: Term) -> str:
        """The label of a thing or the title of a document, else the term as it stands."""
        if not isinstance(term, ox.NamedNode):
            return value_of(term)
        titles = texts(self._lookups.metadata(term.value), "dct:title")
        return self._lookups.label(term.value) or SEPARATOR.join(titles) or term.value

    def _statement(self, quad: ox.Quad, claim: str) -> dict[str, str | Sequence[str]]:
        subject, predicate, value = value_of(quad.subject), quad.predicate.value, quad.object
        row: dict[str, str | Sequence[str]] = {
            "subject": subject,
            "property": compress(predicate),
            "value": value_of(value),
            **self._labels("subject", subject),
            **self._labels("property", predicate),
        }
        amount = self._amounts.find(subject, claim)
        match value:
            case ox.Literal():
                row |= {"datatype": compress(value.datatype.value), "language": value.language or ""}
                if value.datatype.value in _DATES:
                    first, last = days(value.value)
                    row |= {"date": value.value, "date_first": first, "date_last": last}
            case ox.NamedNode():
                row |= self._labels("value", value.value)
                amount = amount or self._amounts.find(value.value, claim)
            case _:
                raise TypeError(f"a claim says {quad}, whose value is neither an IRI nor a literal")
        return row | self._amount(amount) if amount is not None else row

    def _amount(self, amount: Amount) -> dict[str, str | Sequence[str]]:
        cells = {part: value_of(amount.parts[part]) for part in PARTS if part in amount.parts}
        if "unit" in cells:
            cells |= self._labels("unit", cells["unit"])
        if "exactness" in cells:
            cells["exactness"] = _name(cells["exactness"])
        return {**cells, "amount_from": amount.others}

    def _labels(self, column: str, iri: str) -> dict[str, str]:
        labels = self._lookups.labels(iri)
        return {f"{column}_label_{language}": labels[language] for language in self._languages if language in labels}


def _names(said: Values, curie: str) -> list[str]:
    return [_name(iri) for iri in texts(said, curie)]


def _name(iri: str) -> str:
    """The name of a concept in its scheme."""
    return iri.rpartition("/")[2]
