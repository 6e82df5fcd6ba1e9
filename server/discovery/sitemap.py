"""The addresses of all pages for crawlers (sitemaps.org, protocol 0.9), with the same page in other languages.

They are found once for each release, by a query of the pool within its limits, and kept packed.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from kg.sparql.guard import check
from server.engine import Dataset
from server.pages.addresses import RESOURCE, own_path
from server.pages.drawing.model.properties import drawn
from server.pages.language import spoken
from server.releases import Release

PAGE: Final = 10_000
"""Addresses in one file; each has its languages with it, and the protocol allows 50,000 and 50 MiB."""
_PAGES: Final = ("/", "/dataset", "/query")
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACES: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_THINGS: Final = """SELECT DISTINCT ?thing WHERE {
  { ?thing a ?class } UNION { GRAPH ?graph { ?thing a ?class } }
  FILTER (ISIRI(?thing))
} ORDER BY ?thing"""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """All files of a release's map, each packed."""

    root: str
    files: tuple[bytes, ...]

    def index(self) -> bytes:
        """The file that names the others."""
        parts = "".join(
            f"<sitemap><loc>{escape(self.root)}sitemap/{number}.xml</loc></sitemap>\n"
            for number in range(1, len(self.files) + 1)
        )
        return f"{_HEAD}<sitemapindex {_NAMESPACES.split()[0]}>\n{parts}</sitemapindex>\n".encode()

    def file(self, number: int) -> bytes | None:
        """One file, counted from 1, if there is such a one."""
        return gzip.decompress(self.files[number - 1]) if 0 < number <= len(self.files) else None


def map_of(release: Release, root: str, changed: str) -> Sitemap:
    """The map of a release whose things changed on the ISO date `changed`, if that is known.

    :raises OperationError: if the things cannot be listed within the limits of a query
    """
    paths = iter(
        (
            *_PAGES,
            *(("/ont",) if release.has_vocabulary else ()),
            *map("/{}".format, drawn(release)),
            *_of_things(release),
        )
    )
    files = []
    while some := list(islice(paths, PAGE)):
        body = "".join(_entries(some, root, changed))
        files.append(gzip.compress(f"{_HEAD}<urlset {_NAMESPACES}>\n{body}</urlset>\n".encode(), mtime=0))
    return Sitemap(root, tuple(files))


def _of_things(release: Release) -> Iterator[str]:
    """The addresses of what the release describes; of a project only what lives below its base."""
    content = release.strangers.evaluate(check(_THINGS), Dataset(), "text/csv").decode()
    rows = csv.reader(io.StringIO(content, newline=""))
    next(rows)
    for (iri,) in rows:
        path = own_path(iri, release.base)
        if path and "#" not in path:
            yield path
        elif not release.has_claims:
            yield f"{RESOURCE}?{urlencode([('iri', iri)])}"


def _entries(paths: Sequence[str], root: str, changed: str) -> Iterable[str]:
    when = f"<lastmod>{escape(changed)}</lastmod>" if changed else ""
    for path in paths:
        address = root.removesuffix("/") + path
        parted = "&" if "?" in path else "?"
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{_attribute(f"{address}{parted}lang={tag}")}"/>'
            for tag in spoken()
        )
        fallback = f'<xhtml:link rel="alternate" hreflang="x-default" href="{_attribute(address)}"/>'
        yield f"<url><loc>{escape(address)}</loc>{when}{others}{fallback}</url>\n"


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})
