"""Lines enter a build in the form of the store, are sorted in runs, and leave nothing behind."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENCE

from kg.errors import DataError
from kg.rdf.rows import ROW
from kg.rml.run import distinct
from kg.rml.run.distinct import Sorter
from kg.runs import Entry, Workshop
from kg.runs.lines import is_plain
from kg.store import canonical_lines, in_store_form

ROOT = Path(__file__).resolve().parents[2]
XSD = "http://www.w3.org/2001/XMLSchema#"
S, P, G = (ox.NamedNode(f"http://e/{name}") for name in "spg")
FORMS = st.one_of(
    st.from_regex(r"-?[0-9]{1,14}(\.[0-9]{0,8})?", fullmatch=True),
    st.from_regex(r"[+-]?[0-9]{0,3}\.?[0-9]{0,3}", fullmatch=True),
    st.from_regex(r"[0-3]{4}-[01][0-9]-[0-3][0-9]", fullmatch=True),
    st.sampled_from(["true", "false", "1", "0", "-0", "0.0", "00", "1.", ".5", "999999999999999999", "2024", "0024"]),
)
TYPED = st.builds(
    lambda form, name: ox.Literal(form, datatype=ox.NamedNode(XSD + name)),
    FORMS,
    st.sampled_from(["decimal", "integer", "boolean", "gYear", "date", "int", "double", "string", "dateTime"]),
)
LITERALS = st.one_of(
    TYPED,
    st.builds(ox.Literal, st.text(max_size=8)),
    st.builds(lambda text: ox.Literal(text, language="fr-MA"), st.text(max_size=5)),
)


def lines_of(literals: list[ox.Literal]) -> list[ox.Quad]:
    return [ox.Quad(S, P, literal, G) for literal in literals]


def block(quads: list[ox.Quad]) -> bytes:
    return "".join(f"{quad} .\n" for quad in quads).encode()


@settings(max_examples=500, deadline=None)
@given(literal=LITERALS)
def test_a_line_that_is_plain_comes_back_from_a_store_as_it_is(literal: ox.Literal) -> None:
    quads = lines_of([literal])
    if is_plain(block(quads)):
        assert canonical_lines(quads) == [str(quad) + " ." for quad in in_store_form(quads)]


@settings(max_examples=100, deadline=None)
@given(literals=st.lists(LITERALS, max_size=12))
def test_lines_of_a_mapper_enter_in_the_form_of_the_store(literals: list[ox.Literal]) -> None:
    taken: list[bytes] = []
    entry = Entry(taken.append)
    quads = lines_of(literals)
    assert entry.mapped(block(quads)) == ROW.findall(b"".join(taken))
    assert sorted(b"".join(taken).splitlines()) == sorted(block(in_store_form(quads)).splitlines())
    entry.close()


def test_spellings_of_a_mapper_that_are_not_canonical_become_so() -> None:
    taken: list[bytes] = []
    entry = Entry(taken.append)
    line = f'<http://e/s> <http://e/p> "\\u0061"^^<{XSD}string> <http://e/g> .\n'.encode()
    assert entry.mapped(line) == [(b"<http://e/s>", b"<http://e/p>", b'"a"', b"<http://e/g>")]
    assert taken == [b'<http://e/s> <http://e/p> "a" <http://e/g> .\n']


def test_what_no_release_can_hold_is_told_at_the_end_and_all_of_it() -> None:
    taken: list[bytes] = []
    entry = Entry(taken.append)
    bad = [
        ox.Quad(S, P, ox.Literal("01", datatype=ox.NamedNode(XSD + "integer")), G),
        ox.Quad(S, P, ox.BlankNode("b"), G),
    ]
    good = ox.Quad(S, P, ox.Literal('a "b"'), G)
    assert entry.quads([good, *bad]) == 3
    assert b"".join(taken) == block([good])
    with pytest.raises(DataError) as caught:
        entry.close()
    with pytest.raises(DataError) as wanted:
        canonical_lines([good, *bad])
    assert caught.value.problems == wanted.value.problems
    assert {problem.code for problem in caught.value.problems} == {"blank-node", "literal-form"}


@pytest.mark.parametrize("seed", range(12))
def test_runs_give_every_line_once_in_order_however_many_they_are(tmp_path: Path, monkeypatch, seed: int) -> None:
    chance = random.Random(seed)
    for name, value in (("_FAN", 5), ("_MERGED", 2000), ("_LEAST", 50)):
        monkeypatch.setattr(distinct, name, value)
    lines = [f"{chance.randrange(900)}\n".encode() for _ in range(chance.randrange(6000))]
    sorter = Sorter(lambda: tmp_path, chance.choice([100, 5000, 1 << 30]))
    at = 0
    while at < len(lines):
        size = chance.randrange(1, 40)
        sorter.write(b"".join(lines[at : at + size]))
        at += size
    for _ in range(2):
        output = BytesIO()
        assert sorter.drain(output) == len(set(lines))
        assert output.getvalue() == b"".join(sorted(set(lines)))
        assert set(b"".join(sorter.taken()).splitlines(keepends=True)) == set(lines)
    sorter.clear()
    assert list(tmp_path.iterdir()) == []
    assert list(sorter.blocks()) == []


# --- the folder of a build

KEPT = """
import sys, time
from pathlib import Path
from kg.runs import Workshop
with Workshop(Path(sys.argv[1])) as workshop:
    (workshop.folder() / "run-0").write_bytes(b"x")
    print(workshop.folder().name, flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_made_when_asked_for_and_goes_with_its_build(tmp_path: Path) -> None:
    with Workshop(tmp_path / "releases"):
        pass
    assert list(tmp_path.iterdir()) == []
    with suppress(KeyError), Workshop(tmp_path / "releases") as workshop:
        assert workshop.folder() == workshop.folder()
        raise KeyError
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [".lock"]


def test_a_killed_build_is_cleared_away_by_the_next_and_a_living_one_is_not(tmp_path: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    builds = [
        subprocess.Popen(
            [sys.executable, "-c", KEPT, str(tmp_path)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ,
        )
        for _ in range(2)
    ]  # fmt: skip
    killed, living = (build.stdout.readline().strip() for build in builds if build.stdout)
    builds[0].kill()
    builds[0].communicate(timeout=PATIENCE)
    assert (tmp_path / killed).is_dir()
    with Workshop(tmp_path) as workshop:
        own = workshop.folder().name
        assert {path.name for path in tmp_path.iterdir()} == {".lock", living, own}
    builds[1].communicate("", timeout=PATIENCE)
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]
