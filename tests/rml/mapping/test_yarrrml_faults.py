"""What is outside the YARRRML subset is told with its line, and no document ends otherwise."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rml.mapping.yarrrml_documents import HEAD, read, same

from kg.errors import MappingError, StorageError
from kg.rml.mapping.statements import Statement
from kg.rml.mapping.yarrrml.translation import read_yarrrml

FAULTS = [
    ("mappings: [a]", 1, "'mappings' is written as names with values"),
    ("prefixes: {}", 1, "the document has no 'mappings'"),
    (
        HEAD + "    po: [ex:p, $(a)]",
        6,
        "a predicateobject is a pair, not 'ex:p' alone .po: ..predicate, object.., a list",
    ),
    (HEAD + "    po: {ex:p: $(a)}", 6, "no property 'ex:p' as a key .po: ..ex:p, object.."),
    (HEAD + "    po: [[ex:p, $(a), fr]]", 6, "'fr' is no datatype .the language is written fr~lang"),
    (HEAD + "    po: [{p: ex:p, o: [[$(a), ar-DZ]]}]", 6, "'ar-DZ' is no datatype .the language is written ar-DZ~lang"),
    ("mappings:\n  m:\n    sources: t.csv~csv\n    s: http://e/{id}\n", 4, "is no IRI .a column is written ..name.."),
    ("- a", 1, "the document is written as keys with values"),
    ("mapings: {}", 1, "has no 'mapings' in this subset of YARRRML .did you mean 'mappings'"),
    ("targets: {t: 'http://e/x~sparql'}\nmappings: {}", 1, "'sparql' are not written: nothing is sent to a SPARQL"),
    ("targets: {t: 'https://e/x.nt~void'}\nmappings: {}", 1, "no file.*nothing is sent over the network"),
    ("targets: {t: [x.ttl, turtel]}\nmappings: {}", 1, "unknown serialization 'turtel'.*did you mean 'turtle'"),
    ("targets: {t: 'x-$(id.nq'}\n" + HEAD + "    po: [{p: {value: ex:p, targets: t}, o: a}]", 1, "is not closed"),
    ("targets: {t: {source: s, access: x.nq}}\nmappings: {}", 1, "there is no source 's'"),
    (
        "sources: {b: [b.csv~csv]}\ntargets: {t: {source: b, access: $(id).nq}}\n"
        + HEAD
        + "    po: [{p: {value: ex:p, targets: t}, o: a}]",
        2,
        "the target is of another source",
    ),
    (
        "targets:\n  t: {access: x.nq, ldes: {id: a}}\nmappings: {}",
        2,
        "event streams .LDES. are not written .without 'ld",
    ),
    ("targets: {t: {type: void}}\nmappings: {}", 1, "no 'access'"),
    ("targets: {t: [a, b, c, d]}\nmappings: {}", 1, "a target is .file~type, serialization, compression."),
    ("targets: [x.nq]\nmappings: {}", 1, "'targets' is written as names"),
    (HEAD + "    po: [{p: ex:p, o: {value: $(a), targets: x}}]", 6, "there is no target 'x'.*declare it under"),
    (HEAD + "    po: [{p: {targets: x.nq~void}, o: a}]", 6, "a predicate has no 'value'"),
    ("mappings:\n  m: {}", 2, "the mapping 'm' has no 'sources'"),
    ("mappings:\n  m: {sources: t.csv}", 2, "there is no source 't.csv'"),
    ("sources: {people: [a.csv~csv]}\nmappings:\n  m: {sources: poeple}", 3, "did you mean 'people'"),
    ("mappings:\n  m: {sources: [t.csv]}", 2, "there is no source 't.csv'"),
    ("sources: {p: t.csv}\nmappings: {}", 1, "'t.csv' does not say how it is read .write t.csv~csv"),
    ("mappings:\n  m: {sources: t.csv~cvs}", 2, "unknown reference formulation 'cvs' .did you mean 'csv'"),
    ("mappings:\n  m: {sources: t.x~xquery}", 2, "unknown reference formulation 'xquery'"),
    ("mappings:\n  m: {sources: 'http://e/t.csv~csv'}", 2, "is no file"),
    ("mappings:\n  m: {sources: t.json~jsonpath}", 2, "the source has no iterator"),
    ("mappings:\n  m: {sources: [t.csv~csv, $]}", 2, "a CSV source has no iterator"),
    ("sources: {p: [t.csv~csv, a, b]}\nmappings: {}", 1, "a source is .file~formulation, iterator"),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: csv, type: oracle}}", 2, "type 'oracle'"),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: sql, query: q, table: t}}", 2, "has table and query"),
    ("mappings:\n  m: {sources: t.sqlite~sql}", 2, "the source has no query"),
    (
        "mappings:\n  m: {sources: {access: t, referenceFormulation: sql, query: q, queryFormulation: sparql}}",
        2,
        "queries are those of SQL",
    ),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: csv, namespaces: {a: b}}}", 2, "an XPath source"),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: csv, delimiter: ab}}", 2, "one character"),
    ("mappings:\n  m: {sources: {access: t, referenceFormulation: csv, encoding: utf-99}}", 2, "unknown encoding"),
    (
        "mappings:\n  m: {sources: {access: t, referenceFormulation: csv, type: mysql}}",
        2,
        "a database has a query or a table",
    ),
    ("mappings:\n  m: {sources: {access: t}}", 2, "no 'referenceFormulation'"),
    (HEAD + "    condition: {parameters: []}", 6, "the function has no 'function'"),
    (HEAD + "    condition: isNull", 6, "no function in 'isNull'"),
    (HEAD + "    condition: 'isNull($(a)'", 6, "a parenthesis is not closed"),
    (HEAD + "    condition: 'isNull($(a)) b'", 6, "'b' stands behind the function"),
    (HEAD + '    condition: \'equal("a" "b")\'', 6, "a quote that is not closed before a comma"),
    (HEAD + "    subject: ex:x", 6, "says a second time what 'subjects' says"),
    (HEAD + "    po:\n      - [ex:p]", 7, "two or three items, not 1"),
    (HEAD + "    po:\n      - {p: ex:p}", 7, "no 'objects'"),
    (HEAD + "    po:\n      - {o: x}", 7, "no 'predicates'"),
    (HEAD + "    po:\n      - {p: ex:p, o: []}", 7, "at least one predicate and one object"),
    (HEAD + "    po:\n      - [ex:p, null]", 7, "an object is a text"),
    (HEAD + "    po:\n      - [foa:name, $(n)]", 7, "the prefix 'foa' is not declared .did you mean 'foaf'"),
    (HEAD + "    po:\n      - [name, $(n)]", 7, "'name' is no IRI .write prefix:name"),
    (HEAD + "    po:\n      - [ex:p, [$(n), ar~lang]]", 7, r"stands where an object stands .write \[\[value, xx~lang"),
    (HEAD + "    po:\n      - [ex:p, [[a, ar~lang]], xsd:date]", 7, "an object is .value, datatype or xx~lang"),
    (HEAD + "    po:\n      - [ex:p, {value: a}, xsd:date]", 7, "says its datatype or language itself"),
    (HEAD + "    po:\n      - [ex:p, a, no_lang~lang]", 7, "'no_lang' is no language tag"),
    (HEAD + "    po:\n      - [ex:p, a, $(l)~lang]", 7, "a constant takes no datatype or language from the data"),
    (HEAD + "    po:\n      - [ex:p, $(a)~iri, xsd:date]", 7, "neither datatype nor language"),
    (HEAD + "    po:\n      - {p: ex:p, o: {value: a, datatype: xsd:date, language: ar}}", 7, "not both"),
    (HEAD + "    po:\n      - {p: ex:p, o: {value: $(a)~iri, type: literal}}", 7, "contradict each other"),
    (HEAD + "    po:\n      - {p: ex:p, o: {value: a, type: bnode}}", 7, "unknown type 'bnode'"),
    (HEAD + "    po:\n      - {p: ex:p, o: {type: blank, language: ar}}", 7, "a blank node has no 'language'"),
    (HEAD.replace("ex:$(id)", "{type: iri}"), 5, "a subject has no 'value'"),
    (HEAD + "    po:\n      - {p: ex:p, o: {function: ex:f, value: a}}", 7, "one of 'value', 'function' and 'mapping'"),
    (HEAD + "    po:\n      - {p: ex:p, o: {function: 'f()', pms: []}}", 7, "in parentheses, or under 'parameters'"),
    (HEAD + "    po:\n      - {p: ex:p, o: {function: foa:f}}", 7, "the prefix 'foa' is not declared"),
    (HEAD + "    po:\n      - {p: ex:p, o: {function: f, pms: [[a, b, s, d]]}}", 7, "a parameter is .name, value"),
    (HEAD + "    po:\n      - {p: ex:p, o: {function: f, pms: [[a, b, c]]}}", 7, "'c' is no side of a link"),
    (HEAD + "    po:\n      - {p: ex:p, o: {function: f, pms: [[a, $(b), o]]}}", 7, "there is no other row here"),
    (HEAD.replace("t.csv~csv", "{table: t}"), 4, "the database of the table is not named .*--database"),
    (HEAD.replace("t.csv~csv", "{table: t, encoding: utf-8}"), 4, "has a table or a query, and nothing else"),
    ("external: [a]\n" + HEAD, 1, "'external' is written as names with values"),
    (HEAD + "    po:\n      - {p: ex:p, i: ex:q, o: $(a)~iri}", 7, "no 'i'.*subject and object exchanged"),
    (HEAD + "    po:\n      - [ex:p, $(n]", 7, "a reference is not closed"),
    (HEAD + "    po:\n      - [ex:p, $()]", 7, "a reference without a name"),
    (HEAD + "    po:\n      - {p: ex:p, o: {mapping: x}}", 7, "there is no mapping 'x'"),
    (
        HEAD + "    po:\n      - {p: ex:p, o: {mapping: other}}\n  other: {sources: u.csv~csv}",
        7,
        "different sources: the link needs a condition",
    ),
    (HEAD + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {}}}", 7, "the condition has no 'function'"),
    (
        HEAD
        + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: ex:f, parameters: [[str1, a], [str2, b]]}}}",
        7,
        "the function 'ex:f' is not part of this subset",
    ),
    (
        HEAD + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: equal, parameters: [[str1, a]]}}}",
        7,
        "'equal' compares two values",
    ),
    (
        HEAD
        + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: equal, parameters: [[x, a], [str2, b]]}}}",
        7,
        "'equal' has no parameter 'x'",
    ),
    (
        HEAD + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: equal(str1), parameters: []}}}",
        7,
        "'str1' is no parameter",
    ),
    (
        HEAD
        + "    po:\n      - {p: ex:p, o: {mapping: m, condition: {function: equal, parameters: [[str1, a], [str1, b]]}}}",
        7,
        "two parameters for the same side",
    ),
    ("mappings:\n  m: &x {sources: t.csv~csv}", 2, "anchors and aliases are not allowed"),
    ("mappings: [", 2, "not YAML"),
]


@pytest.mark.parametrize(("text", "line", "said"), FAULTS, ids=[said for _, _, said in FAULTS])
def test_what_is_outside_the_subset_is_an_error_with_its_line(text: str, line: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=said) as caught:
        read(text, tmp_path)
    problem = caught.value.problems[0]
    assert problem.position is not None
    assert problem.position.line == line
    assert problem.position.path.endswith("mapping.yml")
    assert {p.code for p in caught.value.problems} == {"mapping"}


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = HEAD + "    po:\n      - [foa:a, x]\n      - [ex:a, $(b]\n      - [ex:a]\n  n: {}\n"
    with pytest.raises(MappingError) as caught:
        read(text, tmp_path)
    assert [p.position.line for p in caught.value.problems if p.position] == [7, 8, 9, 10]


def test_an_absent_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="no such file"):
        read_yarrrml(tmp_path / "none.yml")
    with pytest.raises(StorageError):
        read_yarrrml(tmp_path)


WORDS = st.sampled_from(
    [
        "a",
        "ex:p",
        "foa:x",
        "$(n)",
        "$(n",
        "ex:$(a b)~iri",
        "fr~lang",
        "t.csv~csv",
        "t.json~jsonpath",
        "$",
        "equal",
        "str1",
        "str2",
        "s",
        "m",
        "here",
        "",
        "null",
        "7",
        "http://e/ x",
        "<http://e/>",
        "iri",
        "literal",
        "xsd:date",
        "~",
    ]
)
KEYS = st.sampled_from(
    [
        "prefixes",
        "base",
        "sources",
        "mappings",
        "subjects",
        "s",
        "po",
        "p",
        "o",
        "objects",
        "g",
        "graphs",
        "value",
        "type",
        "datatype",
        "language",
        "mapping",
        "condition",
        "function",
        "parameters",
        "access",
        "iterator",
        "delimiter",
        "m",
        "referenceFormulation",
        "encoding",
        "ex",
        "here",
        "from",
        "parameter",
        "targets",
        "authors",
    ]
)
PARTS = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=8
)
PAIRS = st.lists(st.lists(PARTS, min_size=1, max_size=3) | st.dictionaries(KEYS, PARTS, max_size=4), max_size=3)
MAPPINGS = st.fixed_dictionaries(
    {"sources": st.just("t.csv~csv") | PARTS}, optional={"s": WORDS | PARTS, "po": PAIRS | PARTS, "g": WORDS | PARTS}
)
DOCUMENTS = st.fixed_dictionaries(
    {"mappings": st.dictionaries(st.sampled_from(["m", "here", "a b"]), MAPPINGS | PARTS, max_size=2)},
    optional={"prefixes": st.just({"ex": "http://e/"}) | PARTS, "sources": PARTS, "base": WORDS},
)


@settings(max_examples=400, deadline=None)
@given(DOCUMENTS)
def test_any_document_is_read_or_refused_with_its_lines(document: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.yml"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        statements: tuple[Statement, ...] = ()
        places = []
        try:
            statements = read_yarrrml(path)
        except MappingError as error:
            places = [problem.position for problem in error.problems]
    assert None not in places
    same(statements, "".join(f"{s.subject} {s.predicate} {s.object} .\n" for s in statements))
