"""Lines of N-Quads are read as the parser reads them, quickly where that is certain."""

from __future__ import annotations

from io import BytesIO

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.rdf import whole_lines
from kg.rdf.rows import ROW
from kg.shacl import Columns, GateColumns
from kg.shacl.graph.terms import form

IRIS = (
    "urn:a", "urn:a-b", "http://a.example/x?y#z", "http://a.example/%C3%A9", "http://a.example/سد", "http://[::1]/", "http://a:80", "http://a:99999/", "http://:80/", "http://a:/",
    "a:", "file:///a", "urn:", "http:", "http:///a", "x://", "HTTP://A/", "urn:a'b", "urn:\\u0061", "http://a/\\U00000062",
    "urn:a/../b", "urn:\U0001f600", "urn:%zz", "urn:a b", "relative", "", "urn:a#b#c", "http://a:b/", "http://a/[", "urn:\ue000", 'urn:"', "urn:a\\",
)  # fmt: skip
TEXTS = (
    "", "a", "سد", 'say \\"oui\\"', "a\\\\", "a\\\\\\\"", "\\u0061", "\\U0001F600", "\\u0007", "\\t\\b\\n\\r\\f\\'", "a . # b", "a\tb",
    "\x07", "\x7f", "\x85", "\uffff", "\ufeff", "\u2028", "😀", "<urn:a> .", "a\" <urn:g> . # \"", 'a"', "\\", "\\x", "a\rb",
)  # fmt: skip
ENDINGS = (
    "", "@fr", "@FR", "@fr-ma", "@ar-Arab-MA", "@zh-hant-tw", "@x", "@x-private", "@abcdefghij", "@en-", "@", "@de-1996",
    "^^<http://www.w3.org/2001/XMLSchema#integer>", "^^<http://www.w3.org/2001/XMLSchema#string>", "^^<urn:d>", "^^<d>", "^^", "^^<urn:\\u0061>",
    "^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>", "^^<http://www.w3.org/2001/XMLSchema#strings>",
)  # fmt: skip
LABELS = ("a", "0", "0ab", "A-b", "a.b", "é", "a.", "-a", "_a", "a:b", "")


def iris() -> st.SearchStrategy[str]:
    return st.sampled_from(IRIS).map("<{}>".format)


def blanks() -> st.SearchStrategy[str]:
    return st.sampled_from(LABELS).map("_:{}".format)


def literals() -> st.SearchStrategy[str]:
    return st.builds('"{}"{}'.format, st.sampled_from(TEXTS), st.sampled_from(ENDINGS))


GAPS = st.sampled_from([" "] * 12 + ["", "  ", "\t", "\r"])
ENDS = st.sampled_from(
    [" ."] * 12 + [".", " . ", "\t.", " . # end", ' . # "x" .', " .\r", "", " . .", " . <urn:a> <urn:b> <urn:c> ."]
)
STATEMENTS = st.builds(
    "{}{}{}{}{}{}{}".format,
    iris() | blanks(), GAPS, iris(), GAPS, iris() | blanks() | literals(), st.just("") | st.builds(" {}".format, iris() | blanks()), ENDS,
)  # fmt: skip
PLAIN = st.builds(
    "<urn:{}> <urn:{}> {} .".format,
    st.sampled_from("abc"),
    st.sampled_from("pq"),
    st.sampled_from(["<urn:a>", "_:a", '"a"', '"سد"@ar', '"1"^^<http://www.w3.org/2001/XMLSchema#integer>']),
)
OTHERS = st.sampled_from(["", "# a comment", " ", "\r", '# "a" .', "<<( <urn:a> <urn:p> <urn:b> )>> .", "\ufeff"])
Found = set[tuple[bytes, bytes, bytes]]


def parsed(text: bytes, syntax: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> Found:
    quads = ox.parse(text, format=syntax)
    return {(form(quad.subject), form(quad.predicate), form(quad.object)) for quad in quads}


def columns(data: Columns) -> Found:
    forms = data.terms.forms
    return {(forms[s], forms[p], forms[o]) for p, column in data.columns.items() for s, o in column.pairs()}


@given(st.lists(STATEMENTS | PLAIN | OTHERS, max_size=6), st.sampled_from(["\n", "\n", "\n", "\r\n"]), st.booleans())
def test_lines_say_what_the_parser_says(lines: list[str], end: str, is_ended: bool) -> None:
    text = end.join(lines).encode() + (end.encode() if is_ended else b"")
    try:
        expected: Found | SyntaxError = parsed(text)
    except SyntaxError as error:
        expected = error
    if isinstance(expected, SyntaxError):
        with pytest.raises(SyntaxError) as refused:
            Columns.from_blocks([text])
        assert (refused.value.lineno, refused.value.msg) == (expected.lineno, expected.msg)
    else:
        assert columns(Columns.from_blocks([text])) == expected
        assert columns(Columns.from_lines(line.encode() for line in lines)) == expected


@given(st.lists(literals(), max_size=4), st.lists(iris() | blanks(), max_size=4))
def test_one_term_has_one_number_however_it_is_spelled(texts: list[str], names: list[str]) -> None:
    lines = []
    for value in (*texts, *names):
        line = f"<urn:s> <urn:p> {value} .".encode()
        try:
            parsed(line)
        except SyntaxError:
            continue
        lines.append(line)
    data = Columns.from_lines(lines)
    expected = {value for _, _, value in parsed(b"\n".join(lines))}
    assert len(set(data.column("urn:p").objects)) == len(expected)
    assert {data.terms.forms[number] for number in data.column("urn:p").objects} == expected


@given(st.lists(STATEMENTS | PLAIN | OTHERS, max_size=8))
@example(["<urn:a>\t<urn:p> _:a .", "_:b\t<urn:p> <urn:a> ."])
def test_blank_nodes_are_numbered_in_the_order_of_the_file(lines: list[str]) -> None:
    """Places of results are found by it."""
    text = "\n".join(lines).encode()
    try:
        quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    except SyntaxError:
        return
    met = dict.fromkeys(form(t) for quad in quads for t in (quad.subject, quad.object) if isinstance(t, ox.BlankNode))
    assert [known for known in Columns.from_blocks([text]).terms.forms if known.startswith(b"_:")] == [*met]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"<urn:a> <urn:p> <urn:b> .\n\n# and\n<urn:a> <urn:p> b .\n", 4),
        (b'<urn:a> <urn:p> "\xff" .\n', 1),
        (b"<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p>\n<urn:b> .\n", 3),
        (b"<urn:a> <urn:p> <b> .", 1),
    ],
)
def test_an_ill_formed_line_is_told_by_its_number_in_the_file(content: bytes, line: int) -> None:
    before = b"<urn:a> <urn:p> <urn:b> .\n" * 50_000
    for known in (b"", before):
        with pytest.raises(SyntaxError) as refused:
            Columns.from_blocks(whole_lines(BytesIO(known + content), "a.nq"))
        assert refused.value.lineno == known.count(b"\n") + line
        assert f"line {refused.value.lineno}" in refused.value.msg


def test_triples_have_no_graph() -> None:
    data = Columns()
    lines = b"<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> <urn:b> <urn:g> .\n"
    with pytest.raises(SyntaxError, match="line 2"):
        data.add_blocks([lines], syntax=ox.RdfFormat.N_TRIPLES)


def test_blank_nodes_of_two_files_are_kept_apart() -> None:
    data, block = Columns(), b'_:a <urn:p> _:b .\n_:b <urn:p> "\\u0061" .\n<urn:a>\t<urn:p> _:a .\n'
    for word in ("f1", "f2"):
        data.add_blocks([block, block], apart=word)
    assert len({number for pair in data.column("urn:p").pairs() for number in pair if data.terms.is_blank(number)}) == 4
    assert len(set(data.column("urn:p").pairs())) == 6


def test_both_levels_of_the_gate_are_filled_at_once() -> None:
    told = GateColumns("urn:o")
    told.add_block(
        b"<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:p> <urn:b> <urn:g> .\n<urn:a> <urn:p> <urn:c> <urn:g> .\n"
        b"<urn:a> <urn:q> <urn:b> <urn:o> .\n<urn:a>\t<urn:q> <urn:c> <urn:o> .\n"
    )
    assert len(told.union.column("urn:p").subjects) == 2
    assert len(columns(told.union)) == 4
    assert columns(told.derived) == {(b"<urn:a>", p, o) for p, o in [
        (b"<urn:p>", b"<urn:b>"), (b"<urn:q>", b"<urn:b>"), (b"<urn:q>", b"<urn:c>")
    ]}  # fmt: skip


def test_lines_that_are_taken_apart_already_say_the_same() -> None:
    lines = '<urn:a> <urn:p> "سد"@ar .\n<urn:a> <urn:p> "سد"@ar <urn:g> .\n<urn:b> <urn:p> "1"@x-private <urn:o> .\n'.encode()
    told, rows = GateColumns("urn:o"), GateColumns("urn:o")
    told.add_block(lines)
    rows.add_rows(lines, ROW.findall(lines))
    for level, data in told.graphs.items():
        assert columns(rows.graphs[level]) == columns(data)
    assert rows.repeated == told.repeated
    # What the pattern of the rows takes for one term is looked at again.
    cut = b'<urn:a> <urn:p> "a" .\n<urn:a> <urn:p> <urn:b> <urn:c> <urn:d> .\n'
    with pytest.raises(SyntaxError) as refused:
        rows.add_rows(
            cut, [(b"<urn:a>", b"<urn:p>", b'"a"', b""), (b"<urn:a>", b"<urn:p>", b"<urn:b> <urn:c>", b"<urn:d>")]
        )
    assert refused.value.lineno == 5


def test_a_statement_counts_once_for_each_graph_wherever_blocks_are_cut() -> None:
    lines = [b"<urn:a> <urn:p> <urn:b> <urn:g%d> .\n" % number for number in range(4)]
    for cut in range(5):
        told = GateColumns("urn:g3")
        for block in (lines[:cut], lines[cut:]):
            told.add_block(b"".join(block))
        ((pairs,),) = (told.repeated["union"].values(),)
        assert (len(told.union.column("urn:p").subjects), len(pairs)) == (1, 3)
        assert (len(told.derived.column("urn:p").subjects), told.repeated["derived"]) == (1, {})


def test_only_the_graphs_that_are_asked_for_are_read() -> None:
    lines = [b"<urn:a> <urn:p> <urn:b> .", b"<urn:a> <urn:p> <urn:c> <urn:g> .", b"<urn:a> <urn:p> <urn:d> _:g ."]
    found = columns(Columns.from_lines(lines, frozenset({b"", b"_:g"})))
    assert {value for _, _, value in found} == {b"<urn:b>", b"<urn:d>"}
