"""`kg` in a process of its own that is quick to begin: forked from one that has imported everything.

Half a second of processor time of each `python -m kg` goes into imports, and the suite runs it some hundreds of times.
Here one process imports them once; for each command it forks one that has the working directory, the environment, the
three files and the arguments that it is given, runs `python -m kg`, and ends with its status. What depends on how Python
begins (`PYTHON...` of the environment, signals, broken pipes) is for `subprocess`.

Run as a program it is the process from which others are forked: `forking.py SOCKET`.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import importlib.util
import json
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, NoReturn

from patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
CLIENT = """\
#!{python} -IS
import json, os, socket, sys
order = {{"arguments": sys.argv[1:], "cwd": os.getcwd(), "environ": dict(os.environ), "program": ""}}
told = json.dumps(order).encode()
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect({place!r})
    socket.send_fds(connection, [b"%9d" % len(told)], [0, 1, 2])
    connection.sendall(told)
    _, status = connection.makefile().read().split()
sys.exit(int(status) if int(status) >= 0 else 128 - int(status))
"""
"""What a shell runs as `kg`."""
LEFT_OUT = ("kg.__main__", "kg.rml.spark", "server.engine.worker")
"""Programs, and what begins threads or needs what may not be there."""
OTHERS = ("rdflib", "oxrdflib", "pyshacl", "owlrl", "lxml.etree", "lxml.html", "yaml", "jinja2", "flask", "uvicorn")
EXTRAS = ("duckdb",)
"""What a build uses where it is installed."""


class Forked:
    """A process that runs `kg`, or another program of Python; what it has of `subprocess.Popen` means the same."""

    def __init__(
        self, arguments: Sequence[str], files: Sequence[int], cwd: Path, environ: Mapping[str, str], program: str = ""
    ) -> None:
        order = {"arguments": list(arguments), "cwd": str(cwd), "environ": dict(environ), "program": program}
        told = json.dumps(order).encode()
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(str(origin()))
        socket.send_fds(self._connection, [f"{len(told):>9}".encode()], list(files))
        self._connection.sendall(told)
        self.pid = int(self._line())
        self.returncode: int | None = None
        self.stdout: IO[str] | None = None
        self.stderr: IO[str] | None = None
        self._texts: tuple[str, str] | None = None

    def _line(self) -> str:
        found = b""
        while not found.endswith(b"\n"):
            found += self._connection.recv(1) or b"255\n"  # the process from which it was forked is gone
        return found.decode()

    def wait(self, timeout: float | None = None) -> int:
        """Its status, negative if a signal ended it."""
        if self.returncode is None:
            # Not `select`, which knows no file beyond the 1024th: a run of all tests has more open.
            waiting = select.poll()
            waiting.register(self._connection, select.POLLIN)
            if not waiting.poll(None if timeout is None else timeout * 1000):
                raise subprocess.TimeoutExpired(f"the process {self.pid}", timeout or 0)
            self.returncode = int(self._line())
            self._connection.close()
        return self.returncode

    def poll(self) -> int | None:
        """Its status, if it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal to it, if it has not ended."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Tell it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Read to the end what it says, and wait."""
        if self._texts is None:
            assert self.stdout is not None
            assert self.stderr is not None
            with ThreadPoolExecutor(2) as pool, self.stdout, self.stderr:
                texts = [pool.submit(file.read) for file in (self.stdout, self.stderr)]
                try:
                    self.wait(timeout)
                except subprocess.TimeoutExpired:
                    self.kill()
                    raise
                self._texts = texts[0].result(), texts[1].result()
        return self._texts


def begun(program: Path, *arguments: str, cwd: Path, environ: Mapping[str, str]) -> Forked:
    """A process that runs a program of Python, in a session of its own, whose output is read by pipes."""
    (out, its_out), (said, its_said) = os.pipe(), os.pipe()
    with Path(os.devnull).open("rb") as nothing:
        process = Forked(arguments, (nothing.fileno(), its_out, its_said), cwd, environ, str(program))
    os.close(its_out)
    os.close(its_said)
    process.stdout, process.stderr = os.fdopen(out, encoding="utf-8"), os.fdopen(said, encoding="utf-8")
    return process


def run(*arguments: str, cwd: Path, environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`python -m kg` with these arguments, there, with this environment and nothing on standard input."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said, Path(os.devnull).open("rb") as nothing:
        process = Forked(arguments, [nothing.fileno(), out.fileno(), said.fileno()], cwd, environ)
        try:
            status = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        texts = []
        for file in (out, said):
            file.seek(0)
            texts.append(file.read().decode().replace("\r\n", "\n"))
    return subprocess.CompletedProcess(["kg", *arguments], status, *texts)


def command(folder: Path) -> Path:
    """Write into a folder a program that a shell can run as `kg`."""
    program = folder / "kg"
    program.write_text(CLIENT.format(python=sys.executable, place=str(origin())), encoding="utf-8")
    program.chmod(0o755)
    return program


@functools.cache
def origin() -> Path:
    """The socket of the process from which others are forked; it ends with this one."""
    folder = Path(tempfile.mkdtemp(prefix="kg-forking-"))
    search = os.pathsep.join([str(ROOT), str(ROOT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])])
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder / "socket")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**clean, "PYTHONPATH": search},
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    atexit.register(process.wait)
    atexit.register(process.stdin.close)
    assert process.stdout.readline() == b"ready\n"
    process.stdout.close()
    return folder / "socket"


# --- in the process from which others are forked


def main(place: str) -> None:
    """Import everything, then fork for each order, until nobody holds the other end of standard input."""
    for name in (*OTHERS, *filter(importlib.util.find_spec, EXTRAS)):
        importlib.import_module(name)
    for package in ("kg", "server"):
        for module in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not module.name.startswith(LEFT_OUT):
                importlib.import_module(module.name)
    # What every server of a test would do again, and every build.
    importlib.import_module("server.app").prepare()
    _prepare_builds()
    assert threading.active_count() == 1, "a process with threads cannot be forked"
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place)
    listener.listen(64)
    _end_with_those_who_ask(Path(place).parent)
    os.write(1, b"ready\n")
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            _serve(connection)
        connection.close()


def _prepare_builds() -> None:
    """Read the packaged vocabulary, shapes and words: they are read once as long as they stay the same."""
    import pyoxigraph as ox
    from small_project import make

    from kg.config import read_config
    from kg.paths import program_digest
    from kg.preparation import prepare
    from kg.search.index import columns_of

    program_digest()
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(read_config(make(Path(folder) / "project"), {}), lambda _: None)
    for layer in prepared.vocabulary.layers:
        for path in sorted(layer.folder.glob("*.ttl")):
            for quad in ox.parse(path=path):
                if isinstance(quad.object, ox.Literal):
                    columns_of(quad.object.value, quad.object.language or "")


def _end_with_those_who_ask(folder: Path) -> None:
    """End this process when nobody holds the other end of its standard input, in whatever way they have ended."""
    origin = os.getpid()
    if os.fork() == 0:
        while os.read(0, 1):
            pass
        os.kill(origin, signal.SIGTERM)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)


def _serve(connection: socket.socket) -> NoReturn:
    """Fork the command, wait for it, and tell its status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, files, _, _ = socket.recv_fds(connection, 9, 3)
    order = json.loads(connection.makefile("rb").read(int(head)))
    child = os.fork()
    if child == 0:
        connection.close()
        _become(order, files)
    for file in files:
        os.close(file)
    with contextlib.suppress(OSError):  # who asked may wait no longer
        connection.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(OSError):
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(order: Mapping[str, Any], files: Sequence[int]) -> NoReturn:
    """Be `python -m kg`, or the program that is asked for."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8", errors=errors, closefd=False, buffering=1 if number == 2 else -1)
        for number, mode, errors in ((0, "r", "strict"), (1, "w", "strict"), (2, "w", "backslashreplace"))
    )
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environ"])
    sys.argv = [order["program"] or "kg", *order["arguments"]]
    sys.path[0] = order["cwd"]
    if order["program"]:
        os.setsid()
        runpy.run_path(order["program"], run_name="__main__")
    else:
        runpy.run_module("kg", run_name="__main__", alter_sys=True)
    sys.exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
