"""Candidates from a SPARQL endpoint: items whose label is a name of the thing, letter for letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Literal

from kg.linking.model import Candidate, Threshold, Wanted, best
from kg.sparql.receipt import Meter
from kg.sparql.remote import RemoteClient
from kg.terms import PREFIXES

_BATCH: Final = 100
"""Names in one request."""
_CONFIDENCE: Final = (0.5, 0.7, 0.8)
"""By the number of languages whose label agrees: names are shared by many items."""
_QUERY: Final = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?item ?label WHERE {{
  VALUES ?label {{ {names} }}
  ?item rdfs:label ?label .
  FILTER (STRSTARTS(STR(?item), "{entities}Q"))
}}
"""


def ask_endpoint(
    endpoint: str, things: Sequence[Wanted], client: RemoteClient, threshold: Threshold
) -> list[Candidate]:
    """The candidates of the things that reach the threshold.

    The client must be allowed to ask the endpoint.

    :raises RemoteFailed: if the endpoint gives no usable answer
    """
    owners: dict[str, list[tuple[Wanted, str]]] = defaultdict(list)
    for thing in things:
        for language, name in thing.labels.items():
            owners[str(Literal(name, language=language))].append((thing, language))
    until = client.clock() + client.settings.seconds
    agreed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for qid, label in _rows(endpoint, list(owners), client, until):
        for thing, language in owners.get(label, ()):
            if qid not in thing.excluded:
                agreed[thing.iri, qid].append(language)
    return [
        candidate
        for thing in things
        for candidate in best(
            (
                _candidate(endpoint, thing, qid, languages)
                for (iri, qid), languages in agreed.items()
                if iri == thing.iri
            ),
            threshold,
        )
    ]


def _rows(endpoint: str, names: Sequence[str], client: RemoteClient, until: float) -> Iterator[tuple[str, str]]:
    meter = Meter(endpoint)
    for start in range(0, len(names), _BATCH):
        query = _QUERY.format(names=" ".join(names[start : start + _BATCH]), entities=PREFIXES["wd"])
        table = client.select(endpoint, query, ("item", "label"), meter, until=until)
        for item, label in table.rows:
            if item is not None and label is not None and item[1:-1].removeprefix(PREFIXES["wd"])[1:].isdigit():
                yield item[1:-1].removeprefix(PREFIXES["wd"]), label


def _candidate(endpoint: str, thing: Wanted, qid: str, languages: Sequence[str]) -> Candidate:
    ordered = [language for language in thing.labels if language in languages]
    told = "; ".join(f"'{thing.labels[language]}' ({language})" for language in ordered)
    confidence = _CONFIDENCE[min(len(ordered), len(_CONFIDENCE)) - 1]
    return Candidate(thing.iri, qid, thing.labels[ordered[0]], confidence, f"same label at {endpoint}: {told}")
