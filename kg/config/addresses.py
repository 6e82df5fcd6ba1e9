"""Addresses that settings may give: of the graph, of the server, of endpoints."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_BASE: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+/")
_ENDPOINT = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(?:/[!$-~]*)?", re.ASCII)
_PUBLIC = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?)*|\[[0-9a-f:.]+\])(?::\d{1,5})?/?",
    re.ASCII | re.IGNORECASE,
)


def is_base(iri: str) -> bool:
    """Whether the IRIs of a graph can live below an IRI.

    >>> [is_base(iri) for iri in ("https://example.org/kg/", "https://example.org/kg", "urn:kg/", "http://a b/")]
    [True, False, False, False]
    """
    return _BASE.fullmatch(iri) is not None


def is_public_url(text: str) -> bool:
    """Whether `text` names a host where a server can be reached: a scheme, a name, perhaps a port, and nothing more.

    >>> [is_public_url(text) for text in ("https://data.example.org", "http://[::1]:8000/")]
    [True, True]
    >>> [is_public_url(text) for text in ("data.example.org", "https://u@example.org", "https://example.org/kg/")]
    [False, False, False]
    """
    try:
        return _PUBLIC.fullmatch(text) is not None and urlsplit(text).port != 0
    except ValueError:
        return False


def is_endpoint(address: str) -> bool:
    """Whether queries can be sent to an address."""
    try:
        return _ENDPOINT.fullmatch(address) is not None and urlsplit(address).port != 0
    except ValueError:
        return False
