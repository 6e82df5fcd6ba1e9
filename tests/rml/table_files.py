"""Small files of tables that know their types, made for a test."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from rml.mappings import file_source, one_map

duckdb = pytest.importorskip("duckdb", reason="the extra zellige[tables] is not installed")
openpyxl = pytest.importorskip("openpyxl", reason="the extra zellige[tables] is not installed")


def workbook(folder: Path, sheets: dict[str, list[list[object]]], name: str = "t.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def sheet_map(folder: Path, references: list[str], sheet: str | None = None, subject: str = "http://e/{i}") -> Path:
    return one_map(folder, file_source("t.xlsx", "rml:SQL2008Table", sheet), subject, references)


def in_duckdb(folder: Path, *statements: str, name: str = "t.duckdb") -> Path:
    path = folder / name
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return path


def parquet(folder: Path, query: str, name: str = "t.parquet") -> Path:
    path = folder / name
    with duckdb.connect() as connection:
        connection.execute(f"SET TimeZone = 'UTC'; COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def in_sqlite(folder: Path, script: str, name: str = "t.sqlite") -> Path:
    path = folder / name
    with sqlite3.connect(path) as connection:
        connection.executescript(script)
    connection.close()
    return path
