"""Which Wikidata item is which thing: a table in SSSOM/TSV (Simple Standard for Sharing Ontological Mappings, 1.0).

The metadata stand in lines that begin with `#`, then a row of column names, then one row for each match. Beyond the
slots of the standard two columns are ours, declared as its extension slots: `status` (verified, unverified, rejected)
and `evidence`, the words that say what the match rests on. Only verified matches enter a release.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from kg.config import Config
from kg.errors import Position, RecordError, nearest
from kg.positions import Faults, Table, Value, parse_yaml, read_bytes
from kg.records.model import Match
from kg.terms import PREFIXES

REQUIRED: Final = (
    "subject_id", "predicate_id", "object_id", "mapping_justification", "confidence", "mapping_date", "author_label",
    "evidence", "status",
)  # fmt: skip
"""The columns that every file has; it may have any others."""
COLUMNS: Final = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label", "mapping_justification", "confidence",
    "mapping_date", "author_label", "evidence", "status", "comment",
)  # fmt: skip
"""The columns of a file that is written here."""
VERIFIED: Final = "verified"
UNVERIFIED: Final = "unverified"
STATUSES: Final = (VERIFIED, UNVERIFIED, "rejected")
EXACT: Final = PREFIXES["skos"] + "exactMatch"
CLOSE: Final = PREFIXES["skos"] + "closeMatch"
NO_TERM: Final = "https://w3id.org/sssom/NoTermFound"
"""Object of a search that found nothing (SSSOM, section on literal and missing terms)."""

_ITEM: Final = re.compile(re.escape(PREFIXES["wd"]) + r"(Q[1-9][0-9]*)", re.ASCII)
_CURIE: Final = re.compile(r"([A-Za-z][\w.-]*):(\S+)", re.ASCII)
_CODE: Final = "match"


def read_matches(config: Config, is_known: Callable[[str], bool], faults: Faults) -> tuple[Match, ...]:
    """Every row of the project's file of matches, or none where there is no such file.

    `is_known` tells whether an IRI is that of a thing or concept of the project. Faults go to `faults`, each with the
    line of its row.
    """
    path = config.locate("wikidata")
    if not path.exists():
        return ()
    try:
        sheet = read_sheet(path, config.name_of(path), config.limits.file_bytes)
    except RecordError as error:
        faults.include(error)
        return ()
    matches = [match for row in sheet.rows if (match := _Row(row, sheet.prefixes, faults).read(is_known)) is not None]
    _check_pairs(matches, faults)
    return tuple(matches)


class Sheet:
    """The text of one SSSOM file, cut into prefixes, columns and rows.

    :raises RecordError: if its metadata, its columns or the length of a row is wrong
    """

    def __init__(self, text: str, name: str) -> None:
        lines = text.splitlines()
        head = next((n for n, line in enumerate(lines) if not line.startswith("#")), len(lines))
        self.prefixes = _prefixes("\n".join(line[1:] for line in lines[:head]), name)
        self.columns = tuple(lines[head].split("\t")) if head < len(lines) else ()
        self.rows: list[tuple[Position, Mapping[str, str]]] = []
        missing = [column for column in REQUIRED if column not in self.columns]
        if missing:
            what = f"the table has no column {', '.join(missing)}"
            raise RecordError(what, position=Position(name, head + 1), hint="columns are parted by tabs")
        for number, line in enumerate(lines[head + 1 :], head + 2):
            cells = line.split("\t")
            if len(cells) != len(self.columns):
                what = f"{len(cells)} cells instead of {len(self.columns)}"
                raise RecordError(what, position=Position(name, number), hint="cells are parted by single tabs")
            self.rows.append((Position(name, number), dict(zip(self.columns, map(str.strip, cells), strict=True))))


def read_sheet(path: Path, name: str, limit: int) -> Sheet:
    """Read an SSSOM file of at most `limit` bytes; `name` is what errors call it.

    :raises RecordError: if it is no such file, naming the line
    :raises StorageError: if the system cannot read it
    """
    content = read_bytes(path, name, limit)
    try:
        return Sheet(content.decode("utf-8-sig"), name)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise RecordError("not UTF-8", position=Position(name, line), hint="save the file as UTF-8") from None


def _prefixes(metadata: str, name: str) -> dict[str, str]:
    """The `curie_map`, the prefixes that the standard builds in, and ours for Wikidata."""
    found = {
        "skos": PREFIXES["skos"],
        "wd": PREFIXES["wd"],
        "sssom": "https://w3id.org/sssom/",
        "semapv": "https://w3id.org/semapv/vocab/",
    }
    root = parse_yaml(metadata.encode(), name) if metadata.strip() else None
    declared = root.get("curie_map") if isinstance(root, Table) else None
    if declared is not None and not isinstance(declared, Table):
        raise RecordError("'curie_map' must give IRIs by prefix", position=declared.position)
    for prefix, node in declared or ():
        if not isinstance(node, Value) or not node.text:
            raise RecordError(f"prefix '{prefix}' has no IRI", position=node.position)
        found[prefix] = node.text
    return found


class _Row:
    """One row, whose faults are told with its line."""

    def __init__(self, row: tuple[Position, Mapping[str, str]], prefixes: Mapping[str, str], faults: Faults) -> None:
        self._position, self._cells = row
        self._prefixes, self._faults, self._sound = prefixes, faults, True

    def read(self, is_known: Callable[[str], bool]) -> Match | None:
        subject, predicate, item = (self._iri(column) for column in ("subject_id", "predicate_id", "object_id"))
        self._iri("mapping_justification")
        if subject and not is_known(subject):
            self._fault(f"no thing or concept '{self._cells['subject_id']}'", "it must stand in entities or schemes")
        if predicate and predicate not in {EXACT, CLOSE}:
            self._fault(
                f"predicate '{self._cells['predicate_id']}' is not in use", "skos:exactMatch or skos:closeMatch"
            )
        qid = _ITEM.fullmatch(item) if item else None
        if item and qid is None and item != NO_TERM:
            self._fault(f"'{self._cells['object_id']}' is no Wikidata item", "write wd:Q and a number")
        status = self._cells["status"]
        if status not in STATUSES:
            self._fault(f"unknown status '{status}'", nearest(status, STATUSES) or ", ".join(STATUSES))
        elif status == VERIFIED:
            self._check_verified(item)
        confidence = self._confidence()
        self._check_date()
        if not self._sound:
            return None
        return Match(
            subject=subject,
            predicate=predicate,
            item=qid[1] if qid else None,
            status=status,
            confidence=confidence,
            evidence=self._cells["evidence"],
            position=self._position,
        )

    def _iri(self, column: str) -> str:
        curie = _CURIE.fullmatch(self._cells[column])
        if curie is None or curie[1] not in self._prefixes:
            hint = nearest(curie[1], self._prefixes) if curie else "write prefix:name"
            self._fault(f"{column} '{self._cells[column]}' is no prefixed name of this file", hint)
            return ""
        return self._prefixes[curie[1]] + curie[2]

    def _check_verified(self, item: str) -> None:
        if item == NO_TERM:
            self._fault("a verified match needs an item", "leave it unverified")
        for column in ("evidence", "author_label", "mapping_date"):
            if not self._cells[column]:
                self._fault(f"a verified match needs '{column}'", "say what it rests on, who checked it and when")

    def _confidence(self) -> float:
        text = self._cells["confidence"]
        if re.fullmatch(r"0(?:\.\d+)?|1(?:\.0+)?", text):
            return float(text)
        self._fault(f"confidence '{text}' is no number from 0 to 1")
        return 0.0

    def _check_date(self) -> None:
        text = self._cells["mapping_date"]
        try:
            if text:
                dt.date.fromisoformat(text)
        except ValueError:
            self._fault(f"'{text}' is no date", "write 2026-11-24")

    def _fault(self, message: str, hint: str | None = None) -> None:
        self._sound = False
        self._faults.add(_CODE, message, self._position, hint)


def _check_pairs(matches: Iterable[Match], faults: Faults) -> None:
    """No pair stands twice; among the verified exact ones no item is two things and no thing two items."""
    pairs: dict[tuple[str, str | None], Match] = {}
    items: dict[str, Match] = {}
    things: dict[str, Match] = {}
    for match in matches:
        first = pairs.setdefault((match.subject, match.item), match)
        if first is not match:
            faults.add(_CODE, "this match stands here a second time", match.position, f"see {first.position}")
        elif match.item is not None and match.status == VERIFIED and match.predicate == EXACT:
            other = items.setdefault(match.item, match)
            if other is not match:
                faults.add(_CODE, f"{match.item} cannot be two things", match.position, f"see {other.position}")
            other = things.setdefault(match.subject, match)
            if other is not match:
                what = f"one thing cannot be {match.item} and {other.item}"
                faults.add(_CODE, what, match.position, f"see {other.position}")


def verified(matches: Iterable[Match]) -> Iterator[Match]:
    """The matches that may leave the file."""
    return (match for match in matches if match.status == VERIFIED)


def undecided(matches: Iterable[Match]) -> frozenset[str]:
    """The IRIs of what has a candidate item that is neither verified nor rejected."""
    return frozenset(match.subject for match in matches if match.item is not None and match.status == UNVERIFIED)
