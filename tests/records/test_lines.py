"""Records as N-Quads lines, a block of claims at a time."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pyoxigraph as ox
import pytest
from growth import written
from small_project import CLAIMS, make

from kg.config import read_config
from kg.errors import RecordError, VocabularyError
from kg.paths import data_dir
from kg.records import Records, lines_for, quads_for, read_records
from kg.records.jsonld import jsonld_documents, lines_of, quads_of
from kg.store import canonical_lines
from kg.terms import ZEL, Minter
from kg.vocabulary import read_vocabulary

BASE = "https://example.org/small/"
ODD = 'tab\there, "quotes", back\\slash, \x7f, \u0085, \u2028, \u200f, سد، 𝔄, line\nend\r'


def records_of(folder: Path) -> Records:
    return read_records(read_config(folder, {}), read_vocabulary(data_dir("ontology")))


def test_the_lines_are_those_of_the_quads_in_the_form_of_a_release(tmp_path: Path) -> None:
    odd = json.dumps(ODD).replace("\\ud835\\udd04", "𝔄")
    claims = CLAIMS.replace("{en: The laboratory will open.}", f"{{en: {odd}}}")
    records = records_of(make(tmp_path, claims=claims))
    blocks = list(lines_for(records, data_dir("ontology"), BASE))
    assert all(block.endswith(b" .\n") for block in blocks)
    lines = [line for block in blocks for line in block.decode().removesuffix("\n").split("\n")]
    context = json.loads((data_dir("ontology") / "core" / "context.jsonld").read_bytes())["@context"]
    parsed = [quad for document in jsonld_documents(records, context, Minter(BASE)) for quad in quads_of(document)]
    assert sorted(set(lines)) == canonical_lines(parsed)
    assert set(quads_for(records, data_dir("ontology"), BASE)) == set(parsed)
    assert any('"tab\\there, \\"quotes\\", back\\\\slash, \\u007F, \u0085, \u2028' in line for line in lines)


def test_claims_of_many_blocks_are_all_there(tmp_path: Path) -> None:
    base = "https://example.org/measured/"
    records = records_of(written(tmp_path, 1100))
    blocks = list(lines_for(records, data_dir("ontology"), base))
    assert len(blocks) >= 4
    graphs = {quad.graph_name.value for block in blocks for quad in ox.parse(block, ox.RdfFormat.N_QUADS)}
    assert graphs == {f"{base}claim/N{n}" for n in range(1100)} | {f"{base}graph/claims", f"{base}graph/entities"}
    mirrored = f"<{base}claim/N499> <{ZEL}compatibleWith> <{base}claim/N500> <{base}graph/claims> .\n"
    assert sum(block.count(mirrored.encode()) for block in blocks) == 1


def test_what_is_in_memory_meanwhile_does_not_grow_with_the_claims(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        records = records_of(written(tmp_path / str(count), count))
        tracemalloc.start()
        try:
            for _ in lines_for(records, data_dir("ontology"), BASE):
                pass
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(2000) < 1.5 * peak(500)


def test_a_triple_without_a_graph_is_refused() -> None:
    with pytest.raises(RecordError, match=r"^a triple without a claim: <http://e/s> <http://e/p> <http://e/o>"):
        lines_of({"@graph": [{"@id": "http://e/s", "http://e/p": {"@id": "http://e/o"}}]})


def test_what_is_no_json_ld_is_refused() -> None:
    with pytest.raises(RecordError, match=r"^the records make no JSON-LD: "):
        lines_of({"@context": {"p": {"@id": 1}}, "@graph": []})


def test_a_context_that_is_damaged_is_named(tmp_path: Path) -> None:
    records = records_of(make(tmp_path / "project"))
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "layer.toml").touch()
    (tmp_path / "core" / "context.jsonld").write_text("{}", encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"^cannot use context\.jsonld: .*run kg ontology"):
        lines_for(records, tmp_path, BASE)
