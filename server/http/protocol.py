"""The SPARQL 1.1 Protocol without any web framework: from the parts of a request to what it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import unquote_to_bytes

from kg.errors import Problem
from kg.sparql.dataset import VIEWS
from server.engine import Dataset

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"

_BAD_PERCENT: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SECONDS: Final = re.compile(r"\d{1,9}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GRAPHS: Final = ("default-graph-uri", "named-graph-uri")
_UNION: Final = "union-default-graph"
"""What Oxigraph's own server calls the parameter that asks for all graphs as one."""
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^<>\"{}|^`\\\x00-\x20]*")
_LONGEST: Final = 999_999_999
_CHARSET: Final = re.compile(r"\s*charset\s*=\s*\"?([^\";\s]+)", re.IGNORECASE)


class ProtocolError(Exception):
    """A request that the protocol does not allow: `status` is the answer's HTTP status."""

    def __init__(self, status: int, problem: Problem) -> None:
        super().__init__(problem.message)
        self.status, self.problem = status, problem


@dataclass(frozen=True, slots=True)
class Operation:
    """One query operation."""

    query: str
    dataset: Dataset
    format: str | None = None
    timeout: float | None = None
    """Seconds, above 0; the server's own deadline may be shorter."""
    receipt: bool = False
    """Whether results in JSON are to hold what the query has cost elsewhere."""
    explain: bool = False
    """Whether it is to be told how the answer comes about, in place of the answer."""
    collation: str | None = None
    """The language whose order of texts ORDER BY keeps, by its tag; None for that of code points."""


def parse_form(raw: bytes) -> tuple[tuple[str, str], ...]:
    """The pairs of a query string or of a form body, each part decoded exactly once.

    :raises ProtocolError: 400 if a percent sign begins no escape or the bytes are not UTF-8

    >>> parse_form(b"query=ASK+%7B%7D&x=%252B")
    (('query', 'ASK {}'), ('x', '%2B'))
    """
    pairs = []
    for part in raw.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            pairs.append((_decoded(name), _decoded(value)))
    return tuple(pairs)


def _decoded(raw: bytes) -> str:
    bad = _BAD_PERCENT.search(raw)
    if bad:
        shown = raw[bad.start() : bad.start() + 3].decode("ascii", "backslashreplace")
        raise _bad("percent-encoding", f"{shown!r} is no percent-encoded byte", "write a percent sign as %25")
    return _utf8(unquote_to_bytes(raw.replace(b"+", b" ")), "a parameter")


def _utf8(octets: bytes, what: str) -> str:
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad("not-utf-8", f"{what} is not UTF-8: byte {error.start}") from None


def _bad(code: str, message: str, hint: str | None = None, status: int = 400) -> ProtocolError:
    return ProtocolError(status, Problem(code, message, hint=hint))


def check_coding(content_encoding: str) -> None:
    """The body of a request is as it is: no content coding is understood (RFC 9110, section 8.4).

    :raises ProtocolError: 415 if it has one

    >>> check_coding("identity")
    >>> check_coding("gzip")
    Traceback (most recent call last):
    ...
    server.http.protocol.ProtocolError: the content coding 'gzip' is not accepted
    """
    for coding in content_encoding.split(","):
        if coding.strip().lower() not in {"", "identity"}:
            message = f"the content coding {coding.strip()[:40]!r} is not accepted"
            raise _bad("content-encoding", message, "send the body as it is", status=415)


def read_operation(method: str, query_string: bytes, content_type: str, body: bytes) -> Operation | None:
    """What a request asks for; None for a GET without a query, which asks for the service description.

    The three ways of section 2.1 are taken: GET, POST of a form, POST of the query itself. A POST whose body is
    empty and whose URL holds the query is taken too, whatever type it states: clients in use send it.

    :raises ProtocolError: with the HTTP status that says what is wrong
    """
    if method != "POST":
        return _of_url(query_string)
    return _operation(method, parse_form(query_string), content_type, body)


@lru_cache(16)
def _of_url(query_string: bytes) -> Operation | None:
    """What a URL asks for: a request that turns out to be no lookup is read a second time, from its beginning."""
    return _operation("GET", parse_form(query_string), "", b"")


def _operation(method: str, pairs: tuple[tuple[str, str], ...], content_type: str, body: bytes) -> Operation | None:
    text = None
    if method == "POST":
        media_type, _, parameters = content_type.partition(";")
        media_type = media_type.strip().lower()
        if body or not any(name in {"query", "update"} for name, _ in pairs):
            _check_charset(parameters)
            text, more = _body(media_type, body)
            pairs += more
    _refuse_update(pairs)
    dataset, timeout, receipt = read_dataset(pairs), read_timeout(pairs), read_choice(pairs, "receipt")
    told, collation = read_choice(pairs, "explain"), read_collation(pairs)
    queries = [value for name, value in pairs if name == "query"] + ([] if text is None else [text])
    if len(queries) > 1:
        raise _bad("many-queries", f"{len(queries)} queries in one request", "send one query")
    if not queries:
        if method == "POST":
            raise _bad("no-query", "the request holds no query", "send it as the parameter 'query'")
        return None
    return Operation(queries[0], dataset, read_format(pairs), timeout, receipt, told, collation)


def read_format(pairs: Iterable[tuple[str, str]]) -> str | None:
    """The format that the parameter `format` asks for, if it is there.

    :raises ProtocolError: 400 if it asks for several
    """
    given = {value for name, value in pairs if name == "format" and value}
    if len(given) > 1:
        raise _bad("parameter", f"{len(given)} formats are asked for in one request", "ask for one format")
    return next(iter(given), None)


def read_timeout(pairs: Iterable[tuple[str, str]]) -> float | None:
    """The seconds that the parameter `timeout` allows, if it is there.

    :raises ProtocolError: 400 if it is no number above 0
    """
    given = [value for name, value in pairs if name == "timeout" and value]
    for text in given:
        if not _SECONDS.fullmatch(text) or not 0 < float(text) <= _LONGEST:
            raise _bad("timeout", f"the timeout {text[:40]!r} is no number of seconds above 0", "send timeout=5")
    return min(map(float, given), default=None)


def read_choice(pairs: Iterable[tuple[str, str]], wanted: str) -> bool:
    """Whether the parameter `wanted` is true; it is false where it is not there.

    :raises ProtocolError: 400 if it is neither; the code is its name
    """
    given = [value for name, value in pairs if name == wanted]
    for text in given:
        if text not in {"true", "false"}:
            message = f"the {wanted} {text[:40]!r} is neither true nor false"
            raise _bad(wanted, message, f"send {wanted}=true")
    return "true" in given


def read_collation(pairs: Iterable[tuple[str, str]]) -> str | None:
    """The language that the parameter `collation` names, if it is there.

    :raises ProtocolError: 400 if there are several, or there is no order of texts for it; the code is `collation`
    """
    given = {value for name, value in pairs if name == "collation" and value}
    if not given:
        return None
    if len(given) > 1:
        raise _bad("collation", f"{len(given)} collations in one request", "send one collation")
    # What sorts texts is loaded where one is asked for.
    from kg.sparql.repair.functions.collation import CollationUnknown, sort_key

    (language,) = given
    try:
        sort_key(language)
    except CollationUnknown as error:
        raise _bad("collation", str(error), "send the tag of a language, as in collation=ar") from None
    return language


def _body(media_type: str, body: bytes) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    if media_type == FORM:
        return None, parse_form(body)
    if media_type == QUERY:
        return _utf8(body, "the query"), ()
    if media_type == _UPDATE:
        raise _no_update()
    stated = f"the media type {media_type!r}" if media_type else "a body without a media type"
    raise _bad("media-type", f"{stated} is not accepted", f"send {QUERY} or {FORM}", status=415)


def _check_charset(parameters: str) -> None:
    for parameter in parameters.split(";"):
        found = _CHARSET.match(parameter)
        if found and found[1].lower() not in {"utf-8", "utf8"}:
            raise _bad("charset", f"the charset {found[1]!r} is not accepted", "send UTF-8")


def _refuse_update(pairs: Iterable[tuple[str, str]]) -> None:
    if any(name == "update" for name, _ in pairs):
        raise _no_update()


def _no_update() -> ProtocolError:
    return _bad("no-update", "updates are refused: this endpoint only answers queries", status=403)


def read_dataset(pairs: Iterable[tuple[str, str]]) -> Dataset:
    """The graphs that a request names (SPARQL 1.1 Protocol, section 2.1.4), or its view; an empty value names none.

    :raises ProtocolError: 400 if a graph is named by no absolute IRI, or a view by no name, or both are asked for
    """
    pairs = tuple(pairs)
    given = tuple((name, value) for name, value in pairs if name in _GRAPHS and value)
    for name, value in given:
        if not _ABSOLUTE.fullmatch(value):
            raise _bad("parameter", f"the {name} {value[:80]!r} is no absolute IRI")
    view = _read_view(pairs)
    if view is not None and given:
        raise _bad("view", "the request names graphs and a view", "name graphs, or a view")
    default, named = (tuple(value for name, value in given if name == wanted) for wanted in _GRAPHS)
    return Dataset(default, named, view)


def _read_view(pairs: Iterable[tuple[str, str]]) -> str | None:
    given = {
        "everything" if name == _UNION else value
        for name, value in pairs
        if (name == "view" and value) or name == _UNION
    }
    for name in given:
        if name not in VIEWS:
            raise _bad("view", f"there is no view {name[:40]!r}", f"ask for {', '.join(VIEWS)}")
    if len(given) > 1:
        raise _bad("view", f"{len(given)} views are asked for in one request", "ask for one view")
    return next(iter(given), None)
