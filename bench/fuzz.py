"""Mutated queries against `kg serve`: no answer that does not parse, no error without a name, nobody contacted.

    python bench/fuzz.py [--mutants 100000] [--seed 1] [--first 0]
    python bench/fuzz.py --replay FILE

The queries of this checkout and of the W3C's suites (below `KG_SHARED`, where it is) are changed by byte, character,
token and group, and sent by GET, form and direct POST over several connections to a server whose deadline is short.
Faults are: no complete answer within the deadline and a margin; a 200 that does not parse as its media type; an error
without a code that the interface (`/openapi.json`) tells of; a 500 of another code than `engine-failed`; a connection
to a socket whose address is in the mutants; and, afterwards, more processes, threads or file descriptors than before.
Each fault leaves the request in a file of `--out`, to be sent again by `--replay`. Any fault ends with 1.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rig import corpus, figures, procfs, servers, wire
from rig.holdings import settled
from rig.mutants import Mutator
from rig.servers import Server
from rig.storm import Storm, Tally, Trap, blow, rows

_WARM: Final = 400
"""Mutants that are sent before anything is counted, so that every process and thread has begun."""
_SHOWN: Final = 2_000
_HUNDRED: Final = " ".join(map(str, range(100)))
_AT_ONCE: Final = 4 * max(2, os.cpu_count() or 1)
"""More queries than there are engine processes, or threads for pages."""
_PORTION: Final = 5_000


def main() -> int:
    """Send, judge, and print."""
    options = _options()
    files = _data(options.folder, options.checkout)
    settings = {"KG_SERVER_DEADLINE": str(options.deadline), "KG_SERVER_CLIENT_SECONDS": "0"}
    options.out.mkdir(parents=True, exist_ok=True)
    with servers.ours(files, options.folder / "work", options.checkout, settings) as server:
        if options.replay:
            return _replayed(server, options.replay)
        return _stormed(server, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    home = Path(tempfile.gettempdir()) / "zellige-bench"
    parser.add_argument("--folder", type=Path, default=home / "fuzz", help="where the release is kept (%(default)s)")
    parser.add_argument("--out", type=Path, default=home / "faults", help="where faults are written (%(default)s)")
    parser.add_argument("--mutants", type=int, default=100_000, help="default %(default)s")
    parser.add_argument("--first", type=int, default=0, help="number of the first mutant, default %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="of all mutants, default %(default)s")
    parser.add_argument("--connections", type=int, default=4, help="default %(default)s")
    parser.add_argument("--deadline", type=int, default=1, help="seconds for one query, default %(default)s")
    parser.add_argument("--margin", type=float, default=5.0, help="seconds beyond it, default %(default)s")
    parser.add_argument("--replay", type=Path, help="send the request in this file, and show the answer")
    parser.add_argument("--checkout", type=Path, default=servers.ROOT, help="whose `kg serve` is ours (%(default)s)")
    return parser.parse_args()


def _data(folder: Path, checkout: Path) -> list[Path]:
    """The first graph, in a file, and the graphs that the suites' queries are about."""
    releases, file = folder / "releases", folder / "graph.nq"
    if not file.exists():
        command = [sys.executable, "-m", "kg", "build", "--quiet", "--out", str(releases.resolve()), "."]
        subprocess.run(command, cwd=checkout, check=True, stdout=subprocess.DEVNULL)
        file.write_bytes(gzip.decompress((releases / "current" / "graph.nq.gz").read_bytes()))
    return [file.resolve(), *corpus.data()]


def _replayed(server: Server, file: Path) -> int:
    """Send the request of a file, and show what comes."""
    answer = _asked(server.port, file.read_bytes())
    head = [f"{answer.status}", *(f"{name}: {value}" for name, value in answer.headers.items())]
    print("\n".join([*head, "", answer.body[:_SHOWN].decode("utf-8", "backslashreplace")]))
    return 0


def _stormed(server: Server, options: argparse.Namespace) -> int:
    with Trap().set() as trap:
        storm = Storm(
            port=server.port,
            path=server.path,
            mutator=Mutator(corpus.read_corpus(), trap.address),
            trap=trap,
            seed=options.seed,
            codes=known_codes(server.port),
            patience=options.deadline + options.margin,
            out=options.out,
        )
        # Numbers below 0 are mutants that no run of this seed counts.
        warm = blow(storm, -_WARM, _WARM, options.connections)
        _fill(server)
        before = settled(server, None)
        started, cpu, own = time.monotonic(), procfs.cpu_seconds(server.pid), time.process_time()
        tally = _in_portions(storm, options)
        wall, own = time.monotonic() - started, time.process_time() - own
        cpu = procfs.cpu_seconds(server.pid) - cpu
        _fill(server)
        after = settled(server, before)
        faults = [*warm.faults, *tally.faults, *after.grown(before)]
        if trap.visits:
            faults.append(f"{len(trap.visits)} connections to the trap")
        if not _serves(server):
            faults.append("a plain question is not answered afterwards")
    print("\n".join(f"- {fact}" for fact in procfs.machine()))
    print(f"- {tally.total:,} mutants from number {options.first} of seed {options.seed}, {dict(tally.ways)}")
    print(f"- {wall:.0f} s, {cpu:.0f} CPU s of the server, {own:.0f} of the client; slowest {tally.slowest:.2f} s")
    print(f"- connections to the trap: {len(trap.visits)}\n- before: {before}\n- after: {after}\n")
    print(figures.table(["status", "code", "answers"], rows(tally)))
    if tally.failures:
        kinds = [[kind, f"{count:,}"] for kind, count in tally.failures.most_common()]
        print("\n" + figures.table(["engine-failed, in its words", "answers"], kinds))
    print("\n".join(["", *(f"- {fault}" for fault in faults)] if faults else ["", "No fault."]))
    return int(bool(faults))


def _in_portions(storm: Storm, options: argparse.Namespace) -> Tally:
    """The whole storm, with a line for each portion that is done."""
    whole = Tally()
    end = options.first + options.mutants
    for first in range(options.first, end, _PORTION):
        part = blow(storm, first, min(_PORTION, end - first), options.connections)
        whole.answers += part.answers
        whole.ways += part.ways
        whole.failures += part.failures
        whole.faults += part.faults
        whole.slowest = max(whole.slowest, part.slowest)
        print(f"{whole.total:,} sent, {len(whole.faults)} faults", file=sys.stderr, flush=True)
    return whole


def _fill(server: Server) -> None:
    """Let every thread and process begin that the server may have, so that all are there to be counted.

    Pages are made by threads, engines that are killed are waited for by threads, and both begin when they are needed.
    """
    for accept, names, timeout in (
        ("text/csv", "abcdefg", "0.3"),
        ("text/html", "abcdefg", ""),
        ("text/csv", "ab", ""),
    ):
        text = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES ?{name} {{ {_HUNDRED} }}' for name in names)} }}"
        target = f"{server.path}?timeout={timeout}"
        request = wire.post(target, accept, text.encode(), "application/sparql-query")
        clients = [wire.Connection(server.port) for _ in range(_AT_ONCE)]
        for client in clients:
            client.send(request)
        for client in clients:
            while client.receive() is None:
                pass
            client.close()


def known_codes(port: int) -> frozenset[str]:
    """The codes of errors that the interface of a server names."""
    answer = _asked(port, wire.get("/openapi.json", "application/json"))
    return frozenset(json.loads(answer.body)["components"]["schemas"]["ProblemCode"]["enum"])


def _asked(port: int, request: bytes) -> wire.Answer:
    with closing(wire.Connection(port)) as connection:
        return connection.ask(request)


def _serves(server: Server) -> bool:
    request = wire.get(f"{server.path}?query={quote('ASK { ?s ?p ?o }')}", "application/sparql-results+json")
    answer = _asked(server.port, request)
    return answer.status == HTTPStatus.OK and json.loads(answer.body)["boolean"] is True


if __name__ == "__main__":
    sys.exit(main())
