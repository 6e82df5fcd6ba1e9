"""Addresses of databases as JDBC writes them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote

from kg.errors import MappingError
from kg.rml.mapping.model import Source

_ADDRESS: Final = re.compile(
    r"jdbc:(?P<kind>[a-z]+):(?://(?P<host>\[[0-9A-Fa-f:.]+\]|[^:/?#\[\]@]*)(?::(?P<port>\d{1,5}))?/)?"
    r"(?P<name>[^/?#@]+)(?:\?(?P<more>[^#@]*))?",
    re.ASCII,
)
KINDS: Final = ("postgresql", "mysql", "mariadb")
_PORTS: Final = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306}
_SETTINGS: Final = {"postgresql": ("sslmode",), "mysql": ("sslMode",), "mariadb": ("sslMode",)}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is."""

    kind: str
    host: str
    port: int
    name: str
    tls: str | None
    """How much of TLS is asked for: `sslmode` of PostgreSQL, `sslMode` of MySQL."""


def parse_address(dsn: str) -> Address:
    """The parts of an address.

    :raises ValueError: with what is wrong, without repeating what may be a secret

    >>> parse_address("jdbc:postgresql://db.example.org/facts")
    Address(kind='postgresql', host='db.example.org', port=5432, name='facts', tls=None)
    """
    if "@" in dsn or re.search(r"[?&](?:user|password)=", dsn, re.IGNORECASE):
        raise ValueError("the address holds a user or a password: write d2rq:username and d2rq:password")
    found = _ADDRESS.fullmatch(dsn)
    if found is None or found["kind"] not in KINDS:
        raise ValueError("no address of a database: for example jdbc:postgresql://localhost:5432/name")
    kind = found["kind"]
    tls = None
    for name, value in parse_qsl(found["more"] or "", keep_blank_values=True):
        if name not in _SETTINGS[kind]:
            raise ValueError(f"the setting {name} of the address is not known: {', '.join(_SETTINGS[kind])}")
        tls = value
    host = (found["host"] or "localhost").strip("[]")
    return Address(kind, host, int(found["port"] or _PORTS[kind]), unquote(found["name"]), tls)


def password_of(source: Source) -> str | None:
    """The password, which is in the environment only.

    :raises MappingError: if the variable that the mapping names is not set
    """
    variable = source.database.password_variable if source.database is not None else None
    if variable is None:
        return None
    if variable not in os.environ:
        hint = f"export {variable} before the command"
        raise MappingError(f"the variable {variable} is not set", position=source.position, hint=hint)
    return os.environ[variable]
