"""The oracle itself: it gives what the suites of the W3C on query evaluation say, case by case."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from conformance.evaluation_cases import BASE, SPARQL11, SPARQL12, Case, read_cases
from shared_data import ABSENT, SHARED
from sparql.oracle.queries import Table, evaluate
from sparql.oracle.terms import BlankNode, Iri, Literal, Row, Undetermined
from sparql.random_queries.answers import agrees
from sparql.suite import read_csv, read_data, read_result

from kg.sparql.language import parse

SUITES = SHARED / "suites"
FOLDERS = {"sparql11": SPARQL11, "sparql12": SPARQL12}
CASES = [(name, one) for name, tops in FOLDERS.items() if SUITES.is_dir() for one in read_cases(SUITES / name, tops)]
KNOWN = tomllib.loads((Path(__file__).parent / "oracle" / "known_failures.toml").read_text(encoding="utf-8"))
pytestmark = pytest.mark.skipif(not CASES, reason=ABSENT)


@pytest.mark.parametrize(("suite", "one"), CASES, ids=[f"{suite}/{one.name}" for suite, one in CASES])
def test_the_oracle_gives_what_the_suite_says(request: pytest.FixtureRequest, suite: str, one: Case) -> None:
    name = f"{suite}/{one.name}"
    if name in KNOWN:
        request.applymarker(pytest.mark.xfail(reason=KNOWN[name], strict=True, raises=(AssertionError, Undetermined)))
    folder = SUITES / suite
    # The suite gives a query the address of its own file as base.
    base = BASE + one.query
    query = parse((folder / one.query).read_text(encoding="utf-8"), base)
    data = read_data(folder, BASE, one.data, one.named)
    found = evaluate(query, data, base)
    result = folder / one.result
    if result.suffix == ".csv":
        assert isinstance(found, Table)
        assert sorted(map(cells, found.rows), key=str) == sorted(filled(read_csv(result)), key=str)
        return
    expected = read_result(result, BASE + one.result)
    if isinstance(found, Table) and result.suffix in {".ttl", ".rdf"}:
        # The result set vocabulary does not keep the order of the rows.
        found = Table(tuple(type(run)((*run.rows,)) for run in found.runs), found.start, found.end)
    assert agrees(found, expected, data, labels=False)


def cells(row: Row) -> dict[str, str]:
    def text(term: object) -> str:
        match term:
            case Iri():
                return term.value
            case Literal():
                return term.lexical
            case BlankNode():
                return "_:"
        raise TypeError(term)

    return {name: text(term) for name, term in row.items()}


def filled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{n: "_:" if cell.startswith("_:") else cell for n, cell in row.items() if cell} for row in rows]


def test_known_failures_name_cases() -> None:
    assert KNOWN.keys() <= {f"{suite}/{one.name}" for suite, one in CASES}
    assert len(CASES) == 235 + 63
