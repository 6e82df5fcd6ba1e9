"""A release as an rdflib `Dataset`, without copying it.

Two lines do the same outside Zellige, with oxrdflib 0.5::

    store = oxrdflib.OxigraphStore(store=pyoxigraph.Store.read_only("releases/current/store"))
    dataset = rdflib.Dataset(store=store)

The dataset answers SPARQL with Oxigraph's engine and cannot be written. `dataset.graph(claim_iri)` is the graph of
one claim. Three things to know:

- `for s, p, o, g in dataset` runs over all graphs; in rdflib 7.6 `g` is None for the default graph.
- Plain strings come back with the datatype xsd:string, which rdflib holds to differ from a literal without one:
  ask for `Literal("x", datatype=XSD.string)` in `triples()`; SPARQL finds both.
- rdflib rewrites some literals as it reads them, here and from every file: a dateTime or time in `Z` becomes `+00:00`,
  parts of a second are filled to six digits, a date loses its zone, and doubles take Python's form. Set
  `rdflib.NORMALIZE_LITERALS = False` first to keep the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import store

if TYPE_CHECKING:
    from rdflib import Dataset

    from kg.release import Release


def as_dataset(release: Release) -> Dataset:
    """Open a release as an rdflib Dataset over its read-only store.

    :raises ReleaseError: if the store does not open
    """
    import rdflib
    from oxrdflib import OxigraphStore

    return rdflib.Dataset(store=OxigraphStore(store=store.read(release.store_path)))
