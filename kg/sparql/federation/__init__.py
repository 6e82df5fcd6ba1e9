"""SERVICE, planned here and not by the engine: bindings go out in batches, answers come back as inline data.

The rest of the query says which bindings of the shared variables can matter; only those are sent. The answer takes
the place of the clause as a VALUES block, and what is left is a query that asks nobody else, which the guard proves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from kg.errors import Problem, QueryRefused
from kg.sparql.columns import in_order_of
from kg.sparql.federation.asking import SKOLEM, Asking, Client
from kg.sparql.federation.covers import Writer
from kg.sparql.federation.planning import Ask, Planner, whole
from kg.sparql.federation.reading import structure_of
from kg.sparql.federation.structure import Tree
from kg.sparql.federation.wire import prologue_of
from kg.sparql.guard import Draft, Query, check, draft
from kg.sparql.receipt import Receipt, receipt_of

__all__ = ["SKOLEM", "Ask", "Client", "Federated", "federate"]

_TELLS_BLANK: Final = ("ISBLANK", "ISIRI", "ISURI", "STR", "IRI", "URI")
_TELLS_APART: Final = ("DISTINCT", "REDUCED", "GROUP")
_MOST: Final = 100
"""Clauses of one query that are planned: each is held against every other."""
_GROUPS: Final = 500
"""Likewise of groups, those of the clauses among them."""
_TOLD: Final = 10
"""Places of one query that are told."""


@dataclass(frozen=True, slots=True)
class Federated:
    """A query whose SERVICE clauses are answered."""

    query: Query
    """What is to be evaluated: it asks nobody else."""
    receipt: Receipt


def federate(
    text: str, *, ask: Ask, client: Client | None, base: str | None = None, allowed: Collection[str] | None = None
) -> Federated:
    """Answer the SERVICE clauses of a query; a query without any is only checked.

    `ask` evaluates a query here, over the dataset of the request, and gives SPARQL results in JSON. `client` asks
    elsewhere; without one every SERVICE is refused. `allowed` are the endpoints that may be named, by default all of
    the client's settings.

    :raises QueryRefused: if a rule of the guard refuses the query, an endpoint is not allowed, or no sound plan is
        known; the code of each problem is the rule
    :raises RemoteFailed: if an endpoint fails and its clause is not SILENT
    :raises DeadlineExceeded: if all requests together take too long
    """
    written = draft(text)
    if client is None or not written.has_service:
        return Federated(check(text, base), Receipt())
    tree = structure_of(written.source, written.tokens, base)
    _check_size(tree, written)
    prologue = prologue_of(tree, base)
    listed = client.settings.endpoints if allowed is None else allowed
    endpoints = _endpoints(tree, written, listed)
    asking = Asking(client, client.clock() + client.settings.seconds)
    planner = Planner(tree, prologue, base, ask, asking, endpoints, listed)
    planner.run()
    if any(meter.blank_nodes for meter in asking.meters.values()):
        _refuse_looks_at_blank_nodes(tree, written, parted=asking.parted)
        asking.notes.append(
            f"blank nodes of an endpoint stand in the answer as IRIs that begin with {SKOLEM};"
            " one that came back in two batches stands there as two"
        )
    answered = in_order_of(written.source.text, Writer(tree, planner.answers).text(whole(tree)))
    return Federated(check(answered, base), receipt_of(asking.meters, asking.notes))


def _check_size(tree: Tree, written: Draft) -> None:
    """See that a query can be planned soon: no deadline ends that, as one ends the engine's work.

    :raises QueryRefused: if it has more clauses or groups than anybody writes
    """
    services = [service.name for service in tree.services]
    groups = [token for token in tree.tokens if token.is_mark("{")]
    for tokens, most, what in ((services, _MOST, "SERVICE clauses"), (groups, _GROUPS, "groups in braces")):
        if len(tokens) > most:
            message = f"a query with SERVICE has {len(tokens):,} {what}, and at most {most} are planned"
            hint = "ask one endpoint for many things in one clause, with VALUES, or send several queries"
            place = written.source.position(tokens[most].start)
            raise QueryRefused(problems=[Problem("service-unplanned", message, place, hint=hint)])


def _endpoints(tree: Tree, written: Draft, allowed: Collection[str]) -> dict[int, str]:
    """The address of each clause that is ours to ask and names it, by its number."""
    found: dict[int, str] = {}
    problems: list[Problem] = []
    for service in tree.services:
        place = written.source.position(service.name.start)
        address = service.address
        if address is None:
            if service.number < 0:
                message = f"SERVICE ?{service.variable} inside another SERVICE is refused: it may name any address"
                problems.append(Problem("service-variable", message, place, hint="name one endpoint"))
            continue
        if address not in allowed:
            message = f"SERVICE <{address}> is refused: this endpoint is not on the list"
            hint = f"the list: {', '.join(sorted(allowed)) or 'empty'}"
            problems.append(Problem("service-not-allowed", message, place, address, hint))
        elif service.number >= 0:
            found[service.number] = address
    if problems:
        raise QueryRefused(problems=problems[:_TOLD])
    return found


def _refuse_looks_at_blank_nodes(tree: Tree, written: Draft, *, parted: bool) -> None:
    """A blank node that came back is an IRI here; a query that looks at the difference would get a wrong answer.

    So would one that tells nodes apart, where one node may have become two.
    """
    ours = [service.span for service in tree.services if service.number >= 0]
    for place, token in enumerate(tree.tokens):
        if any(span.start <= place < span.end for span in ours):
            continue
        if token.is_word(*_TELLS_BLANK):
            message = f"blank nodes came back, and {token.text.upper()} would take them for IRIs"
            hint = "put the test into the SERVICE clause"
        elif parted and token.is_word(*_TELLS_APART):
            message = f"blank nodes came back in two batches, and {token.text.upper()} would take one for two"
            hint = "put that into the SERVICE clause, or ask for less, so that one batch does"
        else:
            continue
        where = written.source.position(token.start)
        raise QueryRefused(problems=[Problem("service-blank-node", message, where, hint=hint)])
