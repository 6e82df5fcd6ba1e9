"""What several test folders share: the project's root and the third-party data beside it."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from kg import pipeline
from kg.config import read_config
from kg.release import Release

ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """With several processes, tests of one `xdist_group` run in one of them."""
    if config.getoption("dist", "no") == "load":
        config.option.dist = "loadgroup"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party test data: `KG_SHARED`, or `../shared` beside the checkout."""
    folder = Path(os.environ.get("KG_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the shared test data are absent (set KG_SHARED to their folder)")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The first graph, built once from this checkout into a folder of its own."""
    config = dataclasses.replace(read_config(ROOT, {}), releases_dir=tmp_path_factory.mktemp("releases"))
    return pipeline.build(config, lambda _: None)
