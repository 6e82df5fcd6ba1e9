"""A release as CSV tables, for spreadsheets and data frames.

One table for each class of the things that facts are about, and claims.csv. Of each property a thing has the values
of the default graph; where that has none, those of the editors' register, or else of the claims that are not rejected,
and then `not_reviewed` names the property. UTF-8 without a byte order mark, quoted as RFC 4180 says, lines ended by
CRLF. A table of a class has the columns `iri`, `label_ar`, `label_fr`, `label_en`, then one for each property in use;
a property of texts has one for each language (`zel:asWorded@ar`), one that leads to other things has beside it their
labels (`zel:party label`), and one that leads to amounts their parts (`zel:quantity number`). Several values of one
cell are joined by ` | ` in the order of their N-Triples form; the labels keep that order. Datatypes are left to the
RDF formats.

The values are the data, unaltered. A spreadsheet may take a cell that begins with `=`, `+`, `-` or `@` for a formula:
import such columns as text (LibreOffice and Excel both ask) instead of opening the file by a double click.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from kg.errors import OperationError
from kg.export.amounts import Amounts
from kg.export.lookups import LABEL, Lookups, Term, Values, languages_of
from kg.release import Release
from kg.store import storage_error
from kg.terms import compress, expand

CSV: Final = "csv"
SEPARATOR: Final = " | "
NOT_REVIEWED: Final = "not_reviewed"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip can hold."""

CLAIM_COLUMNS: Final = (
    "claim", "identifier", "fact_id", "gloss", "modality", "asserted_by", "asserted_by_label", "document",
    "document_title", "quote", "start", "end", "review_status", "row",
)  # fmt: skip


Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One table, made a row at a time whenever it is written."""

    columns: Callable[[], Sequence[str]]
    rows: Callable[[], Iterator[Row]]

    def write(self, output: IO[bytes]) -> None:
        """Write the table.

        :raises OperationError: if a value is one that no table can hold
        """
        with rows_to(output, self.columns()) as writer:
            writer.writerows(self.rows())

    def __bytes__(self) -> bytes:
        output = io.BytesIO()
        self.write(output)
        return output.getvalue()


@contextmanager
def rows_to(output: IO[bytes], columns: Sequence[str]) -> Iterator[csv.DictWriter[str]]:
    """What writes the rows of a table to a binary file, whose header is written."""
    text = io.TextIOWrapper(output, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
        writer.writeheader()
        yield writer
    finally:
        text.detach()


def tables(release: Release) -> dict[str, Table]:
    """Every table of a release by its file name, sorted.

    :raises ReleaseError: if the store of the release does not open
    """
    lookups = Lookups(release)
    amounts = Amounts(lookups)
    found: dict[str, Table] = {}
    for kind in lookups.classes():
        rows = partial(_class_rows, lookups, amounts, kind, languages_of(release))
        found[_file_name(kind)] = Table(partial(_columns, rows, languages_of(release)), rows)
    found["claims.csv"] = Table(lambda: CLAIM_COLUMNS, partial(_claim_rows, lookups))
    return dict(sorted(found.items()))


def _columns(rows: Callable[[], Iterator[Row]], languages: Iterable[str]) -> Sequence[str]:
    """The columns that the rows of a table have: they are made once for that alone."""
    fixed = ("iri", *(f"label_{tag}" for tag in languages))
    return [*fixed, *sorted({name for row in rows() for name in row}.difference(fixed))]


def _file_name(kind: str) -> str:
    """The name of a class's table.

    >>> _file_name("https://w3id.org/zellige/ont#Roadmap"), _file_name("http://xmlns.com/foaf/0.1/Person")
    ('Roadmap.csv', 'foaf-Person.csv')
    """
    name = compress(kind).removeprefix("zel:").replace(":", "-")
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name) + ".csv"


def _class_rows(lookups: Lookups, amounts: Amounts, kind: str, languages: Sequence[str]) -> Iterator[Row]:
    for subject in lookups.members(kind):
        labels = lookups.labels(subject)
        row = {"iri": subject, **{f"label_{language}": labels.get(language, "") for language in languages}}
        facts = lookups.facts(subject)
        for predicate, objects in facts.values.items():
            row |= _cells(lookups, predicate, objects, languages) | _amount(lookups, amounts, predicate, objects)
        if facts.not_reviewed:
            row[NOT_REVIEWED] = SEPARATOR.join(sorted(map(compress, facts.not_reviewed)))
        yield row


def _amount(lookups: Lookups, amounts: Amounts, predicate: str, objects: Sequence[Term]) -> dict[str, str]:
    """The parts of the amounts that a property leads to, in columns beside it."""
    found: dict[str, list[str]] = defaultdict(list)
    for node in objects:
        if isinstance(node, ox.NamedNode):
            for part, values in amounts.every(node.value).items():
                found[f"{compress(predicate)} {part}"] += [_label_or_value(lookups, value) for value in values]
    return {column: SEPARATOR.join(values) for column, values in found.items()}


def _label_or_value(lookups: Lookups, value: Term) -> str:
    return (lookups.label(value.value) if isinstance(value, ox.NamedNode) else "") or value_of(value)


def _cells(lookups: Lookups, predicate: str, objects: Sequence[Term], languages: Sequence[str]) -> dict[str, str]:
    """The cells of one property of one subject, by column."""
    by_column: dict[str, list[Term]] = defaultdict(list)
    for value in objects:
        language = value.language if isinstance(value, ox.Literal) else None
        if predicate == LABEL and language in languages:
            continue
        by_column[compress(predicate) + (f"@{language}" if language else "")].append(value)
    cells = {}
    for column, values in by_column.items():
        cells[column] = SEPARATOR.join(value_of(value) for value in values)
        if any(isinstance(value, ox.NamedNode) for value in values):
            cells[column + " label"] = SEPARATOR.join(lookups.label(value_of(value)) for value in values)
    return cells


def _claim_rows(lookups: Lookups) -> Iterator[Row]:
    for claim in lookups.claims():
        said = lookups.metadata(claim)
        voices, documents = texts(said, "zel:assertedBy"), texts(said, "zel:statedIn")
        titles = [texts(lookups.metadata(document), "dct:title") for document in documents]
        row = {
            "claim": [claim],
            "identifier": texts(said, "dct:identifier"),
            "fact_id": texts(said, "zel:factId"),
            "gloss": texts(said, "zel:gloss"),
            "modality": [iri.rpartition("/")[2] for iri in texts(said, "zel:modality")],
            "asserted_by": voices,
            "asserted_by_label": [lookups.label(voice) for voice in voices],
            "document": documents,
            "document_title": [SEPARATOR.join(title) for title in titles],
            "review_status": [iri.rpartition("/")[2] for iri in texts(said, "zel:reviewStatus")],
            **evidence(lookups, said),
            "row": [place(lookups, row) for row in sorted(texts(said, "prov:wasDerivedFrom"), key=_by_number)],
        }
        yield {name: SEPARATOR.join(values) for name, values in row.items()}


def evidence(lookups: Lookups, claim: Values) -> dict[str, list[str]]:
    """Quotes and offsets of a claim, in the order of its pieces of evidence."""
    found: dict[str, list[str]] = {"quote": [], "start": [], "end": []}
    for evidence in texts(claim, "zel:supportedBy"):
        for target in texts(lookups.metadata(evidence), "oa:hasTarget"):
            for selector in texts(lookups.metadata(target), "oa:hasSelector"):
                said = lookups.metadata(selector)
                for column, predicate in (("quote", "oa:exact"), ("start", "oa:start"), ("end", "oa:end")):
                    found[column] += texts(said, predicate)
    return found


def place(lookups: Lookups, row: str) -> str:
    """Where a row stands: its file and its place in it."""
    table, _, place = row.partition("#")
    files = texts(lookups.metadata(table), "zel:fileName")
    return f"{files[0] if files else table}#{place}"


def _by_number(row: str) -> tuple[int, str]:
    """Rows in their order, the tenth after the second."""
    return len(row), row


def texts(values: Values, curie: str) -> list[str]:
    """The values of a property, as texts."""
    return [value_of(value) for value in values.get(expand(curie), ())]


def value_of(term: Term) -> str:
    """The IRI, the label or the lexical form of a term.

    :raises OperationError: if it is a triple
    """
    if isinstance(term, ox.Triple):
        raise OperationError(f"a table cannot hold the triple term {term}")
    return term.value


def write_folder(files: Mapping[str, Table], folder: Path) -> None:
    """Write the tables into a folder, which is made if absent; a failure leaves every table there as it was.

    :raises StorageError: if the disk is full, read-only or not permitted
    """
    aside = {folder / f".{name}.part": folder / name for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part, path in aside.items():
            with part.open("wb") as output:
                files[path.name].write(output)
        for part, path in aside.items():
            part.replace(path)
    except OSError as error:
        raise storage_error(error, folder) from error
    finally:
        for part in aside:
            with suppress(OSError):
                part.unlink()


def write_zip(files: Mapping[str, Table], output: IO[bytes]) -> None:
    """Write the tables as a zip whose bytes depend on nothing else: fixed dates, sorted names."""
    with zipfile.ZipFile(output, "w") as archive:
        for name, table in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as output_of_entry:
                table.write(output_of_entry)
