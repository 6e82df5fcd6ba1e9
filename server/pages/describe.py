"""What is asked of a release to describe a thing, and how much of it a page shows."""

from __future__ import annotations

from typing import Final

from server.lookup import iri_ref

LIMIT: Final = 200
"""How many claims, references or rows a page shows; the data formats are not cut."""

COUNTED: Final = 100_000
"""How far a page counts the triples of a graph."""

LAST_PAGE: Final = 10_000
"""The largest number of a page of a list; pages count from 0."""

REGISTERS: Final = ("entities", "claims", "ontology")
"""The graphs in which a thing itself is described."""
WITH_TABLES: Final = ("dct:isPartOf", "prov:used")
"""Links to a table that its page shows with the rows and the runs that have them."""
DERIVED: Final = ("zel:about", "zel:date", "zel:place", "zel:topic")
"""Links that a build derives: a page shows the statements that they follow from."""


def references(iri: str, base: str, limit: int) -> str:
    """What refers to a thing, as `?s ?p` in `?g`, one more than `limit`.

    :raises ValueError: if `iri` is no absolute IRI
    """
    it, ontology, claims = iri_ref(iri), f"<{base}graph/ontology>", f"<{base}graph/claims>"
    return f"""SELECT DISTINCT ?g ?s ?p WHERE {{
      {{ ?s ?p {it} }}
      UNION {{ GRAPH {ontology} {{ ?s ?p {it} }} BIND({ontology} AS ?g) }}
      UNION {{ GRAPH {claims} {{ ?s ?p {it} }} BIND({claims} AS ?g) }}
    }} ORDER BY ?p ?s ?g LIMIT {limit + 1}"""


def mentioning(iri: str, base: str) -> str:
    """A sub-query for the claims in whose graphs a thing stands.

    :raises ValueError: if `iri` is no absolute IRI
    """
    it = iri_ref(iri)
    return f"""SELECT DISTINCT ?claim WHERE {{
      {{ GRAPH ?claim {{ {it} ?p1 ?o1 }} }} UNION {{ GRAPH ?claim {{ ?s2 ?p2 {it} }} }}
      FILTER EXISTS {{ GRAPH <{base}graph/claims> {{ ?claim a zel:Claim }} }}
    }}"""


def graph(iri: str, limit: int | None = None) -> str:
    """A named graph, whole or up to so many triples.

    :raises ValueError: if `iri` is no absolute IRI
    """
    end = "" if limit is None else f" LIMIT {limit}"
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {iri_ref(iri)} {{ ?s ?p ?o }} }}{end}"


def size(iri: str) -> str:
    """How many triples a named graph has, counted no further than one more than `COUNTED`.

    :raises ValueError: if `iri` is no absolute IRI
    """
    some = f"SELECT ?s WHERE {{ GRAPH {iri_ref(iri)} {{ ?s ?p ?o }} }} LIMIT {COUNTED + 1}"
    return f"SELECT (COUNT(*) AS ?count) WHERE {{ {{ {some} }} }}"
