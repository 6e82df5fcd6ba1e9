"""What a newcomer types for first claims on a text of their own with a term of their own."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.main import kg

TEXT = "The strategy plans a national data centre. It will train 500 engineers, with the university of the lake.\n"
COMMANDS = (
    "kg init graph --quiet",
    "kg add document ../strategy.txt --title Strategy --language en --publisher Ministry --date 2031-05 --licence CC0",
    'kg quote strategy "plans a national data centre" "will train 500 engineers" "with the university of the lake"',
    "kg build",
    "kg serve",
)
"""From nothing to pages in a browser; between the third and the fourth the lines below are typed."""
TERM = "trains,data,,xsd:integer,يدرب,forme,trains,How many people something trains.\n"
THINGS = """\
  centre: {type: Project, label: {ar: مركز البيانات, fr: Le centre de données, en: The data centre}}
  lake: {type: University, label: {ar: جامعة البحيرة, fr: L'université du lac, en: The university of the lake}}
"""
CLAIMS = """\
statedIn: strategy
modality: planned
reviewStatus: reviewed
claims:
  - {id: S1, says: {id: centre, lifecycleStatus: planned}, evidence: plans a national data centre}
  - {id: S2, says: {id: centre, trains: 500}, evidence: will train 500 engineers}
  - {id: S3, says: {id: centre, hasPartner: lake}, evidence: with the university of the lake}
"""
CLAIMS_FILE = "data/claims/strategy.yaml"


def typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, before it is built; its folder is then the working directory."""
    (folder / "strategy.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(folder)
    said = ""
    for command in COMMANDS[:3]:
        done = CliRunner().invoke(kg, shlex.split(command)[1:])
        assert done.exit_code == 0, done.output
        said = done.stdout
        if command.startswith("kg init"):
            monkeypatch.chdir("graph")
    quotes = [line.split('"')[1] for line in said.splitlines() if line.startswith("evidence: {exact: ")]
    assert quotes == shlex.split(COMMANDS[2])[3:]
    assert all(f"evidence: {one}}}" in CLAIMS for one in quotes)
    for name, text in (("vocabulary/terms.csv", TERM), ("data/entities.yaml", THINGS), (CLAIMS_FILE, CLAIMS)):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)
    return Path.cwd()
