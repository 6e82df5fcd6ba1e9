"""Vocabularies and shapes that are read again: the same gives the same, and what has changed is read anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from vocabulary.ontology_folder import copy_sources, set_cell

from kg import ontology
from kg.errors import ShapesError, VocabularyError
from kg.shacl import read_shapes
from kg.vocabulary import read_vocabulary

HEAD = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .\n"
SHAPE = "e:S a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:minCount 1 ] .\n"


def test_a_file_that_changes_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "s.ttl"
    path.write_text(HEAD + SHAPE)
    first = read_shapes(path)
    assert read_shapes(path) == first
    path.write_text(HEAD + SHAPE.replace("1", "2"))
    second = read_shapes(path)
    assert second.shapes != first.shapes
    path.write_text(HEAD + SHAPE)
    assert read_shapes(path).shapes == first.shapes


def test_the_same_file_by_another_name_is_told_by_that_name(tmp_path: Path) -> None:
    path = tmp_path / "s.ttl"
    path.write_text(HEAD + SHAPE + "\ne:S sh:severity 7 .\n")
    for name in ("one.ttl", "two.ttl", "one.ttl"):
        with pytest.raises(ShapesError, match=f"{name}:4: "):
            read_shapes(path, name=lambda _, name=name: name)


def test_what_is_made_in_place_of_a_file_is_read_and_where_it_stands_is_told_of_that(tmp_path: Path) -> None:
    path = tmp_path / "s.ttl"
    path.write_text(HEAD + SHAPE)
    plain = read_shapes(path)
    made = read_shapes(path, made={path: "\n" + HEAD + SHAPE.replace("1", "2")})
    assert made.shapes != plain.shapes
    assert [[str(file.place(quad.subject)) for quad in file.quads][:1] for file in (*plain.files, *made.files)] == [
        [f"{path}:2"],
        [f"{path}:3"],
    ]
    assert read_shapes(path) == plain


def test_an_import_that_appears_is_read(tmp_path: Path) -> None:
    path, other = tmp_path / "s.ttl", tmp_path / "t.ttl"
    path.write_text(f"{HEAD}{SHAPE}<> <http://www.w3.org/2002/07/owl#imports> <t.ttl> .\n")
    assert read_shapes(path).unread == (other.as_uri(),)
    other.write_text(HEAD + SHAPE.replace("e:S", "e:T"))
    found = read_shapes(path)
    assert (found.unread, len(found.shapes.by_id)) == ((), 4)


def test_a_vocabulary_that_changes_is_read_anew_and_what_follows_from_it_is_stale(tmp_path: Path) -> None:
    folder = copy_sources(tmp_path)
    ontology.write(folder)
    first = read_vocabulary(folder)
    assert (read_vocabulary(folder), ontology.stale(folder)) == (first, [])
    set_cell(folder, "Ministry", {"label_en": "bureau"})
    assert read_vocabulary(folder).classes["Ministry"].labels["en"] == "bureau"
    assert "public-policy/ontology.ttl" in ontology.stale(folder)
    set_cell(folder, "Ministry", {"label_en": first.classes["Ministry"].labels["en"]})
    assert (read_vocabulary(folder).classes["Ministry"].labels, ontology.stale(folder)) == (
        first.classes["Ministry"].labels,
        [],
    )


def test_what_comes_to_lie_beside_the_layers_is_told_though_they_were_read(tmp_path: Path) -> None:
    folder = copy_sources(tmp_path)
    read_vocabulary(folder)
    (folder / "terms.csv").write_text("")
    with pytest.raises(VocabularyError, match=r"terms\.csv is not read"):
        read_vocabulary(folder)
