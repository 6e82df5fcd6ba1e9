"""Lines that are longer than what a parser asks for at once: files as programs write them, all in one line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from small_project import kg

from kg.rdf import FollowedLines, RdfFile
from kg.rdfdata import jsonld

SHAPES = """\
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix e: <http://example.org/> .
<urn:s> a sh:NodeShape ; sh:targetClass e:Dam ; sh:property [ sh:path e:height ; sh:minCount 1 ; sh:message "No height." ] .
"""
LONG = "x" * 100_000
"""A literal that no buffer of a parser holds."""
LINE = f'<http://example.org/a> <http://example.org/note> "{LONG}" .'
TYPE = "<http://example.org/a> a <http://example.org/Dam> ."
NT = f"{LINE}\n{TYPE.replace(' a ', ' <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ')}\n"
NODE = {"@id": "http://example.org/a", "@type": "http://example.org/Dam", "http://example.org/note": LONG}
XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://example.org/">'
    f'<e:Dam rdf:about="http://example.org/a"><e:note>{LONG}</e:note></e:Dam></rdf:RDF>'
)
FILES = {
    "a.ttl": f"{LINE} {TYPE}\n",
    "a.trig": f"{LINE} {TYPE}",
    "a.nt": NT,
    "a.nq": NT,
    "a.rdf": XML,
    "a.jsonld": json.dumps({"@graph": [NODE] * 3}),
    "many.jsonld": json.dumps({"@graph": [{**NODE, "http://example.org/note": str(i)} for i in range(400)]}),
}


@pytest.mark.parametrize("name", FILES)
def test_what_stands_in_a_long_line_is_validated_and_told_with_its_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FILES[name])
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    done = kg("validate", name, "--shapes", "shapes.ttl", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    place = "" if name.endswith(".jsonld") else f"{name}:1: "  # nobody tells lines of JSON-LD
    assert f"{place}violation: No height. [http://example.org/a " in done.stdout


def test_what_json_in_one_line_loses_is_told(tmp_path: Path) -> None:
    nodes: list[dict[str, Any]] = [{**NODE, "http://example.org/note": str(i)} for i in range(400)]
    nodes[-1]["hieght"] = 3
    (tmp_path / "a.jsonld").write_text(json.dumps({"@graph": nodes}))
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    done = kg("validate", "a.jsonld", "--shapes", "shapes.ttl", cwd=tmp_path)
    assert done.returncode == 1
    assert "a.jsonld:1: the key 'hieght' is in no context: it and its values would be lost" in done.stderr


@given(st.binary(max_size=60).map(lambda text: text.replace(b"\r", b"\n")), st.lists(st.integers(1, 9), min_size=1))
def test_lines_are_followed_whatever_is_asked_for(content: bytes, sizes: list[int]) -> None:
    lines = FollowedLines(io.BytesIO(content))
    read = b""
    for turn in range(len(content) + 1):
        size = sizes[turn % len(sizes)]
        piece = lines.read(size)
        assert len(piece) <= size
        assert b"\n" not in piece[:-1]
        read += piece
        assert lines.number == read.count(b"\n") + (not read.endswith(b"\n") and read != b"")
    assert read == content


IRIS = st.sampled_from(
    ["http://e/a", "https://e/b", "urn:a:b", "ex:a", "a", "/a", "#a", "mailto:x@e", "xsd:integer", "ftp://e:21/"]
)
VALUES = st.one_of(
    st.sampled_from(["a", "<xs:element>", "urn:x-lost:a", '"<ex:a>"']),
    st.builds(lambda iri: {"@id": iri}, IRIS),
    st.builds(lambda iri: {"@value": "1", "@type": iri}, IRIS),
    st.builds(lambda key, iri: {key: {"@id": iri}}, IRIS, IRIS),
)  # fmt: skip
NODES = st.dictionaries(st.one_of(IRIS, st.sampled_from(["name", "@type"])), VALUES, max_size=3)


@given(st.lists(NODES, max_size=4), st.sampled_from([None, "http://base.example/"]), st.booleans())
@example([{"http://e/a": {"@id": "a"}}], None, False)
@example([{"http://e/a": {"@id": "urn:a:b"}, "name": "a"}], None, False)
@example([{"@id": "ex:a", "http://e/a": "a"}], None, False)
def test_the_short_look_at_a_file_finds_no_other_losses_than_the_long_one(
    tmp_path_factory: pytest.TempPathFactory, nodes: list[dict[str, Any]], base: str | None, indented: bool
) -> None:
    for node in nodes:
        if "@type" in node:
            node["@type"] = "ex:Thing"
    path = tmp_path_factory.mktemp("look") / "a.jsonld"
    context = {"@context": {"name": "http://e/name"}} if indented else {}
    path.write_text(json.dumps({**context, "@graph": nodes}, indent=1 if indented else None))
    file = RdfFile(path, ox.RdfFormat.JSON_LD, base)
    told = jsonld.look(file, "a.jsonld")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonld, "_is_sound", lambda _: False)
        assert jsonld.look(file, "a.jsonld") == told
