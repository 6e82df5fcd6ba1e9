"""The HTTP server of the stand-in: the SPARQL protocol over a store in memory, a log, and faults on demand."""

from __future__ import annotations

import contextlib
import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, Store, Triple

from wikidata_stand_in.faults import JSON, Fault, spoil
from wikidata_stand_in.throttle import Throttle

XML = "application/sparql-results+xml"
Answerer = Callable[[str, str], bytes]


@dataclass(frozen=True)
class Received:
    """One request, as it came, and what it got."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: str
    status: int
    answer_bytes: int
    in_flight: int
    """Requests being answered while this one was, itself included."""


class StandIn:
    """A fake WDQS: `with StandIn(store) as remote: ... remote.url ...`."""

    def __init__(
        self,
        store: Store | None = None,
        *,
        throttle: Throttle | None = None,
        answer: Answerer | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.store = store or Store()
        self.throttle = throttle
        self.log: list[Received] = []
        self.redirect_to = "/elsewhere"
        self.xml_only = False
        self.delay = 0.0
        self._answer = answer or self._evaluate
        self._plan: list[tuple[Fault, float, Callable[[str], bool]]] = []
        self._lock = threading.Lock()
        self._in_flight = 0
        self.gate = threading.Event()
        """While it is cleared, no query is answered."""
        self.gate.set()
        self._stopping = threading.Event()
        self._server = _Server(self)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        # A short poll, so that a test does not wait for the end.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def add(self, triples: Iterable[Triple]) -> Self:
        """Put triples into the default graph."""
        self.store.extend(Quad(*triple) for triple in triples)
        return self

    @property
    def url(self) -> str:
        """The address of the query service."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/sparql"

    @property
    def in_flight(self) -> int:
        """The queries that have come and are not answered."""
        return self._in_flight

    def fail(self, fault: Fault, *, times: float = math.inf, when: Callable[[str], bool] = lambda _: True) -> None:
        """Fail so for the next `times` queries that `when` chooses."""
        self._plan.append((fault, times, when))

    def recover(self) -> None:
        """Fail no more, and hold nobody back."""
        self._plan.clear()
        self.gate.set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # --- what the handler asks for

    def _fault_of(self, query: str) -> Fault | None:
        with self._lock:
            for place, (fault, times, when) in enumerate(self._plan):
                if when(query):
                    self._plan[place : place + 1] = [(fault, times - 1, when)] if times > 1 else []
                    return fault
        return None

    def _evaluate(self, query: str, media_type: str) -> bytes:
        results = self.store.query(query)
        assert isinstance(results, QuerySolutions | QueryBoolean)
        return results.serialize(format=QueryResultsFormat.from_media_type(media_type))

    def _entered(self, change: int) -> int:
        with self._lock:
            self._in_flight += change
            return self._in_flight


class _Server(ThreadingHTTPServer):
    """Knows its connections, so that those which wait for a next request end with it."""

    daemon_threads = False

    def __init__(self, stand_in: StandIn) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stand_in = stand_in
        self._open: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves in the middle of an answer is nothing to talk about."""

    def server_close(self) -> None:
        for connection in [*self._open]:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in one piece; otherwise the two wait for each other (Nagle).
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve(b"", parse_qs(urlsplit(self.path).query).get("query", [""])[0])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "").partition(";")[0]
        text = body.decode()
        self._serve(body, text if kind == "application/sparql-query" else parse_qs(text).get("query", [""])[0])

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def _serve(self, body: bytes, query: str) -> None:
        stand_in = self.server.stand_in
        busy = stand_in._entered(1)
        try:
            status, media_type, answer, headers, fault = self._answer(stand_in, query)
        finally:
            stand_in._entered(-1)
        heads = {name.lower(): value for name, value in self.headers.items()}
        stand_in.log.append(Received(self.command, self.path, heads, body, query, status, len(answer), busy))
        self._send(status, media_type, answer, headers, fault)

    def _answer(self, stand_in: StandIn, query: str) -> tuple[int, str, bytes, dict[str, str], Fault | None]:
        stand_in.gate.wait()
        if stand_in.delay:
            time.sleep(stand_in.delay)
        refusal = stand_in.throttle.refusal() if stand_in.throttle else None
        if refusal:
            return refusal[0], "text/plain", b"slow down", {"Retry-After": str(math.ceil(refusal[1]))}, None
        media_type = XML if stand_in.xml_only else JSON
        fault = stand_in._fault_of(query)
        status, headers = 200, {}
        try:
            answer = stand_in._answer(query, media_type)
        except (SyntaxError, OSError, RuntimeError, ValueError) as error:
            status, media_type, answer = 400, "text/plain", str(error).encode()
        if fault:
            status, media_type, answer = spoil(fault, answer)
            headers = {Fault.THROTTLED: {"Retry-After": "7"}, Fault.REDIRECT: {"Location": stand_in.redirect_to}}.get(
                fault, {}
            )
        if stand_in.throttle:
            stand_in.throttle.account(status)
        return status, media_type, answer, headers, fault

    def _send(self, status: int, media_type: str, answer: bytes, headers: dict[str, str], fault: Fault | None) -> None:
        endless = fault in {Fault.DRIP, Fault.HUGE}
        self.close_connection = fault in {Fault.DRIP, Fault.HUGE, Fault.SHORT, Fault.SILENT}
        if fault is Fault.SILENT:
            self.server.stand_in._stopping.wait(30)
            return
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(10**12 if endless else len(answer)))
        self.end_headers()
        if endless:
            self._send_without_end(fault)
        else:
            self.wfile.write(answer[: len(answer) // 2] if fault is Fault.SHORT else answer)

    def _send_without_end(self, fault: Fault | None) -> None:
        piece, pause = (b" ", 0.02) if fault is Fault.DRIP else (b" " * 65_536, 0.0)
        while not self.server.stand_in._stopping.wait(pause):
            self.wfile.write(piece)
            self.wfile.flush()
