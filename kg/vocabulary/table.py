"""terms.csv: one line for each class and property, of a layer of vocabulary or of a project's own."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from kg.errors import Position, Problem, nearest
from kg.terms import LANGUAGES, PREFIXES, compress, expand, is_language
from kg.vocabulary.model import DATATYPES, ORDER_STEP, Alignment, Kind, Layer, Own, Term, Vocabulary
from kg.vocabulary.reading import Reader

_TOP: Final[Mapping[str, str]] = {
    "class": "owl:Thing", "object": "owl:topObjectProperty", "data": "owl:topDataProperty",
}  # fmt: skip
_CHARACTERISTICS: Final[Mapping[str, frozenset[str]]] = {
    "class": frozenset({"pending"}),
    "object": frozenset({"symmetric", "transitive", "functional", "derived", "pending", "occasion"}),
    "data": frozenset({"functional", "derived"}),
}
_COLUMNS: Final = (
    "term", "kind", "iri", "parent", "domain", "range", "scheme", "characteristics", "disjoint_with",
    "alignments", "since", "deprecated", "replaced_by",
)  # fmt: skip
_AFTER: Final = "after"
"""The column of a layer that stands on others: behind which term of theirs a row, and those after it, are shown."""
_WORDS: Final = ("label", "definition")
_SAME: Final = "="
"""Begins a cell whose text is that of another language: `=en`."""
_DATATYPES: Final = tuple(map(compress, DATATYPES))
_NAMES: Final = {"class": re.compile(r"[A-Z][A-Za-z0-9]*"), "property": re.compile(r"[a-z][A-Za-z0-9]*")}
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")
_DEPRECATED: Final = re.compile(r"(\d+\.\d+\.\d+): (\S.*)")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a table must have, and what it may name beside its own terms."""

    languages: tuple[str, ...] = LANGUAGES
    """In which every term has a label."""
    prefix: str = "zel"
    """That of terms for which no IRI is given."""
    prefixes: Mapping[str, str] = field(default_factory=lambda: PREFIXES)
    below: Vocabulary = field(default_factory=lambda: Vocabulary({}, {}, {}))
    """What its terms may stand below, be said of and refer to."""
    layer: str = ""
    """The name of the layer that it is the table of."""
    is_packaged: bool = True
    """Whether every term needs a definition, a parent and a version, as those of a shared vocabulary do."""

    @classmethod
    def of(cls, own: Own, below: Vocabulary) -> Rules:
        """The rules for a table of a project, beside a vocabulary that is there."""
        return cls(own.languages, own.prefix, below.prefixes, below, is_packaged=False)

    @classmethod
    def of_layer(cls, layer: Layer, below: Vocabulary) -> Rules:
        """The rules for the table of a layer, on what is below it."""
        return cls(layer.languages, layer.prefix, below.prefixes, below, layer.name)

    def iri(self, curie: str) -> str:
        """The IRI of a prefixed name."""
        prefix, _, local = curie.partition(":")
        return self.prefixes[prefix] + local


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of one line of terms.csv, as they are written."""

    line: int
    cells: Mapping[str, str]
    prefix: str

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def iri(self) -> str:
        return self["iri"] or f"{self.prefix}:{self['term']}"

    @property
    def parent(self) -> str:
        return self["parent"] or _TOP[self["kind"]]

    def by_language(self, what: str) -> dict[str, str]:
        """The texts of a term; a cell `=en` has that of English."""
        texts = {c.removeprefix(f"{what}_"): text for c, text in self.cells.items() if c.startswith(f"{what}_")}
        same = {tag: text.removeprefix(_SAME) for tag, text in texts.items() if text.startswith(_SAME)}
        return {**texts, **{tag: texts[other] for tag, other in same.items() if texts.get(other)}}

    def said(self, what: str) -> dict[str, str]:
        """The texts that there are."""
        return {tag: text for tag, text in self.by_language(what).items() if text}


class Table(Reader):
    """terms.csv."""

    def __init__(self, path: Path, faults: list[Problem], rules: Rules = Rules(), shown: str | None = None) -> None:
        super().__init__(path, faults, shown)
        self._rules = rules
        self._kinds: dict[str, str] = {}
        """The kind of each term that may be named, by its IRI."""

    def read(self, schemes: Mapping[str, object]) -> list[Term]:
        """The terms of the table, whose values may be the concepts of these schemes."""
        rows = [row for row in self._rows() if self._check_name(row)]
        for name, count in Counter(row["term"] for row in rows).items():
            if count > 1:
                self.fault([row.line for row in rows if row["term"] == name][-1], f"{name} is defined {count} times")
        self._kinds = {term.iri: term.kind for term in self._rules.below.terms}
        self._kinds |= {self._rules.iri(row.iri): row["kind"] for row in rows}
        for row in rows:
            self._check_words(row)
            self._check_place(row)
            self._check_values(row, schemes)
            self._check_history(row)
        self.check_unique(
            (row.line, row["term"], lang, text) for row in rows for lang, text in row.by_language("label").items()
        )
        self.check_acyclic({row.iri: row.parent for row in rows}, {row.iri: row.line for row in rows})
        places = self._places(rows)
        return [] if self._faults else [self._term(row, place) for row, place in zip(rows, places, strict=True)]

    def _places(self, rows: Sequence[_Row]) -> Iterator[int]:
        """Where each term stands among those of all layers: behind the one that it is to follow, or at the end."""
        below = self._rules.below
        places = {kind: {term.iri: term.order for term in terms.values()} for kind, terms in (
            ("class", below.classes), ("property", below.properties)
        )}  # fmt: skip
        last = {kind: max(known.values(), default=0) for kind, known in places.items()}
        step = dict.fromkeys(places, ORDER_STEP)
        for row in rows:
            kind = "class" if row["kind"] == "class" else "property"
            if after := row[_AFTER]:
                there = self._rules.iri(after) if self._known_prefix(row, _AFTER, after) else ""
                if there and there not in places[kind]:
                    self.fault(row.line, f"{_AFTER} '{after}' of {row['term']} is no {kind} of a layer below")
                last[kind], step[kind] = places[kind].get(there, 0), 1
            last[kind] += step[kind]
            yield last[kind]

    def _rows(self) -> Iterator[_Row]:
        text = self.text()
        if not text:
            return
        reader, line = csv.reader(text.splitlines(keepends=True), strict=True), 1
        columns: tuple[str, ...] = ()
        try:
            for cells in reader:
                if line == 1:
                    columns = tuple(cells)
                    if not self._check_columns(columns):
                        return
                elif len(cells) != len(columns):
                    self._tell_cells(line, cells, columns)
                else:
                    stripped = (cell.strip() for cell in cells)
                    yield _Row(line, dict(zip(columns, stripped, strict=True)), self._rules.prefix)
                line = reader.line_num + 1
        except csv.Error as error:
            self.fault(reader.line_num, f"not CSV: {error}")

    def _tell_cells(self, line: int, cells: Sequence[str], columns: Sequence[str]) -> None:
        """A row with another number of cells than there are columns: which have none, or what is too much."""
        what = f"{len(cells)} cells instead of {len(columns)}"
        if len(cells) > len(columns):
            shown = ", ".join(f"'{cell}'" for cell in cells[len(columns) :])
            self.fault(line, f"{what}: no column is left for {shown}", "put a cell that has a comma in quotes")
            return
        missing = columns[len(cells) :]
        lacking = f"{what}: nothing stands for {', '.join(missing)}"
        self.fault(line, lacking, f"an empty cell needs its comma too: end the row with {',' * len(missing)}")

    def _check_columns(self, columns: tuple[str, ...]) -> bool:
        """Whether the head of the table names columns that are known, and those that must be there."""
        needed = ["term", "kind", *(f"label_{tag}" for tag in self._rules.languages)]
        if self._rules.is_packaged:
            needed += [*_COLUMNS, *(f"definition_{tag}" for tag in self._rules.languages)]
        columns_here = (*_COLUMNS, _AFTER) if self._rules.is_packaged else _COLUMNS
        known = [*columns_here, *(f"{what}_{tag}" for what in _WORDS for tag in self._rules.languages)]
        missing = [column for column in dict.fromkeys(needed) if column not in columns]
        if missing:
            self.fault(1, f"the table lacks the columns {', '.join(missing)}", f"columns are {', '.join(known)}")
        for column in columns:
            what, _, tag = column.partition("_")
            if column not in known and not (what in _WORDS and is_language(tag)):
                self.fault(1, f"unknown column '{column}'", nearest(column, known) or f"columns are {', '.join(known)}")
        if twice := [column for column, times in Counter(columns).items() if times > 1]:
            self.fault(1, f"the column {twice[0]} is there twice")
        return not self._faults

    def _check_name(self, row: _Row) -> bool:
        name, kind = row["term"], row["kind"]
        if kind not in _CHARACTERISTICS:
            self.fault(row.line, f"unknown kind '{kind}' of {name}", "class, object or data")
            return False
        if not _NAMES["class" if kind == "class" else "property"].fullmatch(name):
            self.fault(row.line, f"'{name}' cannot name a {kind}", "classes are UpperCamelCase, properties lowerCamel")
            return False
        if name in self._rules.prefixes:
            self.fault(row.line, f"'{name}' already is a prefix")
        below = self._rules.below.classes if kind == "class" else self._rules.below.properties
        given = {term.iri for term in below.values()}
        if row["iri"] and self._known_prefix(row, "iri", row["iri"]) and self._rules.iri(row["iri"]) in given:
            self.fault(row.line, f"{row['iri']} is given by a vocabulary that this one stands on", "use that term")
            return False
        if name in below:
            what = f"{name} is given by a vocabulary that this one stands on: {compress(below[name].iri)}"
            self.fault(row.line, what, "use that term, or choose another name")
            return False
        return not row["iri"] or self._known_prefix(row, "iri", row["iri"])

    def _known_prefix(self, row: _Row, column: str, curie: str) -> bool:
        prefix, colon, local = curie.partition(":")
        if colon and local and prefix in self._rules.prefixes:
            return True
        self.fault(row.line, f"{column} '{curie}' is no prefixed name", nearest(prefix, self._rules.prefixes))
        return False

    def _named(self, curie: str) -> str:
        """A name with its prefix: of a table of the project, the prefix may be left out."""
        if ":" in curie or self._rules.is_packaged:
            return curie
        own = f"{self._rules.prefix}:{curie}"
        found = self._rules.below.class_named(curie) or self._rules.below.property_named(curie)
        return own if self._rules.iri(own) in self._kinds or found is None else compress(found.iri)

    def _known_term(self, row: _Row, column: str, curie: str, kind: str) -> None:
        """`curie` must be a row of this file, or a term that it stands on, and of this kind."""
        curie = self._named(curie)
        if self._known_prefix(row, column, curie) and self._kinds.get(self._rules.iri(curie)) != kind:
            what = "class" if kind == "class" else f"{kind} property"
            found = [self._rules.below.compress(iri) for iri, of_kind in self._kinds.items() if of_kind == kind]
            where = "that is known here" if self._rules.below.terms else "of this file"
            hint = nearest(curie, found)
            self.fault(row.line, f"{column} '{curie}' of {row['term']} is no {what} {where}", hint)

    def _check_words(self, row: _Row) -> None:
        for what in _WORDS:
            demanded = self._rules.languages if what == "label" or self._rules.is_packaged else ()
            for language, text in row.by_language(what).items():
                if text or language in demanded:
                    self.check_text(row.line, f"{language} {what} of {row['term']}", text)
                if text[:1] == _SAME:
                    self.fault(row.line, f"{language} {what} of {row['term']}: no text in '{text[1:]}'", "write =en")
                if self._rules.is_packaged and what == "definition" and text and not text.endswith("."):
                    self.fault(row.line, f"{language} definition of {row['term']} has no full stop")
        if not row.said("definition"):
            self.fault(row.line, f"{row['term']} has no definition", "say in one sentence what it means: definition_en")

    def _check_place(self, row: _Row) -> None:
        """Parent, disjoint classes and characteristics."""
        kind, parent = row["kind"], row["parent"]
        top = _TOP[kind]
        if (not parent and self._rules.is_packaged) or " " in parent:
            self.fault(row.line, f"{row['term']} must have exactly one parent", f"at the top it is {top}")
        elif parent and parent != top:
            prefix = self._named(parent).partition(":")[0]
            if kind == "class" or prefix in {"zel", "owl", self._rules.prefix}:
                self._known_term(row, "parent", parent, kind)
            else:
                self._known_prefix(row, "parent", self._named(parent))
        for other in row["disjoint_with"].split():
            if kind == "class":
                self._known_term(row, "disjoint_with", other, "class")
            else:
                self.fault(row.line, f"{row['term']} is a property: disjoint_with is for classes")
        for word in row["characteristics"].split():
            if word not in _CHARACTERISTICS[kind]:
                allowed = ", ".join(sorted(_CHARACTERISTICS[kind])) or "none"
                self.fault(row.line, f"characteristic '{word}' does not fit {row['term']}", f"allowed: {allowed}")
        if "symmetric" in row["characteristics"].split() and row["domain"] != row["range"]:
            self.fault(row.line, f"{row['term']} is symmetric: its domain and range must be the same")

    def _check_values(self, row: _Row, schemes: Mapping[str, object]) -> None:
        """Domain, range and concept scheme."""
        kind = row["kind"]
        for column in ("domain", "range", "scheme"):
            if kind == "class" and row[column]:
                self.fault(row.line, f"{row['term']} is a class: it has no {column}")
        if kind == "class":
            return
        if row["domain"]:
            self._known_term(row, "domain", row["domain"], "class")
        if kind == "data" and (row["range"] or self._rules.is_packaged) and row["range"] not in _DATATYPES:
            what = f"range '{row['range']}' of {row['term']} is no datatype in use"
            self.fault(row.line, what, nearest(row["range"], _DATATYPES) or ", ".join(_DATATYPES))
        elif kind == "object" and row["range"]:
            self._known_term(row, "range", row["range"], "class")
        if row["scheme"] and row["scheme"] not in schemes:
            hint = nearest(row["scheme"], schemes)
            self.fault(row.line, f"no scheme '{row['scheme']}' of {row['term']} in schemes.ttl", hint)

    def _check_history(self, row: _Row) -> None:
        """Alignments, version and deprecation."""
        for text in filter(None, (part.strip() for part in row["alignments"].split(";"))):
            if text[0] not in "=~<":
                self.fault(row.line, f"alignment '{text}' must begin with =, ~ or <")
            elif not text[1:].startswith("stratml:"):  # has element names and no namespace of RDF terms
                self._known_prefix(row, "alignment", text[1:])
        if (row["since"] or self._rules.is_packaged) and not _VERSION.fullmatch(row["since"]):
            self.fault(row.line, f"since '{row['since']}' is no version", "three numbers: 1.2.0")
        if row["deprecated"] and not _DEPRECATED.fullmatch(row["deprecated"]):
            self.fault(row.line, f"deprecated '{row['deprecated']}' must give a version and a reason", "1.2.0: why")
        if row["replaced_by"] and not row["deprecated"]:
            self.fault(row.line, f"{row['term']} is replaced and not deprecated")
        elif row["replaced_by"]:
            self._known_term(row, "replaced_by", row["replaced_by"], row["kind"])

    def _term(self, row: _Row, place: int) -> Term:
        def iri(curie: str) -> str | None:
            return self._rules.iri(self._named(curie)) if curie else None

        datatype = row["range"] in _DATATYPES
        return Term(
            name=row["term"],
            iri=self._rules.iri(row.iri),
            kind=cast("Kind", row["kind"]),  # _check_name has refused every other word
            parent=iri(row["parent"]) or expand(_TOP[row["kind"]]),
            domain=iri(row["domain"]),
            range=expand(row["range"]) if datatype else iri(row["range"]),
            scheme=row["scheme"] or None,
            labels=row.said("label"),
            definitions=row.said("definition"),
            characteristics=tuple(row["characteristics"].split()),
            disjoint_with=tuple(self._rules.iri(self._named(curie)) for curie in row["disjoint_with"].split()),
            alignments=tuple(
                Alignment(text[0], text[1:]) for text in (part.strip() for part in row["alignments"].split(";")) if text
            ),
            since=row["since"],
            deprecated=row["deprecated"] or None,
            replaced_by=iri(row["replaced_by"]),
            position=Position(self.shown, row.line),
            layer=self._rules.layer,
            order=place if self._rules.is_packaged else 0,
        )
