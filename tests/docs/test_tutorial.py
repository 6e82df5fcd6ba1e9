"""The tutorial is followed literally: every shell block, in order, in one shell session."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def shell_with_kg(tmp_path: Path) -> dict[str, str]:
    """An environment in which `kg` is this checkout."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    script = bin_folder / "kg"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
    script.chmod(0o755)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    return {**clean, "PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def blocks(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def run(script: str, folder: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )


def test_the_tutorial_works_as_it_is_written(tmp_path: Path, shell_with_kg: dict[str, str]) -> None:
    done = run("\n".join(blocks("tutorial.md")), tmp_path, shell_with_kg)
    assert done.returncode == 0, done.stderr
    assert "2 quotes match in 1 documents; 0 claims rest on a document as a whole" in done.stdout
    assert "40000000" in done.stdout
    assert "about 40 million euros" in done.stdout
    assert (tmp_path / "harbour" / "releases" / "current" / "graph.nq.gz").is_file()


def test_its_mistake_is_answered_as_it_says(tmp_path: Path, shell_with_kg: dict[str, str]) -> None:
    script = "\n".join(blocks("tutorial.md")).replace("modality: planned", "modality: plannd")
    done = run(script, tmp_path, shell_with_kg)
    assert done.returncode == 1
    assert (
        "data/claims/notice.yaml:21: the scheme 'modality' has no name 'plannd' (did you mean 'planned'?)"
        in done.stderr
    )
