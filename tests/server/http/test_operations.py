"""What a request asks for, part by part (SPARQL 1.1 Protocol, section 2.1), and the words of every mistake."""

from __future__ import annotations

import pytest

from server.engine import Dataset
from server.http.protocol import (
    FORM,
    QUERY,
    Operation,
    ProtocolError,
    parse_form,
    read_dataset,
    read_format,
    read_operation,
    read_timeout,
)

NONE = Dataset((), ())
UPDATE = "application/sparql-update"


def refused(function, *given) -> tuple[int, str, str, str | None]:
    with pytest.raises(ProtocolError) as caught:
        function(*given)
    problem = caught.value.problem
    assert str(caught.value) == problem.message
    return caught.value.status, problem.code, problem.message, problem.hint


# --- pairs


@pytest.mark.parametrize(
    ("raw", "pairs"),
    [
        (b"", ()),
        (b"&&", ()),
        (b"a", (("a", ""),)),
        (b"a=", (("a", ""),)),
        (b"=b", (("", "b"),)),
        (b"a=b=c", (("a", "b=c"),)),
        (b"a=1&a=2&&b=3", (("a", "1"), ("a", "2"), ("b", "3"))),
        (b"a+b=c+d%2B%20%26", (("a b", "c d+ &"),)),
        (b"%61=%d9%88", (("a", "و"),)),
        ("a=é".encode(), (("a", "é"),)),
        (b"a=%25zz", (("a", "%zz"),)),
    ],
)
def test_pairs_are_decoded_once(raw, pairs):
    assert parse_form(raw) == pairs


@pytest.mark.parametrize(
    ("raw", "shown"),
    [(b"a=%", "%"), (b"a=x%2", "%2"), (b"a=%zz1", "%zz"), (b"%4g=b", "%4g"), (b"a=%\xff1", "%\\\\xff1")],
)
def test_a_percent_sign_begins_a_byte(raw, shown):
    wanted = (400, "percent-encoding", f"'{shown}' is no percent-encoded byte", "write a percent sign as %25")
    assert refused(parse_form, raw) == wanted


def test_bytes_that_are_no_text_are_told_with_their_place():
    assert refused(parse_form, b"a=ab%ff") == (400, "not-utf-8", "a parameter is not UTF-8: byte 2", None)
    assert refused(read_operation, "POST", b"", QUERY, b"ASK \xff") == (
        400, "not-utf-8", "the query is not UTF-8: byte 4", None,
    )  # fmt: skip


# --- three ways of asking


@pytest.mark.parametrize(
    ("method", "url", "content_type", "body"),
    [
        ("GET", b"query=ASK+%7B%7D", "", b""),
        ("GET", b"query=ASK+%7B%7D", FORM, b"query=SELECT"),
        ("HEAD", b"query=ASK+%7B%7D", "", b""),
        ("POST", b"", FORM, b"query=ASK+%7B%7D"),
        ("POST", b"", f" {FORM.upper()} ; charset=utf-8", b"query=ASK+%7B%7D"),
        ("POST", b"", QUERY, b"ASK {}"),
        ("POST", b"", f'{QUERY};x=y; Charset = "UTF8"', b"ASK {}"),
        ("POST", b"query=ASK+%7B%7D", "", b""),
        ("POST", b"query=ASK+%7B%7D", "text/plain; charset=latin-1", b""),
        ("POST", b"x=y", FORM, b"query=ASK+%7B%7D"),
    ],
)
def test_every_way_of_asking(method, url, content_type, body):
    assert read_operation(method, url, content_type, body) == Operation("ASK {}", NONE)


def test_what_a_get_without_a_query_asks_for():
    assert read_operation("GET", b"", "", b"") is None
    assert read_operation("GET", b"default-graph-uri=http://e/", "", b"") is None


def test_every_parameter_has_its_place():
    asked = (
        b"query=ASK{}&default-graph-uri=http://a/&named-graph-uri=http://c/&default-graph-uri=http://b/"
        b"&named-graph-uri=&format=json&timeout=2.5&receipt=true&other=x"
    )
    wanted = Operation("ASK{}", Dataset(("http://a/", "http://b/"), ("http://c/",)), "json", 2.5, receipt=True)
    assert read_operation("GET", asked, "", b"") == wanted
    assert read_operation("POST", b"", FORM, asked) == wanted
    assert read_operation("POST", asked.replace(b"query=ASK{}&", b""), QUERY, b"ASK{}") == wanted
    assert read_operation("POST", b"timeout=2.5", FORM, asked.replace(b"&timeout=2.5", b"")) == wanted


@pytest.mark.parametrize(
    ("url", "content_type", "body", "count"),
    [
        (b"query=a&query=b", "", b"", 2),
        (b"query=a", QUERY, b"b", 2),
        (b"query=a", FORM, b"query=b&query=c", 3),
        (b"query=", FORM, b"query=", 2),
    ],
)
def test_one_request_holds_one_query(url, content_type, body, count):
    wanted = (400, "many-queries", f"{count} queries in one request", "send one query")
    assert refused(read_operation, "POST", url, content_type, body) == wanted


@pytest.mark.parametrize(
    ("url", "content_type", "body"), [(b"", FORM, b""), (b"x=y", FORM, b"z="), (b"query", FORM, b"")]
)
def test_a_post_holds_a_query(url, content_type, body):
    if url == b"query":
        assert read_operation("POST", url, content_type, body) == Operation("", NONE)
        return
    wanted = (400, "no-query", "the request holds no query", "send it as the parameter 'query'")
    assert refused(read_operation, "POST", url, content_type, body) == wanted


@pytest.mark.parametrize(
    ("method", "url", "content_type", "body"),
    [
        ("GET", b"update=x", "", b""),
        ("GET", b"query=ASK{}&update=", "", b""),
        ("POST", b"update=x", "", b""),
        ("POST", b"", FORM, b"update=x"),
        ("POST", b"", FORM, b"query=ASK{}&update=x"),
        ("POST", b"", UPDATE, b"x"),
        ("POST", b"", f"{UPDATE}; charset=utf-8", b""),
        ("POST", b"query=ASK{}", UPDATE, b"x"),
    ],
)
def test_updates_are_forbidden(method, url, content_type, body):
    wanted = (403, "no-update", "updates are refused: this endpoint only answers queries", None)
    assert refused(read_operation, method, url, content_type, body) == wanted


@pytest.mark.parametrize(
    ("content_type", "stated"),
    [
        ("", "a body without a media type"),
        (" ; charset=utf-8", "a body without a media type"),
        ("Text/Plain", "the media type 'text/plain'"),
        ("multipart/form-data; boundary=x", "the media type 'multipart/form-data'"),
    ],
)
@pytest.mark.parametrize(("url", "body"), [(b"", b""), (b"", b"ASK{}"), (b"query=ASK{}", b"x")])
def test_other_media_types_are_not_accepted(content_type, stated, url, body):
    wanted = (415, "media-type", f"{stated} is not accepted", f"send {QUERY} or {FORM}")
    assert refused(read_operation, "POST", url, content_type, body) == wanted


@pytest.mark.parametrize(
    "parameter", ["charset=latin-1", "CHARSET=latin-1", 'x=y; charset = "latin-1"', "charset=latin-1;x"]
)
@pytest.mark.parametrize("media_type", [FORM, QUERY])
def test_only_utf_8_is_accepted(media_type, parameter):
    wanted = (400, "charset", "the charset 'latin-1' is not accepted", "send UTF-8")
    assert refused(read_operation, "POST", b"", f"{media_type};{parameter}", b"query=ASK{}") == wanted


# --- single parameters


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        ([], None),
        ([""], None),
        (["5"], 5.0),
        (["0.25"], 0.25),
        (["5", "", "2", "9"], 2.0),
        (["1e2"], 100.0),
        (["15E-1"], 1.5),
        (["1e+1"], 10.0),
        (["999999999"], 999_999_999.0),
        (["0." + "0" * 29 + "1"], 1e-30),
    ],
)
def test_the_shortest_timeout_holds(values, seconds):
    assert read_timeout([("timeout", value) for value in values] + [("other", "0")]) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "0.0",
        "-1",
        "x",
        "5s",
        " 5",
        "٥",
        "1e",
        "1.",
        ".5",
        "nan",
        "inf",
        "1e9",
        "1000000000",
        "0." + "0" * 30 + "1",
        "1e1000",
    ],
)
def test_a_timeout_is_a_number_above_0(text):
    wanted = (400, "timeout", f"the timeout {text[:40]!r} is no number of seconds above 0", "send timeout=5")
    assert refused(read_timeout, [("timeout", "1"), ("timeout", text)]) == wanted


def test_long_values_are_cut_where_they_are_told():
    assert (
        refused(read_timeout, [("timeout", "x" * 99)])[2] == f"the timeout '{'x' * 40}' is no number of seconds above 0"
    )
    assert f"'{'x' * 40}'" in refused(read_operation, "GET", b"query=&receipt=" + b"x" * 99, "", b"")[2]
    assert f" '{'x' * 80}' " in refused(read_dataset, [("named-graph-uri", "x" * 99)])[2]


@pytest.mark.parametrize(
    ("values", "chosen"), [([], None), ([""], None), (["json"], "json"), (["json", "", "json"], "json")]
)
def test_one_format_is_asked_for(values, chosen):
    assert read_format([("format", value) for value in values] + [("other", "xml")]) == chosen


def test_two_formats_are_one_too_many():
    wanted = (400, "parameter", "2 formats are asked for in one request", "ask for one format")
    assert refused(read_format, [("format", "json"), ("format", "xml")]) == wanted


def test_a_receipt_is_asked_for_or_not():
    for url, wanted in ((b"", False), (b"&receipt=false", False), (b"&receipt=false&receipt=true", True)):
        assert read_operation("GET", b"query=" + url, "", b"") == Operation("", NONE, receipt=wanted)
    for value in ("", "True", "1"):
        wanted = (400, "receipt", f"the receipt {value!r} is neither true nor false", "send receipt=true")
        assert refused(read_operation, "GET", b"query=&receipt=" + value.encode(), "", b"") == wanted


@pytest.mark.parametrize("iri", ["http://e/", "urn:x:y", "a+b-c.1:", "A:é", "x:y%20z"])
def test_graphs_are_named_by_absolute_iris(iri):
    pairs = [("default-graph-uri", iri), ("default-graph-uri", ""), ("named-graph-uri", "urn:n"), ("graph", "x")]
    assert read_dataset(pairs) == Dataset((iri,), ("urn:n",))


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize(
    "iri", ["x", "1a:b", ":b", "a b:c", "a:b c", "a:<b>", 'a:"', "a:{", "a:|", "a:^", "a:`", "a:\\", "é:b"]
)
def test_any_other_name_of_a_graph_is_refused(name, iri):
    wanted = (400, "parameter", f"the {name} {iri!r} is no absolute IRI", None)
    assert refused(read_dataset, [("default-graph-uri", "urn:x"), (name, iri)]) == wanted
