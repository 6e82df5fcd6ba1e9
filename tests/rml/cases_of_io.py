"""What cases of RML-IO need beside a run: a database in the place of theirs, and a reader of RDF/JSON."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox


def rdf_json(document: dict[str, dict[str, list[dict[str, object]]]]) -> Iterator[ox.Quad]:
    """The statements of a document in RDF/JSON whose objects are literals."""
    for subject, said in document.items():
        for predicate, objects in said.items():
            for one in objects:
                assert one["type"] == "literal"
                # The suite writes numbers as those of JSON, which its format does not know.
                kind = one.get("datatype") or ("integer" if isinstance(one["value"], int) else None)
                local = str(kind).rpartition("#")[2]
                datatype = ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{local}") if kind else None
                made = ox.Literal(str(one["value"]), datatype=datatype)
                yield ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), made)


def with_database(folder: Path, place: Path) -> Path:
    """The mapping of the case with a database, which is here a file of SQLite."""
    text = (folder / "mapping.ttl").read_text(encoding="utf-8")
    text = (
        text.replace("$CONNECTIONDSN", "jdbc:sqlite:friends.sqlite").replace("$USERNAME", "").replace("$PASSWORD", "")
    )
    (place / "mapping.ttl").write_text(text, encoding="utf-8")
    with sqlite3.connect(place / "friends.sqlite") as database:
        database.execute("CREATE TABLE Friends (id INTEGER, name TEXT, age INTEGER)")
        rows = csv.reader((folder / "Friends.csv").read_text(encoding="utf-8").splitlines()[1:])
        database.executemany("INSERT INTO Friends VALUES (?, ?, ?)", rows)
    database.close()
    return place / "mapping.ttl"
