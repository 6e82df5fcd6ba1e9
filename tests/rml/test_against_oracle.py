"""The mapper gives what a slow, obvious interpreter gives, on random mappings and random data."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, event, given, settings
from rml.datasets import canonical, from_oracle
from rml.oracle import Fault, interpret
from rml.strategies import Case, cases

from kg.errors import KgError

rml = pytest.importorskip("kg.rml.turtle", reason="the mapper is not merged yet")
from kg.rml import map_to  # noqa: E402

BASE = "http://example.com/"


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases())
def test_the_mapper_agrees_with_the_oracle(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mapping = case.write(Path(folder))
        output = io.BytesIO()
        try:
            expected = canonical(from_oracle(interpret(mapping, BASE)))
        except Fault as fault:
            expected, event_name = None, f"refused: {str(fault)[:20]}"
        else:
            event_name = "mapped" if expected else "mapped to nothing"
        event(event_name)
        try:
            map_to(mapping, output, base=BASE)
            given = canonical(ox.parse(output.getvalue(), ox.RdfFormat.N_QUADS))
        except KgError as error:
            given, event_name = None, str(error)
        assert given == expected, event_name
