"""The wheel: built, installed into a new environment, used outside of the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EDITOR = ("server/static/query.js", "server/static/THIRDPARTY.txt")


def build(checkout: Path, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Build the wheel of a checkout into a folder."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(checkout)]
    done = subprocess.run(
        [*command, "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environ},
    )
    if "No matching distribution found for hatchling" in done.stderr:
        pytest.skip("the build backend cannot be fetched: no network")
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = build(ROOT, folder)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("zellige-*.whl"))


def test_it_holds_two_packages_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"kg", "server", "zellige"}
    data = {name for name in names if name.startswith("kg/_data/")}
    assert {
        "kg/_data/kg.toml",
        "kg/_data/ontology/core/layer.toml",
        "kg/_data/ontology/core/shapes/claims.ttl",
        "kg/_data/ontology/public-policy/terms.csv",
        "kg/_data/vocabulary/morocco.ttl",
    } <= data
    assert any(name.startswith("kg/_data/data/claims/") for name in data)
    assert "kg/py.typed" in names
    assert any(name.startswith("server/pages/templates/") for name in names)
    assert any("LICENSE" in name for name in names)
    words = {name.removeprefix("server/pages/locale/") for name in names if name.startswith("server/pages/locale/")}
    assert words >= {"messages.pot", "ar/LC_MESSAGES/messages.mo", "fr/LC_MESSAGES/messages.mo"}
    assert not any(name.endswith(".po") for name in words)
    # The editor is not in git: it goes along where it was made.
    assert {name for name in EDITOR if name in names} == {name for name in EDITOR if (ROOT / name).is_file()}


def test_a_wheel_to_be_published_has_the_editor_or_is_not_built(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    left_out = shutil.ignore_patterns(
        ".git", ".venv*", "releases", "node_modules", "build", "dist", "tests", "bench", "query.js", "THIRDPARTY.txt"
    )
    shutil.copytree(ROOT, checkout, ignore=left_out)
    done = build(checkout, tmp_path / "wheels", KG_RELEASE="1")
    assert done.returncode != 0
    assert "run 'make assets' before the wheel is built" in done.stdout + done.stderr


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
    # Its words are compiled.
    said = "from server.pages import language as l; print(l.words('fr')['home'], l.counted('ar', 'pages.table_of', 2))"
    spoken = subprocess.run([python, "-I", "-c", said], cwd=work, capture_output=True, text=True, check=True)
    assert spoken.stdout.split() == ["Accueil", "سطران"]
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
