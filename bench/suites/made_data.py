"""Small data for a mapping that brings none: a file or a table for each of its sources, with what it refers to."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from lxml import etree
from pyoxigraph import BlankNode, Literal, NamedNode

from kg.rml.mapping.statements import Statement

RML: Final = "http://w3id.org/rml/"
ROWS: Final = 4
_BRACES: Final = re.compile(r"(?<!\\)\{((?:[^{}\\]|\\.)+)\}")
_STEP: Final = re.compile(r"\.?([^.\[\]']+)|\['([^']+)'\]|(\[[*\d]+\])")
_FROM: Final = re.compile(r'\bfrom\s+"?(\w+)"?', re.IGNORECASE)
_SAMPLES: Final = {
    "end_date": "2001-01-02T03:04:05",
    "issuedate": "2001-01-02",
    "score": "7",
    "year": "2001",
    "month": "01",
    "day": "02",
    "lang": "en",
}
"""What stands in columns whose names say of what kind they are."""
Node = NamedNode | BlankNode | Literal


@dataclass
class Wanted:
    """What one source must have."""

    formulation: str
    iterator: str
    references: set[str] = field(default_factory=set)


class Needs:
    """The sources of a mapping by their paths, with every reference to them."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._said: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for one in statements:
            self._said[one.subject][one.predicate.value.removeprefix(RML)].append(one.object)
        self.wanted: dict[tuple[str, str], Wanted] = {}
        self.constants = sorted({text for text in self._constants() if re.fullmatch(r"\w{1,12}", text)})
        maps = [node for node, said in self._said.items() if "logicalSource" in said and "subjectMap" in said]
        maps += [node for node, said in self._said.items() if "logicalSource" in said and "subject" in said]
        for node in maps:
            self._map(node)

    def _constants(self) -> Iterator[str]:
        for said in self._said.values():
            for one in (*said["inputValue"], *said["constant"]):
                if isinstance(one, Literal):
                    yield one.value

    def _one(self, node: Any, name: str, default: str = "") -> str:
        found = self._said[node][name]
        return found[0].value if found else default

    def of(self, node: Any) -> Wanted:
        """What the source of a triples map must have."""
        source = self._said[node]["logicalSource"][0]
        place = self._said[source]["source"][0]
        path = self._one(place, "path") or "database"
        iterator = self._one(source, "iterator")
        formulation = self._said[source]["referenceFormulation"]
        kind = formulation[0].value.removeprefix(RML) if formulation else "CSV"
        return self.wanted.setdefault((path, iterator), Wanted(kind, iterator))

    def _map(self, node: Any) -> None:
        wanted = self.of(node)
        for name in ("subjectMap", "predicateObjectMap", "condition"):
            for one in self._said[node][name]:
                wanted.references |= set(self._references(one, node, set()))

    def _references(self, node: Any, owner: Any, seen: set[Any]) -> Iterator[str]:
        if node in seen or isinstance(node, Literal):
            return
        seen.add(node)
        for name, objects in list(self._said[node].items()):
            for one in objects:
                if name in {"reference", "child"}:
                    yield one.value
                elif name == "template":
                    yield from (re.sub(r"\\(.)", r"\1", found) for found in _BRACES.findall(one.value))
                elif name == "joinCondition":
                    yield from self._join(node, one, owner)
                elif name not in {"parentTriplesMap", "logicalSource"} and one in self._said:
                    yield from self._references(one, owner, seen)

    def _join(self, node: Any, condition: Any, owner: Any) -> Iterator[str]:
        other = self.of(self._said[node]["parentTriplesMap"][0])
        other.references |= {one.value for one in self._said[condition]["parent"]}
        for one in self._said[condition]["parentMap"]:
            other.references |= set(self._references(one, owner, set()))
        yield from (one.value for one in self._said[condition]["child"])
        for one in self._said[condition]["childMap"]:
            yield from self._references(one, owner, set())


def write(folder: Path, readings: Iterable[Iterable[Statement]]) -> None:
    """Write every file that is absent, with all that several mappings of it refer to.

    :raises ValueError: if a source is of a kind that no data are made for
    """
    by_path: dict[str, dict[str, Wanted]] = defaultdict(dict)
    constants: set[str] = set()
    for needs in map(Needs, readings):
        constants |= set(needs.constants)
        for (path, iterator), wanted in needs.wanted.items():
            known = by_path[path].setdefault(iterator, wanted)
            known.references |= wanted.references
    for path, some in by_path.items():
        place = folder / path
        if place.exists():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        for one in some.values():
            one.references |= set() if one.references else {"id"}
        _written(place, list(some.values()), sorted(constants))


def _written(place: Path, some: list[Wanted], constants: list[str]) -> None:
    match some[0].formulation:
        case "CSV":
            _csv(place, some, constants)
        case "JSONPath":
            _json(place, some, constants)
        case "XPath" | "XPathReferenceFormulation":
            _xml(place, some, constants)
        case "SQL2008Table" | "SQL2008Query":
            _tables(place.parent / "made.sqlite", some, constants)
        case kind:
            raise ValueError(f"no data are made for {kind}")


def _value(reference: str, row: int, number: int, constants: list[str]) -> str:
    name = re.findall(r"\w+", reference)[-1].lower() if re.findall(r"\w+", reference) else reference
    for part, sample in _SAMPLES.items():
        if part in name:
            return sample
    pool = [*constants, "v1", "v2"]
    return pool[(row + number) % len(pool)]


def _rows(references: list[str], constants: list[str]) -> list[list[str]]:
    return [
        [_value(r, row, n % 2, constants) for n, r in enumerate(references)] for row in range(ROWS + len(constants))
    ]


def _csv(place: Path, some: list[Wanted], constants: list[str]) -> None:
    references = sorted({reference for one in some for reference in one.references})
    with place.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([references, *_rows(references, constants)])


def _tables(place: Path, some: list[Wanted], constants: list[str]) -> None:
    with closing(sqlite3.connect(place)) as connection:
        for one in some:
            found = _FROM.search(one.iterator)
            table = found[1] if found else one.iterator.strip('"')
            names = ", ".join(f'"{reference}"' for reference in sorted(one.references))
            connection.execute(f'CREATE TABLE IF NOT EXISTS "{table}" ({names})')
            marks = ", ".join("?" * len(one.references))
            connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', _rows(sorted(one.references), constants))
        connection.commit()


def _within(steps: list[str], record: dict[str, Any]) -> dict[str, Any]:
    """A record at the end of a path of members."""
    for step in reversed(steps):
        record = {step: record}
    return record


def _steps(path: str) -> list[str]:
    return [a or b or c for a, b, c in _STEP.findall(path.lstrip("$"))]


def _put(record: dict[str, Any], steps: list[str], value: Any) -> None:
    """A value at the end of a path of members and lists."""
    here: Any = record
    for step, after in zip(steps, [*steps[1:], ""], strict=True):
        if step.startswith("["):
            continue
        if not after:
            here[step] = value
        elif after.startswith("["):
            following = steps[steps.index(step) + 2 : steps.index(step) + 3]
            if not following:
                here[step] = [value]
                return
            here.setdefault(step, [{}])
            here = here[step][0]
        else:
            here = here.setdefault(step, {})


def _json(place: Path, some: list[Wanted], constants: list[str]) -> None:
    root: Any = {}
    for one in some:
        records = []
        for row in range(ROWS + len(constants)):
            record: dict[str, Any] = {}
            for number, reference in enumerate(sorted(one.references)):
                _put(record, _steps(reference), _value(reference, row, number % 2, constants))
            records.append(record)
        steps = _steps(one.iterator)
        is_list = bool(steps) and steps[-1].startswith("[")
        if not steps:
            root = records[0]
        elif steps[0].startswith("["):
            root = [_within(steps[1:], record) for record in records]
        else:
            _put(root, steps[:-1] if is_list else steps, records if is_list else records[0])
    place.write_text(json.dumps(root), encoding="utf-8")


def _xml(place: Path, some: list[Wanted], constants: list[str]) -> None:
    first = [step for step in some[0].iterator.split("/") if step]
    root = etree.Element(first[0])
    for one in some:
        above = [step for step in one.iterator.split("/") if step][1:]
        for row in range(ROWS + len(constants)):
            here = root
            for step in above[:-1]:
                found = here.find(step)
                here = found if found is not None else etree.SubElement(here, step)
            here = etree.SubElement(here, above[-1]) if above else root
            for number, reference in enumerate(sorted(one.references)):
                _put_xml(here, reference, _value(reference, row, number % 2, constants))
    etree.ElementTree(root).write(str(place))


def _put_xml(here: Any, reference: str, value: str) -> None:
    for step in reference.split("/"):
        if step == "..":
            here = here.getparent()
        elif step.startswith("@"):
            here.set(step[1:], value)
            return
        elif step == "text()":
            break
        elif step not in {"", "."}:
            found = here.find(step)
            here = found if found is not None else etree.SubElement(here, step)
    here.text = value
