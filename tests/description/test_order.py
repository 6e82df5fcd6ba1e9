"""In which order a thing is shown, as the shapes of a project say it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.description import display
from kg.errors import ShapesError
from kg.release import Release

HEAD = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix e: <http://e.org/> .
"""
SHAPES = """
e:DamShape sh:targetClass e:Dam ; sh:property
  [ sh:path e:height ; sh:order 2.5 ; sh:group e:figures ], [ sh:path e:river ; sh:order 1 ],
  [ sh:path [ sh:inversePath e:feeds ] ; sh:order 3 ], [ sh:path e:note ], [ sh:path ( e:a e:b ) ; sh:order 4 ] .
e:Lake a rdfs:Class ; sh:property [ sh:path e:depth ; sh:order 1 ] .
e:height-everywhere sh:targetSubjectsOf e:height ; sh:property [ sh:path e:height ; sh:order 7 ] .
e:figures a sh:PropertyGroup ; sh:order 2 ; rdfs:label "Figures"@en , "أرقام"@ar .
"""


def shown(folder: Path, **files: str) -> Any:
    for name, text in files.items():
        (folder / f"{name}.ttl").write_text(HEAD + text, encoding="utf-8")
    found = display(sorted(folder.glob("*.ttl")))
    return json.loads(found) if found else None


def test_what_shapes_say_of_order_and_groups(tmp_path: Path) -> None:
    found = shown(tmp_path, a=SHAPES)
    assert found["classes"] == {
        "http://e.org/Dam": {
            "http://e.org/height": [2.5, "http://e.org/figures"],
            "http://e.org/river": [1.0, ""],
            "^http://e.org/feeds": [3.0, ""],
        },
        "http://e.org/Lake": {"http://e.org/depth": [1.0, ""]},
    }
    assert found["properties"] == {"http://e.org/height": [7.0, ""]}
    assert found["groups"] == {"http://e.org/figures": {"labels": {"ar": "أرقام", "en": "Figures"}, "order": 2.0}}


def test_the_same_files_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    again = "e:Own sh:targetClass e:Dam ; sh:property [ sh:path e:river ; sh:order 9 ; sh:group e:figures ] ."
    first = shown(tmp_path, a=SHAPES, b=again)
    assert first["classes"]["http://e.org/Dam"]["http://e.org/river"] == [9.0, "http://e.org/figures"]
    files = sorted(tmp_path.glob("*.ttl"))
    assert display(files) == display(reversed(files))


def test_shapes_that_say_nothing_of_it_leave_nothing(tmp_path: Path) -> None:
    assert shown(tmp_path, a="e:S sh:targetClass e:Dam ; sh:property [ sh:path e:a ] .") is None


def test_a_place_that_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ShapesError, match=r"sh:order of .* is no number"):
        shown(tmp_path, a='e:S sh:targetClass e:Dam ; sh:property e:p . e:p sh:path e:a ; sh:order "first" .')


def test_a_release_keeps_the_order_of_its_project(built: Release) -> None:
    told = json.loads((built.path / "display.json").read_bytes())
    zel = "https://w3id.org/zellige/ont#"
    of_target = told["classes"][f"{zel}Target"]
    assert min(of_target, key=of_target.__getitem__) == f"{zel}targetQuantity"
    assert {*told["groups"]} == {place[1] for kind in told["classes"].values() for place in kind.values()} - {""}
    assert all({*group["labels"]} == {"ar", "en", "fr"} for group in told["groups"].values())
    assert "display.json" in built.manifest["files"]
    assert len(told["properties"]) > 100, "every property of the vocabulary has a place"
