"""What a result says where its shape has no message: the limit, class, list or shape, and the path, in three languages."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest
from rdflib import RDF, SH, Graph, URIRef
from shared_data import SHARED

from kg.errors import UsageError
from kg.shacl import Columns, Report, gate, shapes_graph, validate
from kg.shacl.constraints import CHECKS
from kg.shacl.report.words import LANGUAGES

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <http://e/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix schema: <https://schema.org/> .
"""


def run(said: str, shaped: str, *, details: bool = True) -> Report:
    data, shapes = (list(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE)) for text in (said, shaped))
    return validate(Columns.from_quads(data), shapes_graph(shapes), details=details)


def of_values(parameters: str) -> str:
    """A property shape without a name."""
    return f":S sh:targetNode :a ; sh:property [ sh:path schema:p ; {parameters} ] ."


VALUES = "the value of schema:p "
WORDS = {
    "minCount 2": (':a schema:p 1 .', "fewer than 2 values of schema:p (it has 1)"),
    "minCount 1": ("", "fewer than 1 value of schema:p (it has none)"),
    "maxCount 1": (":a schema:p 1 , 2 , 3 .", "more than 1 value of schema:p (it has 3)"),
    "maxCount 0": (":a schema:p 1 .", "more than 0 values of schema:p (it has 1)"),
    "class org:Organization": (":a schema:p :b .", VALUES + "is not an instance of org:Organization"),
    "datatype xsd:date": (':a schema:p "x" .', VALUES + "is no xsd:date (its datatype is xsd:string)"),
    "datatype xsd:integer": (":a schema:p :b .", VALUES + "is no xsd:integer (it is an IRI)"),
    "datatype xsd:decimal": (':a schema:p "1e3"^^xsd:decimal .', VALUES + "is no xsd:decimal: its text is no lexical form of it"),
    "nodeKind sh:IRI": (":a schema:p 1 .", VALUES + "is not an IRI (it is a literal)"),
    "nodeKind sh:IRIOrLiteral": (":a schema:p [] .", VALUES + "is neither an IRI nor a literal (it is a blank node)"),
    "minExclusive 5": (":a schema:p 5 .", VALUES + "is not greater than 5"),
    "minInclusive 5": (":a schema:p 4 .", VALUES + "is not 5 or more"),
    "maxExclusive 5.5": (":a schema:p 6 .", VALUES + "is not less than 5.5"),
    'maxInclusive "2026-01-01"^^xsd:date': (':a schema:p "2026-02-01"^^xsd:date .', VALUES + "is not 2026-01-01 or less"),
    "minLength 3": (':a schema:p "ab" .', VALUES + "is shorter than 3 characters (it has 2)"),
    "maxLength 1": (':a schema:p "ab" .', VALUES + "is longer than 1 character (it has 2)"),
    "maxLength 9": (":a schema:p [] .", VALUES + "is a blank node, which has no length"),
    'pattern "^a b$"': (':a schema:p "c" .', VALUES + "does not match the pattern “^a b$”"),
    'flags "i" ; sh:pattern "^a"': (':a schema:p "c" .', VALUES + "does not match the pattern “^a” (flags i)"),
    'languageIn ( "ar" "fr" )': (':a schema:p "c"@en .', VALUES + "is in none of the languages ar, fr"),
    "uniqueLang true": (':a schema:p "c"@en , "d"@en , "e"@fr .', "more than one value of schema:p in one language: en"),
    'in ( :b 7 "x"@fr )': (":a schema:p 8 .", VALUES + 'is not in the list: 7, "x"@fr, http://e/b'),
    "hasValue :b": (":a schema:p 8 .", "lacks the value http://e/b of schema:p"),
    "disjoint schema:q": (":a schema:p 8 ; schema:q 8 .", VALUES + "is also a value of schema:q"),
    "lessThan schema:q": (":a schema:p 8 ; schema:q 8 .", VALUES + "is not less than the value of schema:q: 8"),
    "lessThanOrEquals schema:q": (
        ":a schema:p 8 ; schema:q 7 , 9 .",
        VALUES + "is neither less than the value of schema:q nor equal to it: 7",
    ),
    "node org:A": (":a schema:p 8 .", VALUES + "does not fit the shape org:A"),
    "node [ sh:nodeKind sh:IRI ]": (":a schema:p 8 .", VALUES + "does not fit the shape without a name"),
    "and ( org:A org:B )": (":a schema:p 8 .", VALUES + "does not fit all the shapes org:A, org:B"),
    "or ( org:A [ sh:nodeKind sh:IRI ] )": (":a schema:p 8 .", VALUES + "fits none of the shapes org:A, one without a name"),
    "xone ( org:A org:B )": (":a schema:p 8 .", VALUES + "fits none of the shapes org:A, org:B, and must fit exactly one"),
    "xone ( org:A org:A2 )": (":a schema:p :b .", VALUES + "fits 2 shapes and must fit exactly one of them: org:A, org:A2"),
    "not org:A": (":a schema:p :b .", VALUES + "fits the shape org:A, which is not allowed"),
    "qualifiedValueShape org:A ; sh:qualifiedMinCount 2": (
        ":a schema:p :b , 7 .", "fewer than 2 values of schema:p that fit the shape org:A (it has 1)",
    ),
    "qualifiedValueShape org:A ; sh:qualifiedMaxCount 1": (
        ":a schema:p :b , :c .", "more than 1 value of schema:p that fits the shape org:A (it has 2)",
    ),
}  # fmt: skip
NAMED = " org:A sh:nodeKind sh:IRI . org:A2 sh:nodeKind sh:IRI . org:B sh:nodeKind sh:BlankNode ."


@pytest.mark.parametrize(("parameters", "said", "words"), [(p, *w) for p, w in WORDS.items()], ids=WORDS)
def test_a_message_names_what_is_asked_for_and_the_path(parameters: str, said: str, words: str) -> None:
    report = run(said, of_values(f"sh:{parameters}") + NAMED)
    messages = {result.message() for result in report.results}
    assert messages == {words}
    # The same is told in the other languages: what is named stands in every one of them.
    for language in ("ar", "fr"):
        text = report.results[0].message(language)
        assert "schema:p" in text
        named = ("org:", "xsd:", "schema:q", "^", "2026-01-01", "5", "http://e/b")
        assert [name for name in named if name in text] == [name for name in named if name in words]
        assert not set("{}") & set(text)


@pytest.mark.parametrize(
    ("parameters", "said", "words"),
    [
        ("sh:nodeKind sh:Literal", "", "is not a literal (it is an IRI)"),
        ("sh:hasValue :b", "", "is not http://e/b"),
        ("sh:equals schema:q", ":a schema:q :a , :b .", "is not the one value of schema:q"),
        ("sh:closed true", ":a schema:q 1 .", "has the property schema:q, which is not allowed"),
        ("sh:class :C ; sh:class :D", "", "is not an instance of http://e/C|is not an instance of http://e/D"),
    ],
)
def test_a_node_has_no_path(parameters: str, said: str, words: str) -> None:
    report = run(said, f":S sh:targetNode :a ; {parameters} .")
    assert sorted({result.message() for result in report.results}) == words.split("|")


def test_values_of_two_properties_that_differ_are_told_apart() -> None:
    report = run(":a schema:p 1 ; schema:q 2 .", of_values("sh:equals schema:q"))
    assert [(result.value, result.message()) for result in report.results] == [
        ('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', "the value of schema:p is not a value of schema:q too"),
        ('"2"^^<http://www.w3.org/2001/XMLSchema#integer>', "a value of schema:q is no value of schema:p"),
    ]


def test_a_long_list_is_cut_and_counted() -> None:
    report = run(":a schema:p 0 .", of_values(f"sh:in ( {' '.join(map(str, range(100, 130)))} )"))
    assert report.results[0].message().endswith("108, 109, … (30 in all)")
    assert report.results[0].message("fr").endswith("108, 109, … (30 en tout)")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_kind_of_constraint_is_without_words(language: str) -> None:
    """Every component of SHACL Core has a sentence in every language, with a reason and without."""
    english, words = LANGUAGES["en"], LANGUAGES[language]
    assert words.sentences.keys() == english.sentences.keys()
    assert words.general.keys() == english.general.keys()
    assert words.report.keys() == english.report.keys()
    assert len(CHECKS) <= len(words.general)


def test_three_languages_say_one_thing() -> None:
    (result,) = run(":a schema:p 1 .", of_values("sh:minCount 2")).results
    assert result.message("fr") == "moins de 2 valeurs de schema:p (il y en a 1)"
    # Names in Latin letters stand apart, so that nothing around them is turned.
    assert result.message("ar") == "عدد قيم \u2068schema:p\u2069 أقل من 2 (عددها 1)"
    assert [message.language for message in result.texts()] == ["ar", "en", "fr"]
    text = Report((result,)).to_text(language="ar").splitlines()
    assert text[0].startswith("مخالفة: عدد قيم ")
    assert text[1] == "غير مطابق، عدد النتائج: 1"
    with pytest.raises(UsageError, match="no reports in the language 'de'"):
        result.message("de")


def test_a_pattern_is_read_from_left_to_right_in_arabic() -> None:
    (result,) = run(':a schema:p "c" .', of_values('sh:pattern "^[0-9]{5}$"')).results
    assert result.message("ar") == "قيمة \u2068schema:p\u2069 لا تطابق النمط «\u2066^[0-9]{5}$\u2069»"


def test_what_a_shape_says_is_not_set_aside() -> None:
    (result,) = run("", of_values('sh:minCount 1 ; sh:message "Un nom !"@fr')).results
    assert [result.message(language) for language in ("ar", "fr", "en")] == ["Un nom !"] * 3


# --- queries

SELECT = ':S sh:targetNode :a ; sh:sparql [ {} sh:select "SELECT $this {} WHERE {{ $this <https://schema.org/p> ?value }}" ] .'


@pytest.mark.parametrize(
    ("message", "selected", "words"),
    [
        ('sh:message "{$this} has {?value}: {?what}" ;', "?value ('{?value}' AS ?what)", "http://e/a has 7: {?value}"),
        ('sh:message "{?this} has {?unknown}" ;', "", "http://e/a has {?unknown}"),
        ('sh:message "not this" ;', "('by the query' AS ?message)", "by the query"),
        ("", "", "breaks a rule that the shape states as a query"),
    ],
)
def test_a_message_of_a_query_has_its_variables_written_in_once(message: str, selected: str, words: str) -> None:
    (result,) = run(":a schema:p 7 .", SELECT.format(message, selected)).results
    assert result.message() == words


def test_a_component_of_ones_own_is_told_with_its_parameters() -> None:
    component = """
    org:MostComponent a sh:ConstraintComponent ; sh:parameter [ sh:path org:most ] ;
        sh:validator [ sh:ask "ASK { FILTER ($value <= $most) }" ] .
    """
    (result,) = run(":a schema:p 7 .", component + of_values("org:most 5")).results
    assert result.message() == "breaks org:MostComponent (most: 5)"
    assert result.message("fr") == "enfreint org:MostComponent (most: 5)"


# --- reasons below reasons

ADDRESS = """
:S sh:targetNode :a ; sh:property [ sh:path schema:address ; sh:node :Address ] .
:Address sh:property [ sh:path schema:city ; sh:node :City ] , [ sh:path schema:zip ; sh:minCount 1 ; sh:message "A zip"@en ] .
:City sh:property [ sh:path schema:name ; sh:minCount 1 ] .
"""
HOUSE = ":a schema:address :b . :b schema:city :c ."


def test_the_reasons_stand_below_the_result() -> None:
    assert run(HOUSE, ADDRESS).to_text().replace(" [", "\n[").splitlines() == [
        "violation: the value of schema:address does not fit the shape http://e/Address",
        "[http://e/a schema:address http://e/b] (shape _:node1)",
        "    because: the value of schema:city does not fit the shape http://e/City",
        "[http://e/b schema:city http://e/c] (shape _:node2)",
        "        because: fewer than 1 value of schema:name (it has none)",
        "[http://e/c schema:name] (shape _:node3)",
        "    because: A zip",
        "[http://e/b schema:zip] (shape _:node4)",
        "does not conform: 1 result",
    ]
    (problem,) = run(HOUSE, ADDRESS).problems()
    assert "; because: the value of schema:city does not fit the shape" in problem.message
    assert problem.message.endswith(", and 1 more reason")


def test_they_are_there_when_asked_for() -> None:
    assert not run(HOUSE, ADDRESS, details=False).results[0].details
    body = json.loads(json.dumps(run(HOUSE, ADDRESS).to_json()))
    (city, zip_code) = body["results"][0]["details"]
    assert zip_code["messages"] == [{"text": "A zip", "language": "en"}]
    assert city["details"][0]["path"] == "https://schema.org/name"
    graph = Graph().parse(data=run(HOUSE, ADDRESS).to_turtle(), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    (result,) = graph.objects(report, SH.result)
    details = {graph.value(node, SH.resultPath): node for node in graph.objects(result, SH.detail)}
    assert set(details) == {URIRef("https://schema.org/city"), URIRef("https://schema.org/zip")}
    assert graph.value(details[URIRef("https://schema.org/city")], SH.detail)


@pytest.mark.parametrize(
    ("parameters", "said", "reasons"),
    [
        ("sh:and ( :A :B )", ":a schema:p 1 .", 2),
        ("sh:or ( :A :B )", ":a schema:p 1 .", 2),
        ("sh:xone ( :A :B )", ":a schema:p 1 .", 2),
        ("sh:xone ( :A :A2 )", ":a schema:p :b .", 0),
        ("sh:not :A", ":a schema:p :b .", 0),
        ("sh:qualifiedValueShape :A ; sh:qualifiedMinCount 3", ":a schema:p 1 , 2 , :b .", 2),
        ("sh:qualifiedValueShape :A ; sh:qualifiedMaxCount 0", ":a schema:p 1 , :b .", 0),
    ],
)
def test_what_has_reasons(parameters: str, said: str, reasons: int) -> None:
    shapes = ":A sh:nodeKind sh:IRI . :A2 sh:nodeKind sh:IRI . :B sh:nodeKind sh:BlankNode ."
    (result,) = run(said, of_values(parameters) + shapes).results
    assert len(result.details) == reasons


def test_a_circle_of_shapes_ends() -> None:
    shapes = (
        ":S sh:targetNode :a ; sh:property [ sh:path :knows ; sh:node :S ] , [ sh:path schema:name ; sh:minCount 1 ] ."
    )
    report = run(":a :knows :b ; schema:name 1 . :b :knows :a , :c , :b ; schema:name 2 . :c :knows :a .", shapes)
    text = report.to_text()
    assert "because: fewer than 1 value of schema:name (it has none) [http://e/c schema:name]" in text
    assert len(text.splitlines()) < 12


def test_a_long_chain_and_many_reasons_are_cut_and_counted() -> None:
    chain = " ".join(f":n{n} :next :n{n + 1} ." for n in range(200))
    shapes = ":S sh:targetNode :n0 ; sh:property [ sh:path :next ; sh:node :S ] . :S sh:not [ sh:hasValue :n200 ] ."
    (result,) = run(chain, shapes).results
    depth = 0
    while result.details:
        (result,), depth = result.details, depth + 1
    assert (depth, result.left_out) == (8, 1)
    many = run(
        f":a schema:p {' , '.join(map(str, range(80)))} .",
        of_values("sh:qualifiedValueShape :A ; sh:qualifiedMinCount 1") + ":A sh:nodeKind sh:IRI .",
    )
    (result,) = many.results
    assert (len(result.details), result.left_out) == (50, 30)
    assert "    and 30 more reasons" in many.to_text().splitlines()
    assert many.to_json()["results"][0]["details_left_out"] == 30  # type: ignore[index]


def test_a_build_tells_every_class_that_is_asked_for() -> None:
    shapes, none = (
        shapes_graph(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE))
        for text in (":S sh:targetNode :a ; sh:class :C , :D .", "")
    )
    report = gate(["<http://e/a> <http://e/p> <http://e/b> ."], "http://e/o", shapes, none)
    assert [r.message("fr") for r in report.results] == [
        "n’est pas une instance de http://e/C",
        "n’est pas une instance de http://e/D",
    ]


def test_the_reasons_of_the_shared_case() -> None:
    folder = SHARED / "cases/shacl/node_detail"
    if not folder.is_dir():
        pytest.skip("the shared cases are not here")
    data, shapes = (
        list(ox.parse((folder / name).read_bytes(), format=ox.RdfFormat.TURTLE)) for name in ("data.ttl", "shapes.ttl")
    )
    text = validate(Columns.from_quads(data), shapes_graph(shapes), details=True).to_text()
    assert "does not fit the shape http://ex/Addr" in text
    assert "\n    because: An address needs a zip [http://ex/b http://ex/zip]" in text
