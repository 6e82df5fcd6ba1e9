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


LONGEST = (
    "tests/server/pages/test_links.py",
    "tests/browser/test_browser.py",
    "tests/browser/test_query_path.py",
    "tests/browser/test_tasks.py",
    "tests/browser/test_hostile.py",
    "tests/bench/test_fuzz.py",
    "tests/shacl/incremental/test_deltas.py",
    "tests/server/pages/test_one_view.py",
    "tests/packaging/test_wheel.py",
    "tests/docs/test_site.py",
)
"""Files whose tests take long: begun last, one of them would keep one process busy while the others have nothing left."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """With several processes, the tests of a file run in one of them: what they share is started once."""
    if config.getoption("dist", "no") == "load":
        config.option.dist = "loadfile"
        # As they are ordered here, and not the files with the most tests first.
        config.option.loadscopereorder = False


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take longest first, all others in the order that they have, which is random."""
    ranks = {ROOT / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(LONGEST)))


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
