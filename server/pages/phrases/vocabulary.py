"""What the terms of common vocabularies are called on a page: labels of ours, in the room `labels` of the catalogues.

Most of these vocabularies have no Arabic labels, and those that they have are made for who knows RDF.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from kg.terms import PREFIXES, compress, expand
from server.lookup import Label
from server.pages.language import DEFAULT, language_of, shipped, words
from server.pages.phrases.names import Name


def term_label(iri: str, language: str) -> Label | None:
    """The label of a term of a common vocabulary; None for any other IRI.

    >>> term_label(expand("dct:issued"), "fr"), term_label("http://example.org/a", "fr")
    (Label(text='publié le', language='fr'), None)
    """
    name = _names().get(iri)
    return None if name is None else Label(words(language, "labels")[name], language_of(language, f"labels.{name}"))


def term_of_others(iri: str) -> Name | None:
    """A term of a vocabulary of others that nobody has labelled, by its own words, with its prefixed name beside it.

    >>> found = term_of_others("https://schema.org/alumniOf")
    >>> found.text, found.notes[0].text
    ('alumni of', 'schema:alumniOf')
    >>> term_of_others("http://example.org/a"), term_of_others(expand("zel:Claim"))
    (None, None)
    """
    prefix, _, local = compress(iri).partition(":")
    if prefix not in PREFIXES or prefix in _OWN or PREFIXES[prefix] + local != iri or not _LOCAL.fullmatch(local):
        return None
    words_in = _HUMPS.sub(" ", local)
    text = words_in if local[0].isupper() and words_in == local else words_in.lower()
    return Name(text, "en", (Label(f"{prefix}:{local}"),))


_OWN: Final = frozenset({"zel", "wd"})
_LOCAL: Final = re.compile("[A-Za-z]+")
"""A name that is made of words; numbers of a register are none."""
_HUMPS: Final = re.compile("(?<=[a-z])(?=[A-Z])")


@cache
def _names() -> Mapping[str, str]:
    """The prefixed name of each term that has a label of ours."""
    return MappingProxyType({expand(name): name for name in shipped()[DEFAULT].rooms["labels"]})
