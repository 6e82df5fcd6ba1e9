"""What several test folders share: the project's root and the third-party data beside it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from shared_data import ABSENT, SHARED

from kg import pipeline
from kg.config import read_config
from kg.release import Release

ROOT = Path(__file__).resolve().parent.parent

# A busy machine is no fault of what is tested.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """With several processes, the tests of a file run in one of them: what they share is started once."""
    if config.getoption("dist", "no") == "load":
        config.option.dist = "loadfile"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party test data: `KG_SHARED`, or `../shared` beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(ABSENT)
    return SHARED


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The first graph, built once from this checkout into a folder of its own."""
    config = dataclasses.replace(read_config(ROOT, {}), releases_dir=tmp_path_factory.mktemp("releases"))
    return pipeline.build(config, lambda _: None)
