"""Candidates from a reconciliation service (Reconciliation Service API 0.2, W3C Entity Reconciliation Group).

A service is asked for each name of a thing, in batches as large as its manifest allows, one request at a time.
"""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from kg.config import Federation
from kg.errors import Cause, RemoteFailed
from kg.linking.model import Candidate, Threshold, Wanted, best
from kg.sparql.politeness import Budget, Host, seconds_of
from kg.sparql.remote import user_agent
from kg.sparql.transport import Reply, Transport
from kg.terms import PREFIXES

_BATCH: Final = 20
"""Queries of a batch where the manifest names no `batchSize`."""
_LARGEST_BATCH: Final = 50
_TRIES: Final = 4
_TRIED_AGAIN: Final = frozenset({Cause.THROTTLED, Cause.UNAVAILABLE, Cause.UNREACHABLE})
_CAUSES: Final[Mapping[int, Cause]] = {
    403: Cause.BANNED, 408: Cause.TIMED_OUT, 413: Cause.REQUEST_SIZE, 429: Cause.THROTTLED,
    502: Cause.UNAVAILABLE, 503: Cause.UNAVAILABLE, 504: Cause.TIMED_OUT,
}  # fmt: skip
_QID: Final = re.compile("Q[1-9][0-9]*", re.ASCII)
_SCORES: Final = 100.0
"""The score of a perfect candidate, as Wikidata's service and ours give it."""
_FORM: Final[Mapping[bytes | str, bytes | str]] = {"Content-Type": "application/x-www-form-urlencoded"}


def ask_reconciliation(
    service: str,
    things: Sequence[Wanted],
    settings: Federation,
    threshold: Threshold,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Candidate]:
    """The candidates of the things that reach the threshold.

    :raises ConfigError: if the settings name no contact
    :raises RemoteFailed: if the service gives no usable answer, or is none for Wikidata
    """
    client = _Client(service, settings, sleep)
    try:
        manifest = client.ask(None)
        space = manifest.get("identifierSpace")
        if not isinstance(space, str):
            raise client.unusable("its manifest names no identifierSpace, so it is no reconciliation service")
        size = manifest.get("batchSize")
        size = min(size, _LARGEST_BATCH) if isinstance(size, int) and size > 0 else _BATCH
        questions = [(thing, name) for thing in things for name in thing.names]
        found: dict[str, dict[str, _Found]] = defaultdict(dict)
        for start in range(0, len(questions), size):
            batch = questions[start : start + size]
            for (thing, name), answers in zip(
                batch, client.answers([name for _, name in batch], threshold.limit), strict=True
            ):
                for answer in answers:
                    _take(found[thing.iri], thing, name, answer, space)
    finally:
        client.close()
    return [
        candidate
        for thing in things
        for candidate in best((f.candidate(service) for f in found[thing.iri].values()), threshold)
    ]


class _Found:
    """One item for one thing, over all names that led to it."""

    def __init__(self, thing: Wanted, qid: str) -> None:
        self._thing, self._qid = thing, qid
        self._label, self._score = "", -1.0
        self._scores: list[tuple[str, float]] = []

    def add(self, name: str, label: str, score: float) -> None:
        self._scores.append((name, score))
        if score > self._score:
            self._label, self._score = label, score

    def candidate(self, service: str) -> Candidate:
        names = self._thing.names
        told = "; ".join(f"'{name}' ({', '.join(names[name])}) score {score:g}" for name, score in self._scores)
        confidence = round(min(max(self._score / _SCORES, 0.0), 1.0), 2)
        return Candidate(self._thing.iri, self._qid, self._label, confidence, f"reconciliation by {service}: {told}")


def _take(found: dict[str, _Found], thing: Wanted, name: str, answer: Any, space: str) -> None:
    """Keep an answer that is an item of Wikidata and was not rejected."""
    match answer:
        case {"id": str(identifier), "score": int() | float() as score}:
            qid = _qid(identifier, space)
            if qid is not None and qid not in thing.excluded:
                label = answer.get("name")
                found.setdefault(qid, _Found(thing, qid)).add(name, label if isinstance(label, str) else "", score)
        case _:
            return


def _qid(identifier: str, space: str) -> str | None:
    """The QID that a candidate's identifier means: a whole IRI, or one within the service's space.

    >>> _qid("Q42", "http://www.wikidata.org/entity/"), _qid("Q42", "https://example.org/")
    ('Q42', None)
    """
    whole = identifier if ":" in identifier else space + identifier
    qid = whole.replace("https://www.wikidata.org/", "http://www.wikidata.org/").removeprefix(PREFIXES["wd"])
    return qid if _QID.fullmatch(qid) else None


class _Client:
    """Asks one service, as politely as endpoints are asked."""

    def __init__(self, service: str, settings: Federation, sleep: Callable[[float], None]) -> None:
        self._service, self._settings, self._sleep = service, settings, sleep
        self._clock = time.monotonic
        self._headers: dict[bytes | str, bytes | str] = {
            "User-Agent": user_agent(settings.contact),
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
        }
        self._transport = Transport(settings, time.monotonic)
        self._host = Host(urlsplit(service).netloc, Budget(), self._clock)

    def close(self) -> None:
        self._transport.close()

    def unusable(self, message: str, cause: Cause = Cause.NO_RESULTS) -> RemoteFailed:
        return RemoteFailed(message, host=self._host.name, cause=cause)

    def answers(self, names: Sequence[str], limit: int) -> Iterator[list[Any]]:
        """The candidates of each name, in order."""
        queries = {f"q{number}": {"query": name, "limit": limit} for number, name in enumerate(names)}
        given = self.ask(urlencode({"queries": json.dumps(queries, ensure_ascii=False)}).encode())
        for key in queries:
            match given.get(key):
                case {"result": list(candidates)}:
                    yield candidates
                case _:
                    raise self.unusable(f"its answer has no result for query {key}")

    def ask(self, content: bytes | None) -> dict[str, Any]:
        """The object that answers a form, or without one the manifest."""
        for tries_left in reversed(range(_TRIES)):
            self._wait()
            started = self._clock()
            pause: float | None = None
            try:
                reply = self._sent(content)
                pause = seconds_of(reply.retry_after)
                answer = self._read(reply)
            except RemoteFailed as error:
                self._host.failed(self._clock() - started, error.cause, pause)
                if error.cause not in _TRIED_AGAIN or not tries_left:
                    raise
            else:
                self._host.answered(self._clock() - started)
                return answer
        raise ValueError(_TRIES)

    def _wait(self) -> None:
        seconds = self._host.wait()
        if seconds > self._settings.wait_seconds:
            raise self.unusable(f"it wants to be left alone for another {seconds:.0f} s", Cause.BUDGET)
        if seconds > 0:
            self._sleep(seconds)

    def _sent(self, content: bytes | None) -> Reply:
        seconds = float(self._settings.total_seconds)
        if content is None:
            return self._transport.get(self._service, self._headers, seconds=seconds)
        return self._transport.post(self._service, content, {**self._headers, **_FORM}, seconds=seconds)

    def _read(self, reply: Reply) -> dict[str, Any]:
        if reply.location is not None:
            raise self.unusable(f"it redirects to {reply.location[:200]}: name that address", Cause.REDIRECT)
        if reply.status != 200:  # noqa: PLR2004 -- the one status that means an answer
            raise self.unusable(f"status {reply.status}", _CAUSES.get(reply.status, Cause.STATUS))
        try:
            answer = json.loads(reply.body)
        except ValueError:
            raise self.unusable("its answer is no JSON, so it is no reconciliation service") from None
        if not isinstance(answer, dict):
            raise self.unusable("its answer is no JSON object")
        return answer
