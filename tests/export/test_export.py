"""Every export, read back by two libraries, is the release; the tables say what the graph says."""

from __future__ import annotations

import csv
import io
import zipfile

import oxrdflib
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib.graph import DATASET_DEFAULT_GRAPH_ID
from release_samples import BASE, sample_contents

from kg.errors import ReleaseError, StorageError, UsageError
from kg.export import FORMATS, as_dataset, export, tables, write_folder
from kg.export.tables import Table
from kg.release import Release, publish
from kg.store import canonical_lines

# rdflib 7.6 warns of its own deprecated names whenever a Dataset parses.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]

XSD = "http://www.w3.org/2001/XMLSchema#"
ZEL = "https://w3id.org/zellige/ont#"
HARD_TEXTS = [
    'a\nb\t"quoted" \\ back\r\nslash\r',
    " \u0085\u2028 é\U0001f600 \u200f",
    "'''\"\"\"</x>&amp;<![CDATA[]]>-->",
    "",
    "@ar",
    "=1+1",
    " spaces  kept ",
    '{"@value": "x"}',
]
TYPED = [
    ("10800000000", "integer"),
    ("10800000000.5", "decimal"),
    ("-0.5", "decimal"),
    ("100000", "double"),
    ("1.5", "double"),
    ("INF", "double"),
    ("true", "boolean"),
    ("2030", "gYear"),
    ("2025-09", "gYearMonth"),
    ("2025-09-01", "date"),
    ("2025-09-01T10:00:00Z", "dateTime"),
    ("2025-09-01T10:00:00.5", "dateTime"),
    ("P1Y2M", "duration"),
    ("not a number", "integer"),
    ("https://example.org/a b", "anyURI"),
]


def hard_trig() -> str:
    """Claims F6 (reviewed, done) with every literal that ever made trouble."""
    values = [ox.Literal(text) for text in HARD_TEXTS]
    values += [ox.Literal(text, language="ar") for text in HARD_TEXTS]
    values += [ox.Literal(text, datatype=ox.NamedNode(XSD + name)) for text, name in TYPED]
    values.append(ox.Literal("2025-09~", datatype=ox.NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")))
    values.append(ox.Literal("<b>x</b>", datatype=ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#HTML")))
    triples = "\n".join(f"id:hard zel:value{n % 3} {value} ." for n, value in enumerate(values))
    metadata = "c:F6 a zel:Claim ; zel:modality mod:done ; zel:reviewStatus rev:reviewed ."
    return f"c:F6 {{ {triples} }} g:claims {{ {metadata} }}"


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Release:
    return publish(sample_contents(hard_trig()), tmp_path_factory.mktemp("releases"), {})


@pytest.fixture
def _literals_as_written(monkeypatch):
    """rdflib rewrites literals as it reads them (`Z` becomes `+00:00`); this is its own switch for that."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    monkeypatch.setattr("rdflib.term.rdflib.NORMALIZE_LITERALS", False, raising=False)


def exported(release: Release, name: str, graph=None) -> bytes:
    output = io.BytesIO()
    export(release, name, output, graph)
    return output.getvalue()


def from_rdflib(term: rdflib.term.Node) -> ox.NamedNode | ox.Literal:
    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD + "string")))


def quads_of(dataset: rdflib.Dataset) -> list[ox.Quad]:
    quads = []
    for s, p, o, g in dataset.quads():
        name = ox.DefaultGraph() if g in {None, DATASET_DEFAULT_GRAPH_ID} else from_rdflib(g)
        quads.append(ox.Quad(from_rdflib(s), from_rdflib(p), from_rdflib(o), name))
    return quads


def lines_of(dataset: rdflib.Dataset) -> list[str]:
    return canonical_lines(quads_of(dataset))


def read_with_rdflib(data: bytes, name: str) -> list[str]:
    dataset = rdflib.Dataset()
    target = dataset if FORMATS[name].graphs else dataset.default_graph
    target.parse(data=data, format=FORMATS[name].media_type)
    return lines_of(dataset)


def read_with_oxigraph(data: bytes, name: str) -> list[str]:
    return canonical_lines(ox.parse(data, format=FORMATS[name].syntax))


SELECTED = [(name, None) for name in FORMATS] + [
    (name, selection) for name in FORMATS if FORMATS[name].graphs for selection in ("default", "claims", "all")
]


@pytest.mark.usefixtures("_literals_as_written")
@pytest.mark.parametrize(("name", "graph"), SELECTED)
def test_both_libraries_read_the_release_back(release, name, graph):
    def wanted(line: str) -> bool:
        (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
        match graph or ("all" if FORMATS[name].graphs else "default"):
            case "all":
                return True
            case "default":
                return quad.graph_name == ox.DefaultGraph()
            case "claims":
                return str(quad.graph_name).startswith((f"<{BASE}claim/", f"<{BASE}graph/claims>"))
        raise AssertionError

    expected = [line for line in release.lines() if wanted(line)]
    data = exported(release, name, graph)
    assert len(expected) > 10
    assert read_with_oxigraph(data, name) == expected
    assert read_with_rdflib(data, name) == expected


def test_what_rdflib_rewrites_unless_told_not_to(release):
    """The list that the documentation states; everything else comes back as it was."""
    found = set(read_after_normalising(exported(release, "nquads")))
    expected = set(release.lines())
    lost = {line.split('"')[1] for line in expected - found if "value" in line}
    assert lost == {"100000", "INF", "2025-09-01T10:00:00Z", "2025-09-01T10:00:00.5"}


def read_after_normalising(data: bytes) -> list[str]:
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format="application/n-quads")
    return [f"{quad} ." for quad in quads_of(dataset)]


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff", min_codepoint=0x20))


@settings(max_examples=60, deadline=None)
@given(st.lists(texts.map(lambda text: text.replace("\x85", "")) | st.sampled_from(["\r", "\n\r", "\t"]), max_size=4))
@pytest.mark.parametrize("name", ["turtle", "rdfxml", "jsonld"])
def test_any_text_survives_serialiser_and_both_parsers(name, tmp_path_factory, texts):
    predicate = ox.NamedNode(ZEL + "asWorded")
    quads = {ox.Quad(ox.NamedNode("http://e/s"), predicate, ox.Literal(text), ox.DefaultGraph()) for text in texts}
    release = _Lines(canonical_lines(quads))
    data = exported(release, name, "default")
    assert read_with_oxigraph(data, name) == list(release.lines())
    assert read_with_rdflib(data, name) == list(release.lines())


class _Lines:
    """As much of a release as an export asks for."""

    base = BASE

    def __init__(self, lines):
        self._lines = lines

    def lines(self):
        return iter(self._lines)


@pytest.mark.parametrize("name", [*FORMATS, "csv"])
def test_the_same_release_gives_the_same_bytes(release, name):
    assert exported(release, name) == exported(release, name)


def test_turtle_uses_the_prefixes_in_use_and_no_other(release):
    text = exported(release, "turtle").decode()
    declared = {line.split()[1] for line in text.splitlines() if line.startswith("@prefix")}
    assert {"zel:", "edtf:", "xsd:"} <= declared
    assert "sdgo:" not in declared
    assert "zel:signedOn" in text


def test_trig_opens_each_graph_once(release):
    text = exported(release, "trig").decode()
    assert text.count("<https://example.org/kg/graph/claims> {") == 1


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml", "csv"])
@pytest.mark.parametrize("graph", ["claims", "all"])
def test_formats_without_graphs_say_which_have_them(release, name, graph):
    with pytest.raises(UsageError, match="use nquads, trig or jsonld"):
        exported(release, name, graph)


def test_unknown_names_are_answered_with_the_nearest(release):
    with pytest.raises(UsageError, match="did you mean 'turtle'"):
        exported(release, "turtel")
    with pytest.raises(UsageError, match="did you mean 'claims'"):
        exported(release, "trig", "claim")


@pytest.mark.parametrize(
    ("predicate", "value", "words"),
    [
        ("https://example.org/2030", "x", "cannot name the property"),
        ("https://example.org/p#", "x", "cannot name the property"),
        ("https://example.org/p", "bell \x07", "U\\+0007"),
    ],
)
def test_rdfxml_refuses_what_xml_cannot_hold(predicate, value, words):
    quad = ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode(predicate), ox.Literal(value))
    with pytest.raises(UsageError, match=words):
        exported(_Lines(canonical_lines([quad])), "rdfxml")
    assert read_with_rdflib(exported(_Lines(canonical_lines([quad])), "turtle"), "turtle") == canonical_lines([quad])


def test_a_damaged_release_is_not_exported(tmp_path):
    release = publish(sample_contents(), tmp_path, {})
    release.graph_path.write_bytes(release.graph_path.read_bytes()[:100])
    with pytest.raises(ReleaseError, match="damaged"):
        exported(release, "turtle")


# --- rdflib over the store


@pytest.mark.usefixtures("_literals_as_written")
def test_a_release_is_an_rdflib_dataset_over_its_store(release):
    dataset = as_dataset(release)
    assert lines_of(dataset) == list(release.lines())
    rows = list(dataset.query(f"SELECT ?d {{ GRAPH <{BASE}claim/F1> {{ ?x <{ZEL}signedOn> ?d }} }}"))
    assert [str(row[0]) for row in rows] == ["2025-09"]
    claim = dataset.get_context(rdflib.URIRef(BASE + "claim/F5"))
    assert list(claim) == [(rdflib.URIRef(BASE + "id/ministry"), rdflib.URIRef(ZEL + "partnerOf"),
                            rdflib.URIRef(BASE + "id/mistral"))]  # fmt: skip
    assert len(dataset.default_graph) == release.manifest["counts"]["default_triples"]
    identifier = (None, rdflib.DCTERMS.identifier)
    typed = rdflib.Literal("F1", datatype=rdflib.XSD.string)
    assert [q[2] for q in dataset.quads((*identifier, rdflib.Literal("F1"), None))] == [typed]
    assert [q[2] for q in dataset.quads((*identifier, typed, None))] == [typed]
    with pytest.raises(RuntimeError, match="read-write"):
        dataset.graph(claim.identifier)
    with pytest.raises(RuntimeError, match="read-write"):
        dataset.add((rdflib.URIRef("http://e/s"), rdflib.URIRef("http://e/p"), rdflib.Literal("x")))


def test_the_two_documented_lines_work(release):
    store = oxrdflib.OxigraphStore(store=ox.Store.read_only(str(release.store_path)))
    dataset = rdflib.Dataset(store=store)
    assert len(list(dataset.quads())) == release.manifest["counts"]["quads"]


# --- tables


def rows_of(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(bytes(table).decode(), newline="")))


def test_one_table_for_each_class_and_one_of_claims(release):
    assert set(tables(release)) == {
        "Company.csv", "MemorandumOfUnderstanding.csv", "Ministry.csv", "Quantity.csv", "Roadmap.csv", "Target.csv",
        "claims.csv", "foaf-Person.csv",
    }  # fmt: skip


def test_a_table_has_labels_values_and_what_they_lead_to(release):
    (row,) = rows_of(tables(release)["MemorandumOfUnderstanding.csv"])
    assert row["iri"] == BASE + "id/mou"
    assert row["zel:party"] == f"{BASE}id/ministry | {BASE}id/mistral"
    assert row["zel:party label"] == "ministry | Mistral AI"
    assert row["zel:signedOn"] == "2025-09"
    (row,) = rows_of(tables(release)["Ministry.csv"])
    assert (row["label_ar"], row["label_fr"], row["label_en"]) == ("وزارة", "ministère", "ministry")
    (row,) = rows_of(tables(release)["Quantity.csv"])
    assert row["zel:asWorded@ar"] == 'يناهز 10.8 مليار "دولار"'
    assert row["zel:numericValue"] == "10800000000.5"
    (row,) = rows_of(tables(release)["foaf-Person.csv"])
    assert (row["label_ar"], row["label_en"], row["rdf:type"]) == ("الجزري", "", "http://xmlns.com/foaf/0.1/Person")


def test_the_table_of_claims_ties_each_to_its_words(release):
    rows = rows_of(tables(release)["claims.csv"])
    assert [row["identifier"] for row in rows] == ["F1", "F2", "F3", "F4", "F5", ""]
    assert rows[0] == {
        "claim": BASE + "claim/F1",
        "identifier": "F1",
        "fact_id": "F1",
        "gloss": 'The ministry and Mistral signed, "as planned", a memorandum',
        "modality": "done",
        "asserted_by": BASE + "id/ministry",
        "asserted_by_label": "ministry",
        "document": BASE + "doc/wire",
        "document_title": "الوزارة توقع",
        "quote": "وُقعت في سبتمبر 2025",
        "start": "1851",
        "end": "1871",
        "review_status": "reviewed",
        "row": "",
    }


def test_tables_follow_rfc_4180(release):
    data = bytes(tables(release)["claims.csv"])
    assert data.startswith(b"claim,identifier,")
    assert b'"The ministry and Mistral signed, ""as planned"", a memorandum"' in data
    assert data.endswith(b"\r\n")


def test_the_zip_and_the_folder_hold_the_same(release, tmp_path):
    made = tables(release)
    write_folder(made, tmp_path / "a" / "b")
    found = {name: bytes(table) for name, table in made.items()}
    assert {path.name: path.read_bytes() for path in (tmp_path / "a" / "b").iterdir()} == found
    with zipfile.ZipFile(io.BytesIO(exported(release, "csv"))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == found
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_folder_that_cannot_be_made(release, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="file"):
        write_folder(tables(release), tmp_path / "file")
