"""FAIR Signposting, level 1: typed links by which a program finds its way around a page (RFC 8288, and its profile).

Each page tells which IRI to cite, where its data are, of which types the thing is, under which licence, who made it,
and what it belongs to or holds. They stand in the header of the answer and in the head of the page alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import Literal, NamedNode, Triple

from kg.terms import expand
from server.http.results import JSON_LD, N_TRIPLES, TRIG, TURTLE
from server.releases import Release

ABOUT_PAGE: Final = "https://schema.org/AboutPage"
DATASET: Final = "https://schema.org/Dataset"
_DESCRIPTIONS: Final = (TURTLE, JSON_LD, N_TRIPLES, TRIG)
_MOST: Final = 8
"""Types of a thing that are told."""
_RESERVED: Final = "/:?#[]@!$&'()*+,;=%~"


@dataclass(frozen=True, slots=True)
class Link:
    """One typed link."""

    rel: str
    href: str
    type: str = ""
    """The media type of what it leads to, where that is known."""

    def header(self) -> str:
        """The link as the header has it; what no URI may hold is percent-encoded.

        >>> Link("cite-as", "https://example.org/é").header()
        '<https://example.org/%C3%A9>; rel="cite-as"'
        """
        more = f'; type="{self.type}"' if self.type else ""
        return f'<{quote(self.href, safe=_RESERVED)}>; rel="{self.rel}"{more}'


def _followed(links: Iterable[Link]) -> tuple[Link, ...]:
    """Those that lead somewhere on the web: an IRI of another kind is data, and nothing to be followed."""
    return tuple(link for link in links if link.href.startswith(("https://", "http://")))


def of_dataset(release: Release, root: str, known: tuple[Triple, ...]) -> tuple[Link, ...]:
    """The links of the page of the release."""
    iri = f"{release.base}dataset"
    address = f"{root}dataset"
    cited = next((v for v in _values(known, iri, "dct:identifier") if v.startswith(("https://", "http://"))), iri)
    links = (
        Link("cite-as", cited),
        Link("type", ABOUT_PAGE),
        Link("type", DATASET),
        *_described(address),
        *_license_and_authors(known, iri),
        *_items(known, iri),
    )
    return _followed(links)


def of_part(release: Release, known: tuple[Triple, ...]) -> tuple[Link, ...]:
    """The links of every part of the dataset: its licence and its authors."""
    return tuple(_license_and_authors(known, f"{release.base}dataset"))


def of_thing(release: Release, root: str, shared: tuple[Link, ...], iri: str, address: str) -> tuple[Link, ...]:
    """The links of the page of a thing, which is at `address`; `shared` are those that `of_part` gives.

    :raises ValueError: if `iri` is no absolute IRI
    """
    return _followed((*_of_part(release, root, iri, address), *shared))


def of_document(release: Release, root: str, shared: tuple[Link, ...], iri: str, address: str) -> tuple[Link, ...]:
    """The links of the page of a document, which others wrote: its own licence and authors, and where its content is.

    :raises ValueError: if `iri` is no absolute IRI
    """
    del shared  # licence and authors of the dataset are none of the document's
    complete = _objects(release, iri, "zel:addressComplete") == ["true"]
    return _followed(
        (
            *_of_part(release, root, iri, address),
            *(Link("license", licence) for licence in _objects(release, iri, "dct:license")[:1]),
            *(Link("author", author) for author in _objects(release, iri, "dct:creator")),
            *(Link("item", content) for content in _objects(release, iri, "schema:url") if complete),
        )
    )


def _of_part(release: Release, root: str, iri: str, address: str) -> Iterator[Link]:
    """What is told of every part of a dataset."""
    types = _objects(release, iri, "rdf:type")
    yield Link("cite-as", iri)
    yield Link("type", ABOUT_PAGE)
    yield from (Link("type", kind) for kind in types[:_MOST])
    yield from _described(address)
    yield Link("collection", f"{root}dataset", "text/html")


def _objects(release: Release, iri: str, name: str) -> list[str]:
    values = (quad.object for quad in release.engine.quads(NamedNode(iri), NamedNode(expand(name)), None, None))
    return sorted({value.value for value in values if isinstance(value, NamedNode | Literal)})


def of_data(address: str) -> tuple[Link, ...]:
    """The link of a description to the page of what it describes."""
    return (Link("describes", address, "text/html"),)


def of_file(release: Release, root: str, known: tuple[Triple, ...]) -> tuple[Link, ...]:
    """The links of a file that the dataset holds."""
    return _followed(
        (
            Link("collection", f"{root}dataset", "text/html"),
            *_license_and_authors(known, f"{release.base}dataset"),
        )
    )


def _described(address: str) -> Iterator[Link]:
    for each in _DESCRIPTIONS:
        parted = "&" if "?" in address else "?"
        yield Link("describedby", f"{address}{parted}{urlencode({'format': each.name})}", each.media_type)


def _license_and_authors(known: tuple[Triple, ...], dataset: str) -> Iterator[Link]:
    for iri in _values(known, dataset, "dct:license")[:1]:
        yield Link("license", iri)
    for iri in _values(known, dataset, "dct:creator"):
        yield Link("author", iri)


def _items(known: tuple[Triple, ...], dataset: str) -> Iterator[Link]:
    """The files of the dataset."""
    for part in _values(known, dataset, "dcat:distribution"):
        for address in _values(known, part, "dcat:downloadURL"):
            packed = [v.partition("media-types/")[2] for v in _values(known, part, "dcat:compressFormat")]
            plain = [v.partition("media-types/")[2] for v in _values(known, part, "dcat:mediaType")]
            yield Link("item", address, next(iter(packed or plain), ""))


def _values(known: tuple[Triple, ...], subject: str, name: str) -> list[str]:
    node, predicate = NamedNode(subject), NamedNode(expand(name))
    found = (t.object for t in known if t.predicate == predicate and t.subject == node)
    return sorted(value.value for value in found if isinstance(value, NamedNode | Literal))
