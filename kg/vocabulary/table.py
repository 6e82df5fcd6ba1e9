"""terms.csv: one line for each class and property."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from kg.errors import Position, nearest
from kg.terms import LANGUAGES, PREFIXES, compress, expand
from kg.vocabulary.model import DATATYPES, Alignment, Kind, Term
from kg.vocabulary.reading import Reader

_TOP: Final[Mapping[str, str]] = {"object": expand("owl:topObjectProperty"), "data": expand("owl:topDataProperty")}
_CHARACTERISTICS: Final[Mapping[str, frozenset[str]]] = {
    "class": frozenset(),
    "object": frozenset({"symmetric", "transitive", "functional", "derived"}),
    "data": frozenset({"functional", "derived"}),
}
_COLUMNS: Final = (
    "term", "kind", "iri", "parent", "domain", "range", "scheme", "characteristics", "disjoint_with",
    "label_en", "label_fr", "label_ar", "definition_en", "definition_fr", "definition_ar",
    "alignments", "used_in", "since", "deprecated", "replaced_by",
)  # fmt: skip
_DATATYPES: Final = tuple(map(compress, DATATYPES))
_NAMES: Final = {"class": re.compile(r"[A-Z][A-Za-z0-9]*"), "property": re.compile(r"[a-z][A-Za-z0-9]*")}
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")
_USED_IN: Final = re.compile(r"[A-Z]\d\d(?: [A-Z]\d\d)*|reserved: \S.*")
_DEPRECATED: Final = re.compile(r"(\d+\.\d+\.\d+): (\S.*)")


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of one line of terms.csv, as they are written."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    @property
    def iri(self) -> str:
        return self["iri"] or f"zel:{self['term']}"

    def by_language(self, what: str) -> dict[str, str]:
        return {language: self[f"{what}_{language}"] for language in LANGUAGES}


class Table(Reader):
    """terms.csv."""

    def read(self, schemes: Mapping[str, object]) -> list[Term]:
        rows = [row for row in self._rows() if self._check_name(row)]
        for name, count in Counter(row["term"] for row in rows).items():
            if count > 1:
                self.fault([row.line for row in rows if row["term"] == name][-1], f"{name} is defined {count} times")
        kinds = {row.iri: row["kind"] for row in rows}
        for row in rows:
            self._check_words(row)
            self._check_place(row, kinds)
            self._check_values(row, kinds, schemes)
            self._check_history(row, kinds)
        self.check_unique(
            (row.line, row["term"], lang, text) for row in rows for lang, text in row.by_language("label").items()
        )
        self.check_acyclic({row.iri: row["parent"] for row in rows}, {row.iri: row.line for row in rows})
        return [] if self._faults else [self._term(row) for row in rows]

    def _rows(self) -> Iterator[_Row]:
        text = self.text()
        if not text:
            return
        reader, line = csv.reader(text.splitlines(keepends=True), strict=True), 1
        try:
            for cells in reader:
                if line == 1 and tuple(cells) != _COLUMNS:
                    self.fault(1, f"the columns must be {','.join(_COLUMNS)}")
                    return
                if line > 1 and len(cells) != len(_COLUMNS):
                    self.fault(line, f"{len(cells)} cells instead of {len(_COLUMNS)}", "quote a cell that has a comma")
                elif line > 1:
                    yield _Row(line, dict(zip(_COLUMNS, (cell.strip() for cell in cells), strict=True)))
                line = reader.line_num + 1
        except csv.Error as error:
            self.fault(reader.line_num, f"not CSV: {error}")

    def _check_name(self, row: _Row) -> bool:
        name, kind = row["term"], row["kind"]
        if kind not in _CHARACTERISTICS:
            self.fault(row.line, f"unknown kind '{kind}' of {name}", "class, object or data")
            return False
        if not _NAMES["class" if kind == "class" else "property"].fullmatch(name):
            self.fault(row.line, f"'{name}' cannot name a {kind}", "classes are UpperCamelCase, properties lowerCamel")
            return False
        if name in PREFIXES:
            self.fault(row.line, f"'{name}' already is a prefix")
        return not row["iri"] or self._known_prefix(row, "iri", row["iri"])

    def _known_prefix(self, row: _Row, column: str, curie: str) -> bool:
        prefix, colon, local = curie.partition(":")
        if colon and local and prefix in PREFIXES:
            return True
        self.fault(row.line, f"{column} '{curie}' is no prefixed name", nearest(prefix, PREFIXES))
        return False

    def _known_term(self, row: _Row, column: str, curie: str, kinds: Mapping[str, str], kind: str) -> None:
        """`curie` must be a row of this file and of this kind."""
        if self._known_prefix(row, column, curie) and kinds.get(curie) != kind:
            what = "class" if kind == "class" else f"{kind} property"
            found = [name for name, of_kind in kinds.items() if of_kind == kind]
            self.fault(
                row.line, f"{column} '{curie}' of {row['term']} is no {what} of this file", nearest(curie, found)
            )

    def _check_words(self, row: _Row) -> None:
        for what in ("label", "definition"):
            for language, text in row.by_language(what).items():
                self.check_text(row.line, f"{language} {what} of {row['term']}", text)
                if what == "definition" and text and not text.endswith("."):
                    self.fault(row.line, f"{language} definition of {row['term']} has no full stop")

    def _check_place(self, row: _Row, kinds: Mapping[str, str]) -> None:
        """Parent, disjoint classes and characteristics."""
        kind, parent = row["kind"], row["parent"]
        top = "owl:Thing" if kind == "class" else compress(_TOP[kind])
        if not parent or " " in parent:
            self.fault(row.line, f"{row['term']} must have exactly one parent", f"at the top it is {top}")
        elif parent != top and (kind == "class" or parent.startswith(("zel:", "owl:"))):
            self._known_term(row, "parent", parent, kinds, kind)
        elif parent != top:
            self._known_prefix(row, "parent", parent)
        for other in row["disjoint_with"].split():
            if kind == "class":
                self._known_term(row, "disjoint_with", other, kinds, "class")
            else:
                self.fault(row.line, f"{row['term']} is a property: disjoint_with is for classes")
        for word in row["characteristics"].split():
            if word not in _CHARACTERISTICS[kind]:
                allowed = ", ".join(sorted(_CHARACTERISTICS[kind])) or "none"
                self.fault(row.line, f"characteristic '{word}' does not fit {row['term']}", f"allowed: {allowed}")
        if "symmetric" in row["characteristics"].split() and row["domain"] != row["range"]:
            self.fault(row.line, f"{row['term']} is symmetric: its domain and range must be the same")

    def _check_values(self, row: _Row, kinds: Mapping[str, str], schemes: Mapping[str, object]) -> None:
        """Domain, range and concept scheme."""
        kind = row["kind"]
        for column in ("domain", "range", "scheme"):
            if kind == "class" and row[column]:
                self.fault(row.line, f"{row['term']} is a class: it has no {column}")
        if kind == "class":
            return
        if row["domain"]:
            self._known_term(row, "domain", row["domain"], kinds, "class")
        if kind == "data" and row["range"] not in _DATATYPES:
            what = f"range '{row['range']}' of {row['term']} is no datatype in use"
            self.fault(row.line, what, ", ".join(_DATATYPES))
        elif kind == "object" and row["range"]:
            self._known_term(row, "range", row["range"], kinds, "class")
        if row["scheme"] and row["scheme"] not in schemes:
            self.fault(row.line, f"no scheme '{row['scheme']}' in schemes.ttl", nearest(row["scheme"], schemes))

    def _check_history(self, row: _Row, kinds: Mapping[str, str]) -> None:
        """Alignments, use, version and deprecation."""
        for text in filter(None, (part.strip() for part in row["alignments"].split(";"))):
            if text[0] not in "=~<":
                self.fault(row.line, f"alignment '{text}' must begin with =, ~ or <")
            elif not text[1:].startswith("stratml:"):  # has element names and no namespace of RDF terms
                self._known_prefix(row, "alignment", text[1:])
        if not _USED_IN.fullmatch(row["used_in"]):
            self.fault(row.line, f"{row['term']} is not used", "name competency questions, or say 'reserved: why'")
        if not _VERSION.fullmatch(row["since"]):
            self.fault(row.line, f"since '{row['since']}' is no version", "three numbers: 1.2.0")
        if row["deprecated"] and not _DEPRECATED.fullmatch(row["deprecated"]):
            self.fault(row.line, f"deprecated '{row['deprecated']}' must give a version and a reason", "1.2.0: why")
        if row["replaced_by"] and not row["deprecated"]:
            self.fault(row.line, f"{row['term']} is replaced and not deprecated")
        elif row["replaced_by"]:
            self._known_term(row, "replaced_by", row["replaced_by"], kinds, row["kind"])

    def _term(self, row: _Row) -> Term:
        def iri(column: str) -> str | None:
            return expand(row[column]) if row[column] else None

        return Term(
            name=row["term"],
            iri=expand(row.iri),
            kind=cast("Kind", row["kind"]),  # _check_name has refused every other word
            parent=expand(row["parent"]),
            domain=iri("domain"),
            range=iri("range"),
            scheme=row["scheme"] or None,
            labels=row.by_language("label"),
            definitions=row.by_language("definition"),
            characteristics=tuple(row["characteristics"].split()),
            disjoint_with=tuple(expand(curie) for curie in row["disjoint_with"].split()),
            alignments=tuple(
                Alignment(text[0], text[1:]) for text in (part.strip() for part in row["alignments"].split(";")) if text
            ),
            used_in=row["used_in"],
            since=row["since"],
            deprecated=row["deprecated"] or None,
            replaced_by=iri("replaced_by"),
            position=Position(str(self._path), row.line),
        )
