"""Copies of the ontology folder that a test may spoil."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "ontology"


def copy_sources(tmp_path: Path) -> Path:
    """The two written files, without those that are generated from them."""
    folder = tmp_path / "ontology"
    folder.mkdir()
    for name in ("terms.csv", "schemes.ttl"):
        shutil.copy(FOLDER / name, folder / name)
    return folder


def set_cell(folder: Path, name: str, cells: dict[str, str]) -> None:
    """Change cells of one row of terms.csv."""
    path = folder / "terms.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["term"] == name:
            row.update(cells)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
