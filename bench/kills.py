"""Random SIGKILLs of engine processes under load: nobody waits for ever, no answer is wrong, nothing is left behind.

    python bench/kills.py [--kills 1000]

Sixteen clients ask questions whose answers are known, half of them in words that no cache can know, while engine
processes of `kg serve` are killed at random moments. A question may be answered rightly, or with a 5xx problem, or
its connection may break off. Faults are: no answer within the patience, a wrong answer, a complete 200 that does not
parse, another status, a refused connection; and, when all is quiet again, more file descriptors, threads or processes
than before, a process that nobody has waited for, or one that has lost its parent. Any fault ends with 1.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from rig import figures, graph, procfs, servers, wire, workload
from rig.holdings import settled
from rig.servers import Server

_PATIENCE: Final = 40.0
"""A client's patience in seconds: more than the deadline, waiting for an engine included."""
_CONNECTIONS: Final = 16
_FIRST_KILLS: Final = 60
_FIRST_EVERY: Final = 0.02
"""Mean seconds between the kills before anything is counted."""
_ASKED: Final = {"point lookup": 150, "star, 100 rows": 30, "2-hop path": 60, "aggregate": 4, "100,000 rows": 1}
"""How many different questions of each kind are asked."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the right answer to it."""

    text: str
    kind: str
    content: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """What came of all the questions."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    killed: int = 0
    finished: int = 0
    """Clients that went on to the end."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, what: str, seconds: float, *, fault: bool) -> None:
        """Count one question."""
        with self.lock:
            (self.faults if fault else self.counts)[what] += 1
            self.slowest = max(self.slowest, seconds)


def main() -> int:
    """Kill, ask, and print."""
    options = _options()
    chance = random.Random(options.seed)
    store = graph.prepare(options.folder)
    questions = known_answers(store)
    tally = Tally()
    with servers.ours(store.parent.parent, options.folder / "work", options.checkout) as server:
        _load(server, questions, tally, 5.0)
        if tally.faults:
            print(f"wrong before anything was killed: {dict(tally.faults)}")
            return 1
        # The threads that wait for killed processes begin when they are needed: they must be there to be counted.
        _load(server, questions, Tally(), None, _FIRST_KILLS, _FIRST_EVERY, chance)
        before = settled(server, None)
        memory = sum(process.memory for process in procfs.tree(server.pid))
        tally = Tally()
        started, cpu = time.monotonic(), procfs.cpu_seconds(server.pid)
        _load(server, questions, tally, None, options.kills, options.every, chance)
        wall, cpu = time.monotonic() - started, procfs.cpu_seconds(server.pid) - cpu
        _load(server, questions, checked := Tally(), 3.0)
        after = settled(server, before)
        grown = sum(process.memory for process in procfs.tree(server.pid))
    for what, count in (checked.counts + checked.faults).items():
        if what != "right":
            tally.faults[f"after all kills: {what}"] += count
    for what in after.grown(before):
        tally.faults[what] += 1
    print("\n".join(f"- {fact}" for fact in procfs.machine()))
    print(f"- {tally.killed} kills in {wall:.0f} s, {cpu:.0f} CPU s of the server, {_CONNECTIONS} connections")
    print(f"- slowest question: {tally.slowest:.2f} s")
    print(f"- before: {before}\n- after: {after}")
    print(f"- memory of the tree: {procfs.mebibytes(memory)} before, {procfs.mebibytes(grown)} after\n")
    rows = [*sorted(tally.counts.items()), *((f"FAULT: {what}", count) for what, count in tally.faults.items())]
    print(figures.table(["what came", "times"], [[what, f"{count:,}"] for what, count in rows]))
    return int(bool(tally.faults) or tally.killed < options.kills)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    home = Path(tempfile.gettempdir()) / "zellige-bench"
    parser.add_argument("--folder", type=Path, default=home, help="where the store is kept (%(default)s)")
    parser.add_argument("--kills", type=int, default=1_000, help="default %(default)s")
    parser.add_argument("--every", type=float, default=0.15, help="mean seconds between kills, default %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of the moments and the victims, default %(default)s")
    parser.add_argument("--checkout", type=Path, default=servers.ROOT, help="whose `kg serve` is ours (%(default)s)")
    return parser.parse_args()


def known_answers(store: Path) -> tuple[Question, ...]:
    """Questions, with the answers that pyoxigraph gives in this process."""
    opened = ox.Store.read_only(os.fspath(store))
    found = []
    for query in workload.QUERIES:
        for number in range(_ASKED.get(query.name, 0)):
            text = workload.PREFIXES + query.text(number)
            output = io.BytesIO()
            results = opened.query(text)
            assert isinstance(results, ox.QuerySolutions)
            results.serialize(output, ox.QueryResultsFormat.JSON)
            content = workload.content(wire.Answer(HTTPStatus.OK, {}, output.getvalue()), workload.TABLE)
            found.append(Question(text, query.name, content))
    return tuple(found)


def _load(
    server: Server,
    questions: Sequence[Question],
    tally: Tally,
    seconds: float | None,
    kills: int = 0,
    every: float = 0.0,
    chance: random.Random | None = None,
) -> None:
    """Let all clients ask for some seconds, or until so many processes have been killed."""
    ended = threading.Event()
    clients = [
        threading.Thread(target=_ask, args=(server, questions, tally, ended, number)) for number in range(_CONNECTIONS)
    ]
    for client in clients:
        client.start()
    if seconds is None:
        assert chance is not None
        _kill(server, tally, kills, every, chance)
    else:
        time.sleep(seconds)
    ended.set()
    for client in clients:
        client.join()
    if tally.finished != _CONNECTIONS:
        tally.faults["a client of the benchmark itself ended early"] += _CONNECTIONS - tally.finished


def _kill(server: Server, tally: Tally, kills: int, every: float, chance: random.Random) -> None:
    """Kill engine processes at random moments; gives up when there have been none for a while."""
    missed = 0
    while tally.killed < kills and missed * every < _PATIENCE:
        time.sleep(chance.uniform(0, 2 * every))
        workers = server.workers()
        if not workers:
            missed += 1
            continue
        missed = 0
        with suppress(ProcessLookupError):
            os.kill(chance.choice(workers), signal.SIGKILL)
            tally.killed += 1
            if tally.killed % 100 == 0:
                print(f"{tally.killed} killed, {dict(tally.counts)}, faults {dict(tally.faults)}", file=sys.stderr)


def _ask(server: Server, questions: Sequence[Question], tally: Tally, ended: threading.Event, number: int) -> None:
    chance = random.Random(number)
    connection = wire.Connection(server.port, _PATIENCE)
    asked = 0
    while not ended.is_set():
        asked += 1
        question = chance.choice(questions)
        # A comment that was never sent before makes another text, which no cache knows.
        text = question.text if asked % 2 else f"{question.text} # {number} {asked}"
        request = wire.get(f"{server.path}?query={quote(text, safe='')}", workload.TABLE)
        started = time.monotonic()
        what, fault = _judged(connection, request, question)
        tally.add(what, time.monotonic() - started, fault=fault)
    connection.close()
    with tally.lock:
        tally.finished += 1


def _judged(connection: wire.Connection, request: bytes, question: Question) -> tuple[str, bool]:
    """What came of a question, and whether that must not be."""
    try:
        answer = connection.ask(request)
    except (wire.Broken, ConnectionResetError, BrokenPipeError):
        return "broken off", False
    except TimeoutError:
        return f"no answer in {_PATIENCE:.0f} s", True
    except OSError as error:
        return f"no connection: {error}", True
    if answer.status == HTTPStatus.OK:
        return _compared(answer, question)
    named = answer.headers.get("content-type", "").startswith("application/problem+json")
    what = f"status {answer.status}" + ("" if named else " without a problem")
    return what, not named or answer.status < HTTPStatus.INTERNAL_SERVER_ERROR


def _compared(answer: wire.Answer, question: Question) -> tuple[str, bool]:
    try:
        right = workload.content(answer, workload.TABLE) == question.content
    except ValueError:
        return f"200 that does not parse: {question.kind}", True
    return ("right", False) if right else (f"wrong answer: {question.kind}", True)


if __name__ == "__main__":
    sys.exit(main())
