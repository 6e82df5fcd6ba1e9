"""Whatever bytes a source has: a mapping of it ends well, or with an error of ours."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import tarfile
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rml.mappings import file_source, one_map

from kg.errors import KgError, Problem
from kg.rml import Access, Limits, map_to

duckdb = pytest.importorskip("duckdb", reason="the extra zellige[tables] is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="the extra zellige[tables] is not installed")
ROWS = [(i, f"سد {i}", i / 4) for i in range(60)]
SOURCES = {
    "t.csv": ("rml:CSV", None),
    "t.csv.gz": ("rml:CSV", None),
    "t.csv.bz2": ("rml:CSV", None),
    "t.csv.xz": ("rml:CSV", None),
    "t.csv.zip": ("rml:CSV", None),
    "t.csv.tar.gz": ("rml:CSV", None),
    "t.json": ("rml:JSONPath", "$[*]"),
    "t.jsonl": ("rml:JSONPath", "$"),
    "t.xml": ("rml:XPath", "/r/x"),
    "u.xml": ("rml:XPath", "//x"),
    "t.xlsx": ("rml:SQL2008Table", None),
    "t.parquet": ("rml:SQL2008Table", None),
    "t.sqlite": ("rml:SQL2008Table", "t"),
    "t.duckdb": ("rml:SQL2008Table", "t"),
}


@cache
def contents() -> dict[str, bytes]:
    """A sound source of every kind."""
    table = "i,a,b\n" + "".join(f"{i},{a},{b}\n" for i, a, b in ROWS)
    plain = table.encode()
    xml = ("<r>" + "".join(f"<x i='{i}' a='{a}' b='{b}'>\n</x>" for i, a, b in ROWS) + "</r>").encode()
    records = [{"i": i, "a": a, "b": b} for i, a, b in ROWS]
    made = {
        "t.csv": plain,
        "t.csv.gz": gzip.compress(plain, mtime=0),
        "t.csv.bz2": bz2.compress(plain),
        "t.csv.xz": lzma.compress(plain),
        "t.json": json.dumps(records).encode(),
        "t.jsonl": "\n".join(map(json.dumps, records)).encode(),
        "t.xml": xml,
        "u.xml": b'<?xml version="1.0"?><!DOCTYPE r [<!ATTLIST x k CDATA "d">]>' + xml,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "t.csv").write_bytes(plain)
        with zipfile.ZipFile(folder / "t.csv.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(folder / "t.csv", "t.csv")
        with tarfile.open(folder / "t.csv.tar.gz", "w:gz") as tar:
            tar.add(folder / "t.csv", "t.csv")
        with sqlite3.connect(folder / "t.sqlite") as connection:
            connection.execute("CREATE TABLE t (i, a, b)")
            connection.executemany("INSERT INTO t VALUES (?, ?, ?)", ROWS)
        connection.close()
        with duckdb.connect(str(folder / "t.duckdb")) as other:
            other.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{folder / 't.csv'}')")
            other.execute(f"COPY t TO '{folder / 't.parquet'}' (FORMAT parquet)")
        book = openpyxl.Workbook()
        for row in (("i", "a", "b"), *ROWS):
            book.active.append(row)
        book.save(folder / "t.xlsx")
        made |= {path.name: path.read_bytes() for path in folder.iterdir() if path.name in SOURCES}
    return made


@st.composite
def damages(draw: st.DrawFn, content: bytes) -> bytes:
    """A content that was cut, or of which some bytes were changed, doubled or taken away."""
    made = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(made) - 1, 0)))
        how = draw(st.sampled_from(["change", "change", "cut", "double", "remove", "insert"]))
        if how == "change" and made:
            made[at] = draw(st.integers(0, 255))
        elif how == "cut":
            del made[at:]
        elif how == "double":
            made[at:at] = made[at : at + draw(st.integers(1, 200))]
        elif how == "remove":
            del made[at : at + draw(st.integers(1, 50))]
        else:
            made[at:at] = draw(st.binary(max_size=8))
    return bytes(made)


@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_damage_is_told(name: str, data: st.DataObject) -> None:
    formulation, iterator = SOURCES[name]
    prefix = {"rml:JSONPath": "$.", "rml:XPath": "@"}.get(formulation, "")
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data.draw(damages(contents()[name])))
        source = file_source(name, formulation, iterator)
        mapping = one_map(Path(folder), source, f"http://e/{{{prefix}i}}", [f"{prefix}a", f"{prefix}b"])
        problems = problems_of(mapping)
    assert problems is None or (problems and all(problem.position for problem in problems))


def problems_of(mapping: Path) -> tuple[Problem, ...] | None:
    """What is told when a mapping fails."""
    try:
        map_to(mapping, io.BytesIO(), access=Access(Limits(document=1 << 20)))
    except KgError as error:
        return error.problems
    return None
