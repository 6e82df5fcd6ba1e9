"""Queries that cannot run long: one triple pattern with a known end, answered in the server's own process.

A process of its own costs such a query more than its evaluation. Every permutation of a triple is an index of the
store, so each step of the evaluation gives a row, and an answer that grows past a limit is stopped by its own output.
"""

from __future__ import annotations

import re
from typing import IO, Final, cast

from pyoxigraph import Store

from kg.sparql.texts import matters
from server.engine.evaluation import Request, write_answer

LARGEST: Final = 1 << 16
"""An answer with more bytes is left to a worker process."""
_LONGEST: Final = 4096

_SPACE: Final = r"[ \t\r\n]*+"
_GAP: Final = r"[ \t\r\n]++"
_IRI: Final = r"(?:<[^<>\"{}|^`\\\x00-\x20]*>|[A-Za-z][\w-]*:[A-Za-z0-9][\w-]*)"
_VARIABLE: Final = r"[?$][A-Za-z]\w*"
_LITERAL: Final = rf'"[^"\\\r\n]*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^{_IRI})?'
_PREFIX: Final = rf"(?:(?i:PREFIX){_GAP}[A-Za-z][\w-]*:{_SPACE}<[^<>\"{{}}|^`\\\x00-\x20]*>{_SPACE})*+"
_HEAD: Final = rf"(?:(?i:ASK)|(?i:SELECT)(?:(?:{_GAP}{_VARIABLE})++|{_SPACE}\*))(?:{_SPACE}(?i:WHERE))?+"
_TRIPLE: Final = (
    rf"(?P<s>{_IRI}|{_VARIABLE}){_GAP}(?P<p>{_IRI}|{_VARIABLE}|a){_GAP}(?P<o>{_IRI}|{_VARIABLE}|{_LITERAL})"
)
_PATTERN: Final = re.compile(
    rf"{_SPACE}{_PREFIX}{_HEAD}{_SPACE}\{{{_SPACE}{_TRIPLE}{_SPACE}\.?{_SPACE}\}}{_SPACE}(?:(?i:LIMIT){_GAP}\d++{_SPACE})?",
    re.ASCII,
)
_DESCRIBE: Final = re.compile(rf"{_SPACE}{_PREFIX}(?i:DESCRIBE){_SPACE}{_IRI}{_SPACE}")


def is_lookup(text: str) -> bool:
    """Whether the query is one triple pattern with a constant subject or object, or describes one IRI.

    Only the plainest spelling is known; a query of another spelling is no lookup, whatever it means. A search in texts
    is none.

    >>> is_lookup("SELECT ?l { <urn:a> <urn:b> ?l }")
    True
    >>> is_lookup("SELECT * { ?s <urn:b> ?o }")
    False
    """
    if len(text) > _LONGEST or matters(text):
        return False
    found = _PATTERN.fullmatch(text)
    if found is None:
        return _DESCRIBE.fullmatch(text) is not None
    variables = [term for term in found.group("s", "p", "o") if term[0] in "?$"]
    constant = found["s"][0] not in "?$" or found["o"][0] not in "?$"
    # A variable that comes twice is a filter: rows could be passed over without an end.
    return constant and len({term[1:] for term in variables}) == len(variables)


class _Full(Exception):
    """The answer is larger than is given here."""


class _Output:
    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self.size > LARGEST:
            raise _Full
        self.pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Everything is kept anyway."""


def look_up(store: Store, request: Request) -> bytes | None:
    """The answer to a lookup; None if it is larger than `LARGEST`, or fails, which a worker then has to explain."""
    output = _Output()
    try:
        write_answer(store, request, cast("IO[bytes]", output))
    except (_Full, SyntaxError, OSError, RuntimeError, ValueError):
        return None
    return b"".join(output.pieces)
