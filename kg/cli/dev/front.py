"""What stands before the server while one writes: pages get a script that follows the builds, all else passes through.

It answers nobody but this machine: errors show files of the project. So it listens on the loopback address, and asks
that `Host` names it, which a page of another site that was led here (DNS rebinding) does not.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

from kg.cli.dev.board import Board
from kg.cli.dev.wording import direction_of, language_of, said_in

HOST: Final = "127.0.0.1"
_OWN: Final = "/.dev/"
_NAMES: Final = frozenset(("127.0.0.1", "localhost", "::1"))
_FILES: Final = {"dev.js": "text/javascript; charset=utf-8", "dev.css": "text/css; charset=utf-8"}
_HOP_BY_HOP: Final = frozenset(
    ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
     "upgrade")
)  # fmt: skip
"""Headers that are of one connection (RFC 9110, section 7.6.1)."""
_OF_BYTES: Final = frozenset(("content-length", "etag", "cache-control", "last-modified"))
_POLICY: Final = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
_BEAT: Final = 15.0
_PIECE: Final = 1 << 16
_SECONDS: Final = 120


def front(port: int, board: Board, upstream: Callable[[], int | None]) -> ThreadingHTTPServer:
    """The server, which listens already; `upstream` tells the port of the one behind it, or None if there is none.

    :raises OSError: if something listens there already
    """

    class Handler(_Handler):
        news, behind = board, staticmethod(upstream)

    server = ThreadingHTTPServer((HOST, port), Handler)
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    news: Board
    behind: Callable[[], int | None]

    def _answer(self) -> None:
        name = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        if name not in _NAMES:
            self._send(403, "text/plain; charset=utf-8", b"kg dev answers this machine only\n")
        elif self.path.startswith(_OWN):
            self._own(self.path.removeprefix(_OWN).partition("?")[0])
        else:
            self._pass()

    do_GET = do_HEAD = do_POST = do_OPTIONS = do_PUT = do_DELETE = do_PATCH = _answer  # noqa: N815 -- names of http.server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- as http.server names it
        """Say nothing: what is asked here is asked by one person."""

    def _own(self, name: str) -> None:
        if name == "events":
            self._events()
        elif name in _FILES:
            self._send(200, _FILES[name], (files(__package__) / "page" / name).read_bytes())
        else:
            self._send(404, "text/plain; charset=utf-8", b"there is nothing here\n")

    def _events(self) -> None:
        """Server-sent events: the state now, and each one after it."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        version, told = -1, None
        try:
            while (found := self.news.after(version, _BEAT)) is not None:
                told, version = (version, found[0])
                line = ": still here\n\n" if told == version else f"data: {found[1].to_json()}\n\n"
                self.wfile.write(line.encode())
                self.wfile.flush()
        except OSError:
            return  # the page has gone

    def _pass(self) -> None:
        port = self.behind()
        if port is None:
            language = language_of(self.path, self.headers.get("Accept-Language"))
            self._send(503, "text/html; charset=utf-8", _page(self.news, language))
            return
        length = self.headers.get("Content-Length")
        if length is None and "Transfer-Encoding" in self.headers:
            self._send(411, "text/plain; charset=utf-8", b"kg dev takes bodies with their length\n")
            return
        body = self.rfile.read(int(length)) if length and length.isdigit() else None
        connection = HTTPConnection(HOST, port, timeout=_SECONDS)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in {*_HOP_BY_HOP, "accept-encoding"}:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
        except (OSError, HTTPException):
            self._send(502, "text/plain; charset=utf-8", b"the server behind kg dev does not answer\n")
            return
        finally_close = connection.close
        try:
            self._give(answer)
        except OSError:
            self.close_connection = True  # one of both has gone
        finally:
            finally_close()

    def _give(self, answer: HTTPResponse) -> None:
        is_page = (answer.getheader("Content-Type") or "").startswith("text/html") and self.command != "HEAD"
        content = None
        if is_page:
            language = (answer.getheader("Content-Language") or "").partition(",")[0].strip()
            content = _followed(answer.read(), self.news.state.release, language)
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in (_HOP_BY_HOP | _OF_BYTES if is_page else _HOP_BY_HOP):
                self.send_header(name, value)
        if content is not None:
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            return
        if answer.getheader("Content-Length") is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        while piece := answer.read(_PIECE):
            self.wfile.write(piece)

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(content))),
            ("Content-Security-Policy", _POLICY),
            ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _followed(content: bytes, release: str, language: str) -> bytes:
    """A page with the script that follows the builds, and what that says in the language of the page."""
    words = said_in(language)
    told = {"building": words["building"], "faults": words["faults" if release else "faults_alone"]}
    said = html.escape(json.dumps(told, ensure_ascii=False))
    head = (
        f'<link rel="stylesheet" href="{_OWN}dev.css">'
        f'<script src="{_OWN}dev.js" data-release="{html.escape(release)}" data-said="{said}" defer></script>'
    )
    return content.replace(b"</head>", head.encode() + b"</head>", 1)


def _page(board: Board, language: str) -> bytes:
    """What is shown while there is no release at all; problems are in English."""
    said = {key: html.escape(text) for key, text in said_in(language).items()}
    told = "".join(f"<li>{html.escape(str(one))}</li>" for one in board.state.problems)
    page = (
        f'<!doctype html><html lang="{language}" dir="{direction_of(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{said["no_release"]}</title></head>'
        f'<body class="kg-dev-alone"><h1>{said["no_release"]}</h1><p>{said["first_build"]}</p>'
        f'<ol lang="en" dir="ltr">{told}</ol></body></html>'
    )
    return _followed(page.encode(), "", language)
