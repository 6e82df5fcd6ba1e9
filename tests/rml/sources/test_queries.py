"""SQL over files of CSV and JSON: confined to the files that the mapping names."""

from __future__ import annotations

import bz2
import gzip
import io
from pathlib import Path

import pytest
from rml.by_hand import HEAD
from rml.running import run

from kg.errors import DataError, KgError, MappingError
from kg.rml import map_parts, map_to

pytest.importorskip("duckdb", reason="the extra zellige[tables] is not installed")

QUERY = "SELECT p.i, p.name, c.pop FROM people p LEFT JOIN cities c ON p.city = c.id ORDER BY p.i"


def asked(folder: Path, query: str = QUERY, more: str = "") -> Path:
    """A mapping of a query over a table in CSV, beside a tree in JSON that the mapping names."""
    people = '\ufeffi;name;city\r\n1;"A ""x""\nb";c1\r\n2;NA;c2\r\n'
    (folder / "people.csv").write_text(people, encoding="utf-8", newline="")
    (folder / "cities.json").write_text('[{"id": "c1", "pop": 12}, {"id": "c2", "pop": null}]', encoding="utf-8")
    (folder / "secret.csv").write_text("a\nb\n", encoding="utf-8")
    own = 'a rml:RelativePathSource ; rml:path "people.csv" ; rml:null "NA" ; csvw:dialect [ csvw:delimiter ";" ]'
    text = query.replace("\\", "\\\\").replace('"', '\\"')
    pairs = " , ".join(
        f'[ rml:predicate ex:{name} ; rml:objectMap [ rml:reference "{name}" ] ]' for name in ("name", "pop")
    )
    path = folder / "m.ttl"
    path.write_text(
        f'{HEAD}ex:c a rml:RelativePathSource ; rml:path "cities.json" .\n{more}'
        f'ex:m rml:logicalSource [ rml:source [ {own} ] ; rml:referenceFormulation rml:SQL2008Query ;\n rml:query "{text}" ] ;\n'
        f' rml:subjectMap [ rml:template "http://e/{{i}}" ] ; rml:predicateObjectMap {pairs} .\n',
        encoding="utf-8",
    )
    return path


def test_a_query_joins_the_files_that_the_mapping_names(tmp_path: Path) -> None:
    expected = [
        '<http://e/1> <http://e/name> "A \\"x\\"\\nb" .',
        '<http://e/1> <http://e/pop> "12"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ]
    assert run(asked(tmp_path)) == expected
    by_path = QUERY.replace("cities c", '"cities.json" c').replace("people p", '"people.csv" p')
    assert run(asked(tmp_path, by_path)) == expected


def test_packed_files_are_asked_by_their_names_without_suffixes(tmp_path: Path) -> None:
    path = asked(tmp_path)
    expected = run(path)
    for name, pack in (("people.csv", gzip.compress), ("cities.json", bz2.compress)):
        end = ".gz" if pack is gzip.compress else ".bz2"
        (tmp_path / f"{name}{end}").write_bytes(pack((tmp_path / name).read_bytes()))
        (tmp_path / name).unlink()
        path.write_text(path.read_text().replace(f'"{name}"', f'"{name}{end}"'))
    before = set(tmp_path.iterdir())
    assert run(path) == expected
    by_path = path.read_text().replace("cities c", '\\"cities.json.bz2\\" c')
    path.write_text(by_path)
    assert run(path) == expected
    (tmp_path / "people.csv.gz").write_bytes((tmp_path / "people.csv.gz").read_bytes()[:-9])
    with pytest.raises(DataError, match=r"people\.csv\.gz:1: the packed file is damaged"):
        run(path)
    assert set(tmp_path.iterdir()) == before


def test_a_part_is_made_again_when_another_file_of_the_query_changes(tmp_path: Path) -> None:
    path = asked(tmp_path)
    assert [one.was_mapped for _ in range(2) for one in map_parts(path, tmp_path / "parts")] == [True, False]
    (tmp_path / "cities.json").write_text('[{"id": "c1", "pop": 13}]', encoding="utf-8")
    (again,) = map_parts(path, tmp_path / "parts")
    assert '"13"' in again.path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "SELECT * FROM secret",
            "Table with name secret does not exist.*the files that the mapping names: people, cities",
        ),
        ("SELECT * FROM 'secret.csv'", "reads another file|does not exist"),
        ("SELECT * FROM '/etc/passwd.csv'", "reads another file"),
        ("SELECT 1 AS i, * FROM read_csv('{folder}/secret.csv')", "the query reads another file"),
        ("SELECT * FROM read_csv('{folder}/../{folder}/secret.csv')", "the query reads another file"),
        ("SELECT content AS i FROM read_text('/etc/hostname')", "the query reads another file"),
        ("SELECT file AS i FROM glob('{folder}/*')", "the query reads another file"),
        ("SELECT * FROM read_json('http://127.0.0.1:1/x.json')", "the query reads another file"),
        ("SELECT * FROM read_parquet('s3://bucket/x')", "the query reads another file"),
        ("SELECT * FROM sqlite_scan('{folder}/x', 't')", "DuckDB: Catalog Error"),
        ("SELECT * FROM query('COPY people TO ''{folder}/out''')", "DuckDB: Parser Error"),
        ("ATTACH '{folder}/x.duckdb'", "the query does more than read"),
        ("COPY people TO '{folder}/out'", "the query does more than read"),
        ("COPY (SELECT 1) TO '{folder}/out'", "the query does more than read"),
        ("INSTALL httpfs", "the query does more than read"),
        ("LOAD '{folder}/x.duckdb_extension'", "the query does more than read"),
        ("SET enable_external_access = true", "the query does more than read"),
        ("PRAGMA database_list", "the query does more than read"),
        ("CREATE TABLE t AS SELECT 1", "the query does more than read"),
        ("SELECT 1 AS i; SELECT 2 AS i", "the query does more than read"),
        ("SELECT nme AS i FROM people", "DuckDB: Binder Error"),
    ],
)
def test_hostile_queries_are_refused(query: str, told: str, tmp_path: Path) -> None:
    path = asked(tmp_path, query.replace("{folder}", str(tmp_path)))
    before = {one.name for one in tmp_path.iterdir()}
    output = io.BytesIO()
    with pytest.raises(KgError, match=told) as caught:
        map_to(path, output)
    assert caught.value.problems[0].position
    assert not output.getvalue()
    assert {one.name for one in tmp_path.iterdir()} == before


def test_files_outside_of_the_folder_and_other_dialects_are_no_tables(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "above.csv").write_text("a\nb\n", encoding="utf-8")
    (inner / "link.csv").symlink_to(tmp_path / "above.csv")
    named = 'ex:a rml:path "../above.csv" . ex:b rml:path "link.csv" .\n'
    for table in ("above", "link"):
        with pytest.raises(MappingError, match=f"Table with name {table} does not exist"):
            run(asked(inner, f"SELECT a AS i FROM {table}", named))


def test_a_ragged_table_is_told(tmp_path: Path) -> None:
    path = asked(tmp_path)
    (tmp_path / "people.csv").write_text("i;name;city\n1;a\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"people\.csv:1: DuckDB"):
        run(path)
