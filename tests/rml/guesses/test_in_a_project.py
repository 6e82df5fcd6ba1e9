"""First mappings in a project: they run unchanged in a build, with its base, its names and what its register needs."""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import pipeline
from kg.cli.main import kg
from kg.config import read_config
from kg.tables.model import hashed

PUBLIC = Path(__file__).parent / "public"
WIDE = "Population by town,,,,\n,,,,\nTown code,Forme juridique,2004,2014,2024\nT-1,SA,10,..,12\nT-2,GIE,20,21,..\n"
OLD = """\
@prefix rml: <http://w3id.org/rml/> .
<#old> a rml:TriplesMap ;
    rml:logicalSource [ rml:source "old.csv" ; rml:referenceFormulation rml:CSV ] ;
    rml:subjectMap [ rml:template "id/old/{id}" ; rml:class <http://e/Old> ] .
"""
OLD_ENTRY = """\
  old: {document: old, id: $(id), modality: done, checkable: true, reviewStatus: unreviewed}
"""
BASE = "https://data.example.org/"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two mappings of three files, as they were written, and a register out of their remarks."""
    root = tmp_path_factory.mktemp("project")
    tables = root / "data/tables"
    tables.mkdir(parents=True)
    (root / "kg.toml").write_text(f'[project]\nname = "x"\nbase = "{BASE}"\n')
    (root / "data/entities.yaml").write_text("entities: {}\n")
    for name in ("divisions.json", "regions.json"):
        shutil.copy(PUBLIC / name, tables)
    (tables / "towns.csv").write_text(WIDE)
    (tables / "old.csv").write_text("id\nO-1\n")
    (tables / "old.rml.ttl").write_text(OLD)
    register, documents = OLD_ENTRY, ""
    for files in (["divisions.json", "regions.json"], ["towns.csv"]):
        slug = files[0].partition(".")[0]
        mapping = tables / f"{slug}.rml.ttl"
        places = [str(tables / file) for file in files]
        assert CliRunner().invoke(kg, ["map", "--init", *places, "-o", str(mapping)]).exit_code == 0
        told = mapping.read_text().partition("# In tables.yaml")[2].partition("\n\n")[0]
        register += "".join(f"{line[2:]}\n" for line in told.splitlines()[1:])
    for file in ("divisions.json", "regions.json", "towns.csv", "old.csv"):
        found = hashlib.sha256((tables / file).read_bytes()).hexdigest()
        slug = file.partition(".")[0]
        documents += f"  {slug}: {{title: {{en: T}}, language: en, publisher: P, licence: L, sha256: {found}}}\n"
        register = register.replace("document: ...", f"document: {slug}", 1)
    (root / "data/sources.yaml").write_text(f"documents:\n{documents}")
    (tables / "tables.yaml").write_text(f"tables:\n{register}")
    return root


def test_a_build_takes_them_as_they_are(project: Path) -> None:
    warnings: list[str] = []
    release = pipeline.build(read_config(project), lambda _: None, warn=warnings.append)
    lines = gzip.decompress((project / "releases" / release.id / "graph.nq.gz").read_bytes()).decode()
    short = {re.sub(r"\^\^<\S+#(\w+)>", r"^^\1", line.replace(BASE, "")) for line in lines.splitlines()}
    claim = "<claim/towns-T-2>"
    assert {line for line in short if line.startswith("<id/towns/T-2/2014> <terms") and claim in line} == {
        f'<id/towns/T-2/2014> <terms#value> "21"^^integer {claim} .',
        f'<id/towns/T-2/2014> <terms#year> "2014"^^gYear {claim} .',
        f"<id/towns/T-2/2014> <terms#of> <id/towns/T-2> {claim} .",
    }
    # Keys with an underscore cannot be part of a name: a hash of each row's stands there.
    keys = ("divisions-DIV_001", "regions-REGION_09")
    claim_of = {key: f"<claim/{hashed(key.partition('-')[0] + '-', key)}>" for key in keys}
    region = f"<id/divisions/DIV_001> <terms#region> <id/regions/REGION_11> {claim_of['divisions-DIV_001']} ."
    assert region in short
    name = "<https://w3id.org/zellige/ont#name>"
    assert f'<id/regions/REGION_09> {name} "سوس ماسة"@ar {claim_of["regions-REGION_09"]} .' in short
    row = f"{claim} <http://www.w3.org/ns/prov#wasDerivedFrom> <table/towns#row=5> <graph/claims> ."
    assert row in short, "titles and header are rows, too"
    (told,) = [text for text in warnings if "old.rml.ttl" in text]
    assert told.startswith("data/tables/old.rml.ttl:3: ")
    assert "rml:RelativePathSource" in told


def test_terms_of_the_vocabulary_are_proposed(project: Path) -> None:
    text = (project / "data/tables/towns.rml.ttl").read_text()
    block = text.partition('# "Forme juridique"')[2].partition(";")[0]
    told = '# The vocabulary has a property like it: zel:legalForm is "forme juridique": said of org:Organization'
    assert told in block
    assert "rml:predicate ex:formeJuridique" in block
