"""XML by XPath 1.0: what is found, in which order, at which line; and what is refused."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rml.mappings import file_source, lines, objects, one_map

from kg.errors import DataError, MappingError
from kg.rml import Access, Limits, map_to

PEOPLE = """<?xml version="1.0"?>
<!-- <person id="0"/> -->
<people xmlns:v="http://v/">
  <person id="1" v:kind="a">
    <name xml:lang="ar">زينب</name><name>Zineb &amp; co</name>
    <note>one<!-- not this --> <b>two</b><?nor this?></note><empty/>
  </person>
  <group><person id="9"/></group>
  <person id="2">
    <name><![CDATA[<raw>]]></name><age>41</age><v:deep><v:er>x</v:er></v:deep>
  </person>
</people>
"""


def people(
    folder: Path, references: list[str], iterator: str = "/people/person", subject: str = "http://e/{@id}"
) -> Path:
    (folder / "people.xml").write_text(PEOPLE, encoding="utf-8")
    formulation = (
        "[ a rml:XPathReferenceFormulation ; rml:namespace "
        '[ a rml:Namespace ; rml:namespacePrefix "w" ; rml:namespaceURL "http://v/" ] ]'
    )
    return one_map(folder, file_source("people.xml", formulation, iterator), subject, references)


WALKED = ["/people/person", "//people/person", "/people/person[@id]"]


@pytest.mark.parametrize("iterator", WALKED)
def test_elements_attributes_and_texts(tmp_path: Path, iterator: str) -> None:
    path = people(tmp_path, ["name", "@w:kind", "name/@xml:lang", "note", "empty", "w:deep/w:er"], iterator)
    assert objects(path) == [
        '<1> <p0> "زينب"',
        '<1> <p0> "Zineb & co"',
        '<1> <p1> "a"',
        '<1> <p2> "ar"',
        '<1> <p3> "one two"',
        '<1> <p4> ""',
        '<2> <p0> "<raw>"',
        '<2> <p5> "x"',
    ]


@pytest.mark.parametrize("iterator", WALKED)
def test_functions_give_texts_numbers_and_booleans(tmp_path: Path, iterator: str) -> None:
    references = ["concat(name[last()], '-', @id)", "count(name)", "age div 2", "not(age)", "normalize-space(note)"]
    assert objects(people(tmp_path, references, iterator)) == [
        '<1> <p0> "Zineb & co-1"',
        '<1> <p1> "2"^^xsd:integer',
        '<1> <p2> "NaN"^^xsd:double',
        '<1> <p3> "true"^^xsd:boolean',
        '<1> <p4> "one two"',
        '<2> <p0> "<raw>-2"',
        '<2> <p1> "1"^^xsd:integer',
        '<2> <p2> "2.05E1"^^xsd:double',
        '<2> <p3> "false"^^xsd:boolean',
        '<2> <p4> ""',
    ]


def test_paths_that_look_around_see_the_whole_document(tmp_path: Path) -> None:
    path = people(
        tmp_path, ["../group/person/@id", "count(preceding-sibling::person)", "string(/people/person[1]/@id)"]
    )
    assert objects(path) == [
        '<1> <p0> "9"',
        '<1> <p1> "0"^^xsd:integer',
        '<1> <p2> "1"',
        '<2> <p0> "9"',
        '<2> <p1> "1"^^xsd:integer',
        '<2> <p2> "1"',
    ]


def test_a_template_takes_every_combination_and_absence_makes_nothing(tmp_path: Path) -> None:
    assert objects(people(tmp_path, ["@id"], subject="http://e/{name}/{age}")) == ['<%3Craw%3E/41> <p0> "2"']


def test_texts_that_mean_nothing_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text("<r><x i='1'>NA</x><x i='2'>ok</x></r>")
    source = file_source("t.xml", "rml:XPath", "/r/x", '; rml:null "NA", ""')
    assert objects(one_map(tmp_path, source, "http://e/{@i}", ["."])) == ['<2> <p0> "ok"']


def test_a_join_compares_what_trees_and_tables_hold(tmp_path: Path) -> None:
    (tmp_path / "p.xml").write_text("<r><x i='1'><k>a</k><k>b</k></x><x i='2'/></r>")
    (tmp_path / "c.csv").write_text("j,k\n7,b\n8,c\n")
    text = one_map(tmp_path, file_source("p.xml", "rml:XPath", "/r/x"), "http://e/{@i}", []).read_text()
    link = 'rml:parentTriplesMap ex:m ; rml:joinCondition [ rml:child "k" ; rml:parent "k" ]'
    text += f'ex:c {file_source("c.csv", "rml:CSV")} ; rml:subjectMap [ rml:template "http://e/{{j}}" ] ;'
    text += f" rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {link} ] ] ."
    (tmp_path / "m.ttl").write_text(text)
    assert objects(tmp_path / "m.ttl") == ["<7> <p> <1"]


def test_a_fault_is_told_with_the_line_of_its_element(tmp_path: Path) -> None:
    rows = "".join(f"<x i='{i}'>\n<d>2030-01-01</d></x>\n" for i in range(40_000))
    (tmp_path / "t.xml").write_text(f"<r>\n{rows}<x i='bad one'><d>z</d></x></r>")
    path = one_map(tmp_path, file_source("t.xml", "rml:XPath", "/r/x"), "http://e/{@i}", ["d"])
    path.write_text(path.read_text().replace('rml:template "http://e/{@i}"', 'rml:reference "@i"'))
    with pytest.raises(DataError, match="'bad one' is not an IRI") as caught:
        lines(path, base="http://e/")
    assert str(caught.value.problems[0].position) == "t.xml:80002"


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("a[", "Invalid expression"),
        ("z:a", "the prefix 'z' is not declared"),
        ("a[z:b]", "the prefix 'z' is not declared"),
        ("a[lower-case(b)]", "there is no function lower-case()"),
        ("a[b = $c]", "there are no variables here"),
        ("concat('a')", "Invalid number of arguments"),
        ("a ; b", "what is ';'?"),
    ],
)
def test_what_cannot_be_evaluated_is_told_before_a_document_is_read(tmp_path: Path, reference: str, said: str) -> None:
    path = people(tmp_path, ["@id", reference])
    (tmp_path / "people.xml").write_text("not XML")
    with pytest.raises(MappingError) as caught:
        lines(path)
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.position
    assert reference in path.read_text().splitlines()[problem.position.line - 1]


@pytest.mark.parametrize("iterator", [*WALKED, "/people[.//v:er]/person"])
@pytest.mark.parametrize("prefix", ["v", "w"])
def test_prefixes_are_those_of_the_mapping_and_of_the_first_element(tmp_path: Path, iterator: str, prefix: str) -> None:
    path = people(tmp_path, [f"@{prefix}:kind", "v:deep/v:er", f"v:deep/{prefix}:er"], iterator)
    (tmp_path / "people.xml").write_text(PEOPLE.replace("<people ", '<people xmlns:w="http://other/" '))
    if prefix == "v":
        path.write_text(re.sub(r"\[ a rml:XPathRef.* \] \]", "rml:XPath", path.read_text()))
        assert "Namespace" not in path.read_text()
    found = {line.partition(" ")[2] for line in objects(path)}
    assert found == {'<p0> "a"', '<p1> "x"', '<p2> "x"'}


def test_prefixes_of_inner_elements_are_not_known(tmp_path: Path) -> None:
    (tmp_path / "people.xml").write_text('<r><x xmlns:z="http://z/"><z:n>a</z:n></x></r>')
    path = one_map(tmp_path, file_source("people.xml", "rml:XPath", "/r/x"), "http://e/1", ["z:n"])
    with pytest.raises(
        MappingError, match="'z' is not declared in: z:n: write rml:namespace, or declare it in the first"
    ):
        lines(path)


@pytest.mark.parametrize("iterator", ["/r/x", "//x"])
@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        ("", "the document is empty", 1),
        ("<r>\n<x>\n</r>", "Opening and ending tag mismatch", 3),
        ("<r>\n<x/>\n", "not XML", 3),
        ('<!DOCTYPE r [<!ENTITY a "b">]><r><x>&a;</x></r>', "the document declares entities: a", 1),
        ('<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r><x>&a;</x></r>', "declares entities", 1),
        ('<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd">\n<r>\n<x i="&a;"/></r>', "Entity 'a' not defined", 3),
        ("<r><x>&a;</x></r>", "Entity 'a' not defined", 1),
        (f"<r>{'<a>' * 300}<x/>{'</a>' * 300}</r>", "nested too deeply", 1),
        ("<r><x>" + "x" * 10_100_000 + "</x></r>", "a text is longer than 10 MB", 1),
    ],
)
def test_documents_that_are_none(tmp_path: Path, iterator: str, content: str, said: str, line: int) -> None:
    (tmp_path / "t.xml").write_text(content)
    with pytest.raises(DataError) as caught:
        lines(one_map(tmp_path, file_source("t.xml", "rml:XPath", iterator), "http://e/{@i}", ["."]))
    (problem,) = caught.value.problems
    assert said in problem.message
    assert str(problem.position) == f"t.xml:{line}"


def test_a_document_type_without_entities_is_read_over(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text('<!DOCTYPE r SYSTEM "no.dtd" [<!ATTLIST x k CDATA "d">]><r><x i="1"/></r>')
    path = one_map(tmp_path, file_source("t.xml", "rml:XPath", "/r/x"), "http://e/{@i}", ["@i", "@k"])
    assert objects(path)[0] == '<1> <p0> "1"'


def test_what_is_larger_is_read_if_it_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(f"<r>{'<a>' * 300}<x i='1'/>{'</a>' * 300}</r>")
    path = one_map(tmp_path, file_source("t.xml", "rml:XPath", "//x"), "http://e/{@i}", ["@i"])
    assert objects(path, access=Access(Limits().with_texts(["record=32M"]))) == ['<1> <p0> "1"']
    with pytest.raises(DataError, match=r"larger than 1K.*--limit document=2K"):
        lines(path, access=Access(Limits().with_texts(["document=1K"])))


def test_the_encoding_is_that_of_the_document_or_of_the_mapping(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_bytes('<?xml version="1.0" encoding="iso-8859-6"?><r><x>سد</x></r>'.encode("iso-8859-6"))
    path = one_map(tmp_path, file_source("t.xml", "rml:XPath", "/r/x"), "http://e/1", ["."])
    assert objects(path) == ['<1> <p0> "سد"']
    (tmp_path / "t.xml").write_bytes("<r><x>سد</x></r>".encode("utf-16-le"))
    path = one_map(
        tmp_path, file_source("t.xml", "rml:XPath", "/r/x", "; rml:encoding rml:UTF-16"), "http://e/1", ["."]
    )
    assert objects(path) == ['<1> <p0> "سد"']
    (tmp_path / "t.xml").write_bytes(b"<r>\n<x>\xe9</x></r>")
    with pytest.raises(DataError, match=r"t.xml:2: not XML: .*encoding"):
        lines(one_map(tmp_path, file_source("t.xml", "rml:XPath", "/r/x"), "http://e/1", ["."]))


def test_an_iterator_ends_at_elements(tmp_path: Path) -> None:
    for iterator in ("//@id", "count(//person)", "//person/text()"):
        with pytest.raises(DataError, match="the iterator finds what is no element"):
            lines(people(tmp_path, ["."], iterator, "http://e/1"))


def test_records_that_are_mapped_are_forgotten(tmp_path: Path) -> None:
    """A stream: more bytes than a document may have, in records that are small."""
    rows = "".join(f"<s/><x i='{i}'><y/>{'text ' * 20}</x>\n" for i in range(5_000))
    (tmp_path / "t.xml").write_text(f"<r>{rows}</r>")
    path = one_map(tmp_path, file_source("t.xml", "rml:XPath", "/r/x"), "http://e/{@i}", ["@i"])
    output = io.BytesIO()
    summary = map_to(path, output, access=Access(Limits(document=100_000)))
    assert summary.triples == 5_000
    (tmp_path / "t.xml").write_text(f"<r>{'<s/>' * 50_000}<x/></r>")
    with pytest.raises(DataError, match="the document is larger than"):
        map_to(path, output, access=Access(Limits(document=100_000)))
