"""The test cases that morph-kgc brings in its source distribution: mappings of every age, with what should come."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from suites.databases import Fill
from suites.outcomes import NotRun, Outcome, Status, compared, read

from kg.errors import DataError, KgError
from kg.rml import Access, OnError, map_to

BASE: Final = "http://example.com/base/"
ENGINES: Final = ("sqlite", "postgresql", "mysql")
_MAPPINGS: Final = ("mapping*.ttl", "mapping*.rml", "mapping*.yarrrml", "mapping*.yml", "*mapping*.yaml")
_EXPECTED: Final = ("output{}.nq", "output{}.nt", "expected{}.nt", "rmlmapperoutput{}.ttl")
_FAILS: Final = re.compile(r"assert False|pytest\.raises")
_PLACE: Final = re.compile(r"(?:\./)?test/[^\"'\s~\]]*/")
_NAMED: Final = re.compile(r"[\w.-]+\.(?:csv|tsv|json|xml|xlsx|ods|parquet|feather|dta|shp)\b")
_GIVEN: Final = re.compile(r"'([\w.-]+\.(?:csv|tsv|json|xml))'")


@dataclass(frozen=True, slots=True)
class Case:
    """One mapping of one folder, run on one engine."""

    name: str
    folder: Path
    mapping: str
    expected: Path | None
    """What should come of it."""
    may_fail: bool
    """Whether it fails there."""
    engine: str | None = None
    """The database that holds its tables."""

    @property
    def called(self) -> str:
        """What a report calls it."""
        return self.name if self.engine is None else f"{self.name} ({self.engine})"

    @property
    def group(self) -> str:
        """What it is counted with."""
        if self.engine is not None:
            return f"r2rml, {self.engine}"
        first, _, rest = self.name.partition("/")
        return f"{first}/{rest.partition('/')[0]}" if first == "rml-core" else first


def cases(root: Path) -> Iterator[Case]:
    """The cases below the folder `test` of the distribution, by name."""
    for folder in sorted({path.parent for pattern in _MAPPINGS for path in root.rglob(pattern)}):
        for mapping in sorted(path for pattern in _MAPPINGS for path in folder.glob(pattern)):
            one = _case(root, folder, mapping)
            if one is None:
                continue
            if (folder / "resource.sql").is_file():
                yield from (replace(one, engine=engine) for engine in ENGINES)
            else:
                yield one


def _case(root: Path, folder: Path, mapping: Path) -> Case | None:
    part = mapping.stem.removeprefix("mapping") if mapping.stem.startswith("mapping") else ""
    found = (folder / pattern.format(part) for pattern in _EXPECTED)
    expected = next((path for path in found if path.is_file()), None)
    name = f"{folder.relative_to(root)}{part}"
    tests = "".join(path.read_text(encoding="utf-8") for path in folder.glob("test_*.py"))
    may_fail = bool(_FAILS.search(tests))
    if expected is None and not may_fail:
        return None
    # Some are told to fail there that R2RML has a dataset for: either is as it should be. What should give nothing is
    # what the suite of R2RML has no dataset for.
    is_empty = expected is not None and not expected.read_text(encoding="utf-8").strip()
    return Case(name, folder, mapping.name, expected, may_fail or is_empty)


def outcome(case: Case, place: Path, fills: Mapping[str, Fill]) -> Outcome:
    """Run a copy of a case, and compare."""
    try:
        mapping = _prepared(case, place)
    except NotRun as reason:
        return Outcome(Status.NOT_RUN, str(reason))
    home = None if case.engine is None else fills[case.engine](place)
    functions = next(place.glob("udf*.py"), None)
    access = Access(home=home, functions=functions, databases=frozenset([home.dsn] if home else []))
    faulty = 0
    output = place / "made.nq"
    for on_error in (OnError.STOP, OnError.SKIP):
        try:
            with output.open("wb") as file:
                map_to(mapping, file, base=BASE, access=access, on_error=on_error)
            break
        except KgError as error:
            note = str(error).replace(f"{place}/", "")
            if case.may_fail:
                return Outcome(Status.PASSED, note)
            if on_error is OnError.SKIP or not isinstance(error, DataError):
                return Outcome(Status.REFUSED, note)
            faulty += 1
    if case.expected is None:
        return Outcome(Status.FAILED, "it is not refused")
    found = compared(read(output, BASE), read(case.expected, BASE))
    if not faulty:
        return found
    return Outcome(Status.SKIPPED if found.status is Status.PASSED else Status.REFUSED, note)


def _prepared(case: Case, place: Path) -> Path:
    """A copy of a case, whose mapping names the files beside it; its mapping.

    :raises NotRun: if it is about values in the memory of a Python program
    """
    shutil.copytree(case.folder, place, ignore=shutil.ignore_patterns("output*", "expected*", "rmlmapperoutput*"))
    mapping = place / case.mapping
    text = _PLACE.sub("", mapping.read_text(encoding="utf-8"))
    tests = "".join(path.read_text(encoding="utf-8") for path in case.folder.glob("test_*.py"))
    if re.search(r"materialize\(config,", tests):
        raise NotRun("its source is a variable of a Python program")
    given = [name for name in _GIVEN.findall(tests) if (case.folder / name).is_file() or _above(case, name)]
    for name in _NAMED.findall(text):
        if not (place / name).exists():
            wanted = name if _above(case, name) else next(iter(given), None)
            if wanted is not None:
                shutil.copy(place / wanted if (place / wanted).exists() else case.folder.parent / wanted, place / name)
    for old in (".yarrrml", ".rml"):
        if mapping.suffix == old:
            mapping.unlink()
            mapping = mapping.with_suffix({".yarrrml": ".yml", ".rml": ".ttl"}[old])
    mapping.write_text(text, encoding="utf-8")
    return mapping


def _above(case: Case, name: str) -> bool:
    return (case.folder.parent / name).is_file()
