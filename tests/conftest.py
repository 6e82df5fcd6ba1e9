"""What several test folders share: the project's root and the third-party data beside it."""

from __future__ import annotations

import dataclasses
import fcntl
import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import HealthCheck, settings
from shared_data import ABSENT, SHARED

from kg import pipeline
from kg.config import read_config
from kg.release import CURRENT, Release, open_release

ROOT = Path(__file__).resolve().parent.parent

# A busy machine is no fault of what is tested.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


LONGEST = (
    "tests/server/pages/test_links.py",
    "tests/rml/spark/test_command.py",
    "tests/browser/test_browser.py",
    "tests/server/test_schemathesis.py",
    "tests/unit/test_release_failures.py",
    "tests/browser/test_query_path.py",
    "tests/browser/test_tasks.py",
    "tests/browser/test_hostile.py",
    "tests/bench/test_fuzz.py",
    "tests/shacl/incremental/test_deltas.py",
    "tests/records/test_first_graph.py",
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


TOGETHER = ("tests/rml/spark/",)
"""Folders whose tests run in one process, since what they share is slow to start: a session of Spark takes ten seconds."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Tests of a file run in one process, and so do those of some folders."""
    if config.getoption("dist", "no") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((folder for folder in TOGETHER if nodeid.startswith(folder)), super()._split_scope(nodeid))

    return Scheduling(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without the collector of cycles, and keep it from all that is there then.

    Some eighteen thousand tests and what they import live as long as the run. Else each full collection walks through
    all of them to free nothing, and whatever makes many values, as every build does, pays for that again and again.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> Iterator[None]:
    """Look for examples in the docstrings of modules that have any: the others need not even be imported for that."""
    found = yield
    if any(isinstance(one, DoctestModule) for one in found) and b">>>" not in file_path.read_bytes():
        return [one for one in found if not isinstance(one, DoctestModule)]
    return found


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
    """The first graph, built from this checkout once for all processes of a run; read-only by agreement."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "first-graph"
    folder.mkdir(exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "releases" / CURRENT).exists():
            return open_release(folder / "releases")
        config = dataclasses.replace(read_config(ROOT, {}), releases_dir=folder / "releases")
        return pipeline.build(config, lambda _: None)
