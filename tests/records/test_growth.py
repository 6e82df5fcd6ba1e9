"""What reading costs, in calls of functions: ten times the claims take ten times as many, faulty ones too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from costs import calls
from growth import tabular, written

from kg.config import Config, read_config
from kg.errors import DataError, RecordError
from kg.paths import data_dir
from kg.records import compare, read_records, verify
from kg.tables import Tables
from kg.vocabulary import read_vocabulary

FEW, MANY = 20, 200
BOUND = 12


def config(folder: Path) -> Config:
    return read_config(folder, {})


@pytest.fixture(scope="module", autouse=True)
def _vocabulary_at_hand() -> None:
    read_vocabulary(data_dir("ontology"))  # the first reading loads modules


def test_reading_and_verifying_grow_as_the_claims_do(tmp_path: Path) -> None:
    vocabulary = read_vocabulary(data_dir("ontology"))
    small, large = (config(written(tmp_path / str(n), n)) for n in (FEW, MANY))

    def read(of: Config) -> Callable[[], object]:
        return lambda: verify(read_records(of, vocabulary), of.root / "data" / "texts")

    read(small)()
    assert calls(read(large)) < BOUND * calls(read(small))


def test_a_text_that_was_moved_by_a_character_costs_no_more_for_each_quote(tmp_path: Path) -> None:
    """All quotes are wrong, and their words stand as often as there are quotes."""
    vocabulary = read_vocabulary(data_dir("ontology"))
    taken = []
    for count in (FEW, MANY):
        project = config(written(tmp_path / str(count), count))
        path = project.root / "data" / "texts" / "note.txt"
        path.write_text(f"x{path.read_text(encoding='utf-8')}", encoding="utf-8")
        records = read_records(project, vocabulary)
        taken.append(calls(partial(compare, records, path.parent)))
    few, many = taken
    assert many < BOUND * few


def test_claims_that_name_what_nobody_knows_are_read_in_the_same_time(tmp_path: Path) -> None:
    """A hint looks at every name that there is: after a hundred there are no more, and what is wrong is told still."""
    vocabulary = read_vocabulary(data_dir("ontology"))
    project = config(written(tmp_path, 1200, faulty=True))
    with pytest.raises(RecordError) as raised:
        read_records(project, vocabulary)
    problems = raised.value.problems
    assert len(problems) == 120
    assert all(problem.message.startswith("unknown name 'regoin") for problem in problems)
    hints = Counter(problem.hint for problem in problems)
    assert hints == {"did you mean 'region'?": 100, "declare it in entities.yaml, or correct the name": 20}


def test_one_name_that_nobody_knows_has_its_hint_wherever_it_stands(tmp_path: Path) -> None:
    vocabulary = read_vocabulary(data_dir("ontology"))
    folder = written(tmp_path, 300)
    for path in (folder / "data" / "claims").iterdir():
        path.write_text(path.read_text(encoding="utf-8").replace("locatedIn: region", "locatedIn: regoin"), "utf-8")
    with pytest.raises(RecordError) as raised:
        read_records(config(folder), vocabulary)
    assert [problem.hint for problem in raised.value.problems] == ["did you mean 'region'?"] * 300


def test_rows_whose_ids_stand_in_two_tables_are_told_without_reading_a_table_for_each(tmp_path: Path) -> None:
    vocabulary = read_vocabulary(data_dir("ontology"))

    def twice(count: int) -> Config:
        folder = tabular(tmp_path / f"twice-{count}", count)
        place = folder / "data" / "tables"
        entry = (place / "tables.yaml").read_text(encoding="utf-8").removeprefix("tables:\n")
        again = entry.replace("dams:", "weirs:")
        (place / "tables.yaml").write_text(f"tables:\n{entry}{again}", encoding="utf-8")
        for suffix in (".csv", ".rml.ttl"):
            text = (place / f"dams{suffix}").read_text(encoding="utf-8")
            (place / f"weirs{suffix}").write_text(text.replace("dams.csv", "weirs.csv"), encoding="utf-8")
        return config(folder)

    def refused(of: Config) -> Callable[[], object]:
        def work() -> None:
            with pytest.raises(DataError) as raised:
                Tables(of, vocabulary).claim_ids()
            assert "is a row of data/tables/dams.csv too" in str(raised.value.problems[0])

        return work

    small, large = twice(FEW), twice(MANY)
    refused(small)()
    assert calls(refused(large)) < BOUND * calls(refused(small))
