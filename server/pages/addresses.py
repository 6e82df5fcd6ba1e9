"""Which address of this site a thing has, and what it is called where it has no label."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import quote, quote_plus, unquote, urlencode

from kg.terms import ONTOLOGY, ZEL, compress
from server.pages.vocabulary.kinds import is_term
from server.releases import Release

RESOURCE: Final = "/resource"
"""Where any thing has its page that has no address of its own here."""
TERM: Final = "/term"
"""Where a term of the vocabulary has its page."""

_SEGMENT: Final = r"/(?!\.{1,2}(?:[/#]|$))[^/?#]+"
_OWN: Final = re.compile(rf"(?:id|doc|scheme|graph)(?:{_SEGMENT})+|(?:claim|table)(?:{_SEGMENT})+(?:#.*)?", re.DOTALL)
"""What of an IRI below the base is an address: no query string, no step that a browser takes out."""
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""A name that is a step of a path as it stands."""
SAFE: Final = "/#:@!$&'()*+,;=~-._"
"""What stands for itself in an address."""
_SHOWN_OF_BLANK: Final = 10
"""Characters of the identifier of a blank node that a page shows."""


def address_of(release: Release, node: str) -> str:
    """Where a link to a node leads: its page here, where the release describes it, else its own address on the web.

    A blank node is named by `_:` and its identifier. Without a page and without an address of its own there is no
    link: the answer is empty.
    """
    if release.has_claims and (path := own_path(node, release.base)):
        return path
    if not release.engine.describes(node):
        return node if node.startswith(("https://", "http://")) else ""
    if release.has_vocabulary and node in {ONTOLOGY, f"{release.base}ont"}:
        return "/ont"
    if path := own_path(node, release.base):
        return path
    is_own = release.has_vocabulary and node.startswith((ZEL, f"{release.base}ont#"))
    return term_path(release, node) if is_own or is_term(release, node) else _asked(RESOURCE, node)


def term_path(release: Release, iri: str) -> str:
    """Where a term has its page: below `TERM` by its name, if its IRI leads to `/ont`, else by its IRI.

    What stands below `/ont/` are the versions of the vocabulary. A name that the project and the shipped vocabulary
    both have is that of the project.
    """
    for home in dict.fromkeys((f"{release.base}ont#", ZEL)):
        name = iri.removeprefix(home)
        if name == iri or not release.has_vocabulary or not _NAME.fullmatch(name):
            continue
        if home == f"{release.base}ont#" or not release.engine.describes(f"{release.base}ont#{name}"):
            return f"{TERM}/{name}"
    return _asked(TERM, iri)


def _asked(place: str, iri: str) -> str:
    return f"{place}?{urlencode([('iri', iri)])}"


def query_string(parameters: Iterable[tuple[str, str]]) -> str:
    """The parameters of an address, as the form of a page would send them (URL Standard, section 5.2).

    A page of answers has the query in each of its links: what was just encoded is not encoded again.

    >>> query_string([("query", "ASK {}"), ("lang", "ar")])
    'query=ASK+%7B%7D&lang=ar'
    """
    return "&".join(f"{_encoded(name)}={_encoded(value)}" for name, value in parameters)


@lru_cache(64)
def _encoded(text: str) -> str:
    return quote_plus(text)


def own_path(iri: str, base: str) -> str:
    """The path at which an IRI below the base is dereferenced; empty for any other, which `RESOURCE` knows.

    >>> own_path("https://w3id.org/zellige/claim/F014#evidence-1", "https://w3id.org/zellige/")
    '/claim/F014#evidence-1'
    >>> own_path("https://w3id.org/zellige/people/a", "https://w3id.org/zellige/")
    ''
    """
    local = iri.removeprefix(base)
    return "/" + quote(local, safe=SAFE) if local != iri and _OWN.fullmatch(local) else ""


def short_name(iri: str, base: str) -> str:
    """What a page shows for an IRI that has no label: shortened by a prefix or by the base, or whole.

    >>> short_name("https://w3id.org/zellige/id/a", "https://w3id.org/zellige/")
    'id/a'
    >>> short_name("http://www.w3.org/ns/org#Post", "https://w3id.org/zellige/")
    'org:Post'
    """
    short = compress(iri)
    return iri[len(base) :] if short == iri and iri.startswith(base) and iri != base else short


def name_of(release: Release, node: str) -> str:
    """What a page shows for a node that has no label.

    Of an IRI that no prefix shortens it is the local name, where the release describes it or uses it as a property or
    a class; any other IRI is an address elsewhere, to be read whole.
    """
    if node.startswith("_:"):
        return node if len(node) <= _SHOWN_OF_BLANK + 2 else f"{node[: _SHOWN_OF_BLANK + 2]}…"
    short = short_name(node, release.base)
    if short != node or not (release.engine.describes(node) or release.engine.is_vocabulary(node)):
        return short
    return local_name(node)


def local_name(iri: str) -> str:
    """The last part of an IRI that says something.

    >>> local_name("http://example.org/people#Alice"), local_name("urn:isbn:0451450523"), local_name("http://e.org/a/")
    ('Alice', '0451450523', 'a')
    """
    last = re.split(r"[/#:]", iri.rstrip("/#:"))[-1]
    return unquote(last) if len(last) < len(iri) and last else iri
