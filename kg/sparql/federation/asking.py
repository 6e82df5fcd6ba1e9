"""Asks one endpoint for one SERVICE clause: in batches, halved where they are too large, silent where it is SILENT."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from kg.config import Federation
from kg.errors import Cause, DeadlineExceeded, Problem, QueryRefused, RemoteFailed
from kg.sparql.federation.structure import Inline
from kg.sparql.federation.wire import Questions
from kg.sparql.receipt import Meter
from kg.sparql.solutions import Row, Table, is_blank

SKOLEM: Final = "urn:zellige:genid:"
"""How the IRIs begin that stand for blank nodes of an endpoint (RDF 1.1 Concepts, section 3.5)."""
_HALVED: Final = frozenset({Cause.REQUEST_SIZE, Cause.TIMED_OUT, Cause.TRUNCATED})
_PATIENCE: Final = 4
"""Batches of one clause that may take too long before it is given up."""


class Client(Protocol):
    """What is needed of `kg.sparql.remote.RemoteClient`."""

    @property
    def settings(self) -> Federation:
        """Limits."""
        ...  # pragma: no cover

    def clock(self) -> float:
        """The present time, in seconds."""
        ...  # pragma: no cover

    def select(self, endpoint: str, query: str, variables: Sequence[str], meter: Meter, *, until: float) -> Table:
        """The solutions of a query."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Bindings:
    """Distinct bindings of variables that a clause is certain to bind, none of them a blank node."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Asking:
    """What one federated query asks elsewhere, and what that cost."""

    client: Client
    until: float
    meters: dict[str, Meter] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    parted: bool = False
    """Whether blank nodes came back in two batches of one clause, so that one node may stand as two."""

    def bound(self, endpoint: str, questions: Questions, bindings: Bindings, where: str, taken: int = 0) -> Inline:
        """The rows of a clause that are compatible with these distinct bindings; it has brought `taken` rows before.

        :raises RemoteFailed: if a batch fails and the clause is not SILENT
        """
        self._meter(endpoint).bindings += len(bindings.rows)
        return self._collected(endpoint, questions, self._batches(endpoint, questions, bindings, where), taken)

    def unbound(self, endpoint: str, questions: Questions, where: str, taken: int = 0) -> Inline:
        """All rows of a clause; it has brought `taken` rows before.

        :raises QueryRefused: if there are more of them than an unbound clause may bring
        :raises RemoteFailed: if the endpoint fails and the clause is not SILENT
        """
        self._meter(endpoint).unbound += 1
        limit = self.client.settings.unbound_rows
        answer = self._collected(endpoint, questions, self._whole(endpoint, questions, limit + 1, where), taken)
        why = f"the query does not narrow it, or not to {self.client.settings.bindings} of them"
        if len(answer.rows) > limit:
            raise unbound_refused(where, f"brings more than {limit} rows without bindings: {why}")
        self.notes.append(f"{where} was asked without bindings: {why}")
        return answer

    def silence(self, name: str, failures: Iterable[str]) -> None:
        """Account what was kept quiet of a clause that named no endpoint to ask; `name` is what it has instead."""
        self._meter(name).silenced += failures

    # --- requests

    def _batches(self, endpoint: str, questions: Questions, bindings: Bindings, where: str) -> Iterator[list[Row]]:
        rows = bindings.rows
        size, place, late = self.client.settings.batch, 0, 0
        while place < len(rows):
            batch = rows[place : place + size]
            told = f"{where}, bindings {place + 1} to {place + len(batch)} of {len(rows)}"
            try:
                answer = self._select(endpoint, questions, questions.bound(bindings.names, batch), told)
            except RemoteFailed as error:
                late += error.cause is not Cause.REQUEST_SIZE
                if error.cause not in _HALVED or len(batch) == 1 or late > _PATIENCE:
                    raise
                size = (len(batch) + 1) // 2
            else:
                place += len(batch)
                yield answer

    def _whole(self, endpoint: str, questions: Questions, limit: int, where: str) -> Iterator[list[Row]]:
        yield self._select(endpoint, questions, questions.unbound(limit), where)

    def _select(self, endpoint: str, questions: Questions, query: str, where: str) -> list[Row]:
        if self.client.clock() >= self.until:
            message = f"the query has asked elsewhere for {self.client.settings.seconds} s"
            raise DeadlineExceeded(message, hint="ask for less, or for one endpoint at a time")
        meter = self._meter(endpoint)
        if sum(each.requests for each in self.meters.values()) >= self.client.settings.requests:
            message = f"the query has caused {self.client.settings.requests} requests"
            raise RemoteFailed(message, host=endpoint, cause=Cause.BUDGET, batch=where)
        try:
            table = self.client.select(endpoint, query, questions.columns, meter, until=self.until)
        except RemoteFailed as error:
            raise error.within(where) from None
        return [*_skolemized(table.rows, endpoint, query, meter)] if questions.variables else [()] * len(table.rows)

    def _collected(self, endpoint: str, questions: Questions, answers: Iterable[list[Row]], taken: int) -> Inline:
        rows: list[Row] = []
        meter, batches = self._meter(endpoint), 0
        before = meter.blank_nodes
        try:
            for answer in answers:
                rows += answer
                batches += meter.blank_nodes > before
                before = meter.blank_nodes
                self._check_size(endpoint, taken + len(rows))
        except RemoteFailed as error:
            if not questions.service.silent:
                raise
            # SPARQL 1.1 Federated Query, section 3.1: the clause gives one solution that binds nothing.
            meter.silenced.append(str(error))
            rows = [(None,) * len(questions.variables)]
        self.parted = self.parted or batches > 1
        return Inline(questions.variables, tuple(rows))

    def _check_size(self, endpoint: str, size: int) -> None:
        limit = self.client.settings.rows
        if size > limit:
            raise RemoteFailed(f"more than {limit} rows came back", host=endpoint, cause=Cause.ANSWER_SIZE)

    def _meter(self, endpoint: str) -> Meter:
        return self.meters.setdefault(endpoint, Meter(endpoint))


def unbound_refused(where: str, why: str) -> QueryRefused:
    """The refusal of a clause that would have to be asked for everything it has."""
    hint = "join it with data of this graph by a variable that both bind, or put a LIMIT into a sub-select in it"
    return QueryRefused(problems=[Problem("service-unbound", f"{where} {why}", hint=hint)])


def is_foreign_blank(term: str | None) -> bool:
    """Whether a term is a blank node, or stands for one of an endpoint: it can match nothing elsewhere."""
    return is_blank(term) or (term is not None and term.startswith(f"<{SKOLEM}"))


def _skolemized(rows: Iterable[Row], endpoint: str, query: str, meter: Meter) -> Iterator[Row]:
    """Rows whose blank nodes have become IRIs; one node of one answer becomes one IRI."""
    for row in rows:
        if any(map(is_blank, row)):
            meter.blank_nodes += sum(map(is_blank, row))
            yield tuple(_skolem(term, endpoint, query) if term is not None and is_blank(term) else term for term in row)
        else:
            yield row


def _skolem(term: str, endpoint: str, query: str) -> str:
    digest = hashlib.sha256(f"{endpoint}\n{query}\n{term}".encode()).hexdigest()
    return f"<{SKOLEM}{digest[:32]}>"
