"""One local session of Spark for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rml.spark.runs import LACKS, SMALL, Run

from kg.rml.spark import spark_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Two cores of this machine. Below `viewfs://kg/t` are the folders of the tests, as on a file system elsewhere."""
    if LACKS:
        pytest.skip(f"Spark cannot run here without {' and '.join(LACKS)}")
    mounted = {"spark.hadoop.fs.viewfs.mounttable.kg.link./t": tmp_path_factory.getbasetemp().as_uri()}
    with spark_session("local[2]", {**SMALL, **mounted}) as made:
        yield made


@pytest.fixture
def run(session: SparkSession, tmp_path: Path) -> Run:
    return Run(session, tmp_path)
