"""A folder with shapes, data that conform and data that do not; it is the working directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.validate.validating import BAD, GOOD, SHAPES


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"s.ttl": SHAPES, "good.ttl": GOOD, "bad.ttl": BAD}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path
