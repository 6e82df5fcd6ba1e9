"""Files of RDF of every syntax: the same statements of each, and each fault with its file and line."""

from __future__ import annotations

import bz2
import gzip
import lzma
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.rdf import RdfFile, syntax_of
from kg.rdfdata.reading import Reading, home_of

HOME = home_of("https://example.org/quay/")
TURTLE = """\
@prefix e: <http://e.org/> .
e:a e:p [ e:q ( 1 "two"@fr ) ] ; e:r "a \\"text\\" .\\n_:b0 <x>" .
e:b e:p e:a .
"""


def read(path: Path, folder: Path) -> tuple[set[str], Reading]:
    """The lines of a file, and its reading."""
    folder.mkdir(exist_ok=True)
    reading = Reading(RdfFile(path, syntax_of(path)), path.name, HOME, "salt", lambda: folder)
    lines: list[str] = []
    reading.read(lambda block: lines.extend(block.decode().splitlines()))
    return set(lines), reading


@pytest.mark.parametrize("suffix", ["ttl", "trig", "nt", "nq", "rdf", "jsonld", "ttl.gz", "nt.bz2", "rdf.xz"])
def test_every_syntax_gives_the_same_statements_and_names(tmp_path: Path, suffix: str) -> None:
    first = tmp_path / "first.ttl"
    first.write_text(TURTLE, encoding="utf-8")
    wanted, _ = read(first, tmp_path / "w")
    path = tmp_path / f"it.{suffix}"
    plain = suffix.partition(".")[0]
    syntax = ox.RdfFormat.from_extension(plain)
    assert syntax is not None
    content = ox.serialize(ox.parse(TURTLE, ox.RdfFormat.TURTLE, rename_blank_nodes=True), format=syntax)
    assert content is not None
    packed = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
    path.write_bytes(packed.get(suffix.rpartition(".")[2], bytes)(content))
    found, reading = read(path, tmp_path / "w")
    assert not reading.problems
    assert reading.blank_nodes == 3
    assert found == wanted
    assert len([line for line in found if HOME in line]) == 6


FAULTS = {
    "a.ttl": ('<http://e/a> <http://e/p> 1 .\n\n<http://e/a> <http://e/p> "x .\n', [(3, "not Turtle")]),
    "b.ttl": ("<http://e/a> <http://e/p> 1 .\n<rel> <http://e/p> 2 .\n", [(2, "a relative IRI has no base")]),
    "c.nt": (
        "<http://e/a> <http://e/p> .\n<http://e/a> <http://e/p> <http://e/b> .\nwhat\n",
        [(1, "not N-Triples"), (3, "not N-Triples")],
    ),
    "d.ttl": (
        (
            '<http://e/a> <http://e/p> 1 ;\n  <http://e/p> "x"@en--ltr ;\n'
            "  <http://e/q> <<( <http://e/a> <http://e/p> 1 )>> .\n"
        ),
        [(2, "a base direction is no part"), (3, "a triple term is no part")],
    ),
    "e.rdf": (
        (
            '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'
            '<r:Description r:about="a"><e:p>x</e:p></r:Description></r:RDF>\n'
        ),
        [(2, "a relative IRI has no base")],
    ),
    "f.jsonld": (
        (
            '{"@context": {"e": "http://e/",\n "my": "http://e/x_"},\n "@id": "rel",\n "gone": 1,\n "foaf:name": "x",\n'
            ' "my:p": 2,\n "@type": "T"}\n'
        ),
        [
            (3, "the relative IRI 'rel' has no base"),
            (4, "the key 'gone' is in no context"),
            (5, "'foaf:name' is written with the prefix 'foaf'"),
            (6, "'my:p' is written with the prefix 'my'"),
            (7, "the name 'T' is in no context"),
        ],
    ),
    "g.jsonld": (
        '{\n "@context": "https://schema.org/",\n "name": "x"}\n',
        [(2, "the context https://schema.org/ is at an address, and nothing is fetched")],
    ),
    "h.jsonld": ('{"@context": {"e": "http://e/"},\n "@id": "http://e/a",\n "e:p": 1,}\n', [(3, "not JSON-LD")]),
    "i.jsonld": (
        (
            '[{"@context": {"e": "http://e/"}, "@id": "http://e/a", "e:p": [\n'
            '{"@id": "http://e/b", "also": {"@id": "http://e/c"}}]}]\n'
        ),
        [(2, "the key 'also' is in no context")],
    ),
    "twice.jsonld": (
        '[{"@context": {"e": "http://a/",\n "e": "http://b/"}, "@id": "e:a",\n "e:p": "{\\"@context\\": {}"}]\n',
        [(2, "in '@context', 'e' stands twice in one object, first in line 1")],
    ),
    "later.jsonld": (
        '[{"@context": {"e": "http://e/"}, "@id": "e:a", "e:p": 1},\n {"@context": [{"f": "http://f/", "f": "http://g/"}]}]',
        [(2, "in '@context', 'f' stands twice in one object, first at column 17")],
    ),
    "k.rdf": (
        '<!DOCTYPE r [<!ENTITY e "http://e/">\n<!ENTITY a "xxxxxxxxxx">\n<!ENTITY b "&a;&a;">]>\n<r/>',
        [(3, "the entity 'b' is made of other entities")],
    ),
    "l.rdf": (
        f"<!DOCTYPE r [\n<!ENTITY long '{'x' * 501}'>]>\n<r/>",
        [(2, "the entity 'long' has more than 500 bytes")],
    ),
    "j.ttl.gz": (gzip.compress(b"<http://e/a> <http://e/p> 1 ." * 50)[:-9], [(0, "no whole gzip file")]),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_at_its_line(tmp_path: Path, name: str) -> None:
    content, wanted = FAULTS[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    _, reading = read(path, tmp_path / "w")
    found = sorted(reading.problems, key=lambda p: p.position.line if p.position else 0)
    assert [p.position.line if p.position else 0 for p in found] == [line for line, _ in wanted]
    for problem, (_, words) in zip(found, wanted, strict=True):
        assert words in problem.message


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": {"@vocab": "http://e/"}, "@id": "http://e/a", "any": 1, "@type": "T"}',
        '{"@context": {"note": null, "e": "http://e/"}, "@id": "http://e/a", "note": "left out on purpose", "e:p": 1}',
        '{"@context": {"my": {"@id": "http://e/x_", "@prefix": true}}, "@id": "http://e/a", "my:p": 1}',
        '{"@context": [{"e": "http://e/"}, {"f": "e:f"}], "@id": "urn:isbn:1", "f": {"@id": "mailto:a@e.org"}}',
        '{"@context": {"n": "http://e/n", "m": {"@id": "http://e/m", "@context": {"n": "http://e/o"}}}, "n": 1, "m": {}}',
        '{"@context": {"e": "http://e/", "in": {"@reverse": "e:of"}}, "@id": "http://e/a", "in": {"@id": "http://e/b"}}',
    ],
)
def test_json_ld_that_loses_nothing_is_no_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text(text, encoding="utf-8")
    lines, reading = read(path, tmp_path / "w")
    assert not reading.problems
    assert lines


def test_entities_for_namespaces_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.owl"
    path.write_text(
        '<!DOCTYPE rdf:RDF [<!ENTITY e "http://e.org/"> <!ENTITY x "a&amp;b">]>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
        '<rdf:Description rdf:about="&e;a"><e:p>&x;</e:p></rdf:Description></rdf:RDF>',
        encoding="utf-8",
    )
    lines, reading = read(path, tmp_path / "w")
    assert not reading.problems
    assert lines == {'<http://e.org/a> <http://e.org/p> "a&b" .'}
