"""The stand-in for Wikidata, and clients that are closed again."""

from __future__ import annotations

import pytest
from remote_questions import Clients
from wikidata_stand_in import StandIn, synthetic_items


@pytest.fixture
def client():
    clients = Clients()
    yield clients
    clients.close()


@pytest.fixture
def wikidata():
    with StandIn().add(synthetic_items(400)) as stand_in:
        yield stand_in


@pytest.fixture
def remote():
    with StandIn().add(synthetic_items(5)) as stand_in:
        yield stand_in
