"""The tokenizer: what every token is, that nothing is lost, and that no text can hurt it."""

from __future__ import annotations

import re
import time
from collections import deque
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.sparql.language.tokens import Kind, Source, resolve_escapes, tokenize

GAP = re.compile(r"[ \t\r\n]*")

FRAGMENTS = (
    "SELECT", "?x", "$y", "<http://x/#a>", "ex:a.b", "ex:", ":", ":%41\\,", "_:b.c", "1", "1.5", ".5e-3", "1.", "'a'",
    '"b\\n"', "'''c'd\n'''", '"""e"""', "@ar-MA", "^^", "^", "&&", "||", "|", "!=", "!", "<=", "<", ">=", ">", "=", "{",
    "}", "(", ")", "[", "]", ";", ",", ".", "/", "*", "+", "-", "?", "# c\n", "\n", " ", "\t", "\\u0041", "é", "ـ",
)  # fmt: skip


def texts(query: str) -> list[str]:
    return [token.text for token in tokenize(query)]


def kinds(query: str) -> list[Kind]:
    return [token.kind for token in tokenize(query)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("# to the end", Kind.COMMENT),
        ("<http://example.org/a#b>", Kind.IRI),
        ("<>", Kind.IRI),
        ("<../a?b=c&d>", Kind.IRI),
        ("''", Kind.STRING),
        ('""', Kind.STRING),
        ("'it\\'s'", Kind.STRING),
        ("'''a'b''c\n'''", Kind.STRING),
        ('"""a"b\r\n#c"""', Kind.STRING),
        ("''''''", Kind.STRING),
        ("ex:service", Kind.NAME),
        ("ex:", Kind.NAME),
        (":", Kind.NAME),
        (":a:b", Kind.NAME),
        ("e-x.y:a.b-c", Kind.NAME),
        ("ex:%C3%A9", Kind.NAME),
        ("ex:a\\.b\\(c\\)", Kind.NAME),
        ("ex:123", Kind.NAME),
        ("مثال:قيمة", Kind.NAME),
        ("_:b0", Kind.BLANK),
        ("_:a.b", Kind.BLANK),
        ("?service", Kind.VARIABLE),
        ("$x1", Kind.VARIABLE),
        ("?متغير", Kind.VARIABLE),
        ("@en", Kind.LANGUAGE),
        ("@ar-MA", Kind.LANGUAGE),
        ("42", Kind.NUMBER),
        ("4.2", Kind.NUMBER),
        (".2", Kind.NUMBER),
        ("4.2e10", Kind.NUMBER),
        ("4.E-1", Kind.NUMBER),
        ("1e5", Kind.NUMBER),
        ("select", Kind.WORD),
        ("a", Kind.WORD),
        ("^^", Kind.MARK),
        ("!=", Kind.MARK),
    ],
)
def test_a_text_that_is_one_token(text, kind):
    assert [(token.kind, token.text) for token in tokenize(text)] == [(kind, text)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ex:a.", ["ex:a", "."]),
        ("_:a.", ["_:a", "."]),
        ("1.", ["1", "."]),
        ("?a<?b", ["?a", "<", "?b"]),
        ("?a<?b && ?c>?d", ["?a", "<", "?b", "&&", "?c", ">", "?d"]),
        ("?a<=3", ["?a", "<=", "3"]),
        ("?a<<http://x>", ["?a", "<", "<http://x>"]),
        ("'a'@en^^<b>", ["'a'", "@en", "^^", "<b>"]),
        ("ex:a#b", ["ex:a", "#b"]),
        ("<a#b>#c", ["<a#b>", "#c"]),
        ("'a#b'", ["'a#b'"]),
        ("?x?y", ["?x", "?y"]),
        ("ex:p*/ex:q?", ["ex:p", "*", "/", "ex:q", "?"]),
        ("1SERVICE", ["1", "SERVICE"]),
        ("a.b.c", ["a", ".", "b", ".", "c"]),
    ],
)
def test_where_a_token_ends(query, expected):
    assert texts(query) == expected


@pytest.mark.parametrize("query", ["'a", '"a\nb"', "'''a''", "'\\q'", "'\\u12'", "\\", "%", "@", "\x00", "{ ` }", "$"])
def test_what_begins_no_token_is_told_with_its_place(query):
    with pytest.raises(QueryError) as caught:
        list(tokenize(query))
    assert caught.value.problems[0].position.line >= 1


def test_the_end_of_a_comment_is_any_line_end():
    assert texts("#a\rb#c\nd") == ["#a", "b", "#c", "d"]


@pytest.mark.parametrize(
    ("query", "resolved"),
    [
        (r"\u0053ERVICE", "SERVICE"),
        (r"\U00000053ERVICE", "SERVICE"),
        (r"<http://x/\u00E9>", "<http://x/é>"),
        (r"'\\u0041'", r"'\\u0041'"),
        (r"'\u0022\u0027\u005c\u000a'", r"'\u0022\u0027\u005c\u000a'"),
        (r"\u005cu0041", r"\u005cu0041"),
        (r"'\U0001F46A'", "'👪'"),
    ],
)
def test_codepoint_escapes_are_resolved_once(query, resolved):
    assert resolve_escapes(query).text == resolved


@pytest.mark.parametrize("escape", [r"\uD800", r"\uDFFF", r"\U00110000", r"\UFFFFFFFF"])
def test_an_escape_for_no_character_is_refused(escape):
    with pytest.raises(QueryError, match="no Unicode character"):
        resolve_escapes(f"ASK {{ ?s ?p '{escape}' }}")


def test_places_are_those_of_the_written_text():
    source = resolve_escapes("# \\u00e9\\u00e9\n  \\u0041b c")
    offset = source.text.index("c")
    assert (source.position(offset).line, source.position(offset).column) == (2, 11)


@given(st.lists(st.sampled_from(FRAGMENTS)).map("".join))
def test_tokens_and_white_space_are_the_whole_text(query):
    try:
        tokens = list(tokenize(query))
    except QueryError:
        return
    edges = [0, *(edge for token in tokens for edge in (token.start, token.end)), len(query)]
    assert edges == sorted(edges)
    assert all(token.text == query[token.start : token.end] for token in tokens)
    gaps = [query[0 : tokens[0].start] if tokens else query]
    gaps += [query[left.end : right.start] for left, right in pairwise(tokens)]
    assert all(GAP.fullmatch(gap) for gap in gaps)


@given(st.text())
def test_any_text_is_read_or_refused(query):
    try:
        source = resolve_escapes(query)
        tokens = list(tokenize(source.text))
    except QueryError:
        return
    assert all(token.text for token in tokens)


@given(st.text(alphabet="\\uU0041'\"#\n a"))
def test_every_place_of_a_resolved_text_was_written_somewhere(query):
    try:
        source: Source = resolve_escapes(query)
    except QueryError:
        return
    lines = re.split(r"\r\n|\r|\n", query)
    for offset in range(len(source.text)):
        place = source.position(offset)
        assert place.column <= len(lines[place.line - 1]) + 1


@pytest.mark.parametrize("piece", ["a.", "a-", "<", "<a.", "..", "1.", "_:a.", "<<", "x:a..", "''", "-a.", "?", "e1"])
def test_the_work_grows_with_the_length_and_no_faster(piece):
    """Eight times the text is eight times the work, or sixty-four if a scan begins anew at every place.

    What else runs on the machine can make a measure longer, never shorter: one good pair of many proves it.
    """

    def seconds(text: str) -> float:
        begun = time.process_time()
        with suppress(QueryError):
            deque(tokenize(text), maxlen=0)
        return time.process_time() - begun

    short = long = float("inf")
    for _ in range(30):
        short = min(short, seconds(piece * 3_000))
        long = min(long, seconds(piece * 24_000))
        if long < 24 * max(short, 0.002):
            return
    pytest.fail(f"{long / short:.0f} times the work for eight times the text")
