"""A small project of our own text, complete enough to be built, for tests that break it on purpose."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from patience import PATIENCE
from processes import forking

ROOT = Path(__file__).resolve().parent.parent
TEXT = "Le laboratoire ouvrira en mai 2031. Deux parties le gèrent.\n"

KG_TOML = """\
[project]
name = "small"
base = "https://example.org/small/"

[project.title]
en = "A small graph"
fr = "Un petit graphe"
ar = "بيان صغير"
"""

SOURCES = f"""\
documents:
  note:
    title: {{fr: Une note}}
    language: fr
    publisher: Example
    licence: Written for this test.
    date: 2026-11
    sha256: {hashlib.sha256(TEXT.encode()).hexdigest()}
    text: note.fr.txt
    sentences: [[0, 35], [36, 59]]
"""

ENTITIES = """\
entities:
  lab:
    type: Laboratory
    label: {ar: المختبر, fr: Le laboratoire, en: The laboratory}
  city:
    type: Place
    label: {ar: المدينة, fr: La ville, en: The city}
"""

CLAIMS = """\
statedIn: note
assertedBy: note
reviewStatus: reviewed
checkable: true

claims:
  - id: N1
    factId: N1
    gloss: {en: The laboratory will open.}
    modality: planned
    says:
      id: lab
      name: {fr: Le laboratoire}
      lifecycleStatus: planned
    evidence: {sentence: 1, start: 0, end: 22, exact: Le laboratoire ouvrira}

  - id: N2
    factId: N2
    gloss: {en: Two parties run it.}
    modality: claimed
    says:
      id: lab
      characterisedAs: {fr: Deux parties}
    evidence: {sentence: 2, start: 36, end: 48, exact: Deux parties}
"""


def make(folder: Path, **changed: str) -> Path:
    """Write the project into `folder`; `claims`, `sources`, `entities` or `toml` replace a file's text."""
    (folder / "data" / "claims").mkdir(parents=True)
    (folder / "texts").mkdir()
    (folder / "kg.toml").write_text(changed.get("toml", KG_TOML), encoding="utf-8")
    (folder / "data" / "sources.yaml").write_text(changed.get("sources", SOURCES), encoding="utf-8")
    (folder / "data" / "entities.yaml").write_text(changed.get("entities", ENTITIES), encoding="utf-8")
    (folder / "data" / "claims" / "note.yaml").write_text(changed.get("claims", CLAIMS), encoding="utf-8")
    (folder / "texts" / "note.fr.txt").write_text(TEXT, encoding="utf-8")
    return folder


def kg(*arguments: str | Path, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, as a person does."""
    search = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    told = {**clean, "PYTHONPATH": search, "NO_COLOR": "1", **environ}
    if any(name.startswith("PYTHON") for name in environ):  # what Python reads when it begins
        command = [sys.executable, "-m", "kg", *map(str, arguments)]
        return subprocess.run(
            command, cwd=cwd, env=told, capture_output=True, text=True, encoding="utf-8", check=False, timeout=PATIENCE
        )
    return forking.run(*map(str, arguments), cwd=cwd, environ=told)
