"""Answers kept for those who ask again: least recently used first out, measured in bytes.

A release never changes, so an entry is right for as long as its release is served; nothing else invalidates it.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from server.engine.evaluation import Request

LARGEST: Final = 1 << 20
"""The largest answer that is kept, in bytes."""
_REQUESTS: Final = 8192
_OVERHEAD: Final = 2048
"""What an entry takes beside its body, in bytes, about."""
_SEPARATOR: Final = "\0"
_ENGINE: Final = version("pyoxigraph")


def etag_of(release: str, media_type: str, request: Request) -> str:
    """The strong entity tag of an answer (RFC 9110, section 8.8.3), known before the answer is.

    `media_type` is the type that the answer states, which may be an alias of the one that is made.

    >>> request = Request("ASK {}", "text/csv")
    >>> etag_of("r1", "text/csv", request) == etag_of("r2", "text/csv", request)
    False
    """
    parts = (
        _ENGINE, release, media_type, request.media_type, request.base or "", request.text,
        *request.default, "", *request.named, "", *request.joined, "", *request.codings, "", *request.without, "",
        "" if request.graph is None else f"graph {request.graph}",
        "" if request.collation is None else f"collation {request.collation}",
        *(part for pair in request.prefixes for part in pair),
    )  # fmt: skip
    return f'"{hashlib.sha256(_SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept answer."""

    release: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def wire(self) -> tuple[bytes, bytes]:
        """The end of the head, and the body, as HTTP/1.1 sends them after the headers of the server itself."""
        lines = b"".join(b"%b: %b\r\n" % header for header in self.headers)
        return lines + b"\r\n", self.body


class AnswerCache:
    """A bounded number of bytes of answers; safe to be used by many threads."""

    def __init__(self, capacity: int) -> None:
        """`capacity` in bytes; 0 keeps nothing."""
        self._capacity = capacity
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._requests: OrderedDict[bytes, str] = OrderedDict()
        self._lock = threading.Lock()
        self.size = self.hits = self.misses = 0

    def get(self, etag: str) -> Entry | None:
        """The answer that is kept for the entity tag."""
        with self._lock:
            entry = self._entries.get(etag)
            if entry is None:
                self.misses += 1
                return None
            self._entries.move_to_end(etag)
            self.hits += 1
            return entry

    def holds(self, etag: str) -> bool:
        """Whether an answer is kept for the entity tag; this does not count as asking for it."""
        return etag in self._entries

    def put(self, etag: str, entry: Entry) -> None:
        """Keep an answer, and let the ones go that were not asked for the longest."""
        cost = _cost(entry)
        if len(entry.body) > LARGEST or cost > self._capacity:
            return
        with self._lock:
            old = self._entries.pop(etag, None)
            self.size += cost - (_cost(old) if old else 0)
            self._entries[etag] = entry
            while self.size > self._capacity:
                _, dropped = self._entries.popitem(last=False)
                self.size -= _cost(dropped)

    def note(self, raw: bytes, etag: str) -> None:
        """Remember what the bytes `raw` of a request ask for: the next time nothing is read but the bytes."""
        if len(raw) > LARGEST or not self._capacity:
            return
        with self._lock:
            self._requests[raw] = etag
            if len(self._requests) > _REQUESTS:
                self._requests.popitem(last=False)

    def recall(self, raw: bytes, release: str) -> Entry | None:
        """The answer of `release` to a request that came before in the same bytes."""
        etag = self._requests.get(raw)
        if etag is None:
            return None
        with self._lock:
            entry = self._entries.get(etag)
            if entry is None or entry.release != release:
                return None
            self._entries.move_to_end(etag)
            self.hits += 1
            return entry


def _cost(entry: Entry) -> int:
    return len(entry.body) + _OVERHEAD
