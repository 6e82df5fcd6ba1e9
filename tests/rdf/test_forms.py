"""What the store writes in another form is counted while a file is loaded, by the text alone."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_project import kg

from kg.loading import loading
from kg.rdf import Forms, RdfFile, syntax_of
from kg.store import kept_forms, load_files

XSD = "http://www.w3.org/2001/XMLSchema#"
HEAD = f"@prefix e: <http://e/> .\nPREFIX xsd: <{XSD}>\n"
TYPES = ("int", "integer", "decimal", "double", "float", "boolean", "dateTime", "date", "byte", "gYear", "string")
LEXICAL = st.from_regex(r"[+-]?0{0,2}[0-9]{1,3}(\.[0-9]{0,3})?([eE][+-]?[0-9])?", fullmatch=True)
TIMES = st.sampled_from(("2020-01-01", "2020-01-01+00:00", "2020-01-01T24:00:00Z", "2020-01-01T00:00:00.50", "2020"))
TEXTS = st.one_of(
    LEXICAL, TIMES, st.sampled_from(("true", "1", "NaN", "-INF", "abc", "", '1 05 +5 "05"^^xsd:int', "#'"))
)


@st.composite
def literals(draw: st.DrawFn) -> str:
    """A literal of Turtle in one of its spellings."""
    text = draw(TEXTS)
    if draw(st.booleans()) and LEXICAL_ALONE(text):
        return text
    escaped = text.replace('"', '\\"')
    quotes = draw(st.sampled_from(('"', '"""', "'")))
    written = f"{quotes}{escaped if quotes != chr(39) else escaped.replace(chr(39), chr(92) + chr(39))}{quotes}"
    kind = draw(st.sampled_from(TYPES))
    return written + draw(st.sampled_from((f"^^xsd:{kind}", f"^^<{XSD}{kind}>", "@en", "")))


def LEXICAL_ALONE(text: str) -> bool:  # noqa: N802  # a test of the grammar's NumericLiteral
    try:
        quads = list(ox.parse(f"<urn:s> <urn:p> {text} .", ox.RdfFormat.TURTLE))
    except SyntaxError:
        return False
    return quads[0].object.value == text and quads[0].object.datatype.value != XSD + "boolean"


def by_reading(text: bytes) -> int:
    """The number of statements whose literal a store gives back in another form."""
    given = [quad.object for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
    changed = kept_forms({one for one in given if isinstance(one, ox.Literal) and one.language is None})
    return sum(one in changed for one in given)


@given(st.lists(literals(), min_size=1, max_size=12))
def test_the_count_by_the_text_is_that_of_the_statements(written: list[str]) -> None:
    lines = [f'e:s{n} e:p05 {one} . # 05 "01"^^xsd:int\n' for n, one in enumerate(written)]
    text = (HEAD + "".join(lines)).encode()
    forms = Forms(kept_forms)
    forms.scan(text)
    forms.settle()
    assert forms.count == by_reading(text)


@pytest.mark.parametrize("suffix", ["nt", "ttl", "rdf", "jsonld", "nt.gz"])
def test_files_of_any_syntax_are_counted(tmp_path: Path, suffix: str) -> None:
    quads = [
        ox.Triple(
            ox.NamedNode(f"http://e/{n}"),
            ox.NamedNode("http://e/p"),
            ox.Literal(text, datatype=ox.NamedNode(XSD + kind)),
        )
        for n, (text, kind) in enumerate(
            [("05", "integer"), ("5", "int"), ("0", "boolean"), ("5", "integer"), ("1.50", "decimal")]
        )
    ]
    path = tmp_path / f"a.{suffix}"
    content = ox.serialize(quads, format=syntax_of(path)) or b""
    path.write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    forms = Forms(kept_forms)
    assert load_files([path], tmp_path / "store", forms) == 5
    assert forms.count == 4
    forms = Forms(kept_forms)
    forms.read(RdfFile(path, syntax_of(path)))
    assert [(one.value, form.value) for one, form in forms.examples] == [("05", "5"), ("5", "5"), ("0", "false")]


def test_lines_that_are_mapped_into_a_store_are_counted(tmp_path: Path) -> None:
    forms = Forms(kept_forms)
    with loading(tmp_path / "store", forms=forms) as target:
        target.write(f'<http://e/s> <http://e/p> "7"^^<{XSD}int> .\n'.encode())
        target.write(b'<http://e/s> <http://e/p> "7" .\n')
    assert forms.told() == (
        '1 literal is kept by value, in another form than the file has: "7"^^xsd:int as "7"^^xsd:integer',
    )


SERVED = {
    '<urn:s> <urn:p> 05, "0"^^<http://www.w3.org/2001/XMLSchema#boolean>, 7.10, 1e3, 5 .': (
        '4 literals are kept by value, in another form than the file has: "05"^^xsd:integer as "5"^^xsd:integer, '
        '"0"^^xsd:boolean as "false"^^xsd:boolean, "7.10"^^xsd:decimal as "7.1"^^xsd:decimal, ...'
    ),
    '<urn:s> <urn:p> 5, "05", "05"@en, 7.1, true .': "",
}


@pytest.mark.parametrize(("text", "said"), SERVED.items(), ids=["rewritten", "kept"])
def test_kg_serve_tells_what_it_does_not_keep_as_written(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.ttl").write_text(text)
    done = kg("serve", "--check", "--port", "0", "a.ttl", cwd=tmp_path)
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "kept by value" in line] == ([said] if said else [])
