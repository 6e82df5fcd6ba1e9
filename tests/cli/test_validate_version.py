"""`kg validate --shacl 1.2`: answered with the switch, refused by name without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_project import kg

PREFIXES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
CASES = {
    "sh:class": ("ex:a ex:p ex:b . ex:b a ex:B .", "sh:property [ sh:path ex:p ; sh:class ( ex:A ex:B ) ]", 0),
    "sh:datatype": ("ex:a ex:p 1 .", "sh:property [ sh:path ex:p ; sh:datatype ( xsd:string rdf:langString ) ]", 1),
    "sh:ByTypes": ("ex:a ex:p 1 .", "sh:closed sh:ByTypes", 1),
    "sh:memberShape": (
        'ex:a ex:l ( 1 "x" ) .',
        "sh:property [ sh:path ex:l ; sh:memberShape [ sh:datatype xsd:integer ] ]",
        1,
    ),
    "sh:rootClass": ("ex:a ex:p ex:X .", "sh:property [ sh:path ex:p ; sh:rootClass ex:R ]", 1),
    "sh:singleLine": (r'ex:a ex:p "a\nb" .', "sh:property [ sh:path ex:p ; sh:singleLine true ]", 1),
    "sh:targetWhere": (
        "ex:b ex:q 1 .",
        "sh:targetWhere [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ; sh:nodeKind sh:Literal",
        2,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_switch_decides(tmp_path: Path, name: str) -> None:
    data, shape, count = CASES[name]
    (tmp_path / "data.ttl").write_text(PREFIXES + data)
    (tmp_path / "shapes.ttl").write_text(f"{PREFIXES}ex:S a sh:NodeShape ; sh:targetNode ex:a ;\n  {shape} .\n")
    command = ("validate", "data.ttl", "--shapes", "shapes.ttl", "--format", "json")
    refused = kg(*command, cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "shapes.ttl:" in refused.stderr
    assert name in refused.stderr
    assert "kg validate --shacl 1.2 answers it" in refused.stderr
    answered = kg(*command, "--shacl", "1.2", cwd=tmp_path)
    assert len(json.loads(answered.stdout)["results"]) == count
    assert answered.returncode == (1 if count else 0)


def test_reifiers_in_files(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(PREFIXES + "ex:a ex:p 1 {| ex:by ex:x |} , 2 .")
    shape = "sh:property [ sh:path ex:p ; sh:reifierShape [ sh:class ex:Source ] ; sh:reificationRequired true ]"
    (tmp_path / "shapes.ttl").write_text(f"{PREFIXES}ex:S sh:targetNode ex:a ; {shape} .")
    told = kg("validate", "data.ttl", "--shapes", "shapes.ttl", "--shacl", "1.2", cwd=tmp_path)
    assert told.returncode == 1
    assert (
        told.stdout.count("violation: is said by a triple that no reifier tells of, or by one that does not fit") == 2
    )
    (tmp_path / "plain.ttl").write_text(f"{PREFIXES}ex:S sh:targetNode ex:a ; sh:nodeKind sh:IRI .")
    refused = kg("validate", "data.ttl", "--shapes", "plain.ttl", cwd=tmp_path)
    assert refused.returncode == 1
    assert (
        "a term of RDF 1.2 cannot be validated with SHACL 1.0: <<(" in refused.stderr
        or "SHACL 1.0: <http" in refused.stderr
    )
    assert "(kg validate --shacl 1.2 knows such terms)" in refused.stderr
    assert kg("validate", "data.ttl", "--shapes", "plain.ttl", "--shacl", "1.2", cwd=tmp_path).returncode == 0


def test_a_debug_result_is_printed_and_leaves_data_conforming(tmp_path: Path) -> None:
    (tmp_path / "data.ttl").write_text(PREFIXES + "ex:a ex:q 1 .")
    shape = "sh:property [ sh:path ex:p ; sh:minCount 1 {| sh:severity sh:Debug |} ]"
    (tmp_path / "shapes.ttl").write_text(f"{PREFIXES}ex:S sh:targetNode ex:a ; {shape} .")
    command = ("validate", "data.ttl", "--shapes", "shapes.ttl", "--shacl", "1.2")
    told = kg(*command, cwd=tmp_path)
    assert told.returncode == 0
    assert told.stdout.startswith(
        "data.ttl:3: debug: fewer than 1 value of http://ex/p (it has none) [http://ex/a http://ex/p]"
    )
    assert told.stdout.endswith("\nconforms\n")
    found = json.loads(kg(*command, "--json", cwd=tmp_path).stdout)
    assert found["ok"]
    assert found["data"]["conforms"]
    assert len(found["data"]["results"]) == 1


@pytest.mark.parametrize("engine", ["pyshacl", "both"])
def test_pyshacl_is_not_asked_what_it_does_not_know(tmp_path: Path, engine: str) -> None:
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:p> 1 .")
    (tmp_path / "s.ttl").write_text(f"{PREFIXES}ex:S sh:targetNode ex:a ; sh:singleLine true .")
    told = kg("validate", "a.ttl", "--shapes", "s.ttl", "--shacl", "1.2", "--engine", engine, cwd=tmp_path)
    assert told.returncode == 2
    assert "pySHACL knows SHACL 1.0 only (use --engine native)" in told.stderr


@pytest.mark.parametrize("version", ["1.0", "1.2"])
def test_a_file_that_is_a_version_answers_to_the_name_of_that_version(tmp_path: Path, version: str) -> None:
    owl = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    (tmp_path / "top.ttl").write_text(f"{owl}<urn:top> owl:imports <urn:base/v2> , <urn:base/v3> .")
    shape = "ex:S sh:targetNode ex:a ; sh:nodeKind sh:Literal ."
    (tmp_path / "base.ttl").write_text(f"{owl}{PREFIXES}<urn:base> owl:versionIRI <urn:base/v2> . {shape}")
    (tmp_path / "a.ttl").write_text("<urn:a> <urn:p> 1 .")
    command = ("validate", "a.ttl", "--shapes", "top.ttl", "--shapes", "base.ttl", "--shacl", version)
    told = kg(*command, cwd=tmp_path)
    assert told.returncode == 1
    assert "owl:imports <urn:base/v3> is not read" in told.stderr
    assert "v2" not in told.stderr
