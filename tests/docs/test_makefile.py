"""`make` finds a Python that is new enough, and says what to do where there is none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKE = shutil.which("make")
OLD, NEW = "exit 1", 'echo "$0 $@" >> calls'


def run(folder: Path, *arguments: str, **pythons: str) -> subprocess.CompletedProcess[str]:
    """`make run` in a folder of its own, where only these commands are Pythons."""
    if MAKE is None:
        pytest.skip("make is absent")
    (folder / "bin").mkdir()
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    for name, script in pythons.items():
        command = folder / "bin" / name.replace("_", ".")
        command.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        command.chmod(0o755)
    return subprocess.run(
        [MAKE, "run", *arguments],
        cwd=folder,
        env={"PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("pythons", "chosen"),
    [
        ({"python3": NEW}, "python3"),
        ({"python3": OLD, "python3_13": NEW}, "python3.13"),
        ({"python3": NEW, "python3_11": NEW}, "python3.11"),
    ],
)
def test_the_first_that_is_new_enough_makes_the_environment(
    tmp_path: Path, pythons: dict[str, str], chosen: str
) -> None:
    run(tmp_path, **pythons)
    assert f"{tmp_path}/bin/{chosen} -m venv .venv" in (tmp_path / "calls").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [(), ("PYTHON=python3",), ("PYTHON=absent",)])
def test_without_one_it_says_what_is_needed(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run(tmp_path, *arguments, python3=OLD)
    assert done.returncode == 2
    assert "Zellige needs Python 3.11 or later" in done.stderr
    assert "make PYTHON=/path/to/python" in done.stderr
