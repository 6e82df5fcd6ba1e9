"""The made graph: people, ten statements for each, the same bytes every time; and the stores that hold it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

EX: Final = "http://bench.example/"
PEOPLE: Final = 100_000
ORGANISATIONS: Final = 1_000
COUNTRIES: Final = 20
RELEASE: Final = "00000000000be4c4"
"""The id of the release that the made graph is."""

_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_KINDS: Final = {
    **{EX + name: [kind] for name, kind in (("age", "integer"), ("mail", "string"), ("since", "date"))},
    **{EX + name: ["iri"] for name in ("country", "knows", "worksFor")},
    _LABEL: ["string"],
    _TYPE: ["iri"],
}
"""What the manifest states of the values of each property."""
_GIVEN: Final = ("Amina", "Brahim", "Chaima", "Driss", "Fatima", "Hassan", "Idriss", "Khadija", "Mehdi", "Salma")
_FAMILY: Final = ("Alaoui", "Benali", "Cherkaoui", "El Fassi", "Idrissi", "Lahlou", "Mansouri", "Naciri", "Tazi")
_PACE: Final = 2_654_435_761
"""Knuth's multiplier: consecutive numbers are strewn over the whole range."""


def scattered(number: int, size: int) -> int:
    """A number below `size` that looks as if drawn by chance, the same every time.

    >>> [scattered(n, 100) for n in range(4)]
    [0, 61, 26, 87]
    """
    return (number * _PACE) % 2**32 % size


def statements(people: int = PEOPLE) -> Iterator[str]:
    """The statements as N-Triples lines, ten for each person."""
    for number in range(people):
        person = f"<{EX}person/{number}>"
        name = f"{_GIVEN[scattered(number, len(_GIVEN))]} {_FAMILY[scattered(number + 7, len(_FAMILY))]} {number}"
        yield f"{person} <{_TYPE}> <{EX}Person> .\n"
        yield f'{person} <{_LABEL}> "{name}" .\n'
        yield f'{person} <{EX}age> "{18 + scattered(number + 3, 60)}"^^<{_XSD}integer> .\n'
        yield f"{person} <{EX}country> <{EX}country/{scattered(number + 1, COUNTRIES)}> .\n"
        yield f"{person} <{EX}worksFor> <{EX}organisation/{number % ORGANISATIONS}> .\n"
        yield f'{person} <{EX}mail> "person{number}@bench.example" .\n'
        year = 1990 + scattered(number + 5, 35)
        yield f'{person} <{EX}since> "{year}-{1 + number % 12:02d}-{1 + number % 28:02d}"^^<{_XSD}date> .\n'
        for step in (1, 2, 3):
            yield f"{person} <{EX}knows> <{EX}person/{scattered(number * 3 + step, people)}> .\n"


def prepare(folder: Path, people: int = PEOPLE) -> Path:
    """Make graph.nt and a folder of releases in `folder`, unless they are there; gives the folder of the store."""
    home = folder / f"graph-{people}"
    if not (home / "releases" / "current").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        with (home / "graph.nt").open("w", encoding="ascii") as file:
            file.writelines(statements(people))
        release = home / "releases" / RELEASE
        release.mkdir(parents=True)
        write_store(home / "graph.nt", release / "store")
        (home / "releases" / "current").symlink_to(RELEASE)
    release = home / "releases" / RELEASE
    manifest = {"id": RELEASE, "base": EX, "title": {"en": "Made people"}, "counts": {"quads": 10 * people}}
    (release / "manifest.json").write_text(json.dumps({**manifest, "kinds": _KINDS}), encoding="utf-8")
    return release / "store"


def write_store(file: Path, folder: Path) -> None:
    """Load a file of N-Triples into a new store on disk."""
    store = ox.Store(folder)
    store.bulk_load(path=os.fspath(file), format=ox.RdfFormat.N_TRIPLES)
    store.flush()
    store.optimize()
