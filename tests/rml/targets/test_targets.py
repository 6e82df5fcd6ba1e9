"""Files that a mapping writes itself: which triples go where, in every syntax, whole or not at all."""

from __future__ import annotations

import io
import json
from pathlib import Path
from unittest.mock import Mock

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from rml.by_hand import csv_source
from rml.reading_back import unpacked
from rml.running import mapping

from kg.cli.main import kg
from kg.errors import DataError, KgError, MappingError
from kg.rml import Access, OnError, map_parts, map_to
from kg.rml.run.engine import load_plan
from kg.rml.spark import map_with_spark
from kg.rml.targets.places import places_of

FORMATS = "@prefix formats: <http://www.w3.org/ns/formats/> .\n"
ROWS = 'i,a,l\n2,"é ""x""\n",fr\n1,سد,ar\n1,سد,ar\n'
NAMES = {
    "N-Quads": ox.RdfFormat.N_QUADS,
    "N-Triples": ox.RdfFormat.N_TRIPLES,
    "Turtle": ox.RdfFormat.TURTLE,
    "N3": ox.RdfFormat.N3,
    "TriG": ox.RdfFormat.TRIG,
    "JSON-LD": ox.RdfFormat.JSON_LD,
    "RDF_XML": ox.RdfFormat.RDF_XML,
}


def target(name: str, path: str, more: str = "", place: str = "a rml:FilePath") -> str:
    return f'ex:{name} a rml:LogicalTarget ; rml:target [ {place} ; rml:path "{path}" ] {more} .\n'


def rules(folder: Path, described: str, subject: str = "", verb: str = "", made: str = "", graph: str = "") -> Path:
    (folder / "t.csv").write_text(ROWS, encoding="utf-8", newline="")
    head = f'rml:subjectMap [ rml:template "http://e/{{i}}" ; {subject} {graph} ]'
    said = f'rml:objectMap [ rml:reference "a" ; {made} ]'
    pair = f"rml:predicateObjectMap [ rml:predicateMap [ rml:constant ex:p ; {verb} ] ; {said} ]"
    other = 'rml:predicateObjectMap [ rml:predicate ex:n ; rml:objectMap [ rml:reference "i" ] ]'
    return mapping(folder, f"{FORMATS}ex:m {csv_source('t.csv')} ; {head} ; {pair} , {other[23:]} .\n{described}")


def written(path: Path, folder: Path, **options: object) -> tuple[str, dict[str, int]]:
    output = io.BytesIO()
    summary = map_to(path, output, access=Access(targets=folder), **options)
    return output.getvalue().decode(), {str(f.path.relative_to(folder)): f.triples for f in summary.files}


def quads(path: Path, syntax: ox.RdfFormat) -> set[str]:
    return {str(quad) for quad in ox.parse(unpacked(path)[0], syntax)}


def test_triples_go_to_the_targets_of_all_their_terms_and_the_others_to_the_output(tmp_path: Path) -> None:
    described = target("s", "s.nq") + target("v", "in/v.nq") + target("o", "./o.nq") + target("l", "l.nq")
    language = 'rml:languageMap [ rml:reference "l" ; rml:logicalTarget ex:l ]'
    both = "rml:logicalTarget ex:v, ex:o"
    path = rules(tmp_path, described, verb=both, made=f"rml:logicalTarget ex:o ; {language}")
    output, files = written(path, tmp_path / "out")
    assert files == {"in/v.nq": 3, "o.nq": 3, "l.nq": 3}
    assert output.count("\n") == 3
    assert "<http://e/n>" in output
    lines = [line for line in (tmp_path / "out/o.nq").read_text(encoding="utf-8").splitlines() if line]
    assert lines == [
        r'<http://e/2> <http://e/p> "é \"x\"\n"@fr .',
        '<http://e/1> <http://e/p> "سد"@ar .',
        '<http://e/1> <http://e/p> "سد"@ar .',
    ]
    assert (tmp_path / "out/in/v.nq").read_bytes() == (tmp_path / "out/l.nq").read_bytes()


@pytest.mark.parametrize("name", [*NAMES, "RDF_JSON"])
def test_every_syntax_holds_what_n_quads_holds(name: str, tmp_path: Path) -> None:
    graph = "rml:graph ex:g ;" if name in {"N-Quads", "TriG", "JSON-LD"} else ""
    described = target("s", "s.x", f"; rml:serialization formats:{name}") + target("t", "t.nq")
    path = rules(tmp_path, described, "rml:logicalTarget ex:s, ex:t ;", graph=graph)
    _, files = written(path, tmp_path / "out")
    assert files == {"s.x": 6, "t.nq": 6}
    expected = quads(tmp_path / "out/t.nq", ox.RdfFormat.N_QUADS)
    assert len(expected) == 4
    if name == "RDF_JSON":
        document = json.loads((tmp_path / "out/s.x").read_text(encoding="utf-8"))
        assert document["http://e/1"]["http://e/p"] == [{"type": "literal", "value": "سد"}]
        assert list(document) == ["http://e/1", "http://e/2"]
        return
    made = quads(tmp_path / "out/s.x", NAMES[name])
    assert {line.removesuffix(" DEFAULT") for line in made} == expected


def test_each_graph_stands_once_where_a_syntax_groups_by_graph(tmp_path: Path) -> None:
    described = target("s", "s.trig", "; rml:serialization formats:TriG")
    graph = 'rml:graphMap [ rml:template "http://e/g{l}" ] ; '
    path = rules(tmp_path, described, "rml:logicalTarget ex:s ;", graph=graph)
    (tmp_path / "t.csv").write_text("i,a,l\n1,x,1\n2,y,2\n3,z,1\n", encoding="utf-8")
    written(path, tmp_path / "out")
    text = (tmp_path / "out/s.trig").read_text(encoding="utf-8")
    assert [line.strip() for line in text.splitlines() if line.endswith("{")] == ["ex:g1 {", "ex:g2 {"]


def test_rdf_json_is_in_order_and_knows_languages(tmp_path: Path) -> None:
    described = target("s", "s.x", "; rml:serialization formats:RDF_JSON")
    path = rules(tmp_path, described, "rml:logicalTarget ex:s ;", made='rml:languageMap [ rml:reference "l" ]')
    written(path, tmp_path / "out")
    assert (tmp_path / "out/s.x").read_text(encoding="utf-8").splitlines()[1] == (
        ' "http://e/1": {"http://e/n": [{"type": "literal", "value": "1"}], '
        '"http://e/p": [{"lang": "ar", "type": "literal", "value": "سد"}]},'
    )


def test_prefixes_are_those_of_the_mapping_that_shorten_something(tmp_path: Path) -> None:
    described = target("s", "s.ttl", "; rml:serialization formats:Turtle")
    path = rules(tmp_path, described, "rml:logicalTarget ex:s ;")
    written(path, tmp_path / "out")
    text = (tmp_path / "out/s.ttl").read_text(encoding="utf-8")
    assert text.splitlines()[:2] == ["@prefix ex: <http://e/> .", 'ex:1 ex:n "1" ;']
    assert text.count("@prefix") == 1
    yaml = "{sources: [[t.csv~csv]], s: {value: ex:$(i), targets: [[s.ttl~void, turtle]]}, po: [[ex:n, $(i)]]}"
    (tmp_path / "m.yml").write_text(f"prefixes: {{ex: 'http://e/', no: 'http://no/'}}\nmappings:\n  m: {yaml}\n")
    written(tmp_path / "m.yml", tmp_path / "out")
    assert (tmp_path / "out/s.ttl").read_text(encoding="utf-8").startswith('@prefix ex: <http://e/> .\nex:1 ex:n "1" .')


@pytest.mark.parametrize("kind", ["none", "gzip", "bzip2", "xz", "zip", "targz", "tarxz"])
def test_packed_files_are_the_same_bytes_each_time(kind: str, tmp_path: Path) -> None:
    ends = {"none": "", "gzip": ".gz", "bzip2": ".bz2", "zip": ".zip", "targz": ".tar.gz", "tarxz": ".tar.xz"}
    name = f"a.nt{ends.get(kind, '.xz')}"
    described = target("s", name, f"; rml:serialization formats:N-Triples ; rml:compression rml:{kind}")
    path = rules(tmp_path, described, "rml:logicalTarget ex:s ;")
    output, _ = written(path, tmp_path / "one")
    written(path, tmp_path / "two", workers=2)
    assert not output
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    content, suffix = unpacked(tmp_path / "one" / name)
    assert suffix == ".nt"
    assert content.count(b" .\n") == 6


def test_distinct_targets_are_sorted_and_utf_16_has_its_mark(tmp_path: Path) -> None:
    described = target("s", "s.nt", "; rml:encoding rml:UTF-16 ; rml:serialization formats:N-Triples")
    path = rules(tmp_path, described, "rml:logicalTarget ex:s ;")
    written(path, tmp_path / "out", distinct=True)
    content = (tmp_path / "out/s.nt").read_bytes()
    assert content.startswith(b"\xff\xfe")
    lines = content.decode("utf-16").splitlines()
    assert lines == sorted(set(lines))
    assert len(lines) == 4


REFUSED = [
    ("../up.nq", "leads upwards"),
    ("a/../../up.nq", "leads upwards"),
    ("/etc/up.nq", "lies outside of"),
    (".hidden.nq", "is hidden"),
    (".git/hooks/x", "is hidden"),
    ("linked.nq", "leads through a symbolic link"),
    ("away/x.nq", "leads through a symbolic link"),
    ("folder", "there is something at 'folder' that is no file"),
    ("t.csv", "would take the place of another file"),
    ("m.ttl", "would take the place of another file"),
    ("kg.toml", "would take the place of another file"),
    ("t.csv/x.nq", "lies below a file"),
    ("http://e/x.nq", "is no path of a file"),
    ("x/", "is no path of a file"),
    ("x" * 300, "cannot be written: File name too long"),
    (r"a\u0000b", "is no path of a file"),
    ("out.nq.gz", "has the suffix of gzip, and is written as none"),
]


@pytest.mark.parametrize(("name", "said"), REFUSED, ids=[name[:20] for name, _ in REFUSED])
def test_hostile_paths_are_refused_with_their_line_and_nothing_is_written(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    work = tmp_path / "work"
    (work / "folder").mkdir(parents=True)
    (work / "linked.nq").symlink_to(tmp_path / "elsewhere/x.nq")
    (work / "away").symlink_to(tmp_path / "elsewhere")
    path = rules(work, target("s", name) + target("t", "good.nq"), "rml:logicalTarget ex:s, ex:t ;")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(MappingError, match=said) as caught:
        written(path, work)
    (problem,) = caught.value.problems
    assert problem.position
    assert problem.position.line == 5
    assert sorted(tmp_path.rglob("*")) == before


def test_a_root_beside_the_mapping_must_lie_in_the_folder_of_targets_too(tmp_path: Path) -> None:
    place = "a rml:FilePath ; rml:root rml:MappingDirectory"
    path = rules(tmp_path, target("s", "s.nq", place=place), "rml:logicalTarget ex:s ;")
    with pytest.raises(MappingError, match="lies outside of"):
        written(path, tmp_path / "out")
    assert written(path, tmp_path)[1] == {"s.nq": 6}


def test_nothing_is_written_unless_somebody_says_where(tmp_path: Path) -> None:
    path = rules(tmp_path, target("s", "s.nq"), "rml:logicalTarget ex:s ;")
    with pytest.raises(MappingError, match=r"'s.nq' is not written: nobody said .*--targets FOLDER"):
        map_to(path, io.BytesIO())
    with pytest.raises(MappingError, match="each triples map is written on its own here"):
        map_parts(path, tmp_path / "parts")
    with pytest.raises(MappingError, match="Spark writes one folder of lines"):
        map_with_spark(Mock(), path, str(tmp_path / "spark"))


FAULTS = [
    (target("s", "s.ttl", "; rml:serialization formats:Turtle"), "rml:graph ex:g ;", "Turtle has no graphs"),
    (
        target("s", "s.ttl", "; rml:serialization formats:Turtle")
        + 'ex:m rml:predicateObjectMap [ rml:predicate ex:q ; rml:object "x" ; rml:graph ex:g ] .\n',
        "",
        "triples of a graph go to 's.ttl'",
    ),
    (
        "ex:s rml:target [ <http://rdfs.org/ns/void#dataDump> <file://e.org/a.nq> ] .",
        "",
        "a file of the host e.org.*rml:path",
    ),
    (target("s", "a.nq") + target("t", "a.nq", "; rml:serialization formats:TriG"), "", "in different ways"),
    (target("s", "a") + target("t", "a/b.nq"), "", "lies below the file of another target"),
    (target("s", "a.x", "; rml:serialization formats:Turtel"), "", "not written as Turtel.*did you mean 'Turtle'"),
    (target("s", "a.x", "; rml:compression rml:gzp"), "", "unknown compression gzp.*did you mean 'gzip'"),
    (target("s", "a.x", "; rml:encoding rml:UTF-32"), "", "not written in UTF-32"),
    (target("s", "a.x", "; rml:encoding rml:UTF-16 ; rml:serialization formats:JSON-LD"), "", "JSON-LD is written in"),
    (target("s", "a.x", "; rml:encoding rml:UTF-16 ; rml:serialization formats:RDF_XML"), "", "RDF_XML is written in"),
    ("", "", "the logical target is not described"),
    ("ex:s a rml:LogicalTarget .\n", "", "the logical target has no rml:target"),
    ("ex:s rml:target [ a <http://www.w3.org/ns/sparql-service-description#Service> ] .", "", "SPARQL endpoint"),
    ("ex:s rml:target [ a <https://www.w3.org/2019/wot/td#Thing> ] .", "", "nothing is sent over the network"),
    ("ex:s rml:target [ a <http://www.w3.org/ns/dcat#Distribution> ] .", "", "nothing is sent to a web address"),
    ("ex:s rml:target [ a rml:FilePath ] .", "", "the target has no rml:path"),
    (target("s", "a.nq", place="rml:root rml:Home ; a rml:FilePath"), "", "unknown root Home"),
]


@pytest.mark.parametrize(("described", "graph", "said"), FAULTS, ids=[said for *_, said in FAULTS])
def test_targets_that_make_no_sense_are_told_with_their_line(
    described: str, graph: str, said: str, tmp_path: Path
) -> None:
    others = "rml:logicalTarget ex:s, ex:t ;" if "ex:t " in described else "rml:logicalTarget ex:s ;"
    with pytest.raises(MappingError, match=said) as caught:
        written(rules(tmp_path, described, others, graph=graph), tmp_path / "out")
    assert all(problem.position for problem in caught.value.problems)
    assert not (tmp_path / "out").exists()


def test_targets_named_by_an_address_are_files_as_well(tmp_path: Path) -> None:
    place = f"ex:s rml:target [ <http://rdfs.org/ns/void#dataDump> <file://{tmp_path}/out/a%20b.nq> ] .\n"
    assert written(rules(tmp_path, place, "rml:logicalTarget ex:s ;"), tmp_path / "out")[1] == {"a b.nq": 6}
    place = "ex:s rml:target [ <http://rdfs.org/ns/void#dataDump> <file://data/a%20b.nq> ] .\n"
    assert written(rules(tmp_path, place, "rml:logicalTarget ex:s ;"), tmp_path / "below")[1] == {"data/a b.nq": 6}
    place = "ex:s rml:target [ <http://rdfs.org/ns/void#dataDump> <file://data/../../a.nq> ] .\n"
    with pytest.raises(KgError):
        written(rules(tmp_path, place, "rml:logicalTarget ex:s ;"), tmp_path / "deep" / "below")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('rml:predicate <http://e/1> ; rml:object "x"', "does not end in a name"),
        ('rml:predicate ex:c ; rml:object "\\u0001"', "XML has no character U.0001"),
    ],
)
def test_files_appear_together_or_not_at_all(more: str, said: str, tmp_path: Path) -> None:
    described = target("a", "a.nq") + target("z", "z.rdf", "; rml:serialization formats:RDF_XML")
    path = rules(tmp_path, described, "rml:logicalTarget ex:a, ex:z ;")
    text = path.read_text(encoding="utf-8").replace(
        "ex:a a rml:L", f"ex:m rml:predicateObjectMap [ {more} ] .\nex:a a rml:L"
    )
    path.write_text(text, encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.nq").write_text("what was there")
    with pytest.raises(DataError, match=said):
        written(path, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["a.nq"]
    assert (tmp_path / "out/a.nq").read_text() == "what was there"


def test_rows_that_are_left_out_are_in_no_target(tmp_path: Path) -> None:
    path = rules(tmp_path, target("s", "s.nq"), "rml:logicalTarget ex:s ;", made="rml:datatype xsd:integer")
    with pytest.raises(DataError):
        written(path, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "t.csv").write_text("i,a\n1,7\n2,x\n", encoding="utf-8")
    assert written(path, tmp_path / "out", on_error=OnError.SKIP)[1] == {"s.nq": 2}


def test_the_command_says_what_was_written_where(tmp_path: Path) -> None:
    described = target("s", "s.ttl", "; rml:serialization formats:Turtle")
    on_a_shell = rules(tmp_path, described, "rml:logicalTarget ex:s ;")
    runner, folder = CliRunner(), str(tmp_path / "out")
    without = runner.invoke(kg, ["map", str(on_a_shell)])
    assert without.exit_code == 2
    assert "m.ttl:5: 's.ttl' is not written: nobody said where" in without.stderr
    told = runner.invoke(kg, ["map", str(on_a_shell), "--targets", folder])
    assert told.exit_code == 0
    said = "6 triples, all in a file of the mapping, of 3 rows\n"
    assert told.stderr.endswith(f"{said}{folder}/s.ttl: 6 triples, Turtle\n")
    assert not told.stdout
    taken = runner.invoke(kg, ["map", str(on_a_shell), "--targets", folder, "-o", f"{folder}/s.ttl"])
    assert "'s.ttl' would take the place of another file" in taken.stderr
    listed = runner.invoke(kg, ["map", str(on_a_shell), "--targets", folder, "--json", "-o", str(tmp_path / "o.nq")])
    (file,) = json.loads(listed.stdout)["data"]["targets"]
    assert file == {"path": f"{folder}/s.ttl", "serialization": "Turtle", "triples": 6}
    some = runner.invoke(
        kg, ["map", str(rules(tmp_path, described, made="rml:logicalTarget ex:s ;")), "--targets", folder]
    )
    assert "\n3 triples, and 3 in a file of the mapping, of 3 rows\n" in f"\n{some.stderr}"


def test_targets_are_counted_since_all_are_open_at_once(tmp_path: Path) -> None:
    described = "".join(target(f"t{n}", f"{n}.nq") for n in range(201))
    path = rules(tmp_path, described, f"rml:logicalTarget {', '.join(f'ex:t{n}' for n in range(201))} ;")
    with pytest.raises(MappingError, match="more than 200 targets"):
        written(path, tmp_path / "out")
    path.write_text(path.read_text(encoding="utf-8").replace(", ex:t200 ;", " ;"), encoding="utf-8")
    assert len(places_of(load_plan(path, None), Access(targets=tmp_path))) == 200
