"""A mapping under Spark makes the dataset that it makes without."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import tempfile
from pathlib import Path

import pyoxigraph as ox
from hypothesis import HealthCheck, Phase, given, settings
from mappers import tables
from patience import trials
from rml.by_hand import csv_source, json_source
from rml.datasets import canonical, lenient_nquads
from rml.spark.runs import SUBJECT, Run, dataset, lines, written
from rml.strategies import Case, cases

from kg.errors import KgError
from kg.rml import map_to

BASE = "http://example.com/"


def bench_tables(folder: Path, rows: int) -> Path:
    """The mapping of the bench with tables of so many rows together."""
    tables.write(folder, rows)
    text = (Path(tables.__file__).parent / "mapping.rml.ttl").read_text(encoding="utf-8")
    source = r'[ a rml:RelativePathSource ; rml:root rml:MappingDirectory ; rml:path "\1.csv" ]'
    path = folder / "mapping.rml.ttl"
    path.write_text(re.sub(r"SOURCE\((\w+)\)", source, text), encoding="utf-8")
    return path


def test_related_tables_are_mapped_and_joined(run: Run, tmp_path: Path) -> None:
    mapping = bench_tables(tmp_path, 20_000)
    alone, expected = run.local(mapping)
    shared, made = run.spark(mapping)
    assert lines(made) == lines(expected)
    assert shared == alone
    # The same rows, each table in parts of several files, some of them where only Spark can read.
    places: dict[str, list[str]] = {}
    for name in tables.SHARES:
        header, *rows = split_rows((tmp_path / f"{name}.csv").read_bytes())
        parts = tmp_path / name
        parts.mkdir()
        for number in range(3):
            (parts / f"part {number}.csv").write_bytes(header + b"".join(rows[number::3]))
        is_far = name in {"projects", "memberships"}
        places[f"{name}.csv"] = [run.elsewhere(parts) if is_far else str(parts / "*.csv")]
    shared, made = run.spark(mapping, sources=places, distinct=True)
    assert made == b"".join(sorted(set(expected.splitlines(keepends=True))))
    assert (shared.parts, shared.triples) == (alone.parts, made.count(b"\n"))


def split_rows(content: bytes) -> list[bytes]:
    """The rows of a table, as they are written; line ends in quotes are none of them."""
    return re.findall(rb'(?:[^"\n]|"[^"]*")*\n', content)


def test_nodes_without_names_are_one_for_each_row(run: Run, tmp_path: Path) -> None:
    """Within a triples map, among those that are linked without a condition, through joins, and over several files."""
    blank = "rml:subjectMap [ rml:termType rml:BlankNode ; rml:class ex:C ]"
    pair = 'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ]'
    own = "rml:predicateObjectMap [ rml:predicate ex:q ; rml:objectMap [ rml:parentTriplesMap ex:n ] ]"
    join = (
        "rml:predicateObjectMap [ rml:predicate ex:r ; rml:objectMap [ rml:parentTriplesMap ex:m ; "
        'rml:joinCondition [ rml:child "a" ; rml:parent "a" ] ] ]'
    )
    source = csv_source("t.csv")
    text = f"ex:m {source} ; {blank} ; {pair} ; {own} .\nex:n {source} ; {blank} ; {pair} ; {join} .\n"
    rows = [f"{i},{i % 7}\n" for i in range(21)]
    mapping = written(tmp_path, text, t_csv="i,a\n" + "".join(rows))
    expected = dataset(run.local(mapping)[1])
    parts = tmp_path / "parts"
    parts.mkdir()
    for number in range(3):
        (parts / f"{number}.csv").write_text("i,a\n" + "".join(rows[number * 7 : number * 7 + 7]))
    for place in (str(parts), run.elsewhere(parts)):
        made = run.spark(mapping, sources={"t.csv": place})[1]
        assert len(dataset(made)) == len(expected) == 21 * (2 + 2 + 1 + 3)
        assert dataset(made) == expected


def test_a_join_of_several_conditions(run: Run, tmp_path: Path) -> None:
    """Keys of any text, parents with several subjects, values that agree twice, graphs; empty cells join nothing."""
    link = (
        "rml:objectMap [ rml:parentTriplesMap ex:n ; rml:joinCondition "
        '[ rml:child "k" ; rml:parent "$.k[*]" ], [ rml:child "l" ; rml:parent "$.l" ] ]'
    )
    other = 'rml:objectMap [ rml:parentTriplesMap ex:o ; rml:joinCondition [ rml:child "l" ; rml:parent "l" ] ]'
    graph = 'rml:graphMap [ rml:template "http://g/{i}" ], [ rml:constant ex:g ]'
    pair = f"rml:predicateObjectMap [ rml:predicate ex:p, ex:q ; {link} ; {other} ; rml:object 7 ; {graph} ]"
    text = (
        f"ex:m {csv_source('c.csv')} ; {SUBJECT} ; {pair} .\n"
        f'ex:n {json_source("p.json")} ; rml:subjectMap [ rml:template "http://p/{{$.j[*]}}" ] .\n'
        f'ex:o {csv_source("c.csv")} ; rml:subjectMap [ rml:template "http://o/{{i}}" ; rml:class ex:O ] .\n'
    )
    keys = ["a", "ب", "a\nb", '"\\', "", "1"]
    parents = [{"j": [n, n + 1], "k": [keys[n % 6], keys[n % 6], n], "l": keys[n % 5]} for n in range(40)]
    cells = "".join(
        f'{n},"{keys[n % 6]}","{keys[n % 4]}"\n'.replace('""\\"', '"""\\"').replace("\0", "") for n in range(30)
    )
    mapping = written(tmp_path, text, c_csv="i,k,l\n" + cells, p_json=json.dumps(parents, ensure_ascii=False))
    expected = run.local(mapping)[1]
    assert b"http://p/" in expected
    assert b"<http://o/7> <http://g/" in expected
    assert lines(run.spark(mapping)[1]) == lines(expected)


def merged(chosen: list[Case], folder: Path) -> Path:
    """Many mappings as one: each has names and files of its own."""
    blocks = []
    for number, case in enumerate(chosen):
        names = "|".join(re.escape(name) for name in case.files)
        text = re.sub(rf'rml:path "({names})"', rf'rml:path "{number}-\1"', case.mapping)
        text = re.sub(r"\bex:m(\d)", rf"ex:m{number}x\1", text)
        blocks.append(text if number == 0 else "\n".join(li for li in text.split("\n") if not li.startswith("@prefix")))
        for name, content in case.files.items():
            (folder / f"{number}-{name}").write_text(content, encoding="utf-8", newline="")
    path = folder / "mapping.rml.ttl"
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


def is_mapped(case: Case, folder: Path) -> bool:
    try:
        map_to(case.write(folder), io.BytesIO(), base=BASE)
    except KgError:
        return False
    return True


def test_random_mappings_make_the_same_dataset(run: Run, tmp_path: Path) -> None:
    chosen: list[Case] = []

    @settings(
        max_examples=trials(20),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(cases())
    def collect(case: Case) -> None:
        with tempfile.TemporaryDirectory() as folder:
            if is_mapped(case, Path(folder)):
                chosen.append(case)

    collect()
    assert len(chosen) > 10
    mapping = merged(chosen, tmp_path)
    expected, made = run.local(mapping, base=BASE)[1], run.spark(mapping, base=BASE)[1]
    assert set(without_rows(made)) == set(without_rows(expected))
    assert dataset(made) == dataset(expected)


def without_rows(content: bytes) -> list[bytes]:
    """Lines without those that hold nodes numbered by rows."""
    return [line for line in content.split(b"\n") if not re.search(rb"_:n\d+r\d+", line)]


def core_cases(shared: Path) -> list[tuple[Path, str]]:
    """The mappings of RML-Core that make something."""
    folder = shared / "suites" / "rml-core"
    with (folder / "metadata.csv").open(encoding="utf-8") as file:
        return [
            (folder / case["ID"] / case["mapping"], case["base_iri"])
            for case in csv.DictReader(file)
            if case["error"] == "false"
        ]


def test_the_cases_of_rml_core_make_the_same_dataset(run: Run, tmp_path: Path, shared: Path) -> None:
    """All of them at once: their statements put together, their names and sources made unique."""
    found = core_cases(shared)
    quads: list[ox.Quad] = []
    path = ox.NamedNode("http://w3id.org/rml/path")
    for number, (mapping, _) in enumerate(found):
        parsed = list(ox.parse(mapping.read_bytes(), ox.RdfFormat.TURTLE, base_iri=BASE))
        own = {quad.subject: ox.NamedNode(f"{BASE}{number}/{n}") for n, quad in enumerate(parsed)}
        for quad in parsed:
            value = own.get(quad.object, quad.object)
            if quad.predicate == path:
                value = ox.Literal(f"{number}/{quad.object.value}")
            quads.append(ox.Quad(own[quad.subject], quad.predicate, value))
        shutil.copytree(mapping.parent, tmp_path / str(number))
    mapping = tmp_path / "mapping.ttl"
    mapping.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b"")
    (base,) = {base for _, base in found}
    expected, made = run.local(mapping, base=base)[1], run.spark(mapping, base=base)[1]
    assert len(found) == 61
    assert set(without_rows(made)) == set(without_rows(expected))
    assert canonical(lenient_nquads(unsafe(made))) == canonical(lenient_nquads(unsafe(expected)))


def unsafe(content: bytes) -> str:
    """The one unsafe IRI of the suite holds a blank, which N-Quads can only write as an escape."""
    return content.decode().replace("\\u0020", " ")
