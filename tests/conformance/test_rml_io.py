"""The test cases of RML-IO, driven from their table, strict: the output and every target are as they should be."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rml.cases_of_io import rdf_json, with_database
from rml.datasets import canonical, lenient_nquads
from rml.reading_back import unpacked
from shared_data import SHARED

from kg.errors import DataError
from kg.rml import Access, map_to

SUITE = SHARED / "suites" / "rml-io"
METADATA = (SUITE / "metadata.csv").read_text(encoding="utf-8").splitlines() if SUITE.is_dir() else []
CASES = sorted(csv.DictReader(METADATA), key=lambda case: case["ID"])
KNOWN = tomllib.loads(Path(__file__).with_name("rml_io_known_failures.toml").read_text(encoding="utf-8"))
WRONG = {
    "RMLSTC0009a": "",
    "RMLSTC0010a": "the row has 2 cells, the header 3",
    "RMLSTC0010b": "the row has 2 cells, the header 3",
}
"""Why a case must fail."""
PLAIN = {
    f"RMLTTC{number}" for number in ("0004a", "0004c", "0004f", "0004g", "0005b", "0006b", "0006c", "0006d", "0006e")
}
"""Cases whose dumps write the numbers of JSON as plain texts, against RML-Core (natural mapping) and the others."""
SYNTAXES = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".ttl": ox.RdfFormat.TURTLE,
    ".n3": ox.RdfFormat.N3,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdfxml": ox.RdfFormat.RDF_XML,
}


def marked(case: dict[str, str]) -> object:
    reason = KNOWN.get(case["ID"])
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(case, id=case["ID"], marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, str], tmp_path: Path) -> None:
    folder, output = SUITE / case["ID"], io.BytesIO()
    mapping = with_database(folder, tmp_path) if case["ID"] == "RMLSTC0006a" else folder / case["mapping"]
    access = Access(working=folder, targets=tmp_path / "targets")
    if case["error"] == "true":
        with pytest.raises(DataError, match=WRONG[case["ID"]]):
            map_to(mapping, output, access=access)
        return
    summary = map_to(mapping, output, access=access)
    expected = lenient_nquads((folder / case["output1"]).read_text(encoding="utf-8"))
    assert canonical(lenient_nquads(output.getvalue().decode())) == canonical(expected)
    names = sorted(path.name for path in folder.glob("dump*"))
    assert sorted(file.path.name for file in summary.files) == names
    for name in names:
        made = list(_quads(tmp_path / "targets" / name))
        wanted = canonical(_quads(folder / name))
        assert made
        assert (canonical(made) == wanted) is (case["ID"] not in PLAIN)
        assert canonical(map(_plain, made) if case["ID"] in PLAIN else made) == wanted


def _plain(quad: ox.Quad) -> ox.Quad:
    plain = ox.Literal(quad.object.value) if isinstance(quad.object, ox.Literal) else quad.object
    return ox.Quad(quad.subject, quad.predicate, plain, quad.graph_name)


def _quads(path: Path) -> Iterator[ox.Quad]:
    """The quads of a file, which tells by its suffixes what it is; `.rdfxml` and `.rdfjson` are the suite's own."""
    content, suffix = unpacked(path)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = content.decode("utf-16").encode()
    if suffix == ".rdfjson":
        yield from rdf_json(json.loads(content))
        return
    for quad in ox.parse(content, SYNTAXES[suffix], base_iri="http://example.org/"):
        yield ox.Quad(*quad) if isinstance(quad, ox.Triple) else quad


def test_the_suite_is_whole(shared: Path) -> None:
    assert len(CASES) == 73
    assert {case["ID"] for case in CASES if case["error"] == "true"} == set(WRONG)
