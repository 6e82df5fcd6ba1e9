"""Serving: uvicorn in front of the application, one process with one event loop, and threads for the pages."""

from __future__ import annotations

import asyncio
import resource
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn

from kg.errors import OperationError
from kg.sparql.guard import check as guarded
from server.app import prepare
from server.engine import Dataset
from server.engine.pool import PoolEngine
from server.front import create_front
from server.front.application import Front
from server.front.reloading import Reloader
from server.front.wire import Wire, sweep
from server.http.results import JSON
from server.pages.language import shipped, with_those_of
from server.releases import Releases
from server.settings import Settings, Started

_GRACE: Final = 10
"""How long answers may go on when the server is told to stop, in seconds."""
_KEEP_ALIVE: Final = 30
"""How long a connection may be idle between two requests, in seconds."""
_INCOMPLETE: Final = 30.0
"""How long a request may take to arrive, in seconds."""
_BACKLOG: Final = 1024


def serve(
    settings: Settings,
    host: str,
    port: int,
    on_ready: Callable[[str], None],
    read: Callable[[], Started] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; `on_ready` gets the address when connections are accepted.

    SIGHUP opens the access log anew, and lets hold what `read` gives, as far as it may change; it ends the server at
    no time. Port 0 takes any free port. Must be called in the main thread, which handles the signals.

    :raises ReleaseError: if the release cannot be opened
    :raises ConfigError: if a catalogue of words cannot be used
    :raises OperationError: if the address is taken
    """
    hang_up = HangUp()
    with hang_up.heard():
        front = create_front(settings)
        hang_up.reloader = Reloader(front, Started(settings, host, port), read)
        _serve(front, host, port, on_ready, hang_up)


def _serve(front: Front, host: str, port: int, on_ready: Callable[[str], None], hang_up: HangUp) -> None:
    chosen = free_port(host, port)
    config = uvicorn.Config(
        front,
        host=host,
        port=chosen,
        http=Wire,
        ws="none",
        loop="uvloop",
        interface="asgi3",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
    _raise_file_limit()
    server = _Server(config, lambda: on_ready(url_of(host, chosen)), hang_up)
    # uvicorn raises a signal again when it has ended well; for us the work is done then.
    previous = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        server.run()
    except SystemExit as end:
        if end.code:
            raise OperationError("the server could not start", hint="run again with -v") from None
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def check(settings: Settings, host: str, port: int) -> dict[str, object]:
    """Try all that serving needs, without serving: the release, one engine process, the address; what was found.

    :raises ReleaseError: if the release cannot be opened
    :raises OperationError: if the address is taken, or an engine process does not answer
    """
    # One process suffices to see that a store opens within the limits.
    release = Releases(settings, lambda folder: PoolEngine(folder, replace(settings.limits, workers=1))).current()
    release.strangers.evaluate(guarded("ASK {}"), Dataset(), JSON.media_type)
    limits = settings.limits
    return {
        "release": release.id,
        "address": url_of(host, free_port(host, port)),
        "public_url": settings.public_url,
        "languages": list(with_those_of(Path(settings.locale)) if settings.locale else shipped()),
        "processes": limits.processes,
        "deadline": limits.deadline,
        "memory_mib": limits.memory_bytes >> 20,
        "answer_mib": limits.answer_bytes >> 20,
        "queue": limits.queue,
        "cache_mib": settings.cache_bytes >> 20,
        "client_seconds": settings.client_seconds,
        "trusted_proxies": list(settings.trusted_proxies),
        "access_log": settings.access_log,
        "fill_prefixes": settings.fill_prefixes,
        "federation": list(settings.federation.endpoints),
    }


class HangUp:
    """SIGHUP, from before the server starts until after it has ended."""

    def __init__(self) -> None:
        self.reloader: Reloader | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._came_early = False

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear the signal, in place of what it does otherwise, namely to end the process."""
        previous = signal.signal(signal.SIGHUP, self._come)
        try:
            yield
        finally:
            signal.signal(signal.SIGHUP, previous)

    def begin(self) -> None:
        """In the event loop, when it serves: what has come until now is done now."""
        self._loop = asyncio.get_running_loop()
        if self._came_early:
            self._reload()

    def end(self) -> None:
        """In the event loop, when it serves no longer: nothing is done any more."""
        self._loop = None

    def _come(self, _number: int, _frame: FrameType | None) -> None:
        if self._loop is None:
            self._came_early = True
        else:
            self._loop.call_soon_threadsafe(self._reload)

    def _reload(self) -> None:
        if self.reloader is not None and self._loop is not None:
            self._task = self._loop.create_task(self.reloader.reload())


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it is ready and sees to connections that bring nothing."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], hang_up: HangUp) -> None:
        super().__init__(config)
        self._on_ready, self._hang_up = on_ready, hang_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._sweep = asyncio.create_task(sweep(self.server_state.connections, _INCOMPLETE))
        if self.started:
            self._hang_up.begin()
            self._on_ready()
            # Connections are accepted meanwhile: who comes at once does some of it for themselves.
            self._prepared = asyncio.get_running_loop().run_in_executor(None, prepare)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hang_up.end()
        self._sweep.cancel()
        await super().shutdown(sockets)


def _raise_file_limit() -> None:
    """Each connection, worker and large answer is an open file; the soft limit is often as low as 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 1 << 16 if hard == resource.RLIM_INFINITY else min(hard, 1 << 16)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def free_port(host: str, port: int) -> int:
    """The port to listen on: `port` itself, or any free one for 0.

    :raises OperationError: if something listens there already, or the address is not this machine's
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with closing(socket.socket(family, kind, protocol)) as probe:
            # The server would find out as well; here the mistake is told in one line.
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
