"""A release as CSV tables, for spreadsheets and data frames.

One table for each class of the default graph or of the editors' register, and claims.csv. UTF-8 without a byte order
mark, quoted as RFC 4180 says, lines ended by CRLF. A table of a class has the columns `iri`, `label_ar`, `label_fr`,
`label_en`, then one for each property in use; a property of texts has one for each language (`zel:asWorded@ar`), and
one that leads to other things has beside it their labels (`zel:party label`). Several values of one cell are joined by
` | ` in the order of their N-Triples form; the labels keep that order. Datatypes are left to the RDF formats.

The values are the data, unaltered. A spreadsheet may take a cell that begins with `=`, `+`, `-` or `@` for a formula:
import such columns as text (LibreOffice and Excel both ask) instead of opening the file by a double click.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

import pyoxigraph as ox

from kg.errors import OperationError
from kg.release import Release
from kg.store import parse_lines, storage_error
from kg.terms import LANGUAGES, Minter, choose_language, compress, expand

CSV: Final = "csv"
SEPARATOR: Final = " | "

_LABELS: Final = (expand("rdfs:label"), expand("skos:prefLabel"))
_LABEL_ORDER: Final = ("en", "fr", "ar")
_TYPE: Final = expand("rdf:type")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip can hold."""

Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple
Values = dict[str, list[Term]]
"""The objects by predicate, of one subject."""

CLAIM_COLUMNS: Final = (
    "claim", "identifier", "fact_id", "gloss", "modality", "asserted_by", "asserted_by_label", "document",
    "document_title", "quote", "start", "end", "review_status", "row",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Contents:
    """A release sorted by what the tables ask of it."""

    facts: dict[str, Values] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    register: dict[str, Values] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    metadata: dict[str, Values] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    labels: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, iri: str) -> str:
        """The English label, or else the French, or else the Arabic one."""
        known = self.labels.get(iri, {})
        language = choose_language(known, _LABEL_ORDER)
        return known[language] if language is not None else ""


def _read(release: Release) -> _Contents:
    mint = Minter(release.base)
    contents = _Contents()
    graphs = {mint.graph("entities"): contents.register, mint.graph("claims"): contents.metadata}
    for quad in parse_lines(release.lines()):
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else None
        subject, predicate, value = str(quad.subject)[1:-1], quad.predicate.value, quad.object
        known = contents.facts if graph is None else graphs.get(graph)
        if known is not None:
            known[subject][predicate].append(value)
        said_by_claim = graph is not None and graph.startswith(mint.claim(""))
        if predicate in _LABELS and isinstance(value, ox.Literal) and not said_by_claim:
            contents.labels[subject].setdefault(value.language or "", value.value)
    return contents


def tables(release: Release) -> dict[str, bytes]:
    """Every table of a release by its file name, sorted.

    :raises ReleaseError: if the release cannot be read
    """
    contents = _read(release)
    members: dict[str, set[str]] = defaultdict(set)
    for source in (contents.facts, contents.register):
        for subject, values in source.items():
            for kind in values.get(_TYPE, ()):
                members[_text(kind)].add(subject)
    found = {_file_name(kind): _class_table(contents, subjects) for kind, subjects in members.items()}
    found["claims.csv"] = _claims_table(contents, Minter(release.base).claim(""))
    return dict(sorted(found.items()))


def _file_name(kind: str) -> str:
    """The name of a class's table.

    >>> _file_name("https://w3id.org/zellige/ont#Roadmap"), _file_name("http://xmlns.com/foaf/0.1/Person")
    ('Roadmap.csv', 'foaf-Person.csv')
    """
    name = compress(kind).removeprefix("zel:").replace(":", "-")
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name) + ".csv"


def _class_table(contents: _Contents, subjects: Iterable[str]) -> bytes:
    rows = []
    for subject in sorted(subjects):
        row = {"iri": subject}
        for language in LANGUAGES:
            row[f"label_{language}"] = contents.labels.get(subject, {}).get(language, "")
        values = contents.facts.get(subject) or contents.register.get(subject, {})
        for predicate, objects in values.items():
            row |= _cells(contents, predicate, objects)
        rows.append(row)
    fixed = ["iri", *(f"label_{language}" for language in LANGUAGES)]
    return _write(fixed + sorted({name for row in rows for name in row} - set(fixed)), rows)


def _cells(contents: _Contents, predicate: str, objects: Sequence[Term]) -> dict[str, str]:
    """The cells of one property of one subject, by column."""
    by_column: dict[str, list[Term]] = defaultdict(list)
    for value in objects:
        language = value.language if isinstance(value, ox.Literal) else None
        if predicate == _LABELS[0] and language in LANGUAGES:
            continue
        by_column[compress(predicate) + (f"@{language}" if language else "")].append(value)
    cells = {}
    for column, values in by_column.items():
        cells[column] = SEPARATOR.join(_text(value) for value in values)
        if any(isinstance(value, ox.NamedNode) for value in values):
            cells[column + " label"] = SEPARATOR.join(contents.label(_text(value)) for value in values)
    return cells


def _claims_table(contents: _Contents, prefix: str) -> bytes:
    rows = []
    for claim in sorted(iri for iri in contents.metadata if iri.startswith(prefix) and "#" not in iri):
        said = contents.metadata[claim]
        voices, documents = _texts(said, "zel:assertedBy"), _texts(said, "zel:statedIn")
        titles = [_texts(contents.metadata[document], "dct:title") for document in documents]
        row = {
            "claim": [claim],
            "identifier": _texts(said, "dct:identifier"),
            "fact_id": _texts(said, "zel:factId"),
            "gloss": _texts(said, "zel:gloss"),
            "modality": [iri.rpartition("/")[2] for iri in _texts(said, "zel:modality")],
            "asserted_by": voices,
            "asserted_by_label": [contents.label(voice) for voice in voices],
            "document": documents,
            "document_title": [SEPARATOR.join(title) for title in titles],
            "review_status": [iri.rpartition("/")[2] for iri in _texts(said, "zel:reviewStatus")],
            **_evidence(contents, said),
            "row": [_place(contents, row) for row in sorted(_texts(said, "prov:wasDerivedFrom"), key=_by_number)],
        }
        rows.append({name: SEPARATOR.join(values) for name, values in row.items()})
    return _write(CLAIM_COLUMNS, rows)


def _evidence(contents: _Contents, claim: Values) -> dict[str, list[str]]:
    """Quotes and offsets of a claim, in the order of its pieces of evidence."""
    found: dict[str, list[str]] = {"quote": [], "start": [], "end": []}
    for evidence in _texts(claim, "zel:supportedBy"):
        for target in _texts(contents.metadata[evidence], "oa:hasTarget"):
            for selector in _texts(contents.metadata[target], "oa:hasSelector"):
                said = contents.metadata[selector]
                for column, predicate in (("quote", "oa:exact"), ("start", "oa:start"), ("end", "oa:end")):
                    found[column] += _texts(said, predicate)
    return found


def _place(contents: _Contents, row: str) -> str:
    """Where a row stands: its file and its place in it."""
    table, _, place = row.partition("#")
    files = _texts(contents.metadata[table], "zel:fileName")
    return f"{files[0] if files else table}#{place}"


def _by_number(row: str) -> tuple[int, str]:
    """Rows in their order, the tenth after the second."""
    return len(row), row


def _texts(values: Values, curie: str) -> list[str]:
    return [_text(value) for value in values.get(expand(curie), ())]


def _text(term: Term) -> str:
    if isinstance(term, ox.Triple):
        raise OperationError(f"a table cannot hold the triple term {term}")
    return term.value


def _write(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue().encode()


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the tables into a folder, which is made if absent; a failure leaves every table there as it was.

    :raises StorageError: if the disk is full, read-only or not permitted
    """
    aside = {folder / f".{name}.part": folder / name for name in files}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part, path in aside.items():
            part.write_bytes(files[path.name])
        for part, path in aside.items():
            part.replace(path)
    except OSError as error:
        raise storage_error(error, folder) from error
    finally:
        for part in aside:
            with suppress(OSError):
                part.unlink()


def write_zip(files: Mapping[str, bytes], output: IO[bytes]) -> None:
    """Write the tables as a zip whose bytes depend on nothing else: fixed dates, sorted names."""
    with zipfile.ZipFile(output, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, data)
