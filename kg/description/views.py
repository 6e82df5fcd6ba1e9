"""The views of a release in VoID."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from kg.description.counts import Counts
from kg.description.terms import integer, triple
from kg.sparql.dataset import VIEWS, address
from kg.terms import Minter

_VIEW_NAMES: Final = {
    "reviewed": {"en": "What is reviewed", "fr": "Ce qui est relu", "ar": "المُراجَع"},
    "stated": {"en": "What is stated", "fr": "Ce qui est énoncé", "ar": "المذكور"},
    "everything": {"en": "Everything", "fr": "Tout", "ar": "الكل"},
}
_VIEW_WORDS: Final = {
    "reviewed": {
        "en": "The default graph: what claims say that are reviewed and that no other reviewed claim contradicts.",
        "fr": "Le graphe par défaut : ce que disent les énoncés relus qu'aucun autre énoncé relu ne contredit.",
        "ar": "المخطط الافتراضي: ما تقوله الأقوال المراجَعة التي لا يناقضها قول آخر مراجَع.",
    },
    "stated": {
        "en": "What every claim says that is not rejected, with what is known of the claims.",
        "fr": "Ce que disent tous les énoncés qui ne sont pas rejetés, avec ce que l'on sait d'eux.",
        "ar": "ما تقوله كل الأقوال غير المرفوضة، مع ما يُعرف عنها.",
    },
    "everything": {
        "en": "All graphs as one.",
        "fr": "Tous les graphes en un seul.",
        "ar": "كل المخططات في مخطط واحد.",
    },
}


def views(counts: Counts, base: str) -> Iterator[ox.Triple]:
    """Each view as a subset with its address, its size and the graphs that it is joined of."""
    for view in VIEWS.values() if counts.views else ():
        iri = address(base, view.name)
        yield triple(base + "dataset", "void:subset", ox.NamedNode(iri))
        yield triple(iri, "rdf:type", "void:Dataset")
        yield triple(iri, "void:triples", integer(counts.views[view.name]))
        yield triple(iri, "void:sparqlEndpoint", ox.NamedNode(f"{base}sparql"))
        for graph in view.graphs:
            if graph:
                yield triple(iri, "dct:source", ox.NamedNode(Minter(base).graph(graph)))
        for predicate, words in (("dct:title", _VIEW_NAMES), ("dct:description", _VIEW_WORDS)):
            for language, text in words[view.name].items():
                yield triple(iri, predicate, ox.Literal(text, language=language))
