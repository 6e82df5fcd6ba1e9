"""Views as a server gives them: the graphs that a request means, and which view an answer was given over."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Final

from kg.sparql.dataset import REVIEWED, VIEWS, Asked, address, place
from server.engine import Dataset
from server.http.headers import VIEW
from server.http.protocol import Operation
from server.releases import Release

NONE: Final = Dataset()
"""The dataset of a request that says nothing of it."""
PLAIN: Final = Dataset(view=REVIEWED.name)
"""What is read for it, where its query says nothing of it either."""


def placed(operation: Operation, release: Release) -> Operation:
    """The operation over the graphs that it means.

    :raises QueryError: see `kg.sparql.dataset.place`
    """
    query, dataset = seen(operation.query, operation.dataset, release)
    return replace(operation, query=query, dataset=dataset)


def seen(query: str, dataset: Dataset, release: Release) -> tuple[str, Dataset]:
    """The query, and the graphs that are read for it.

    :raises QueryError: see `kg.sparql.dataset.place`
    """
    asked = Asked(query, dataset.default, dataset.named, dataset.view)
    found = place(asked, release.base, has_views=release.has_views, union=release.union)
    return found.query, Dataset(found.default, found.named, found.view, found.joined)


def view_headers(dataset: Dataset, release: Release) -> tuple[tuple[str, str], ...]:
    """Which view an answer was given over, and the one that has more; nothing where there are no views.

    How many rows the wider view would have is not counted: that is a second evaluation.
    """
    if dataset.view is None or not release.has_views:
        return ()
    return _headers(dataset.view, release.base)


@lru_cache(64)
def _headers(name: str, base: str) -> tuple[tuple[str, str], ...]:
    """As an item of RFC 8941 with parameters.

    >>> _headers("reviewed", "http://e/")
    (('Dataset-View', 'reviewed; wider="http://e/view/stated"; counted=?0'),)
    """
    wider = VIEWS[name].wider
    told = name if wider is None else f'{name}; wider="{address(base, wider)}"; counted=?0'
    return ((VIEW, told),)
