"""What the home page calls things: by their labels, and claims by what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.terms import choose_language, expand
from server.lookup import Label, labels
from server.releases import Release

_GLOSS: Final = expand("zel:gloss")
_QUOTE: Final = expand("zel:quote")
_LONGEST: Final = 240
"""Characters of a text that a home page shows."""


def worded(release: Release, iris: Iterable[str], languages: tuple[str, ...]) -> Mapping[str, Label]:
    """The best words for each node that has any: its label, else what it says if it is a claim."""
    wanted = set(iris)
    found = dict(labels(release.engine, release.base, wanted, languages))
    for iri in wanted.difference(found):
        if (saying := _saying(release, iri, languages)) is not None:
            found[iri] = saying
    return MappingProxyType({iri: Label(shortened(label.text), label.language) for iri, label in found.items()})


def shortened(text: str) -> str:
    """A text as a home page has room for it.

    >>> shortened("word " * 100)[-11:]
    'word word …'
    """
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} …"


def words_of(release: Release, claim: str, languages: tuple[str, ...]) -> Label | None:
    """The words of its source that carry a claim, the best by their language; None where nobody noted any."""
    quotes = _texts(release, claim, _QUOTE)
    if "" in quotes:
        quotes.setdefault(_of_document(release, claim), quotes.pop(""))
    return _best(quotes, languages)


def _saying(release: Release, claim: str, languages: tuple[str, ...]) -> Label | None:
    """What a claim says: its gloss, which is a sentence, else the words of its source, which may be a part of one."""
    return _best(_texts(release, claim, _GLOSS), languages) or words_of(release, claim, languages)


def _best(texts: Mapping[str, str], languages: tuple[str, ...]) -> Label | None:
    language = choose_language(texts, languages)
    return None if language is None else Label(shortened(texts[language]), language)


def _texts(release: Release, iri: str, link: str) -> dict[str, str]:
    """The first text of each language."""
    texts: dict[str, str] = {}
    for value in sorted((quad.object for quad in release.engine.values(iri, link)), key=str):
        if isinstance(value, Literal):
            texts.setdefault(value.language or "", value.value)
    return texts


def _of_document(release: Release, claim: str) -> str:
    """The language of the document that states a claim; empty where nobody says it, or where there are several."""
    documents = [quad.object for quad in release.engine.values(claim, expand("zel:statedIn"))]
    found = [release.engine.values(it.value, expand("dct:language")) for it in documents if isinstance(it, NamedNode)]
    stated = {quad.object.value for quads in found for quad in quads if isinstance(quad.object, Literal)}
    return stated.pop() if len(stated) == 1 else ""
