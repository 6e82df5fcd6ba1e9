"""What the terms of common vocabularies are called on a page: labels of ours, in the room `labels` of the catalogues.

Most of these vocabularies have no Arabic labels, and those that they have are made for who knows RDF.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from kg.terms import expand
from server.lookup import Label
from server.pages.language import DEFAULT, language_of, shipped, words


def term_label(iri: str, language: str) -> Label | None:
    """The label of a term of a common vocabulary; None for any other IRI.

    >>> term_label(expand("dct:issued"), "fr"), term_label("http://example.org/a", "fr")
    (Label(text='publié le', language='fr'), None)
    """
    name = _names().get(iri)
    return None if name is None else Label(words(language, "labels")[name], language_of(language, f"labels.{name}"))


@cache
def _names() -> Mapping[str, str]:
    """The prefixed name of each term that has a label of ours."""
    return MappingProxyType({expand(name): name for name in shipped()[DEFAULT].rooms["labels"]})
