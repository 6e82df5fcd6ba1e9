"""Queries that cannot run long: one triple pattern with a known end, answered in the server's own process.

A process of its own costs such a query more than its evaluation. Every permutation of a triple is an index of the
store, so each step of the evaluation gives a row, and an answer that grows past a limit is stopped by its own output.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import IO, Final, cast

from pyoxigraph import Store

from kg.sparql.texts import matters
from server.engine.evaluation import Request, write_answer, write_plainly

LARGEST: Final = 1 << 16
"""An answer with more bytes is left to a worker process."""
_LONGEST: Final = 4096

_SPACE: Final = r"[ \t\r\n]*+"
_GAP: Final = r"[ \t\r\n]++"
_IRI: Final = r"(?:<[^<>\"{}|^`\\\x00-\x20]*>|[A-Za-z][\w-]*:[A-Za-z0-9][\w-]*)"
_VARIABLE: Final = r"[?$][A-Za-z]\w*"
_LITERAL: Final = rf'"[^"\\\r\n]*"(?:@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^{_IRI})?'
_PREFIX: Final = rf"(?:(?i:PREFIX){_GAP}[A-Za-z][\w-]*:{_SPACE}<[^<>\"{{}}|^`\\\x00-\x20]*>{_SPACE})*+"
_HEAD: Final = rf"(?:(?i:ASK)|(?i:SELECT)(?:(?:{_GAP}{_VARIABLE})++|{_SPACE}(?P<all>\*)))(?:{_SPACE}(?i:WHERE))?+"
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
    return _listed(text) is not None


@lru_cache(16)
def _listed(text: str) -> str | None:
    """A lookup whose columns are written out, for the engine sorts those of `*`; None for every other query.

    The same text is asked for by the front and by the engine.

    >>> _listed("SELECT*{ ?s ?p <urn:a> }")
    'SELECT ?s ?p { ?s ?p <urn:a> }'
    """
    if len(text) > _LONGEST or matters(text):
        return None
    found = _PATTERN.fullmatch(text)
    if found is None:
        return None if _DESCRIBE.fullmatch(text) is None else text
    terms = found.group("s", "p", "o")
    variables = [term for term in terms if term[0] in "?$"]
    # A variable that comes twice is a filter: rows could be passed over without an end.
    if len({term[1:] for term in variables}) < len(variables) or (terms[0] in variables and terms[2] in variables):
        return None
    if found["all"] is None or not variables:
        return text
    return f"{text[: found.start('all')]} {' '.join(variables)} {text[found.end('all') :].lstrip()}"


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
    """The answer to a lookup; None for any other query, for an answer larger than `LARGEST`, and for a failure.

    A worker then has to answer, or to explain.
    """
    text = _listed(request.text)
    if text is None:
        return None
    # Of several graphs the default graph is their merge, which is a matter of rewriting; no other rule is of any.
    write = write_answer if len(request.joined) > 1 else write_plainly
    output = _Output()
    try:
        write(store, request if text == request.text else replace(request, text=text), cast("IO[bytes]", output))
    except (_Full, SyntaxError, OSError, RuntimeError, ValueError):
        return None
    return b"".join(output.pieces)
