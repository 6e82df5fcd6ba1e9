"""A query with SERVICE in the front: asked elsewhere in a thread, so that the loop of the server never waits."""

from __future__ import annotations

import asyncio
import json
import threading
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import replace

from kg.errors import EngineFailed, KgError
from kg.sparql.federation import Federated
from kg.sparql.guard import Query
from kg.sparql.receipt import Receipt
from server.engine.evaluation import Request
from server.engine.inprocess import request_of
from server.engine.pool import PoolEngine
from server.federating import Federator, Inquiry
from server.front.delivery import Delivery
from server.http.headers import RECEIPT
from server.http.protocol import Operation
from server.http.results import EXPLANATION, JSON, PLAIN, Format
from server.releases import Release


class Join:
    """Answers the SERVICE clauses of one query; every query that this needs here goes through the pool."""

    def __init__(self, federator: Federator, release: Release, operation: Operation) -> None:
        self._federator, self._operation = federator, operation
        self._engine, self._base, self._without = pool_engine(release), release.base, release.without
        self._loop = self._engine.pool.loop
        self._inquiry: Inquiry | None = None
        self._local: Future[bytes] | None = None
        self._engine_seconds = 0.0

    @property
    def seconds(self) -> float:
        """The work of the engine and the time of the requests, together."""
        return self._engine_seconds + (0.0 if self._inquiry is None else self._inquiry.seconds)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """The receipt so far, which is also known of a query that failed; empty if nobody was asked."""
        return () if self._inquiry is None else _told(self._inquiry.receipt)

    async def request(self, form: Format, codings: tuple[str, ...], delivery: Delivery) -> Request:
        """What is left to be evaluated when everybody has answered; `delivery` is told the receipt.

        :raises EngineBusy: if as many queries with SERVICE as may be are under way
        :raises KgError: see `kg.sparql.federation.federate`
        """
        self._inquiry = self._federator.inquiry(self._operation.timeout)
        done = await self._answered(self._inquiry)
        delivery.more += _told(done.receipt)
        receipt = json.dumps(done.receipt.to_json()).encode()
        if form is PLAIN:
            delivery.first = b"# Answered elsewhere\n%b\n\n#" % receipt
        elif form is EXPLANATION or (self._operation.receipt and form is JSON):
            delivery.first = b'{"federation":%b,' % receipt
        if delivery.first:
            codings = ()  # what is compressed already takes no addition
        request = request_of(done.query, self._operation.dataset, form.media_type, codings, self._without)
        return replace(request, explain=self._operation.explain, collation=self._operation.collation)

    async def _answered(self, inquiry: Inquiry) -> Federated:
        done: asyncio.Future[Federated] = self._loop.create_future()
        # A daemon: a server that is told to stop does not wait for the answer of somebody else's.
        threading.Thread(target=self._work, args=(inquiry, done), name="federation", daemon=True).start()
        try:
            return await done
        except asyncio.CancelledError:
            inquiry.give_up()
            if self._local is not None:
                self._local.cancel()
            raise

    def _work(self, inquiry: Inquiry, done: asyncio.Future[Federated]) -> None:
        # What nobody foresaw is told by the thread itself; the client is told this.
        outcome: Federated | KgError = EngineFailed("the query could not be planned")
        try:
            outcome = inquiry.answered(self._operation.query, self._base, self._evaluate)
        except KgError as error:
            outcome = error
        except CancelledError:
            outcome = EngineFailed("nobody waits for the answer")
        finally:
            with suppress(RuntimeError):  # the loop of a server that has ended
                self._loop.call_soon_threadsafe(_settle, done, outcome)

    def _evaluate(self, query: Query, seconds: float) -> bytes:
        self._local = asyncio.run_coroutine_threadsafe(self._whole(query, seconds), self._loop)
        return self._local.result()

    async def _whole(self, query: Query, seconds: float) -> bytes:
        request = request_of(query, self._operation.dataset, JSON.media_type, without=self._without)
        answer = await self._engine.begin(request, seconds)
        try:
            return b"".join([piece async for piece in answer.pieces()])
        finally:
            answer.leave()
            self._engine_seconds += answer.seconds


def pool_engine(release: Release) -> PoolEngine:
    """The workers of a release.

    :raises TypeError: if its queries are answered in another way
    """
    if not isinstance(release.strangers, PoolEngine):
        raise TypeError(release.strangers)
    return release.strangers


def _told(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    told = receipt.to_header()
    return ((RECEIPT, told),) if told else ()


def _settle(done: asyncio.Future[Federated], outcome: Federated | KgError) -> None:
    if done.done():
        return  # the client has left
    if isinstance(outcome, KgError):
        done.set_exception(outcome)
    else:
        done.set_result(outcome)
