"""Views give what a slow, obvious interpreter gives, on random views and data; processes write what one writes.

`KG_VIEW_CASES=500` tries as many.
"""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

import pyoxigraph as ox
from hypothesis import HealthCheck, event, given, settings
from rml.datasets import canonical, from_oracle
from rml.oracle.interpreter import interpret
from rml.oracle.terms import Fault
from rml.strategies import Case
from rml.views.random_views import view_cases

from kg.errors import KgError
from kg.rml import OnError, map_to

BASE = "http://example.com/"
TRIES = int(os.environ.get("KG_VIEW_CASES", "20"))


@settings(
    max_examples=TRIES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(view_cases())
def test_views_agree_with_the_oracle(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mapping = case.write(Path(folder))
        output = io.BytesIO()
        try:
            expected = canonical(from_oracle(interpret(mapping, BASE)))
        except Fault as fault:
            expected, told = None, f"refused: {str(fault)[:20]}"
        else:
            told = "mapped" if expected else "mapped to nothing"
        event(told)
        try:
            map_to(mapping, output, base=BASE)
            made = canonical(ox.parse(output.getvalue(), ox.RdfFormat.N_QUADS))
        except KgError as error:
            made, told = None, str(error)
            if expected is not None and all(problem.code == "absent" for problem in error.problems):
                # The oracle knows no references that nothing answers to; where rows are skipped, they are told.
                output = io.BytesIO()
                map_to(mapping, output, base=BASE, on_error=OnError.SKIP)
                made = canonical(ox.parse(output.getvalue(), ox.RdfFormat.N_QUADS))
        assert made == expected, told


@settings(
    max_examples=max(TRIES // 8, 2),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(view_cases())
def test_workers_write_the_views_of_one_process(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        mapping = case.write(Path(folder))
        outcomes: list[bytes | str] = []
        for workers in (1, 3):
            output = io.BytesIO()
            try:
                map_to(mapping, output, base=BASE, workers=workers)
            except KgError as error:
                outcomes.append(str(error))
            else:
                outcomes.append(output.getvalue())
        assert outcomes[0] == outcomes[1]
