"""What a release says of a thing, written in the format that the client wants; and files of the rows of a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from flask import Response
from pyoxigraph import Quad, RdfFormat, Triple, serialize

from server.http import jsonld
from server.http.results import JSON_LD, QUADS, Format
from server.lookup import used_prefixes
from server.pages.site import data, page_language, release, root
from server.pages.tables.written import MEDIA_TYPES, ROWS

_context: Final = lru_cache(8)(jsonld.Context.read)


def graph_answer(
    triples: Sequence[Triple],
    chosen: Format,
    media_type: str,
    quads: Sequence[Quad] | None = None,
    about: str | None = None,
) -> Response:
    """The triples, or the `quads` in a format that names graphs, with the project's prefixes, those alone that occur.

    What is said `about` one thing begins with it in JSON-LD, and is compacted; without one, JSON-LD is expanded, as
    all that comes by way of SPARQL.
    """
    if chosen == JSON_LD and about is not None:
        context = _context(release().context)
        address = "" if context is None else f"{root()}context/{context.version}.jsonld"
        return data(jsonld.write(triples, context, address, about), media_type)
    stated = quads if quads is not None and chosen in QUADS else triples
    used = dict(used_prefixes(triples))
    body = serialize(stated, format=RdfFormat.from_media_type(chosen.media_type), prefixes=used)
    return data(body or b"", media_type)


def rows_file(body: bytes, wanted: str) -> Response:
    """The rows of a page as a file, in one of the formats of `MEDIA_TYPES`."""
    response = Response(body, content_type=MEDIA_TYPES[wanted])
    response.headers["Content-Language"] = page_language()
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def further(address: str) -> str:
    """Where a program finds other rows, in JSON as these and in the same words."""
    asked = urlencode((("format", ROWS), ("lang", page_language())))
    return f"{root()}{address[1:]}{'&' if '?' in address else '?'}{asked}"
