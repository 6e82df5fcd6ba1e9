"""The lock file: where the quotes of claims stand in their texts, for machines that do not have the texts.

It holds what the claims need and nothing else, in one order, so that every machine writes the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Final

from kg.config import Config
from kg.errors import EvidenceError, RecordError, StorageError
from kg.files import replaced
from kg.positions import Faults, Node, Sequence, Table, read_yaml
from kg.quoting import exactly
from kg.records.fields import Fields, describe

_CODE: Final = "lock"
_CURE: Final = "kg build writes it: take it from version control, or delete it and build where the texts are"
_HEAD: Final = (
    "# Where the quotes of claims stand in their texts. `kg build` writes this file; commit it, and do not edit it.\n"
)
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KEYS: Final = ("start", "end", "exact", "sentence", "prefix", "occurrence")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quote as a claim has it: its words, and what tells which place is meant where there are several."""

    exact: str
    sentence: int | None = None
    """Number of the sentence that the claim names."""
    prefix: str | None = None
    """Words right before the quote."""
    occurrence: int | None = None
    """The how-manieth of the places that sentence and prefix leave, counted from 1."""


@dataclass(frozen=True, slots=True)
class LockedText:
    """The quotes of one document, as they were located in the text with the hash `sha256`."""

    sha256: str
    starts: Mapping[Wanted, int] = field(default_factory=dict)
    """Code points of the text before each quote."""


@dataclass(frozen=True, slots=True)
class Lock:
    """Where quotes stand, by the slug of their document."""

    documents: Mapping[str, LockedText] = field(default_factory=dict)

    @property
    def quotes(self) -> int:
        """How many quotes it has."""
        return sum(len(text.starts) for text in self.documents.values())

    def to_bytes(self) -> bytes:
        """The file, the same for the same places; nothing where there are none.

        >>> print(Lock({"note": LockedText("0a", {Wanted("a quay", occurrence=2): 12})}).to_bytes().decode(), end="")
        # Where the quotes of claims stand in their texts. `kg build` writes this file; commit it, and do not edit it.
        documents:
          note:
            sha256: 0a
            quotes:
              - {start: 12, end: 18, exact: "a quay", occurrence: 2}
        """
        if not self.documents:
            return b""
        return "".join([_HEAD, "documents:\n", *self._lines()]).encode()

    def _lines(self) -> Iterator[str]:
        for slug, text in sorted(self.documents.items()):
            yield f"  {slug}:\n    sha256: {text.sha256}\n    quotes:\n"
            for wanted, start in sorted(text.starts.items(), key=lambda one: (one[1], _order(one[0]))):
                told = [f"start: {start}", f"end: {start + len(wanted.exact)}", f"exact: {exactly(wanted.exact)}"]
                if wanted.sentence is not None:
                    told.append(f"sentence: {wanted.sentence}")
                if wanted.prefix is not None:
                    told.append(f"prefix: {exactly(wanted.prefix)}")
                if wanted.occurrence is not None:
                    told.append(f"occurrence: {wanted.occurrence}")
                yield f"      - {{{', '.join(told)}}}\n"

    def is_kept(self, path: Path) -> bool:
        """Whether the file `path` says just this; where there is nothing to say there need not be one.

        :raises OSError: if it cannot be read
        """
        return (path.read_bytes() if path.is_file() else b"") == self.to_bytes()

    def keep(self, path: Path) -> None:
        """Write the file, or remove it where no quote needs it.

        :raises OSError: if that cannot be done
        """
        if not self.documents:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with replaced(path) as file:
            file.write(self.to_bytes())


class Locking(Enum):
    """What becomes of the lock file when quotes are located."""

    KEPT = "kept"
    FORBIDDEN = "forbidden"
    """It must not change."""
    LEFT = "left"
    """It is left as it is, and the places found are used all the same."""

    def keep(self, lock: Lock, config: Config, tell: Callable[[str], None]) -> bool:
        """Write the lock file of a project if it says anything else, and tell so; gives whether it was written.

        :raises EvidenceError: if it would have to be written and that is forbidden
        :raises StorageError: if it cannot be written
        """
        path = config.locate("quotes")
        name = config.name_of(path)
        if self is Locking.LEFT or lock.is_kept(path):
            return False
        if self is Locking.FORBIDDEN:
            message = f"{name} does not have the quotes of the claims as they are now"
            raise EvidenceError(message, hint="build without --locked, and commit the file")
        try:
            lock.keep(path)
        except OSError as error:
            raise StorageError(f"cannot write {name}: {error.strerror}", hint="check space and rights") from None
        tell(f"{name}: {lock.quotes} quotes located")
        return True


def _order(wanted: Wanted) -> tuple[str, int, str, int]:
    return wanted.exact, wanted.sentence or 0, wanted.prefix or "", wanted.occurrence or 0


def read_lock(config: Config, faults: Faults) -> Lock:
    """The lock file of a project, or an empty one where there is none; what is wrong with it goes to `faults`.

    :raises StorageError: if the system cannot read it
    """
    path = config.locate("quotes")
    if not path.exists():
        return Lock()
    limits = config.limits
    try:
        root = read_yaml(path, config.name_of(path), limit=limits.file_bytes, depth=limits.depth, prose=False)
    except RecordError as error:
        faults.include(RecordError(problems=[replace(problem, hint=_CURE) for problem in error.problems]))
        return Lock()
    body = root.get("documents") if isinstance(root, Table) else None
    if not isinstance(body, Table):
        faults.add(_CODE, "the file must hold a key 'documents:' with a mapping", root.position, _CURE)
        return Lock()
    found = {slug: _text(node, body, slug, faults) for slug, node in body}
    return Lock({slug: text for slug, text in found.items() if text is not None})


def _text(node: Node, body: Table, slug: str, faults: Faults) -> LockedText | None:
    sha256 = Fields(node, faults, f"'{slug}'").text("sha256") if isinstance(node, Table) else None
    quotes = node.get("quotes") if isinstance(node, Table) else None
    if sha256 is None or not _SHA256.fullmatch(sha256) or not isinstance(quotes, Sequence):
        faults.add(_CODE, f"'{slug}' must have a 'sha256' and 'quotes'", body.keys[slug], _CURE)
        return None
    starts: dict[Wanted, int] = {}
    for item in quotes.items:
        if isinstance(item, Table):
            starts.update(_quote(Fields(item, faults, f"a quote of '{slug}'")))
        else:
            faults.add(_CODE, f"a quote must be a mapping, not {describe(item)}", item.position, _CURE)
    return LockedText(sha256, starts)


def _quote(fields: Fields) -> Iterator[tuple[Wanted, int]]:
    fields.only(_KEYS)
    exact, start, end = fields.text("exact", required=True), fields.number("start"), fields.number("end")
    if exact is None:
        return
    if start is None or end != start + len(exact):
        fields.fault(_CODE, f"start and end do not span the {len(exact)} characters of the quote", "start", _CURE)
        return
    yield Wanted(exact, fields.number("sentence"), fields.text("prefix"), fields.number("occurrence")), start
