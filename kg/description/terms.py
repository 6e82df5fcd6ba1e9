"""How triples of a description are written: without blank nodes, with names of the project's prefixes and some more."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from kg.terms import PREFIXES, compress

ALL: Final[Mapping[str, str]] = MappingProxyType(
    {
        **PREFIXES,
        "dctype": "http://purl.org/dc/dcmitype/",
        "spdx": "http://spdx.org/rdf/terms#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
        "void-ext": "http://ldf.fi/void-ext#",
    }
)
"""The prefixes of descriptions: those of the project, and of vocabularies that only catalogues use."""


def named(name: str) -> ox.NamedNode:
    """The node of a prefixed name.

    :raises KeyError: if the prefix is not one of `ALL`

    >>> named("void:Dataset")
    <NamedNode value=http://rdfs.org/ns/void#Dataset>
    """
    prefix, _, local = name.partition(":")
    return ox.NamedNode(ALL[prefix] + local)


def typed(text: str, datatype: str) -> ox.Literal:
    """A literal of a datatype that a prefixed name names."""
    return ox.Literal(text, datatype=named(datatype))


def integer(number: int) -> ox.Literal:
    """A whole number."""
    return typed(str(number), "xsd:integer")


def triple(subject: str, predicate: str, value: str | ox.NamedNode | ox.Literal) -> ox.Triple:
    """A triple of an IRI, a prefixed name, and a value; a text is the prefixed name of a node."""
    return ox.Triple(ox.NamedNode(subject), named(predicate), named(value) if isinstance(value, str) else value)


def fragment(iri: str) -> str:
    """A name for what is said of an IRI: the prefixed name where there is one, a digest for any other IRI.

    >>> fragment("http://www.w3.org/ns/org#Organization")
    'org-Organization'
    """
    short = compress(iri).replace(":", "-")
    return short if re.fullmatch(r"[A-Za-z0-9_-]+", short) else hashlib.sha256(iri.encode()).hexdigest()[:16]


def namespace(iri: str) -> str:
    """What stands before the local name.

    >>> namespace("http://www.w3.org/ns/org#Organization"), namespace("https://schema.org/name")
    ('http://www.w3.org/ns/org#', 'https://schema.org/')
    """
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] or iri
