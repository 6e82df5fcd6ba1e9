"""Which graphs a query reads: the views of a release, and the ways in which people name them.

A release has three views. `reviewed` is its default graph. `stated` is what every claim states that is not rejected,
with what is known of the claims. `everything` is the union of all graphs. Each view has an address, and is joined of
graphs that have no statement in common: an engine which reads several graphs as one gives a statement as often as
it stands there, and so none comes twice.
"""

from __future__ import annotations

from kg.sparql.dataset.placing import Asked, Placed, place
from kg.sparql.dataset.views import (
    DEFAULT_GRAPH,
    REVIEWED,
    UNION_GRAPH,
    VIEWS,
    View,
    address,
    merged,
    view_of,
)

__all__ = [
    "DEFAULT_GRAPH",
    "REVIEWED",
    "UNION_GRAPH",
    "VIEWS",
    "Asked",
    "Placed",
    "View",
    "address",
    "merged",
    "place",
    "view_of",
]
