"""An hour of mixed load with releases published meanwhile: nothing dropped, nothing unparsable, memory flat.

    python bench/soak.py [--minutes 60] [--releases 20] [--out FOLDER]

Sixteen clients ask `kg serve` questions large and small, repeated and new, with and without an ETag, open pages, send
queries that are wrong or too long, and leave in the middle of answers. Meanwhile releases are published: each says of
itself, in every row, which generation it is. A right answer has all its rows, of one generation, and of one that was
current at some moment between the question and the answer. Writes FOLDER/soak.csv (a line every few seconds) and
FOLDER/soak.svg, and ends with 1 if anything was dropped, did not parse, was wrong or stale.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field, fields
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rig import figures, generations, plot, procfs, servers, wire
from rig.generations import KINDS, Kind
from rig.servers import Server

_PATIENCE: Final = 40.0
_CONNECTIONS: Final = 16
_DEADLINE: Final = 10
_EVERY: Final = 5.0
"""Seconds between two readings."""
_MINUTE: Final = 60.0
_WEIGHTS: Final = {"one thing": 60, "a group": 20, "a group as a graph": 8, "everything": 3, "an aggregate": 4}
_REPEATED: Final = 0.5
"""The share of questions that are one of `_FEW` of their kind."""
_FEW: Final = 20
_CONDITIONAL: Final = 0.3
"""The share of questions with a known ETag that send it."""
_STAYING: Final = 0.5
"""The share of leaving clients that wait for the first bytes."""
_RUNAWAY: Final = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?a ?b ?c . ?d ?e ?f . ?h ?i ?j } }"
_PAGES: Final = ("/", "/healthz", "/sparql", "/ontology", "/id/thing1", "/void.ttl", "/nothing-here")


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the CSV."""

    seconds: float
    generation: int
    answers: int
    faults: int
    front_bytes: int
    """Resident memory of all processes but the engine's."""
    tree_bytes: int
    open_files: int
    processes: int


@dataclass(slots=True)
class Calendar:
    """Which generation was current when; publishing takes a moment, in which either may be."""

    began: dict[int, float] = field(default_factory=dict)
    """When the publishing of a generation began."""
    ended: dict[int, float] = field(default_factory=dict)
    """When it had ended."""

    def stale(self, generation: int, sent: float) -> float:
        """How many seconds before `sent` the last moment was at which a generation can have been current.

        >>> calendar = Calendar({1: 0.0, 2: 10.0}, {1: 1.0, 2: 12.0})
        >>> calendar.stale(1, 11.0), calendar.stale(1, 15.0), calendar.stale(2, 99.0)
        (0.0, 3.0, 0.0)
        """
        replaced = self.ended.get(generation + 1)
        return 0.0 if replaced is None else max(0.0, sent - replaced)

    def early(self, generation: int, received: float) -> bool:
        """Whether a generation was not yet there at `received`."""
        return self.began.get(generation, float("inf")) > received


@dataclass(slots=True)
class Tally:
    """What came of all the requests."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    etags: dict[str, tuple[str, int]] = field(default_factory=dict)
    """By URL, the last ETag that was given for it, and the generation of that answer."""
    staleness: float = 0.0
    slowest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, what: str, seconds: float = 0.0) -> None:
        """Count what is as it must be."""
        with self.lock:
            self.counts[what] += 1
            self.slowest = max(self.slowest, seconds)

    def fault(self, what: str) -> None:
        """Count what must not be."""
        with self.lock:
            self.faults[what] += 1
            if self.faults[what] == 1:
                print(f"FAULT: {what}", file=sys.stderr)


def main() -> int:
    """Load, publish, read, and write."""
    options = _options()
    if options.publish is not None:
        generations.publish_generation(options.publish, options.into)
        return 0
    tally, calendar, readings = Tally(), Calendar(), []
    ended = threading.Event()
    with tempfile.TemporaryDirectory(prefix="zellige-soak-") as folder:
        releases = Path(folder) / "releases"
        _publish(1, releases, calendar)
        settings = {"KG_SERVER_DEADLINE": str(_DEADLINE)}
        with servers.ours(releases, Path(folder), options.checkout, settings) as server:
            started = time.monotonic()
            clients = [Client(server, tally, calendar, ended, number, options) for number in range(_CONNECTIONS)]
            threads = [threading.Thread(target=client.run, daemon=True) for client in clients]
            threads.append(
                threading.Thread(target=_publish_all, args=(options, releases, calendar, ended), daemon=True)
            )
            for thread in threads:
                thread.start()
            while time.monotonic() < started + options.minutes * _MINUTE:
                time.sleep(min(_EVERY, options.minutes * _MINUTE / 20))
                readings.append(_read(server, tally, calendar, time.monotonic() - started))
            ended.set()
            for thread in threads:
                thread.join()
            for client in clients:
                if not client.finished:
                    tally.fault("a client of the benchmark itself ended early")
            lost = set(procfs.marked(server.mark)) - {process.pid for process in procfs.tree(server.pid)}
            if lost:
                tally.fault(f"{len(lost)} processes lost their parent")
    if len(calendar.ended) <= options.releases:
        tally.fault(f"only {len(calendar.ended) - 1} releases were published")
    settled = max((reading.processes for reading in readings if reading.generation == 1), default=0)
    if readings[-1].processes > settled:
        tally.fault(f"{readings[-1].processes} processes at the end, {settled} before the first new release")
    _write(options.out, readings, [moment - started for moment in calendar.ended.values()][1:])
    _tell(tally, calendar, readings, options)
    return int(bool(tally.faults))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0, help="default %(default)s")
    parser.add_argument("--releases", type=int, default=20, help="published meanwhile, default %(default)s")
    parser.add_argument("--pause", type=float, default=0.05, help="mean seconds a client thinks, default %(default)s")
    parser.add_argument("--lag", type=float, default=1.0, help="seconds a replaced release may live on (%(default)s)")
    parser.add_argument("--out", type=Path, default=Path("soak"), help="folder of the CSV and the plot (%(default)s)")
    parser.add_argument("--checkout", type=Path, default=servers.ROOT, help="whose `kg serve` is ours (%(default)s)")
    parser.add_argument("--publish", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


# --- publishing


def _publish(number: int, releases: Path, calendar: Calendar) -> None:
    """Publish a generation in a process of its own, as `kg build` would."""
    calendar.began[number] = time.monotonic()
    command = [sys.executable, str(Path(__file__).resolve()), "--publish", str(number), "--into", str(releases)]
    subprocess.run(command, check=True)
    calendar.ended[number] = time.monotonic()


def _publish_all(options: argparse.Namespace, releases: Path, calendar: Calendar, ended: threading.Event) -> None:
    """Publish evenly over the time, none in the last part, so that memory is seen to come to rest."""
    started, step = time.monotonic(), options.minutes * _MINUTE / (options.releases + 1)
    for number in range(2, options.releases + 2):
        if ended.wait(max(0.0, started + (number - 1) * step - time.monotonic())):
            return
        _publish(number, releases, calendar)


# --- clients


class Client:
    """One client, with one connection."""

    def __init__(
        self,
        server: Server,
        tally: Tally,
        calendar: Calendar,
        ended: threading.Event,
        number: int,
        options: argparse.Namespace,
    ) -> None:
        self._server, self._tally, self._calendar, self._ended = server, tally, calendar, ended
        self._number, self._lag, self._pause = number, options.lag, options.pause
        self._chance = random.Random(number)
        self._connection = wire.Connection(server.port, _PATIENCE)
        self._asked = 0
        self.finished = False

    def run(self) -> None:
        """Do one thing after the other until the end."""
        acts = (self._question, self._page, self._mistake, self._too_long, self._leave)
        while not self._ended.is_set():
            self._asked += 1
            act = self._chance.choices(acts, (900, 50, 20, 1, 29))[0]
            try:
                act()
            except (OSError, ValueError) as error:
                self._tally.fault(f"dropped: {type(error).__name__}: {error}")
                self._connection.close()
            time.sleep(self._chance.uniform(0, 2 * self._pause))
        self._connection.close()
        self.finished = True

    def _target(self, kind: Kind) -> str:
        """A URL: one of few, which a cache may know, or one that was never asked for."""
        number = self._chance.randrange(generations.THINGS)
        if self._chance.random() < _REPEATED:
            text = kind.text(number % _FEW)
        else:
            text = f"{kind.text(number)} # {self._number} {self._asked}"
        return f"{self._server.path}?query={quote(text, safe='')}"

    def _kind(self) -> Kind:
        return self._chance.choices(KINDS, [_WEIGHTS[kind.name] for kind in KINDS])[0]

    def _question(self) -> None:
        kind = self._kind()
        target = self._target(kind)
        tag, known = self._tally.etags.get(target, ("", 0))
        headers = {"If-None-Match": tag} if tag and self._chance.random() < _CONDITIONAL else {}
        sent = time.monotonic()
        answer = self._connection.ask(wire.get(target, kind.accept, headers))
        received = time.monotonic()
        if answer.status == HTTPStatus.NOT_MODIFIED and headers:
            generation = known
        elif answer.status == HTTPStatus.OK:
            generation = self._read(answer, kind)
        else:
            self._tally.fault(f"dropped: status {answer.status} for {kind.name}")
            return
        if generation:
            self._date(generation, sent, received, answer.status)
            if answer.status == HTTPStatus.OK and "etag" in answer.headers:
                self._tally.etags[target] = (answer.headers["etag"], generation)

    def _read(self, answer: wire.Answer, kind: Kind) -> int:
        try:
            return generations.generation_of(answer, kind)
        except generations.Unparsable as error:
            self._tally.fault(f"unparsable: {kind.name}: {error}")
        except generations.Wrong as error:
            self._tally.fault(f"wrong: {kind.name}: {error}")
        return 0

    def _date(self, generation: int, sent: float, received: float, status: int) -> None:
        stale = self._calendar.stale(generation, sent)
        with self._tally.lock:
            self._tally.staleness = max(self._tally.staleness, stale)
        if self._calendar.early(generation, received):
            self._tally.fault("an answer of a release that was not yet there")
        elif stale > self._lag:
            self._tally.fault(f"stale: an answer of a release replaced more than {self._lag} s before")
        else:
            self._tally.count(f"right answers, status {status}", received - sent)

    def _page(self) -> None:
        path = self._chance.choice(_PAGES)
        status = self._connection.ask(wire.get(path, self._chance.choice(("text/html", "text/turtle")))).status
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._tally.fault(f"dropped: status {status} for {path}")
        else:
            self._tally.count("pages and descriptions")

    def _mistake(self) -> None:
        text = self._chance.choice(
            ("SELECT ?x {", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "DROP ALL")
        )
        answer = self._connection.ask(wire.get(f"{self._server.path}?query={quote(text)}", KINDS[0].accept))
        right = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        (self._tally.count if right else self._tally.fault)(f"wrong queries, status {answer.status}")

    def _too_long(self) -> None:
        target = f"{self._server.path}?timeout=1&query={quote(f'{_RUNAWAY} # {self._number} {self._asked}')}"
        answer = self._connection.ask(wire.get(target, KINDS[0].accept))
        right = answer.status == HTTPStatus.SERVICE_UNAVAILABLE
        (self._tally.count if right else self._tally.fault)(f"queries that are too long, status {answer.status}")

    def _leave(self) -> None:
        """Ask, and go: at once, or when the first bytes have come."""
        kind = self._kind()
        try:
            connection = wire.Connection(self._server.port, _PATIENCE)
            connection.send(wire.get(self._target(kind), kind.accept))
            if self._chance.random() < _STAYING:
                connection.receive()
        finally:
            connection.close()
        self._tally.count("clients that left")


# --- reading and telling


def _read(server: Server, tally: Tally, calendar: Calendar, seconds: float) -> Reading:
    family, engines = procfs.tree(server.pid), set(server.workers())
    fronts = [process for process in family if process.pid not in engines]
    return Reading(
        round(seconds, 1),
        max(calendar.ended),
        sum(tally.counts.values()),
        sum(tally.faults.values()),
        sum(process.memory for process in fronts),
        sum(process.memory for process in family),
        sum(procfs.open_files(process.pid) for process in fronts),
        len(family),
    )


def _write(folder: Path, readings: Sequence[Reading], published: Sequence[float]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "soak.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(column.name for column in fields(Reading))
        writer.writerows(astuple(reading) for reading in readings)
    lines = [
        plot.Line("all processes", [(r.seconds / _MINUTE, r.tree_bytes / (1 << 20)) for r in readings]),
        plot.Line("without the engine's", [(r.seconds / _MINUTE, r.front_bytes / (1 << 20)) for r in readings]),
    ]
    title = f"Memory of the server under mixed load; dotted: {len(published)} releases"
    text = plot.draw(title, "minutes", "MiB", lines, [moment / _MINUTE for moment in published])
    (folder / "soak.svg").write_text(text, encoding="utf-8")


def _tell(tally: Tally, calendar: Calendar, readings: Sequence[Reading], options: argparse.Namespace) -> None:
    print("\n".join(f"- {fact}" for fact in procfs.machine()))
    print(f"- {options.minutes:g} minutes, {_CONNECTIONS} connections, {len(calendar.ended) - 1} releases meanwhile")
    print(
        f"- slowest right answer {tally.slowest:.2f} s; oldest release in an answer: {tally.staleness:.2f} s replaced"
    )
    tenth = max(1, len(readings) // 10)
    for name, early, late in (
        ("memory without the engine's", *_ends([r.front_bytes for r in readings], tenth)),
        ("memory of all processes", *_ends([r.tree_bytes for r in readings], tenth)),
    ):
        print(
            f"- {name}: {procfs.mebibytes(early)} in the second tenth of the time, {procfs.mebibytes(late)} in the last"
        )
    files = [reading.open_files for reading in readings]
    print(f"- open files without the engine's: {min(files)} to {max(files)}, {files[-1]} at the end\n")
    rows = [*sorted(tally.counts.items()), *((f"FAULT: {what}", n) for what, n in sorted(tally.faults.items()))]
    print(figures.table(["what came", "times"], [[what, f"{count:,}"] for what, count in rows]))


def _ends(values: Sequence[int], tenth: int) -> tuple[float, float]:
    """The medians of the second tenth, when all is warm, and of the last."""
    return statistics.median(values[tenth : 2 * tenth] or values), statistics.median(values[-tenth:])


if __name__ == "__main__":
    sys.exit(main())
