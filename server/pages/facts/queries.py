"""The query behind each block of a page, to be changed and asked again."""

from __future__ import annotations

from typing import Final

from kg.terms import PREFIXES
from server.lookup import iri_ref
from server.pages import describe
from server.releases import Release

_DERIVED: Final = ", ".join(describe.DERIVED)


def who_says(release: Release, iri: str) -> str:
    """What claims say of a thing, with who says it, where and in which words.

    :raises ValueError: if `iri` is no absolute IRI
    """
    register = f"<{release.minter.graph('claims')}>"
    return f"""PREFIX zel: <{PREFIXES["zel"]}>
SELECT ?property ?value ?claim ?who ?document ?quote ?modality ?review ?contradicts WHERE {{
  GRAPH ?claim {{ {iri_ref(iri)} ?property ?value }}
  GRAPH {register} {{
    ?claim a zel:Claim .
    OPTIONAL {{ ?claim zel:assertedBy ?who }}
    OPTIONAL {{ ?claim zel:statedIn ?document }}
    OPTIONAL {{ ?claim zel:quote ?quote }}
    OPTIONAL {{ ?claim zel:modality ?modality }}
    OPTIONAL {{ ?claim zel:reviewStatus ?review }}
    OPTIONAL {{ ?claim zel:contradicts ?contradicts }}
  }}
}} ORDER BY ?property ?claim
"""


def what_holds(release: Release, iri: str) -> str:
    """What the derived graph and the registers say of a thing.

    :raises ValueError: if `iri` is no absolute IRI
    """
    triple = f"{iri_ref(iri)} ?property ?value"
    registers = ", ".join(f"<{release.minter.graph(name)}>" for name in describe.REGISTERS)
    return f"""SELECT DISTINCT ?property ?value WHERE {{
  {{ {triple} }} UNION {{ GRAPH ?graph {{ {triple} }} FILTER (?graph IN ({registers})) }}
}} ORDER BY ?property
"""


def what_refers(release: Release, iri: str, link: str | None = None) -> str:
    """What refers to a thing, by one property or by any; a claim is named where one says it.

    :raises ValueError: if `iri` or `link` is no absolute IRI
    """
    path = "?property" if link is None else iri_ref(link)
    columns = "?property ?subject ?graph" if link is None else "?subject ?graph"
    triple = f"?subject {path} {iri_ref(iri)}"
    views = ", ".join(f"<{release.minter.graph(name)}>" for name in ("stated", "other"))
    left_out = "" if link else f"\n  FILTER (?property NOT IN ({_DERIVED}))"
    return f"""PREFIX zel: <{PREFIXES["zel"]}>
SELECT DISTINCT {columns} WHERE {{
  {{ {triple} }} UNION {{ GRAPH ?graph {{ {triple} }} FILTER (?graph NOT IN ({views})) }}{left_out}
}} ORDER BY {columns}
"""
