"""Copies of the folder of layers that a test may spoil."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from kg.ontology import AXIOMS_FILE
from kg.paths import LAYER_FILE
from kg.vocabulary import SCHEMES_FILE, TERMS_FILE

FOLDER = Path(__file__).resolve().parents[2] / "ontology"
LAYERS = ("core", "public-policy")


def copy_sources(tmp_path: Path) -> Path:
    """The written files of the layers, without those that are generated from them."""
    folder = tmp_path / "ontology"
    for layer in LAYERS:
        (folder / layer).mkdir(parents=True)
        for name in (LAYER_FILE, TERMS_FILE, SCHEMES_FILE, AXIOMS_FILE, "default-graph.rq"):
            if (FOLDER / layer / name).is_file():
                shutil.copy(FOLDER / layer / name, folder / layer / name)
        shapes = (
            path for path in (FOLDER / layer / "shapes").glob("*.ttl") if "Generated" not in path.read_text()[:99]
        )
        (folder / layer / "shapes").mkdir()
        for path in shapes:
            shutil.copy(path, folder / layer / "shapes")
    return folder


def holding(folder: Path, name: str, start: str) -> Path:
    """The file of this name of the layer in which a line begins so."""
    paths = (folder / layer / name for layer in LAYERS)
    return next(path for path in paths if f"\n{start}" in path.read_text(encoding="utf-8"))


def set_cell(folder: Path, name: str, cells: dict[str, str]) -> None:
    """Change cells of the row of a term."""
    path = holding(folder, TERMS_FILE, f"{name},")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["term"] == name:
            row.update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
