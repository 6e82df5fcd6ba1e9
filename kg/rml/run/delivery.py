"""What was made of all rows, brought where it belongs: to the output and to targets, collections put together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import IO, Final

from kg.errors import StorageError
from kg.files import Replacements, replaced_together
from kg.rml.compile.gathering import SCOPE, has_scopes, said
from kg.rml.mapping.access import Access
from kg.rml.mapping.model import Collection, Target
from kg.rml.run.distinct import Sorter
from kg.rml.run.engine import Engine
from kg.rml.run.frames import count_lines, frames
from kg.rml.run.named import NamedLines, has_names
from kg.rml.targets.forms import is_sorted, key_of, without_key, write
from kg.rml.targets.packing import packed
from kg.rml.targets.places import NamedPlaces, places_of
from kg.rml.targets.prefixes import prefixes_of, used_in

_BLOCK: Final = 1 << 20
_LINES: Final = 10_000
"""Lines of a collection that are written at a time."""
_SCOPE: Final = SCOPE.encode()
_HEADS: Final = 3
"""Parts of an entry that say which collection it belongs to: graph, head, kind."""
_PLACES: Final = 5
"""Parts that say where in it: triples map, row, gather map, collection, member."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file that a mapping wrote itself."""

    path: Path
    target: Target
    triples: int
    """Lines that were made for it; in a syntax that groups them, each triple is in it once."""


class Delivery:
    """Takes framed lines apart."""

    def __init__(self, engine: Engine, folder: Path, access: Access, *, distinct: bool) -> None:
        """Of what an engine makes.

        :param folder: where lines lie meanwhile
        :param access: where files of targets may lie
        :param distinct: whether targets get every line once, in the order of bytes
        """
        self._channels, self._mapping = list(engine.channels), engine.plan.path
        self._folder, self._distinct = folder, distinct
        self._scopes = has_scopes(engine.plan)
        self._entries: dict[Target | None, Sorter] = {}
        self._counts: dict[Target, int] = {}
        self._made = 0
        self._given: Mapping[str, str] | None = None
        self._places = places_of(engine.plan, access)
        self._named = NamedLines(NamedPlaces(engine.plan, access, self._places), self._subfolder)

    def deliver(self, made: IO[bytes], output: IO[bytes]) -> tuple[int, list[Written]]:
        """Write what was made to the output and to the files of targets, which appear together at the end.

        :returns: how many lines the output got, and what was written beside it
        :raises DataError: if the syntax of a target cannot hold a term
        :raises StorageError: if a target cannot be written
        """
        places = self._places
        spools = {target: self._new(f"target-{number}") for number, target in enumerate(places)}
        with ExitStack() as stack:
            files = {target: stack.enter_context(path.open("wb")) for target, path in spools.items()}
            count = self._apart(made, output, files)
            for place, sorter in self._entries.items():
                for block in _collected(sorter, scopes=self._scopes):
                    (output if place is None else files[place]).write(block)
                    count += count_lines(block) if place is None else 0
                    if place is not None:
                        self._counts[place] = self._counts.get(place, 0) + count_lines(block)
        with replaced_together() as files_of, _told(None):
            for target, path in places.items():
                self._write(files_of, target, path, spools[target])
            written = [Written(path, target, self._counts.get(target, 0)) for target, path in places.items()]
            spool = self._new("named")
            for target, path, lines in self._named.files(spool):
                self._write(files_of, target, path, spool)
                written.append(Written(path, target, lines))
        return count, written

    def _new(self, name: str) -> Path:
        self._made += 1
        return self._folder / f"{name}-{self._made}"

    def _subfolder(self) -> Path:
        path = self._new("sorted")
        path.mkdir()
        return path

    def _apart(self, made: IO[bytes], output: IO[bytes], files: Mapping[Target, IO[bytes]]) -> int:
        count, held = 0, b""
        for number, content in frames(made):
            channel = self._channels[number]
            held += content
            end = held.rfind(b"\n") + 1
            block, held = held[:end], held[end:]
            if channel.are_entries:
                for place in channel.targets or (None,):
                    self._entries.setdefault(place, Sorter(self._subfolder)).write(block)
                continue
            if self._scopes:
                block = _in_scope(block)
            if has_names(channel):
                block, rest = self._named.take(channel, block)
                output.write(rest)
                count += count_lines(rest)
            for target in channel.targets:
                if target.expression is not None:
                    continue
                files[target].write(block)
                self._counts[target] = self._counts.get(target, 0) + count_lines(block)
            if not channel.targets:
                output.write(block)
                count += count_lines(block)
        return count

    def _write(self, files: Replacements, target: Target, path: Path, spool: Path) -> None:
        """Write the file of a target, which appears after all of them are whole."""
        with _told(target):
            path.parent.mkdir(parents=True, exist_ok=True)
            with files.file(path) as file, packed(target, file) as inner:
                used = used_in(target, self._prefixes(), _blocks(spool))
                write(target, self._lines(target, spool), inner, used)

    def _prefixes(self) -> Mapping[str, str]:
        if self._given is None:
            self._given = prefixes_of(self._mapping)
        return self._given

    def _lines(self, target: Target, spool: Path) -> Iterator[bytes]:
        if not (is_sorted(target) or self._distinct):
            return _blocks(spool)
        key, sorter = key_of(target), Sorter(self._subfolder)
        for block in _blocks(spool):
            sorter.write(block if key is None else key(block))
        joined = (b"".join(lines) for lines in sorter.blocks())
        return joined if key is None else map(without_key, joined)


@contextmanager
def _told(target: Target | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "look at the disk and the rights, and try again"
        name = "the files of targets" if target is None else f"'{target.name}'"
        raise StorageError(f"cannot write {name}: {error.strerror or error}", hint=hint) from None


def _blocks(path: Path) -> Iterator[bytes]:
    """Whole lines of a file, some at a time."""
    with path.open("rb") as file:
        while lines := file.readlines(_BLOCK):
            yield b"".join(lines)


def _in_scope(block: bytes) -> bytes:
    """Lines without the graph before them, by which labels that wait for it are completed."""
    made = []
    for one in block.splitlines(keepends=True):
        graph, _, line = one.partition(b"\t")
        made.append(line.replace(_SCOPE, _scope(graph)) if _SCOPE in line else line)
    return b"".join(made)


def _scope(graph: bytes) -> bytes:
    return b"" if not graph else b"g" + _hash(graph)


def _hash(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:16].encode()


def _collected(sorter: Sorter, *, scopes: bool) -> Iterator[bytes]:
    """The lines of named collections, each put together from the entries of all rows, in their order."""
    entries = (line.rstrip(b"\n").split(b"\t", _HEADS + _PLACES) for lines in sorter.blocks() for line in lines)
    for (graph, head, kind), group in groupby(entries, lambda entry: tuple(entry[:_HEADS])):
        texts = (entry[-1].decode("latin-1") for entry in group if entry[-1])
        cell = f"_:c{_hash(graph + b' ' + head).decode()}"
        lines = said(head.decode("latin-1"), Collection(kind.decode()), texts, cell)
        while some := list(islice(lines, _LINES)):
            block = b"".join(line.encode("latin-1") + graph + b" .\n" for line in some)
            yield block.replace(_SCOPE, _scope(graph)) if scopes else block
