"""The server's interface as an OpenAPI 3.1 document: every address, what it takes, and what it answers.

The table of routes is written by hand, for nothing in the code says what a parameter means; tests compare it with the
routes of the application, and with what a running server answers.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from server.openapi import answers, drawing, reconciliation, routes, schemas, search, tables
from server.openapi.model import Object

VERSION: Final = "3.1.1"
ADDRESS: Final = "/openapi.json"
"""Where the document is."""
LINK: Final = f'<{ADDRESS}>; rel="service-desc"; type="application/json"'
"""The header that leads to it (RFC 8631, section 2)."""
ROUTES: Final = (*routes.ROUTES, *tables.ROUTES, *drawing.ROUTES, *search.ROUTES, *reconciliation.ROUTES)
"""Every address."""
_TAGS: Final = (
    ("SPARQL", "The SPARQL 1.1 protocol over a store that is only read"),
    ("Linked data", "Every IRI below the base is an address here, as data or as a page"),
    ("Search", "The texts of the release, found by their words"),
    ("Reconciliation", "The Reconciliation Service API 0.2, and the draft of 1.0"),
    ("Pages", "For people, in Arabic, French and English"),
    ("Operation", "For those who run the server or write a client"),
)
_ABOUT: Final = (
    "Every address that takes GET takes HEAD, and each answers OPTIONS with `Allow` and the headers of CORS. "
    "An error is problem details (RFC 9457), JSON, text or a page, whichever the client prefers; its codes are listed "
    "in the schema `ProblemCode`. A head of more than 128 KiB is answered with 431. `{name}` in an address may hold "
    "slashes, written as they are or as %2F."
)


def document(title: str, release: str, root: str = "/") -> Object:
    """The document of the server that serves a release under a title; `root` is where, for readers from elsewhere.

    >>> sorted(document("A graph", "r1"))
    ['components', 'info', 'openapi', 'paths', 'servers', 'tags']
    """
    return {
        "openapi": VERSION,
        "info": {
            "title": title,
            "version": version("zellige"),
            "description": f"{_ABOUT}\n\nRelease {release}.",
        },
        "servers": [{"url": root, "description": "This server"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS],
        "paths": {path: item for route in ROUTES for path, item in route.to_items()},
        "components": {
            "schemas": {**schemas.schemas(), **tables.SCHEMAS},
            "responses": answers.problems(),
            "parameters": answers.parameters(),
            "headers": answers.headers(),
        },
    }
