"""Runaway queries against `kg serve`: when control is back, what memory they took, and who else was answered.

    python bench/runaway.py [--deadline 3] [--bomb WORD]

One after the other, every query of `rig/bombs.py` is posted to a server of the made graph of a million triples. Told
are the seconds until the client has an answer or the connection breaks off, what it got, the largest memory of the
server's whole tree of processes, the slowest of the small ASK queries that another client sends meanwhile, and the CPU
seconds that the server still burns in the second after. Then one of them goes to every engine at once, clients ask and
do not read, and a client leaves. Ends with 1 if control is back later than 0.5 s after the
deadline, an ASK took a second or failed, an answer with status 200 does not parse, or the server burns on.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
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
_LEAVING: Final = 0.5
_LEFT_LIMIT: Final = 1.0
"""How long the query of a client that has left may go on, in seconds."""
_WINDOW: Final = 0.2
_ENGINES: Final = max(2, os.cpu_count() or 1)
"""How many queries our server evaluates at once where nothing else is set."""
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
    refused: int
    """How many ASKs were refused with 503."""
    after: float
    """CPU seconds in the second after."""
    due: float
    """When control must be back, in seconds."""
    parses: bool = True
    all_taken: bool = False
    """Whether every engine was taken, so that an ASK may have to wait, or be refused."""

    def faults(self) -> Iterator[str]:
        """What must not be."""
        if self.seconds > self.due:
            yield f"control came back {self.seconds - self.due:.2f} s too late"
        if max(self.asked, default=0.0) >= (self.due + _ASK_LIMIT if self.all_taken else _ASK_LIMIT):
            yield f"an ASK took {max(self.asked):.2f} s"
        if self.failed:
            yield f"{self.failed} ASKs failed"
        if self.refused and not self.all_taken:
            yield f"{self.refused} ASKs were refused"
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
            outcomes.append(_explode(server, bomb, options.deadline))
            print(f"{bomb.name}: {outcomes[-1].seconds:.2f} s, {outcomes[-1].said}", file=sys.stderr)
        if not options.bomb:
            outcomes += [_crowd(server, options.deadline), _silence(server, options.deadline), _flight(server)]
        workers = len(server.workers())
    print("\n".join(f"- {fact}" for fact in procfs.machine()))
    print(f"- deadline {options.deadline} s, {workers} engine processes, {procfs.mebibytes(rest)} in all at rest\n")
    print(_table(outcomes))
    faults = [f"- {outcome.bomb}: {fault}" for outcome in outcomes for fault in outcome.faults()]
    print("\n".join(["", *faults] if faults else ["", "No fault."]))
    return int(bool(faults))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    home = Path(tempfile.gettempdir()) / "zellige-bench"
    parser.add_argument("--folder", type=Path, default=home, help="where the store is kept (%(default)s)")
    parser.add_argument("--deadline", type=int, default=3, help="seconds for one query, default %(default)s")
    parser.add_argument("--bomb", action="append", help="only those whose name holds this (again for more)")
    parser.add_argument("--checkout", type=Path, default=servers.ROOT, help="whose `kg serve` is ours (%(default)s)")
    return parser.parse_args()


def _explode(server: Server, bomb: Bomb, deadline: int, copies: int = 1) -> Outcome:
    """Send one bomb, `copies` times at once; the last to end decides."""
    request = _request(server, bomb)
    ends: list[tuple[float, str, bool]] = []

    def send() -> None:
        started = time.perf_counter()
        said, parses = _sent(wire.Connection(server.port, _PATIENCE), request, bomb.accept)
        ends.append((time.perf_counter() - started, said, parses))

    with procfs.watching(server.pid) as peak, _asking(server) as asks:
        threads = [threading.Thread(target=send) for _ in range(copies)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    seconds, said, _ = max(ends)
    parses = all(parses for _, _, parses in ends)
    return _outcome(server, bomb.name, seconds, said, peak, asks, deadline + _LATE, parses=parses)


def _outcome(
    server: Server,
    name: str,
    seconds: float,
    said: str,
    peak: procfs.Peak,
    asks: Asks,
    due: float,
    *,
    parses: bool = True,
    all_taken: bool = False,
) -> Outcome:
    taken = tuple(asks.taken)
    burnt = _burnt(server, 1.0)
    return Outcome(name, seconds, said, peak.memory, taken, asks.failed, asks.refused, burnt, due, parses, all_taken)


def _request(server: Server, bomb: Bomb) -> bytes:
    return wire.post(server.path, bomb.accept, bomb.body, "application/sparql-query")


def _burnt(server: Server, seconds: float) -> float:
    """The CPU seconds that the server takes in some seconds."""
    before = procfs.cpu_seconds(server.pid)
    time.sleep(seconds)
    return procfs.cpu_seconds(server.pid) - before


# --- what more than one connection, or a strange client, can do


def _crowd(server: Server, deadline: int) -> Outcome:
    """Every engine gets the same bomb at once: others wait for the deadline, and no longer."""
    outcome = _explode(server, bombs.BOMBS[0], deadline, _ENGINES)
    return dataclasses.replace(outcome, bomb=f"{outcome.bomb}, {_ENGINES} at once", all_taken=True)


def _silence(server: Server, deadline: int) -> Outcome:
    """As many clients as engines ask for rows without end, and do not read."""
    bomb = next(bomb for bomb in bombs.BOMBS if "3 patterns, streamed" in bomb.name)
    request = _request(server, bomb)
    clients = [wire.Connection(server.port, _PATIENCE) for _ in range(_ENGINES)]
    with procfs.watching(server.pid) as peak, _asking(server) as asks:
        for client in clients:
            client.send(request)
        # The slowest ASK tells when an engine was free again: it is sent while none is.
        time.sleep(deadline + 2 * _LATE)
        while not asks.taken:
            time.sleep(_EVERY)
    said = "; ".join(sorted({_rest(client) for client in clients}))
    name = f"{bomb.name}, {_ENGINES} clients that do not read"
    return _outcome(server, name, max(asks.taken), said, peak, asks, deadline + _LATE, all_taken=True)


def _rest(client: wire.Connection) -> str:
    """What a client that did not read finds when it does."""
    try:
        while (answer := client.receive()) is None:
            pass
        return f"{answer.status} {_code(answer)}"
    except TimeoutError:
        return "nothing more, and no end"
    except OSError as error:
        return f"broken off: {error}"
    finally:
        client.close()


def _flight(server: Server) -> Outcome:
    """A client sends a bomb and leaves; control is back when the server burns no more for it."""
    bomb = bombs.BOMBS[0]
    client = wire.Connection(server.port, _PATIENCE)
    with procfs.watching(server.pid) as peak, _asking(server) as asks:
        client.send(_request(server, bomb))
        time.sleep(_LEAVING)
        client.close()
        left = time.perf_counter()
        while _burnt(server, _WINDOW) > _WINDOW / 2 and time.perf_counter() - left < _PATIENCE:
            pass
        seconds = time.perf_counter() - left - _WINDOW
    name = f"{bomb.name}, the client leaves after {_LEAVING} s"
    return _outcome(server, name, seconds, "", peak, asks, _LEFT_LIMIT)


def _sent(connection: wire.Connection, request: bytes, accept: str) -> tuple[str, bool]:
    """What came of a request, in words, and whether a complete 200 could be read."""
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
    refused: int = 0
    number: int = 0


def _ask(server: Server, number: int, connection: wire.Connection | None = None) -> bool | None:
    """Ask for a person who exists, or does not; gives whether the answer is right, and None for a refusal."""
    text = f"ASK%20%7B%20%3C{graph.EX}person/{number}%3E%20?p%20?o%20%7D"
    request = wire.get(f"{server.path}?query={text}", workload.TABLE)
    try:
        answer = (connection or wire.Connection(server.port, _PATIENCE)).ask(request)
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return None
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
        asks.failed += right is False
        asks.refused += right is None

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
            f"{max(outcome.asked, default=0.0):.3f}" + (f" ({outcome.refused} refused)" if outcome.refused else ""),
            f"{outcome.after:.2f}",
        ]
        for outcome in outcomes
    ]
    return figures.table(head, rows)


if __name__ == "__main__":
    sys.exit(main())
