"""What an answer to a mutant must be: right for its media type, or an error that has a name."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from rig.wire import Answer

_ENGINE: Final = "engine-failed"
"""The one code that a status of 500 may have."""
_PROBLEMS: Final = ("application/problem+json", "application/json")
_LONGEST: Final = 1 << 30
_UNFORESEEN: Final = "the server failed on this request"
"""What is told of a fault of the server itself."""
_MARKUP: Final = re.compile(r"(?s)<head>.*?</head>|<textarea.*?</textarea>|<[^>]*>")
_UNNAMED: Final = "(told as text or a page)"


class Fault(ValueError):
    """An answer that must not be."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is: its status and, for an error, its first code and its words."""

    status: int
    code: str = ""
    words: str = ""


@contextmanager
def long_fields() -> Iterator[None]:
    """Let a field of CSV be as long as an answer until the block ends; the limit is one for the whole process."""
    before = csv.field_size_limit(_LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def judge(answer: Answer, codes: Collection[str]) -> Verdict:
    """What the answer is; `codes` are the names of errors that the server's interface tells of.

    :raises Fault: if a success does not parse as what it says it is, or an error has no name
    """
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status == HTTPStatus.OK:
        read = _READERS.get(media_type)
        if read is None:
            raise Fault(f"200 of the media type {media_type!r}")
        try:
            read(answer.body)
        except (ValueError, SyntaxError, KeyError, TypeError, csv.Error) as error:
            raise Fault(f"200 that is no {media_type}: {error}") from None
        return Verdict(answer.status)
    if answer.status < HTTPStatus.BAD_REQUEST:
        raise Fault(f"status {answer.status}")
    return _error(answer, media_type, codes)


def _error(answer: Answer, media_type: str, codes: Collection[str]) -> Verdict:
    try:
        text = answer.body.decode("utf-8")
        if media_type not in _PROBLEMS:
            if media_type not in {"text/plain", "text/html"} or not text.strip():
                raise Fault(f"{answer.status} of the media type {media_type!r}, {len(text)} characters")
            if _UNFORESEEN in text:
                raise Fault(f"{answer.status}: {_UNFORESEEN}")
            return Verdict(answer.status, _UNNAMED, _words(text))
        problem = json.loads(text)
        named = [error["code"] for error in problem["errors"]]
        told, meant = (problem["status"], problem["type"].rpartition("/")[2]), (answer.status, named[0])
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise Fault(f"{answer.status} that is no problem: {error}") from None
    if told != meant or not set(named) <= set(codes):
        raise Fault(f"{answer.status} of the codes {named}, told as {told}")
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR and named[0] != _ENGINE:
        raise Fault(f"500 of the code {named[0]}: {problem['detail']}")
    return Verdict(answer.status, named[0], problem["detail"])


def _words(text: str) -> str:
    """What a page or a text says, without its markup and without the query.

    >>> _words("<html><head><title>x</title></head><p>it failed</p>")
    'it failed'
    """
    return " ".join(html.unescape(_MARKUP.sub(" ", text)).split())


def _json(body: bytes) -> None:
    found = json.loads(body, parse_constant=_no_constant)
    if isinstance(found, list) or "head" not in found:
        ox_rdf("application/ld+json")(body)
        return
    if "boolean" not in found:
        for row in found["results"]["bindings"]:
            if not row.keys() <= set(found["head"]["vars"]) or any("type" not in term for term in row.values()):
                raise ValueError(f"a row is wrong: {row}")


def _no_constant(name: str) -> None:
    raise ValueError(f"JSON has no {name}")


def _xml(body: bytes) -> None:
    if b"http://www.w3.org/2005/sparql-results#" in body[:300]:
        _solutions(ox.QueryResultsFormat.XML)(body)
    else:
        ox_rdf("application/rdf+xml")(body)


def _csv(body: bytes) -> None:
    rows = csv.reader(io.StringIO(body.decode("utf-8"), newline=""), strict=True)
    widths = {len(row) or 1 for row in rows}
    if len(widths) > 1:
        raise ValueError(f"rows of {sorted(widths)} fields")


def _solutions(form: ox.QueryResultsFormat) -> Callable[[bytes], None]:
    def read(body: bytes) -> None:
        found = ox.parse_query_results(body, format=form)
        if isinstance(found, ox.QuerySolutions):
            for _ in found:
                pass

    return read


def ox_rdf(media_type: str) -> Callable[[bytes], None]:
    """A reader of RDF.

    >>> ox_rdf("text/turtle")(b"<urn:a> <urn:b> 1 .")
    """
    form = ox.RdfFormat.from_media_type(media_type)

    def read(body: bytes) -> None:
        for _ in ox.parse(body, format=form):
            pass

    return read


def _page(body: bytes) -> None:
    if not body.decode("utf-8").rstrip().endswith("</html>"):
        raise ValueError("a page that does not end")


_READERS: Final[Mapping[str, Callable[[bytes], None]]] = MappingProxyType(
    {
        "application/sparql-results+json": _json,
        "application/json": _json,
        "application/ld+json": ox_rdf("application/ld+json"),
        "application/sparql-results+xml": _xml,
        "application/rdf+xml": _xml,
        "application/xml": _xml,
        "text/xml": _xml,
        "text/csv": _csv,
        "text/tab-separated-values": _solutions(ox.QueryResultsFormat.TSV),
        "text/turtle": ox_rdf("text/turtle"),
        "application/n-triples": ox_rdf("application/n-triples"),
        "text/plain": ox_rdf("application/n-triples"),
        "text/html": _page,
    }
)
