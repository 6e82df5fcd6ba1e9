"""The mapper gives what a slow, obvious interpreter gives, on random mappings and random data."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, event, given, settings
from patience import trials
from rml.by_hand import BY_HAND, REFUSED, write, write_refused
from rml.datasets import canonical, from_oracle, lenient_nquads
from rml.oracle.interpreter import interpret
from rml.oracle.terms import Fault
from rml.strategies import Case, cases

from kg.errors import KgError
from kg.rml import OnError, map_to

BASE = "http://example.com/"


@settings(
    max_examples=trials(150), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
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
            if expected is not None and all(problem.code == "absent" for problem in error.problems):
                # The oracle knows no references that nothing answers to; where rows are skipped, they are told.
                output = io.BytesIO()
                map_to(mapping, output, base=BASE, on_error=OnError.SKIP)
                given = canonical(ox.parse(output.getvalue(), ox.RdfFormat.N_QUADS))
        assert given == expected, event_name


@settings(
    max_examples=trials(50), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(cases())
def test_workers_write_what_one_process_writes(case: Case) -> None:
    """The same bytes, or the same faults: indexes of joins go from one process to others on the way."""
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


@pytest.mark.parametrize(
    ("files", "mapping", "lines"), [case[1:] for case in BY_HAND], ids=[case[0] for case in BY_HAND]
)
def test_cases_worked_out_by_hand(files: dict[str, str], mapping: str, lines: list[str], tmp_path: Path) -> None:
    output = io.BytesIO()
    map_to(write(tmp_path, files, mapping), output, base=BASE)
    expected = lenient_nquads("".join(f"{line} .\n" for line in lines))
    assert canonical(ox.parse(output.getvalue(), ox.RdfFormat.N_QUADS)) == canonical(expected)


@pytest.mark.parametrize(("objects", "cell"), REFUSED)
def test_what_is_not_allowed_is_refused(objects: str, cell: str, tmp_path: Path) -> None:
    with pytest.raises(KgError):
        map_to(write_refused(tmp_path, objects, cell), io.BytesIO(), base=BASE)
