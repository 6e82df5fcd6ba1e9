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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO, Any, Final

from kg.shacl.gate import GateColumns
from kg.shacl.graph.columns import Columns
from kg.shacl.graph.terms import Terms
from kg.shacl.incremental.views import Numbers

_END: Final = struct.Struct("<Q32s")
_NONE: Final[Numbers] = ()
_MOST: Final = 1 << 32
"""Terms: a pair of numbers is kept in 64 bits."""


class DamagedError(ValueError):
    """What is kept is not what was written."""


# --- writing


def pack(columns: GateColumns, file: IO[bytes]) -> None:
    """Write the columns of the gate.

    :raises ValueError: if there are more than 2**32 terms
    """
    known = columns.union.terms.forms
    used = sorted({n for data in columns.graphs.values() for n in _used(data)}, key=known.__getitem__)
    if len(used) >= _MOST:
        raise ValueError("too many terms")
    rank = array("q", [-1]) * len(known)
    ends, total = array("Q", [0]), 0
    for turn, number in enumerate(used):
        rank[number] = turn
        total += len(known[number])
        ends.append(total)
    writer = _Writer(file)
    writer.section("ends", ends.tobytes())
    writer.section("forms", b"".join(map(known.__getitem__, used)))
    for level, data in columns.graphs.items():
        repeated: dict[int, dict[int, int]] = {}
        for (subject, predicate, value), more in columns.repeated[level].items():
            repeated.setdefault(predicate, {})[rank[subject] << 32 | rank[value]] = more
        for predicate in sorted(data.columns, key=rank.__getitem__):
            column = data.columns[predicate]
            keys = [rank[s] << 32 | rank[o] for s, o in zip(column.subjects, column.objects, strict=True)]
            _write_pairs(writer, f"{level}/{rank[predicate]}", keys, repeated.get(predicate, {}))
    writer.finish()


def _used(data: Columns) -> Iterator[int]:
    for predicate, column in data.columns.items():
        yield predicate
        yield from set(column.subjects)
        yield from set(column.objects)


def _write_pairs(writer: _Writer, name: str, every: list[int], repeated: Mapping[int, int]) -> None:
    every.sort()
    keys = list(dict.fromkeys(every))
    if repeated or len(keys) < len(every):
        times = Counter(every)
        times.update(repeated)
        writer.section(f"{name}/times", array("I", map(times.__getitem__, keys)).tobytes())
    writer.section(f"{name}/forward", array("Q", keys).tobytes())
    inverse = [key >> 32 | (key & (_MOST - 1)) << 32 for key in keys]
    inverse.sort()
    writer.section(f"{name}/inverse", array("Q", inverse).tobytes())


class _Writer:
    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._place = file, 0
        self._sections: dict[str, tuple[int, int, str]] = {}

    def section(self, name: str, content: bytes) -> None:
        self._sections[name] = (self._place, len(content), hashlib.sha256(content).hexdigest())
        self._write(content + bytes(-len(content) % 8))

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
