"""The table of all statements, read as its users read it: by pandas and DuckDB, against the endpoint's own counts."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import duckdb
import pandas as pd
import pyoxigraph as ox
import pytest
from release_samples import sample_contents
from small_project import kg

from kg.errors import OperationError
from kg.export import export, statements, tables
from kg.export.days import days
from kg.export.downloads import make_downloads
from kg.export.lookups import languages_of
from kg.export.parquet import write_parquet
from kg.export.statements import cells_of, columns
from kg.release import Release, publish
from kg.store import read

ZEL = "https://w3id.org/zellige/ont#"
AMOUNTS = {"numericValue": "number", "upperBound": "upper_bound"}
DATES = ("http://id.loc.gov/datatypes/edtf/EDTF", "http://www.w3.org/2001/XMLSchema#gYear")


@pytest.fixture(scope="module")
def rows(built: Release) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(bytes(statements(built)).decode(), newline="")))


@pytest.fixture(scope="module")
def parquet(built: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parquet") / "statements.parquet"
    with path.open("wb") as output:
        write_parquet(cells_of(built)(), columns(languages_of(built)), output)
    return path


def asked(release: Release, query: str) -> list[str]:
    """The values of the only column of an answer."""
    solutions = read(release.store_path).query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    return [solution[0].value for solution in solutions]


def test_every_statement_of_every_claim_is_a_row(built: Release, rows: list[dict[str, str]]) -> None:
    counted = asked(
        built,
        f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?claims {{ ?claim a <{ZEL}Claim> }} GRAPH ?claim {{ ?s ?p ?o }} }}",
    )
    assert [str(len(rows))] == counted


@pytest.mark.parametrize("part", AMOUNTS)
def test_every_amount_is_in_it(built: Release, rows: list[dict[str, str]], part: str) -> None:
    said = asked(built, f"SELECT ?n {{ GRAPH ?claim {{ ?q <{ZEL}{part}> ?n }} }}")
    assert said
    assert {*said} <= {row[AMOUNTS[part]] for row in rows}


def test_every_quote_and_every_date_is_in_it(built: Release, rows: list[dict[str, str]]) -> None:
    quotes = asked(built, "SELECT ?q { GRAPH ?g { ?s <http://www.w3.org/ns/oa#exact> ?q } }")
    dates = asked(
        built,
        f"SELECT ?d {{ GRAPH ?claims {{ ?claim a <{ZEL}Claim> }} GRAPH ?claim {{ ?s ?p ?d }} "
        f"FILTER(DATATYPE(?d) IN ({', '.join(f'<{kind}>' for kind in DATES)})) }}",
    )
    told = {quote for row in rows for quote in row["quote"].split(" | ")}
    assert {*quotes} <= told
    assert dates
    assert {*dates} <= {row["date"] for row in rows}


def test_a_row_says_who_says_it_in_which_words_and_who_says_otherwise(rows: list[dict[str, str]]) -> None:
    row = next(r for r in rows if r["claim_id"] == "F030" and r["property"] == "zel:targetQuantity")
    assert row["subject_label_en"] == "AI contribution to the national economy (target)"
    assert (row["number"], row["unit_label_fr"], row["exactness"]) == ("10800000000", "dollar", "about")
    assert row["quote"] == "يناهز 10.8 مليار"
    assert (row["quote_start"], row["quote_end"]) == ("694", "710")
    assert (row["modality"], row["review_status"]) == ("target", "reviewed")
    assert row["contested_by"] == "https://w3id.org/zellige/claim/X07"


def test_a_part_of_an_amount_that_another_claim_says_is_named_as_such(rows: list[dict[str, str]]) -> None:
    """F030 says the number, F031 the unit."""
    of_number = next(r for r in rows if r["claim_id"] == "F030" and r["property"] == "zel:numericValue")
    of_rank = next(r for r in rows if r["claim_id"] == "F067" and r["property"] == "zel:upperBound")
    assert of_number["amount_from"] == "https://w3id.org/zellige/claim/F031"
    assert of_rank["amount_from"] == ""


REJECTED = """
c:F6 { id:ministry zel:partnerOf id:lab ; zel:acronym "M" . id:fee a zel:Quantity ; zel:numericValue 5 . }
c:F7 { id:roadmap zel:quantity id:fee . id:fee zel:lowerBound 3 . }
g:claims {
  c:F6 a zel:Claim ; zel:reviewStatus rev:rejected .
  c:F7 a zel:Claim ; zel:reviewStatus rev:located .
}
"""


def test_a_rejected_claim_stands_there_as_such_and_adds_nothing_to_other_rows(tmp_path: Path) -> None:
    release = publish(sample_contents(REJECTED), tmp_path / "releases", {})
    rows = list(csv.DictReader(io.StringIO(bytes(statements(release)).decode(), newline="")))
    assert {row["review_status"] for row in rows if row["claim"].endswith("F6")} == {"rejected"}
    link = next(row for row in rows if row["property"] == "zel:quantity")
    assert (link["number"], link["lower_bound"], link["amount_from"]) == ("", "3", "")
    made = tables(release)
    assert "Quantity.csv" in made
    assert b"acronym" not in bytes(made["Ministry.csv"])
    assert b"zel:quantity lower_bound" in bytes(made["Roadmap.csv"])


def test_pandas_and_duckdb_read_the_same_numbers(
    built: Release, parquet: Path, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    path = tmp_path / "statements.csv"
    path.write_bytes(bytes(statements(built)))
    frame = pd.read_csv(path)
    numbers = sorted(float(row["number"]) for row in rows if row["number"])
    assert (len(frame), sorted(frame["number"].dropna())) == (len(rows), numbers)
    for file in (path, parquet):
        with duckdb.connect() as connection:
            found = connection.execute(f"SELECT number FROM '{file}'").fetchall()
        assert (len(found), sorted(row[0] for row in found if row[0] is not None)) == (len(rows), numbers)


def test_in_parquet_several_values_are_a_list_and_offsets_are_numbers(parquet: Path) -> None:
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT DISTINCT quote, quote_start, contested_by FROM read_parquet(?) WHERE claim_id = 'F030'",
            [str(parquet)],
        ).fetchall()
    assert found == [(["يناهز 10.8 مليار"], [694], ["https://w3id.org/zellige/claim/X07"])]


def test_the_same_release_makes_the_same_bytes(built: Release, parquet: Path) -> None:
    again = io.BytesIO()
    write_parquet(cells_of(built)(), columns(languages_of(built)), again)
    assert again.getvalue() == parquet.read_bytes()
    assert bytes(statements(built)) == bytes(statements(built))


def test_the_table_of_a_class_has_its_numbers_parties_and_dates(built: Release) -> None:
    def read_table(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(bytes(made[name]).decode(), newline="")))

    made = tables(built)
    values = read_table("IndicatorValue.csv")
    assert len(values) >= 20
    assert all(row["zel:quantity number"] or row["zel:quantity upper_bound"] for row in values)
    market = next(row for row in values if row["label_en"] == "AI market in 2023")
    assert market["zel:quantity number"] == "196630000000 | 189000000000"
    assert "zel:quantity" in market["not_reviewed"].split(" | ")
    signed = next(row for row in read_table("Agreement.csv") if row["iri"].endswith("agreement-jazari-industrie"))
    assert signed["zel:signedOn"] == "2026-03-10"
    assert "Ministry of Industry and Trade" in signed["zel:party label"].split(" | ")


def test_what_a_reviewed_claim_says_comes_before_what_others_say(built: Release) -> None:
    made = tables(built)
    rows = list(csv.DictReader(io.StringIO(bytes(made["Target.csv"]).decode(), newline="")))
    rank = next(row for row in rows if row["label_en"] == "Morocco among the best 20 countries (target)")
    assert rank["zel:targetQuantity upper_bound"] == "20"
    assert "zel:targetQuantity" not in rank["not_reviewed"].split(" | ")


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("-0044-03-15", "-0044-03-15", "-0044-03-15"),
        ("2025-09-01T10:00:00Z", "2025-09-01", "2025-09-01"),
        ("../2030", "", "2030-12-31"),
        ("2030?", "", ""),
        ("20XX", "", ""),
        ("2025-02-30", "", ""),
        ("in spring", "", ""),
    ],
)
def test_the_days_of_a_date(date: str, first: str, last: str) -> None:
    assert days(date) == (first, last)


def test_a_number_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="number of a statement is no number: about 40"):
        write_parquet([{"claim": "https://example.org/claim/a", "number": "about 40"}], columns(()), io.BytesIO())


def test_a_selection_of_graphs_is_refused(tmp_path: Path, built: Release) -> None:
    done = kg("export", "statements", "--graph", "all", "--releases", built.path.parent, cwd=tmp_path)
    assert done.returncode == 2
    assert "statements takes no --graph (its rows are the statements of every claim)" in done.stderr


def test_the_command_writes_what_the_library_writes(tmp_path: Path, built: Release) -> None:
    output, path = io.BytesIO(), tmp_path / "out.csv"
    export(built, "statements", output)
    done = kg("export", "statements", "-o", path, "--releases", built.path.parent, cwd=tmp_path)
    assert done.returncode == 0
    assert path.read_bytes() == output.getvalue()


def test_a_build_lays_the_tables_beside_the_release(built: Release) -> None:
    assert (built.path / "download" / "statements.csv").read_bytes() == bytes(statements(built))
    assert (built.path / "download" / "statements.parquet").is_file()


def test_tables_that_are_there_stay_and_those_of_another_program_are_made_anew(tmp_path: Path, built: Release) -> None:
    release = Release(tmp_path / built.id)
    shutil.copytree(built.path, release.path)
    path = release.path / "download" / "statements.csv"
    before = path.stat().st_mtime_ns
    make_downloads(release, 10_000, pytest.fail)
    assert path.stat().st_mtime_ns == before
    path.write_text("other\n", encoding="utf-8")
    make_downloads(release, 10_000, pytest.fail)
    assert path.read_bytes() == bytes(statements(release))


def test_beyond_the_limit_it_is_said_that_none_is_made(tmp_path: Path, built: Release) -> None:
    release, told = Release(tmp_path / built.id), list[str]()
    shutil.copytree(built.path, release.path, ignore=shutil.ignore_patterns("download"))
    make_downloads(release, 200, told.append)
    assert told == ["no table of all statements beside the release: 247 claims are more than [limits] table_claims"]
    make_downloads(release, 0, pytest.fail)
    assert not (release.path / "download").exists()
