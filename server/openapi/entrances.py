"""The addresses at which crawlers and programs begin."""

from __future__ import annotations

from typing import Final

from server.openapi.answers import EVERY, PAGES, problem
from server.openapi.model import Answer, Content, Operation, Parameter, Route

_TAG: Final = "Linked data"
_UNCHANGED: Final = Answer(304, "The client has the answer already", (), ("ETag", *EVERY))
_FAILED: Final = (_UNCHANGED, problem(412), problem(500), problem(503))
_XML: Final = (Content(("application/xml",), "File"),)
_KEPT: Final = ("Vary", "Cache-Control", "ETag", *EVERY)
_VOID: Final = Answer(302, "Leads to the description of the dataset", (PAGES,), ("Location", "Cache-Control", *EVERY))
_ROBOTS: Final = Answer(200, "Rules for crawlers", (Content(("text/plain",), "File"),), _KEPT)
_NUMBER: Final = Parameter("number", "path", {"type": "integer", "minimum": 1}, "Which part, from 1", required=True)

ENTRANCES: Final = (
    Route(
        "/.well-known/void",
        (
            Operation(
                "get", "findDataset", "The way to the description of the dataset", _TAG, (_VOID, problem(500)),
                description="RFC 8615, and section 7.2 of the VoID note.",
            ),
        ),
    ),
    Route(
        "/robots.txt",
        (
            Operation(
                "get", "readRobots", "What crawlers need not ask (RFC 9309)", _TAG, (_ROBOTS, *_FAILED),
                ("ifNoneMatch",),
            ),
        ),
    ),
    Route(
        "/sitemap.xml",
        (
            Operation(
                "get", "readSitemap", "The parts of the map of the site", _TAG,
                (Answer(200, "A sitemap index", _XML, _KEPT), *_FAILED), ("ifNoneMatch",),
            ),
        ),
    ),
    Route(
        "/sitemap/{number}.xml",
        (
            Operation(
                "get", "readSitemapPart", "Addresses of pages, with those of their other languages", _TAG,
                (Answer(200, "A sitemap", _XML, _KEPT), problem(404), *_FAILED), (_NUMBER, "ifNoneMatch"),
            ),
        ),
    ),
)  # fmt: skip
"""Each as a route with its operation."""
