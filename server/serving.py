"""Serving: granian in front of the application, with one worker process and several threads."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from http import HTTPStatus
from typing import Final

from granian.constants import HTTPModes, Interfaces
from granian.server import Server

from kg.errors import OperationError
from server.app import create_app
from server.settings import Settings

_PATIENCE: Final = 60.0
"""How long a starting worker is waited for before its silence is taken for failure, in seconds."""
_STEP: Final = 0.02
_KILL: Final = 5
"""How long a worker may take to end its answers when it is told to stop, in seconds."""


def serve(settings: Settings, host: str, port: int, threads: int, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` gets the address when the first request has been answered.

    Port 0 takes any free port. Must be called in the main thread, which handles the signals.

    :raises ReleaseError: if the release cannot be opened
    :raises OperationError: if the address is taken or the worker fails
    """
    create_app(settings)  # what is wrong with the release is told here, not in the log of a worker
    chosen = free_port(host, port)
    server = Server(
        "zellige",
        address=host,
        port=chosen,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        http=HTTPModes.http1,
        log_enabled=False,
        workers_kill_timeout=_KILL,
    )
    stopped = threading.Event()
    herald = threading.Thread(target=_announce, args=(host, chosen, on_ready, stopped), daemon=True)
    server.on_startup(herald.start)
    try:
        server.serve(target_loader=partial(create_app, settings), wrap_loader=False)
    except SystemExit as end:
        if end.code:
            raise OperationError("the server's worker process ended by itself", hint="run again with -v") from None
    finally:
        stopped.set()


def free_port(host: str, port: int) -> int:
    """The port to listen on: `port` itself, or any free one for 0.

    :raises OperationError: if something listens there already, or the address is not this machine's
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            # granian shares a port with whoever asks; here a second server on one port is a mistake.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            found: int = probe.getsockname()[1]
            return found
    except OSError as error:
        reason = error.strerror or str(error)
        raise OperationError(f"cannot listen on {host}:{port}: {reason}", hint="choose another --port") from None


def url_of(host: str, port: int) -> str:
    """The address that a browser on this machine opens.

    >>> url_of("0.0.0.0", 8000), url_of("::1", 8000)
    ('http://127.0.0.1:8000/', 'http://[::1]:8000/')
    """
    return f"http://{_bracketed(_reachable(host))}:{port}/"


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 (read, not bound)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _announce(host: str, port: int, on_ready: Callable[[str], None], stopped: threading.Event) -> None:
    waited = 0.0
    while waited < _PATIENCE and not stopped.wait(_STEP):
        waited += _STEP
        if _answers(_reachable(host), port):
            on_ready(url_of(host, port))
            return


def _answers(host: str, port: int) -> bool:
    with closing(http.client.HTTPConnection(host, port, timeout=_PATIENCE)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
