"""The pool of engine processes: limits that hold, and a server that outlives its workers."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest
from patience import PATIENCE, children, until
from tiny import write_release

from kg.errors import (
    AnswerTooLarge,
    DeadlineExceeded,
    EngineBusy,
    EngineFailed,
    FunctionUnknown,
    QueryError,
    ReleaseError,
)
from kg.sparql.guard import check
from server.app import create_app
from server.engine import Dataset
from server.engine.answer import Answer
from server.engine.inprocess import InProcessEngine, request_of
from server.engine.limits import Limits
from server.engine.pool import PoolEngine
from server.engine.process import Worker
from server.settings import Settings

JSON = "application/sparql-results+json"
VALUES = " ".join(f"VALUES ?{letter} {{ {' '.join(map(str, range(1000)))} }}" for letter in "abcd")
PRODUCT = f"SELECT (COUNT(*) AS ?n) {{ {VALUES} }}"
"""A product of 10^12 rows, which nothing inside the engine would stop."""
HEAP = f"SELECT * {{ {VALUES} }} ORDER BY DESC(?a + ?b + ?c + ?d)"
"""The same, sorted: it fills the memory."""
SMALL = "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 3"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("pool")) / "store"


def ask(engine: PoolEngine | InProcessEngine, text: str, timeout: float | None = None) -> bytes:
    return engine.evaluate(check(text), Dataset(), JSON, timeout=timeout)


def test_the_answers_are_those_of_the_engine_itself(store: Path) -> None:
    pool, plain = PoolEngine(store, Limits(workers=1, deadline=PATIENCE)), InProcessEngine.open(store)
    for text in (SMALL, "ASK { ?s ?p ?o }", "SELECT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"):
        assert ask(pool, text) == ask(plain, text)


def test_errors_of_a_query_are_the_same_too(store: Path) -> None:
    pool, plain = PoolEngine(store, Limits(workers=1, deadline=PATIENCE)), InProcessEngine.open(store)
    for dataset in (Dataset(), Dataset(default=("no iri",))):
        told = []
        for engine in (pool, plain):
            with pytest.raises(QueryError) as caught:
                engine.evaluate(check("SELECT * { ?s ?p }"), dataset, JSON)
            told.append(str(caught.value))
        assert told[0] == told[1]
    assert ask(pool, SMALL) == ask(plain, SMALL)


def test_a_runaway_ends_at_the_deadline_and_the_next_query_is_answered(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    for _ in range(2):
        assert ask(pool, SMALL)
        with pytest.raises(DeadlineExceeded, match="longer than it may"):
            ask(pool, PRODUCT, timeout=0.2)
    assert ask(pool, SMALL)


@pytest.fixture
def gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pipe: no interpreter that is started goes on before somebody has opened it to write."""
    pipe = tmp_path / "gate"
    os.mkfifo(pipe)
    (tmp_path / "sitecustomize.py").write_text(f"open({str(pipe)!r}).close()\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return pipe


def test_a_start_that_takes_longer_than_a_query_may_is_no_lost_work(store: Path, gate: Path) -> None:
    """On a busy machine; else a query with a short deadline would end each start, and none would ever be answered."""
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    with pytest.raises(DeadlineExceeded, match="no engine was started within the time"):
        ask(pool, SMALL, timeout=0.05)
    with gate.open("w"):
        assert ask(pool, SMALL)
    assert (pool.pool.counts.started, pool.pool.counts.lost, pool.pool.busy) == (1, 0, 0)


def test_who_leaves_during_a_start_leaves_the_worker_to_others(store: Path, gate: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    request = request_of(check(SMALL), Dataset(), JSON)
    leaving = asyncio.run_coroutine_threadsafe(pool.begin(request), pool.pool.loop)
    until(lambda: pool.pool.counts.started)
    leaving.cancel()
    with gate.open("w"):
        assert ask(pool, SMALL)
    assert (pool.pool.counts.started, pool.pool.counts.lost) == (1, 0)


def test_a_timeout_may_lower_the_deadline_and_never_raise_it(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=0.5))
    with pytest.raises(DeadlineExceeded):
        ask(pool, PRODUCT, timeout=1e6)
    patient = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    with pytest.raises(DeadlineExceeded):
        ask(patient, PRODUCT, timeout=0.3)


def test_memory_has_an_end_and_it_costs_one_query(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE, memory_bytes=400 << 20))
    with pytest.raises(EngineFailed, match="out of memory") as caught:
        ask(pool, HEAP)
    assert not isinstance(caught.value, DeadlineExceeded)
    assert ask(pool, SMALL)


def test_an_answer_that_is_too_large_is_refused_and_not_cut(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE, answer_bytes=100_000))
    with pytest.raises(AnswerTooLarge):
        ask(pool, f"SELECT * {{ {VALUES} }} LIMIT 10000")
    assert ask(pool, SMALL)


def test_who_finds_no_worker_in_time_is_told_to_come_again(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE, queue=1))
    endless = request_of(check(PRODUCT), Dataset(), JSON)
    held = asyncio.run_coroutine_threadsafe(pool.begin(endless), pool.pool.loop).result(PATIENCE)
    with pytest.raises(EngineBusy, match="no engine was free in time"):
        ask(pool, SMALL, timeout=0.05)
    waiting = asyncio.run_coroutine_threadsafe(pool.begin(endless), pool.pool.loop)
    until(lambda: pool.pool.waiting)
    with pytest.raises(EngineBusy, match="too many queries wait"):
        ask(pool, SMALL)
    pool.pool.loop.call_soon_threadsafe(held.leave)
    next_one = waiting.result(PATIENCE)  # its turn has come
    pool.pool.loop.call_soon_threadsafe(next_one.leave)
    assert ask(pool, SMALL)


def test_a_worker_that_was_killed_while_idle_is_replaced_unnoticed(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    answer = ask(pool, SMALL)
    before = set(children(os.getpid()))
    for child in before:
        if b"server.engine.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(child, signal.SIGKILL)
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert ask(pool, SMALL) == answer


def test_a_worker_that_ends_before_its_first_question_keeps_nobody_waiting(store: Path) -> None:
    async def asked() -> None:
        loop = asyncio.get_running_loop()
        worker = Worker(loop, str(store), Limits())
        await worker.opened()
        worker.kill()
        worker.reap()
        while not worker._process.stderr.closed:  # the end of the line has been heard
            await asyncio.sleep(0.01)
        answer = Answer(loop, 1 << 20, lambda: None)
        returned = asyncio.Event()
        worker.ask(request_of(check(SMALL), Dataset(), JSON), answer, loop.time() + PATIENCE, returned.set)
        with pytest.raises(EngineFailed, match="ended before it was asked"):
            await answer.begun()
        assert returned.is_set()

    asyncio.run(asked())


def kill_workers() -> int:
    """Kill every engine process of this one; how many there were."""
    killed = 0
    for child in children(os.getpid()):
        try:
            if b"server.engine.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
                killed += 1
        except (FileNotFoundError, ProcessLookupError):
            continue
    return killed


def test_kills_under_load_cost_one_query_each_and_never_an_answer(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=2, deadline=PATIENCE))
    right = ask(pool, SMALL)
    outcomes: list[bytes | None] = []
    done = threading.Event()

    def load() -> None:
        while not done.is_set():
            try:
                outcomes.append(ask(pool, SMALL))
            except EngineFailed:
                outcomes.append(None)

    threads = [threading.Thread(target=load) for _ in range(3)]
    for thread in threads:
        thread.start()
    killed, until = 0, time.monotonic() + PATIENCE
    while killed < 40 and time.monotonic() < until:
        killed += kill_workers()
        done.wait(0.1)
    done.set()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert killed >= 40
    assert set(outcomes) <= {right, None}
    assert right in outcomes
    assert outcomes.count(None) <= killed
    assert ask(pool, SMALL) == right


def test_nothing_is_left_of_a_pool_that_nobody_holds(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    files = len(list(Path("/proc/self/fd").iterdir()))
    before = set(children(os.getpid()))
    ask(pool, SMALL)
    assert len(set(children(os.getpid())) - before) == 1
    del pool
    assert set(children(os.getpid())) <= before
    assert len(list(Path("/proc/self/fd").iterdir())) <= files


def test_a_store_that_does_not_open_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="cannot be opened by a worker"):
        ask(PoolEngine(tmp_path / "nothing", Limits(workers=1, deadline=PATIENCE)), SMALL)


def test_over_http_a_runaway_is_503_and_says_why(tmp_path: Path) -> None:
    write_release(tmp_path)
    client = create_app(Settings(tmp_path, workers=1, deadline=PATIENCE)).test_client()
    response = client.post("/sparql", data={"query": PRODUCT, "timeout": "0.3"})
    assert response.status_code == 503
    assert response.get_json()["errors"][0]["code"] == "deadline"
    assert client.post("/sparql", data={"query": SMALL}).status_code == 200
    hurried = create_app(Settings(tmp_path, workers=1, deadline=0.3)).test_client()
    assert hurried.post("/sparql", data={"query": PRODUCT, "timeout": "600"}).status_code == 503
    for wrong in ("0", "-1", "soon", "1e9"):
        assert client.post("/sparql", data={"query": SMALL, "timeout": wrong}).status_code == 400


UNSORTABLE = (
    f"""SELECT ?x {{ VALUES ?x {{ {" ".join(f'{n * 37 % 101} "{n * 53 % 103}"' for n in range(60))} }} }} ORDER BY ?x"""
)
"""Numbers and strings: Oxigraph orders them in no total order, and the sort of Rust then ends the process."""


def test_a_query_at_which_the_engine_gives_up_is_told_with_the_reason(store: Path) -> None:
    pool = PoolEngine(store, Limits(workers=1, deadline=PATIENCE))
    with pytest.raises(EngineFailed) as caught:
        pool.answer(request_of(check(UNSORTABLE), Dataset(), JSON, without=("order",)))
    (problem,) = caught.value.problems
    assert (problem.code, "total order" in problem.message, "STR(?x)" in (problem.hint or "")) == (
        "engine-failed", True, True,
    )  # fmt: skip
    assert len(json.loads(ask(pool, UNSORTABLE))["results"]["bindings"]) == 120


def test_a_function_that_nobody_has_is_the_fault_of_the_query(store: Path) -> None:
    for engine in (PoolEngine(store, Limits(workers=1, deadline=PATIENCE)), InProcessEngine.open(store)):
        with pytest.raises(FunctionUnknown, match=r"example\.org/f"):
            ask(engine, "SELECT * { ?s ?p ?o FILTER(<http://example.org/f>(?o)) }")
        with pytest.raises(FunctionUnknown, match="arguments"):
            ask(engine, "SELECT (<http://www.w3.org/2001/XMLSchema#double>(1, 2) AS ?x) {}")
