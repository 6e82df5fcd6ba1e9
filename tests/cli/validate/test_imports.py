"""What `owl:imports` and `sh:shapesGraph` name is read from files that stand for it, and never fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.validate.validating import SHAPES, validated

IMPORTS = "<> a <http://www.w3.org/2002/07/owl#Ontology> ; <http://www.w3.org/2002/07/owl#imports> {} .\n"
SUBCLASS = "<http://e/D> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/C> .\n"
CATALOG = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<catalog prefer="public" xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
  <group id="Folder Repository" prefer="public" xml:base="">
    <uri id="Automatically generated entry" name="http://e/more" uri="far/more%20shapes.ttl"/>
    <uri name="http://e/gone" uri="far/gone.ttl"/>
  </group>
</catalog>
"""


@pytest.fixture
def parts(folder: Path) -> Path:
    """Shapes that import others by an IRI, which lie elsewhere."""
    (folder / "far").mkdir()
    (folder / "far" / "more shapes.ttl").write_text(SHAPES)
    (folder / "main.ttl").write_text(IMPORTS.format("<http://e/more#>"))
    (folder / "catalog.xml").write_text(CATALOG)
    return folder


@pytest.mark.parametrize("named", [("--import", "http://e/more=far/more shapes.ttl"), ("--catalog", "catalog.xml")])
def test_shapes_that_are_imported_act(parts: Path, named: tuple[str, str]) -> None:
    unread = validated("bad.ttl", "--shapes", "main.ttl")
    assert unread.warnings[0].startswith("owl:imports <http://e/more#> is not read: what it demands is not checked")
    done = validated("bad.ttl", "--shapes", "main.ttl", *named)
    assert (done.code, done.err) == (1, "")


def test_an_imported_file_speaks_from_the_address_that_it_stands_for(parts: Path) -> None:
    """Its relative IRIs are resolved against the IRI, and so what it imports is asked of the catalogue too."""
    (parts / "far" / "more shapes.ttl").write_text(IMPORTS.format("<below/last>"))
    (parts / "far" / "last.ttl").write_text(SHAPES)
    given = ("--import", "http://e/more=far/more shapes.ttl")
    told = validated("bad.ttl", "--shapes", "main.ttl", *given)
    assert "owl:imports <http://e/below/last> is not read" in told.warnings[0]
    done = validated("bad.ttl", "--shapes", "main.ttl", *given, "--import", "http://e/below/last#=far/last.ttl")
    assert (done.code, done.err) == (1, "")


def test_what_data_and_ontologies_import_is_part_of_the_data(parts: Path) -> None:
    (parts / "d.ttl").write_text("<http://e/x> a <http://e/D> ." + IMPORTS.format("<http://e/classes>"))
    (parts / "far" / "classes.ttl").write_text(IMPORTS.format("<http://e/deeper>"))
    (parts / "far" / "deeper.nt").write_text(SUBCLASS)
    given = ("--import", "http://e/classes=far/classes.ttl")
    told = validated("d.ttl", "--shapes", "s.ttl", *given)
    assert (told.code, told.warnings[0].split(" of ")[0]) == (0, "owl:imports <http://e/deeper>")
    done = validated("d.ttl", "--shapes", "s.ttl", *given, "--import", "http://e/deeper=far/deeper.nt")
    assert (done.code, done.err) == (1, "")
    # A circle ends, and a file that is named as well is read once.
    (parts / "far" / "deeper.nt").write_text(SUBCLASS)
    (parts / "far" / "classes.ttl").write_text(SUBCLASS + IMPORTS.format("<http://e/classes>"))
    done = validated("d.ttl", "--shapes", "s.ttl", "--ontology", "far/classes.ttl", *given)
    assert (done.code, done.err) == (1, "")


def test_a_shapes_graph_that_data_name_acts(parts: Path) -> None:
    (parts / "d.ttl").write_text(
        "<http://e/x> a <http://e/C> . <> <http://www.w3.org/ns/shacl#shapesGraph> <http://e/named> ."
    )
    (parts / "none.ttl").write_text("")
    told = validated("d.ttl", "--shapes", "none.ttl")
    assert (
        told.warnings[0]
        == "sh:shapesGraph <http://e/named> of the data is not read (name it with --shapes or --import)"
    )
    done = validated("d.ttl", "--shapes", "none.ttl", "--import", "http://e/named=s.ttl")
    assert (done.code, done.err) == (1, "")


def test_what_is_named_for_nothing_is_told(parts: Path) -> None:
    told = validated("good.ttl", "--shapes", "main.ttl", "--import", "http://e/moer=far/more shapes.ttl")
    assert (
        "--import http://e/moer: nothing imports it, and its file is not read (did you mean 'http://e/more'?)"
        in told.warnings
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--import", "more.ttl"), "--import more.ttl is no IRI=FILE"),
        (("--import", "http://e/more="), "--import http://e/more= is no IRI=FILE"),
        (("--import", "http://e/more=no.ttl"), "--import http://e/more: no such file: no.ttl"),
        (("--catalog", "no.xml"), "no such file: no.xml"),
        (("--catalog", "s.ttl"), "s.ttl:1: not XML: "),
        (("--catalog", "other.xml"), "other.xml is no XML catalog"),
        (("--catalog", "lacking.xml"), "lacking.xml:2: an entry of a catalog needs name and uri"),
        (("--catalog", "far"), "no such file: far"),
    ],
)
def test_a_wrong_catalogue_is_told(parts: Path, arguments: tuple[str, str], said: str) -> None:
    (parts / "other.xml").write_text("<catalog/>")
    (parts / "lacking.xml").write_text(
        '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">\n<uri name="a"/></catalog>'
    )
    done = validated("good.ttl", "--shapes", "main.ttl", *arguments)
    assert (done.code, said in done.err) == (2, True), done.err


def test_catalogs_name_no_file_of_another_host(parts: Path) -> None:
    (parts / "catalog.xml").write_text(CATALOG.replace("far/more%20shapes.ttl", "http://127.0.0.1:9/more.ttl"))
    done = validated("good.ttl", "--shapes", "main.ttl", "--catalog", "catalog.xml")
    assert "owl:imports <http://e/more#> is not read" in done.err
