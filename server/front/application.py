"""The ASGI application: queries and whole graphs are answered here, everything else is left to the pages."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from http import HTTPStatus
from typing import Any, Final

from flask import Flask

from kg.errors import KgError, Problem, QueryError
from kg.sparql.guard import Draft, Form
from server import graph_store
from server.engine.evaluation import Request
from server.engine.inprocess import request_of
from server.engine.pool import PoolEngine
from server.federating import Federator
from server.front.cache import AnswerCache, Entry, etag_of
from server.front.delivery import BrokenOff, Delivery, Presence, refuse, reply
from server.front.explaining import asked, explained
from server.front.joining import Join, pool_engine
from server.front.lookup import Asked, Lookups
from server.front.observation import Observer, Served
from server.front.operation import Operation as ForOperators
from server.front.paging import Pages
from server.front.reading import OverQuota, Reader
from server.front.request import (
    BodyTooLarge,
    Headers,
    Receive,
    Scope,
    Send,
    matches,
    raw_of,
    read_body,
    replay,
)
from server.http.keeping import keeps
from server.http.mistakes import EVERYWHERE
from server.http.negotiation import codings
from server.http.operation import LIVE, METRICS
from server.http.problems import UNFORESEEN, headers_of, members_of, render, retry_of, status_of
from server.http.protocol import Operation, ProtocolError, check_coding, read_operation
from server.http.quota import Quota
from server.http.results import DATASETS, EXPLANATIONS, GRAPHS, TABLES, Format, offered, pick, wants_page
from server.http.views import view_headers
from server.limits import limits_of
from server.pages.site import EXTENSION
from server.releases import Release, Releases
from server.settings import Settings

_LOG = logging.getLogger(__name__)
PATHS: Final = frozenset({"/sparql", "/sparql/"})
_READING: Final = frozenset({"GET", "HEAD"})
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
_TOO_LARGE: Final = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
_OVER_QUOTA: Final = Problem("quota", "your queries have taken more time than one client may", hint="come again later")
_CLIENT_LEFT: Final = 499
"""What the log says of a client that left; nobody is sent it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request that is answered here, and the way to answer it."""

    scope: Scope
    headers: Headers
    receive: Receive
    send: Send
    served: Served
    reader: Reader

    @property
    def client(self) -> str:
        """Who is held to the quota; empty for nobody."""
        return self.reader.client


class Front:
    """An ASGI application over pages, the releases they show and a pool of workers."""

    def __init__(
        self,
        pages: Flask,
        cache: AnswerCache,
        quota: Quota,
        observer: Observer,
        federator: Federator | None = None,
    ) -> None:
        """Without a `federator` queries with SERVICE are refused."""
        self._pages = Pages(pages, quota)
        self._told = pages.config
        self._body_bytes: int = pages.config["MAX_CONTENT_LENGTH"]
        self._releases: Releases = pages.extensions[EXTENSION]
        self._cache, self._quota, self._observer = cache, quota, observer
        self._lookups = Lookups(cache, quota, observer)
        self._for_operators = ForOperators(quota, observer)
        self._federator = federator
        self._pick = lru_cache(512)(_pick)
        self._codings = lru_cache(512)(codings)
        self._for_people = lru_cache(512)(_for_people)
        self._graph_for_people = lru_cache(512)(_graph_for_people)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection scope of ASGI 3."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            raise ValueError(f"no answer to the protocol {scope['type']!r}")
        elif scope["path"] in PATHS and scope["method"] in _METHODS:
            await self._exchanged(scope, receive, send, self._query)
        elif scope["path"] == METRICS:
            await self._for_operators.figures(scope, send)
        elif scope["path"] == LIVE and scope["method"] in _READING:
            await self._for_operators.alive(scope, send)
        elif scope["path"] == graph_store.PATH and scope["method"] in _READING:
            await self._exchanged(scope, receive, send, self._indirect)
        elif scope["path"].startswith(graph_store.BELOW) and scope["method"] in _READING:
            await self._exchanged(scope, receive, send, self._direct)
        else:
            await self._pages(scope, receive, send)

    def at_once(self, asked: Asked) -> Entry | None:
        """The answer to a GET that came before in the same bytes, or is a lookup; None for any other request."""
        if self._observer.logs or self._releases.changed():
            return None
        release = self._releases.latest
        try:
            return self._cache.recall(asked.raw, release.id) or self._lookups.answer(release, asked)
        except Exception:  # noqa: BLE001 -- the parser of HTTP would take it for a fault of the client
            _LOG.exception("a lookup failed")
            return None

    def client(self, peer: str, forwarded: bytes, *, passed_on: bool) -> str:
        """Who is held to the quota."""
        return self._quota.client(peer, forwarded.decode("latin-1"), passed_on=passed_on)

    def adjust(self, settings: Settings) -> None:
        """From now on those settings hold that need no new start.

        :raises OperationError: if the access log cannot be opened; then nothing has changed
        """
        self._observer.reopen(settings.access_log, queries=settings.log_queries)
        self._quota.adjust(settings.client_seconds, settings.trusted_proxies)
        self._told.update(settings.told, LIMITS=limits_of(settings, fronted=True))

    async def _live(self, receive: Receive, send: Send) -> None:
        engine = self._releases.latest.strangers
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if isinstance(engine, PoolEngine):
                    engine.pool.attach(asyncio.get_running_loop())
                    engine.pool.prefer(engine.folder)
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._federator is not None:
                    self._federator.close()
                if isinstance(engine, PoolEngine):
                    engine.pool.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _exchanged(
        self, scope: Scope, receive: Receive, send: Send, answer: Callable[[Exchange], Awaitable[None]]
    ) -> None:
        headers = Headers.of(scope)
        peer = (scope.get("client") or ("",))[0]
        client = self._quota.client(peer, headers.forwarded, passed_on=headers.passed_on)
        exchange = Exchange(scope, headers, receive, send, Served(scope, client or peer), Reader(self._quota, client))
        try:
            await answer(exchange)
        except BodyTooLarge:
            problem = Problem("request-entity-too-large", f"the body is larger than {self._body_bytes:,} bytes")
            await self._refuse(exchange, _TOO_LARGE, (problem,), (("Connection", "close"),))
        except ConnectionError:
            self._observer.done(exchange.served, _CLIENT_LEFT, "left")
        except OverQuota as error:
            retry = (("Retry-After", f"{error.wait:.0f}"),)
            await self._refuse(exchange, HTTPStatus.TOO_MANY_REQUESTS, (_OVER_QUOTA,), retry)
        except ProtocolError as error:
            await self._refuse(exchange, error.status, (error.problem,), headers_of((error.problem,)))
        except KgError as error:
            await self._fail(exchange, error)
        except BrokenOff:
            raise
        except Exception:  # noqa: BLE001 -- the boundary of HTTP: what nobody foresaw is told without its details
            _LOG.exception("a request failed")
            await self._refuse(exchange, HTTPStatus.INTERNAL_SERVER_ERROR, (UNFORESEEN,))

    async def _query(self, exchange: Exchange) -> None:
        scope, headers, receive = exchange.scope, exchange.headers, exchange.receive
        body = b""
        if scope["method"] == "POST":
            body = await read_body(receive, self._body_bytes, headers.content_length)
            check_coding(headers.content_encoding)
        operation = read_operation(scope["method"], scope["query_string"], headers.content_type, body)
        if operation is None or (operation.format is None and self._for_people(headers.accept)):
            await self._pages(scope, replay(body, receive), exchange.send)
            return
        fills = self._told["FILL_PREFIXES"] == EVERYWHERE
        await asked(partial(self._answer, exchange), operation, self._releases.latest, exchange.reader, fills=fills)

    async def _indirect(self, exchange: Exchange) -> None:
        reading = graph_store.read_indirect(exchange.scope["query_string"])
        await self._graph(exchange, await self._release(), reading)

    async def _direct(self, exchange: Exchange) -> None:
        scope, release = exchange.scope, await self._release()
        reading = graph_store.read_direct(release.base + scope["path"][1:], scope["query_string"])
        if reading.format == "html" or (reading.format is None and self._graph_for_people(exchange.headers.accept)):
            await self._pages(scope, exchange.receive, exchange.send)
            return
        await self._graph(exchange, release, reading)

    async def _graph(self, exchange: Exchange, release: Release, reading: graph_store.Reading) -> None:
        headers = exchange.headers
        chosen, media_type = self._pick(Form.CONSTRUCT, reading.format, headers.accept)
        coding = self._codings(headers.accept_encoding)
        request = graph_store.request_for(reading, release.engine, chosen.media_type, coding)
        await self._give(exchange, release, _Wanted(request, media_type, reading.timeout))

    async def _answer(self, exchange: Exchange, operation: Operation, more: tuple[tuple[str, str], ...]) -> None:
        headers = exchange.headers
        release = await self._release()
        federates = self._federator is not None
        operation, query = await exchange.reader.understood(operation, release, federates=federates)
        if isinstance(query, Draft):
            await self._join(exchange, operation, release, query.form)
            return
        form = None if operation.explain else query.form
        chosen, media_type = self._pick(form, operation.format, headers.accept)
        codings = self._codings(headers.accept_encoding)
        request = request_of(query, operation.dataset, chosen.media_type, codings, release.without)
        lasting = keeps(query.text) and not operation.explain  # it tells the time that was taken
        request = replace(request, explain=operation.explain, collation=operation.collation)
        more = (*more, *view_headers(operation.dataset, release))
        wanted = _Wanted(request, media_type, operation.timeout, operation.query, lasting, more)
        await self._give(exchange, release, wanted)

    async def _give(self, exchange: Exchange, release: Release, wanted: _Wanted) -> None:
        headers, request, media_type = exchange.headers, wanted.request, wanted.media_type
        etag = etag_of(release.id, media_type, request) if wanted.lasting else None
        served = Served(exchange.scope, exchange.served.client, wanted.query, exchange.served.began)
        delivery = Delivery(exchange.scope, exchange.send, media_type, etag)
        delivery.more = wanted.more
        if etag is not None:
            if headers.if_none_match and matches(headers.if_none_match, etag, known=self._cache.holds(etag)):
                _check_method(exchange.scope["method"])
                await reply(exchange.scope, exchange.send, HTTPStatus.NOT_MODIFIED, delivery.headers(), b"")
                self._observer.done(served, HTTPStatus.NOT_MODIFIED, "unchanged")
                return
            entry = self._cache.get(etag)
            if entry is not None:
                self._note(exchange, etag)
                await reply(exchange.scope, exchange.send, HTTPStatus.OK, entry.headers, entry.body)
                self._observer.done(served, HTTPStatus.OK, "kept", len(entry.body))
                return
        work = _Work(exchange, delivery, served, wanted.timeout, etag)
        await self._evaluate(work, release, request)

    async def _join(self, exchange: Exchange, operation: Operation, release: Release, form: Form) -> None:
        headers, federator = exchange.headers, self._federator
        assert federator is not None, "only who asks elsewhere has drafts"
        chosen, media_type = self._pick(None if operation.explain else form, operation.format, headers.accept)
        served = Served(exchange.scope, exchange.served.client, operation.query, exchange.served.began)
        delivery = Delivery(exchange.scope, exchange.send, media_type, None)
        delivery.more = view_headers(operation.dataset, release)
        join = Join(federator, release, operation)
        pending = join.request(chosen, self._codings(headers.accept_encoding), delivery)
        work = _Work(exchange, delivery, served, operation.timeout, join=join)
        try:
            await self._evaluate(work, release, pending)
        except KgError as error:
            if isinstance(error, QueryError) and not join.headers:
                raise  # nobody was asked: it may be asked again with more prefixes
            told = await explained(error, operation.query, release.base, exchange.reader)
            await self._fail(exchange, told, join.headers)
        finally:
            pending.close()  # it was never begun if the client may not ask now

    async def _evaluate(self, work: _Work, release: Release, request: Request | Coroutine[Any, Any, Request]) -> None:
        exchange, delivery = work.exchange, work.delivery
        wait = self._quota.admit(exchange.client, time.monotonic())
        if wait:
            raise OverQuota(wait)
        engine = pool_engine(release)
        presence = Presence(engine.pool.loop, exchange.receive)
        try:
            body = None
            if isinstance(request, Request) and work.timeout is None:
                body = await delivery.looked_up(release.engine, request)
            if body is None:
                with presence:
                    known = request if isinstance(request, Request) else await request
                    body = await delivery.evaluated(engine, known, work.timeout)
        except asyncio.CancelledError:
            if not presence.left:
                raise
            self._observer.done(work.served, _CLIENT_LEFT, "left", delivery.size)
            return
        except BrokenOff:
            self._observer.done(work.served, HTTPStatus.OK, "broken", delivery.size)
            raise
        finally:
            spent = delivery.seconds + (0.0 if work.join is None else work.join.seconds)
            self._quota.charge(exchange.client, spent, time.monotonic())
        if body is not None and work.etag is not None:
            self._cache.put(work.etag, Entry(release.id, delivery.headers(delivery.coding, len(body)), body))
            self._note(exchange, work.etag)
        self._observer.done(work.served, HTTPStatus.OK, "answered", delivery.size)

    def _note(self, exchange: Exchange, etag: str) -> None:
        """Know the request again by its bytes alone."""
        scope, headers = exchange.scope, exchange.headers
        if scope["method"] == "GET" and scope["path"] in PATHS:
            accept, coding = (headers.accept or "").encode("latin-1"), headers.accept_encoding.encode("latin-1")
            self._cache.note(raw_of(scope["query_string"], accept, coding), etag)

    async def _release(self) -> Release:
        if self._releases.changed():
            # Opening a store takes a while; the loop goes on meanwhile.
            return await asyncio.get_running_loop().run_in_executor(None, self._releases.current)
        return self._releases.latest

    async def _fail(self, exchange: Exchange, error: KgError, more: tuple[tuple[str, str], ...] = ()) -> None:
        headers = (*retry_of(error), *more)
        await self._refuse(exchange, status_of(error), error.problems, headers, members_of(error))

    async def _refuse(
        self,
        exchange: Exchange,
        status: int,
        problems: Sequence[Problem],
        more: tuple[tuple[str, str], ...] = (),
        members: Mapping[str, str] | None = None,
    ) -> None:
        told = render(status, problems, exchange.headers.accept, members or {})
        await refuse(exchange.scope, exchange.send, status, told, more)
        self._observer.done(exchange.served, status, problems[0].code, len(told[0]))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an engine is to answer, and how that is stated."""

    request: Request
    media_type: str
    timeout: float | None
    query: str = ""
    lasting: bool = True
    """Whether the answer is the same each time."""
    more: tuple[tuple[str, str], ...] = ()
    """Further headers of the answer."""


@dataclass(frozen=True, slots=True)
class _Work:
    """What an evaluation is for."""

    exchange: Exchange
    delivery: Delivery
    served: Served
    timeout: float | None
    etag: str | None = None
    join: Join | None = None


def _check_method(method: str) -> None:
    """A POST is not answered with 304 (RFC 9110, section 13.1.2)."""
    if method == "POST":
        problem = Problem("precondition-failed", "the client has this answer already", hint="ask with GET")
        raise ProtocolError(HTTPStatus.PRECONDITION_FAILED, problem)


def _pick(form: Form | None, asked: str | None, accept: str | None) -> tuple[Format, str]:
    """The format of an answer to a query of some form; without one, of what tells how the answer comes about."""
    return pick(EXPLANATIONS if form is None else offered(form), asked, accept)


def _for_people(accept: str | None) -> bool:
    return wants_page(accept, (*TABLES, *DATASETS))


def _graph_for_people(accept: str | None) -> bool:
    return wants_page(accept, GRAPHS)
