"""The tables of a case of R2RML, in a database of each kind."""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from rml.servers import connection_to, mariadb, postgresql

from kg.rml.mapping.access import Home

VARIABLE = "KG_SUITE_PASSWORD"
"""Of the environment: the password of the servers."""
Fill = Callable[[Path], Home]
"""Puts the tables of a case, whose script is `resource.sql` in a folder, into an empty database; how that is called."""
_BINARY = re.compile(r"VARBINARY\(\d+\)")
_HEXADECIMAL = re.compile(r"X'([0-9A-Fa-f]+)'")


def sqlite(folder: Path) -> Home:
    """The file that comes with the case, or one beside the mapping."""
    if (folder / "resource.db").is_file():
        return Home("jdbc:sqlite:resource.db")
    with closing(sqlite3.connect(folder / "made.sqlite")) as connection:
        connection.executescript(_script(folder))
    return Home("jdbc:sqlite:made.sqlite")


def _script(folder: Path) -> str:
    return (folder / "resource.sql").read_text(encoding="utf-8")


@contextmanager
def left_out(name: str) -> Iterator[None]:
    """Go on without a server that is not installed, as the tests do, and say so."""
    try:
        yield
    except pytest.skip.Exception as reason:
        print(f"{name} is left out: {reason}", file=sys.stderr)


@contextmanager
def on_postgresql() -> Iterator[Fill]:
    """A server of PostgreSQL, which calls bytes otherwise than SQL does."""
    import psycopg

    with postgresql() as port:

        def fill(folder: Path) -> Home:
            script = _HEXADECIMAL.sub(r"'\\x\1'", _BINARY.sub("BYTEA", _script(folder)))
            with connection_to(psycopg, port) as connection:
                connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; " + script)
            return Home(f"jdbc:postgresql://127.0.0.1:{port}/postgres", "tester", VARIABLE)

        yield fill


@contextmanager
def on_mariadb() -> Iterator[Fill]:
    """A server of MariaDB, which is asked as one of MySQL."""
    import pymysql
    from pymysql.constants import CLIENT

    with mariadb() as port:
        login = {"host": "127.0.0.1", "port": port, "user": "tester", "password": "secret"}

        def fill(folder: Path) -> Home:
            flag = CLIENT.MULTI_STATEMENTS
            with (
                pymysql.connect(**login, autocommit=True, client_flag=flag) as connection,
                connection.cursor() as cursor,
            ):
                start = "SET sql_mode = 'ANSI_QUOTES'; DROP DATABASE IF EXISTS facts; CREATE DATABASE facts; USE facts;"
                cursor.execute(start + _script(folder))
                while cursor.nextset():
                    pass
            return Home(f"jdbc:mysql://127.0.0.1:{port}/facts", "tester", VARIABLE)

        yield fill
