"""Kept columns as one file: written once, mapped into memory, and every part of it checked before it is believed.

The file holds sections, padded to eight bytes, then a directory of them in JSON (place, length and SHA-256 of each),
and at its end the length and the SHA-256 of the directory. Terms are numbered in the order of their forms, so that a
form is found by halving and no table is built when the file is opened.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, compress, groupby, islice
from operator import itemgetter
from typing import IO, Any, Final

from kg.shacl.gate import GateColumns
from kg.shacl.graph.terms import Terms
from kg.shacl.incremental.views import Numbers

_END: Final = struct.Struct("<Q32s")
_NONE: Final[Numbers] = ()
_MOST: Final = 1 << 32
"""Terms: a pair of numbers is kept in 64 bits."""
_LOW: Final = _MOST - 1
_PART: Final = 1 << 14
"""Forms that are written at once."""


class DamagedError(ValueError):
    """What is kept is not what was written."""


# --- writing


def pack(columns: GateColumns, file: IO[bytes]) -> None:
    """Write the columns of the gate.

    :raises ValueError: if there are more than 2**32 terms
    """
    terms = columns.union.terms
    if len(terms.forms) >= _MOST:
        raise ValueError("too many terms")
    used = sorted(compress(terms.forms, _used(columns, len(terms.forms))))
    rank = array("I", bytes(4 * len(terms.forms)))
    for turn, number in enumerate(map(terms.number, used)):
        rank[number] = turn
    writer = _Writer(file)
    writer.section("ends", [array("Q", accumulate(map(len, used), initial=0)).tobytes()])
    writer.section("forms", (b"".join(some) for some in _several(used)))
    del used
    for level, data in columns.graphs.items():
        for predicate in sorted(data.columns, key=rank.__getitem__):
            column, again = data.columns[predicate], columns.repeated[level].get(predicate, _NONE)
            keys = [rank[s] << 32 | rank[o] for s, o in zip(column.subjects, column.objects, strict=True)]
            keys += [rank[key >> 32] << 32 | rank[key & _LOW] for key in again]
            _write_pairs(writer, f"{level}/{rank[predicate]}", keys)
    writer.finish()


def _used(columns: GateColumns, terms: int) -> bytearray:
    """Which numbers stand in a statement."""
    found = bytearray(terms)
    for data in columns.graphs.values():
        for predicate, column in data.columns.items():
            found[predicate] = 1
            for numbers in (column.subjects, column.objects):
                for number in set(numbers):
                    found[number] = 1
    return found


def _several(forms: Iterable[bytes]) -> Iterator[list[bytes]]:
    waiting = iter(forms)
    while some := [*islice(waiting, _PART)]:
        yield some


def _write_pairs(writer: _Writer, name: str, every: list[int]) -> None:
    """Write pairs, each once, with how often it is given where that is more than once."""
    every.sort()
    keys = array("Q", map(itemgetter(0), groupby(every)))
    if len(keys) < len(every):
        times = array("I", (len(list(equal)) for _, equal in groupby(every)))
        writer.section(f"{name}/times", [times.tobytes()])
    every.clear()
    writer.section(f"{name}/forward", [keys.tobytes()])
    inverse = array("Q", sorted(key >> 32 | (key & _LOW) << 32 for key in keys))
    writer.section(f"{name}/inverse", [inverse.tobytes()])


class _Writer:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._place = file, 0
        self._sections: dict[str, tuple[int, int, str]] = {}

    def section(self, name: str, parts: Iterable[bytes]) -> None:
        begin, total = self._place, hashlib.sha256()
        for part in parts:
            total.update(part)
            self._write(part)
        length = self._place - begin
        self._sections[name] = (begin, length, total.hexdigest())
        self._write(bytes(-length % 8))

    def finish(self) -> None:
        directory = json.dumps({"order": sys.byteorder, "sections": self._sections}).encode()
        self._write(directory)
        self._write(_END.pack(len(directory), hashlib.sha256(directory).digest()))

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._place += len(content)


# --- reading


class Packed:
    """What `pack` wrote; a section is checked when it is first asked for."""

    def __init__(self, content: memoryview) -> None:
        self._content = content
        self._sections = _directory(content)
        self._checked: dict[str, memoryview] = {}
        self.terms: Terms = KeptTerms(self._numbers("ends", "Q"), self._section("forms"))

    def level(self, name: str) -> PackedLevel:
        """One of the data graphs."""
        return PackedLevel(self._find, f"{name}/", [key for key in self._sections if key.startswith(f"{name}/")])

    def _find(self, name: str, code: str) -> Numbers | None:
        return self._numbers(name, code) if name in self._sections else None

    def _numbers(self, name: str, code: str) -> memoryview:
        return self._section(name).cast(code)  # type: ignore[call-overload,no-any-return]

    def _section(self, name: str) -> memoryview:
        found = self._checked.get(name)
        if found is None:
            try:
                place, length, digest = self._sections[name]
            except KeyError:
                raise DamagedError(f"no section {name}") from None
            found = self._content[place : place + length]
            if len(found) != length or hashlib.sha256(found).hexdigest() != digest:
                raise DamagedError(f"section {name}")
            self._checked[name] = found
        return found


def _directory(content: memoryview) -> dict[str, tuple[int, int, str]]:
    if len(content) < _END.size:
        raise DamagedError("too short")
    length, digest = _END.unpack(content[-_END.size :])
    directory = bytes(content[max(0, len(content) - _END.size - length) : -_END.size])
    if hashlib.sha256(directory).digest() != digest:
        raise DamagedError("directory")
    said: dict[str, Any] = json.loads(directory)
    if said["order"] != sys.byteorder:
        raise DamagedError("numbers of another machine")
    return {name: (place, length, digest) for name, (place, length, digest) in said["sections"].items()}


class PackedLevel:
    """The pairs of the predicates of one data graph."""

    def __init__(self, find: Callable[[str, str], Numbers | None], prefix: str, names: Iterable[str]) -> None:
        self._find, self._prefix = find, prefix
        self._predicates = tuple(dict.fromkeys(int(name.split("/")[1]) for name in names))

    def predicates(self) -> Iterable[int]:
        """The predicates that have pairs."""
        return self._predicates

    def forward(self, predicate: int) -> Numbers:
        """The pairs of a predicate, the subject in the upper half, sorted."""
        return self._find(f"{self._prefix}{predicate}/forward", "Q") or _NONE

    def inverse(self, predicate: int) -> Numbers:
        """The same with the object in the upper half."""
        return self._find(f"{self._prefix}{predicate}/inverse", "Q") or _NONE

    def times(self, predicate: int) -> Numbers | None:
        """How many graphs state each pair; None where it is one for all of them."""
        return self._find(f"{self._prefix}{predicate}/times", "I")


class KeptTerms(Terms):
    """The terms of a file, and after them those that come later."""

    def __init__(self, ends: memoryview, content: memoryview) -> None:
        super().__init__()
        forms = _Forms(ends, content)
        self.forms, self.numbers = forms, _Known(forms)  # type: ignore[assignment]


class _Forms(list[bytes]):
    """Forms by number: those of the file first, then those that were appended."""

    def __init__(self, ends: memoryview, content: memoryview) -> None:
        super().__init__()
        self._ends, self._content = ends, content
        self.kept = len(ends) - 1

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]
        if number < self.kept:
            return bytes(self._content[self._ends[number] : self._ends[number + 1]])
        return super().__getitem__(number - self.kept)

    def __len__(self) -> int:
        return self.kept + super().__len__()

    def __iter__(self) -> Iterator[bytes]:
        return (self[number] for number in range(len(self)))


class _Known(dict[bytes, int]):
    """Numbers by form: those of the file are searched for, and remembered; a new form gets a new number."""

    def __init__(self, forms: _Forms) -> None:
        super().__init__()
        self._forms = forms

    def __missing__(self, form: bytes) -> int:
        place = bisect_left(self._forms, form, 0, self._forms.kept)
        if place == self._forms.kept or self._forms[place] != form:
            place = len(self._forms)
            self._forms.append(form)
        self[form] = place
        return place

    def __contains__(self, form: object) -> bool:
        if not isinstance(form, bytes) or super().__contains__(form):
            return isinstance(form, bytes)
        place = bisect_left(self._forms, form, 0, self._forms.kept)
        return place < self._forms.kept and self._forms[place] == form
