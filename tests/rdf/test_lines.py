"""Files of any syntax as columns: the same statements as the parser's, whatever way a line takes."""

from __future__ import annotations

import io
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import DataError
from kg.rdf import RdfFile
from kg.shacl import Columns
from kg.shacl.graph.reading import add_file

TRIPLES, QUADS = ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS
XSD = "http://www.w3.org/2001/XMLSchema#"
TAGGED = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


def lines(text: str | bytes, syntax: ox.RdfFormat = QUADS, mark: str = "", base: str | None = None) -> list[bytes]:
    data, content = Columns(), io.BytesIO(text.encode() if isinstance(text, str) else text)
    add_file(data, content, RdfFile(Path("a.nq"), syntax, base), apart=mark)
    forms = data.terms.forms
    return [
        b"%b %b %b" % (forms[subject], forms[predicate], forms[value])
        for predicate, column in data.columns.items()
        for subject, value in column.pairs()
    ]


def canonical(text: bytes, syntax: ox.RdfFormat = QUADS) -> list[bytes]:
    triples = {ox.Triple(quad.subject, quad.predicate, quad.object) for quad in ox.parse(text, syntax)}
    return [str(triple).encode() for triple in triples]


def refused(text: bytes, syntax: ox.RdfFormat = QUADS) -> bool:
    try:
        canonical(text, syntax)
    except SyntaxError:
        return True
    return False


def told(text: str | bytes, syntax: ox.RdfFormat = QUADS) -> str:
    with pytest.raises(DataError) as caught:
        lines(text, syntax)
    return str(caught.value)


IRIS = st.one_of(
    st.sampled_from(
        ["urn:a", "http://e/é", "http://e:80/a?b=c#d", "http://[::1]/", "HTTP://E/%C3%A9", "a:", "http:a//b"]
    ),
    st.from_regex(r"[a-z:/?#%\[\]@{}| éA0-9.-]{1,12}", fullmatch=True).map("http://e".__add__),
    st.from_regex(r"[a-z:/?#%@0-9.\\-]{1,9}", fullmatch=True),
).map("<{}>".format)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=6)
TAILS = st.sampled_from(
    [
        "", "@fr", "@fr-FR", "@en-us", "@a", "@ar-Latn-dz", "@en--ltr", "@1", "@", "^^", "^^<a>",
        f"^^<{XSD}string>", f"^^<{XSD}date>", f"^^<{TAGGED}>",
    ]
)  # fmt: skip
NODES = st.one_of(IRIS, st.sampled_from(["_:a", "_:1", "_:a-b.c", "_:é", "_:", "_:a.", "_:_"]))
LITERALS = st.builds(lambda text, tail: f'"{text}"{tail}', TEXTS, TAILS)
LINES = st.builds(
    lambda parts, gap, end: gap.join(parts) + end,
    st.one_of(st.tuples(NODES, IRIS, st.one_of(NODES, LITERALS)), st.tuples(NODES, IRIS, NODES, NODES)),
    st.sampled_from([" ", " ", " ", "  ", "\t", ""]),
    st.sampled_from([" .", " .", " .", ".", " . # end", "", " . .", "\r"]),
)


@given(st.lists(LINES, min_size=1, max_size=3), st.sampled_from([TRIPLES, QUADS]))
@example(['<http://e/a> <http://e/p> "\ufffe" .'], QUADS)
@example(['<http://e/a> <http://e/p> "\x7f" .'], QUADS)
@example(["<http://a:99999/> <urn:p> <urn:o> ."], QUADS)
def test_lines_are_those_of_the_parser_or_refused_with_it(written: list[str], syntax: ox.RdfFormat) -> None:
    text = "\n".join(written).encode()
    if refused(text, syntax):
        assert told(text, syntax).startswith("a.nq:")
    else:
        assert sorted(lines(text, syntax)) == sorted(canonical(text, syntax))


def test_a_fault_is_told_at_its_line_wherever_it_stands() -> None:
    good, odd = "<urn:a> <urn:p> <urn:o> .\n", '<urn:a>\t<urn:p> "a"@fr-FR .\n'
    for count in (0, 1, 30_000):  # the last lies in another block
        text = good * count + odd * 2 + "# no statement\n\n" + good + "<urn:a> <urn:p> .\n" + good
        assert told(text).startswith(f"a.nq:{count + 6}: not N-Quads: ")
    assert told(b'<urn:a> <urn:p> "\xff" .\n').startswith("a.nq:1: not N-Quads: Invalid UTF-8")
    assert "a.nq:2: not N-Triples" in told(good + good.replace(" .", " <urn:g> ."), TRIPLES)


def test_blocks_end_with_lines_whatever_their_length() -> None:
    long = f'<urn:a> <urn:p> "{"x" * 3_000_000}" .\n'
    found = lines(long + long.replace("x", "y") + "<urn:a> <urn:p> <urn:o> .")
    assert [len(line) for line in found] == [len(long) - 3] * 2 + [23]


def test_blank_nodes_of_files_with_other_marks_are_others() -> None:
    text = '_:x <urn:p> "<_:x> \\"_:x" _:g .\n<urn:_:x> <urn:p> _:y-1 .\n'
    first, second = lines(text, mark="f1"), lines(text, mark="f2")
    assert set(first) == {b'_:f1-x <urn:p> "<_:x> \\"_:x"', b"<urn:_:x> <urn:p> _:f1-y-1"}
    assert set(first).isdisjoint(second)
    assert set(lines("_:x <urn:p> _:x .", mark="f1")) != set(lines("_:1-x <urn:p> _:1-x .", mark="f"))


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        (ox.RdfFormat.TURTLE, "<#a> <urn:p> 'b'@FR ."),
        (ox.RdfFormat.TRIG, "<urn:g> { <#a> <urn:p> 'b'@FR . }"),
        (ox.RdfFormat.JSON_LD, '{"@id": "#a", "urn:p": {"@value": "b", "@language": "fr"}}'),
    ],
    ids=["turtle", "trig", "jsonld"],
)
def test_other_syntaxes_are_lines_too(syntax: ox.RdfFormat, text: str) -> None:
    [line] = lines(text, syntax, base="http://e/doc")
    assert line.startswith(b'<http://e/doc#a> <urn:p> "b"@fr')


def test_a_blank_node_is_called_by_the_number_in_which_it_is_met() -> None:
    """So that another reading of the file finds it again."""
    text = "<urn:a> <urn:p> [ <urn:q> _:x ] , '_:y', <urn:_:z> . _:x <urn:p> 1 ."
    found = lines(text, ox.RdfFormat.TURTLE, mark="f3")
    assert set(found) == {
        b"<urn:a> <urn:p> _:f3-b0", b"_:f3-b0 <urn:q> _:f3-b1", b'<urn:a> <urn:p> "_:y"', b"<urn:a> <urn:p> <urn:_:z>",
        b'_:f3-b1 <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    }  # fmt: skip
