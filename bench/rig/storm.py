"""A storm of mutants: many connections, every answer judged, nothing contacted, everything that went wrong on file."""

from __future__ import annotations

import itertools
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

from rig import verdict, wire
from rig.mutants import Mutator
from rig.requests import Request, carrying

_BEGUN: Final = "the connection ended after"
"""How the client's error begins when an answer was broken off in its body."""
_BROKEN_OFF: Final = "200, broken off"
_VARYING: Final = re.compile(r"\d+|'[^']*'|`[^`]*`|\"[^\"]*\"")
_RECENT: Final = 40
_FIVE_DIGITS: Final = 10_000
_KEPT: Final = 3
"""How many requests of each kind of failure are kept in files."""
_ACCEPTS_EVERY: Final = 0.2


@dataclass(frozen=True, slots=True)
class Storm:
    """What is sent, and what is allowed."""

    port: int
    path: str
    mutator: Mutator
    trap: Trap
    seed: int
    codes: Collection[str]
    """The names of errors that the server's interface tells of."""
    patience: float
    """Seconds in which every answer must be complete: the deadline and a margin."""
    out: Path
    """Where requests with a fault go."""

    def request(self, number: int) -> Request:
        """The request of a number, the same each time for one seed and one address of the trap."""
        chance = random.Random(f"{self.seed}:{number}")
        return carrying(self.mutator.mutant(chance), self.path, self.trap.address, chance)


@dataclass(slots=True)
class Tally:
    """What came of the storm."""

    answers: Counter[tuple[int | str, str]] = field(default_factory=Counter)
    """By status and code."""
    ways: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    """Errors of the engine, by their words."""
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    finished: int = 0
    """Clients that went on to the end."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def total(self) -> int:
        """All requests that were sent."""
        return sum(self.ways.values())


class Trap:
    """A socket that listens, and that nobody may connect to."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        # Five digits, so that a mutant does not depend on the number that the system gives.
        while True:
            self._socket.bind(("127.0.0.1", 0))
            if self._socket.getsockname()[1] >= _FIVE_DIGITS:
                break
            self._socket.close()
            self._socket = socket.socket()
        self._socket.listen(128)
        self._socket.settimeout(_ACCEPTS_EVERY)
        self.visits: list[float] = []
        """When somebody connected."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/"

    def _listen(self) -> None:
        while not self._ended.is_set():
            with suppress(TimeoutError):
                visitor, _ = self._socket.accept()
                self.visits.append(time.monotonic())
                visitor.close()

    @contextmanager
    def set(self) -> Iterator[Trap]:
        """Listen until the block ends."""
        self._thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            self._thread.join()
            self._socket.close()


def blow(storm: Storm, first: int, count: int, connections: int) -> Tally:
    """Send the requests of `count` numbers from `first` on, over some connections, and judge every answer."""
    tally = Tally()
    numbers = iter(range(first, first + count))
    recent: list[str] = []
    lock = threading.Lock()

    def send() -> None:
        with closing(wire.Connection(storm.port, storm.patience)) as connection:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    break
                request = storm.request(number)
                visits = len(storm.trap.visits)
                _one(storm, tally, connection, number, request)
                with lock:
                    recent.append(f"{number}")
                    del recent[:-_RECENT]
                if len(storm.trap.visits) > visits:
                    _fault(storm, tally, number, request, f"somebody asked the trap; the last numbers: {recent}")
        tally.finished += 1

    threads = [threading.Thread(target=send) for _ in range(connections)]
    with verdict.long_fields():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if tally.finished < connections:
        tally.faults.append(f"{connections - tally.finished} clients failed")
    return tally


def _one(storm: Storm, tally: Tally, connection: wire.Connection, number: int, request: Request) -> None:
    started = time.perf_counter()
    try:
        answer = connection.ask(request.raw)
        found = verdict.judge(answer, storm.codes)
        outcome: tuple[int | str, str] = (found.status, found.code)
    except verdict.Fault as fault:
        outcome = ("FAULT", "")
        _fault(storm, tally, number, request, str(fault))
    except OSError as error:
        # An answer that grows past its beginning is broken off when it fails: the client sees that it is not whole.
        begun = str(error).startswith(_BEGUN)
        outcome = (_BROKEN_OFF, "") if begun else ("FAULT", "")
        if not begun:
            _fault(storm, tally, number, request, f"no answer: {error or type(error).__name__}")
        found = None
    seconds = time.perf_counter() - started
    if seconds > storm.patience:
        _fault(storm, tally, number, request, f"an answer after {seconds:.1f} s")
    with tally.lock:
        tally.answers[outcome] += 1
        tally.ways[request.way] += 1
        tally.slowest = max(tally.slowest, seconds)
        if outcome[0] == HTTPStatus.INTERNAL_SERVER_ERROR and found is not None:
            kind = _VARYING.sub("…", found.words)[:160]
            tally.failures[kind] += 1
            if tally.failures[kind] <= _KEPT:
                place = len(tally.failures)
                (storm.out / f"engine-{place}-{storm.seed}-{number}.http").write_bytes(request.raw)


def _fault(storm: Storm, tally: Tally, number: int, request: Request, what: str) -> None:
    path = storm.out / f"fault-{storm.seed}-{number}.http"
    path.write_bytes(request.raw)
    with tally.lock:
        tally.faults.append(f"{path}: {what}")


def rows(tally: Tally) -> list[list[str]]:
    """The answers by status and code, the most frequent first."""
    ordered = itertools.chain(tally.answers.most_common())
    return [[str(status), code, f"{count:,}"] for (status, code), count in ordered]
