"""Lookups answered while their request is read: no task, no scope and no process is made for them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.errors import KgError
from server.engine.coding import coded
from server.engine.evaluation import Request
from server.engine.inprocess import request_of
from server.engine.lookups import is_lookup
from server.front.cache import AnswerCache, Entry, etag_of
from server.front.delivery import headers_of_answer
from server.front.observation import Observer
from server.front.request import raw_of
from server.http.headers import encoded
from server.http.keeping import keeps
from server.http.mistakes import checked
from server.http.negotiation import codings
from server.http.protocol import ProtocolError, read_operation
from server.http.quota import Quota
from server.http.results import DATASETS, TABLES, offered, pick, wants_page
from server.http.views import NONE, PLAIN, placed, view_headers
from server.releases import Release

Headers = tuple[tuple[str, str], ...]
_LONGEST: Final = 4096
"""The length of a query string above which no lookup is looked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A GET request to `/sparql`, in those of its parts that its answer depends on; all that came in several is joined.

    `client` is who is held to the quota, empty for nobody.
    """

    query_string: bytes
    accept: bytes | None
    accept_encoding: bytes
    client: str

    @property
    def raw(self) -> bytes:
        """The bytes by which the request is known again."""
        return raw_of(self.query_string, self.accept or b"", self.accept_encoding)


class Lookups:
    """Answers those requests that one look into the store answers; all others are left to the usual way."""

    def __init__(self, cache: AnswerCache, quota: Quota, observer: Observer) -> None:
        self._cache, self._quota, self._observer = cache, quota, observer
        self._pick = lru_cache(512)(lambda form, asked, accept: pick(offered(form), asked, accept))
        self._codings = lru_cache(512)(codings)
        self._for_people = lru_cache(512)(lambda accept: wants_page(accept, (*TABLES, *DATASETS)))

    def answer(self, release: Release, asked: Asked) -> Entry | None:
        """The answer, kept from now on.

        None for every request that is no lookup, fails, is over its quota or wants a page: each of these takes the
        usual way, from its beginning.
        """
        if len(asked.query_string) > _LONGEST:
            return None
        began = time.perf_counter()
        try:
            request, media_type, more = self._read(release, asked) or (None, "", ())
        except (ProtocolError, KgError):
            return None
        if request is None:
            return None
        etag = etag_of(release.id, media_type, request)
        entry = self._cache.get(etag) or self._looked_up(release, asked, request, (etag, media_type, more))
        if entry is not None:
            self._cache.note(asked.raw, etag)
            self._observer.count("answered", time.perf_counter() - began)
        return entry

    def _read(self, release: Release, asked: Asked) -> tuple[Request, str, Headers] | None:
        operation = read_operation("GET", asked.query_string, "", b"")
        if operation is None or operation.timeout is not None or operation.explain or not is_lookup(operation.query):
            return None
        accept = None if asked.accept is None else asked.accept.decode("latin-1")
        if not keeps(operation.query) or (operation.format is None and self._for_people(accept)):
            return None
        # A lookup names no graph itself: where its request says nothing of the dataset either, nothing is looked for.
        dataset = PLAIN if operation.dataset == NONE else placed(operation, release).dataset
        query = checked(operation.query, release.base, release.engine)
        chosen, media_type = self._pick(query.form, operation.format, accept)
        coding = self._codings(asked.accept_encoding.decode("latin-1"))
        request = request_of(query, dataset, chosen.media_type, coding)
        return request, media_type, view_headers(dataset, release)

    def _looked_up(
        self, release: Release, asked: Asked, request: Request, stated: tuple[str, str, Headers]
    ) -> Entry | None:
        now = time.monotonic()
        if self._quota.admit(asked.client, now):
            return None
        body = release.engine.look_up(request)
        ended = time.monotonic()
        self._quota.charge(asked.client, ended - now, ended)
        if body is None:
            return None
        etag, media_type, more = stated
        sent, coding = coded(body, request.codings)
        headers = (*headers_of_answer(media_type, etag, coding, len(sent)), *encoded(more))
        entry = Entry(release.id, headers, sent)
        self._cache.put(etag, entry)
        return entry
