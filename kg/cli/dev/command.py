"""`kg dev`: look, build, tell, and look again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final, Self

import click

from kg.cli.dev.board import Board, problems_of
from kg.cli.dev.front import HOST, front
from kg.cli.dev.watching import changed, look
from kg.cli.output import Talk, common
from kg.cli.project import open_project
from kg.config import FILE_NAME, Config
from kg.errors import OperationError, Problem

_LOOK: Final = 0.25
"""Seconds between two looks at the files."""
_TRIES: Final = 200
"""How often the server is asked whether it has the new release, every twentieth of a second."""


@click.command()
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), help="Port on this machine; 0 takes a free one. Default 8000.")
@common
def dev(talk: Talk, directory: Path | None, port: int | None) -> None:
    """Build the project in DIR whenever a file of it is saved, and serve it to this machine: its pages follow.

    What is wrong is shown on the page with file and line, while the last good release goes on being served.
    """
    config, board = open_project(directory), Board()
    with _Behind(config) as behind, _listening(port, config, board, behind) as url:
        talk.result(url, {"url": url})
        with suppress(KeyboardInterrupt):  # the way to end it
            _follow(talk, config, board, behind)


def _follow(talk: Talk, config: Config, board: Board, behind: _Behind) -> None:
    """Build, and build again when files have changed, for ever."""
    pause = threading.Event()
    behind.start()
    board.put(release=behind.release())
    while True:
        seen = look(config.root)
        board.put(is_building=True)
        release, problems = _built(config)
        if release and behind.takes_over(release, pause):
            board.put(release=release, is_building=False, problems=())
            talk.say(f"{release} is shown")
        else:
            problems = problems or (Problem("operation", "the server does not show the release that was built"),)
            board.put(is_building=False, problems=problems)
            for problem in problems:
                talk.say(f"error: {problem}")
        settings = str(config.root / FILE_NAME)
        after = changed(config.root, seen, lambda: not pause.wait(_LOOK)) or {}
        if after.get(settings) != seen.get(settings):
            behind.stop()  # it has other settings now


def _built(config: Config) -> tuple[str, tuple[Problem, ...]]:
    """The id of the release that a build publishes, or why it publishes none; in a process that leaves nothing here."""
    command = [sys.executable, "-m", "kg", "build", "--json", str(config.root)]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 -- our own
    try:
        told = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return "", (Problem("internal", f"the build ended with {done.returncode}: {said}", hint="run kg build"),)
    return (told["data"]["release"], ()) if told["ok"] else ("", problems_of(told["errors"]))


@contextmanager
def _listening(port: int | None, config: Config, board: Board, behind: _Behind) -> Iterator[str]:
    """Listen; the address for a browser."""
    wanted = config.server.port if port is None else port
    try:
        server = front(wanted, board, behind.port)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OperationError(f"cannot listen on {HOST}:{wanted}: {reason}", hint="choose another --port") from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}/"
    finally:
        board.close()
        server.shutdown()
        server.server_close()


class _Behind:
    """The server of the releases, a process of its own: what is served while one writes is what is served later."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._process: subprocess.Popen[bytes] | None = None
        self._port: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def port(self) -> int | None:
        """Where it listens, if it does."""
        return self._port if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start it, if it does not run and there is a release."""
        if self.port() is not None or not (self._config.releases / "current").exists():
            return
        command = [sys.executable, "-m", "kg.cli.dev.behind", "serve", "--json", "--host", HOST, "--port", "0"]
        # Told of the addresses of this machine; and Ctrl-C is for the one who started it, who ends it.
        environ = {**os.environ, "KG_SERVER_PUBLIC_URL": ""}
        self._process = subprocess.Popen(  # noqa: S603 -- our own
            command,
            cwd=self._config.root,
            env=environ,
            stdin=subprocess.PIPE,  # it ends when this end is closed
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        told = b""
        while line := self._process.stdout.readline():
            told += line
            with suppress(ValueError):
                found = json.loads(told)
                self._port = int(found["data"]["url"].rstrip("/").rpartition(":")[2]) if found["ok"] else None
                return

    def stop(self) -> None:
        """End it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()
        self._process = self._port = None

    def takes_over(self, release: str, pause: threading.Event) -> bool:
        """Start it if need be, and wait until it shows a release; whether it does."""
        self.start()
        return any(self.release() == release or pause.wait(1 / 20) for _ in range(_TRIES))

    def release(self) -> str:
        """The release that it shows; empty if it shows none."""
        port = self.port()
        if port is None:
            return ""
        connection = HTTPConnection(HOST, port, timeout=_TRIES / 20)
        try:
            connection.request("GET", "/healthz")
            told = json.loads(connection.getresponse().read())
        except (OSError, HTTPException, ValueError):
            return ""
        finally:
            connection.close()
        return str(told.get("release", ""))
