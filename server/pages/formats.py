"""What a release says of a thing, written in the format that the client wants."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from pyoxigraph import RdfFormat, Triple, serialize

from server.http.results import Format
from server.lookup import used_prefixes
from server.pages.site import data


def graph_answer(triples: Sequence[Triple], chosen: Format, media_type: str) -> Response:
    """The triples with the project's prefixes, those alone that occur."""
    used = dict(used_prefixes(triples))
    body = serialize(triples, format=RdfFormat.from_media_type(chosen.media_type), prefixes=used) or b""
    return data(body, media_type)
