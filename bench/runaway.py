"""Runaway queries against `kg serve`: when control is back, what memory they took, and who else was answered.

    python bench/runaway.py [--deadline 3] [--bomb WORD]

One after the other, every query of `rig/bombs.py` is posted to a server of the made graph of a million triples. Told
are the seconds until the client has an answer or the connection breaks off, what it got, the largest memory of the
server's whole tree of processes, the slowest of the small ASK queries that another client sends meanwhile, and the CPU
seconds that the server still burns in the second after. Ends with 1 if control is back later than 0.5 s after the
deadline, an ASK took a second or failed, an answer with status 200 does not parse, or the server burns on.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

from rig import bombs, figures, graph, procfs, servers, wire, workload
from rig.bombs import Bomb
from rig.servers import Server

_LATE: Final = 0.5
"""How long after the deadline control may come back, in seconds."""
_ASK_LIMIT: Final = 1.0
_BURNING: Final = 0.4
"""CPU seconds in the second after control is back; a new worker's start stays below."""
_EVERY: Final = 0.1
_PATIENCE: Final = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one bomb did."""

    bomb: str
    seconds: float
    said: str
    peak: int
    asked: tuple[float, ...]
    """Seconds that each ASK took."""
    failed: int
    """How many ASKs were not answered rightly."""
    after: float
    """CPU seconds in the second after."""
    parses: bool = True

    def faults(self, deadline: float) -> Iterator[str]:
        """What must not be."""
        if self.seconds > deadline + _LATE:
            yield f"control came back {self.seconds - deadline:.2f} s after the deadline"
        if max(self.asked, default=0.0) >= _ASK_LIMIT:
            yield f"an ASK took {max(self.asked):.2f} s"
        if self.failed:
            yield f"{self.failed} ASKs failed"
        if self.after > _BURNING:
            yield f"{self.after:.2f} CPU s in the second after"
        if not self.parses:
            yield "status 200 and a complete body that does not parse"


def main() -> int:
    """Send them all, and print."""
    options = _options()
    chosen = [bomb for bomb in bombs.BOMBS if not options.bomb or any(word in bomb.name for word in options.bomb)]
    store = graph.prepare(options.folder)
    settings = {"KG_SERVER_DEADLINE": str(options.deadline)}
    outcomes: list[Outcome] = []
    with servers.ours(store.parent.parent, options.folder / "work", options.checkout, settings) as server:
        for _ in range(4):
            _ask(server, 0)
        rest = sum(process.memory for process in procfs.tree(server.pid))
        for bomb in chosen:
            for copies in (1, options.copies) if options.copies > 1 else (1,):
                outcomes.append(_explode(server, bomb, copies))
                print(f"{outcomes[-1].bomb}: {outcomes[-1].seconds:.2f} s, {outcomes[-1].said}", file=sys.stderr)
        workers = len(server.workers())
    print("\n".join(f"- {fact}" for fact in procfs.machine()))
    print(f"- deadline {options.deadline} s, {workers} engine processes, {procfs.mebibytes(rest)} in all at rest\n")
    print(_table(outcomes))
    faults = [f"- {outcome.bomb}: {fault}" for outcome in outcomes for fault in outcome.faults(options.deadline)]
    print("\n".join(["", *faults] if faults else ["", "No fault."]))
    return int(bool(faults))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    home = Path(tempfile.gettempdir()) / "zellige-bench"
    parser.add_argument("--folder", type=Path, default=home, help="where the store is kept (%(default)s)")
    parser.add_argument("--deadline", type=int, default=3, help="seconds for one query, default %(default)s")
    parser.add_argument("--copies", type=int, default=1, help="send each bomb so many times at once as well")
    parser.add_argument("--bomb", action="append", help="only those whose name holds this (again for more)")
    parser.add_argument("--checkout", type=Path, default=servers.ROOT, help="whose `kg serve` is ours (%(default)s)")
    return parser.parse_args()


def _explode(server: Server, bomb: Bomb, copies: int) -> Outcome:
    """Send one bomb, `copies` times at once; the last to end decides."""
    request = wire.post(server.path, bomb.accept, bomb.body, "application/sparql-query")
    ends: list[tuple[float, str, bool]] = []

    def send() -> None:
        started = time.perf_counter()
        said, parses = _sent(server, request, bomb.accept)
        ends.append((time.perf_counter() - started, said, parses))

    with procfs.watching(server.pid) as peak, _asking(server) as asks:
        threads = [threading.Thread(target=send) for _ in range(copies)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    before = procfs.cpu_seconds(server.pid)
    time.sleep(1)
    after = procfs.cpu_seconds(server.pid) - before
    seconds, said, _ = max(ends)
    name = bomb.name if copies == 1 else f"{bomb.name}, {copies} at once"
    parses = all(parses for _, _, parses in ends)
    return Outcome(name, seconds, said, peak.memory, tuple(asks.taken), asks.failed, after, parses)


def _sent(server: Server, request: bytes, accept: str) -> tuple[str, bool]:
    """What came of a request, in words, and whether a complete 200 could be read."""
    connection = wire.Connection(server.port, _PATIENCE)
    try:
        answer = connection.ask(request)
    except TimeoutError:
        return f"nothing for {_PATIENCE:.0f} s", False
    except OSError as error:
        return f"broken off: {error}", True
    finally:
        connection.close()
    if answer.status == HTTPStatus.OK:
        try:
            return f"200, {len(workload.content(answer, accept)):,} rows", True
        except ValueError as error:
            return f"200, {error}", False
    return f"{answer.status} {_code(answer)}", True


def _code(answer: wire.Answer) -> str:
    """The name of the problem, where the body tells it."""
    try:
        return str(json.loads(answer.body)["type"]).rpartition("/")[2]
    except (ValueError, KeyError, TypeError):
        return answer.body[:60].decode("utf-8", "replace")


# --- the other client


@dataclass(slots=True)
class Asks:
    """What the other client saw."""

    taken: list[float] = field(default_factory=list)
    failed: int = 0
    number: int = 0


def _ask(server: Server, number: int, connection: wire.Connection | None = None) -> bool:
    """Ask for a person who exists, or for one who does not; gives whether the answer is right."""
    text = f"ASK%20%7B%20%3C{graph.EX}person/{number}%3E%20?p%20?o%20%7D"
    request = wire.get(f"{server.path}?query={text}", workload.TABLE)
    try:
        answer = (connection or wire.Connection(server.port, _PATIENCE)).ask(request)
        return workload.content(answer, workload.TABLE) == (str(number < graph.PEOPLE),)
    except (OSError, ValueError):
        return False


@contextmanager
def _asking(server: Server) -> Iterator[Asks]:
    asks = Asks()
    connection = wire.Connection(server.port, _PATIENCE)

    def look() -> None:
        asks.number += 1
        started = time.perf_counter()
        right = _ask(server, asks.number * 997 + graph.PEOPLE * (asks.number % 2), connection)
        asks.taken.append(time.perf_counter() - started)
        asks.failed += not right

    with procfs.repeating(look, _EVERY):
        yield asks
    connection.close()


def _table(outcomes: list[Outcome]) -> str:
    head = ["query", "control back, s", "answer", "peak memory", "slowest ASK, s", "CPU s in the second after"]
    rows = [
        [
            outcome.bomb,
            f"{outcome.seconds:.2f}",
            outcome.said,
            procfs.mebibytes(outcome.peak),
            f"{max(outcome.asked, default=0.0):.3f}",
            f"{outcome.after:.2f}",
        ]
        for outcome in outcomes
    ]
    return figures.table(head, rows)


if __name__ == "__main__":
    sys.exit(main())
