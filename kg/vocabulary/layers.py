"""The layers of the packaged vocabulary: what a project that stands on some of them has, and what changed since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.terms import LAYERS
from kg.vocabulary.model import Term, Vocabulary


def of_layers(whole: Vocabulary, layers: Iterable[str]) -> Vocabulary:
    """The packaged vocabulary without the layers that are not named; the first one is in all.

    A scheme is of the first layer that has a property whose values are its concepts.
    """
    wanted = tuple(layer for layer in LAYERS if layer in {LAYERS[0], *layers})
    if wanted == LAYERS:
        return whole
    kept = [term for term in whole.terms if term.layer in wanted]
    known = {term.iri for term in kept}
    terms = [replace(term, disjoint_with=tuple(iri for iri in term.disjoint_with if iri in known)) for term in kept]
    schemes = {term.scheme for term in terms}
    return replace(
        whole,
        classes={term.name: term for term in terms if term.kind == "class"},
        properties={term.name: term for term in terms if term.kind != "class"},
        concepts={name: members for name, members in whole.concepts.items() if name in schemes},
        layers=wanted,
        elsewhere={term.name: term.layer for term in whole.terms if term.layer not in wanted},
    )


def changes_since(version: str, vocabulary: Vocabulary) -> Iterator[str]:
    """What is new and what is deprecated since a version of the packaged vocabulary, in words."""
    for term in vocabulary.terms:
        if term.layer and _number(term.since) > _number(version):
            yield f"{term.name} is new in {term.since}: {term.definitions.get('en', '')}"
        if term.layer and term.deprecated and _number(_version(term)) > _number(version):
            instead = f"; use {vocabulary.compress(term.replaced_by)}" if term.replaced_by else ""
            yield f"{term.name} is deprecated since {term.deprecated}{instead}"


def _version(term: Term) -> str:
    return (term.deprecated or "").partition(":")[0]


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
