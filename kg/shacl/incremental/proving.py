"""The proof of a release, with the help of what is kept of an earlier one.

Beside the parts of a project lies a folder with the columns of a release that was proved whole (`columns-….bin`) and,
for each release that was proved since, a record (`<id>.json`) of what was found and of how its graph differs from these
columns. Both are checked before they are believed. Deleting the folder, or damaging what is in it, costs time and
nothing else.
"""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from kg.collecting import uncollected
from kg.files import locked, replaced
from kg.shacl.gate import GateColumns, Judged, gate_columns, judged
from kg.shacl.graph.columns import SUBCLASS
from kg.shacl.incremental.lines import PackedLines, TooDifferentError, blocks_of, difference, digest
from kg.shacl.incremental.packing import DamagedError, Packed, pack
from kg.shacl.incremental.records import Record, dump, load, proof_key
from kg.shacl.incremental.revalidating import State, revalidate
from kg.shacl.report import Report
from kg.shacl.shapes.files import ShapesGraph
from kg.shacl.sparql.process import SECONDS

FOLDER: Final = "proof"
"""The folder of what is kept, beside the parts."""
_COLUMNS: Final = "columns-{}.bin"
_RECORD: Final = ".json"
_UNREADABLE: Final = (OSError, ValueError, EOFError, zlib.error)
_DRIFT: Final = (2_000, 320)
"""Lines by which a graph may differ from kept columns: so many, or one for so many bytes of the compressed graph, which
is about a twentieth of them."""


@dataclass(frozen=True, slots=True)
class Before:
    """A release with which one is compared."""

    id: str
    graph: Path
    """Its lines, compressed."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of a graph, and how much of it had to be found anew."""

    report: Report
    proved: int
    """How many pairs of a shape and a focus node were proved."""
    whole: str | None
    """Why everything was proved; None if the rest was taken from what is kept."""
    record: Record | None = None
    folder: Path = field(default_factory=Path)

    @property
    def told(self) -> str:
        """How much was proved, for a person."""
        if self.whole is None:
            return f"{self.proved} pairs of a shape and a thing proved again, all else as before"
        return f"{self.proved} pairs of a shape and a thing proved: {self.whole}"

    def keep(self, release_id: str) -> None:
        """Keep what was found, now that the release is published; what no release needs any more is removed.

        :raises OSError: if the folder cannot be written
        """
        if self.record is None:
            return
        with locked(self.folder):
            with replaced(self.folder / f"{release_id}{_RECORD}") as file:
                file.write(dump(self.record))
            _clear(self.folder, self.record, self.folder.parent.parent)


class _WholeError(Exception):
    """Why everything is to be proved."""


class Proofs:
    """What is kept of proofs in a folder, for the shapes of one project.

    `levels` are the shapes as `kg.shacl.gate.judged` takes them; nothing that others made is believed. One
    evaluation of a query of a shape may take `query_seconds`.
    """

    def __init__(
        self, folder: Path, ontology: str, levels: Sequence[ShapesGraph], query_seconds: float = SECONDS
    ) -> None:
        self._folder, self._ontology, self._levels = folder, ontology, levels
        self._query_seconds = query_seconds

    def is_kept(self, before: Before | None) -> bool:
        """Whether there seems to be a proof of a release that a difference can be proved from."""
        return before is not None and (self._folder / f"{before.id}{_RECORD}").is_file()

    @uncollected()
    def prove(
        self,
        lines: Iterable[str],
        before: Before | None = None,
        *,
        sha256: str | None = None,
        columns: GateColumns | None = None,
        is_kept: bool = True,
    ) -> Proof:
        """Run the gate on sorted lines of N-Quads, which are read more than once.

        Their hash and columns are made of them, if they are not given.

        What a change since the release `before` cannot reach is taken from what is kept of its proof; the report is
        that of the whole (`kg.shacl.gate`). If nothing that fits is kept, everything is proved. If there is then no
        violation, and `is_kept`, columns are written for the next time.

        :raises ShapesError: if a query of a shape cannot be evaluated
        :raises EngineFailed: if one takes too long, or too much memory
        """
        key, graph = proof_key(self._ontology, self._levels), sha256 or digest(lines)
        try:
            return self._since(lines, graph, before, key)
        except _WholeError as error:
            why = str(error)
        whole = judged(columns or gate_columns(lines, self._ontology), self._levels, self._query_seconds)
        proved = sum(sum(verdict.counts.values()) for verdict in whole.verdicts)
        if whole.report.violations or not is_kept:
            return Proof(whole.report, proved, why)
        record = Record(key, graph, _COLUMNS.format(graph[:16]), (), (), whole.verdicts)
        try:
            _write(self._folder, record.columns, whole)
        except (OSError, ValueError) as error:
            return Proof(whole.report, proved, f"{why}; nothing can be kept for the next time: {error}")
        return Proof(whole.report, proved, why, record, self._folder)

    def _since(self, lines: Iterable[str], graph: str, before: Before | None, key: str) -> Proof:
        """The proof of a difference.

        :raises _WholeError: if there is none
        """
        if before is None:
            raise _WholeError("there is no release to compare with")
        kept = f"of the proof of release {before.id}"
        try:
            record = load((self._folder / f"{before.id}{_RECORD}").read_bytes(), key)
            state = self._opened(record)
            removed, added = _difference(record, before, lines, graph)
        except FileNotFoundError:
            raise _WholeError(f"nothing is kept {kept}") from None
        except TooDifferentError:
            raise _WholeError(f"too much has changed since release {before.id}") from None
        except _UNREADABLE as error:
            raise _WholeError(f"what is kept {kept} does not fit: {error}") from None
        if any(_is_schema(line, self._ontology) for line in (*removed, *added)):
            raise _WholeError("the vocabulary or the class hierarchy has changed")
        try:
            found = revalidate(state, removed, added, self._ontology, self._levels, query_seconds=self._query_seconds)
        except DamagedError as error:
            raise _WholeError(f"what is kept {kept} is damaged: {error}") from None
        moved = replace(record.moved(graph, removed, added), verdicts=found.state.verdicts)
        return Proof(found.report, found.proved, None, moved, self._folder)

    def _opened(self, record: Record) -> State:
        with (self._folder / record.columns).open("rb") as file:
            content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        state = State.opened(Packed(content), record.verdicts)
        gone, new = ([line.encode() for line in part] for part in (record.removed, record.added))
        return state.moved(gone, new, self._ontology)


def _difference(record: Record, before: Before, lines: Iterable[str], graph: str) -> tuple[list[bytes], list[bytes]]:
    if record.graph == graph:
        return [], []
    most, bytes_each = _DRIFT
    packed = PackedLines(before.graph)
    most = max(most, before.graph.stat().st_size // bytes_each) - len(record.removed) - len(record.added)
    removed, added = difference(packed, blocks_of(lines), most)
    if packed.digest != record.graph:
        raise DamagedError("its lines are others")
    return removed, added


def _is_schema(line: bytes, ontology: str) -> bool:
    return line.endswith(f" <{ontology}> .".encode()) or f" <{SUBCLASS}> ".encode() in line


def _write(folder: Path, name: str, found: Judged) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for data in found.columns.graphs.values():
        data.forget()  # indexes make room for what is sorted
    with locked(folder), replaced(folder / name) as file:
        pack(found.columns, file)


def _clear(folder: Path, record: Record, releases: Path) -> None:
    """Remove records of releases that are gone or stand on other columns, such columns, and what killed runs left."""
    for path in folder.glob(f"*{_RECORD}"):
        named = f'"columns": "{record.columns}"'.encode()
        if not (releases / path.stem).is_dir() or named not in path.read_bytes():
            path.unlink(missing_ok=True)
    for path in (*folder.glob(_COLUMNS.format("*")), *folder.glob(f".{_COLUMNS.format('*')}.*")):
        if path.name != record.columns:
            path.unlink(missing_ok=True)
    for path in folder.glob(f".*{_RECORD}.*"):
        path.unlink(missing_ok=True)
