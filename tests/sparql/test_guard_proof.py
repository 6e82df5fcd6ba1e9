"""The guard to the letter: what it proves of a query, what it hands on to the engine, and the words of a refusal."""

from __future__ import annotations

import pytest

from kg.errors import QueryError, QueryRefused
from kg.sparql import guard
from kg.sparql.guard import Form, check, draft
from kg.sparql.language.tokens import Kind

LONG = "\n# \\"
"""After a query, a backslash, and be it in a comment, forces the reading of every token."""
BOTH = pytest.mark.parametrize("after", ["", LONG], ids=["short", "long"])


def told(query: str, asked=check) -> list[str]:
    """The words of a refusal, by problem."""
    with pytest.raises(QueryRefused) as caught:
        asked(query)
    return [str(problem) for problem in caught.value.problems]


# --- which words are refused, and how that is told


@pytest.mark.parametrize("query", ["ASK {{}} ; {} x", "{} x ASK {{}}", "ASK {{ {} }}"])
@pytest.mark.parametrize(
    "word", ["INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "USING"]
)
def test_each_word_of_an_update_is_refused_by_itself(word, query):
    assert told(query.format(word)) == [f"query:1: {word} is refused: this endpoint only answers queries"]
    assert told(query.format(word.lower())) == [f"query:1: {word} is refused: this endpoint only answers queries"]


@pytest.mark.parametrize("word", ["LOAD", "load", "L\\u004fad"])
def test_load_is_refused_with_its_reason(word):
    assert told(f"ASK {{}} ;\n{word} <http://e/>") == ["query:2: LOAD is refused: this endpoint fetches nothing"]


def test_a_refusal_of_service_says_what_to_do():
    refusal = "query:1: SERVICE is refused: this endpoint asks no other one (take the SERVICE clause out)"
    assert told("ASK { SERVICE <http://e/> {} }") == [refusal]
    assert told("ASK { SERVICE <http://e/> {} LOAD DROP }") == [
        refusal,
        "query:1: LOAD is refused: this endpoint fetches nothing",
        "query:1: DROP is refused: this endpoint only answers queries",
    ]


# --- what is known of a query that passes


def test_a_form_has_the_word_of_the_standard_as_its_value():
    assert [form.value for form in Form] == ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]


@BOTH
@pytest.mark.parametrize(
    ("query", "form", "prefixes"),
    [
        ("SELECT * {}", Form.SELECT, ()),
        ("select(1 as ?x){}", Form.SELECT, ()),
        ("  \n\tAsk{}", Form.ASK, ()),
        ("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }", Form.CONSTRUCT, ()),
        ("PREFIX a: <http://a/> DESCRIBE a:x", Form.DESCRIBE, (("a", "http://a/"),)),
        ("prefix a:<http://a/>\nPREFIX : <urn:b>ASK{}", Form.ASK, (("a", "http://a/"), ("", "urn:b"))),
        ("PREFIX é: <x#y?z=1> ASK{}", Form.ASK, (("é", "x#y?z=1"),)),
        ("PREFIX a: <http://a/> PREFIX a: <http://b/> ASK{}", Form.ASK, (("a", "http://a/"), ("a", "http://b/"))),
        ("PREFIX a: <http://a/> ASK { ?s a: <http://o/>, a:x <x> }", Form.ASK, (("a", "http://a/"),)),
        ("PREFIX a: hello ASK {}", Form.ASK, ()),
        ("PREFIX hello <http://a/> ASK {}", Form.ASK, ()),
        ("PREFIX a: <> ASK {}", Form.ASK, (("a", ""),)),
        ("PREFIX a: <http://a/> ASK { ?s ?p ' PREFIX b: <http://b/> ' }", Form.ASK, (("a", "http://a/"),)),
        ("SELECT * { ?s ?p 'ASK', 'PREFIX b: <http://b/>' }", Form.SELECT, ()),
    ],
)
def test_form_prefixes_and_base(query, form, prefixes, after):
    passed = check(query + after, "http://base/")
    assert (passed.form, passed.prefixes, passed.base, passed.text) == (form, prefixes, "http://base/", query + after)
    assert check(query + after).base is None


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {}",
        "\n select * { ?s ?p ?o }",
        "ask{}",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "DESCRIBE <http://e/>",
        "PREFIX a: <http://a/> prefix : <http://b/> SELECT (CONCAT('a', BNODE()) AS ?x) (COALESCE(?x) AS ?y) {}",
        "PREFIX a:<http://a/>ASK{ FILTER(concat('a') = 'a') }",
    ],
)
def test_most_queries_are_proven_harmless_without_reading_their_tokens(query, monkeypatch):
    def never(source):
        raise AssertionError(source)

    monkeypatch.setattr(guard, "tokens_of", never)
    assert check(query).text == query
    with pytest.raises(AssertionError):
        check(query + LONG)


@BOTH
def test_what_holds_a_character_that_stands_nowhere_is_no_query(after):
    with pytest.raises(QueryError, match=r"query:1: the character '\\x00' cannot stand here"):
        check("ASK { \0 }" + after)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", "query:1: the query is empty"),
        ("PREFIX a: <http://a/>", "query:1: the query is empty"),
        ("\nPREFIX a: hello ASK { }\nhello", None),
        ("\n hello {}", "query:2: a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, not with 'hello'"),
        ("BASE <http://e/> VERSION '1' PREFIX ask: <http://a/> ?x", "query:1: .* not with '[?]x'"),
        ("h" * 50, f"not with '{'h' * 40}'"),
        ("ASK { 'a }\n# \\", "query:1: a string that does not end"),
    ],
)
def test_what_is_no_query_is_told_with_its_place(query, told):
    if told is None:
        assert check(query).form is Form.ASK
        return
    with pytest.raises(QueryError, match=told) as caught:
        check(query)
    assert not isinstance(caught.value, QueryRefused)


@pytest.mark.parametrize(
    ("query", "place"),
    [
        (f"ASK {{ % }}{LONG}", (1, 7)),
        (f"ASK {{\n\n  % }}{LONG}", (3, 3)),
        ("ASK { \\u0061 % }", (1, 14)),
        ("ASK {\r\n\\u0061 \\u0061\r % }", (3, 2)),
        ("ASK { \\u0061\n\\u0061 % }", (2, 8)),
        ("\\u0041SK {\n %", (2, 2)),
    ],
)
def test_the_place_of_a_fault_is_where_it_was_written(query, place):
    with pytest.raises(QueryError) as caught:
        check(query)
    (problem,) = caught.value.problems
    assert (problem.position.line, problem.position.column) == place
    assert (problem.code, problem.message) == ("query-syntax", "the character '%' cannot stand here")


# --- names that the engine may read as SERVICE


SOUND = ["http://e/", "https://e.org:80/x#", "a+b-c.1://e/", "urn://e/"]
UNSOUND = [
    "http://e",
    "http://e:80",
    "urn:x:",
    "http:///",
    "1http://e/",
    "a:b://e/",
    "",
    "x",
    "http://e?/",
    "http://e#/",
]
LOOSE = ["{}", "<http://e/> {}", "?e {}", "SILENT <http://e/> {}", "silent ?e {}"]


@pytest.mark.parametrize("after", LOOSE)
@pytest.mark.parametrize("name", ["service", "SERVICE", "serviceSILENT", "services"])
def test_a_name_that_may_be_no_iri_is_not_followed_by_a_group(name, after):
    for iri in UNSOUND:
        assert told(f"PREFIX e: <{iri}> ASK {{ ?s ?p e:{name} {after} }}")[0].startswith("query:1: SERVICE is refused")
    for iri in SOUND:
        check(f"PREFIX e: <{iri}> ASK {{ ?s ?p e:{name} {after} }}")


@pytest.mark.parametrize("local", ["service\u00e9", "service\\-", "SERVICE\\.x"])
def test_a_name_outside_of_ascii_or_with_an_escape_may_be_none(local):
    query = "PREFIX e: <http://e/> ASK {{ ?s ?p e:{} {} }}"
    assert len(told(query.format(local, "{}"))) == 1
    assert check(query.format(local, ".")).form is Form.ASK


@pytest.mark.parametrize(
    "prefixes",
    [
        "",
        "PREFIX f: <http://e/>",
        "PREFIX e: <http://e/> PREFIX e: <x:>",
        "PREFIX e: <x:> PREFIX e: <http://e/>",
    ],
)
def test_one_bad_declaration_of_a_prefix_spoils_it(prefixes):
    assert len(told(f"{prefixes} ASK {{ ?s ?p e:service {{}} }}")) == 1


@pytest.mark.parametrize("before", ["FROM", "FROM NAMED", "GRAPH", "graph"])
def test_after_the_words_of_datasets_a_name_is_a_name(before):
    for name in ("e:service", "service:a"):
        query = f"PREFIX e: <x://e> PREFIX service: <x://e> ASK {before} {name} {{}}"
        assert check(query).text == query
        assert len(told(query.replace(before, "a"))) == 1


@pytest.mark.parametrize("name", ["service:", "SERVICE:a", "xServicex:b"])
def test_the_word_before_the_colon_is_refused_where_a_group_follows(name):
    prefix = name.partition(":")[0]
    declared = f"PREFIX {prefix}: <http://e/>"
    assert len(told(f"{declared} ASK {{ ?s ?p {name} {{}} }}")) == 1
    for harmless in (f"ASK {{ ?s ?p {name} }}", f"ASK {{ ?s ?p {name} . {{}} }}", f"ASK {{ {name} ?p ?o {{}} }}"):
        assert check(f"{declared} {harmless}").form is Form.ASK


@pytest.mark.parametrize(
    "harmless", ["?s ?p e:service . ?s ?p ?o {}", "e:service ?p ?x, {}", "?s ?p e:aservice {}", "?s ?p e:servic {}"]
)
def test_a_group_further_on_belongs_to_something_else(harmless):
    assert check(f"PREFIX e: <x:> ASK {{ {harmless} }}").form is Form.ASK


# --- how a query is spelled for the engine


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("<x>", "<\\U00000078>"),
        ("<\u0627>", "<\\U00000627>"),
        ("<#x>", "<\\U00000023x>"),
        ("<urn:x>", "<\\U00000075rn:x>"),
        ("<a:b://x>", "<\\U00000061:b://x>"),
        ("<1a://x>", "<\\U00000031a://x>"),
        ("<>", "<>"),
        ("<http://e>", "<http://e>"),
        ("<a+b-c.1://x>", "<a+b-c.1://x>"),
    ],
)
def test_an_iri_that_may_be_an_operator_is_written_with_an_escape(written, spelled):
    query = "ASK {{ ?service ?p {0}, {0} }} # <x>"
    assert check(query.format(written)).text == query.format(spelled)
    without = f"ASK {{ ?s ?p {written} }}{LONG}"
    assert check(without).text == without


def test_blanks_and_escapes_are_mended_together_and_in_order():
    query = "SELECT (CONCAT ('service', COALESCE\n(<x>, BNODE  ( ), <y>)) AS ?x) { ?s a 'CONCAT (' } # BNODE ("
    mended = "SELECT (CONCAT('service', COALESCE(<\\U00000078>, BNODE( ), <\\U00000079>)) AS ?x) { ?s a 'CONCAT (' } # BNODE ("
    assert check(query).text == mended
    assert check(mended).text == mended


@pytest.mark.parametrize("query", ["ASK { CONCAT ?x }", "ASK { BNODE \n <http://e/> }", "SELECT (COALESCE AS ?x) {}"])
def test_a_word_without_a_bracket_is_left_as_it_is(query):
    assert check(query + LONG).text == query + LONG


# --- drafts: what the planner may take


@pytest.mark.parametrize("name", ["<http://e/>", "e:x", "?x", "$x", "e:"])
@pytest.mark.parametrize("word", ["SERVICE", "service", "SERVICE SILENT", "Service silent", "\\u0053ERVICE"])
def test_a_clause_in_plain_spelling_is_a_draft(word, name):
    made = draft(f"SELECT * {{ {word} {name} {{ ?s ?p ?o }} }} # end")
    assert (made.form, made.has_service) == (Form.SELECT, True)
    assert made.source.text == f"SELECT * {{ {word} {name} {{ ?s ?p ?o }} }} # end".replace("\\u0053", "S")
    assert Kind.COMMENT not in {token.kind for token in made.tokens}
    assert made.tokens[-1].text == "}"


def test_a_draft_without_a_clause_says_so():
    made = draft("PREFIX e: <http://e/> CONSTRUCT { ?s e:service ?service } WHERE { ?s ?p 'SERVICE' }")
    assert (made.form, made.has_service) == (Form.CONSTRUCT, False)


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <http://e/>",
        "SERVICE <http://e/> ?s",
        "SERVICE 'http://e/' {}",
        "SERVICE {}",
        "SERVICE _:x {}",
        "SERVICE SILENT SILENT <http://e/> {}",
        "SERVICE SILENT {}",
        "SERVICESILENT <http://e/> {}",
        "trueSERVICE <http://e/> {}",
        "SILENT SERVICE <http://e/>",
        "SERVICE",
        "SERVICE SILENT <http://e/>",
        "SERVICE <http://e/> SILENT {}",
    ],
)
def test_any_other_spelling_is_refused_also_beside_a_plain_one(clause):
    refusal = "SERVICE is refused: this endpoint asks no other one (take the SERVICE clause out)"
    assert told(f"ASK {{\n {clause}", draft) == [f"query:2: {refusal}"]
    assert told(f"ASK {{ SERVICE <http://e/> {{}}\n {clause}", draft) == [f"query:2: {refusal}"]


def test_a_draft_holds_neither_load_nor_an_update():
    assert told("ASK { SERVICE <http://e/> {} } ;\nLOAD <http://e/> ;\nDROP ALL", draft) == [
        "query:2: LOAD is refused: this endpoint fetches nothing",
        "query:3: DROP is refused: this endpoint only answers queries",
    ]
    assert told("ASK { SERVICE <http://e/> {} ?s ?p service:a {} }", draft)[0].startswith("query:1: SERVICE is refused")
