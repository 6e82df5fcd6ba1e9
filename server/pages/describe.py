"""What is said about a thing, as queries: the triples that its address answers with."""

from __future__ import annotations

from typing import Final

from server.lookup import iri_ref

LIMIT: Final = 200
"""How many claims, references or rows a page shows; the data formats are not cut."""

COUNTED: Final = 100_000
"""How far a page counts the triples of a graph."""

LAST_PAGE: Final = 10_000
"""The largest number of a page of a list; pages count from 0."""

_EVIDENCE: Final = "zel:supportedBy/(oa:hasTarget/oa:hasSelector?)?"


def resource(iri: str, base: str) -> str:
    """A thing: its triples in the default graph and in the registers, what refers to it, and the claims about it.

    The claims come as their metadata and evidence; their own statements stay in their graphs, for a claim that is
    contested or planned is not a fact.

    :raises ValueError: if `iri` is no absolute IRI
    """
    it, claims = iri_ref(iri), iri_ref(f"{base}graph/claims")
    registers = " UNION ".join(
        f"{{ GRAPH <{base}graph/{name}> {{ {it} ?p ?o }} }}" for name in ("entities", "claims", "ontology")
    )
    return f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
      {{ {{ {it} ?p ?o }} UNION {registers} BIND({it} AS ?s) }}
      UNION {{ ?s ?p {it} BIND({it} AS ?o) }}
      UNION {{ GRAPH <{base}graph/ontology> {{ ?s ?p {it} }} BIND({it} AS ?o) }}
      UNION {{ GRAPH {claims} {{ ?s ?p {it} }} BIND({it} AS ?o) }}
      UNION {{ {{ {mentioning(iri, base)} }} GRAPH {claims} {{ ?claim ?p ?o }} BIND(?claim AS ?s) }}
      UNION {{ {{ {mentioning(iri, base)} }} GRAPH {claims} {{ ?claim {_EVIDENCE} ?s . ?s ?p ?o }} }}
    }}"""


def mentioning(iri: str, base: str) -> str:
    """A sub-query for the claims in whose graphs a thing stands.

    :raises ValueError: if `iri` is no absolute IRI
    """
    it = iri_ref(iri)
    return f"""SELECT DISTINCT ?claim WHERE {{
      {{ GRAPH ?claim {{ {it} ?p1 ?o1 }} }} UNION {{ GRAPH ?claim {{ ?s2 ?p2 {it} }} }}
      FILTER EXISTS {{ GRAPH <{base}graph/claims> {{ ?claim a zel:Claim }} }}
    }}"""


def related(iri: str, base: str, link: str) -> str:
    """A sub-query for the claims that a property of their metadata ties to a thing.

    :raises ValueError: if `iri` is no absolute IRI
    """
    return f"SELECT DISTINCT ?claim WHERE {{ GRAPH <{base}graph/claims> {{ ?claim {link} {iri_ref(iri)} }} }}"


def claim(iri: str, base: str) -> str:
    """A claim: its own statements, its metadata, its evidence, and the row and the run that it comes from.

    :raises ValueError: if `iri` is no absolute IRI
    """
    it, claims = iri_ref(iri), f"<{base}graph/claims>"
    return f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
      GRAPH {claims} {{ {it} a zel:Claim }}
      {{ GRAPH {it} {{ ?s ?p ?o }} }}
      UNION {{ GRAPH {claims} {{ {it} ?p ?o }} BIND({it} AS ?s) }}
      UNION {{ GRAPH {claims} {{ {it} {_EVIDENCE} ?s . ?s ?p ?o }} }}
      UNION {{ GRAPH {claims} {{ {it} prov:wasDerivedFrom/dct:isPartOf? ?s . ?s ?p ?o }} }}
      UNION {{ GRAPH {claims} {{ {it} prov:wasGeneratedBy/prov:used? ?s . ?s ?p ?o }} }}
    }}"""


def table(iri: str, base: str) -> str:
    """A table: what is said of it, its rows, and the runs that made claims of them.

    :raises ValueError: if `iri` is no absolute IRI
    """
    it = iri_ref(iri)
    return f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{base}graph/claims> {{
      {{ {it} ?p ?o BIND({it} AS ?s) }}
      UNION {{ ?s dct:isPartOf {it} ; ?p ?o }}
      UNION {{ {runs(iri)} ?s ?p ?o }}
    }} }}"""


def runs(iri: str) -> str:
    """A pattern for the runs that used a table, as `?s`, and for what else they used.

    :raises ValueError: if `iri` is no absolute IRI
    """
    return f"?run prov:used {iri_ref(iri)} . ?run prov:used? ?s . FILTER(?s != {iri_ref(iri)})"


def graph(iri: str, limit: int | None = None) -> str:
    """A named graph, whole or up to so many triples.

    :raises ValueError: if `iri` is no absolute IRI
    """
    end = "" if limit is None else f" LIMIT {limit}"
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {iri_ref(iri)} {{ ?s ?p ?o }} }}{end}"


def version(iri: str, graph: str) -> str:
    """A named graph, if it holds an ontology whose version is named `iri` (OWL 2, section 3.1); else nothing.

    :raises ValueError: if `iri` is no absolute IRI
    """
    return f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{
      GRAPH {iri_ref(graph)} {{ ?ontology owl:versionIRI {iri_ref(iri)} . ?s ?p ?o }}
    }}"""


def size(iri: str) -> str:
    """How many triples a named graph has, counted no further than one more than `COUNTED`.

    :raises ValueError: if `iri` is no absolute IRI
    """
    some = f"SELECT ?s WHERE {{ GRAPH {iri_ref(iri)} {{ ?s ?p ?o }} }} LIMIT {COUNTED + 1}"
    return f"SELECT (COUNT(*) AS ?count) WHERE {{ {{ {some} }} }}"
