"""How a project names terms of its own and those of others: the section `[vocabulary]` of `kg.toml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from kg.errors import nearest
from kg.terms import LAYERS, PREFIXES

_PREFIX: Final = re.compile(r"[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9])?", re.ASCII)
_NAMESPACE: Final = re.compile(r"(?:https?://|urn:)[^\s<>\"{}|\\^`]+[#/:=]")
_RESERVED: Final = frozenset({"http", "https", "urn", "mailto", "file", "id", "type"})


@dataclass(frozen=True, slots=True)
class Naming:
    """The section `[vocabulary]`."""

    extends: tuple[str, ...] = LAYERS
    """The layers of vocabulary that the project stands on."""
    version: str = ""
    """The version of it that the project was written for; empty: whichever comes along."""
    namespace: str = ""
    """Where the terms of the project's own live; empty: `ont#` below its base."""
    prefix: str = ""
    """Their prefix; empty: the name of the project, as far as it can be one."""
    held: bool = True
    """Whether claims and data are held to the domains and ranges that RDF files of the project state."""
    labelled: bool = True
    """Whether terms and concepts in RDF files must have a label in each language; else they are counted."""
    prefixes: Mapping[str, str] = field(default_factory=dict)
    """Namespaces of others' vocabularies, by prefix."""


def prefix_of(name: str) -> str:
    """The prefix that the name of a project makes.

    >>> prefix_of("lighthouse"), prefix_of("Plan 2031!"), prefix_of("2031"), prefix_of("org")
    ('lighthouse', 'plan-2031', 'own', 'own')
    """
    made = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return made if _PREFIX.fullmatch(made) and made not in PREFIXES and made not in _RESERVED else "own"


def faults_of_vocabulary(naming: Naming, layers: Collection[str] = LAYERS) -> Iterator[tuple[str, str, str | None]]:
    """What is wrong with the section, where there are these layers: what, with which key, and what to do."""
    yield from _faults_of_layers(naming, layers)
    given = dict(naming.prefixes)
    if naming.prefix:
        if naming.prefix in given:
            yield f"[vocabulary] prefix '{naming.prefix}' is one of [vocabulary.prefixes] too", "prefix", None
        given[naming.prefix] = naming.namespace or "urn:x:"
    elif naming.namespace and not naming.prefix:
        yield "[vocabulary] has a namespace and no prefix", "namespace", 'add prefix = "..."'
    for prefix, namespace in given.items():
        if not _PREFIX.fullmatch(prefix) or prefix in _RESERVED:
            hint = "begin it with a letter; then letters, digits and hyphens"
            yield f"[vocabulary] '{prefix}' cannot be a prefix", prefix, hint
        if not _NAMESPACE.fullmatch(namespace):
            yield f"[vocabulary] '{namespace}' is no namespace", prefix, "an IRI that ends with #, /, : or ="
        if PREFIXES.get(prefix, namespace) != namespace:
            what = f"[vocabulary] the prefix '{prefix}' stands for {PREFIXES[prefix]} already"
            yield what, prefix, "give the namespace another prefix"


def _faults_of_layers(naming: Naming, layers: Collection[str]) -> Iterator[tuple[str, str, str | None]]:
    for layer in naming.extends:
        if layer not in layers:
            hint = nearest(layer, layers) or f"there are {' and '.join(layers)}"
            yield f"[vocabulary] extends: there is no layer '{layer}'", "extends", hint
    if naming.version and not re.fullmatch(r"\d+\.\d+\.\d+", naming.version):
        yield f"[vocabulary] version '{naming.version}' is no version", "version", "three numbers: 0.1.0"
