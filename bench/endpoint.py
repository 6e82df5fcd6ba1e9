"""CPU per request of the endpoint beside other servers, on one made graph of a million triples, in one run.

    python bench/endpoint.py --setup       # once: the peers' virtual environments
    python bench/endpoint.py
    python bench/endpoint.py --earlier ../old --server earlier --server zellige   # beside another state of ours

Measured are `kg serve`, the native `oxigraph` server (`serve-read-only`, no `--timeout-s`), rdflib-endpoint and
Virtuoso; who is absent is left out with one line. Their answers are compared before anything is measured. Then come
rounds: in each, every query goes to every server, one after the other, over several keep-alive connections, for some
seconds; first with another text in each request (no cache of answers helps), then the same request again and again.
The figure is the CPU time of the server's whole tree of processes for one request; the client's is not in it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rig import figures, graph, peers, procfs, servers, wire, workload
from rig.figures import Figures, Sample
from rig.servers import Server
from rig.workload import Query

OURS: Final = "zellige"
NATIVE: Final = "oxigraph"
EARLIER: Final = "earlier"
"""Our own server from another checkout, which runs in the same environment."""
NAMES: Final = (NATIVE, EARLIER, OURS, "virtuoso", "rdflib-endpoint")
FRESH: Final = "each text new"
REPEATED: Final = "repeated"

_SLOW: Final = 4.0
"""A query that takes longer than that many seconds is measured with one request."""
_PROBES: Final = (1, 2, 3)
_FIRST: Final = 1_000
_STEP: Final = 1_000_000
"""Numbers between two rounds, more than the requests of one."""
_REST: Final = 0.3
_IDLE: Final = 0.1
"""CPU seconds in a second that a resting server may take."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a run is made."""

    rounds: int
    seconds: float
    connections: int
    patience: float
    queries: tuple[Query, ...]


def main() -> int:
    """Measure and print."""
    options = _options()
    folder: Path = options.folder
    if options.setup:
        peers.set_up(folder)
        return 0
    queries = tuple(q for q in workload.QUERIES if not options.query or any(w in q.name for w in options.query))
    plan = Plan(options.rounds, options.seconds, options.connections, options.patience, queries)
    started_with = list(procfs.machine())
    _say("the store")
    store = graph.prepare(folder)
    names = [name for name in NAMES if not options.server or name in options.server]
    if options.earlier is None and EARLIER in names:
        names.remove(EARLIER)
    for name, reason in peers.absent(folder).items():
        if name in names:
            names.remove(name)
            print(f"left out: {name}: {reason}", file=sys.stderr)
    work = folder / "work"
    with ExitStack() as stack:
        front = _front_memory(store, work, options.checkout) if OURS in names else ()
        running = []
        for name in names:
            try:
                checkout = options.earlier if name == EARLIER else options.checkout
                running.append(stack.enter_context(_start(name, folder, store, work, checkout)))
            except servers.DidNotStart as error:
                print(f"left out: {error}", file=sys.stderr)
        checked = _check(running, plan)
        known = {(s.server, s.query) for s in checked.samples} | checked.left_out
        measured = () if checked.ours_is_wrong else tuple(_measure(running, plan, known))
    result = Figures((*checked.samples, *measured))
    notes = [*front, *checked.notes, *(_failures(sample) for sample in measured if sample.bad)]
    facts = [*started_with, f"Python {sys.version.split()[0]}", *peers.versions(folder)]
    print(_report(result, [server.name for server in running], plan, facts, notes))
    if options.json:
        rows = [dataclasses.asdict(sample) for sample in result.samples]
        options.json.write_text(json.dumps({"facts": facts, "notes": notes, "samples": rows}, indent=1))
    return int(checked.ours_is_wrong)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--setup", action="store_true", help="make the peers' virtual environments, and end")
    home = Path(tempfile.gettempdir()) / "zellige-bench"
    parser.add_argument("--folder", type=Path, default=home, help="where stores and peers are kept (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="default %(default)s")
    parser.add_argument("--seconds", type=float, default=2.0, help="of one block of requests, default %(default)s")
    parser.add_argument("--connections", type=int, default=4, help="default %(default)s")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds for one answer, default %(default)s")
    parser.add_argument("--server", action="append", choices=NAMES, help="only this one (again for more)")
    parser.add_argument("--query", action="append", help="only queries whose name holds this (again for more)")
    parser.add_argument("--checkout", type=Path, default=servers.ROOT, help="whose `kg serve` is ours (%(default)s)")
    parser.add_argument("--earlier", type=Path, help="a checkout whose `kg serve` is measured beside ours")
    parser.add_argument("--json", type=Path, help="write all samples there")
    return parser.parse_args()


def _start(name: str, folder: Path, store: Path, work: Path, checkout: Path) -> AbstractContextManager[Server]:
    if name in {OURS, EARLIER}:
        return servers.ours(store.parent.parent, work, checkout, name=name)
    if name == NATIVE:
        return peers.oxigraph(folder, store, work)
    if name == "virtuoso":
        return peers.virtuoso(store, work)
    if name == "rdflib-endpoint":
        return peers.rdflib_endpoint(folder, store, work)
    raise ValueError(name)


# --- before measuring


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found before measuring."""

    samples: tuple[Sample, ...] = ()
    """Of what is too slow to be asked again."""
    notes: tuple[str, ...] = ()
    left_out: frozenset[tuple[str, str]] = frozenset()
    """Pairs of server and query that give no answer, or a wrong one."""

    @property
    def ours_is_wrong(self) -> bool:
        return any(name == OURS for name, _ in self.left_out)


def _check(running: Sequence[Server], plan: Plan) -> Checked:
    """Compare all answers with those of the first server."""
    samples: list[Sample] = []
    faults: dict[tuple[str, str], str] = {}
    for query in plan.queries:
        expected: dict[int, tuple[str, ...]] = {}
        for server in running:
            _say(f"answers of {server.name}: {query.name}")
            try:
                slow = _compare(server, query, expected, plan.patience)
            except (OSError, ValueError) as error:
                faults[server.name, query.name] = str(error) or type(error).__name__
                _settle(server)
                continue
            if slow is not None:
                samples += [dataclasses.replace(slow, mode=mode) for mode in (FRESH, REPEATED)]
    notes = [f"{server}: {query}: not measured: {fault}" for (server, query), fault in faults.items()]
    return Checked(tuple(samples), tuple(notes), frozenset(faults))


def _compare(server: Server, query: Query, expected: dict[int, tuple[str, ...]], patience: float) -> Sample | None:
    """Ask a few times and compare; gives a sample if one answer takes long.

    :raises OSError: if no answer comes
    :raises ValueError: if an answer is not what is expected
    """
    for number in _PROBES:
        before, started = procfs.cpu_seconds(server.pid), time.perf_counter()
        answer = wire.Connection(server.port, patience).ask(query.request(server.path, number))
        wall = time.perf_counter() - started
        said = workload.content(answer, query.accept)
        if expected.setdefault(number, said) != said and not query.engines_differ:
            raise ValueError(f"another answer: {len(said)} rows, not {len(expected[number])}, or other terms")
        if wall > _SLOW:
            return Sample(server.name, query.name, "", 0, 1, procfs.cpu_seconds(server.pid) - before, wall)
    return None


def _settle(server: Server) -> None:
    """Wait until a server that was left in the middle of a query rests again, five minutes at most."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        before = procfs.cpu_seconds(server.pid)
        time.sleep(1)
        if procfs.cpu_seconds(server.pid) - before < _IDLE:
            return


def _front_memory(store: Path, work: Path, checkout: Path) -> tuple[str, ...]:
    """How much memory 100,000 rows take in our front: for one answer, and for five at a time."""
    small, large = workload.QUERIES[0], workload.QUERIES[-1]
    lines = []
    with servers.ours(store.parent.parent, work, checkout) as server:
        wire.drive(server.port, small.fresh(server.path, _FIRST), 2.0, 4)
        for connections in (1, 4):
            fronts = server.fronts()
            before = {pid: procfs.tree(pid)[0].memory for pid in fronts}
            for pid in fronts:
                procfs.reset_peak(pid)
            block = wire.drive(server.port, large.fresh(server.path, _FIRST), 60.0, connections, at_most=connections)
            time.sleep(_REST)
            after = {pid: procfs.tree(pid)[0].memory for pid in fronts}
            front = max(fronts, key=lambda pid: procfs.peak_memory(pid) - before[pid])
            peak = procfs.peak_memory(front)
            lines.append(
                f"{connections} answer{'s at once' if connections > 1 else ''} of 100,000 rows: front process "
                f"{procfs.mebibytes(before[front])} before, {procfs.mebibytes(peak)} at the peak "
                f"(+{procfs.mebibytes(peak - before[front])}), {procfs.mebibytes(after[front])} after"
                + (f"; {block.bad} failed" if block.bad else "")
            )
    return tuple(lines)


# --- measuring


def _measure(running: Sequence[Server], plan: Plan, known: set[tuple[str, str]]) -> Iterator[Sample]:
    """Samples of all rounds; `known` are pairs of server and query that are not asked again."""
    for number in range(1, plan.rounds + 1):
        for query in plan.queries:
            turn = number % len(running)
            for server in (*running[turn:], *running[:turn]):
                if (server.name, query.name) in known:
                    continue
                _say(f"round {number} of {plan.rounds}: {query.name}: {server.name}")
                for mode in (FRESH, REPEATED):
                    yield _sample(server, query, mode, number, plan)


def _sample(server: Server, query: Query, mode: str, number: int, plan: Plan) -> Sample:
    first = _FIRST + number * _STEP
    requests = query.fresh(server.path, first) if mode == FRESH else query.repeated(server.path, 0)
    wire.drive(server.port, requests, _REST, 1, at_most=20)  # connections, caches and clocks are warm
    before = procfs.cpu_seconds(server.pid)
    block = wire.drive(server.port, requests, plan.seconds, plan.connections)
    cpu = procfs.cpu_seconds(server.pid) - before
    return Sample(server.name, query.name, mode, number, block.requests, cpu, block.wall, block.bad)


# --- telling


def _report(
    result: Figures,
    names: Sequence[str],
    plan: Plan,
    facts: Sequence[str],
    notes: Sequence[str],
) -> str:
    base = _base(names)
    others = [name for name in names if name != base]
    parts = ["\n".join(f"- {fact}" for fact in facts)]
    how = f"{plan.rounds} rounds, {plan.connections} connections, blocks of {plan.seconds:g} s"
    for mode in (FRESH, REPEATED):
        rows = [[q.name, *_cells(result, names, q.name, mode)] for q in plan.queries]
        parts += [
            f"CPU ms per request, {mode}: medians of {how}; in brackets the factor to {base}",
            figures.table(["query", base, *others], rows),
        ]
    rows = [[q.name, *_rates(result, names, q.name)] for q in plan.queries]
    parts += [
        f"Requests in a second, {REPEATED}: the client runs on the same cores; in brackets the factor to {base}",
        figures.table(["query", base, *others], rows),
    ]
    return "\n\n".join([*parts, "\n".join(f"- {note}" for note in notes)])


def _failures(sample: Sample) -> str:
    where = f"{sample.server}: {sample.query}, {sample.mode}, round {sample.round}"
    return f"{where}: {sample.bad} of {sample.requests} answers are not 200"


def _base(names: Sequence[str]) -> str:
    """Which server the others are told as factors of: the native one, else an earlier state of ours, else the first."""
    return min(names, key=lambda name: (name != NATIVE, name != EARLIER))


def _cells(result: Figures, names: Sequence[str], query: str, mode: str) -> Iterator[str]:
    base = _base(names)
    for name in sorted(names, key=lambda name: name != base):
        cost = result.cost(name, query, mode)
        if cost is None:
            yield "-"
            continue
        first = result.cost(base, query, mode)
        # What was asked once belongs to no round, so its factor is that of the medians.
        factor = result.factor(name, base, query, mode) or (cost / first if first else None)
        yield figures.milliseconds(cost) + (f" ({factor:.2f}x)" if factor and name != base else "")


def _rates(result: Figures, names: Sequence[str], query: str) -> Iterator[str]:
    base = _base(names)
    first = result.rate(base, query, REPEATED)
    for name in sorted(names, key=lambda name: name != base):
        rate = result.rate(name, query, REPEATED)
        if rate is None:
            yield "-"
            continue
        yield f"{rate:,.1f}" + (f" ({rate / first:.2f}x)" if first and name != base else "")


def _say(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
