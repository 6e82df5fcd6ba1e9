"""Starting and stopping the servers that are measured, each with its whole tree of processes."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from rig import procfs, wire

ROOT: Final = Path(__file__).resolve().parent.parent.parent
MARK: Final = "ZELLIGE_BENCH"
"""The variable that marks the processes of one server, so that a lost one is found."""
_PATIENCE: Final = 120.0
_STEP: Final = 0.05
_ENGINE: Final = "server.engine"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    name: str
    pid: int
    port: int
    path: str
    """Where its SPARQL endpoint is."""
    mark: str = ""
    """What stands in the environment of all its processes."""

    def workers(self) -> list[int]:
        """The engine processes of ours."""
        return [process.pid for process in procfs.tree(self.pid) if _ENGINE in procfs.command_of(process.pid)]

    def fronts(self) -> list[int]:
        """All processes but the engine's."""
        engines = self.workers()
        return [process.pid for process in procfs.tree(self.pid) if process.pid not in engines]


class DidNotStart(RuntimeError):
    """A server ended, or did not answer, before it could be used."""


def free_port() -> int:
    """A port that nothing listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    port: int,
    path: str,
    folder: Path,
    environ: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run a server in `folder` until the block ends, from when its endpoint answers.

    :raises DidNotStart: if it ends or does not answer; its last words are in the message
    """
    mark = secrets.token_hex(8)
    log = folder / f"{name}.log"
    folder.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env={**os.environ, **(environ or {}), MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        server = Server(name, process.pid, port, path, mark)
        try:
            _wait(server, process, log)
            yield server
        finally:
            _stop(process, mark, output)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    request = wire.get(f"{server.path}?query=ASK%20%7B%7D", "application/sparql-results+json")
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        with suppress(OSError):
            wire.Connection(server.port).ask(request)
            return
        if process.poll() is not None:
            break
        time.sleep(_STEP)
    words = log.read_text(encoding="utf-8", errors="replace")[-500:]
    raise DidNotStart(f"{server.name} did not start: {words.strip()}")


def _stop(process: subprocess.Popen[bytes], mark: str, output: IO[bytes]) -> None:
    """End a server, and what may be left of it."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        output.write(b"killed by the benchmark\n")
    for pid in procfs.marked(mark):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


@contextmanager
def ours(
    releases: Path | Sequence[Path],
    folder: Path,
    checkout: Path = ROOT,
    settings: Mapping[str, str] | None = None,
    name: str = "zellige",
) -> Iterator[Server]:
    """`kg serve` of a checkout on a folder of releases or on files; `settings` are variables, `KG_SERVER_DEADLINE`."""
    port = free_port()
    served = ["--releases", str(releases.resolve())] if isinstance(releases, Path) else list(map(str, releases))
    # What the benches serve was not built, and names no lines that an index could be made of. A checkout from before
    # there was one does not know the option.
    plain = ["--no-search"] if (checkout / "kg" / "search").is_dir() else []
    command = [sys.executable, "-m", "kg", "serve", *plain, "--port", str(port), *served]
    environ = {"PYTHONPATH": str(checkout.resolve()), **(settings or {})}
    with running(name, command, port, "/sparql", folder, environ) as server:
        yield server
