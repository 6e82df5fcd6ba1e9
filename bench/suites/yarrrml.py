"""The documents that yarrrml-parser brings in its npm package: YARRRML, and the RML or R2RML that it makes of each."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rml.datasets import lenient_nquads
from suites.made_data import write
from suites.outcomes import Outcome, Status, compared

from kg.errors import KgError
from kg.rml import Access, OnError, map_to
from kg.rml.legacy.reading import read_mapping
from kg.rml.mapping.access import Home
from kg.rml.mapping.statements import Statement
from kg.rml.mapping.yarrrml.translation import read_yarrrml

_SUFFIXES: Final = (".yarrrml", ".yml", ".yaml")
NETWORK: Final = re.compile(
    r"\n\s*(?:authentications:|methodName:|rel:|contentType:)|type: (?:sd|sparql)\b|~(?:sd|sparql)\b"
)
"""What documents say whose sources or targets are on the network."""

STAND_INS: Final = Path(__file__).with_name("stand_ins.py")
_ADDRESS: Final = re.compile(r"file:///data/")
_PATH: Final = re.compile(r"(\"|access: )/data/")


@dataclass(frozen=True, slots=True)
class Case:
    """One document with what yarrrml-parser makes of it."""

    name: str
    folder: Path
    document: str
    expected: str | None
    is_of_network: bool

    @property
    def must_fail(self) -> bool:
        """Whether the document is none."""
        return self.name.startswith(("invalid/", "trivial/"))


def cases(root: Path) -> Iterator[Case]:
    """Every document below the folder `test` of the package."""
    for path in sorted(root.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file():
            name = path.name.removesuffix(path.suffix).removesuffix(".yarrrml").removesuffix(".yarrr")
            wanted = [f"{name}.rml.ttl", f"{name}.r2rml.ttl", "mapping.rml.ttl"]
            expected = next((one for one in wanted if (path.parent / one).is_file()), None)
            text = path.read_text(encoding="utf-8")
            yield Case(str(path.relative_to(root)), path.parent, path.name, expected, bool(NETWORK.search(text)))


def _prepared(case: Case, place: Path) -> tuple[Path, Path | None]:
    """A copy of a document and of what is expected, which name files beside them."""
    shutil.copytree(case.folder, place)
    document = (place / case.document).rename(place / "document.yml")
    expected = None if case.expected is None else place / case.expected
    for path in (document, expected):
        if path is not None:
            path.write_text(_below(path.read_text(encoding="utf-8"), place), encoding="utf-8")
    return document, expected


def _below(text: str, place: Path) -> str:
    """A text whose files of `/data`, a folder of who wrote it, are beside the document."""
    return _PATH.sub(r"\1", _ADDRESS.sub(f"file://{place}/", text))


def outcome(case: Case, place: Path) -> Outcome:
    """Run a copy of a document and of what is expected on the same data, and compare.

    Functions that only their authors have are stood in for by others, on both sides.
    """
    if case.is_of_network:
        return Outcome(Status.NOT_RUN, "its sources or targets are on the network")
    found = _run_both(case, place / "as-it-is", None)
    if found.status is not Status.REFUSED or "there is no function" not in found.note:
        return found
    again = _run_both(case, place / "with-stand-ins", STAND_INS)
    return Outcome(Status.STAND_IN, found.note) if again.status is Status.PASSED else again


def _run_both(case: Case, place: Path, functions: Path | None) -> Outcome:
    document, expected = _prepared(case, place)
    access = Access(home=Home("jdbc:sqlite:made.sqlite"), targets=place, functions=functions)
    try:
        write(place, _readings(document, expected, access))
        made, files = _run(document, place, access)
        if case.must_fail or expected is None:
            return Outcome(Status.FAILED, "it is not refused")
        theirs, their_files = _run(expected, place, access)
    except (KgError, ValueError) as error:
        status = Status.PASSED if case.must_fail else Status.REFUSED
        return Outcome(status, str(error).replace(f"{place}/", ""))
    if files != their_files:
        return Outcome(Status.FAILED, f"other files: {', '.join(sorted(files.keys() | their_files.keys()))}")
    if not made and not files:
        return Outcome(Status.FAILED, "the data that were made for it make no triple")
    return compared(lenient_nquads(made.decode()), lenient_nquads(theirs.decode()))


def _readings(document: Path, expected: Path | None, access: Access) -> Iterator[tuple[Statement, ...]]:
    if expected is not None:
        yield read_mapping(expected, access)[0]
    yield read_yarrrml(document, access.home)


def _run(mapping: Path, place: Path, access: Access) -> tuple[bytes, dict[str, bytes]]:
    """What a mapping makes, and what it writes to files of its own."""
    before = set(place.rglob("*"))
    output = io.BytesIO()
    # Values that are made do not fit every datatype: rows that make no term are left out on both sides.
    map_to(mapping, output, base="http://example.com/", access=access, on_error=OnError.SKIP)
    made = [path for path in place.rglob("*") if path not in before and path.is_file()]
    files = {str(path.relative_to(place)): path.read_bytes() for path in made}
    for path in made:
        path.unlink()
    return output.getvalue(), files
