"""The tiny release, served in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from server.app import create_app
from server.settings import Settings
from tiny import write_release


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release; read-only by agreement."""
    folder = tmp_path_factory.mktemp("releases")
    write_release(folder)
    return folder


@pytest.fixture
def client(releases: Path) -> FlaskClient:
    """A client of the application over the tiny release."""
    return create_app(Settings(releases)).test_client()
