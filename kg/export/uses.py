"""How often the terms of a vocabulary are used in a release: counted, and kept in no table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pyoxigraph as ox

from kg import store
from kg.release import Release
from kg.terms import Minter

_DERIVED: Final = ("ontology", "stated", "other")
"""Graphs that use no term: the vocabulary itself, and copies of what stands elsewhere."""
_OF_PROPERTIES: Final = "GRAPH ?g { ?s ?term ?o }"
_OF_VALUES: Final = "GRAPH ?g { ?s ?p ?term }"


def uses(release: Release, properties: Collection[str], values: Collection[str]) -> Mapping[str, int]:
    """How many statements of claims, of their metadata and of the register have a term, by its IRI.

    A property is used where it stands in the middle; `values` are classes, concepts and individuals, which are used as
    a value of some property.

    :raises ReleaseError: if the release cannot be read
    """
    database = store.read(release.store_path)
    mint = Minter(release.base)
    left = ", ".join(f"<{mint.graph(name)}>" for name in _DERIVED)
    found: dict[str, int] = dict.fromkeys((*properties, *values), 0)
    for pattern, terms in ((_OF_PROPERTIES, properties), (_OF_VALUES, values)):
        named = " ".join(f"<{iri}>" for iri in terms)
        answer = database.query(
            f"SELECT ?term (COUNT(*) AS ?n) {{ VALUES ?term {{ {named} }} {pattern} FILTER (?g NOT IN ({left})) }}"
            " GROUP BY ?term"
        )
        assert isinstance(answer, ox.QuerySolutions)
        found.update((row["term"].value, int(row["n"].value)) for row in answer)
    return found
