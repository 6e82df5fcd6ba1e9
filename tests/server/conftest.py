"""The tiny release, served in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from tiny import write_release

from server.app import create_app
from server.settings import Settings


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release; read-only by agreement."""
    folder = tmp_path_factory.mktemp("releases")
    write_release(folder)
    return folder


@pytest.fixture(scope="session")
def app(releases: Path) -> Flask:
    """The application over the tiny release; it holds nothing that a request changes."""
    return create_app(Settings(releases))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application over the tiny release."""
    return app.test_client()
