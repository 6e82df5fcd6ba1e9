"""The wheel: built, installed into a new environment, used outside of the checkout."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run([*command, "--disable-pip-version-check"], capture_output=True, text=True, check=False)
    if "No matching distribution found for hatchling" in done.stderr:
        pytest.skip("the build backend cannot be fetched: no network")
    assert done.returncode == 0, done.stderr
    return next(folder.glob("zellige-*.whl"))


def test_it_holds_two_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"kg", "server", "zellige"}
    data = {name for name in names if name.startswith("kg/_data/")}
    assert {"kg/_data/kg.toml", "kg/_data/ontology/core.ttl", "kg/_data/shapes/claims.ttl"} <= data
    assert any(name.startswith("kg/_data/data/claims/") for name in data)
    assert "kg/py.typed" in names
    assert any(name.startswith("server/pages/templates/") for name in names)
    assert any("LICENSE" in name for name in names)


def test_an_installed_wheel_builds_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    # The dependencies are those of this environment, so that the test needs no second download of them.
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False, symlinks=True)
    site = next((environment / "lib").glob("python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    others = Path(sysconfig.get_paths()["purelib"])
    for entry in others.iterdir():
        if entry.name != "__pycache__" and "zellige" not in entry.name and not (site / entry.name).exists():
            (site / entry.name).symlink_to(entry)
    python = environment / "bin" / "python"
    work = tmp_path / "work"
    work.mkdir()
    run = [str(python), "-I", "-m", "kg"]
    built = subprocess.run([*run, "build", "--first-graph"], cwd=work, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert Path(built.stdout.strip()).parent == work / "releases"
    where = subprocess.run(
        [str(python), "-I", "-c", "import kg; print(kg.__file__)"], capture_output=True, text=True, check=True
    )
    assert where.stdout.startswith(str(site))
    asked = subprocess.run(
        [*run, "query", "-", "--format", "csv"],
        cwd=work,
        capture_output=True,
        text=True,
        check=False,
        input="SELECT (COUNT(*) > 100 AS ?many) { GRAPH ?g { ?s ?p ?o } }",
    )
    assert asked.stdout.split() == ["many", "true"], asked.stderr
