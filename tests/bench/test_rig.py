"""The measuring itself: readings of /proc, the light client, medians and ratios, and answers that are compared."""

from __future__ import annotations

import doctest
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

import soak
from rig import bombs, figures, generations, graph, plot, procfs, wire, workload
from rig.figures import Figures, Sample

BURN = "while __import__('time').process_time() < 0.5: pass"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}]); print(flush=True); input()"


@pytest.mark.parametrize(
    "name", ["rig.figures", "rig.graph", "rig.plot", "rig.procfs", "rig.verdict", "rig.wire", "soak"]
)
def test_examples(name: str) -> None:
    done = doctest.testmod(importlib.import_module(name))
    assert done.attempted > 0
    assert done.failed == 0


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[bytes]]:
    """A process whose child has burnt half a second and has ended."""
    environ = {**os.environ, "RIG_TEST": "here-4711"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", PARENT], env=environ, **pipes) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_the_cpu_of_children_that_have_ended_counts(parent: subprocess.Popen[bytes]) -> None:
    # The kernel tells user and system time in whole ticks, of the parent and of its child: four parts are cut off.
    assert procfs.cpu_seconds(parent.pid) > 0.5 - 4 / os.sysconf("SC_CLK_TCK")


def test_a_process_is_found_by_its_mark_and_in_the_tree(parent: subprocess.Popen[bytes]) -> None:
    assert parent.pid in procfs.marked("here-4711")
    assert parent.pid in [process.pid for process in procfs.tree(os.getpid())]
    assert procfs.open_files(parent.pid) >= 3
    assert procfs.peak_memory(parent.pid) > 1 << 20


def test_what_is_gone_has_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    assert procfs.tree(process.pid) == []
    assert procfs.cpu_seconds(process.pid) == 0
    assert (procfs.open_files(process.pid), procfs.peak_memory(process.pid)) == (0, 0)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 7, len(CHUNKED)])
def test_chunks_are_put_together_however_they_arrive(size: int) -> None:
    reader = wire.Reader()
    answers = [reader.feed(CHUNKED[start : start + size]) for start in range(0, len(CHUNKED), size)]
    assert answers[:-1] == [None] * (len(answers) - 1)
    assert answers[-1] == wire.Answer(200, {"transfer-encoding": "chunked"}, b"abcde")


@pytest.mark.parametrize("cut", [CHUNKED[:20], CHUNKED[:-5], b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"])
def test_a_broken_off_answer_is_no_answer(cut: bytes) -> None:
    reader = wire.Reader()
    assert reader.feed(cut) is None
    with pytest.raises(wire.Broken):
        reader.feed(b"")


def test_an_answer_of_no_stated_length_ends_with_the_connection() -> None:
    reader = wire.Reader()
    assert reader.feed(b"HTTP/1.0 200 OK\r\n\r\nabc") is None
    answer = reader.feed(b"")
    assert answer is not None
    assert answer.body == b"abc"


def test_a_factor_is_the_median_of_the_rounds() -> None:
    costs = {"native": (1.0, 10.0, 1.0), "ours": (2.0, 20.0, 9.0)}
    samples = [
        Sample(server, "q", "m", number, 2, 2 * cost, 4.0)
        for server, column in costs.items()
        for number, cost in enumerate(column)
    ]
    result = Figures(tuple(samples))
    assert result.cost("ours", "q", "m") == 9.0
    assert result.factor("ours", "native", "q", "m") == 2.0
    assert result.rate("ours", "q", "m") == 0.5
    assert result.factor("nobody", "native", "q", "m") is None


def test_rows_are_compared_whatever_their_order_and_spelling() -> None:
    plain = b'{"results":{"bindings":[{"a":{"type":"literal","value":"1"}},{"a":{"type":"uri","value":"u"}}]}}'
    other = (
        b'{"results":{"bindings":[{"a":{"type":"uri","value":"u"}},{"a":{"type":"typed-literal",'
        b'"datatype":"http://www.w3.org/2001/XMLSchema#string","value":"1"}}]}}'
    )
    said = workload.content(wire.Answer(200, {}, plain), workload.TABLE)
    assert said == workload.content(wire.Answer(200, {}, other), workload.TABLE)
    assert said != workload.content(wire.Answer(200, {}, plain.replace(b'"1"', b'"2"')), workload.TABLE)


@pytest.mark.parametrize("body", [b'{"results":{"bindings":[', b"", b"Error 404"])
def test_what_does_not_parse_is_no_content(body: bytes) -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        workload.content(wire.Answer(200, {}, body), workload.TABLE)
    with pytest.raises(ValueError, match="status 503"):
        workload.content(wire.Answer(503, {}, b"{}"), workload.TABLE)


def test_the_made_graph_has_ten_statements_for_each_person() -> None:
    lines = list(graph.statements(50))
    assert len(set(lines)) == 500
    assert lines == list(graph.statements(50))


def test_texts_differ_within_a_round() -> None:
    for query in workload.QUERIES:
        assert len({query.text(number) for number in range(2_000)}) == 2_000, query.name


def test_milliseconds_round_to_what_was_measured() -> None:
    assert [figures.milliseconds(value) for value in (0.0000912, 0.0999, 0.1004)] == ["0.0912", "99.9", "100"]


def rows(*labels: str) -> wire.Answer:
    bindings = [{"label": {"type": "literal", "value": label}} for label in labels]
    return wire.Answer(200, {}, json.dumps({"results": {"bindings": bindings}}).encode())


TWO = generations.Kind("two", str, 2)


def test_an_answer_tells_its_generation() -> None:
    assert generations.generation_of(rows("Thing 1 of generation 7", "Thing 2 of generation 7"), TWO) == 7


@pytest.mark.parametrize(
    "labels",
    [
        ("Thing 1 of generation 7",),
        ("Thing 1 of generation 7", "Thing 1 of generation 7"),
        ("Thing 1 of generation 7", "Thing 2 of generation 8"),
        ("Thing 1 of generation 7", "Thing 2 of generation 7", "another"),
    ],
)
def test_an_answer_of_missing_or_mixed_rows_is_wrong(labels: tuple[str, ...]) -> None:
    with pytest.raises(generations.Wrong):
        generations.generation_of(rows(*labels), TWO)


def test_an_answer_that_was_cut_does_not_parse() -> None:
    whole = rows("Thing 1 of generation 7", "Thing 2 of generation 7")
    with pytest.raises(generations.Unparsable):
        generations.generation_of(wire.Answer(200, {}, whole.body[:-3]), TWO)


def test_a_release_is_early_before_it_is_begun() -> None:
    calendar = soak.Calendar({1: 0.0, 2: 10.0}, {1: 1.0, 2: 12.0})
    assert calendar.early(2, 9.9)
    assert not calendar.early(2, 10.1)
    assert calendar.early(3, 99.0)


def test_a_plot_is_well_formed_and_stays_inside() -> None:
    line = plot.Line("memory & more", [(0.0, 1.0), (30.0, 40.0), (61.0, 37.0)])
    svg = ET.fromstring(plot.draw("A <title>", "minutes", "MiB", [line], [5.0, 10.0]))
    drawn = svg.find("{http://www.w3.org/2000/svg}polyline")
    assert drawn is not None
    for point in drawn.attrib["points"].split():
        x, y = map(float, point.split(","))
        assert 64 <= x <= 784
        assert 40 <= y <= 276


def test_bombs_have_names_of_their_own() -> None:
    assert len({bomb.name for bomb in bombs.BOMBS}) == len(bombs.BOMBS)
    assert len(next(bomb for bomb in bombs.BOMBS if "5 MB" in bomb.name).body) > 5_000_000
